// SPDX-License-Identifier: GPL-2.0-only
/* Build the base file; base.h describes the format. */
#include <stdlib.h>
#include <string.h>

#include "base.h"
#include "equal.h"
#include "hash.h"

struct build {
	const struct btf *btf;
	uint64_t *fps;
	uint32_t *equal;
	uint64_t *shapes;
	uint32_t *type_offs;
	struct table by_shape;
	struct table by_name;
	struct table by_string;
};

/* No module refers to a variable of the kernel, so none is looked up. */
static bool has_shape(const struct btf *btf, uint32_t id)
{
	return !btf_is_unique(btf_type(btf, id));
}

static int index_shapes(struct build *b, struct table_item *items)
{
	const struct btf *btf = b->btf;
	uint32_t id, nr = 0;

	for (id = 1; id <= btf->nr_types; id++)
		if (b->equal[id] == id && has_shape(btf, id))
			items[nr++] = (struct table_item){ b->fps[id], id };
	return table_build(&b->by_shape, items, nr, btf->nr_types);
}

static int index_names(struct build *b, struct table_item *items)
{
	const struct btf *btf = b->btf;
	uint32_t id, nr = 0;

	for (id = 1; id <= btf->nr_types; id++) {
		const struct btf_type *t = btf_type(btf, id);
		const char *name = btf_str(btf, t->name_off);
		enum btf_space space = btf_space(t);

		if (b->equal[id] == id && space != BTF_SPACE_NONE && *name)
			items[nr++] = (struct table_item){
				btf_type_key(btf, t), id
			};
	}
	return table_build(&b->by_name, items, nr, btf->nr_types);
}

static int index_strings(struct build *b, struct table_item *items)
{
	const struct btf *btf = b->btf;
	uint32_t off = 0, nr = 0;

	while (off < btf->strs_len) {
		size_t len = strlen(btf->strs + off);

		items[nr++] = (struct table_item){
			hash_bytes(btf->strs + off, len), off
		};
		off += len + 1;
	}
	return table_build(&b->by_string, items, nr, btf->strs_len);
}

static int index_all(struct build *b)
{
	struct table_item *items;
	size_t max = b->btf->nr_types;
	int ret = -1;

	/* A string can start at every byte. */
	if (max < b->btf->strs_len)
		max = b->btf->strs_len;
	items = malloc((max + 1) * sizeof(*items));
	if (!items)
		return -1;
	if (!index_shapes(b, items) && !index_names(b, items) &&
	    !index_strings(b, items))
		ret = 0;
	free(items);
	return ret;
}

/* True if base_only_one() could confuse another entry of by_shape with it. */
static bool is_only_one(const struct build *b, uint32_t id)
{
	struct table_range range;
	uint32_t other;

	/* The bounds of a table that was built here are right. */
	if (!table_lookup(&b->by_shape, b->fps[id], &range))
		return false;
	while (table_next(&range, &other))
		if (other != id && !((b->fps[other] ^ b->fps[id]) >> 1))
			return false;
	return true;
}

static int annotate_types(struct build *b)
{
	const struct btf *btf = b->btf;
	size_t ids = (size_t)btf->nr_types + 1;
	uint32_t id;

	b->shapes = calloc(ids, sizeof(*b->shapes));
	b->type_offs = calloc(ids, sizeof(*b->type_offs));
	if (!b->shapes || !b->type_offs)
		return -1;
	for (id = 1; id <= btf->nr_types; id++) {
		b->type_offs[id] = btf->type_offs[id];
		if (b->equal[id] != id)
			b->type_offs[id] |= BASE_NOT_LOWEST;
		else if (has_shape(btf, id))
			b->shapes[id] = (b->fps[id] & ~BASE_ONLY_ONE) |
					(is_only_one(b, id) ? BASE_ONLY_ONE : 0);
	}
	return 0;
}

/*
 * The kernel's order: by strcmp(), so types without a name come first. If no
 * type has a name, there is nothing to look up.
 */
static bool is_sorted(const struct btf *btf)
{
	const char *name = "";
	uint32_t id;

	for (id = 1; id <= btf->nr_types; id++) {
		const char *prev = name;

		name = btf_str(btf, btf_type(btf, id)->name_off);
		if (strcmp(prev, name) > 0)
			return false;
	}
	return *name;
}

struct part_data {
	const void *data;
	size_t len;
};

static void table_parts(const struct table *table, struct part_data *parts)
{
	parts[0] = (struct part_data){
		table->buckets,
		(((size_t)1 << table->bits) + 1) * sizeof(*table->buckets)
	};
	parts[1] = (struct part_data){
		table->entries, table->nr * sizeof(*table->entries)
	};
}

static int lay_out(const struct build *b, uint8_t **data, size_t *size,
		   struct err *err)
{
	const struct btf *btf = b->btf;
	size_t ids = (size_t)btf->nr_types + 1;
	struct part_data parts[NR_BASE_PARTS] = {
		[BASE_TYPES] = { btf->types, btf->types_len },
		[BASE_STRS] = { btf->strs, btf->strs_len },
		[BASE_SHAPES] = { b->shapes, ids * sizeof(*b->shapes) },
		[BASE_TYPE_OFFS] = { b->type_offs, ids * sizeof(*b->type_offs) },
		[BASE_EQUAL] = { b->equal, ids * sizeof(*b->equal) },
	};
	struct base_header h = {
		.byte_order = BASE_BYTE_ORDER,
		.version = BASE_VERSION,
		.flags = (btf->swapped ? BASE_SWAPPED : 0) |
			 (is_sorted(btf) ? BASE_SORTED : 0),
		.nr_types = btf->nr_types,
	};
	size_t off = sizeof(h);
	unsigned int i;

	table_parts(&b->by_shape, &parts[BASE_BY_SHAPE_BUCKETS]);
	table_parts(&b->by_name, &parts[BASE_BY_NAME_BUCKETS]);
	table_parts(&b->by_string, &parts[BASE_BY_STRING_BUCKETS]);

	memcpy(h.magic, BASE_MAGIC, sizeof(h.magic));
	for (i = 0; i < NR_BASE_PARTS; i++) {
		off = (off + 7) & ~(size_t)7;
		h.parts[i].off = off;
		h.parts[i].len = parts[i].len;
		off += parts[i].len;
	}
	if (off > UINT32_MAX)
		return err_set(err, btf->path, "BTF is too large for a base");

	*data = calloc(1, off);
	if (!*data)
		return err_no_memory(err, btf->path);
	*size = off;
	/* BTF without types has no bytes to copy. */
	for (i = 0; i < NR_BASE_PARTS; i++)
		if (parts[i].len)
			memcpy(*data + h.parts[i].off, parts[i].data,
			       parts[i].len);
	memcpy(*data, &h, sizeof(h));
	h.checksum = base_checksum(*data, *size);
	memcpy(*data, &h, sizeof(h));
	return 0;
}

int base_build(const struct btf *btf, uint8_t **data, size_t *size,
	       struct err *err)
{
	struct build b = { .btf = btf };
	int ret = -1;

	b.fps = btf_fingerprints(btf, err);
	if (!b.fps)
		return -1;
	b.equal = btf_equal_types(btf, b.fps, NULL, err);
	if (!b.equal)
		goto out_free;
	if (index_all(&b) || annotate_types(&b)) {
		err_no_memory(err, btf->path);
		goto out_free;
	}
	ret = lay_out(&b, data, size, err);

out_free:
	table_free(&b.by_shape);
	table_free(&b.by_name);
	table_free(&b.by_string);
	free(b.type_offs);
	free(b.shapes);
	free(b.equal);
	free(b.fps);
	return ret;
}
