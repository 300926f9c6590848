/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef BTFSTAGE_LINE_H
#define BTFSTAGE_LINE_H

#include <stdio.h>

/*
 * Write a part of a line. Names come from files: a newline in one is no newline
 * here, nor is any other control character what it was.
 */
void line_put(FILE *f, const char *s);

#endif
