/* SPDX-License-Identifier: GPL-2.0-only */
/* Quote strings from files for each kind of output. */
#ifndef BTFINSPECT_TEXT_H
#define BTFINSPECT_TEXT_H

#include <stdio.h>

/*
 * Write a part of a line. Control characters, such as a newline in a name, are
 * replaced.
 */
void line_put(FILE *f, const char *s);

/*
 * Write @s as a JSON string, NULL as null. UTF-8 stays as it is. A byte that is
 * not UTF-8 is written as the character of that number (\u0080 to \u00ff), so
 * the result is always valid. Control characters, also those for the direction
 * of text, and "<" are escaped: no string ends a line, controls a terminal, or
 * ends the <script> that contains the JSON.
 */
void json_string(FILE *f, const char *s);

#endif
