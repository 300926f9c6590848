// SPDX-License-Identifier: GPL-2.0-only
#include <inttypes.h>

#include "../check/ids_walk.h"
#include "../text/text.h"
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

static void put_sections(const struct module_info *info, FILE *f)
{
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
	if (info->nameless)
		fprintf(f, "has no type of its own with a name: %s",
			nameless_text(info->nameless));
	else
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

static void put_id(const struct view *v, uint64_t offset)
{
	const struct btf_layer *types = show_types(v->show);
	uint32_t id = ids_word(&v->show->module->ids, offset);
	const struct btf_type *t;
	char name[SHOW_NAME_MAX + 1];

	fprintf(v->f, "%u", id);
	t = types ? layer_type(types, id) : NULL;
	if (!id) {
		fputs(", unresolved", v->f);
	} else if (t) {
		snprintf(name, sizeof(name), "%s",
			 layer_name(types, t->name_off));
		fprintf(v->f, " %s ", btf_kind_info(t)->name);
		line_put(v->f, name);
		fputs(id >= types->first_id ? ", its own" : ", the base's",
		      v->f);
	} else if (types) {
		fputs(", no type has this id", v->f);
	}
}

static void put_name(FILE *f, const char *indent, const struct ids_symbol *s)
{
	char name[SHOW_NAME_MAX + 1];

	show_symbol_name(s, name);
	fprintf(f, "%s%.*s ", indent, show_kind_len(s), s->kind->prefix);
	line_put(f, name);
}

/* The end of a line */
static void put_flags(const struct view *v, const struct ids_symbol *set,
		      uint64_t offset)
{
	uint32_t flags = 0;

	if (set->kind->set > IDS_WORD)
		flags = ids_word(&v->show->module->ids, offset + IDS_WORD);
	if (flags)
		fprintf(v->f, ", flags 0x%x", flags);
	putc('\n', v->f);
}

static void put_set(const struct view *v, const struct ids_symbol *set,
		    const struct ids_symbol *names, size_t nr_names)
{
	uint32_t count = ids_word(&v->show->module->ids, set->offset);
	size_t nr = set->size / set->kind->set, i;

	fprintf(v->f, ": %u id%s", count, count == 1 ? "" : "s");
	put_flags(v, set, set->offset);
	if (!names)
		return;
	for (i = 1; i < nr; i++) {
		uint64_t offset = set->offset + i * set->kind->set;

		fputs("      ", v->f);
		put_id(v, offset);
		put_flags(v, set, offset);
	}
	/* If the types are known, they have the names. */
	if (show_types(v->show))
		return;
	for (i = 0; i < nr_names; i++) {
		put_name(v->f, "      of ", &names[i]);
		putc('\n', v->f);
	}
}

static int put_symbol(void *arg, const struct ids_symbol *s,
		      const struct ids_symbol *names, size_t nr_names,
		      struct err *err)
{
	const struct view *v = arg;

	(void)err;
	put_name(v->f, "  ", s);
	if (s->kind->set) {
		put_set(v, s, names, nr_names);
	} else {
		fputs(": ", v->f);
		put_id(v, s->offset);
		putc('\n', v->f);
	}
	return 0;
}

static int put_ids(const struct show *show, FILE *f, struct err *err)
{
	const struct module_info *info = show->info;
	struct view view = { .show = show, .f = f };

	if (!info->nr_ids)
		return 0;
	put_field(f, "ids");
	fprintf(f, "%u, %u unresolved\n", info->nr_ids,
		info->nr_ids_unresolved);
	return ids_walk(&show->module->ids, put_symbol, &view, err);
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
	if (show->module->open)
		put_sections(info, f);
	put_status(show, f);
	if (info->btf.nr && info->btf.size)
		put_types(info, f);
	return put_ids(show, f, err);
}
