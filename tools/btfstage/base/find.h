/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Where the types of a kernel are on this machine. Who builds a module against a
 * distribution's headers has no vmlinux there, but mostly somewhere else.
 */
#ifndef BTFSTAGE_FIND_H
#define BTFSTAGE_FIND_H

#include "../io/err.h"
#include "kernel.h"

struct find {
	const char *tree;	/* a kernel's build tree, or its headers */
	const char *sysroot;	/* before /sys, /boot and so on */
	char release[KERNEL_RELEASE_SIZE];	/* empty: any */
	char running[KERNEL_RELEASE_SIZE];	/* whose types /sys has */
};

/* @release may be NULL or empty: it is that of @tree then, if it says one. */
void find_init(struct find *f, const char *tree, const char *release,
	       const char *sysroot);

/* The places to look at, from 0 on, the best first. */
enum {
	FIND_TREE_BASE,
	FIND_TREE_VMLINUX,
	FIND_RUNNING,
	FIND_DEBUG,
	FIND_NR = FIND_DEBUG + 4
};

/* How many of them there are: most need a release. */
unsigned int find_nr_places(const struct find *f);

/* To be freed; NULL: out of memory. */
char *find_path(const struct find *f, unsigned int place);

/*
 * Look at @place, which is @path: 1 @kind is set, 0 there is nothing, -1 what is
 * there can not be used.
 */
int __must_check find_look(const struct find *f, unsigned int place,
			   const char *path, const char **kind,
			   struct err *err);

/*
 * "prepared" or "types", as "btfstage base" has made @path or can make a base
 * from it. NULL with @err set: neither, or not of @f's release. @f may be NULL.
 */
const char *find_kind(const struct find *f, const char *path, struct err *err);

#endif
