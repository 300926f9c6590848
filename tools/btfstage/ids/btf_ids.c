// SPDX-License-Identifier: GPL-2.0-only
/*
 * Filling in .BTF_ids; btf_ids_symbols.c describes what is in it. All words are
 * in the file's byte order.
 */
#include <stdlib.h>
#include <string.h>

#include "btf_ids.h"
#include "btf_ids_symbols.h"

#define WORD	BTF_IDS_WORD

struct ids {
	struct ids_symbols s;
	const struct elf_file *ef;
	uint8_t *data;
};

static uint32_t word_get(const struct ids *ids, uint64_t offset)
{
	uint32_t word;

	memcpy(&word, ids->data + offset, sizeof(word));
	return elf_file_u32(ids->ef, word);
}

static void word_put(struct ids *ids, uint64_t offset, uint32_t word)
{
	word = elf_file_u32(ids->ef, word);
	memcpy(ids->data + offset, &word, sizeof(word));
}

static int cmp_set_name(const void *pa, const void *pb)
{
	return ids_symbol_cmp_name(pa, pb);
}

static void ids_fill(struct ids *ids, size_t nr, const struct btf_ids_ops *ops)
{
	const struct ids_symbol *prev = NULL;
	uint32_t id = 0;
	size_t i;

	for (i = 0; i < nr; i++) {
		const struct ids_symbol *s = &ids->s.symbols[i];

		if (!prev || prev->kind != s->kind || ids_symbol_cmp_name(prev, s)) {
			id = ops->lookup(ops->arg, s->kind->kind, s->name,
					 s->len);
			if (!id)
				ops->unresolved(ops->arg, s->name, s->len);
			prev = s;
		}
		word_put(ids, s->offset, id);
	}
}

struct set_element {
	int32_t id;
	uint32_t flags;
	size_t position;
};

/* The kernel searches by signed difference; equal ids keep their order. */
static int cmp_element(const void *pa, const void *pb)
{
	const struct set_element *a = pa, *b = pb;

	if (a->id != b->id)
		return a->id < b->id ? -1 : 1;
	return (a->position > b->position) - (a->position < b->position);
}

static int set_sort(struct ids *ids, const struct ids_symbol *s,
		    struct err *err)
{
	size_t width = s->kind->set;
	size_t nr = s->size / width - 1;
	struct set_element *elements;
	size_t i;

	word_put(ids, s->offset, nr);
	if (!nr)
		return 0;

	elements = calloc(nr, sizeof(*elements));
	if (!elements)
		return err_no_memory(err, ids->ef->in->path);

	for (i = 0; i < nr; i++) {
		uint64_t offset = s->offset + (i + 1) * width;

		elements[i].id = word_get(ids, offset);
		if (width > WORD)
			elements[i].flags = word_get(ids, offset + WORD);
		elements[i].position = i;
	}
	qsort(elements, nr, sizeof(*elements), cmp_element);
	for (i = 0; i < nr; i++) {
		uint64_t offset = s->offset + (i + 1) * width;

		word_put(ids, offset, elements[i].id);
		if (width > WORD)
			word_put(ids, offset + WORD, elements[i].flags);
	}
	free(elements);
	return 0;
}

/* Two sets of one name, or in one place, are no sets of btf_ids.h. */
static int sets_check(const struct ids *ids, struct ids_symbol *sets,
		      size_t nr, struct err *err)
{
	const char *path = ids->ef->in->path;
	size_t i;

	qsort(sets, nr, sizeof(*sets), cmp_set_name);
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

static int sets_fill(struct ids *ids, struct ids_symbol *sets, size_t nr,
		     struct err *err)
{
	size_t i;

	if (sets_check(ids, sets, nr, err))
		return -1;
	for (i = 0; i < nr; i++) {
		if (set_sort(ids, &sets[i], err))
			return -1;
	}
	return 0;
}

int btf_ids_resolve(const struct elf_file *ef, const struct btf_ids_ops *ops,
		    uint8_t **data, size_t *size, uint64_t *offset,
		    struct err *err)
{
	struct ids ids = { .ef = ef };
	const struct elf_section *sec = &ids.s.sec;
	int rc;

	*data = NULL;
	*size = 0;
	*offset = 0;

	rc = ids_symbols_read(&ids.s, ef, err);
	if (rc <= 0)
		return rc;
	rc = -1;
	if (elf_file_section_alone(ef, sec, ".BTF_ids", err))
		goto out_free;

	ids.data = malloc(sec->size);
	if (!ids.data) {
		err_no_memory(err, ef->in->path);
		goto out_free;
	}
	memcpy(ids.data, sec->data, sec->size);

	ids_fill(&ids, ids.s.nr_ids, ops);
	if (sets_fill(&ids, ids.s.symbols + ids.s.nr_ids,
		      ids.s.nr - ids.s.nr_ids, err))
		goto out_free;

	*data = ids.data;
	*size = sec->size;
	*offset = sec->shdr.sh_offset;
	ids.data = NULL;
	rc = 0;

out_free:
	free(ids.data);
	ids_symbols_free(&ids.s);
	return rc;
}
