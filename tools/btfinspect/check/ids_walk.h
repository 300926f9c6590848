/* SPDX-License-Identifier: GPL-2.0-only */
/* All that is in .BTF_ids, in the order of the section. */
#ifndef BTFINSPECT_IDS_WALK_H
#define BTFINSPECT_IDS_WALK_H

#include "../../btfstage/ids/ids_symbols.h"
#include "../../btfstage/io/err.h"

/*
 * Called for an id by itself, and for a set: @names are the ids that it was made
 * of. Its elements are sorted by id, so which of them belongs to which of the names
 * is for their types to say. Where a set starts inside the one before, @names is
 * NULL: what is in there was seen already.
 */
typedef int (*ids_walk_fn)(void *arg, const struct ids_symbol *s,
			   const struct ids_symbol *names, size_t nr_names,
			   struct err *err);

/* Returns -1 (with @err set) when out of memory, or when @fn does. */
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
