/* SPDX-License-Identifier: GPL-2.0-only */
/* Print the differences of two sides. */
#ifndef BTFINSPECT_DIFF_H
#define BTFINSPECT_DIFF_H

#include <stdio.h>

#include "compare.h"

/* Print sums, without things that neither side has. */
void diff_text_sums(const struct compare *c, const char *indent, FILE *f);

/*
 * Print a line for each difference, which starts with "-", "+" or "!", and
 * unless @brief indented lines with the changes.
 */
int __must_check diff_text(const struct compare *c, const char *indent,
			   bool brief, FILE *f, struct err *err);

/* Print all of it as members of a JSON object, without braces. */
int __must_check diff_json(const struct compare *c, FILE *f, struct err *err);

#endif
