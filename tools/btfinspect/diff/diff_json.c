// SPDX-License-Identifier: GPL-2.0-only
#include <inttypes.h>

#include "../text/text.h"
#include "cdecl.h"
#include "diff.h"
#include "items.h"

static void put_sums(const struct sums *sums, const char *what, FILE *f)
{
	fprintf(f, "\"%s\":{\"old\":%zu,\"new\":%zu,\"added\":%zu,\"gone\":%zu,\"changed\":%zu}",
		what, sums->nr[0], sums->nr[1], sums->nr_new, sums->nr_gone,
		sums->nr_changed);
}

static void put_type(const struct side *s, uint32_t id, const char *name,
		     FILE *f)
{
	char text[CDECL_SIZE];

	cdecl_text(s, id, name, text);
	json_string(f, text);
}

static void put_item(const struct change *change, const struct side *s,
		     const struct item *item, FILE *f)
{
	if (!item) {
		fputs("null", f);
	} else if (change->what == CHANGE_ENUMERATOR) {
		fprintf(f, "%" PRId64, item->value);
	} else {
		fputs("{\"type\":", f);
		put_type(s, item->type, "", f);
		fprintf(f, ",\"offset_bits\":%" PRId64, item->value);
		if (item->bits)
			fprintf(f, ",\"bits\":%u", item->bits);
		putc('}', f);
	}
}

static void put_change(const struct compare *c, const struct difference *d,
		       const struct change *change, FILE *f)
{
	static const char * const whats[] = {
		[CHANGE_SIZE] = "size",
		[CHANGE_MEMBER] = "member",
		[CHANGE_ENUMERATOR] = "enumerator",
		[CHANGE_TYPE] = "type",
		[CHANGE_LINKAGE] = "linkage",
		[CHANGE_ENCODING] = "encoding",
		[CHANGE_KFUNC] = "kfunc",
		[CHANGE_FLAGS] = "flags",
		[CHANGE_OTHER] = "other",
	};
	const struct item *item = change->old ? change->old : change->new;
	uint32_t from = change->from, to = change->to;

	fprintf(f, "{\"what\":\"%s\"", whats[change->what]);
	switch (change->what) {
	case CHANGE_MEMBER:
	case CHANGE_ENUMERATOR:
		fputs(",\"name\":", f);
		json_string(f, item->name);
		fputs(",\"old\":", f);
		put_item(change, c->old, change->old, f);
		fputs(",\"new\":", f);
		put_item(change, c->new, change->new, f);
		break;
	case CHANGE_TYPE:
		if (d->thing != THING_FUNC) {
			from = side_type(c->old, from)->size_type;
			to = side_type(c->new, to)->size_type;
		}
		fputs(",\"old\":", f);
		put_type(c->old, from, d->name, f);
		fputs(",\"new\":", f);
		put_type(c->new, to, d->name, f);
		break;
	case CHANGE_OTHER:
		break;
	default:
		fprintf(f, ",\"old\":%u,\"new\":%u", from, to);
	}
	putc('}', f);
}

static int put_changes(const struct compare *c, const struct difference *d,
		       FILE *f, struct err *err)
{
	struct changes changes;
	size_t i;
	int ret;

	ret = changes_find(&changes, c, d, err);
	fputs(",\"changes\":[", f);
	for (i = 0; !ret && i < changes.nr; i++) {
		fputs(i ? "," : "", f);
		put_change(c, d, &changes.list[i], f);
	}
	putc(']', f);
	changes_free(&changes);
	return ret;
}

int diff_json(const struct compare *c, FILE *f, struct err *err)
{
	size_t i;

	fputs("\"summary\":{", f);
	put_sums(&c->types, "types", f);
	putc(',', f);
	put_sums(&c->funcs, "functions", f);
	putc(',', f);
	if (c->kfuncs_known)
		put_sums(&c->kfuncs, "kfuncs", f);
	else
		fputs("\"kfuncs\":null", f);
	putc(',', f);
	put_sums(&c->vars, "variables", f);
	fputs("},\"differences\":[", f);
	for (i = 0; i < c->nr; i++) {
		const struct difference *d = &c->list[i];

		fprintf(f, "%s\n{\"is\":\"%s\",\"kind\":\"%s\",\"name\":",
			i ? "," : "",
			!d->old ? "new" : d->new ? "changed" : "gone",
			d->kfunc ? "kfunc" : thing_name(d->thing));
		json_string(f, d->name);
		if (d->old && d->new && put_changes(c, d, f, err))
			return -1;
		putc('}', f);
	}
	putc(']', f);
	return 0;
}
