// SPDX-License-Identifier: GPL-2.0-only
/*
 * Fingerprints: the same for equal types in any BTF, different for types that C
 * distinguishes, and computed in linear time without recursion.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>

#include "btf_build.h"
#include "fault.h"
#include "fingerprint.h"

static uint64_t *fingerprints(const struct model *m)
{
	struct raw raw = model_raw(m, false);
	uint64_t *fps, *copy;
	struct btf btf;
	struct err err;

	assert_int_equal(raw_open(&btf, raw, &err), 0);
	fps = btf_fingerprints(&btf, &err);
	assert_non_null(fps);
	copy = build_alloc((m->nr + 1) * sizeof(*fps));
	memcpy(copy, fps, (m->nr + 1) * sizeof(*fps));
	free(fps);
	btf_free(&btf);
	return copy;
}

static uint64_t fingerprint(const char *text, const char *label)
{
	struct model *m = model_parse(text);

	return fingerprints(m)[model_id(m, label)];
}

static void assert_same(const char *text, const char *other)
{
	assert_true(fingerprint(text, "x") == fingerprint(other, "x"));
}

static void assert_differ(const char *text, const char *other)
{
	assert_false(fingerprint(text, "x") == fingerprint(other, "x"));
}

static void fp_any_order(void **state)
{
	static const char text[] =
		"int INT int 4\n"
		"a STRUCT a 24 p:pa@0 u:anon@64 fn:pfn@128\n"
		"pa PTR ca\n"
		"ca CONST a\n"
		"anon UNION - 8 i:int@0 in:inner@0\n"
		"inner STRUCT - 8 fwd:pfwd@0\n"
		"fwd FWD far struct\n"
		"pfwd PTR fwd\n"
		"pfn PTR fn\n"
		"fn PROTO td a:pa -:void\n"
		"td TYPEDEF td2 arr\n"
		"arr ARRAY e int 3\n"
		"e ENUM e 4 A=1\n"
		"f FUNC f fn 1\n"
		"tag DECL_TAG tag a 0\n";
	struct model *m = model_parse(text);
	uint64_t *fps = fingerprints(m);
	uint32_t seed = 1, id, i, *ids;

	(void)state;
	ids = build_alloc((m->nr + 1) * sizeof(*ids));
	for (i = 0; i < 200; i++) {
		uint64_t *other;

		other = fingerprints(model_shuffle(m, &seed, ids));
		for (id = 1; id <= m->nr; id++)
			assert_true(fps[id] == other[ids[id]]);
	}
	/* And none of these is like another. */
	for (id = 1; id <= m->nr; id++)
		for (i = 1; i < id; i++)
			assert_false(fps[id] == fps[i]);
}

/* A change of any word of any kind must show, or the search gets slow. */
static void fp_every_word_counts(void **state)
{
	static const char *const texts[] = {
		"x INT int 4\n", "x INT unt 4\n", "x INT int 8\n",
		"x FLOAT int 4\n", "x FLOAT int 8\n",
		"x PTR void\n", "x CONST void\n", "x VOLATILE void\n",
		"x RESTRICT void\n", "x PTR i\ni INT int 4\n",
		"x PTR i\ni INT int 8\n", "x PTR i\ni PTR x\n",
		"x ARRAY i i 3\ni INT int 4\n", "x ARRAY i i 4\ni INT int 4\n",
		"x ARRAY i j 3\ni INT int 4\nj INT j 8\n",
		"x ARRAY j i 3\ni INT int 4\nj INT j 8\n",
		"x STRUCT s 4 a:i@0\ni INT int 4\n",
		"x STRUCT t 4 a:i@0\ni INT int 4\n",
		"x STRUCT s 8 a:i@0\ni INT int 4\n",
		"x STRUCT s 4 b:i@0\ni INT int 4\n",
		"x STRUCT s 4 a:i@32\ni INT int 4\n",
		"x STRUCT s 4 a:i@0/4\ni INT int 4\n",
		"x STRUCT s 4 a:i@0/5\ni INT int 4\n",
		"x STRUCT s 4 a:i@0 b:i@0\ni INT int 4\n",
		"x STRUCT s 4 b:i@0 a:i@0\ni INT int 4\n",
		"x STRUCT s 4\n", "x UNION s 4\n", "x UNION s 4 a:i@0\ni INT int 4\n",
		"x ENUM s 4 A=1\n", "x ENUM s 4 B=1\n", "x ENUM s 4 A=2\n",
		"x ENUM s 4 A=-1\n", "x ENUM s 1 A=1\n", "x ENUM64 s 8 A=1\n",
		"x ENUM64 s 8 A=0x100000001\n", "x ENUM64 s 8 A=-1\n",
		"x FWD s struct\n", "x FWD s union\n", "x FWD t struct\n",
		"x TYPEDEF s void\n", "x TYPEDEF t void\n", "x TYPE_TAG s void\n",
		"x PROTO void\n", "x PROTO void -:void\n",
		"x PROTO void a:i\ni INT int 4\n",
		"x PROTO void b:i\ni INT int 4\n", "x PROTO i\ni INT int 4\n",
		"x FUNC s p 0\np PROTO void\n", "x FUNC s p 1\np PROTO void\n",
		"x VAR s p 0\np PROTO void\n", "x VAR s p 1\np PROTO void\n",
		"x DECL_TAG s p -1\np TYPEDEF p void\n",
		"x DECL_TAG s p 0\np TYPEDEF p void\n",
		"x DECL_TAG s p 0\np TYPEDEF q void\n",
	};
	const unsigned int nr = sizeof(texts) / sizeof(texts[0]);
	unsigned int a, b;

	(void)state;
	for (a = 0; a < nr; a++)
		for (b = 0; b < a; b++)
			assert_differ(texts[a], texts[b]);
}

/* A reference to a struct is hashed by its tag alone. */
static void fp_declaration_like_definition(void **state)
{
	(void)state;
	assert_same("x PTR s\ns FWD s struct\n",
		    "x PTR s\ni INT int 4\ns STRUCT s 4 a:i@0\n");
	assert_same("x PTR s\ns FWD s union\n",
		    "x PTR s\ni INT int 4\ns UNION s 4 a:i@0\n");
	assert_same("x PTR e\ne ENUM e 4\n", "x PTR e\ne ENUM e 4 A=1\n");
	assert_same("x PTR e\ne ENUM e 4\n", "x PTR e\ne ENUM64 e 8 A=1\n");
	assert_same("x STRUCT y 8 p:p@0\np PTR s\ns FWD s struct\n",
		    "s STRUCT s 0\np PTR s\nx STRUCT y 8 p:p@0\n");
	/* Three name spaces of tags in BTF. */
	assert_differ("x PTR s\ns FWD s struct\n", "x PTR s\ns FWD s union\n");
	assert_differ("x PTR s\ns FWD s struct\n", "x PTR s\ns ENUM s 4\n");
	assert_differ("x PTR s\ns FWD s struct\n", "x PTR s\ns FWD t struct\n");
	/* The declaration itself is not the definition. */
	assert_differ("x FWD s struct\n", "x STRUCT s 0\n");
}

/* Without a tag, the contents are hashed. */
static void fp_anonymous_expanded(void **state)
{
	(void)state;
	assert_differ("x STRUCT s 4 -:a@0\na STRUCT - 4 m:i@0\ni INT int 4\n",
		      "x STRUCT s 4 -:a@0\na STRUCT - 4 n:i@0\ni INT int 4\n");
	assert_differ("x PTR a\na UNION - 4 m:i@0\ni INT int 4\n",
		      "x PTR a\na UNION - 4 m:i@0\ni INT unt 4\n");
	assert_differ("x PTR a\na ENUM - 4 A=1\n", "x PTR a\na ENUM - 4 A=2\n");
	assert_differ("x TYPEDEF t a\na TYPEDEF u i\ni INT int 4\n",
		      "x TYPEDEF t a\na TYPEDEF u i\ni INT int 8\n");
	/* Named, it is a tag again. */
	assert_same("x STRUCT s 4 -:a@0\na STRUCT a 4 m:i@0\ni INT int 4\n",
		    "x STRUCT s 4 -:a@0\na STRUCT a 4 n:i@0\ni INT int 4\n");
}

/* C recursion goes through tags and is the same from wherever it starts. */
static void fp_recursion(void **state)
{
	(void)state;
	assert_same("x STRUCT l 8 n:p@0\np PTR x\n",
		    "p PTR x\nx STRUCT l 8 n:p@0\n");
	assert_same("x PTR l\nl STRUCT l 8 n:x@0\n",
		    "l STRUCT l 8 n:x@0\nx PTR l\n");
}

/* No compiler writes these; the walk has to end all the same. */
static void fp_hostile_loops(void **state)
{
	static const char *const texts[] = {
		"x TYPEDEF x x\n",
		"x CONST x\n",
		"x TYPEDEF a y\ny TYPEDEF b x\n",
		"x STRUCT - 8 p:p@0\np PTR x\n",
		"x STRUCT - 8 p:x@0 q:x@64\n",
		"x ARRAY x x 2\n",
		"x PROTO x a:x b:y\ny PTR x\n",
		"x FUNC f x 1\n",
		"x DECL_TAG x x 0\n",
		"x STRUCT - 8 a:y@0 b:z@0\ny UNION - 8 a:z@0 b:x@0\n"
			"z PTR w\nw CONST y\n",
	};
	unsigned int i;

	(void)state;
	for (i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
		assert_true(fingerprint(texts[i], "x") ==
			    fingerprint(texts[i], "x"));
}

/* As deep as a file can be: 8 MB of stack are not enough to recurse. */
static void fp_deep_chain(void **state)
{
	const uint32_t nr = 1000000;
	struct model *m = model_new();
	uint64_t *fps;
	uint32_t id;

	(void)state;
	for (id = 1; id < nr; id++)
		model_add(m, BTF_KIND_CONST, "", 0, id + 1);
	model_add(m, BTF_KIND_INT, "int", 4, 0);
	fps = fingerprints(m);
	assert_false(fps[1] == fps[2]);

	build_free_all();
	m = model_new();
	for (id = 0; id < nr; id++)
		model_add(m, BTF_KIND_CONST, "", 0, id);
	fps = fingerprints(m);
	assert_false(fps[1] == fps[nr]);
}

static double seconds(void)
{
	return (double)clock() / CLOCKS_PER_SEC;
}

/* Each parameter's type must not be walked once for each parameter. */
static void fp_wide_prototypes(void **state)
{
	struct model *m = model_new();
	uint32_t i, id, td;
	double start;

	(void)state;
	model_add(m, BTF_KIND_INT, "int", 4, 0);
	td = model_add(m, BTF_KIND_TYPEDEF, "t", 0, 1);
	for (i = 0; i < 8; i++) {
		id = model_add(m, BTF_KIND_FUNC_PROTO, "", 0, td);
		td = model_add(m, BTF_KIND_PTR, "", 0, id);
		for (id = td - 1; m->types[id].nr < 65535;)
			model_item(m, id, "p", m->types[id].nr % 2 ?
				   id - 1 : 2, 0);
	}
	start = seconds();
	fingerprints(m);
	assert_true(seconds() - start < 2);
}

static void fp_out_of_memory(void **state)
{
	struct raw raw = model_raw(model_parse("x TYPEDEF t i\ni INT i 4\n"),
				   false);
	struct err err = { .msg = "" };
	struct btf btf;
	unsigned int i;

	(void)state;
	assert_int_equal(raw_open(&btf, raw, &err), 0);
	for (i = 0; i < 2; i++) {
		fault_set(FAULT_ALLOC, i, 1, 0);
		assert_null(btf_fingerprints(&btf, &err));
		assert_string_equal(err.msg, "mod.btf: out of memory");
		fault_clear();
	}
	btf_free(&btf);
}

/* Kinds of the name spaces, and what counts as a declaration. */
static void fp_name_spaces(void **state)
{
	static const struct {
		const char *text;
		enum btf_space space;
		bool declaration;
	} cases[] = {
		{ "x STRUCT s 0\n", BTF_SPACE_STRUCT, false },
		{ "x UNION s 0\n", BTF_SPACE_UNION, false },
		{ "x FWD s struct\n", BTF_SPACE_STRUCT, true },
		{ "x FWD s union\n", BTF_SPACE_UNION, true },
		{ "x ENUM s 4\n", BTF_SPACE_ENUM, true },
		{ "x ENUM s 4 A=0\n", BTF_SPACE_ENUM, false },
		{ "x ENUM64 s 8\n", BTF_SPACE_ENUM, true },
		{ "x ENUM64 s 8 A=0\n", BTF_SPACE_ENUM, false },
		{ "x TYPEDEF s void\n", BTF_SPACE_TYPEDEF, false },
		{ "x FUNC s y 0\ny PROTO void\n", BTF_SPACE_FUNC, false },
		{ "x VAR s void 0\n", BTF_SPACE_NONE, false },
		{ "x INT s 4\n", BTF_SPACE_NONE, false },
		{ "x PTR void\n", BTF_SPACE_NONE, false },
	};
	unsigned int i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct raw raw = model_raw(model_parse(cases[i].text), false);
		struct btf btf;
		struct err err;

		assert_int_equal(raw_open(&btf, raw, &err), 0);
		assert_int_equal(btf_space(btf_type(&btf, 1)), cases[i].space);
		assert_int_equal(btf_is_declaration(btf_type(&btf, 1)),
				 cases[i].declaration);
		btf_free(&btf);
	}
}

#define TEST(name) cmocka_unit_test_teardown(name, build_teardown)

int main(void)
{
	static const struct CMUnitTest tests[] = {
		TEST(fp_any_order),
		TEST(fp_every_word_counts),
		TEST(fp_declaration_like_definition),
		TEST(fp_anonymous_expanded),
		TEST(fp_recursion),
		TEST(fp_hostile_loops),
		TEST(fp_deep_chain),
		TEST(fp_wide_prototypes),
		TEST(fp_out_of_memory),
		TEST(fp_name_spaces),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
