// SPDX-License-Identifier: GPL-2.0-only
/*
 * Sets of kfuncs in .BTF_ids. The kernel checks them when the module registers
 * one. What register_btf_kfunc_id_set() refuses is an error here; most modules
 * then fail to load.
 */
#include <stdlib.h>
#include <string.h>

#include "check.h"
#include "ids_walk.h"
#include "kernel_log.h"
#include "relocs.h"

#define SECTION		".BTF_ids"
#define WORD		IDS_WORD

#define KF_ITER_NEW	0x100u
#define KF_ITER_NEXT	0x200u
#define KF_ITER_DESTROY	0x400u
#define KF_ITER		(KF_ITER_NEW | KF_ITER_NEXT | KF_ITER_DESTROY)

/* With this flag, the real prototype of a kfunc is that of NAME_impl. */
#define KF_IMPLICIT_ARGS	0x10000u

/* Limit of a module for one type of program (BTF_KFUNC_SET_MAX_CNT) */
#define MAX_KFUNCS	256

/* Compare no more of a name: those of a crafted file can have megabytes. */
#define MAX_NAME	4096

#define ITER_PREFIX	"bpf_iter_"

/* The name of a set or function in a message */
#define NAME		"%.100s"
#define SET		"%.*s"

struct kfunc {
	const struct ids_symbol *set;
	uint64_t offset;
	uint32_t id;
	uint32_t flags;
	const char *name;	/* NULL: not a function */
};

struct kfuncs_check {
	const struct ids_symbols *ids;
	struct report *report;
	struct release release;
	const struct btf_layer *layer;
	const struct base *base;	/* vmlinux's types, or NULL */
	struct kfunc *kfuncs;		/* of all sets */
	size_t nr_kfuncs;
};

/* The part of a set's name that a message shows */
static int name_len(const struct ids_symbol *s)
{
	return s->len < 100 ? s->len : 100;
}

static const struct btf_type *type_of_kind(const struct btf_type *t,
					   unsigned int kind)
{
	return t && btf_kind(t) == kind ? t : NULL;
}

static const char *name_of(const struct kfuncs_check *c,
			   const struct btf_type *t)
{
	const char *name = layer_str(c->layer, t->name_off);

	return name ? name : "";
}

/* The lowest id of the function @name of vmlinux, 0: there is none */
static uint32_t find_in_vmlinux(const struct kfuncs_check *c, const char *name)
{
	struct err err;
	uint32_t id;

	if (!c->base || base_find_name(c->base, BTF_KIND_FUNC, BTF_SPACE_FUNC,
				       name, strnlen(name, MAX_NAME), &id,
				       &err) <= 0)
		return 0;
	return id;
}

static bool has_function(const struct kfuncs_check *c, const char *name)
{
	uint32_t id;

	for (id = c->layer->first_id; id < layer_end(c->layer); id++) {
		const struct btf_type *t = layer_type(c->layer, id);

		if (btf_kind(t) == BTF_KIND_FUNC &&
		    !strncmp(name_of(c, t), name, MAX_NAME))
			return true;
	}
	return find_in_vmlinux(c, name);
}

/* ------------------------------------------------------------------------
 * Each kfunc: btf_check_kfunc_protos()
 */

/* btf_check_iter_kfuncs(): what is wrong with an iterator function, or NULL */
static const char *iterator_fault(const struct kfuncs_check *c,
				  const struct kfunc *k,
				  const struct btf_type *proto)
{
	uint32_t flags = k->flags & KF_ITER;
	const struct btf_type *t;
	const char *name, *suffix = "destroy";
	char expected[600];

	if (flags & (flags - 1))
		return "two flags";
	t = btf_vlen(proto) ? layer_skip_modifiers(c->layer,
						   btf_tail(proto)[1]) : NULL;
	t = type_of_kind(t, BTF_KIND_PTR);
	if (t)
		t = layer_skip_modifiers(c->layer, t->size_type);
	t = type_of_kind(t, BTF_KIND_STRUCT);
	name = t ? name_of(c, t) : "";
	if (strncmp(name, ITER_PREFIX, strlen(ITER_PREFIX)))
		return "its first parameter is no struct bpf_iter_*";
	if (!t->size_type || t->size_type % 8)
		return "the size of its struct is no multiple of 8";
	if (flags & KF_ITER_NEW)
		suffix = "new";
	else if (flags & KF_ITER_NEXT)
		suffix = "next";
	snprintf(expected, sizeof(expected), "%.500s_%s", name, suffix);
	if (strncmp(k->name, expected, MAX_NAME))
		return "its name is not that of its struct and flag";
	if (!(flags & KF_ITER_NEW) && btf_vlen(proto) != 1)
		return "more than one parameter";
	t = layer_skip_modifiers(c->layer, proto->size_type);
	if (flags & KF_ITER_NEXT && !type_of_kind(t, BTF_KIND_PTR))
		return "it returns no pointer";
	if (flags & KF_ITER_DESTROY && proto->size_type)
		return "it returns something";
	return NULL;
}

static void check_kfunc(const struct kfuncs_check *c, const struct kfunc *k)
{
	const struct ids_symbol *set = k->set;
	struct place at = { SECTION, k->offset, k->id };
	const struct btf_type *proto = NULL;
	struct kernel_log log = { 0 };
	const char *fault;
	uint32_t id = 0;

	/* btf_check_kfunc_name() */
	if (k->name && release_has(c->release, RULE_KFUNC_NAMES))
		id = find_in_vmlinux(c, k->name);
	if (id) {
		kernel_log_add(&log,
			       "kfunc %.512s (id: %u) is already present in vmlinux.",
			       k->name, id);
		report_error(c->report, &at, KERNEL_EINVAL, log.text,
			     "kfunc set " SET ": vmlinux has a function " NAME ", register_btf_kfunc_id_set() fails",
			     name_len(set), set->name, k->name);
		return;
	}
	if (k->name)
		proto = layer_type(c->layer,
				   layer_type(c->layer, k->id)->size_type);
	if (!type_of_kind(proto, BTF_KIND_FUNC_PROTO)) {
		report_error(c->report, &at, KERNEL_EINVAL, NULL,
			     "kfunc set " SET ": type %u is not a function, register_btf_kfunc_id_set() fails",
			     name_len(set), set->name, k->id);
		return;
	}
	fault = k->flags & KF_ITER ? iterator_fault(c, k, proto) : NULL;
	if (fault)
		report_error(c->report, &at, KERNEL_EINVAL, NULL,
			     "kfunc set " SET ": " NAME " is not a valid iterator function (%s), register_btf_kfunc_id_set() fails",
			     name_len(set), set->name, k->name, fault);
}

/* ------------------------------------------------------------------------
 * All sets
 */

/* The kernel uses the count in the set, not the size of its symbol. */
static int check_set(void *arg, const struct ids_symbol *set,
		     const struct ids_symbol *names, size_t nr_names,
		     struct err *err)
{
	struct kfuncs_check *c = arg;
	uint32_t count = ids_word(c->ids, set->offset), i;
	size_t nr;

	(void)nr_names;
	(void)err;
	if (!names || !ids_is_kfunc_set(c->ids, set))
		return 0;
	nr = set->size / set->kind->set - 1;
	for (i = 0; i < nr; i++) {
		uint64_t offset = set->offset + (i + 1) * set->kind->set;
		uint32_t id = ids_word(c->ids, offset);
		const struct btf_type *t = layer_type(c->layer, id);
		struct kfunc *k = &c->kfuncs[c->nr_kfuncs];

		*k = (struct kfunc){
			.set = set,
			.offset = offset,
			.id = id,
			.flags = ids_word(c->ids, offset + WORD),
		};
		if (type_of_kind(t, BTF_KIND_FUNC))
			k->name = name_of(c, t);
		if (i < count && release_has(c->release, RULE_KFUNC_SETS))
			check_kfunc(c, k);
		c->nr_kfuncs += id != 0;
	}
	return 0;
}

static int cmp_kfunc(const void *pa, const void *pb)
{
	const struct kfunc *a = pa, *b = pb;

	if (a->id != b->id)
		return a->id > b->id ? 1 : -1;
	return (a->offset > b->offset) - (a->offset < b->offset);
}

/*
 * Since 7.3, the build of the kernel fails if a function has different flags.
 */
static void check_flags(const struct kfuncs_check *c)
{
	size_t i;

	for (i = 1; i < c->nr_kfuncs; i++) {
		const struct kfunc *a = &c->kfuncs[i - 1], *b = a + 1;
		struct place at = { SECTION, b->offset, b->id };

		if (a->id == b->id && a->flags != b->flags)
			report_warning(c->report, &at,
				       "kfunc " NAME " has the flags 0x%x in set "
				       SET ", and 0x%x in set " SET,
				       a->name ? a->name : "",
				       a->flags, name_len(a->set), a->set->name,
				       b->flags, name_len(b->set), b->set->name);
	}
}

/* As find_kfunc_impl_proto() does for a program that calls the kfunc. */
static void check_implicit(const struct kfuncs_check *c)
{
	size_t i;

	if (!c->base || !release_has(c->release, RULE_IMPLICIT_ARGS))
		return;
	for (i = 0; i < c->nr_kfuncs && i < MAX_KFUNCS; i++) {
		const struct kfunc *k = &c->kfuncs[i];
		struct place at = { SECTION, k->offset, k->id };
		char impl[600];

		if (!k->name || !(k->flags & KF_IMPLICIT_ARGS))
			continue;
		snprintf(impl, sizeof(impl), "%.512s_impl", k->name);
		if (!has_function(c, impl))
			report_warning(c->report, &at,
				       "kfunc " NAME " takes implicit arguments, but there is no function %.105s: no program can call it",
				       k->name, impl);
	}
}

/* ------------------------------------------------------------------------
 * Sets of kfuncs without their mark: since 6.9, register_btf_kfunc_id_set()
 * fails for them. Other sets have no mark either, so look for the struct that
 * registers a set,
 *
 *	struct btf_kfunc_id_set {
 *		struct module *owner;	THIS_MODULE
 *		struct btf_id_set8 *set;
 *		...
 *
 * two adjacent relocations: __this_module, and the set.
 */

struct registered {
	struct kfuncs_check *c;
	struct reloc owner;		/* last one of __this_module */
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
	/* Sets are sorted by place. */
	set = bsearch(&key, ids->symbols + ids->nr_ids, ids->nr - ids->nr_ids,
		      sizeof(key), cmp_place);
	if (!set || set->kind->set == WORD || ids_is_kfunc_set(ids, set))
		return;
	at.offset = set->offset;
	report_error(r->c->report, &at, KERNEL_EINVAL, NULL,
		     "set " SET " is not marked as a set of kfuncs (BTF_KFUNCS_START), register_btf_kfunc_id_set() fails",
		     name_len(set), set->name);
}

static bool has_unmarked_set(const struct ids_symbols *ids)
{
	size_t i;

	for (i = ids->nr_ids; i < ids->nr; i++) {
		const struct ids_symbol *set = &ids->symbols[i];

		if (set->kind->set > WORD && !ids_is_kfunc_set(ids, set))
			return true;
	}
	return false;
}

static void check_marks(struct kfuncs_check *c)
{
	const struct elf_file *ef = c->ids->ef;
	struct registered r = {
		.c = c,
		.ptr_size = ef->ehdr.e_ident[EI_CLASS] == ELFCLASS32 ? 4 : 8,
	};
	struct place at = { .section = SECTION };
	struct err err;

	if (!release_has(c->release, RULE_KFUNC_SETS) ||
	    !has_unmarked_set(c->ids))
		return;
	if (!relocs_of_data(ef, check_registered, &r, &err))
		return;
	if (err.no_memory)
		c->report->out_of_memory = true;
	else
		report_warning(c->report, &at, "%s",
			       err_without_file(&err, c->report->path));
}

int check_kfuncs(const struct checked *m, struct err *err)
{
	struct kfuncs_check c = {
		.ids = &m->ids,
		.report = m->report,
		.release = m->release,
		.layer = &m->btf.layer,
		.base = m->opts->base,
	};
	int ret;

	/* These sets do not overlap, so there are at most as many as words. */
	c.kfuncs = calloc(m->ids.sec.size / WORD / 2 + 1, sizeof(*c.kfuncs));
	if (!c.kfuncs)
		return err_no_memory(err, m->report->path);
	ret = ids_walk(&m->ids, check_set, &c, err);
	if (!ret) {
		qsort(c.kfuncs, c.nr_kfuncs, sizeof(*c.kfuncs), cmp_kfunc);
		check_flags(&c);
		check_implicit(&c);
		check_marks(&c);
	}
	free(c.kfuncs);
	return ret;
}
