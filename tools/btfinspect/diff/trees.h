/* SPDX-License-Identifier: GPL-2.0-only */
/* All modules of two builds, in pairs by their names. */
#ifndef BTFINSPECT_DIFF_TREES_H
#define BTFINSPECT_DIFF_TREES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include "../check/check_list.h"
#include "../text/membuf.h"
#include "fits.h"

struct module_pair {
	const char *name;	/* in the kernel */
	const char *old, *new;	/* paths, NULL: not in that build */
	bool old_btf, new_btf;	/* it has BTF there */
	char *unreadable;	/* the reason; NULL: both could be read */
	bool differs;
	struct membuf text;	/* from diff_text() or diff_json() */
	enum fits fits;
	char *why;		/* it does not fit */
};

struct trees {
	struct kernels *kernels;
	const char *old_dir, *new_dir;
	char **names;		/* as for compare_sides() */
	int nr_names;
	bool brief;
	bool json;

	struct check_list old, new;
	struct module_pair *pairs;
	size_t nr;
	size_t nr_new, nr_gone, nr_differ, nr_unreadable;
	size_t nr_fits[FITS_NOT + 1];	/* of modules in both builds */
};

/* Set the first part, and zero the rest. Free it in any case. */
int __must_check trees_compare(struct trees *t, struct err *err);
void trees_free(struct trees *t);

void trees_text_sums(const struct trees *t, FILE *f);
void trees_text(const struct trees *t, FILE *f);

/* Print a member of a JSON object. */
void trees_json(const struct trees *t, FILE *f);

#endif
