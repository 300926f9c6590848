/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Whether two types are the same, by names and never by ids. A type that has a
 * name stands for itself where another one refers to it: that it has changed is
 * told once, where it is defined. So this ends at names, as in C declarations.
 */
#ifndef BTFINSPECT_DIFF_SAME_H
#define BTFINSPECT_DIFF_SAME_H

#include "side.h"

/* Types @a of @old and @b of @new, as another type refers to them. */
bool same_ref(const struct side *old, uint32_t a, const struct side *new,
	      uint32_t b);

/* The same, but looking at all that they have themselves. */
bool same_type(const struct side *old, uint32_t a, const struct side *new,
	       uint32_t b);

#endif
