/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What would happen to modules when a kernel that is installed boots: all that are
 * below /lib/modules/RELEASE, by the types of that kernel.
 */
#ifndef BTFINSPECT_BOOT_H
#define BTFINSPECT_BOOT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include "../../btfstage/io/err.h"

struct boot {
	const char *root;	/* before /lib/modules and so on */
	const char *release;
	const char *image;	/* that boots, NULL: it is looked for */
	const char *base_path;	/* has its types, NULL: they are looked for */
};

#define BOOT_NAMES	5	/* of modules that a line names */

struct boot_kind {
	size_t nr;
	char *names[BOOT_NAMES];
};

struct boot_result {
	size_t nr;			/* modules in all */
	struct boot_kind misfits;	/* refused, or of another build */
	size_t nr_refused;		/* of these */
	size_t nr_added;		/* of these, not of the kernel's package */
	struct boot_kind no_btf;
	struct boot_kind unreadable;
	bool mismatch_allowed;		/* the kernel loads them without BTF */
	char *types;			/* the file with the kernel's types */
};

/* To be freed whatever is returned. */
int __must_check boot_check(const struct boot *boot, struct boot_result *result,
			    struct err *err);
void boot_free(struct boot_result *result);

/* Nothing, or up to three lines, of which the last says what to do; 1: something */
int boot_print(const struct boot *boot, const struct boot_result *result,
	       FILE *f);

#endif
