/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What there is to know about a module's BTF, as numbers: how much of it there
 * is, of what kinds, and when there is none, why.
 */
#ifndef BTFINSPECT_MODULE_INFO_H
#define BTFINSPECT_MODULE_INFO_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "../../btfstage/btf/btf.h"
#include "../../btfstage/io/err.h"
#include "../check/check.h"

/* Why a module has no BTF, as far as it and the files beside it tell. */
enum no_btf_why {
	NO_BTF_OTHER,		/* it has some, or cannot be read */
	NO_BTF_BUILT_WITHOUT,	/* so its build says */
	NO_BTF_NO_DEBUG,	/* it has no debug information (any more) */
	NO_BTF_NOT_ENCODED,	/* it has, nobody made BTF of it */
	NO_BTF_NOT_ADDED,	/* its types were encoded */
	NR_NO_BTF_WHY
};

/* A section, or several: none when @nr is 0. */
struct section_size {
	uint32_t nr;
	uint64_t size;		/* in bytes, as they are in the file */
};

struct module_info {
	const char *path;	/* the caller's */
	char name[64];		/* in the kernel; these two may be "" */
	char release[64];
	enum report_status status;
	enum no_btf_why why;
	char *problem;		/* the first one, NULL: none */
	uint32_t nr_errors;
	uint32_t nr_warnings;

	struct section_size btf;	/* .BTF */
	struct section_size btf_base;	/* .BTF.base */
	struct section_size btf_ids;	/* .BTF_ids */
	struct section_size debug;	/* .debug_* */

	/* Of .BTF */
	uint32_t nr_types;
	uint32_t kinds[NR_BTF_KINDS];
	uint32_t types_len;	/* in bytes, and so for strings */
	uint32_t strs_len;

	bool found_known;	/* its types are beside it */
	uint32_t nr_found;	/* types of that which .BTF does without */

	uint32_t nr_ids;	/* in .BTF_ids */
	uint32_t nr_ids_unresolved;	/* of these, 0 */
};

/*
 * Of a module that has been checked, to be freed whatever is returned: -1 (with
 * @err set) means that memory has run out.
 */
int __must_check module_info_fill(struct module_info *info,
				  const struct checked *m, struct err *err);

/*
 * The same for the module @path, which has to outlive @info, and which is checked
 * with a @base, or without one (NULL) as far as that goes.
 */
int __must_check module_info_read(struct module_info *info, const char *path,
				  const struct base *base, struct err *err);
void module_info_free(struct module_info *info);

/* All of it, as the members of a JSON object without braces. */
void module_info_json(const struct module_info *info, FILE *f);

/* For people: "built without debug information" */
const char *no_btf_text(enum no_btf_why why);

/* For programs: "built-without-debug-info" */
const char *no_btf_name(enum no_btf_why why);

#endif
