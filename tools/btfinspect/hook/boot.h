/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Check all modules below /lib/modules/RELEASE against the types of the kernel
 * that will boot.
 */
#ifndef BTFINSPECT_BOOT_H
#define BTFINSPECT_BOOT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include "../../btfstage/io/err.h"

struct boot {
	const char *root;	/* prefix of /lib/modules and so on */
	const char *release;
	const char *image;	/* that boots, NULL: find it */
	const char *base_path;	/* has its types, NULL: find them */
};

#define BOOT_NAMES	5	/* modules that a line names */

struct boot_kind {
	size_t nr;
	char *names[BOOT_NAMES];
};

struct boot_result {
	size_t nr;			/* number of modules */
	struct boot_kind misfits;	/* refused, or of another build */
	size_t nr_refused;		/* of these */
	size_t nr_added;		/* of these, not the kernel's own */
	struct boot_kind no_btf;
	struct boot_kind unreadable;
	bool mismatch_allowed;		/* the kernel loads them without BTF */
	char *types;			/* the file with the kernel's types */
};

/* The caller frees it in any case. */
int __must_check boot_check(const struct boot *boot, struct boot_result *result,
			    struct err *err);
void boot_free(struct boot_result *result);

/* Print nothing, or up to three lines, the last with what to do. 1: printed */
int boot_print(const struct boot *boot, const struct boot_result *result,
	       FILE *f);

#endif
