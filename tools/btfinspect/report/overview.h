/* SPDX-License-Identifier: GPL-2.0-only */
/* All modules of a build: "btfinspect report". */
#ifndef BTFINSPECT_OVERVIEW_H
#define BTFINSPECT_OVERVIEW_H

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "../../btfstage/base/base.h"
#include "../../btfstage/io/err.h"
#include "../check/check_list.h"
#include "../show/module_info.h"

struct overview {
	const char *dir;	/* NULL: more than one */
	const char *base_path;	/* NULL: no base was given */
	struct module_info *modules;
	size_t nr;

	/* Sums over all modules */
	size_t nr_status[NR_REPORT_STATUS];
	size_t nr_why[NR_NO_BTF_WHY];
	size_t nr_nameless[NR_NAMELESS];
	size_t nr_with_warnings;
	uint64_t btf_size;	/* of .BTF, in bytes */
	uint64_t nr_types;
	uint64_t nr_found;
	size_t nr_found_known;	/* modules in the sum @nr_found */
	uint64_t nr_ids;
	uint64_t nr_ids_unresolved;
	size_t nr_with_unresolved;	/* modules */
};

enum overview_sort {
	SORT_BY_NAME,
	SORT_BY_SIZE,		/* largest first, then by name */
};

/* Of @list, whose paths must outlive @ov. Call overview_free() in any case. */
int __must_check overview_read(struct overview *ov,
			       const struct check_list *list,
			       const struct base *base, struct err *err);
void overview_free(struct overview *ov);

void overview_sort(struct overview *ov, enum overview_sort by);

/* A module's path, without the directory common to all. */
const char *overview_name(const struct overview *ov,
			  const struct module_info *info);

/*
 * Why a module has no BTF, what is wrong with it, or why its types have no
 * names. NULL if there is nothing to say.
 */
const char *overview_why(const struct module_info *info);

void overview_text(const struct overview *ov, FILE *f);

/* Print the numbers. */
void overview_text_summary(const struct overview *ov, FILE *f);

/* Print one document. */
void overview_json(const struct overview *ov, FILE *f);

/* report.html, see overview_json.c */
extern const char report_page[];

/* Print a page that needs no other file, initially sorted as here. */
void overview_html(const struct overview *ov, enum overview_sort by, FILE *f);

#endif
