/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Finding the types of a kernel on this machine. Headers of most distributions
 * have no vmlinux, but its types are usually somewhere else.
 */
#ifndef BTFSTAGE_FIND_H
#define BTFSTAGE_FIND_H

#include "../io/err.h"
#include "kernel.h"

struct find {
	const char *tree;	/* a kernel's build tree, or its headers */
	const char *sysroot;	/* prefix of /sys, /boot and so on */
	char release[KERNEL_RELEASE_SIZE];	/* empty: any */
	char running[KERNEL_RELEASE_SIZE];	/* release of /sys */
};

/* @release NULL or empty: the release of @tree, if it has one. */
void find_init(struct find *f, const char *tree, const char *release,
	       const char *sysroot);

/* Places to look at, best first. */
enum {
	FIND_TREE_BASE,
	FIND_TREE_VMLINUX,
	FIND_RUNNING,
	FIND_DEBUG,
	FIND_NR = FIND_DEBUG + 4
};

/* Number of places for @f. Most need a release. */
unsigned int find_nr_places(const struct find *f);

/* The caller frees it. NULL: out of memory. */
char *find_path(const struct find *f, unsigned int place);

/*
 * Look at @place, which is @path. Returns 1 with @kind set, 0 if there is no
 * file, -1 if the file cannot be used.
 */
int __must_check find_look(const struct find *f, unsigned int place,
			   const char *path, const char **kind,
			   struct err *err);

/*
 * "prepared" if @path is a base file, "types" if "btfstage base" can make one
 * from it. NULL with @err set: neither, or of another release than @f. @f may
 * be NULL.
 */
const char *find_kind(const struct find *f, const char *path, struct err *err);

#endif
