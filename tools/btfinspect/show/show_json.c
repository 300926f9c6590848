// SPDX-License-Identifier: GPL-2.0-only
#include <inttypes.h>

#include "../check/ids_walk.h"
#include "../text/text.h"
#include "show.h"

struct view {
	const struct show *show;
	FILE *f;
	const char *comma;	/* before the next symbol */
};

static void put_name(FILE *f, const struct ids_symbol *s)
{
	char name[SHOW_NAME_MAX + 1];

	show_symbol_name(s, name);
	fprintf(f, "\n{\"offset\":%" PRIu64 ",\"kind\":\"%.*s\",\"name\":",
		s->offset, show_kind_len(s), s->kind->prefix);
	json_string(f, name);
}

static void put_id(const struct view *v, uint64_t offset)
{
	const struct btf_layer *types = show_types(v->show);
	uint32_t id = ids_word(&v->show->module->ids, offset);
	const struct btf_type *t;
	char name[SHOW_NAME_MAX + 1];

	fprintf(v->f, "\"id\":%u", id);
	t = id && types ? layer_type(types, id) : NULL;
	if (!t)
		return;
	snprintf(name, sizeof(name), "%s", layer_name(types, t->name_off));
	fprintf(v->f, ",\"type\":{\"kind\":\"%s\",\"name\":",
		btf_kind_info(t)->name);
	json_string(v->f, name);
	fprintf(v->f, ",\"in\":\"%s\"}",
		id >= types->first_id ? "module" : "base");
}

static void put_flags(const struct view *v, const struct ids_symbol *set,
		      uint64_t offset)
{
	if (set->kind->set > IDS_WORD)
		fprintf(v->f, ",\"flags\":%u",
			ids_word(&v->show->module->ids, offset + IDS_WORD));
}

static void put_set(const struct view *v, const struct ids_symbol *set,
		    const struct ids_symbol *names, size_t nr_names)
{
	size_t nr = names ? set->size / set->kind->set : 0, i;

	fprintf(v->f, ",\"count\":%u",
		ids_word(&v->show->module->ids, set->offset));
	put_flags(v, set, set->offset);
	fputs(",\"ids\":[", v->f);
	for (i = 1; i < nr; i++) {
		uint64_t offset = set->offset + i * set->kind->set;

		fprintf(v->f, "%s\n{\"offset\":%" PRIu64 ",",
			i > 1 ? "," : "", offset);
		put_id(v, offset);
		put_flags(v, set, offset);
		putc('}', v->f);
	}
	fputs("],\"names\":[", v->f);
	for (i = 0; names && i < nr_names; i++) {
		fputs(i ? "," : "", v->f);
		put_name(v->f, &names[i]);
		putc('}', v->f);
	}
	putc(']', v->f);
}

static int put_symbol(void *arg, const struct ids_symbol *s,
		      const struct ids_symbol *names, size_t nr_names,
		      struct err *err)
{
	struct view *v = arg;

	(void)err;
	fputs(v->comma, v->f);
	v->comma = ",";
	put_name(v->f, s);
	if (s->kind->set) {
		put_set(v, s, names, nr_names);
	} else {
		putc(',', v->f);
		put_id(v, s->offset);
	}
	putc('}', v->f);
	return 0;
}

int show_json(const struct show *show, FILE *f, struct err *err)
{
	struct view view = { .show = show, .f = f, .comma = "" };
	int ret = 0;

	fputs("{\"base\":", f);
	json_string(f, show->base_path);
	putc(',', f);
	module_info_json(show->info, f);
	fputs(",\"btf_ids_entries\":[", f);
	if (show->info->nr_ids)
		ret = ids_walk(&show->module->ids, put_symbol, &view, err);
	fputs("]}\n", f);
	return ret;
}
