/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Distilled base: the kernel's types that a module refers to, in the module
 * itself. distill.c describes the contents.
 */
#ifndef BTFSTAGE_DISTILL_H
#define BTFSTAGE_DISTILL_H

#include <stddef.h>
#include <stdint.h>

#include "../base/base.h"
#include "../btf/btf.h"
#include "../io/err.h"
#include "split.h"

/* Both sections are in the target's byte order. */
struct distilled {
	uint8_t *base;		/* .BTF.base */
	size_t base_size;
	uint8_t *split;		/* .BTF, split against it */
	size_t split_size;
	uint32_t nr_types;	/* in .BTF.base */
	uint32_t nr_moved;	/* types of the kernel in .BTF */
	uint32_t nr_old;	/* types of the kernel's base and of split */
	uint32_t *ids;		/* [id of such a type]: its id here, or 0 */
};

/*
 * Convert @split (against @base, in the module's order) to a distilled base,
 * and BTF that is split against it and sorted by name if @base is. @path is for
 * messages.
 */
int __must_check distill(struct distilled *d, const struct split *split,
			 const struct base *base, const char *path,
			 struct err *err);
void distilled_free(struct distilled *d);

/*
 * The new id of a type of the kernel or of the module, whose ids follow the
 * kernel's. 0: the type was not needed.
 */
uint32_t distilled_id(const struct distilled *d, uint32_t id);

/*
 * Lowest new id of the types of the kernel of @kind called @name that were
 * needed: 1 found, 0 there is none, -1 the base is corrupt.
 */
int __must_check distilled_find_name(const struct distilled *d,
				     const struct base *base,
				     enum btf_kind kind, enum btf_space space,
				     const char *name, size_t len,
				     uint32_t *id, struct err *err);

#endif
