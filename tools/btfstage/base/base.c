// SPDX-License-Identifier: GPL-2.0-only
#include <string.h>

#include "base.h"
#include "hash.h"

static int is_corrupt(const struct base *base, const char *what, uint32_t nr,
		      struct err *err)
{
	return err_set(err, base->path,
		       "prepared base is corrupt (%s %u), remove it and make it again",
		       what, nr);
}

/* The bytes of a part, if the header gives it this length. */
static int part(const struct base *base, const struct base_header *h,
		enum base_part nr, uint64_t len, const void **data,
		struct err *err)
{
	uint64_t off = h->parts[nr].off;

	if (off % 8 || h->parts[nr].len != len || off + len > base->in.size)
		return is_corrupt(base, "part", nr, err);
	*data = base->in.data + off;
	return 0;
}

static int table_part(const struct base *base, const struct base_header *h,
		      enum base_part buckets, uint32_t max_value,
		      struct table *table, struct err *err)
{
	enum base_part entries = buckets + 1;
	uint32_t nr_buckets = h->parts[buckets].len / 4 - 1;

	table->nr = h->parts[entries].len / sizeof(*table->entries);
	table->value_mask = table_value_mask(max_value);
	table->bits = 1;
	while (table->bits < 31 && (uint32_t)1 << table->bits < nr_buckets)
		table->bits++;
	if (part(base, h, buckets, (((uint64_t)1 << table->bits) + 1) * 4,
		 (const void **)&table->buckets, err))
		return -1;
	return part(base, h, entries,
		    (uint64_t)table->nr * sizeof(*table->entries),
		    (const void **)&table->entries, err);
}

static int read_header(struct base *base, struct err *err)
{
	const struct base_header *h = (const void *)base->in.data;
	uint64_t ids;

	if (base->in.size < sizeof(h->magic) ||
	    memcmp(h->magic, BASE_MAGIC, sizeof(h->magic)))
		return err_set(err, base->path, "is not a prepared base");
	if (base->in.size < sizeof(*h))
		return err_set(err, base->path,
			       "prepared base is truncated (%zu bytes)",
			       base->in.size);
	if (h->byte_order != BASE_BYTE_ORDER)
		return err_set(err, base->path,
			       "prepared base has the byte order of another machine");
	if (h->version != BASE_VERSION)
		return err_set(err, base->path,
			       "prepared base has version %u, this btfstage needs %u",
			       h->version, BASE_VERSION);

	base->swapped = h->flags & BASE_SWAPPED;
	base->sorted = h->flags & BASE_SORTED;
	base->nr_types = h->nr_types;
	base->types_len = h->parts[BASE_TYPES].len;
	base->strs_len = h->parts[BASE_STRS].len;
	ids = (uint64_t)h->nr_types + 1;
	if (part(base, h, BASE_TYPES, base->types_len,
		 (const void **)&base->types, err) ||
	    part(base, h, BASE_STRS, base->strs_len,
		 (const void **)&base->strs, err) ||
	    part(base, h, BASE_SHAPES, ids * 8, (const void **)&base->shapes,
		 err) ||
	    part(base, h, BASE_TYPE_OFFS, ids * 4,
		 (const void **)&base->type_offs, err) ||
	    part(base, h, BASE_EQUAL, ids * 4, (const void **)&base->equal,
		 err) ||
	    table_part(base, h, BASE_BY_SHAPE_BUCKETS, base->nr_types,
		       &base->by_shape, err) ||
	    table_part(base, h, BASE_BY_NAME_BUCKETS, base->nr_types,
		       &base->by_name, err) ||
	    table_part(base, h, BASE_BY_STRING_BUCKETS, base->strs_len,
		       &base->by_string, err))
		return -1;
	/* Then offset 0 is "", and every string ends inside the section. */
	if (!base->strs_len || base->strs[0] ||
	    base->strs[base->strs_len - 1])
		return is_corrupt(base, "part", BASE_STRS, err);
	return 0;
}

int base_open(struct base *base, const char *path, struct err *err)
{
	*base = (struct base){ .path = path };
	if (file_in_open(&base->in, path, err))
		return -1;
	if (read_header(base, err)) {
		file_in_close(&base->in);
		return -1;
	}
	return 0;
}

int base_open_memory(struct base *base, const char *path, uint8_t *data,
		     size_t size, struct err *err)
{
	*base = (struct base){
		.path = path,
		.in = { .path = path, .fd = -1, .data = data, .size = size },
	};
	if (read_header(base, err)) {
		file_in_close(&base->in);
		return -1;
	}
	return 0;
}

void base_close(struct base *base)
{
	file_in_close(&base->in);
}

uint64_t base_checksum(const uint8_t *data, size_t size)
{
	const size_t start = offsetof(struct base_header, flags);

	return hash_bytes((const char *)data + start, size - start);
}

int base_verify(const struct base *base, struct err *err)
{
	const struct base_header *h = (const void *)base->in.data;

	if (h->checksum != base_checksum(base->in.data, base->in.size))
		return err_set(err, base->path,
			       "prepared base is damaged, remove it and make it again");
	return 0;
}

bool base_file_holds(const char *path, const struct btf *btf)
{
	struct base base;
	struct err err;
	bool same;

	if (base_open(&base, path, &err))
		return false;
	same = base.swapped == btf->swapped &&
	       base.types_len == btf->types_len &&
	       base.strs_len == btf->strs_len &&
	       !memcmp(base.types, btf->types, btf->types_len) &&
	       !memcmp(base.strs, btf->strs, btf->strs_len) &&
	       !base_verify(&base, &err);
	base_close(&base);
	return same;
}

const struct btf_type *base_type(const struct base *base, uint32_t id,
				 struct err *err)
{
	const struct btf_type *t;
	uint32_t off, left;

	if (!id || id > base->nr_types)
		goto out_corrupt;
	off = base->type_offs[id] & ~BASE_NOT_LOWEST;
	if (off % 4 || off > base->types_len)
		goto out_corrupt;
	left = base->types_len - off;
	t = (const void *)(base->types + off);
	if (left < sizeof(*t) || !btf_kind(t) ||
	    (left - sizeof(*t)) / 4 < btf_tail_words(t))
		goto out_corrupt;
	if (!btf_kind_known(t)) {
		err_set(err, base->path, "BTF type %u has unknown kind %u", id,
			btf_kind(t));
		return NULL;
	}
	return t;

out_corrupt:
	is_corrupt(base, "type", id, err);
	return NULL;
}

int base_lookup(const struct base *base, const struct table *table,
		uint64_t hash, struct table_range *range, struct err *err)
{
	if (!table_lookup(table, hash, range))
		return is_corrupt(base, "table of entries", table->nr, err);
	return 0;
}

int base_find_str(const struct base *base, const char *s, size_t len,
		  uint32_t *off, struct err *err)
{
	struct table_range range;

	if (base_lookup(base, &base->by_string, hash_bytes(s, len), &range,
			err))
		return -1;
	while (table_next(&range, off)) {
		if (*off >= base->strs_len)
			return is_corrupt(base, "string", *off, err);
		if (base->strs_len - *off > len &&
		    !memcmp(base->strs + *off, s, len) &&
		    !base->strs[*off + len])
			return 1;
	}
	return 0;
}

int base_find_name(const struct base *base, enum btf_kind kind,
		   enum btf_space space, const char *name, size_t len,
		   uint32_t *id, struct err *err)
{
	uint64_t key = btf_name_key(space, hash_bytes(name, len));
	struct table_range range;

	if (base_lookup(base, &base->by_name, key, &range, err))
		return -1;
	while (table_next(&range, id)) {
		const struct btf_type *t = base_type(base, *id, err);
		const char *s;

		if (!t)
			return -1;
		s = base_str(base, t->name_off);
		if (btf_kind(t) == kind && !strncmp(s, name, len) && !s[len])
			return 1;
	}
	return 0;
}
