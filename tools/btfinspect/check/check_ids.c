// SPDX-License-Identifier: GPL-2.0-only
/*
 * .BTF_ids: whether each id is that of the type that its symbol names.
 *
 * An id by itself stands where its symbol says. Those in a set are sorted, and
 * stand no longer where their symbols say; so a set as a whole has to have the
 * types that the symbols inside it name.
 *
 * The kernel does not look at ids when it loads a module, but for those of a
 * set of kfuncs, once the module registers it, and then it matters only that
 * they are functions.
 */
#include <stdlib.h>
#include <string.h>

#include "../../btfstage/ids/ids_symbols.h"
#include "check.h"
#include "relocs.h"

#define SECTION		".BTF_ids"
#define WORD		IDS_WORD

/* No symbol has a longer name. */
#define MAX_NAME	4096

/* A set8 with this flag is one of kfuncs. */
#define SET8_KFUNCS	1

#define NAME		"%.*s"

struct ids_check {
	struct ids_symbols ids;
	struct report *report;
	const struct release *release;
	const struct types *types;
};

/* As much of a name as a message shows */
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
	const char *name = types_str(c->types, t->name_off);

	return name && btf_kind(t) == s->kind->kind &&
	       strnlen(name, s->len + 1) == s->len &&
	       !memcmp(name, s->name, s->len);
}

/* A symbol whose type is not where it should be; @id is there instead. */
static void warn_id(const struct ids_check *c, const struct ids_symbol *s,
		    uint64_t offset, uint32_t id)
{
	struct place at = { .section = SECTION, .offset = offset, .type = id };
	const struct btf_type *t = types_get(c->types, id);

	if (!id)
		report_warning(c->report, &at,
			       "the id of %s " NAME " is 0: there was no such type",
			       kind_name(s), name_len(s), s->name);
	else if (!t)
		report_warning(c->report, &at,
			       "the id of %s " NAME " is %u, there are %u types",
			       kind_name(s), name_len(s), s->name, id,
			       types_end(c->types) - 1);
	else
		report_warning(c->report, &at,
			       "the id of %s " NAME " is that of %s %.100s",
			       kind_name(s), name_len(s), s->name,
			       btf_kinds[btf_kind(t)].name,
			       types_name(c->types, t->name_off));
}

static void check_id(const struct ids_check *c, const struct ids_symbol *s)
{
	uint32_t id = ids_word(&c->ids, s->offset);
	const struct btf_type *t = types_get(c->types, id);

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

static int cmp_offset(const void *pa, const void *pb)
{
	const struct ids_symbol *a = pa, *b = pb;

	return (a->offset > b->offset) - (a->offset < b->offset);
}

/* The functions of a set of kfuncs, as btf_check_kfunc_protos() does. */
static void check_kfunc(const struct ids_check *c, const struct ids_symbol *set,
			const struct element *e)
{
	struct place at = {
		.section = SECTION,
		.offset = e->offset,
		.type = e->id,
	};
	const struct btf_type *proto = NULL;

	if (e->t && btf_kind(e->t) == BTF_KIND_FUNC)
		proto = types_get(c->types, e->t->size_type);
	if (!proto || btf_kind(proto) != BTF_KIND_FUNC_PROTO)
		report_error(c->report, &at, KERNEL_EINVAL, NULL,
			     "kfunc set %.*s: type %u is no function, register_btf_kfunc_id_set() fails",
			     name_len(set), set->name, e->id);
}

/* The ids of @set; the kernel searches them by signed difference. */
static void read_elements(const struct ids_check *c,
			  const struct ids_symbol *set,
			  struct element *elements, size_t nr)
{
	bool kfuncs = set->kind->set > WORD && c->release->kfunc_sets &&
		      (ids_word(&c->ids, set->offset + WORD) & SET8_KFUNCS);
	bool sorted = true;
	size_t i;

	for (i = 0; i < nr; i++) {
		struct element *e = &elements[i];

		e->offset = set->offset + (i + 1) * set->kind->set;
		e->id = ids_word(&c->ids, e->offset);
		e->t = e->id ? types_get(c->types, e->id) : NULL;
		e->name = e->t ? types_str(c->types, e->t->name_off) : NULL;
		if (!e->name)
			e->name = "";
		/* In a hostile file it can have megabytes. */
		e->len = strnlen(e->name, MAX_NAME);
		if (i && (int32_t)e->id < (int32_t)elements[i - 1].id)
			sorted = false;
		if (kfuncs)
			check_kfunc(c, set, e);
	}
	if (!sorted) {
		struct place at = { .section = SECTION, .offset = set->offset };

		report_warning(c->report, &at,
			       "set " NAME " is not sorted, its ids will not be found",
			       name_len(set), set->name);
	}
}

/*
 * Symbols and elements, as many of each, sorted by name. Those of either that
 * the other has not are told in pairs: one stands in the place of the other.
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

/* @symbols: the @nr_symbols that lie inside the set */
static int check_set(const struct ids_check *c, const struct ids_symbol *set,
		     const struct ids_symbol *symbols, size_t nr_symbols,
		     struct err *err)
{
	struct place at = { .section = SECTION, .offset = set->offset };
	size_t nr = set->size / set->kind->set - 1;
	uint32_t count = ids_word(&c->ids, set->offset);
	struct ids_symbol *inside;
	struct element *elements;
	int ret = 0;

	if (count != nr)
		report_warning(c->report, &at,
			       "set " NAME " says it has %u ids, it has %zu",
			       name_len(set), set->name, count, nr);
	elements = calloc(2 * nr + 1, sizeof(*elements));
	inside = calloc(nr_symbols + 1, sizeof(*inside));
	if (!elements || !inside) {
		ret = err_no_memory(err, c->report->path);
		goto out_free;
	}
	read_elements(c, set, elements, nr);
	/* The module can have lost some of its symbols. */
	if (nr_symbols != nr)
		goto out_free;
	memcpy(inside, symbols, nr * sizeof(*inside));
	qsort(inside, nr, sizeof(*inside), cmp_symbol_name);
	qsort(elements, nr, sizeof(*elements), cmp_element);
	match_names(c, inside, elements, elements + nr, nr);

out_free:
	free(elements);
	free(inside);
	return ret;
}

/* All ids and sets; @ids: the ids by place */
static int check_all(const struct ids_check *c, const struct ids_symbol *ids,
		     struct err *err)
{
	const struct ids_symbol *set = c->ids.symbols + c->ids.nr_ids;
	const struct ids_symbol *sets_end = c->ids.symbols + c->ids.nr;
	size_t i = 0, first;
	uint64_t end = 0;

	for (; set < sets_end; set++) {
		if (set->offset < end) {
			struct place at = {
				.section = SECTION,
				.offset = set->offset,
			};

			report_warning(c->report, &at,
				       "set " NAME " overlaps the one before",
				       name_len(set), set->name);
			continue;
		}
		end = set->offset + set->size;
		for (; i < c->ids.nr_ids && ids[i].offset < set->offset; i++)
			check_id(c, &ids[i]);
		for (first = i; i < c->ids.nr_ids && ids[i].offset < end; i++)
			continue;
		if (check_set(c, set, ids + first, i - first, err))
			return -1;
	}
	for (; i < c->ids.nr_ids; i++)
		check_id(c, &ids[i]);
	return 0;
}

/* ------------------------------------------------------------------------
 * Sets of kfuncs without their mark: since 6.9, register_btf_kfunc_id_set()
 * fails for them. Other sets have none either, so look for what registers one,
 *
 *	struct btf_kfunc_id_set {
 *		struct module *owner;	THIS_MODULE
 *		struct btf_id_set8 *set;
 *		...
 *
 * two relocations in a row: __this_module, and the set.
 */

struct registered {
	struct ids_check *c;
	struct reloc owner;		/* the last one of __this_module */
	unsigned int ptr_size;
};

static void check_registered(void *arg, const struct reloc *reloc)
{
	struct registered *r = arg;
	const struct ids_symbols *ids = &r->c->ids;
	struct ids_symbol key = { .offset = reloc->value };
	struct place at = { .section = SECTION };
	const struct ids_symbol *set;

	if (reloc->name && !strcmp(reloc->name, "__this_module")) {
		r->owner = *reloc;
		return;
	}
	if (!r->owner.name || reloc->section != r->owner.section ||
	    reloc->offset != r->owner.offset + r->ptr_size ||
	    reloc->shndx != ids->sec.index)
		return;
	/* The sets come by place. */
	set = bsearch(&key, ids->symbols + ids->nr_ids, ids->nr - ids->nr_ids,
		      sizeof(key), cmp_offset);
	if (!set || set->kind->set == WORD ||
	    (ids_word(&r->c->ids, set->offset + WORD) & SET8_KFUNCS))
		return;
	at.offset = set->offset;
	report_error(r->c->report, &at, KERNEL_EINVAL, NULL,
		     "set %.*s is not marked as one of kfuncs (BTF_KFUNCS_START), register_btf_kfunc_id_set() fails",
		     name_len(set), set->name);
}

static bool has_unmarked_set(const struct ids_check *c)
{
	size_t i;

	for (i = c->ids.nr_ids; i < c->ids.nr; i++) {
		const struct ids_symbol *set = &c->ids.symbols[i];

		if (set->kind->set > WORD &&
		    !(ids_word(&c->ids, set->offset + WORD) & SET8_KFUNCS))
			return true;
	}
	return false;
}

static void check_marks(struct ids_check *c)
{
	const struct elf_file *ef = c->ids.ef;
	struct registered r = {
		.c = c,
		.ptr_size = ef->ehdr.e_ident[EI_CLASS] == ELFCLASS32 ? 4 : 8,
	};
	struct place at = { .section = SECTION };
	struct err err;

	if (!c->release->kfunc_sets || !has_unmarked_set(c))
		return;
	if (!relocs_of_data(ef, check_registered, &r, &err))
		return;
	if (err.no_memory)
		c->report->out_of_memory = true;
	else
		report_warning(c->report, &at, "%s",
			       err_without_file(&err, c->report->path));
}

int check_ids(const struct elf_file *ef, struct report *report,
	      const struct release *release, const struct types *types,
	      struct err *err)
{
	struct ids_check c = {
		.report = report,
		.release = release,
		.types = types,
	};
	struct place at = { .section = SECTION };
	struct ids_symbol *by_place;
	struct err malformed;
	int rc;

	rc = ids_symbols_read(&c.ids, ef, &malformed);
	if (rc < 0 && malformed.no_memory) {
		*err = malformed;
		return -1;
	}
	if (rc < 0) {
		report_warning(report, &at, "%s",
			       err_without_file(&malformed, report->path));
		return 0;
	}
	if (!rc)
		return 0;

	by_place = calloc(c.ids.nr_ids + 1, sizeof(*by_place));
	if (!by_place) {
		rc = err_no_memory(err, report->path);
		goto out_free;
	}
	memcpy(by_place, c.ids.symbols, c.ids.nr_ids * sizeof(*by_place));
	qsort(by_place, c.ids.nr_ids, sizeof(*by_place), cmp_offset);
	rc = check_all(&c, by_place, err);
	check_marks(&c);

out_free:
	free(by_place);
	ids_symbols_free(&c.ids);
	return rc;
}
