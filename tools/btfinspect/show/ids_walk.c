// SPDX-License-Identifier: GPL-2.0-only
#include <stdlib.h>
#include <string.h>

#include "ids_walk.h"

struct walk {
	struct ids_symbols ids;
	ids_row_fn fn;
	void *arg;
};

int ids_kind_len(const struct ids_kind *kind)
{
	return strlen(kind->prefix) - strlen("__");
}

static int cmp_offset(const void *pa, const void *pb)
{
	const struct ids_symbol *a = pa, *b = pb;

	if (a->offset != b->offset)
		return a->offset > b->offset ? 1 : -1;
	return ids_symbol_cmp_name(a, b);
}

static void walk_row(const struct walk *w, enum ids_row_kind row,
		     const struct ids_symbol *symbol, uint64_t offset)
{
	struct ids_row r = { .row = row, .symbol = symbol, .offset = offset };

	if (row != IDS_ROW_NAME)
		r.id = ids_word(&w->ids, offset);
	/* Elements have two words then, and the set's first is like them. */
	if (symbol->kind->set > IDS_WORD)
		r.flags = ids_word(&w->ids, offset + IDS_WORD);
	w->fn(w->arg, &r);
}

/* @names: the @nr symbols of ids that lie inside the set */
static void walk_set(const struct walk *w, const struct ids_symbol *set,
		     const struct ids_symbol *names, size_t nr)
{
	uint64_t end = set->offset + set->size, offset;
	size_t i;

	walk_row(w, IDS_ROW_SET, set, set->offset);
	for (offset = set->offset + set->kind->set; offset < end;
	     offset += set->kind->set)
		walk_row(w, IDS_ROW_ELEMENT, set, offset);
	for (i = 0; i < nr; i++)
		walk_row(w, IDS_ROW_NAME, &names[i], names[i].offset);
}

/* @ids: those that are no sets, by place, as the sets are */
static void walk_all(const struct walk *w, const struct ids_symbol *ids)
{
	const struct ids_symbol *set = w->ids.symbols + w->ids.nr_ids;
	const struct ids_symbol *sets_end = w->ids.symbols + w->ids.nr;
	size_t i = 0, first;
	uint64_t end = 0;

	for (; set < sets_end; set++) {
		if (set->offset < end) {
			walk_row(w, IDS_ROW_SET, set, set->offset);
			continue;
		}
		end = set->offset + set->size;
		for (; i < w->ids.nr_ids && ids[i].offset < set->offset; i++)
			walk_row(w, IDS_ROW_ID, &ids[i], ids[i].offset);
		for (first = i; i < w->ids.nr_ids && ids[i].offset < end; i++)
			continue;
		walk_set(w, set, ids + first, i - first);
	}
	for (; i < w->ids.nr_ids; i++)
		walk_row(w, IDS_ROW_ID, &ids[i], ids[i].offset);
}

int ids_walk(const struct elf_file *ef, ids_row_fn fn, void *arg,
	     struct err *err)
{
	struct walk w = { .fn = fn, .arg = arg };
	struct ids_symbol *by_place;
	int rc;

	rc = ids_symbols_read(&w.ids, ef, err);
	if (rc <= 0)
		return rc;
	by_place = calloc(w.ids.nr_ids + 1, sizeof(*by_place));
	if (by_place) {
		memcpy(by_place, w.ids.symbols,
		       w.ids.nr_ids * sizeof(*by_place));
		qsort(by_place, w.ids.nr_ids, sizeof(*by_place), cmp_offset);
		walk_all(&w, by_place);
	} else {
		rc = err_no_memory(err, ef->in->path);
	}
	free(by_place);
	ids_symbols_free(&w.ids);
	return rc;
}
