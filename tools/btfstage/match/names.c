// SPDX-License-Identifier: GPL-2.0-only
#include <stdlib.h>
#include <string.h>

#include "../base/hash.h"
#include "names.h"

/* Bytes of strings per entry of the cache: a little more than a string has. */
#define BYTES_PER_NAME	16

/*
 * Most names that are written were compared with names of the base before. A
 * cache has their offsets in the base. A miss costs a lookup; an array as long
 * as the strings would cost a page fault for each of its pages.
 */
struct names_seen {
	uint32_t off;		/* 0: empty */
	uint32_t base_off;
};

static struct names_seen *seen_at(const struct names *names, uint32_t off)
{
	return &names->seen[(off * 0x9e3779b1u >> 8) & names->mask];
}

int names_init(struct names *names, const struct btf *btf,
	       const struct base *base, struct err *err)
{
	uint32_t nr = 1;

	while (nr < btf->strs_len / BYTES_PER_NAME && nr < 1u << 24)
		nr *= 2;
	*names = (struct names){ .btf = btf, .base = base, .mask = nr - 1 };
	names->seen = calloc(nr, sizeof(*names->seen));
	if (!names->seen)
		return err_no_memory(err, btf->path);
	return 0;
}

void names_free(struct names *names)
{
	free(names->seen);
	*names = (struct names){ 0 };
}

bool names_same(struct names *names, uint32_t off, uint32_t base_off)
{
	/*
	 * Offsets outside the base's strings read as "", but must not be
	 * written.
	 */
	if (base_off >= names->base->strs_len ||
	    strcmp(btf_str(names->btf, off), base_str(names->base, base_off)))
		return false;
	*seen_at(names, off) = (struct names_seen){ off, base_off };
	return true;
}

bool names_remembered(const struct names *names, uint32_t off,
		      uint32_t *base_off)
{
	const struct names_seen *seen = seen_at(names, off);

	*base_off = seen->base_off;
	return seen->off == off;
}

int names_in_base(struct names *names, uint32_t off, uint32_t *base_off,
		  struct err *err)
{
	const char *s = btf_str(names->btf, off);

	if (names_remembered(names, off, base_off))
		return 1;
	return base_find_str(names->base, s, strlen(s), base_off, err);
}

int own_names_init(struct own_names *own, const struct btf *btf,
		   const uint32_t *ids, uint32_t first_own, struct err *err)
{
	struct table_item *items;
	uint32_t id, nr = 0;
	int ret;

	*own = (struct own_names){ .btf = btf, .ids = ids };
	items = malloc(((size_t)btf->nr_types + 1) * sizeof(*items));
	if (!items)
		return err_no_memory(err, btf->path);
	for (id = 1; id <= btf->nr_types; id++) {
		const char *name = btf_str(btf, btf_type(btf, id)->name_off);

		if (ids[id] >= first_own && *name)
			items[nr++] = (struct table_item){
				hash_str(name), id
			};
	}
	ret = table_build(&own->table, items, nr, btf->nr_types);
	free(items);
	return ret ? err_no_memory(err, btf->path) : 0;
}

void own_names_free(struct own_names *own)
{
	table_free(&own->table);
}

uint32_t own_names_find(const struct own_names *own, enum btf_kind kind,
			const char *name, size_t len)
{
	struct table_range range;
	uint32_t id;

	/* The bounds of a table that was built here are right. */
	if (!table_lookup(&own->table, hash_bytes(name, len), &range))
		return 0;
	while (table_next(&range, &id)) {
		const struct btf_type *t = btf_type(own->btf, id);
		const char *s = btf_str(own->btf, t->name_off);

		if (btf_kind(t) == kind && !strncmp(s, name, len) && !s[len])
			return own->ids[id];
	}
	return 0;
}
