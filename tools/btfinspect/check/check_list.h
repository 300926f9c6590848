/* SPDX-License-Identifier: GPL-2.0-only */
/* The modules that a command line names. */
#ifndef BTFINSPECT_CHECK_LIST_H
#define BTFINSPECT_CHECK_LIST_H

#include <stddef.h>
#include <stdio.h>

#include "../../btfstage/io/err.h"

struct check_list {
	char **paths;
	size_t nr;
	size_t max;
};

/*
 * Add what @arg stands for: a file; a directory, for the modules below it in
 * the order of their names; "-" for the names in @in, one a line, where a
 * foo.o stands for foo.ko. Links to directories are not followed. A name that
 * is not there is added as it is.
 */
int __must_check check_list_add(struct check_list *list, const char *arg,
				FILE *in, struct err *err);

/* All that a command line names: one at least. Nothing is to be freed after -1. */
int __must_check check_list_args(struct check_list *list, char **args, int nr,
				 struct err *err);
void check_list_free(struct check_list *list);

#endif
