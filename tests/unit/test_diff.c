// SPDX-License-Identifier: GPL-2.0-only
/* btfinspect diff: differences between two sets of types, by name. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "btf_build.h"
#include "compare.h"
#include "cdecl.h"
#include "diff.h"
#include "membuf.h"
#include "scratch.h"
#include "side.h"

static void write_model(const char *path, const char *text, bool swapped)
{
	struct raw raw = model_raw(model_parse(text), swapped);

	scratch_write(path, raw.data, raw.size);
}

static void open_sides(struct side *old, struct side *new, const char *a,
		       const char *b, bool swapped)
{
	struct err err;

	write_model("old", a, swapped);
	write_model("new", b, false);
	assert_int_equal(side_open(old, "old", NULL, &err), 1);
	assert_int_equal(side_open(new, "new", NULL, &err), 1);
}

/* The output of diff_text() for two models; the new one in host byte order */
static char *diff_of(const char *a, const char *b, bool swapped)
{
	struct side old, new;
	struct compare c;
	struct membuf m;
	struct err err;
	char *text;
	FILE *f;

	open_sides(&old, &new, a, b, swapped);
	assert_int_equal(compare_sides(&c, &old, &new, NULL, 0, &err), 0);
	f = membuf_open(&m);
	assert_non_null(f);
	assert_int_equal(diff_text(&c, "", false, f, &err), 0);
	assert_int_equal(membuf_close(&m, f), 0);
	text = build_alloc(m.size + 1);
	if (m.size)
		memcpy(text, m.data, m.size);
	free(m.data);
	compare_free(&c);
	side_close(&old);
	side_close(&new);
	return text;
}

static void test_lines(void **state)
{
	static const struct {
		const char *old, *new, *diff;
	} cases[] = {
		/* The same, in another order, with other ids */
		{ "i INT int 4\np PTR s\ns STRUCT s 16 a:i@0 b:p@64\n",
		  "x FLOAT x 8\ns STRUCT s 16 a:i@0 b:p@64\ni INT int 4\np PTR s\n",
		  "+ type x, 8 bytes\n" },
		{ "i INT int 4\ns STRUCT s 8 a:i@0 b:i@32\n",
		  "i INT int 4\ns STRUCT s 12 a:i@0 c:i@32 b:i@64\n",
		  "! struct s\n    8 bytes -> 12\n"
		  "    ! int b at 4 -> at 8\n    + int c at 4\n" },
		{ "i INT int 4\nl INT long 8\nc CONST i\np PTR c\ns STRUCT s 8 a:p@0\n",
		  "i INT int 4\nl INT long 8\np PTR l\ns STRUCT s 8 a:p@0\n",
		  "! struct s\n    ! const int *a at 0 -> long *a at 0\n" },
		/* A bit field, and what is moved by less than a byte */
		{ "i INT int 4\ns STRUCT s 4 a:i@0/3 b:i@3/2\n",
		  "i INT int 4\ns STRUCT s 4 a:i@0/4 b:i@4/2\n",
		  "! struct s\n    ! int a:3 at 0 -> int a:4 at 0\n"
		  "    ! int b:2 at 0:3 -> at 0:4\n" },
		/* Many that have moved are one line. */
		{ "i INT int 4\ns STRUCT s 16 a:i@0 b:i@32 c:i@64 d:i@96\n",
		  "i INT int 4\ns STRUCT s 20 n:i@0 a:i@32 b:i@64 c:i@96 d:i@128\n",
		  "! struct s\n    16 bytes -> 20\n"
		  "    ! 4 members, a to d: moved by +4\n    + int n at 0\n" },
		/* A change is reported where it is, not where the type is used. */
		{ "i INT int 4\nt TYPEDEF t_t i\ns STRUCT s 4 a:t@0\nu UNION u 4 a:s@0\n",
		  "i INT int 4\nj INT unsigned 4\nt TYPEDEF t_t j\ns STRUCT s 4 a:t@0\nu UNION u 4 a:s@0\n",
		  "! typedef t_t\n    int t_t -> unsigned t_t\n+ type unsigned, 4 bytes\n" },
		/* Inside of what has no name */
		{ "i INT int 4\nn UNION - 4 x:i@0 y:i@0\nm STRUCT - 4 z:i@0\ns STRUCT s 8 :n@0 m:m@32\n",
		  "i INT int 4\nn UNION - 4 x:i@0\nm STRUCT - 8 z:i@32\ns STRUCT s 12 :n@0 m:m@32\n",
		  "! struct s\n    8 bytes -> 12\n    - int y at 0\n"
		  "    ! int m.z at 4 -> at 8\n" },
		{ "i INT int 4\ns STRUCT s 4 a:i@0\n",
		  "i INT int 4\nm STRUCT - 4 z:i@0\ns STRUCT s 8 a:i@0 m:m@32\n",
		  "! struct s\n    4 bytes -> 8\n    + struct { int z; } m at 4\n" },
		{ "e ENUM e 4 A=0 B=1\n", "e ENUM e 4 A=0 C=1 B=2\n",
		  "! enum e\n    ! B = 1 -> 2\n    + C = 1\n" },
		/* A declaration is no definition. */
		{ "i INT int 4\ns STRUCT s 4 a:i@0\np PTR s\nt TYPEDEF t p\n",
		  "i INT int 4\ns FWD s struct\np PTR s\nt TYPEDEF t p\n",
		  "- struct s, 4 bytes\n" },
		{ "i INT int 4\nf PROTO i x:i\nF FUNC f f 1\n",
		  "i INT int 4\nf PROTO void x:i :void\nF FUNC f f 1\ng PROTO void\nG FUNC g g 0\n",
		  "! func f\n    int f(int x) -> void f(int x, ...)\n+ func void g(void)\n" },
		{ "i INT int 4\nv VAR v i 1\n", "l INT int 8\nv VAR v l 0\n",
		  "! type int\n    4 bytes -> 8\n"
		  "    encoding 0x00000020 -> 0x00000040\n"
		  "! var v\n    global -> static\n" },
		/* Two of one name: the one that is the same is left out. */
		{ "i INT int 4\ns STRUCT s 4 a:i@0\nt STRUCT s 8 b:i@0\n",
		  "i INT int 4\nt STRUCT s 8 c:i@0\ns STRUCT s 4 a:i@0\n",
		  "! struct s\n    - int b at 0\n    + int c at 0\n" },
		{ "i INT int 4\nf PROTO void a:i\nF FUNC f f 1\n",
		  "i INT int 4\nf PROTO void a:i\nF FUNC f f 1\nt DECL_TAG bpf_kfunc F -1\n",
		  "" },
		{ "i INT int 4\nf PROTO void a:i\nF FUNC f f 1\ng FUNC g f 1\nt DECL_TAG bpf_kfunc g -1\n",
		  "i INT int 4\nf PROTO void a:i\nF FUNC f f 1\nt DECL_TAG bpf_kfunc F -1\n",
		  "! kfunc f\n    is a kfunc now\n- kfunc void g(int a)\n" },
	};
	unsigned int swapped;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		for (swapped = 0; swapped < 2; swapped++)
			assert_string_equal(diff_of(cases[i].old, cases[i].new,
						    swapped), cases[i].diff);
}

static void test_cdecl(void **state)
{
	static const char model[] =
		"i INT int 4\n"
		"p PTR i\n"
		"cp CONST p\n"
		"a ARRAY cp i 3\n"
		"b ARRAY a i 2\n"
		"pa PTR b\n"
		"f PROTO pa x:i f:pf\n"
		"pf PTR f0\n"
		"f0 PROTO void\n"
		"F FUNC func f 1\n"
		"af ARRAY pf i 4\n"
		"t TYPE_TAG rcu i\n"
		"pt PTR t\n"
		"e ENUM - 4 A=1 B=2\n"
		"d FWD d union\n";
	static const struct {
		const char *label, *name, *text;
	} cases[] = {
		{ "i", "x", "int x" },
		{ "i", NULL, "int" },
		{ "p", NULL, "int *" },
		{ "cp", "x", "int *const x" },
		{ "cp", NULL, "int *const" },
		{ "b", NULL, "int *const [2][3]" },
		{ "pa", "x", "int *const (*x)[2][3]" },
		{ "F", "func", "int *const (*func(int x, void (*f)(void)))[2][3]" },
		{ "af", "x", "void (*x[4])(void)" },
		{ "pt", "x", "__attribute__((btf_type_tag(\"rcu\"))) int *x" },
		{ "e", "x", "enum { A, B } x" },
		{ "d", NULL, "union d" },
	};
	struct model *m = model_parse(model);
	char text[CDECL_SIZE];
	struct side s;
	struct err err;
	size_t i;

	(void)state;
	write_model("types", model, false);
	assert_int_equal(side_open(&s, "types", NULL, &err), 1);
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		cdecl_text(&s, model_id(m, cases[i].label), cases[i].name, text);
		assert_string_equal(text, cases[i].text);
	}
	cdecl_text(&s, 0, "x", text);
	assert_string_equal(text, "void x");
	side_close(&s);
}

/* No end, or a far one: whatever is said, it is said soon. */
static void test_endless(void **state)
{
	static const char * const models[] = {
		"p PTR p\ns STRUCT s 8 a:p@0\n",
		"c CONST d\nd CONST c\ns STRUCT s 8 a:c@0\n",
		"i INT int 4\na ARRAY a i 1\ns STRUCT s 8 a:a@0\n",
		"n STRUCT - 8 a:n@0\ns STRUCT s 8 a:n@0\n",
		"n STRUCT - 8 :n@0\ns STRUCT s 8 :n@0\n",
		"f PROTO f a:f\nF FUNC f f 1\n",
	};
	char text[4000] = "i INT int 4\nn0 STRUCT - 4 a:i@0\n";
	unsigned int i;

	(void)state;
	for (i = 0; i < sizeof(models) / sizeof(models[0]); i++)
		diff_of(models[i], models[i], false);
	/* Each has the one before twice. */
	for (i = 1; i < 50; i++)
		snprintf(text + strlen(text), sizeof(text) - strlen(text),
			 "n%u STRUCT - 4 a:n%u@0 b:n%u@0\n", i, i - 1, i - 1);
	snprintf(text + strlen(text), sizeof(text) - strlen(text),
		 "s STRUCT s 4 a:n49@0\n");
	diff_of(text, text, false);
}

/* All of one name: no time is spent to find out which is which. */
static void test_namesakes(void **state)
{
	struct model *m = model_new();
	struct side old, new;
	struct compare c;
	struct err err;
	struct raw raw;
	uint32_t i;

	(void)state;
	for (i = 0; i < 30000; i++)
		model_add(m, BTF_KIND_STRUCT, "s", i, 0);
	raw = model_raw(m, false);
	scratch_write("old", raw.data, raw.size);
	m->types[20000].size = 40000;
	raw = model_raw(m, false);
	scratch_write("new", raw.data, raw.size);
	assert_int_equal(side_open(&old, "old", NULL, &err), 1);
	assert_int_equal(side_open(&new, "new", NULL, &err), 1);
	assert_int_equal(compare_sides(&c, &old, &new, NULL, 0, &err), 0);
	assert_int_equal(c.nr, 1);
	assert_int_equal(c.list[0].old, 20000);
	assert_int_equal(c.types.nr_changed, 1);
	compare_free(&c);
	side_close(&old);
	side_close(&new);
}

static void test_ids(void **state)
{
	static const char vars[] =
		"i INT int 4\nv VAR v i 1\nd DATASEC .data 8 :v@%u/4\n";
	struct side old, new;

	(void)state;
	open_sides(&old, &new, "i INT int 4\np PTR i\n", "i INT int 4\np PTR i\n",
		   false);
	assert_int_equal(compare_ids(&old, &new), RENUMBERED_NOT);
	side_close(&old);
	side_close(&new);
	open_sides(&old, &new, "i INT int 4\np PTR i\n", "p PTR i\ni INT int 4\n",
		   false);
	assert_int_equal(compare_ids(&old, &new), RENUMBERED_IDS);
	side_close(&old);
	side_close(&new);
	open_sides(&old, &new, build_text(vars, 0), build_text(vars, 4), false);
	assert_int_equal(compare_ids(&old, &new), RENUMBERED_VARS);
	side_close(&old);
	side_close(&new);
}

static void test_names(void **state)
{
	static char *names[] = { "b" };
	struct side old, new;
	struct compare c;
	struct err err;

	(void)state;
	open_sides(&old, &new, "a INT a 4\nb INT b 4\n", "c INT c 4\n", false);
	assert_int_equal(compare_sides(&c, &old, &new, names, 1, &err), 0);
	assert_int_equal(c.nr, 1);
	assert_string_equal(c.list[0].name, "b");
	assert_int_equal(c.types.nr_gone, 1);
	assert_int_equal(c.types.nr[0], 2);
	compare_free(&c);
	side_close(&old);
	side_close(&new);
}

static void test_bad(void **state)
{
	struct side s;
	struct err err;

	(void)state;
	assert_int_equal(side_open(&s, "nosuch", NULL, &err), -1);
	side_close(&s);
	scratch_write("empty", "", 0);
	assert_int_equal(side_open(&s, "empty", NULL, &err), -1);
	assert_string_equal(err.msg, "empty: is empty");
	side_close(&s);
	scratch_write("base", BASE_MAGIC, strlen(BASE_MAGIC));
	assert_int_equal(side_open(&s, "base", NULL, &err), -1);
	side_close(&s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_teardown(test_lines, build_teardown),
		cmocka_unit_test_teardown(test_cdecl, build_teardown),
		cmocka_unit_test_teardown(test_endless, build_teardown),
		cmocka_unit_test_teardown(test_namesakes, build_teardown),
		cmocka_unit_test_teardown(test_ids, build_teardown),
		cmocka_unit_test_teardown(test_names, build_teardown),
		cmocka_unit_test_teardown(test_bad, build_teardown),
	};

	return cmocka_run_group_tests(tests, scratch_setup, scratch_teardown);
}
