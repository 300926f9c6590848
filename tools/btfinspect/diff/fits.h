/* SPDX-License-Identifier: GPL-2.0-only */
/* Whether a module of one build can keep its BTF with the kernel of another. */
#ifndef BTFINSPECT_DIFF_FITS_H
#define BTFINSPECT_DIFF_FITS_H

#include "compare.h"

enum fits {
	FITS_UNKNOWN,		/* a kernel is unknown */
	FITS_NO_BTF,
	FITS,
	FITS_NOT,
};

/* The kernels of both builds; each may be NULL. */
struct kernels {
	const struct side *old, *new;
	enum renumbered renumbered;	/* if both exist */
	struct base base;		/* of @new, made on first use */
};

void kernels_init(struct kernels *k, const struct side *old,
		  const struct side *new);
void kernels_free(struct kernels *k);

/*
 * Whether the module @old, made for k->old, fits k->new. @why is the reason if
 * it does not (FITS_NOT), else NULL. The caller frees it.
 */
int __must_check fits_find(struct kernels *k, const struct side *old,
			   enum fits *fits, char **why, struct err *err);

/* For programs: "yes", "no", "no-btf", "unknown" */
const char *fits_name(enum fits fits);

#endif
