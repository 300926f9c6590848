/* SPDX-License-Identifier: GPL-2.0-only */
/* A type as a C declaration. */
#ifndef BTFINSPECT_DIFF_CDECL_H
#define BTFINSPECT_DIFF_CDECL_H

#include "side.h"

/* Longer declarations end in "...". */
#define CDECL_SIZE	2048

/*
 * "int (*name)(struct foo *, long)"; without a name, "int (*)(struct foo *,
 * long)". A FUNC gives its declaration.
 */
void cdecl_text(const struct side *s, uint32_t id, const char *name,
		char text[CDECL_SIZE]);

#endif
