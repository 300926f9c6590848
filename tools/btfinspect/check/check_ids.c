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

#include "check.h"
#include "ids_walk.h"
#include "relocs.h"

#define SECTION		".BTF_ids"
#define WORD		IDS_WORD

/* No symbol has a longer name. */
#define MAX_NAME	4096

/* A set8 with this flag is one of kfuncs. */
#define SET8_KFUNCS	1

#define NAME		"%.*s"

/* A function in a set of kfuncs */
struct kfunc {
	uint32_t id;
	uint32_t flags;
	uint64_t offset;
	const struct ids_symbol *set;
};

struct ids_check {
	const struct ids_symbols *ids;
	struct report *report;
	struct release release;
	const struct btf_layer *layer;
	struct kfunc *kfuncs;		/* of all sets */
	size_t nr_kfuncs;
};

static struct place place(uint64_t offset, uint32_t id)
{
	return (struct place){
		.section = SECTION, .offset = offset, .type = id
	};
}

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
	const char *name = layer_str(c->layer, t->name_off);

	return name && btf_kind(t) == s->kind->kind &&
	       strnlen(name, s->len + 1) == s->len &&
	       !memcmp(name, s->name, s->len);
}

/* A symbol whose type is not where it should be; @id is there instead. */
static void warn_id(const struct ids_check *c, const struct ids_symbol *s,
		    uint64_t offset, uint32_t id)
{
	struct place at = place(offset, id);
	const struct btf_type *t = layer_type(c->layer, id);

	if (!id)
		report_warning(c->report, &at,
			       "the id of %s " NAME " is 0: there was no such type",
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

static bool is_kfunc_set(const struct ids_check *c,
			 const struct ids_symbol *set)
{
	return set->kind->set > WORD &&
	       (ids_word(c->ids, set->offset + WORD) & SET8_KFUNCS);
}

/* As btf_check_kfunc_protos() does. */
static void check_kfunc(const struct ids_check *c, const struct ids_symbol *set,
			const struct element *e)
{
	struct place at = place(e->offset, e->id);
	const struct btf_type *proto = NULL;

	if (e->t && btf_kind(e->t) == BTF_KIND_FUNC)
		proto = layer_type(c->layer, e->t->size_type);
	if (!proto || btf_kind(proto) != BTF_KIND_FUNC_PROTO)
		report_error(c->report, &at, KERNEL_EINVAL, NULL,
			     "kfunc set %.*s: type %u is no function, register_btf_kfunc_id_set() fails",
			     name_len(set), set->name, e->id);
}

/* The kernel goes by the count that the set has, and not by its symbol's size. */
static void check_kfuncs(struct ids_check *c, const struct ids_symbol *set,
			 const struct element *elements, size_t nr)
{
	uint32_t count = ids_word(c->ids, set->offset);
	size_t i;

	for (i = 0; i < nr; i++) {
		const struct element *e = &elements[i];

		if (i < count && release_has(c->release, RULE_KFUNC_SETS))
			check_kfunc(c, set, e);
		if (e->id)
			c->kfuncs[c->nr_kfuncs++] = (struct kfunc){
				.id = e->id,
				.flags = ids_word(c->ids, e->offset + WORD),
				.offset = e->offset,
				.set = set,
			};
	}
}

static void check_count(const struct ids_check *c,
			const struct ids_symbol *set, size_t nr)
{
	struct place at = place(set->offset, 0);
	uint32_t count = ids_word(c->ids, set->offset);

	if (count == nr)
		return;
	if (!count && is_kfunc_set(c, set))
		report_warning(c->report, &at,
			       "kfunc set %.*s says it has 0 of its %zu ids: the module loads, its kfuncs are silently missing",
			       name_len(set), set->name, nr);
	else
		report_warning(c->report, &at,
			       "set " NAME " says it has %u ids, it has %zu",
			       name_len(set), set->name, count, nr);
}

/* The ids of @set; the kernel searches them by signed difference. */
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
		/* In a hostile file it can have megabytes. */
		e->len = strnlen(e->name, MAX_NAME);
		if (i && (int32_t)e->id < (int32_t)elements[i - 1].id)
			sorted = false;
	}
	if (!sorted) {
		struct place at = place(set->offset, 0);

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

/* @names: the @nr_names ids that lie inside the set */
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
	if (is_kfunc_set(c, set))
		check_kfuncs(c, set, elements, nr);
	/* The module can have lost some of its symbols. */
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

static int cmp_kfunc(const void *pa, const void *pb)
{
	const struct kfunc *a = pa, *b = pb;

	if (a->id != b->id)
		return a->id > b->id ? 1 : -1;
	return (a->offset > b->offset) - (a->offset < b->offset);
}

/* One function with one set of flags: since 7.3, the kernel's build fails else. */
static void check_flags(struct ids_check *c)
{
	size_t i;

	if (!c->nr_kfuncs)
		return;
	qsort(c->kfuncs, c->nr_kfuncs, sizeof(*c->kfuncs), cmp_kfunc);
	for (i = 1; i < c->nr_kfuncs; i++) {
		const struct kfunc *a = &c->kfuncs[i - 1], *b = a + 1;
		const struct btf_type *t = layer_type(c->layer, b->id);
		struct place at = place(b->offset, b->id);

		if (a->id == b->id && a->flags != b->flags)
			report_warning(c->report, &at,
				       "kfunc %.100s has the flags 0x%x in set "
				       NAME ", and 0x%x in set " NAME,
				       t ? layer_name(c->layer, t->name_off) : "",
				       a->flags, name_len(a->set), a->set->name,
				       b->flags, name_len(b->set), b->set->name);
	}
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

static int cmp_place(const void *pa, const void *pb)
{
	const struct ids_symbol *a = pa, *b = pb;

	return (a->offset > b->offset) - (a->offset < b->offset);
}

static void check_registered(void *arg, const struct reloc *reloc)
{
	struct registered *r = arg;
	const struct ids_symbols *ids = r->c->ids;
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
		      sizeof(key), cmp_place);
	if (!set || set->kind->set == WORD || is_kfunc_set(r->c, set))
		return;
	at.offset = set->offset;
	report_error(r->c->report, &at, KERNEL_EINVAL, NULL,
		     "set %.*s is not marked as one of kfuncs (BTF_KFUNCS_START), register_btf_kfunc_id_set() fails",
		     name_len(set), set->name);
}

static bool has_unmarked_set(const struct ids_check *c)
{
	size_t i;

	for (i = c->ids->nr_ids; i < c->ids->nr; i++) {
		const struct ids_symbol *set = &c->ids->symbols[i];

		if (set->kind->set > WORD && !is_kfunc_set(c, set))
			return true;
	}
	return false;
}

static void check_marks(struct ids_check *c)
{
	const struct elf_file *ef = c->ids->ef;
	struct registered r = {
		.c = c,
		.ptr_size = ef->ehdr.e_ident[EI_CLASS] == ELFCLASS32 ? 4 : 8,
	};
	struct place at = { .section = SECTION };
	struct err err;

	if (!release_has(c->release, RULE_KFUNC_SETS) || !has_unmarked_set(c))
		return;
	if (!relocs_of_data(ef, check_registered, &r, &err))
		return;
	if (err.no_memory)
		c->report->out_of_memory = true;
	else
		report_warning(c->report, &at, "%s",
			       err_without_file(&err, c->report->path));
}

int check_ids(const struct ids_symbols *ids, struct report *report,
	      struct release release, const struct btf_layer *layer,
	      struct err *err)
{
	struct ids_check c = {
		.ids = ids,
		.report = report,
		.release = release,
		.layer = layer,
	};
	int ret;

	/* Sets that are looked into do not overlap: no more elements than words. */
	c.kfuncs = calloc(ids->sec.size / WORD / 2 + 1, sizeof(*c.kfuncs));
	if (!c.kfuncs)
		return err_no_memory(err, report->path);
	ret = ids_walk(ids, check_symbol, &c, err);
	if (!ret) {
		check_flags(&c);
		check_marks(&c);
	}
	free(c.kfuncs);
	return ret;
}
