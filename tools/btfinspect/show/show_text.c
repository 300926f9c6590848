// SPDX-License-Identifier: GPL-2.0-only
#include <inttypes.h>
#include <string.h>

#include "../text/line.h"
#include "ids_walk.h"
#include "show.h"

struct view {
	const struct show *show;
	FILE *f;
};

static void put_field(FILE *f, const char *name)
{
	fprintf(f, "%-10s ", name);
}

static void put_section(FILE *f, const char *name,
			const struct section_size *size)
{
	put_field(f, name);
	if (size->nr)
		fprintf(f, "%" PRIu64 " bytes", size->size);
	else
		fputs("none", f);
	if (size->nr > 1)
		fprintf(f, " in %u sections", size->nr);
	putc('\n', f);
}

static void put_sections(const struct show *show, FILE *f)
{
	const struct module_info *info = show->info;

	put_section(f, ".BTF", &info->btf);
	put_section(f, ".BTF.base", &info->btf_base);
	put_section(f, ".BTF_ids", &info->btf_ids);
	put_section(f, ".debug_*", &info->debug);
}

static void put_problem(const struct module_info *info, FILE *f)
{
	if (info->status != REPORT_BAD)
		fputs("warning: ", f);
	line_put(f, info->problem);
	if (info->nr_errors + info->nr_warnings > 1)
		fprintf(f, " (errors: %u, warnings: %u)", info->nr_errors,
			info->nr_warnings);
}

static void put_status(const struct show *show, FILE *f)
{
	const struct module_info *info = show->info;

	put_field(f, "BTF");
	fputs(report_status_name(info->status), f);
	if (info->status == REPORT_NO_BTF)
		fprintf(f, ": %s", no_btf_text(info->why));
	if (info->problem) {
		fputs(info->status == REPORT_NO_BTF ? "; " : ": ", f);
		put_problem(info, f);
	}
	putc('\n', f);

	put_field(f, "base");
	if (show->base_path)
		line_put(f, show->base_path);
	else
		fputs("not given: what the types refer to is not checked", f);
	if (show->base_path && info->status == REPORT_GOOD)
		fputs(info->nr_warnings ? ": taken, with warnings" : ": fits",
		      f);
	else if (show->base_path && info->status == REPORT_BAD)
		fputs(": not taken", f);
	putc('\n', f);
}

static void put_types(const struct module_info *info, FILE *f)
{
	unsigned int kind;

	put_field(f, "types");
	fprintf(f, "%u of its own, %u bytes; strings, %u bytes\n",
		info->nr_types, info->types_len, info->strs_len);
	if (info->found_known) {
		put_field(f, "");
		fprintf(f, "%u found in the base\n", info->nr_found);
	}
	for (kind = 0; kind < NR_BTF_KINDS; kind++) {
		if (info->kinds[kind])
			fprintf(f, "  %8u %s\n", info->kinds[kind],
				btf_kinds[kind].name);
	}
}

/* ------------------------------------------------------------------------
 * .BTF_ids
 */

static void put_id(const struct view *v, uint32_t id)
{
	struct shown_type type;

	if (!id) {
		fputs("0, unresolved", v->f);
	} else if (show_find_type(v->show, id, &type)) {
		fprintf(v->f, "%u %s ", id, type.kind);
		line_put(v->f, type.name);
		fputs(type.own ? ", its own" : ", the base's", v->f);
	} else {
		fprintf(v->f, "%u%s", id, v->show->types->known ?
			", no type has this id" : "");
	}
}

static void put_row(void *arg, const struct ids_row *row)
{
	static const char * const indent[] = {
		[IDS_ROW_ID] = "  ",
		[IDS_ROW_SET] = "  ",
		[IDS_ROW_ELEMENT] = "      ",
		[IDS_ROW_NAME] = "      of ",
	};
	const struct ids_kind *kind = row->symbol->kind;
	const struct view *v = arg;
	char name[SHOW_NAME_MAX + 1];

	/* With the types at hand, names say nothing that is not there. */
	if (row->row == IDS_ROW_NAME && v->show->types->known)
		return;
	fputs(indent[row->row], v->f);
	if (row->row != IDS_ROW_ELEMENT) {
		show_symbol_name(row->symbol, name);
		fprintf(v->f, "%.*s ", ids_kind_len(kind), kind->prefix);
		line_put(v->f, name);
	}
	if (row->row == IDS_ROW_ID) {
		fputs(": ", v->f);
		put_id(v, row->id);
	} else if (row->row == IDS_ROW_ELEMENT) {
		put_id(v, row->id);
	} else if (row->row == IDS_ROW_SET) {
		fprintf(v->f, ": %u id%s", row->id, row->id == 1 ? "" : "s");
	}
	if (row->flags)
		fprintf(v->f, ", flags 0x%x", row->flags);
	putc('\n', v->f);
}

static int put_ids(const struct show *show, FILE *f, struct err *err)
{
	const struct module_info *info = show->info;
	struct view view = { .show = show, .f = f };
	struct err malformed;

	(void)err;
	if (!info->btf_ids.nr || !info->nr_ids)
		return 0;
	put_field(f, "ids");
	fprintf(f, "%u, %u unresolved\n", info->nr_ids,
		info->nr_ids_unresolved);
	if (ids_walk(show->ef, put_row, &view, &malformed) < 0)
		return err_set(err, info->path, "%s",
			       err_without_file(&malformed, info->path));
	return 0;
}

int show_text(const struct show *show, FILE *f, struct err *err)
{
	const struct module_info *info = show->info;

	line_put(f, info->path);
	putc('\n', f);
	if (info->name[0]) {
		put_field(f, "module");
		line_put(f, info->name);
		if (info->release[0])
			fputs(", for ", f);
		line_put(f, info->release);
		putc('\n', f);
	}
	if (show->ef)
		put_sections(show, f);
	put_status(show, f);
	if (info->btf.nr && info->btf.size)
		put_types(info, f);
	return show->ef ? put_ids(show, f, err) : 0;
}
