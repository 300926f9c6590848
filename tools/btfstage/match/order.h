/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The order in which types are written: the one in which they come, or sorted by
 * name. From 7.0 on kernels look names up in sorted BTF by bisection, if not only a
 * module's types are sorted but also vmlinux's.
 *
 * Strings are written in the order of first use by the types as they come, as if they
 * were sorted later. So a type's place has to be known before it is written.
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
	uint32_t *ranks;	/* how many types go before it */
	uint32_t *words;	/* how many words these have */
	uint32_t nr_words;	/* all types together */
};

/* For up to @max types. Returns -1 when out of memory. */
int __must_check order_init(struct order *order, uint32_t max);
void order_add(struct order *order, const char *name, uint32_t nr_words);

/* By name as strcmp() has it, so none goes first; equal ones as they come. */
void order_finish(struct order *order, bool by_name);
void order_free(struct order *order);

#endif
