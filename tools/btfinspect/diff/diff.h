/* SPDX-License-Identifier: GPL-2.0-only */
/* What two sides differ in, to be read. */
#ifndef BTFINSPECT_DIFF_H
#define BTFINSPECT_DIFF_H

#include <stdio.h>

#include "compare.h"

/* Lines of sums; nothing of what neither side has. */
void diff_text_sums(const struct compare *c, const char *indent, FILE *f);

/*
 * A line for each difference, which starts with "-", "+" or "!", and unless @brief
 * indented lines on what has changed.
 */
int __must_check diff_text(const struct compare *c, const char *indent,
			   bool brief, FILE *f, struct err *err);

/* All of it, as the members of a JSON object without braces. */
int __must_check diff_json(const struct compare *c, FILE *f, struct err *err);

#endif
