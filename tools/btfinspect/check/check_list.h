/* SPDX-License-Identifier: GPL-2.0-only */
/* The modules on a command line. */
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
 * Add the modules of @arg: a file; a directory, for the modules below it,
 * sorted by name; "-" for the names in @in, one on a line, where foo.o means
 * foo.ko. Links to directories are not followed. A name that does not exist is
 * added as it is.
 */
int __must_check check_list_add(struct check_list *list, const char *arg,
				FILE *in, struct err *err);

/*
 * All modules on a command line, at least one. After -1, there is nothing to
 * free.
 */
int __must_check check_list_args(struct check_list *list, char **args, int nr,
				 struct err *err);
void check_list_free(struct check_list *list);

#endif
