// SPDX-License-Identifier: GPL-2.0-only
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../../btfstage/btf/no_btf_mark.h"
#include "../../btfstage/ids/ids_symbols.h"
#include "../check/check.h"
#include "module_info.h"

static const struct {
	const char *name, *text;
} whys[NR_NO_BTF_WHY] = {
	[NO_BTF_OTHER] = { "", "" },
	[NO_BTF_BUILT_WITHOUT] = { "built-without-debug-info",
		"built without debug information" },
	[NO_BTF_NO_DEBUG] = { "no-debug-info",
		"has no debug information: built without, or stripped" },
	[NO_BTF_NOT_ENCODED] = { "not-encoded",
		"has debug information, of which no BTF was made" },
	[NO_BTF_NOT_ADDED] = { "not-added",
		"its types were encoded, but not added: was there a vmlinux?" },
};

const char *no_btf_text(enum no_btf_why why)
{
	return whys[why].text;
}

const char *no_btf_name(enum no_btf_why why)
{
	return whys[why].name;
}

/* The first one is kept, unless @status is worse than before. */
static int add_problem(struct module_info *info, enum report_status status,
		       const char *problem, struct err *err)
{
	if (status == REPORT_GOOD)
		info->nr_warnings++;
	else
		info->nr_errors++;
	if (info->problem && status == REPORT_GOOD)
		return 0;
	if (status != REPORT_GOOD)
		info->status = status;
	free(info->problem);
	info->problem = strdup(problem);
	return info->problem ? 0 : err_no_memory(err, info->path);
}

/*
 * What other functions say of this file becomes what is wrong with it, unless it
 * is for want of memory that they say so.
 */
static int add_err(struct module_info *info, enum report_status status,
		   const struct err *what, struct err *err)
{
	if (what->no_memory) {
		*err = *what;
		return -1;
	}
	return add_problem(info, status, err_without_file(what, info->path),
			   err);
}

static int find_section(const struct elf_file *ef, const char *name,
			struct section_size *size, struct elf_section *sec,
			struct err *err)
{
	int ret = elf_file_section(ef, name, sec, err);

	if (ret > 0)
		*size = (struct section_size){ 1, sec->size };
	return ret;
}

static bool starts_with(const char *s, const char *start)
{
	return !strncmp(s, start, strlen(start));
}

/* Relocations do not count: without what they are for they say nothing. */
static int find_debug(const struct elf_file *ef, struct section_size *debug,
		      struct err *err)
{
	size_t i;

	if (ef->shstrndx == SHN_UNDEF)
		return 0;
	for (i = 1; i < ef->shnum; i++) {
		const char *name;
		GElf_Shdr shdr;

		if (elf_file_shdr(ef, i, &shdr, err))
			return -1;
		name = elf_strptr(ef->elf, ef->shstrndx, shdr.sh_name);
		if (!name || shdr.sh_type == SHT_NOBITS ||
		    !file_in_bytes(ef->in, shdr.sh_offset, shdr.sh_size))
			continue;
		if (starts_with(name, ".debug_") ||
		    starts_with(name, ".zdebug_")) {
			debug->nr++;
			debug->size += shdr.sh_size;
		}
	}
	return 0;
}

/*
 * An id is resolved when it is not 0. Those of a set are sorted, and need not
 * be where their symbols say; but taken together they are.
 */
static int count_ids(struct module_info *info, const struct elf_file *ef,
		     struct err *err)
{
	struct ids_symbols ids;
	struct err what;
	size_t i;
	int rc;

	rc = ids_symbols_read(&ids, ef, &what);
	if (rc < 0)
		return add_err(info, REPORT_GOOD, &what, err);
	if (!rc)
		return 0;
	for (i = 0; i < ids.nr_ids; i++) {
		uint32_t word;

		memcpy(&word, ids.sec.data + ids.symbols[i].offset,
		       sizeof(word));
		info->nr_ids++;
		info->nr_ids_unresolved += !word;
	}
	ids_symbols_free(&ids);
	return 0;
}

static int count_types(struct module_info *info, const struct elf_section *sec,
		       struct err *err)
{
	struct btf btf;
	struct err what;
	uint32_t id;
	int ret = 0;

	if (btf_open_baseless(&btf, info->path, sec->data, sec->size, &what)) {
		ret = add_err(info, REPORT_BAD, &what, err);
		goto out_free;
	}
	info->nr_types = btf.nr_types;
	info->types_len = btf.types_len;
	info->strs_len = btf.strs_len;
	for (id = 1; id <= btf.nr_types; id++)
		info->kinds[btf_kind(btf_type(&btf, id))]++;

out_free:
	btf_free(&btf);
	return ret;
}

/* A kernel that does not look at it takes one that is bad. */
static int read_distilled(struct module_info *info,
			  const struct elf_section *sec, struct err *err)
{
	struct btf btf;
	struct err what;
	int ret = 0;

	if (btf_open(&btf, info->path, sec->data, sec->size, &what) ||
	    btf_check(&btf, &what))
		ret = add_err(info, REPORT_GOOD, &what, err);
	btf_free(&btf);
	return ret;
}

/* ------------------------------------------------------------------------
 * FOO.ko.btf, when it is there: a build leaves it beside FOO.ko
 */

enum beside {
	BESIDE_NOTHING,
	BESIDE_MARK,		/* there is no debug information */
	BESIDE_TYPES,
};

/*
 * That it is no good is not the module's fault: -1 (with @err set) means that
 * memory has run out.
 */
static int read_beside(const char *path, enum beside *beside,
		       uint32_t *nr_types, struct err *err)
{
	struct btf btf = { 0 };
	struct file_in in;

	*beside = BESIDE_NOTHING;
	*nr_types = 0;
	if (file_in_open(&in, path, err))
		return err->no_memory ? -1 : 0;
	err->no_memory = false;
	if (no_btf_mark(&in)) {
		*beside = BESIDE_MARK;
	} else if (!in.size) {
		/* A module that has no types */
		*beside = BESIDE_TYPES;
	} else if (!btf_open(&btf, path, in.data, in.size, err) &&
		   !btf_check(&btf, err)) {
		*nr_types = btf.nr_types;
		*beside = BESIDE_TYPES;
	}
	btf_free(&btf);
	file_in_close(&in);
	return err->no_memory ? -1 : 0;
}

static int look_beside(struct module_info *info, struct err *err)
{
	enum beside beside;
	uint32_t nr_types;
	char *path;
	int ret;

	if (asprintf(&path, "%s.btf", info->path) < 0)
		return err_no_memory(err, info->path);
	ret = read_beside(path, &beside, &nr_types, err);
	free(path);
	if (ret)
		return -1;
	if (info->status == REPORT_GOOD) {
		/* Fewer types than .BTF has: it is that of another build. */
		info->found_known = beside == BESIDE_TYPES &&
				    nr_types >= info->nr_types;
		if (info->found_known)
			info->nr_found = nr_types - info->nr_types;
	} else if (info->status == REPORT_NO_BTF) {
		if (beside == BESIDE_MARK)
			info->why = NO_BTF_BUILT_WITHOUT;
		else if (beside == BESIDE_TYPES)
			info->why = NO_BTF_NOT_ADDED;
		else if (info->debug.nr)
			info->why = NO_BTF_NOT_ENCODED;
		else
			info->why = NO_BTF_NO_DEBUG;
	}
	return 0;
}

/* ------------------------------------------------------------------------
 * All of it
 */

/* What @base makes of a module that is good as far as that goes without it */
static int check_on_base(struct module_info *info, const struct base *base,
			 struct err *err)
{
	struct check_options opts = { .base = base };
	struct report report;
	int ret = 0;

	check_module(info->path, &opts, &report);
	if (report.status == REPORT_BAD || report.status == REPORT_UNREADABLE ||
	    (report.nr_warnings && info->status == REPORT_GOOD)) {
		const char *what = "out of memory";

		if (report.nr_kept && report.problems[0].message)
			what = report.problems[0].message;
		/* Those that were found before are among these. */
		free(info->problem);
		info->problem = NULL;
		ret = add_problem(info, report.status, what, err);
		info->nr_errors = report.nr_errors;
		info->nr_warnings = report.nr_warnings;
	}
	report_free(&report);
	return ret;
}

static int read_sections(struct module_info *info, const struct module_file *m,
			 struct err *err)
{
	struct elf_section sec, base, ids;
	struct err what;
	int has_btf, has_base;

	has_btf = find_section(&m->ef, ".BTF", &info->btf, &sec, &what);
	if (has_btf < 0)
		return add_err(info, REPORT_BAD, &what, err);
	has_base = find_section(&m->ef, ".BTF.base", &info->btf_base, &base,
				&what);
	if (has_base < 0 || find_debug(&m->ef, &info->debug, &what))
		return add_err(info, REPORT_BAD, &what, err);
	if (has_base && read_distilled(info, &base, err))
		return -1;
	/* The kernel takes a malformed one: so it is no more than a warning. */
	if (find_section(&m->ef, ".BTF_ids", &info->btf_ids, &ids,
			 &what) < 0) {
		if (add_err(info, REPORT_GOOD, &what, err))
			return -1;
	} else if (count_ids(info, &m->ef, err)) {
		return -1;
	}
	if (!has_btf || !sec.size) {
		info->status = REPORT_NO_BTF;
		return 0;
	}
	return count_types(info, &sec, err);
}

int module_info_read(struct module_info *info, const char *path,
		     const struct base *base, struct err *err)
{
	struct module_file m;
	struct err what;
	int ret;

	*info = (struct module_info){ .path = path };
	switch (module_file_open(&m, path, &what)) {
	case MODULE_OPEN:
		break;
	case MODULE_MALFORMED:
		return add_err(info, REPORT_BAD, &what, err);
	case MODULE_UNREADABLE:
	default:
		return add_err(info, REPORT_UNREADABLE, &what, err);
	}
	snprintf(info->name, sizeof(info->name), "%s", m.name);
	snprintf(info->release, sizeof(info->release), "%s", m.release);
	ret = read_sections(info, &m, err);
	module_file_close(&m);
	if (ret)
		return -1;
	if (base && info->status != REPORT_NO_BTF &&
	    check_on_base(info, base, err))
		return -1;
	return look_beside(info, err);
}

void module_info_free(struct module_info *info)
{
	free(info->problem);
	info->problem = NULL;
}
