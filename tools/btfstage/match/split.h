/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Split BTF: a module's types as an extension of the base's. Type ids go on
 * after the base's last one, string offsets after the base's strings; what the
 * base has is referred to there.
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

	/* Structs that the base has with that name and size, but: */
	uint32_t nr_unlike;	/* with other members */
	uint32_t nr_affected;	/* with members that refer to other types */
};

/*
 * Deduplicate @btf (checked, of the base's byte order) against @base. The types
 * kept have the module's order, or that of their names: see order.h.
 */
int __must_check split_make(struct split *split, const struct btf *btf,
			    const struct base *base, bool by_name,
			    struct err *err);
void split_free(struct split *split);

/*
 * Were the types of the base and the module encoded in different ways? Of 4,023
 * modules of a distribution, none keeps more than three structs that have name
 * and size of one of vmlinux's, but for one with 281, which has a struct
 * sched_class of its own: none of these 281 has other members itself. A pahole
 * that encodes arrays in another way leaves 2 to 7 structs with other members in
 * a module, and 110 to 295 that refer to them.
 */
static inline bool split_is_odd(const struct split *split)
{
	return split->nr_unlike >= 2 && split->nr_affected >= 30;
}

#endif
