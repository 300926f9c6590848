// SPDX-License-Identifier: GPL-2.0-only
/*
 * .BTF_ids: whether each id is that of the type that its symbol names.
 *
 * A single id is at its symbol. The ids of a set were sorted and are no longer
 * at their symbols, so a set must as a whole have the types that its symbols
 * name.
 *
 * When the kernel loads a module, it only checks the ids of sets of kfuncs:
 * check_kfuncs.c.
 */
#include <stdlib.h>
#include <string.h>

#include "check.h"
#include "ids_walk.h"

#define SECTION		".BTF_ids"
#define WORD		IDS_WORD

/* No symbol has a longer name. */
#define MAX_NAME	4096

#define NAME		"%.*s"

struct ids_check {
	const struct ids_symbols *ids;
	struct report *report;
	const struct btf_layer *layer;
};

static struct place place(uint64_t offset, uint32_t id)
{
	return (struct place){
		.section = SECTION, .offset = offset, .type = id
	};
}

/* The part of a name that a message shows */
static int name_len(const struct ids_symbol *s)
{
	return s->len < 100 ? s->len : 100;
}

static const char *kind_name(const struct ids_symbol *s)
{
	return btf_kinds[s->kind->kind].name;
}

static bool is_named(const struct ids_check *c, const struct btf_type *t,
		     const struct ids_symbol *s)
{
	const char *name = layer_str(c->layer, t->name_off);

	return name && btf_kind(t) == s->kind->kind &&
	       strnlen(name, s->len + 1) == s->len &&
	       !memcmp(name, s->name, s->len);
}

/* A symbol without the id of its type: there is @id instead. */
static void warn_id(const struct ids_check *c, const struct ids_symbol *s,
		    uint64_t offset, uint32_t id)
{
	struct place at = place(offset, id);
	const struct btf_type *t = layer_type(c->layer, id);

	if (!id)
		report_warning(c->report, &at,
			       "the id of %s " NAME " is 0: no such type was found",
			       kind_name(s), name_len(s), s->name);
	else if (!t)
		report_warning(c->report, &at,
			       "the id of %s " NAME " is %u, there are %u types",
			       kind_name(s), name_len(s), s->name, id,
			       layer_end(c->layer) - 1);
	else
		report_warning(c->report, &at,
			       "the id of %s " NAME " is that of %s %.100s",
			       kind_name(s), name_len(s), s->name,
			       btf_kind_info(t)->name,
			       layer_name(c->layer, t->name_off));
}

static void check_id(const struct ids_check *c, const struct ids_symbol *s)
{
	uint32_t id = ids_word(c->ids, s->offset);
	const struct btf_type *t = layer_type(c->layer, id);

	if (!id || !t || !is_named(c, t, s))
		warn_id(c, s, s->offset, id);
}

/* ------------------------------------------------------------------------
 * Sets
 */

struct element {
	uint32_t id;
	uint64_t offset;
	const struct btf_type *t;	/* NULL: there is none */
	const char *name;
	size_t len;
};

static int cmp_bytes(const char *a, size_t a_len, const char *b, size_t b_len)
{
	int cmp = memcmp(a, b, a_len < b_len ? a_len : b_len);

	return cmp ? cmp : (a_len > b_len) - (a_len < b_len);
}

static int cmp_element(const void *pa, const void *pb)
{
	const struct element *a = pa, *b = pb;

	return cmp_bytes(a->name, a->len, b->name, b->len);
}

static int cmp_symbol_name(const void *pa, const void *pb)
{
	return ids_symbol_cmp_name(pa, pb);
}

static void check_count(const struct ids_check *c,
			const struct ids_symbol *set, size_t nr)
{
	struct place at = place(set->offset, 0);
	uint32_t count = ids_word(c->ids, set->offset);

	if (count == nr)
		return;
	if (!count && ids_is_kfunc_set(c->ids, set))
		report_warning(c->report, &at,
			       "kfunc set %.*s has the count 0, but %zu ids: the module loads, its kfuncs are missing",
			       name_len(set), set->name, nr);
	else
		report_warning(c->report, &at,
			       "set " NAME " has the count %u, but %zu ids",
			       name_len(set), set->name, count, nr);
}

/* Read the ids of @set. The kernel searches them by signed difference. */
static void read_elements(const struct ids_check *c,
			  const struct ids_symbol *set,
			  struct element *elements, size_t nr)
{
	bool sorted = true;
	size_t i;

	for (i = 0; i < nr; i++) {
		struct element *e = &elements[i];

		e->offset = set->offset + (i + 1) * set->kind->set;
		e->id = ids_word(c->ids, e->offset);
		e->t = e->id ? layer_type(c->layer, e->id) : NULL;
		e->name = e->t ? layer_str(c->layer, e->t->name_off) : NULL;
		if (!e->name)
			e->name = "";
		/* In a crafted file it can have megabytes. */
		e->len = strnlen(e->name, MAX_NAME);
		if (i && (int32_t)e->id < (int32_t)elements[i - 1].id)
			sorted = false;
	}
	if (!sorted) {
		struct place at = place(set->offset, 0);

		report_warning(c->report, &at,
			       "set " NAME " is not sorted: the kernel does not find its ids",
			       name_len(set), set->name);
	}
}

/*
 * Symbols and elements, as many of each, sorted by name. Report those that only
 * one side has in pairs: the one is in the place of the other.
 */
static void match_names(const struct ids_check *c, struct ids_symbol *symbols,
			const struct element *elements, struct element *rest,
			size_t nr)
{
	size_t nr_missing = 0, nr_rest = 0, i = 0, j;

	for (j = 0; j < nr; j++) {
		const struct ids_symbol *s = &symbols[j];
		const struct element *e;
		int cmp = 1;

		for (; i < nr; i++) {
			e = &elements[i];
			cmp = cmp_bytes(e->name, e->len, s->name, s->len);
			if (cmp >= 0)
				break;
			rest[nr_rest++] = *e;
		}
		if (!cmp && e->t && is_named(c, e->t, s))
			i++;
		else
			symbols[nr_missing++] = *s;
	}
	while (i < nr)
		rest[nr_rest++] = elements[i++];
	for (j = 0; j < nr_missing; j++)
		warn_id(c, &symbols[j], rest[j].offset, rest[j].id);
}

/* @names: the @nr_names ids inside the set */
static int check_set(struct ids_check *c, const struct ids_symbol *set,
		     const struct ids_symbol *names, size_t nr_names,
		     struct err *err)
{
	size_t nr = set->size / set->kind->set - 1;
	struct ids_symbol *inside;
	struct element *elements;
	int ret = 0;

	check_count(c, set, nr);
	elements = calloc(2 * nr + 1, sizeof(*elements));
	inside = calloc(nr_names + 1, sizeof(*inside));
	if (!elements || !inside) {
		ret = err_no_memory(err, c->report->path);
		goto out_free;
	}
	read_elements(c, set, elements, nr);
	/* The module can have lost some symbols. */
	if (nr_names != nr)
		goto out_free;
	memcpy(inside, names, nr * sizeof(*inside));
	qsort(inside, nr, sizeof(*inside), cmp_symbol_name);
	qsort(elements, nr, sizeof(*elements), cmp_element);
	match_names(c, inside, elements, elements + nr, nr);

out_free:
	free(elements);
	free(inside);
	return ret;
}

static int check_symbol(void *arg, const struct ids_symbol *s,
			const struct ids_symbol *names, size_t nr_names,
			struct err *err)
{
	struct ids_check *c = arg;
	struct place at = place(s->offset, 0);

	if (s->kind->set && names)
		return check_set(c, s, names, nr_names, err);
	if (s->kind->set)
		report_warning(c->report, &at,
			       "set " NAME " overlaps the one before",
			       name_len(s), s->name);
	else
		check_id(c, s);
	return 0;
}

int check_ids(const struct checked *m, struct err *err)
{
	struct ids_check c = {
		.ids = &m->ids,
		.report = m->report,
		.layer = &m->btf.layer,
	};

	return ids_walk(&m->ids, check_symbol, &c, err);
}
