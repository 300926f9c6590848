// SPDX-License-Identifier: GPL-2.0-only
#include <inttypes.h>
#include <string.h>

#include "../text/text.h"
#include "cdecl.h"
#include "diff.h"
#include "items.h"

/* At least so many members that moved by the same offset are one line. */
#define MIN_MOVED	3

static void put_sums(const struct sums *sums, const char *what,
		     const char *indent, FILE *f)
{
	if (!sums->nr[0] && !sums->nr[1])
		return;
	fprintf(f, "%s%-10s %zu new, %zu gone, %zu changed; ", indent, what,
		sums->nr_new, sums->nr_gone, sums->nr_changed);
	fprintf(f, "there were %zu, there are %zu\n", sums->nr[0], sums->nr[1]);
}

void diff_text_sums(const struct compare *c, const char *indent, FILE *f)
{
	put_sums(&c->types, "types", indent, f);
	put_sums(&c->funcs, "functions", indent, f);
	if (c->kfuncs_known)
		put_sums(&c->kfuncs, "kfuncs", indent, f);
	put_sums(&c->vars, "variables", indent, f);
}

static void put_type(const struct side *s, uint32_t id, const char *name,
		     FILE *f)
{
	char text[CDECL_SIZE];

	cdecl_text(s, id, name, text);
	line_put(f, text);
}

/* The declaration of something new or gone */
static void put_whole(const struct side *s, const struct difference *d,
		      uint32_t id, FILE *f)
{
	const struct btf_type *t = side_type(s, id);

	switch (d->thing) {
	case THING_FUNC:
	case THING_VAR:
		put_type(s, d->thing == THING_VAR ? t->size_type : id, d->name,
			 f);
		break;
	case THING_TYPEDEF:
		put_type(s, t->size_type, d->name, f);
		break;
	default:
		line_put(f, d->name);
		fprintf(f, ", %u bytes", t->size_type);
	}
}

static void put_offset(const struct item *item, FILE *f)
{
	fprintf(f, " at %" PRId64, item->value / 8);
	if (item->value % 8)
		fprintf(f, ":%" PRId64, item->value % 8);
}

static void put_member(const struct side *s, const struct item *item, FILE *f)
{
	put_type(s, item->type, item->name, f);
	if (item->bits)
		fprintf(f, ":%u", item->bits);
	put_offset(item, f);
}

static bool is_move(const struct compare *c, const struct change *change)
{
	char old[CDECL_SIZE], new[CDECL_SIZE];

	if (change->what != CHANGE_MEMBER || !change->old || !change->new ||
	    change->old->bits != change->new->bits ||
	    change->old->value == change->new->value)
		return false;
	cdecl_text(c->old, change->old->type, "", old);
	cdecl_text(c->new, change->new->type, "", new);
	return !strcmp(old, new);
}

/* Number of members from @change on that moved by the same offset */
static size_t count_moved(const struct compare *c, const struct change *change,
			  size_t nr)
{
	size_t i;

	for (i = 0; i < nr && is_move(c, change + i); i++)
		if (change[i].new->value - change[i].old->value !=
		    change->new->value - change->old->value)
			break;
	return i;
}

static void put_moved(const struct change *change, size_t nr,
		      const char *indent, FILE *f)
{
	int64_t by = change->new->value - change->old->value;

	fprintf(f, "%s    ! %zu members, ", indent, nr);
	line_put(f, change->old->name);
	fputs(" to ", f);
	line_put(f, change[nr - 1].old->name);
	if (by % 8)
		fprintf(f, ": moved by %+" PRId64 " bits\n", by);
	else
		fprintf(f, ": moved by %+" PRId64 "\n", by / 8);
}

static void put_member_change(const struct compare *c,
			      const struct change *change, FILE *f)
{
	if (!change->new) {
		fputs("- ", f);
		put_member(c->old, change->old, f);
	} else if (!change->old) {
		fputs("+ ", f);
		put_member(c->new, change->new, f);
	} else {
		fputs("! ", f);
		put_member(c->old, change->old, f);
		fputs(" ->", f);
		if (is_move(c, change)) {
			put_offset(change->new, f);
			return;
		}
		putc(' ', f);
		put_member(c->new, change->new, f);
	}
}

static void put_enumerator(const struct change *change, FILE *f)
{
	const struct item *item = change->old ? change->old : change->new;

	fputs(change->old && change->new ? "! " : change->old ? "- " : "+ ", f);
	line_put(f, item->name);
	fprintf(f, " = %" PRId64, item->value);
	if (change->old && change->new)
		fprintf(f, " -> %" PRId64, change->new->value);
}

static void put_change(const struct compare *c, const struct difference *d,
		       const struct change *change, FILE *f)
{
	static const char * const linkages[] = { "static", "global", "extern" };
	bool is_type = d->thing == THING_TYPEDEF || d->thing == THING_VAR;
	uint32_t from = change->from, to = change->to;

	switch (change->what) {
	case CHANGE_MEMBER:
		put_member_change(c, change, f);
		break;
	case CHANGE_ENUMERATOR:
		put_enumerator(change, f);
		break;
	case CHANGE_SIZE:
		fprintf(f, "%u bytes -> %u", from, to);
		break;
	case CHANGE_TYPE:
		if (is_type) {
			from = side_type(c->old, from)->size_type;
			to = side_type(c->new, to)->size_type;
		}
		put_type(c->old, from, d->name, f);
		fputs(" -> ", f);
		put_type(c->new, to, d->name, f);
		break;
	case CHANGE_LINKAGE:
		fprintf(f, "%s -> %s", from < 3 ? linkages[from] : "?",
			to < 3 ? linkages[to] : "?");
		break;
	case CHANGE_ENCODING:
		fprintf(f, "encoding 0x%08x -> 0x%08x", from, to);
		break;
	case CHANGE_KFUNC:
		fputs(to ? "is a kfunc now" : "is no kfunc any more", f);
		break;
	case CHANGE_FLAGS:
		fprintf(f, "flags 0x%x -> 0x%x", from, to);
		break;
	case CHANGE_OTHER:
		fputs("in how it is put together", f);
		break;
	}
}

static int put_changes(const struct compare *c, const struct difference *d,
		       const char *indent, FILE *f, struct err *err)
{
	struct changes changes;
	size_t i, moved;
	int ret;

	ret = changes_find(&changes, c, d, err);
	for (i = 0; !ret && i < changes.nr; i += moved ? moved : 1) {
		moved = count_moved(c, changes.list + i, changes.nr - i);
		if (moved >= MIN_MOVED) {
			put_moved(changes.list + i, moved, indent, f);
			continue;
		}
		moved = 0;
		fprintf(f, "%s    ", indent);
		put_change(c, d, &changes.list[i], f);
		putc('\n', f);
	}
	changes_free(&changes);
	return ret;
}

int diff_text(const struct compare *c, const char *indent, bool brief, FILE *f,
	      struct err *err)
{
	size_t i;

	for (i = 0; i < c->nr; i++) {
		const struct difference *d = &c->list[i];

		fprintf(f, "%s%s %s ", indent,
			!d->old ? "+" : d->new ? "!" : "-",
			d->kfunc ? "kfunc" : thing_name(d->thing));
		if (brief || (d->old && d->new))
			line_put(f, d->name);
		else if (d->old)
			put_whole(c->old, d, d->old, f);
		else
			put_whole(c->new, d, d->new, f);
		putc('\n', f);
		if (!brief && d->old && d->new &&
		    put_changes(c, d, indent, f, err))
			return -1;
	}
	return 0;
}
