/* SPDX-License-Identifier: GPL-2.0-only */
/* Which types, functions and variables of two sides differ. */
#ifndef BTFINSPECT_DIFF_COMPARE_H
#define BTFINSPECT_DIFF_COMPARE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "side.h"

struct difference {
	enum thing thing;
	const char *name;
	uint32_t old, new;	/* ids, 0: that side does not have it */
	bool kfunc;		/* it is one on a side that has it */
};

struct sums {
	size_t nr[2];		/* on each side */
	size_t nr_new;
	size_t nr_gone;
	size_t nr_changed;
};

struct compare {
	const struct side *old, *new;
	struct difference *list;
	size_t nr;
	size_t max;
	size_t nr_moved;	/* the module has, or had it; its kernel too */
	struct sums types, funcs, kfuncs, vars;
	bool kfuncs_known;	/* of both sides */
	bool kfunc_flags_known;
};

/*
 * Find the differences in their order: by things, then by name. @names: only what
 * has one of these @nr_names, all when that is 0. @c is to be freed in any case.
 */
int __must_check compare_sides(struct compare *c, const struct side *old,
			       const struct side *new, char **names,
			       int nr_names, struct err *err);
void compare_free(struct compare *c);

/* What of a kernel is not the same although each type is, by its name. */
enum renumbered {
	RENUMBERED_NOT,		/* it holds the same bytes */
	RENUMBERED_VARS,	/* all but where variables are in sections */
	RENUMBERED_IDS,
};

enum renumbered compare_ids(const struct side *old, const struct side *new);

#endif
