// SPDX-License-Identifier: GPL-2.0-only
#include <stdlib.h>
#include <string.h>

#include "../base/hash.h"
#include "own_names.h"

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

	/* Bounds cannot be wrong in a table of our own making. */
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
