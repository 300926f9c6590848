/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Split BTF: a module's types as an extension of the base's. Type ids go on
 * after the base's last one, string offsets after the base's strings; what the
 * base has is referred to there.
 */
#ifndef BTFSTAGE_SPLIT_H
#define BTFSTAGE_SPLIT_H

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
};

/*
 * Deduplicate @btf (checked, of the base's byte order) against @base. The
 * types kept stand in the module's order: the same input gives the same bytes.
 */
int __must_check split_make(struct split *split, const struct btf *btf,
			    const struct base *base, struct err *err);
void split_free(struct split *split);

#endif
