/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Facts about a module's BTF: sizes, kinds of types, and why there is none.
 */
#ifndef BTFINSPECT_MODULE_INFO_H
#define BTFINSPECT_MODULE_INFO_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "../../btfstage/btf/btf.h"
#include "../../btfstage/io/err.h"
#include "../check/check.h"

/* Why a module has no BTF, from the module and the files beside it. */
enum no_btf_why {
	NO_BTF_OTHER,		/* it has BTF, or cannot be read */
	NO_BTF_BUILT_WITHOUT,	/* says the file of its build */
	NO_BTF_NO_DEBUG,	/* no debug information, or stripped */
	NO_BTF_NOT_ENCODED,	/* it has, but no BTF was made */
	NO_BTF_NOT_ADDED,	/* its types were encoded, not added */
	NR_NO_BTF_WHY
};

/* One or several sections, none if @nr is 0. */
struct section_size {
	uint32_t nr;
	uint64_t size;		/* in the file, in bytes */
};

struct module_info {
	const char *path;	/* the caller's */
	char name[64];		/* in the kernel; these two may be "" */
	char release[64];
	enum report_status status;
	enum no_btf_why why;
	enum nameless nameless;
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
	uint32_t nr_found;	/* of these, found in the base */

	uint32_t nr_ids;	/* in .BTF_ids */
	uint32_t nr_ids_unresolved;	/* of these, 0 */
};

/*
 * For a module that has been checked. The caller frees @info in any case. -1
 * (with @err set): out of memory.
 */
int __must_check module_info_fill(struct module_info *info,
				  const struct checked *m, struct err *err);

/*
 * The same for the module @path, which must outlive @info. It is checked
 * against @base, which may be NULL.
 */
int __must_check module_info_read(struct module_info *info, const char *path,
				  const struct base *base, struct err *err);
void module_info_free(struct module_info *info);

/* Print all of it as members of a JSON object, without braces. */
void module_info_json(const struct module_info *info, FILE *f);

/* For people: "built without debug information" */
const char *no_btf_text(enum no_btf_why why);

/* For programs: "built-without-debug-info" */
const char *no_btf_name(enum no_btf_why why);

#endif
