// SPDX-License-Identifier: GPL-2.0-only
/*
 * Equal types of one BTF, against the definition of equal (model_relate()
 * tries all pairs of types).
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>

#include "btf_build.h"
#include "equal.h"
#include "fault.h"
#include "fingerprint.h"

/* Equal types of @m; @fps NULL: the true ones. */
static uint32_t *find_equal(const struct model *m, const uint64_t *fps,
			    const uint32_t *base_ids)
{
	size_t size = (m->nr + 1) * sizeof(uint32_t);
	struct raw raw = model_raw(m, false);
	uint64_t *own_fps = NULL;
	uint32_t *equal, *copy;
	struct btf btf;
	struct err err;

	assert_int_equal(raw_open(&btf, raw, &err), 0);
	if (!fps) {
		own_fps = btf_fingerprints(&btf, &err);
		assert_non_null(own_fps);
		fps = own_fps;
	}
	equal = btf_equal_types(&btf, fps, base_ids, &err);
	assert_non_null(equal);
	copy = build_alloc(size);
	memcpy(copy, equal, size);
	free(equal);
	free(own_fps);
	btf_free(&btf);
	return copy;
}

static void assert_all_right(const struct model *m, const uint64_t *fps)
{
	uint32_t *want = model_lowest_equal(m);
	uint32_t *equal = find_equal(m, fps, NULL);
	uint32_t id;

	for (id = 1; id <= m->nr; id++)
		if (equal[id] != want[id])
			fail_msg("type %u (%s) is equal to %u, not %u", id,
				 m->types[id].label, want[id], equal[id]);
}

static bool are_equal(const char *text, const char *a, const char *b)
{
	struct model *m = model_parse(text);
	uint32_t *equal = find_equal(m, NULL, NULL);

	assert_all_right(m, NULL);
	return equal[model_id(m, a)] == equal[model_id(m, b)];
}

/* Two copies of a -> b -> a, which no bottom-up comparison can join. */
#define MUTUAL								\
	"int INT int 4\n"						\
	"a1 STRUCT a 8 b:pb1@0\n"					\
	"b1 STRUCT b 16 a:pa1@0 i:int@64\n"				\
	"pa1 PTR a1\n"							\
	"pb1 PTR b1\n"							\
	"a2 STRUCT a 8 b:pb2@0\n"					\
	"pa2 PTR a2\n"							\
	"pb2 PTR b2\n"

static void equal_mutual_recursion(void **state)
{
	static const char same[] = MUTUAL "b2 STRUCT b 16 a:pa2@0 i:int@64\n";
	static const char other[] = MUTUAL "b2 STRUCT b 16 a:pa2@0 j:int@64\n";
	static const char crossed[] = MUTUAL "b2 STRUCT b 16 a:pa1@0 i:int@64\n";

	(void)state;
	assert_true(are_equal(same, "a1", "a2"));
	assert_true(are_equal(same, "b1", "b2"));
	assert_true(are_equal(same, "pa1", "pa2"));
	assert_false(are_equal(other, "a1", "a2"));
	assert_false(are_equal(other, "pa1", "pa2"));
	/* One enters the other's circle: unrolled, all are the same. */
	assert_true(are_equal(crossed, "a1", "a2"));
}

/* Different circles that unroll to the same infinite type. */
static void equal_unrolled(void **state)
{
	static const char text[] =
		"a1 STRUCT l 8 n:p1@0\np1 PTR a1\n"
		"a2 STRUCT l 8 n:p2@0\np2 PTR a3\n"
		"a3 STRUCT l 8 n:p3@0\np3 PTR a2\n";

	(void)state;
	assert_true(are_equal(text, "a1", "a2"));
	assert_true(are_equal(text, "a1", "a3"));
	assert_true(are_equal(text, "p1", "p3"));
}

/* The only difference is @depth named structs away; fingerprints are equal. */
static struct model *deep(uint32_t depth, bool differ)
{
	struct model *m = model_new();
	uint32_t copy, i, id;

	for (copy = 0; copy < 2; copy++) {
		model_add(m, BTF_KIND_INT, differ && copy ? "long" : "int", 4,
			  0);
		id = model_add(m, BTF_KIND_STRUCT, "end", 4, 0);
		model_item(m, id, "x", id - 1, 0);
		for (i = 0; i < depth; i++) {
			model_add(m, BTF_KIND_PTR, "", 0, id);
			id = model_add(m, BTF_KIND_STRUCT,
				       build_text("s%u", i), 8, 0);
			model_item(m, id, "next", id - 1, 0);
		}
	}
	return m;
}

static void equal_differs_deep_down(void **state)
{
	uint32_t depth;

	(void)state;
	for (depth = 1; depth < 40; depth += 6) {
		struct model *m = deep(depth, true);
		uint32_t id, *equal = find_equal(m, NULL, NULL);

		for (id = 1; id <= m->nr; id++)
			assert_int_equal(equal[id], id);
		assert_all_right(m, NULL);

		m = deep(depth, false);
		equal = find_equal(m, NULL, NULL);
		for (id = 1; id <= m->nr / 2; id++)
			assert_int_equal(equal[id + m->nr / 2], id);
		build_free_all();
	}
}

/* Few names and kinds, any references: nearly everything is a suspect. */
static struct model *random_model(uint32_t *seed, uint32_t nr)
{
	static const unsigned int kinds[] = {
		BTF_KIND_PTR, BTF_KIND_STRUCT, BTF_KIND_STRUCT,
		BTF_KIND_STRUCT, BTF_KIND_TYPEDEF, BTF_KIND_FWD,
		BTF_KIND_INT, BTF_KIND_FUNC_PROTO, BTF_KIND_VAR,
	};
	struct model *m = model_new();
	uint32_t id, i, items;

	for (id = 1; id <= nr; id++) {
		unsigned int kind = kinds[build_random(seed, 9)];
		bool refers = kind == BTF_KIND_PTR || kind == BTF_KIND_VAR ||
			      kind == BTF_KIND_TYPEDEF;
		bool named = kind != BTF_KIND_PTR &&
			     kind != BTF_KIND_FUNC_PROTO;

		model_add(m, kind, named ? build_text("n%u",
						      build_random(seed, 2)) :
			  "", kind == BTF_KIND_STRUCT || kind == BTF_KIND_INT ?
			  4 : 0, refers ? build_random(seed, nr + 1) : 0);
		items = build_random(seed, 3);
		if (kind != BTF_KIND_STRUCT && kind != BTF_KIND_FUNC_PROTO)
			items = 0;
		for (i = 0; i < items; i++)
			model_item(m, id, "m", build_random(seed, nr + 1), 0);
	}
	return m;
}

/* Types are equal to what they are said to be, though others may be too. */
static void assert_nothing_wrong(const struct model *m, const uint64_t *fps)
{
	uint32_t *want = model_lowest_equal(m);
	uint32_t *equal = find_equal(m, fps, NULL), id;

	for (id = 1; id <= m->nr; id++)
		assert_int_equal(want[equal[id]], want[id]);
}

/* With loops that have no tag: those may stay apart. */
static void equal_random(void **state)
{
	uint32_t seed = 1, i;

	(void)state;
	for (i = 0; i < 400; i++) {
		assert_nothing_wrong(random_model(&seed, 2 + i % 40), NULL);
		build_free_all();
	}
}

/* Equality depends on the types alone. */
static void equal_any_order(void **state)
{
	struct model *m = model_parse(MUTUAL
				      "b2 STRUCT b 16 a:pa2@0 i:int@64\n"
				      "int2 INT int 4\nb3 STRUCT b 16 a:pa3@0 i:int2@64\n"
				      "a3 STRUCT a 8 b:pb3@0\npb3 PTR b3\npa3 PTR a3\n"
				      "a4 STRUCT a 8 b:pb4@0\npb4 PTR b4\n"
				      "b4 STRUCT b 16 a:pa4@0 k:int@64\npa4 PTR a4\n");
	uint32_t seed = 7, i;

	(void)state;
	for (i = 0; i < 200; i++)
		assert_all_right(model_shuffle(m, &seed, NULL), NULL);
}

/*
 * Should fingerprints collide, all of them or into a few values, nothing may be
 * merged that differs. That all that is equal is found is for true ones.
 */
static void equal_collisions(void **state)
{
	uint32_t seed = 3, i, id, values;

	(void)state;
	for (i = 0; i < 600; i++) {
		struct model *m = random_model(&seed, 2 + i % 40);
		uint64_t *fps = build_alloc((m->nr + 1) * sizeof(*fps));

		values = 1 + i % 3;
		for (id = 1; id <= m->nr; id++)
			fps[id] = 9 + m->types[id].kind % values;
		assert_nothing_wrong(m, fps);
		build_free_all();
	}
}

/* Equal types are found among those that collide with them. */
static void equal_collision_found(void **state)
{
	static const uint64_t fps[] = { 0, 5, 5, 5, 5, 5 };

	(void)state;
	assert_all_right(model_parse("i INT i 4\nj INT j 4\nk INT i 4\n"
				     "p PTR i\nq PTR k\n"), fps);
}

/* Things, not types: two static variables may have one name. */
static void equal_never_variables(void **state)
{
	(void)state;
	assert_false(are_equal("i INT int 4\nv VAR v i 0\nw VAR v i 0\n",
			       "v", "w"));
	assert_false(are_equal("i INT int 4\nv VAR v i 0\n"
			       "s DATASEC .d 4 :v@0/4\nt DATASEC .d 4 :v@0/4\n",
			       "s", "t"));
	assert_false(are_equal("s DATASEC .d 4\nt DATASEC .d 4\n", "s", "t"));
}

/* Types that refer to the same type of the base are equal, others are not. */
static void equal_with_base_ids(void **state)
{
	struct model *m = model_parse("a STRUCT a 4 x:i@0\n"
				      "i INT i 4\n"
				      "b STRUCT a 4 x:j@0\n"
				      "j INT i 4\n"
				      "f FWD f struct\n"
				      "g STRUCT f 0\n"
				      "p PTR f\n"
				      "q PTR g\n");
	uint32_t ids[9] = { 0 }, *equal;

	(void)state;
	equal = find_equal(m, NULL, ids);
	assert_int_equal(equal[3], 1);
	assert_int_equal(equal[8], 8);

	/* Whatever they were: their ids in the base are what they are. */
	ids[2] = 7;
	ids[4] = 8;
	ids[5] = 9;
	ids[6] = 9;
	equal = find_equal(m, NULL, ids);
	assert_int_equal(equal[3], 3);
	assert_int_equal(equal[2], 2);
	assert_int_equal(equal[4], 4);
	assert_int_equal(equal[8], 7);

	/* A base's id that is also the number of a type here. */
	ids[4] = 0;
	ids[2] = 4;
	equal = find_equal(m, NULL, ids);
	assert_int_equal(equal[3], 3);
}

static double seconds(void)
{
	return (double)clock() / CLOCKS_PER_SEC;
}

/* Every round splits off the last struct only; there must be an end to it. */
static void equal_hostile_chain(void **state)
{
	const uint32_t nr = 100000;
	struct model *m = model_new();
	uint32_t i, id, *equal;
	double start;

	(void)state;
	for (i = 0; i < nr; i++) {
		id = model_add(m, BTF_KIND_STRUCT, "s", 8, 0);
		model_item(m, id, "n", i + 1 < nr ? id + 1 : 0, 0);
		model_add(m, BTF_KIND_PTR, "", 0, id + 2);
	}
	m->types[m->nr].type = 0;
	start = seconds();
	equal = find_equal(m, NULL, NULL);
	assert_true(seconds() - start < 5);
	/* Each has another distance to the end. */
	for (id = 1; id <= m->nr; id++)
		assert_int_equal(equal[id], id);
}

static void equal_nothing(void **state)
{
	(void)state;
	assert_all_right(model_new(), NULL);
	assert_all_right(model_parse("i INT i 4\n"), NULL);
}

static void equal_out_of_memory(void **state)
{
	struct raw raw = model_raw(model_parse("i INT i 4\nj INT i 4\n"),
				   false);
	uint64_t fps[3] = { 0, 9, 9 };
	struct err err = { .msg = "" };
	struct btf btf;
	unsigned int i;

	(void)state;
	assert_int_equal(raw_open(&btf, raw, &err), 0);
	for (i = 0; i < 3; i++) {
		fault_set(FAULT_ALLOC, i, 1, 0);
		assert_null(btf_equal_types(&btf, fps, NULL, &err));
		assert_string_equal(err.msg, "mod.btf: out of memory");
		fault_clear();
	}
	btf_free(&btf);
}

#define TEST(name) cmocka_unit_test_teardown(name, build_teardown)

int main(void)
{
	static const struct CMUnitTest tests[] = {
		TEST(equal_mutual_recursion),
		TEST(equal_unrolled),
		TEST(equal_differs_deep_down),
		TEST(equal_random),
		TEST(equal_any_order),
		TEST(equal_collisions),
		TEST(equal_collision_found),
		TEST(equal_never_variables),
		TEST(equal_with_base_ids),
		TEST(equal_hostile_chain),
		TEST(equal_nothing),
		TEST(equal_out_of_memory),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
