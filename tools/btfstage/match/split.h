/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Split BTF: a module's types as an extension of the base. Its ids and string
 * offsets continue those of the base. Types and strings of the base are
 * referred to there.
 */
#ifndef BTFSTAGE_SPLIT_H
#define BTFSTAGE_SPLIT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "../base/base.h"
#include "../btf/btf.h"
#include "../io/err.h"

struct split {
	uint8_t *data;		/* the .BTF section, in the target's order */
	size_t size;
	uint32_t *ids;		/* [module's type id]: its id in split BTF */
	uint32_t nr_kept;	/* types in data */
	uint32_t nr_found;	/* the module's types that the base has */

	/* Structs whose name and size the base has, but: */
	uint32_t nr_unlike;	/* with other members */
	uint32_t nr_affected;	/* with members that refer to other types */
};

/*
 * Deduplicate @btf (checked, in the base's byte order) against @base. Types are
 * written in the module's order or sorted by name: see order.h.
 */
int __must_check split_make(struct split *split, const struct btf *btf,
			    const struct base *base, bool by_name,
			    struct err *err);
void split_free(struct split *split);

/*
 * True if base and module look as if they were encoded in different ways. Of
 * 4,023 modules of a distribution, all but one keep at most three structs with
 * the name and size of one of vmlinux. The other one, with its own struct
 * sched_class, keeps 281, none of which has other members itself. A pahole that
 * encodes arrays in another way leaves 2 to 7 structs with other members in a
 * module, and 110 to 295 that refer to them.
 */
static inline bool split_is_odd(const struct split *split)
{
	return split->nr_unlike >= 2 && split->nr_affected >= 30;
}

#endif
