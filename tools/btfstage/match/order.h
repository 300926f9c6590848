/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The order in which types are written: as they come, or sorted by name. From
 * 7.0 on kernels find names by bisection, if the types of both vmlinux and the
 * module are sorted.
 *
 * Strings are in the order of first use by types as they come: resolve_btfids
 * sorts types after strings were written. So the place of a type must be known
 * before it is written.
 */
#ifndef BTFSTAGE_ORDER_H
#define BTFSTAGE_ORDER_H

#include <stdbool.h>
#include <stdint.h>

#include "../io/err.h"

struct order_type {
	const char *name;
	uint32_t nr_words;
	uint32_t nr;		/* as they come, from 0 */
};

struct order {
	struct order_type *types;
	uint32_t nr;
	/* By nr, when order_finish() is done. */
	uint32_t *ranks;	/* number of types before it */
	uint32_t *words;	/* number of their words */
	uint32_t nr_words;	/* all types together */
};

/* For up to @max types. Returns -1 when out of memory. */
int __must_check order_init(struct order *order, uint32_t max);
void order_add(struct order *order, const char *name, uint32_t nr_words);

/* Sort by strcmp() of the names, so types without one come first. Stable. */
void order_finish(struct order *order, bool by_name);
void order_free(struct order *order);

#endif
