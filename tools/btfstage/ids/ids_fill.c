// SPDX-License-Identifier: GPL-2.0-only
/* ids_symbols.c describes the format of .BTF_ids. */
#include <stdlib.h>
#include <string.h>

#include "ids_fill.h"
#include "ids_symbols.h"

struct fill {
	struct ids_symbols ids;
	uint8_t *data;		/* copy of the section */
};

static void word_put(struct fill *f, uint64_t offset, uint32_t word)
{
	elf_file_encode(f->ids.ef, ELF_T_WORD, &word, f->data + offset);
}

static void fill_ids(struct fill *f, const struct ids_ops *ops)
{
	const struct ids_symbol *prev = NULL;
	uint32_t id = 0;
	size_t i;

	for (i = 0; i < f->ids.nr_ids; i++) {
		const struct ids_symbol *s = &f->ids.symbols[i];

		if (!prev || prev->kind != s->kind ||
		    ids_symbol_cmp_name(prev, s)) {
			id = ops->lookup(ops->arg, s->kind->kind, s->name,
					 s->len);
			if (!id)
				ops->unresolved(ops->arg, s->name, s->len);
			prev = s;
		}
		word_put(f, s->offset, id);
	}
}

static int cmp_name(const void *pa, const void *pb)
{
	return ids_symbol_cmp_name(pa, pb);
}

/* One element of a set. */
struct element {
	int32_t id;
	uint32_t flags;
	size_t position;
};

/* The kernel searches by signed difference; equal ids keep their order. */
static int cmp_element(const void *pa, const void *pb)
{
	const struct element *a = pa, *b = pb;

	if (a->id != b->id)
		return a->id < b->id ? -1 : 1;
	return (a->position > b->position) - (a->position < b->position);
}

static int set_sort(struct fill *f, const struct ids_symbol *s,
		    struct err *err)
{
	size_t width = s->kind->set;
	size_t nr = s->size / width - 1, i;
	struct element *elements;
	uint64_t offset;

	word_put(f, s->offset, nr);
	elements = calloc(nr + 1, sizeof(*elements));
	if (!elements)
		return err_no_memory(err, f->ids.ef->in->path);

	for (i = 0; i < nr; i++) {
		offset = s->offset + (i + 1) * width;
		elements[i].position = i;
		elements[i].id = ids_word(&f->ids, offset);
		if (width > IDS_WORD)
			elements[i].flags = ids_word(&f->ids,
						     offset + IDS_WORD);
	}
	qsort(elements, nr, sizeof(*elements), cmp_element);
	for (i = 0; i < nr; i++) {
		offset = s->offset + (i + 1) * width;
		word_put(f, offset, elements[i].id);
		if (width > IDS_WORD)
			word_put(f, offset + IDS_WORD, elements[i].flags);
	}
	free(elements);
	return 0;
}

/* btf_ids.h makes no two sets with one name or in one place. */
static int check_sets(const struct fill *f, struct ids_symbol *sets,
		      size_t nr, struct err *err)
{
	const char *path = f->ids.ef->in->path;
	size_t i;

	qsort(sets, nr, sizeof(*sets), cmp_name);
	for (i = 1; i < nr; i++) {
		if (!ids_symbol_cmp_name(&sets[i - 1], &sets[i]))
			return err_set(err, path, "has two sets called %.500s",
				       sets[i].name);
	}

	qsort(sets, nr, sizeof(*sets), ids_symbol_cmp);
	for (i = 1; i < nr; i++) {
		if (sets[i].offset - sets[i - 1].offset < sets[i - 1].size)
			return err_set(err, path,
				       "symbols %.400s and %.400s overlap",
				       sets[i - 1].symbol, sets[i].symbol);
	}
	return 0;
}

static int fill_sets(struct fill *f, struct err *err)
{
	struct ids_symbol *sets = f->ids.symbols + f->ids.nr_ids;
	size_t nr = f->ids.nr - f->ids.nr_ids, i;

	if (check_sets(f, sets, nr, err))
		return -1;
	for (i = 0; i < nr; i++) {
		if (set_sort(f, &sets[i], err))
			return -1;
	}
	return 0;
}

int ids_fill(const struct elf_file *ef, const struct ids_ops *ops,
	     struct ids_filled *filled, struct err *err)
{
	struct fill f;
	struct elf_section *sec = &f.ids.sec;
	int rc;

	*filled = (struct ids_filled){ 0 };
	rc = ids_symbols_read(&f.ids, ef, err);
	if (rc <= 0)
		return rc;
	rc = -1;
	if (elf_file_section_alone(ef, sec, ".BTF_ids", err))
		goto out_free;

	f.data = malloc(sec->size);
	if (!f.data) {
		err_no_memory(err, ef->in->path);
		goto out_free;
	}
	/* From here on, ids_word() reads the copy. */
	sec->data = memcpy(f.data, sec->data, sec->size);

	fill_ids(&f, ops);
	rc = fill_sets(&f, err);
	if (rc) {
		free(f.data);
		goto out_free;
	}
	*filled = (struct ids_filled){
		.data = f.data,
		.size = sec->size,
		.offset = sec->shdr.sh_offset,
	};

out_free:
	ids_symbols_free(&f.ids);
	return rc;
}
