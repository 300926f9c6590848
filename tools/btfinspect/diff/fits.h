/* SPDX-License-Identifier: GPL-2.0-only */
/* Whether a module of one build can keep its BTF with the kernel of another. */
#ifndef BTFINSPECT_DIFF_FITS_H
#define BTFINSPECT_DIFF_FITS_H

#include "compare.h"

enum fits {
	FITS_UNKNOWN,		/* a kernel is not known */
	FITS_NO_BTF,
	FITS,
	FITS_NOT,
};

/* The kernels of both builds; each may be NULL. */
struct kernels {
	const struct side *old, *new;
	enum renumbered renumbered;	/* when both are there */
	struct base base;		/* of @new, made when it is first needed */
};

void kernels_init(struct kernels *k, const struct side *old,
		  const struct side *new);
void kernels_free(struct kernels *k);

/*
 * The module @old, with k->old as its kernel, on k->new: @why, to be freed, is what
 * is wrong (FITS_NOT) or NULL.
 */
int __must_check fits_find(struct kernels *k, const struct side *old,
			   enum fits *fits, char **why, struct err *err);

/* For programs: "yes", "no", "no-btf", "unknown" */
const char *fits_name(enum fits fits);

#endif
