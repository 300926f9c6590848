/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef BTFSTAGE_JSON_H
#define BTFSTAGE_JSON_H

#include <stdio.h>

/*
 * Write @s as a JSON string. UTF-8 stays as it is; a byte that is part of none
 * is written as the character of that number (\u0080 to \u00ff), so that the
 * result is valid whatever the bytes are. NULL is null.
 */
void json_string(FILE *f, const char *s);

#endif
