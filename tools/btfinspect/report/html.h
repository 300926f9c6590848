/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef BTFSTAGE_HTML_H
#define BTFSTAGE_HTML_H

#include <stdio.h>

/*
 * Write @s as text of an HTML document in UTF-8, or as the value of an attribute
 * in quotes. Control characters of ASCII are shown by their pictures (U+2400
 * on), others, and bytes that are not part of UTF-8, as U+FFFD.
 */
void html_put(FILE *f, const char *s);

/* The same, as a name that does not turn the direction of what is around it. */
void html_name(FILE *f, const char *s);

#endif
