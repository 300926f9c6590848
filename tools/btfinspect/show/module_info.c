// SPDX-License-Identifier: GPL-2.0-only
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "../../btfstage/btf/no_btf_mark.h"
#include "../text/text.h"
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
		"has debug information, but no BTF was made from it" },
	[NO_BTF_NOT_ADDED] = { "not-added",
		"its types were encoded, but not added (no vmlinux?)" },
};

const char *no_btf_text(enum no_btf_why why)
{
	return whys[why].text;
}

const char *no_btf_name(enum no_btf_why why)
{
	return whys[why].name;
}

/* ------------------------------------------------------------------------
 * Sections: the check has already reported what cannot be read
 */

static void find_section(const struct elf_file *ef, const char *name,
			 struct section_size *size)
{
	struct elf_section sec;
	struct err err;

	if (elf_file_section(ef, name, &sec, &err) > 0)
		*size = (struct section_size){ 1, sec.size };
}

static bool starts_with(const char *s, const char *start)
{
	return !strncmp(s, start, strlen(start));
}

/* Do not count relocations of debug sections. */
static void find_debug(const struct elf_file *ef, struct section_size *debug)
{
	struct err err;
	size_t i;

	if (ef->shstrndx == SHN_UNDEF)
		return;
	for (i = 1; i < ef->shnum; i++) {
		const char *name;
		GElf_Shdr shdr;

		if (elf_file_shdr(ef, i, &shdr, &err))
			return;
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
}

/*
 * An id that is not 0 was resolved. The ids of a set are sorted, so they are
 * counted together.
 */
static void count_ids(struct module_info *info, const struct ids_symbols *ids)
{
	size_t i;

	for (i = 0; i < ids->nr_ids; i++) {
		info->nr_ids++;
		info->nr_ids_unresolved += !ids_word(ids, ids->symbols[i].offset);
	}
}

static void count_types(struct module_info *info,
			const struct btf_layer *layer)
{
	uint32_t i;

	info->nr_types = layer->nr;
	info->types_len = layer->words_len;
	info->strs_len = layer->strs_len;
	for (i = 0; i < layer->nr; i++)
		info->kinds[btf_kind(layer_type(layer, layer->first_id + i))]++;
}

/* ------------------------------------------------------------------------
 * A module's types as pahole encoded them: beside FOO.ko, in FOO.no-btf.ko.btf,
 * or FOO.ko.no-btf.btf for an external module.
 */

enum beside {
	BESIDE_NOTHING,
	BESIDE_MARK,		/* there is no debug information */
	BESIDE_TYPES,
};

/*
 * Ignore errors in this file, since the module can be good. -1 (with @err set):
 * out of memory.
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
	static const char *const ends[] = {
		".no-btf.ko.btf", ".ko.no-btf.btf", NULL
	};
	size_t i, len = strlen(info->path);
	enum beside beside = BESIDE_NOTHING;
	uint32_t nr_types = 0;

	if (len > 3 && !strcmp(info->path + len - 3, ".ko"))
		len -= 3;
	for (i = 0; ends[i] && beside == BESIDE_NOTHING; i++) {
		char *path;
		int ret;

		if (asprintf(&path, "%.*s%s", (int)len, info->path,
			     ends[i]) < 0)
			return err_no_memory(err, info->path);
		ret = read_beside(path, &beside, &nr_types, err);
		free(path);
		if (ret)
			return -1;
	}
	if (info->status == REPORT_GOOD) {
		/* Fewer types than in .BTF: the file is from another build. */
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

/* The first problem that is not a note */
static const struct problem *first_problem(const struct report *r)
{
	uint32_t i;

	for (i = 0; i < r->nr_kept; i++) {
		if (r->problems[i].severity != SEVERITY_NOTE)
			return &r->problems[i];
	}
	return NULL;
}

int module_info_fill(struct module_info *info, const struct checked *m,
		     struct err *err)
{
	const struct report *r = m->report;
	const struct problem *problem = first_problem(r);

	*info = (struct module_info){
		.path = r->path,
		.status = r->status,
		.nr_errors = r->nr_errors,
		.nr_warnings = r->nr_warnings,
	};
	if (problem) {
		info->problem = strdup(problem->message ? problem->message :
							  "out of memory");
		if (!info->problem)
			return err_no_memory(err, info->path);
	}
	if (!m->open)
		return 0;
	if (info->status == REPORT_GOOD)
		info->nameless = m->nameless;
	snprintf(info->name, sizeof(info->name), "%s", m->file.name);
	snprintf(info->release, sizeof(info->release), "%s", m->file.release);
	find_section(&m->file.ef, ".BTF", &info->btf);
	find_section(&m->file.ef, ".BTF.base", &info->btf_base);
	find_section(&m->file.ef, ".BTF_ids", &info->btf_ids);
	find_debug(&m->file.ef, &info->debug);
	count_ids(info, &m->ids);
	count_types(info, &m->btf.layer);
	return look_beside(info, err);
}

int module_info_read(struct module_info *info, const char *path,
		     const struct base *base, struct err *err)
{
	struct check_options opts = { .base = base };
	struct report report;
	struct checked m;
	int ret;

	check_open(&m, path, &opts, &report);
	ret = module_info_fill(info, &m, err);
	check_close(&m);
	report_free(&report);
	return ret;
}

void module_info_free(struct module_info *info)
{
	free(info->problem);
	info->problem = NULL;
}

/* ------------------------------------------------------------------------
 * As JSON
 */

static void put_section(FILE *f, const char *name,
			const struct section_size *size)
{
	fprintf(f, "\"%s\":", name);
	if (size->nr)
		fprintf(f, "%" PRIu64, size->size);
	else
		fputs("null", f);
}

static void put_types(const struct module_info *info, FILE *f)
{
	const char *comma = "";
	unsigned int kind;

	fprintf(f, ",\"types\":%u,\"types_bytes\":%u,\"strings_bytes\":%u,\"kinds\":{",
		info->nr_types, info->types_len, info->strs_len);
	for (kind = 0; kind < NR_BTF_KINDS; kind++) {
		if (!info->kinds[kind])
			continue;
		fprintf(f, "%s\"%s\":%u", comma, btf_kinds[kind].name,
			info->kinds[kind]);
		comma = ",";
	}
	putc('}', f);
	if (info->found_known)
		fprintf(f, ",\"types_found\":%u", info->nr_found);
}

void module_info_json(const struct module_info *info, FILE *f)
{
	fputs("\"file\":", f);
	json_string(f, info->path);
	if (info->name[0]) {
		fputs(",\"module\":", f);
		json_string(f, info->name);
	}
	if (info->release[0]) {
		fputs(",\"release\":", f);
		json_string(f, info->release);
	}
	fprintf(f, ",\"status\":\"%s\"", report_status_name(info->status));
	if (info->status == REPORT_NO_BTF)
		fprintf(f, ",\"why\":\"%s\"", no_btf_name(info->why));
	if (info->nameless)
		fprintf(f, ",\"nameless\":\"%s\"",
			nameless_name(info->nameless));
	fprintf(f, ",\"errors\":%u,\"warnings\":%u", info->nr_errors,
		info->nr_warnings);
	if (info->problem) {
		fputs(",\"problem\":", f);
		json_string(f, info->problem);
	}
	fputs(",\"sections\":{", f);
	put_section(f, ".BTF", &info->btf);
	putc(',', f);
	put_section(f, ".BTF.base", &info->btf_base);
	putc(',', f);
	put_section(f, ".BTF_ids", &info->btf_ids);
	putc(',', f);
	put_section(f, ".debug_*", &info->debug);
	putc('}', f);
	put_types(info, f);
	fprintf(f, ",\"ids\":%u,\"ids_unresolved\":%u", info->nr_ids,
		info->nr_ids_unresolved);
}
