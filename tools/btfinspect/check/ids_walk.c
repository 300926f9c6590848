// SPDX-License-Identifier: GPL-2.0-only
#include <stdlib.h>
#include <string.h>

#include "ids_walk.h"

static int cmp_offset(const void *pa, const void *pb)
{
	const struct ids_symbol *a = pa, *b = pb;

	if (a->offset != b->offset)
		return a->offset > b->offset ? 1 : -1;
	return ids_symbol_cmp_name(a, b);
}

/* @by_place: symbols that are not sets, sorted by place, as sets are */
static int walk(const struct ids_symbols *ids,
		const struct ids_symbol *by_place, ids_walk_fn fn, void *arg,
		struct err *err)
{
	const struct ids_symbol *id = by_place, *ids_end = id + ids->nr_ids;
	const struct ids_symbol *set = ids->symbols + ids->nr_ids;
	const struct ids_symbol *sets_end = ids->symbols + ids->nr;
	const struct ids_symbol *names;
	uint64_t end = 0;

	for (; set < sets_end; set++) {
		if (set->offset < end) {
			if (fn(arg, set, NULL, 0, err))
				return -1;
			continue;
		}
		end = set->offset + set->size;
		for (; id < ids_end && id->offset < set->offset; id++) {
			if (fn(arg, id, NULL, 0, err))
				return -1;
		}
		for (names = id; id < ids_end && id->offset < end; id++)
			continue;
		if (fn(arg, set, names, id - names, err))
			return -1;
	}
	for (; id < ids_end; id++) {
		if (fn(arg, id, NULL, 0, err))
			return -1;
	}
	return 0;
}

int ids_walk(const struct ids_symbols *ids, ids_walk_fn fn, void *arg,
	     struct err *err)
{
	struct ids_symbol *by_place;
	int ret;

	by_place = calloc(ids->nr_ids + 1, sizeof(*by_place));
	if (!by_place)
		return err_no_memory(err, ids->ef->in->path);
	if (ids->nr_ids)
		memcpy(by_place, ids->symbols,
		       ids->nr_ids * sizeof(*by_place));
	qsort(by_place, ids->nr_ids, sizeof(*by_place), cmp_offset);
	ret = walk(ids, by_place, fn, arg, err);
	free(by_place);
	return ret;
}
