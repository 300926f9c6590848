// SPDX-License-Identifier: GPL-2.0-only
/*
 * .BTF_ids is filled in by the names of the symbols that point into it (see
 * include/linux/btf_ids.h of a kernel tree):
 *
 *	__BTF_ID__<kind>__<name>__<unique>	kind: func, struct, union,
 *						typedef
 *		one word, the id of the type of that kind and name
 *
 *	__BTF_ID__set__<name>			count, id, id, ...
 *	__BTF_ID__set8__<name>			count, flags, id, flags, ...
 *		The symbol's size spans the set: it gives the count. The ids are
 *		sorted by number, each followed by its own flags; these were
 *		written by the compiler and stay as they are.
 *
 * All words are in the file's byte order. A linked module has the section at
 * any offset, odd ones included.
 */
#include <stdlib.h>
#include <string.h>

#include "btf_ids.h"

#define BTF_IDS_SECTION	".BTF_ids"
#define BTF_IDS_PREFIX	"__BTF_ID__"
#define WORD		sizeof(uint32_t)

struct ids_kind {
	const char *prefix;
	enum btf_ids_kind kind;
	size_t set;	/* bytes of an element of a set, 0: an id */
};

static const struct ids_kind ids_kinds[] = {
	{ "func__", .kind = BTF_IDS_FUNC },
	{ "struct__", .kind = BTF_IDS_STRUCT },
	{ "union__", .kind = BTF_IDS_UNION },
	{ "typedef__", .kind = BTF_IDS_TYPEDEF },
	{ "set__", .set = WORD },
	{ "set8__", .set = 2 * WORD },
	{ .prefix = NULL }
};

struct ids_symbol {
	const struct ids_kind *kind;
	const char *symbol;
	const char *name;	/* the part of @symbol that names the type */
	size_t len;
	uint64_t offset;	/* in the section */
	uint64_t size;		/* as much as will be written */
};

struct ids {
	const struct elf_file *ef;
	const struct elf_section *sec;
	uint8_t *data;
	struct ids_symbol *symbols;
	size_t nr;
	size_t max;
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

static const struct ids_kind *kind_by_prefix(const char *name)
{
	const struct ids_kind *kind;

	for (kind = ids_kinds; kind->prefix; kind++) {
		if (!strncmp(name, kind->prefix, strlen(kind->prefix)))
			return kind;
	}
	return NULL;
}

/*
 * Length of "a__b" in "a__b__123", 0 when that has no such form. What makes
 * the symbol unique has no underscore: __COUNTER__, and later __LINE__ too.
 */
static size_t unique_strip(const char *name)
{
	const char *end = strrchr(name, '_');

	if (!end || end == name || end[-1] != '_')
		return 0;
	return end - 1 - name;
}

static int symbol_parse(const struct ids *ids, const char *symbol,
			const GElf_Sym *sym, struct ids_symbol *s,
			struct err *err)
{
	const char *path = ids->ef->in->path;
	uint64_t base = 0;

	s->symbol = symbol;
	symbol += strlen(BTF_IDS_PREFIX);
	s->kind = kind_by_prefix(symbol);
	if (!s->kind)
		return err_set(err, path, "symbol %.500s has an unknown kind",
			       s->symbol);

	s->name = symbol + strlen(s->kind->prefix);
	s->len = s->kind->set ? strlen(s->name) : unique_strip(s->name);
	if (!s->len)
		return err_set(err, path, "symbol %.500s has a malformed name",
			       s->symbol);

	s->size = WORD;
	if (s->kind->set) {
		/* The first element holds the count. */
		s->size = sym->st_size - sym->st_size % s->kind->set;
		if (!s->size)
			return err_set(err, path,
				       "symbol %.500s has an invalid size (%ju)",
				       s->symbol, (uintmax_t)sym->st_size);
	}

	if (ids->ef->ehdr.e_type != ET_REL)
		base = ids->sec->shdr.sh_addr;
	s->offset = sym->st_value - base;
	if (sym->st_value < base || s->offset > ids->sec->size ||
	    s->size > ids->sec->size - s->offset)
		return err_set(err, path,
			       "symbol %.500s lies outside .BTF_ids (value 0x%jx, size 0x%jx)",
			       s->symbol, (uintmax_t)sym->st_value,
			       (uintmax_t)s->size);
	return 0;
}

static int ids_collect(void *arg, const char *symbol, const GElf_Sym *sym,
		       struct err *err)
{
	struct ids *ids = arg;

	if (strncmp(symbol, BTF_IDS_PREFIX, strlen(BTF_IDS_PREFIX)))
		return 0;

	if (ids->nr == ids->max) {
		size_t max = ids->max ? 2 * ids->max : 64;
		struct ids_symbol *symbols;

		symbols = reallocarray(ids->symbols, max, sizeof(*symbols));
		if (!symbols)
			return err_set(err, ids->ef->in->path,
				       "out of memory");
		ids->symbols = symbols;
		ids->max = max;
	}
	if (symbol_parse(ids, symbol, sym, &ids->symbols[ids->nr], err))
		return -1;
	ids->nr++;
	return 0;
}

static int cmp_number(uint64_t a, uint64_t b)
{
	return (a > b) - (a < b);
}

static int cmp_name(const struct ids_symbol *a, const struct ids_symbol *b)
{
	int cmp = memcmp(a->name, b->name, a->len < b->len ? a->len : b->len);

	return cmp ? cmp : cmp_number(a->len, b->len);
}

/* Ids by kind and name, then all the sets by place. */
static int cmp_symbol(const void *pa, const void *pb)
{
	const struct ids_symbol *a = pa, *b = pb;
	int cmp = 0;

	if (!a->kind->set && !b->kind->set) {
		cmp = cmp_number(a->kind->kind, b->kind->kind);
		if (!cmp)
			cmp = cmp_name(a, b);
	} else if (!a->kind->set || !b->kind->set) {
		return a->kind->set ? 1 : -1;
	}
	return cmp ? cmp : cmp_number(a->offset, b->offset);
}

static int cmp_set_name(const void *pa, const void *pb)
{
	return cmp_name(pa, pb);
}

static void ids_fill(struct ids *ids, size_t nr, const struct btf_ids_ops *ops)
{
	const struct ids_symbol *prev = NULL;
	uint32_t id = 0;
	size_t i;

	for (i = 0; i < nr; i++) {
		const struct ids_symbol *s = &ids->symbols[i];

		if (!prev || prev->kind != s->kind || cmp_name(prev, s)) {
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
	return cmp_number(a->position, b->position);
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
		return err_set(err, ids->ef->in->path, "out of memory");

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
		if (!cmp_name(&sets[i - 1], &sets[i]))
			return err_set(err, path, "has two sets called %.500s",
				       sets[i].name);
	}

	qsort(sets, nr, sizeof(*sets), cmp_symbol);
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
	struct elf_section sec;
	struct ids ids = { .ef = ef, .sec = &sec };
	size_t nr_ids = 0;
	int rc;

	*data = NULL;
	*size = 0;
	*offset = 0;

	rc = elf_file_section(ef, BTF_IDS_SECTION, &sec, err);
	if (rc <= 0)
		return rc;

	rc = elf_file_symbols(ef, sec.index, ids_collect, &ids, err);
	if (rc || !ids.nr)
		goto out_free;
	rc = -1;

	ids.data = malloc(sec.size);
	if (!ids.data) {
		err_set(err, ef->in->path, "out of memory");
		goto out_free;
	}
	memcpy(ids.data, sec.data, sec.size);

	qsort(ids.symbols, ids.nr, sizeof(*ids.symbols), cmp_symbol);
	while (nr_ids < ids.nr && !ids.symbols[nr_ids].kind->set)
		nr_ids++;
	ids_fill(&ids, nr_ids, ops);
	if (sets_fill(&ids, ids.symbols + nr_ids, ids.nr - nr_ids, err))
		goto out_free;

	*data = ids.data;
	*size = sec.size;
	*offset = sec.shdr.sh_offset;
	ids.data = NULL;
	rc = 0;

out_free:
	free(ids.data);
	free(ids.symbols);
	return rc;
}
