/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Whether two types are the same, by names, not by ids. A reference to a named
 * type only compares the name: a change of that type is reported once, where it
 * is defined. So the comparison ends at names, as C declarations do.
 */
#ifndef BTFINSPECT_DIFF_SAME_H
#define BTFINSPECT_DIFF_SAME_H

#include "side.h"

/* Types @a of @old and @b of @new, as referenced by other types. */
bool same_ref(const struct side *old, uint32_t a, const struct side *new,
	      uint32_t b);

/* The same, but compare their definitions. */
bool same_type(const struct side *old, uint32_t a, const struct side *new,
	       uint32_t b);

#endif
