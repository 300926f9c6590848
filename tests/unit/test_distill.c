// SPDX-License-Identifier: GPL-2.0-only
/*
 * The distilled base: every kind of type that a module refers to, that the kernel can
 * find all of them, and the ids.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>

#include <cmocka.h>

#include "btf_build.h"
#include "distill.h"
#include "fault.h"

static const char kernel[] =
	"int INT int 4\n"
	"char INT char 1\n"
	"double FLOAT double 8\n"
	"list STRUCT list_head 16 next:plist@0 prev:plist@64\n"
	"plist PTR list\n"
	"pair STRUCT - 8 a:int@0 b:int@32\n"
	"outer STRUCT outer 32 list:list@0 pair:pair@128 self:pouter@192\n"
	"pouter PTR outer\n"
	"choice UNION choice 8 a:int@0 p:plist@0\n"
	"colour ENUM colour 4 RED=0 GREEN=1\n"
	"wide ENUM64 wide 8 LOW=0 HIGH=0x100000000\n"
	"values ENUM - 4 ONE=1 TWO=2\n"
	"number TYPEDEF number_t int\n"
	"array ARRAY pouter int 4\n"
	"hidden FWD hidden struct\n"
	"phidden PTR hidden\n"
	"obscure FWD obscure union\n"
	"proto PROTO int h:phidden s:pname\n"
	"pproto PTR proto\n"
	"func FUNC start proto 1\n"
	"name CONST char\n"
	"pname PTR name\n"
	"volatile VOLATILE values\n"
	"restrict RESTRICT phidden\n"
	"user TYPE_TAG user char\n"
	"puser PTR user\n"
	"circle STRUCT - 16 next:pcircle@0 number:number@64\n"
	"pcircle PTR circle\n";

static const char *join(const char *a, const char *b, const char *c)
{
	size_t size = strlen(a) + strlen(b) + strlen(c) + 1;
	char *text = build_alloc(size);

	snprintf(text, size, "%s%s%s", a, b, c);
	return text;
}

/* The result and its input. */
struct tested {
	struct raw base_raw;
	struct base base;
	struct split split;
	struct distilled d;
	struct model *all;	/* .BTF.base and .BTF, by libbpf */
};

static void open_tested(struct tested *t, const struct model *base,
			const struct model *mod, bool swapped)
{
	struct raw raw = model_raw(mod, swapped);
	struct btf btf;
	struct err err;

	*t = (struct tested){ .base_raw = model_raw(base, swapped) };
	raw_write_base(t->base_raw, "base");
	assert_int_equal(base_open(&t->base, "base", &err), 0);
	assert_int_equal(raw_open(&btf, raw, &err), 0);
	assert_int_equal(split_make(&t->split, &btf, &t->base, false, &err),
			 0);
	btf_free(&btf);
}

static void close_tested(struct tested *t)
{
	distilled_free(&t->d);
	split_free(&t->split);
	base_close(&t->base);
}

/*
 * A string of .BTF in .BTF.base must be the name of a type there, by which the kernel
 * maps it.
 */
static void assert_names(const struct btf *base, const struct btf *split)
{
	uint32_t id, named;

	for (id = 1; id <= split->nr_types; id++) {
		struct btf_iter it;

		it = btf_iter_begin(btf_type(split, id));
		for (; btf_iter_valid(&it); btf_iter_next(&it)) {
			if (it.role != BTF_NAME || !*it.word ||
			    *it.word >= base->strs_len)
				continue;
			for (named = 1; named <= base->nr_types; named++)
				if (btf_type(base, named)->name_off ==
				    *it.word)
					break;
			assert_true(named <= base->nr_types);
		}
	}
}

static bool is_size_alone(const struct btf_type *t)
{
	switch (btf_kind(t)) {
	case BTF_KIND_STRUCT:
	case BTF_KIND_UNION:
	case BTF_KIND_ENUM:
		return !btf_vlen(t) && !btf_kflag(t);
	default:
		return btf_kind(t) == BTF_KIND_INT ||
		       btf_kind(t) == BTF_KIND_FLOAT ||
		       btf_kind(t) == BTF_KIND_FWD;
	}
}

/* Properties of all distilled BTF. */
static void distill_and_check(struct tested *t)
{
	struct btf base, split;
	struct raw raws[2];
	struct err err;
	uint32_t id;

	assert_int_equal(distill(&t->d, &t->split, &t->base, "mod.btf", &err),
			 0);
	raws[0] = (struct raw){ t->d.base, t->d.base_size };
	raws[1] = (struct raw){ t->d.split, t->d.split_size };
	assert_int_equal(raw_open(&base, raws[0], &err), 0);
	assert_int_equal(base.swapped, t->base.swapped);
	assert_int_equal(base.nr_types, t->d.nr_types);
	assert_int_equal(btf_open_split(&split, "mod.btf", raws[1].data,
					raws[1].size, base.nr_types,
					base.strs_len, &err), 0);
	assert_int_equal(btf_check(&split, &err), 0);
	assert_int_equal(split.swapped, t->base.swapped);
	assert_int_equal(split.nr_types, t->split.nr_kept + t->d.nr_moved);
	for (id = 1; id <= base.nr_types; id++) {
		assert_true(is_size_alone(btf_type(&base, id)));
		assert_true(btf_type(&base, id)->name_off);
	}
	assert_names(&base, &split);
	btf_free(&base);
	btf_free(&split);

	t->all = raw_read(raws[1], &raws[0]);
	assert_int_equal(t->all->nr,
			 t->d.nr_types + t->split.nr_kept + t->d.nr_moved);
}

static void assert_same_model(const struct model *got, const struct model *want)
{
	uint32_t id, i;

	assert_int_equal(got->nr, want->nr);
	for (id = 1; id <= want->nr; id++) {
		const struct model_type *g = &got->types[id];
		const struct model_type *w = &want->types[id];

		if (!model_same_words(g, w))
			fail_msg("type %u is not %s", id, w->label);
		for (i = 0; i < model_nr_refs(w); i++)
			if (model_ref(g, i) != model_ref(w, i))
				fail_msg("type %u does not refer to what %s does",
					 id, w->label);
	}
}

/*
 * A module that has all of @base and @own besides is distilled to the @named
 * types, its own ones, and the @moved ones, in both byte orders.
 */
static void assert_distilled(const char *base, const char *own,
			     const char *named, const char *moved)
{
	struct model *want = model_parse(join(named, own, moved));
	uint32_t nr_named = model_parse(named)->nr;
	const char *mod = join(base, own, "");
	unsigned int swapped;

	for (swapped = 0; swapped < 2; swapped++) {
		struct tested t;

		open_tested(&t, model_parse(base), model_parse(mod), swapped);
		distill_and_check(&t);
		assert_int_equal(t.d.nr_types, nr_named);
		assert_same_model(t.all, want);
		close_tested(&t);
	}
}

static void distill_kinds(void **state)
{
	static const struct {
		const char *ref, *named, *moved;
	} cases[] = {
		{ "int", "int INT int 4\n", "" },
		{ "double", "double FLOAT double 8\n", "" },
		{ "list", "list STRUCT list_head 16\n", "" },
		{ "choice", "choice UNION choice 8\n", "" },
		{ "colour", "colour ENUM colour 4\n", "" },
		{ "wide", "wide ENUM wide 8\n", "" },
		{ "hidden", "hidden FWD hidden struct\n", "" },
		{ "obscure", "obscure FWD obscure union\n", "" },
		{ "values", "", "values ENUM - 4 ONE=1 TWO=2\n" },
		{ "pair", "int INT int 4\n",
		  "pair STRUCT - 8 a:int@0 b:int@32\n" },
		{ "plist", "list STRUCT list_head 16\n", "plist PTR list\n" },
		{ "number", "int INT int 4\n", "number TYPEDEF number_t int\n" },
		{ "array", "int INT int 4\nouter STRUCT outer 32\n",
		  "pouter PTR outer\narray ARRAY pouter int 4\n" },
		{ "pproto", "int INT int 4\nchar INT char 1\n"
		  "hidden FWD hidden struct\n",
		  "phidden PTR hidden\nproto PROTO int h:phidden s:pname\n"
		  "pproto PTR proto\nname CONST char\npname PTR name\n" },
		{ "volatile", "", "values ENUM - 4 ONE=1 TWO=2\n"
		  "volatile VOLATILE values\n" },
		{ "restrict", "hidden FWD hidden struct\n",
		  "phidden PTR hidden\nrestrict RESTRICT phidden\n" },
		{ "puser", "char INT char 1\n",
		  "user TYPE_TAG user char\npuser PTR user\n" },
		{ "circle", "int INT int 4\n",
		  "number TYPEDEF number_t int\n"
		  "circle STRUCT - 16 next:pcircle@0 number:number@64\n"
		  "pcircle PTR circle\n" },
	};
	unsigned int i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(*cases); i++)
		assert_distilled(kernel,
				 build_text("own TYPEDEF own_t %s\n",
					    cases[i].ref),
				 cases[i].named, cases[i].moved);
}

/* A declaration's tag on a function of the kernel: found by no name. */
static void distill_func(void **state)
{
	(void)state;
	assert_distilled("int INT int 4\nproto PROTO int\n"
			 "func FUNC start proto 1\n",
			 "own DECL_TAG mine func -1\n",
			 "int INT int 4\n",
			 "proto PROTO int\nfunc FUNC start proto 1\n");
}

/* By value or by pointer, a struct of the kernel is name and size. */
static void distill_struct(void **state)
{
	(void)state;
	assert_distilled(kernel,
			 "mine STRUCT mine 72 list:list@0 outer:pouter@128"
			 " pair:pair@192 union:choice@256 own:pown@320"
			 " bits:int@384/3 all:parray@512\n"
			 "pown PTR mine\n"
			 "parray ARRAY pown int 2\n"
			 "var VAR mine_var mine 1\n"
			 "sec DATASEC .data..percpu 72 :var@0/72\n",
			 "int INT int 4\nlist STRUCT list_head 16\n"
			 "outer STRUCT outer 32\nchoice UNION choice 8\n",
			 "pair STRUCT - 8 a:int@0 b:int@32\n"
			 "pouter PTR outer\n");
}

/* Names that both sections want, and members called like types. */
static void distill_names(void **state)
{
	(void)state;
	assert_distilled("int INT int 4\n"
			 "next STRUCT next 4 list:int@0\n"
			 "list STRUCT list 8 next:next@0 int:int@32\n"
			 "anon STRUCT - 12 next:list@0 list:int@64\n",
			 "own STRUCT own 32 next:next@0 list:anon@64"
			 " own:int@160 no:int@192 -:int@224\n"
			 "same TYPEDEF next int\n",
			 "int INT int 4\nnext STRUCT next 4\n"
			 "list STRUCT list 8\n",
			 "anon STRUCT - 12 next:list@0 list:int@64\n");
}

static void distill_nothing(void **state)
{
	unsigned int swapped;

	(void)state;
	/* A header and a NUL byte: the kernel takes less for no data. */
	for (swapped = 0; swapped < 2; swapped++) {
		struct tested t;

		open_tested(&t, model_parse(kernel), model_new(), swapped);
		distill_and_check(&t);
		assert_int_equal(t.d.base_size, sizeof(struct btf_header) + 1);
		assert_int_equal(t.d.split_size, sizeof(struct btf_header));
		assert_int_equal(t.all->nr, 0);
		close_tested(&t);
	}
	/* Types, but none of the kernel's */
	assert_distilled(kernel, "own STRUCT own 0\nown_t TYPEDEF own_t own\n",
			 "", "");
}

/* A struct that its name does not find alone is the module's, with members. */
static void distill_ambiguous(void **state)
{
	static const char own[] = "own TYPEDEF own_t s\n";
	static const char ints[] = "int INT int 4\nlong INT long 8\n";
	static const char *const same_size[] = {
		"other STRUCT s 8 b:int@0 a:int@32\n",
		"other UNION s 8 a:long@0\n",
		"other ENUM64 s 8 A=1\n",
		"other ENUM s 8 A=1\n",
		"other FWD s struct\n",
		"other FWD s union\n",
	};
	static const char *const harmless[] = {
		"other STRUCT s 16 a:long@0 b:long@64\n",
		"other UNION s 4 a:int@0\n",
		"other STRUCT t 8 b:int@0 a:int@32\n",
		"other TYPEDEF s int\n",
		"other FUNC s proto 1\nproto PROTO void\n",
	};
	static const char s[] = "s STRUCT s 8 a:int@0 p:ps@32\nps PTR s\n";
	const char *mod = join(ints, s, own);
	struct tested t;
	unsigned int i;

	(void)state;
	for (i = 0; i < sizeof(same_size) / sizeof(*same_size); i++) {
		open_tested(&t, model_parse(join(ints, s, same_size[i])),
			    model_parse(mod), false);
		distill_and_check(&t);
		assert_same_model(t.all, model_parse(join("int INT int 4\n",
							  own, s)));
		close_tested(&t);
	}
	for (i = 0; i < sizeof(harmless) / sizeof(*harmless); i++) {
		open_tested(&t, model_parse(join(ints, s, harmless[i])),
			    model_parse(mod), false);
		distill_and_check(&t);
		assert_same_model(t.all, model_parse(join("s STRUCT s 8\n", own,
							  "")));
		close_tested(&t);
	}
}

/* libbpf's deduplication leaves some types twice. */
static void distill_twins(void **state)
{
	struct model *base = model_parse("int INT int 4\n"
					 "s STRUCT s 4 a:int@0\n"
					 "t STRUCT s 4 a:int@0\n"
					 "p PTR s\n"
					 "q PTR t\n"
					 "u STRUCT - 16 q:q@0 p:p@64\n");
	struct tested t;

	(void)state;
	open_tested(&t, base,
		    model_parse("int INT int 4\n"
				"s STRUCT s 4 a:int@0\n"
				"p PTR s\n"
				"u STRUCT - 16 q:p@0 p:p@64\n"
				"own TYPEDEF own_t u\n"), false);
	distill_and_check(&t);
	assert_same_model(t.all, model_parse("int INT int 4\n"
					     "own TYPEDEF own_t u\n"
					     "s STRUCT s 4 a:int@0\n"
					     "p PTR s\n"
					     "u STRUCT - 16 q:p@0 p:p@64\n"));
	close_tested(&t);
}

static uint32_t find(const struct tested *t, enum btf_kind kind,
		     enum btf_space space, const char *name)
{
	struct err err;
	uint32_t id;
	int ret;

	ret = distilled_find_name(&t->d, &t->base, kind, space, name,
				  strlen(name), &id, &err);
	assert_true(ret >= 0);
	assert_int_equal(ret, id != 0);
	return id;
}

static void distill_ids(void **state)
{
	struct model *base = model_parse(kernel);
	struct tested t;

	(void)state;
	open_tested(&t, base,
		    model_parse("int INT int 4\n"
			"number TYPEDEF number_t int\n"
			"choice UNION choice 8 a:int@0 p:plist@0\n"
			"list STRUCT list_head 16 next:plist@0 prev:plist@64\n"
			"plist PTR list\n"
			"own STRUCT own 24 c:choice@0 list:list@64\n"
			"own_t TYPEDEF own_t number\n"), false);
	distill_and_check(&t);
	/* list, choice and int, in the base's order; own, own_t; number */
	assert_int_equal(t.d.nr_types, 3);
	assert_int_equal(t.d.nr_moved, 1);
	assert_int_equal(distilled_id(&t.d, 0), 0);
	assert_int_equal(distilled_id(&t.d, model_id(base, "int")), 1);
	assert_int_equal(distilled_id(&t.d, model_id(base, "list")), 2);
	assert_int_equal(distilled_id(&t.d, model_id(base, "choice")), 3);
	assert_int_equal(distilled_id(&t.d, base->nr + 1), 4);
	assert_int_equal(distilled_id(&t.d, base->nr + 2), 5);
	assert_int_equal(distilled_id(&t.d, model_id(base, "number")), 6);
	assert_int_equal(distilled_id(&t.d, model_id(base, "outer")), 0);

	assert_int_equal(find(&t, BTF_KIND_STRUCT, BTF_SPACE_STRUCT,
			      "list_head"), 2);
	assert_int_equal(find(&t, BTF_KIND_UNION, BTF_SPACE_UNION, "choice"),
			 3);
	assert_int_equal(find(&t, BTF_KIND_TYPEDEF, BTF_SPACE_TYPEDEF,
			      "number_t"), 6);
	/* The kernel's, but not in there */
	assert_int_equal(find(&t, BTF_KIND_STRUCT, BTF_SPACE_STRUCT, "outer"),
			 0);
	assert_int_equal(find(&t, BTF_KIND_FUNC, BTF_SPACE_FUNC, "start"), 0);
	/* Another kind, and the module's own */
	assert_int_equal(find(&t, BTF_KIND_UNION, BTF_SPACE_UNION,
			      "list_head"), 0);
	assert_int_equal(find(&t, BTF_KIND_STRUCT, BTF_SPACE_STRUCT, "own"),
			 0);
	close_tested(&t);
}

/*
 * What the kernel does: .BTF.base looked up by name in @base, whose types come
 * first in the result, and @t's own types behind them.
 */
static struct model *relocate(const struct tested *t, const struct model *base)
{
	uint32_t *ids = build_alloc((t->all->nr + 1) * sizeof(*ids));
	struct model *m = model_new();
	uint32_t id, i, found;

	for (id = 1; id <= base->nr; id++) {
		const struct model_type *b = &base->types[id];

		found = model_add(m, b->kind, b->name, b->size, b->type);
		m->types[found] = *b;
	}
	for (id = 1; id <= t->d.nr_types; id++) {
		const struct model_type *d = &t->all->types[id];

		for (i = 1, found = 0; i <= base->nr; i++) {
			const struct model_type *b = &base->types[i];

			if (strcmp(b->name, d->name) || b->size != d->size ||
			    b->kind != d->kind)
				continue;
			assert_int_equal(found, 0);
			found = i;
		}
		assert_int_not_equal(found, 0);
		ids[id] = found;
	}
	for (; id <= t->all->nr; id++)
		ids[id] = base->nr + id - t->d.nr_types;
	for (id = t->d.nr_types + 1; id <= t->all->nr; id++) {
		const struct model_type *s = &t->all->types[id];

		found = model_add(m, s->kind, s->name, s->size, ids[s->type]);
		assert_int_equal(found, ids[id]);
		m->types[found].index = ids[s->index];
		m->types[found].extra = s->extra;
		m->types[found].flag = s->flag;
		for (i = 0; i < s->nr; i++) {
			model_item(m, found, s->items[i].name,
				   ids[s->items[i].type], s->items[i].value);
			m->types[found].items[i].size = s->items[i].size;
		}
	}
	return m;
}

/* @nr types that refer to each other and to those before, anyhow. */
static void add_random(struct model *m, uint32_t *seed, uint32_t nr,
		       const char *prefix)
{
	uint32_t first = m->nr + 1, last = m->nr + nr, id, i;

	for (id = first; id <= last; id++) {
		const char *name = build_random(seed, 3) ?
				   build_text("%s%u", prefix, id) : "";
		/* Types without a name refer to earlier ones: as in C. */
		uint32_t to = 1 + build_random(seed, id - 1);

		switch (build_random(seed, 8)) {
		case 0:
			model_add(m, BTF_KIND_PTR, "", 0, to);
			break;
		case 1:
			model_add(m, BTF_KIND_CONST, "", 0, to);
			break;
		case 2:
			model_add(m, BTF_KIND_TYPEDEF,
				  build_text("%s%u", prefix, id), 0, to);
			break;
		case 3:
			model_add(m, BTF_KIND_ARRAY, "", 0, to);
			m->types[id].index = 1;
			m->types[id].extra = build_random(seed, 3);
			break;
		case 4:
			model_add(m, BTF_KIND_ENUM,
				  build_text("%s%u", prefix, id), 4, 0);
			model_item(m, id, build_text("%sE%u", prefix, id), 0,
				   id);
			break;
		case 5:
			model_add(m, BTF_KIND_FUNC_PROTO, "", 0, to);
			model_item(m, id, "x", 1 + build_random(seed, id - 1),
				   0);
			break;
		default:
			model_add(m, BTF_KIND_STRUCT, name, 8 * id, 0);
			for (i = build_random(seed, 4); i; i--) {
				if (*name)
					to = 1 + build_random(seed, last);
				else
					to = 1 + build_random(seed, id - 1);
				model_item(m, id, build_text("m%u", i), to,
					   64 * i);
			}
		}
	}
}

static void distill_random(void **state)
{
	uint32_t seed = 1, round, id;
	uint32_t named = 0, moved = 0, kept = 0;

	(void)state;
	for (round = 0; round < 300; round++) {
		struct model *base = model_new(), *mod, *plain, *back;
		struct raw split;
		struct tested t;
		bool *related;

		model_add(base, BTF_KIND_INT, "int", 4, 0);
		add_random(base, &seed, 30, "b");
		mod = model_shuffle(base, &seed, NULL);
		add_random(mod, &seed, 8, "own");
		/* Types are deduplicated alone first, as by pahole. */
		base = model_dedup(base);
		mod = model_dedup(mod);
		open_tested(&t, base, mod, round % 2);
		distill_and_check(&t);
		split = (struct raw){ t.split.data, t.split.size };
		plain = raw_read(split, &t.base_raw);
		back = relocate(&t, base);
		related = model_relate(plain, back, false);
		for (id = base->nr + 1; id <= plain->nr; id++)
			if (!related[id * (back->nr + 1) + id])
				fail_msg("round %u: type %u comes back as another one",
					 round, id);
		named += t.d.nr_types;
		moved += t.d.nr_moved;
		kept += t.split.nr_kept;
		close_tested(&t);
		build_free_all();
	}
	assert_true(named > 300 && moved > 300 && kept > 300);
}

/* A module that needs some of everything. */
static void open_everything(struct tested *t)
{
	open_tested(t, model_parse(kernel),
		    model_parse(join(kernel, "mine STRUCT mine 64 list:list@0"
				     " p:pproto@128 c:circle@192"
				     " array:array@320 w:wide@448\n", "")),
		    false);
}

static void distill_same_bytes(void **state)
{
	struct distilled again;
	struct tested t;
	struct err err;

	(void)state;
	open_everything(&t);
	distill_and_check(&t);
	assert_int_equal(distill(&again, &t.split, &t.base, "mod.btf", &err),
			 0);
	assert_int_equal(again.base_size, t.d.base_size);
	assert_memory_equal(again.base, t.d.base, t.d.base_size);
	assert_int_equal(again.split_size, t.d.split_size);
	assert_memory_equal(again.split, t.d.split, t.d.split_size);
	distilled_free(&again);
	close_tested(&t);
}

static void distill_out_of_memory(void **state)
{
	unsigned int i = 0;
	struct tested t;
	struct err err;
	int ret = -1;

	(void)state;
	open_everything(&t);
	while (ret) {
		assert_true(i < 1000);
		fault_set(FAULT_ALLOC, i++, 1, 0);
		ret = distill(&t.d, &t.split, &t.base, "mod.btf", &err);
		fault_clear();
		if (ret) {
			assert_string_equal(err.msg, "mod.btf: out of memory");
			assert_null(t.d.base);
			assert_null(t.d.split);
		}
	}
	assert_true(i > 10);
	close_tested(&t);
}

/* Both sections are valid BTF whatever the base holds, or there is a message. */
static bool use_bad_base(const struct split *split, const uint8_t *data,
			 size_t size)
{
	struct err err = { .msg = "" };
	struct distilled d;
	struct btf btf;
	struct base base;
	uint32_t strs_len;

	scratch_write("bad", data, size);
	if (base_open(&base, "bad", &err))
		return false;
	if (distill(&d, split, &base, "mod.btf", &err)) {
		assert_true(*err.msg);
		base_close(&base);
		return false;
	}
	assert_int_equal(btf_open(&btf, "b", d.base, d.base_size, &err), 0);
	assert_int_equal(btf_check(&btf, &err), 0);
	strs_len = btf.strs_len;
	btf_free(&btf);
	assert_int_equal(btf_open_split(&btf, "s", d.split, d.split_size,
					d.nr_types, strs_len, &err), 0);
	assert_int_equal(btf_check(&btf, &err), 0);
	btf_free(&btf);
	distilled_free(&d);
	base_close(&base);
	return true;
}

static void distill_corrupt_base(void **state)
{
	static const uint32_t values[] = { 0, 1, 5, 0xffff, 0x7fffffff,
					   0xffffffff };
	uint32_t seed = 1, good = 0, bad = 0, round, i;
	struct tested t;
	uint8_t *file;
	size_t size, at;

	(void)state;
	open_everything(&t);
	file = scratch_read("base", &size);
	for (at = sizeof(struct base_header); at + 4 <= size; at += 4) {
		uint32_t old;

		memcpy(&old, file + at, 4);
		for (i = 0; i < 6; i++) {
			memcpy(file + at, &values[i], 4);
			if (use_bad_base(&t.split, file, size))
				good++;
			else
				bad++;
		}
		memcpy(file + at, &old, 4);
	}
	assert_true(good > 100 && bad > 100);
	for (round = 0; round < 2000; round++) {
		uint8_t *copy = test_malloc(size);

		memcpy(copy, file, size);
		for (i = build_random(&seed, 8); i; i--)
			copy[sizeof(struct base_header) +
			     build_random(&seed, size -
					  sizeof(struct base_header))] =
				build_random(&seed, 256);
		use_bad_base(&t.split, copy, size);
		test_free(copy);
	}
	free(file);
	close_tested(&t);
}

#define TEST(name) cmocka_unit_test_teardown(name, build_teardown)

int main(void)
{
	static const struct CMUnitTest tests[] = {
		TEST(distill_kinds),
		TEST(distill_func),
		TEST(distill_struct),
		TEST(distill_names),
		TEST(distill_nothing),
		TEST(distill_ambiguous),
		TEST(distill_twins),
		TEST(distill_ids),
		TEST(distill_random),
		TEST(distill_same_bytes),
		TEST(distill_out_of_memory),
		TEST(distill_corrupt_base),
	};

	return cmocka_run_group_tests(tests, scratch_setup, scratch_teardown);
}
