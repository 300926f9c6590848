// SPDX-License-Identifier: GPL-2.0-only
#include <inttypes.h>

#include "../text/json.h"
#include "ids_walk.h"
#include "module_json.h"
#include "show.h"

/* Where in the array of ids the last row has left us */
enum inside {
	INSIDE_ARRAY,
	INSIDE_SET_IDS,
	INSIDE_SET_NAMES,
};

struct view {
	const struct show *show;
	FILE *f;
	enum inside inside;
	bool first;		/* of what we are inside of */
};

static void put_comma(struct view *v)
{
	if (!v->first)
		putc(',', v->f);
	v->first = false;
}

static void end_set(struct view *v)
{
	if (v->inside == INSIDE_SET_IDS)
		fputs("],\"names\":[]}", v->f);
	else if (v->inside == INSIDE_SET_NAMES)
		fputs("]}", v->f);
	if (v->inside != INSIDE_ARRAY)
		v->first = false;
	v->inside = INSIDE_ARRAY;
}

static void put_symbol(struct view *v, const struct ids_row *row)
{
	const struct ids_kind *kind = row->symbol->kind;
	char name[SHOW_NAME_MAX + 1];

	show_symbol_name(row->symbol, name);
	fprintf(v->f, "\"kind\":\"%.*s\",\"name\":", ids_kind_len(kind),
		kind->prefix);
	json_string(v->f, name);
}

static void put_type(struct view *v, uint32_t id)
{
	struct shown_type type;

	fprintf(v->f, ",\"id\":%u", id);
	if (!show_find_type(v->show, id, &type))
		return;
	fprintf(v->f, ",\"type\":{\"kind\":\"%s\",\"name\":", type.kind);
	json_string(v->f, type.name);
	fprintf(v->f, ",\"in\":\"%s\"}", type.own ? "module" : "base");
}

static void put_row(void *arg, const struct ids_row *row)
{
	bool has_flags = row->symbol->kind->set > IDS_WORD;
	struct view *v = arg;

	if (row->row == IDS_ROW_ID || row->row == IDS_ROW_SET)
		end_set(v);
	if (row->row == IDS_ROW_NAME && v->inside == INSIDE_SET_IDS) {
		fputs("],\"names\":[", v->f);
		v->inside = INSIDE_SET_NAMES;
		v->first = true;
	}
	put_comma(v);
	fprintf(v->f, "\n{\"offset\":%" PRIu64, row->offset);
	if (row->row != IDS_ROW_ELEMENT) {
		putc(',', v->f);
		put_symbol(v, row);
	}
	if (row->row == IDS_ROW_ID || row->row == IDS_ROW_ELEMENT)
		put_type(v, row->id);
	if (row->row == IDS_ROW_SET)
		fprintf(v->f, ",\"count\":%u", row->id);
	if (has_flags)
		fprintf(v->f, ",\"flags\":%u", row->flags);
	if (row->row == IDS_ROW_SET) {
		fputs(",\"ids\":[", v->f);
		v->inside = INSIDE_SET_IDS;
		v->first = true;
	} else {
		putc('}', v->f);
	}
}

int show_json(const struct show *show, FILE *f, struct err *err)
{
	struct view view = { .show = show, .f = f, .first = true };
	const struct module_info *info = show->info;
	struct err malformed;
	int ret = 0;

	fputs("{\"base\":", f);
	json_string(f, show->base_path);
	putc(',', f);
	module_json_fields(info, f);
	fputs(",\"btf_ids_entries\":[", f);
	if (show->ef && info->nr_ids &&
	    ids_walk(show->ef, put_row, &view, &malformed) < 0)
		ret = err_set(err, info->path, "%s",
			      err_without_file(&malformed, info->path));
	end_set(&view);
	fputs("]}\n", f);
	return ret;
}
