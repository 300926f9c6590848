/* SPDX-License-Identifier: GPL-2.0-only */
/* All entries of .BTF_ids, in order. */
#ifndef BTFINSPECT_IDS_WALK_H
#define BTFINSPECT_IDS_WALK_H

#include "../../btfstage/ids/ids_symbols.h"
#include "../../btfstage/io/err.h"

/*
 * Called for a single id, and for a set, with the symbols of its ids in @names.
 * The elements of a set are sorted by id, so only their types say which name
 * they belong to. If a set starts inside the previous one, @names is NULL:
 * these symbols were seen already.
 */
typedef int (*ids_walk_fn)(void *arg, const struct ids_symbol *s,
			   const struct ids_symbol *names, size_t nr_names,
			   struct err *err);

/* Returns -1 (with @err set) when out of memory, or if @fn does. */
int __must_check ids_walk(const struct ids_symbols *ids, ids_walk_fn fn,
			  void *arg, struct err *err);

/* A set8 that is marked as one of kfuncs (BTF_SET8_KFUNCS) */
static inline bool ids_is_kfunc_set(const struct ids_symbols *ids,
				    const struct ids_symbol *set)
{
	return set->kind->set > IDS_WORD &&
	       (ids_word(ids, set->offset + IDS_WORD) & 1);
}

#endif
