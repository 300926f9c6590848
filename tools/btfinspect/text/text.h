/* SPDX-License-Identifier: GPL-2.0-only */
/* Strings from files, made harmless for what they are printed into. */
#ifndef BTFINSPECT_TEXT_H
#define BTFINSPECT_TEXT_H

#include <stdio.h>

/*
 * Write a part of a line. Names come from files: a newline in one is no newline
 * here, nor is any other control character what it was.
 */
void line_put(FILE *f, const char *s);

/*
 * Write @s as a JSON string, NULL as null. UTF-8 stays as it is; a byte that is
 * part of none is written as the character of that number (\u0080 to \u00ff), so
 * that the result is valid whatever the bytes are. Control characters, what turns
 * the direction of text, and "<" are escaped: no string ends a line, acts upon a
 * terminal, or ends the <script> that the JSON is in.
 */
void json_string(FILE *f, const char *s);

#endif
