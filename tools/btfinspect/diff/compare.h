/* SPDX-License-Identifier: GPL-2.0-only */
/* Find the types, functions and variables in which two sides differ. */
#ifndef BTFINSPECT_DIFF_COMPARE_H
#define BTFINSPECT_DIFF_COMPARE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "side.h"

struct difference {
	enum thing thing;
	const char *name;
	uint32_t old, new;	/* ids, 0: not on that side */
	bool kfunc;		/* a kfunc on a side that has it */
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
	size_t nr_moved;	/* in a module and in the other's kernel */
	struct sums types, funcs, kfuncs, vars;
	bool kfuncs_known;	/* of both sides */
	bool kfunc_flags_known;
};

/*
 * Find the differences, sorted by kind of thing, then by name. @names: only
 * these @nr_names, all if that is 0. The caller frees @c in any case.
 */
int __must_check compare_sides(struct compare *c, const struct side *old,
			       const struct side *new, char **names,
			       int nr_names, struct err *err);
void compare_free(struct compare *c);

/* How kernels differ if all types are the same by name. */
enum renumbered {
	RENUMBERED_NOT,		/* the same bytes */
	RENUMBERED_VARS,	/* only offsets of variables differ */
	RENUMBERED_IDS,
};

enum renumbered compare_ids(const struct side *old, const struct side *new);

#endif
