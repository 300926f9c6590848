/* SPDX-License-Identifier: GPL-2.0-only */
/* Names that the kernel takes for valid. */
#ifndef BTFSTAGE_IDENTIFIER_H
#define BTFSTAGE_IDENTIFIER_H

#include <stdbool.h>

/* Of a type, member, enumerator or variable. */
bool identifier_valid(const char *name);

/* Printable characters, at least one, as in the names of sections. */
bool identifier_printable(const char *name);

#endif
