// SPDX-License-Identifier: GPL-2.0-only
/* Lookup of strings and named types in the base and in a module's own types. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "btf_build.h"
#include "fault.h"
#include "names.h"

static void open_base(struct base *base, const char *text)
{
	struct err err;

	raw_write_base(model_raw(model_parse(text), false), "base");
	assert_int_equal(base_open(base, "base", &err), 0);
}

static void open_types(struct btf *btf, const char *text)
{
	struct err err;

	assert_int_equal(raw_open(btf, model_raw(model_parse(text), false),
				  &err), 0);
}

static void names_in_the_base(void **state)
{
	static const char *const found[] = { "", "task", "tasks", "sk" };
	static const char *const missing[] = { "tas", "taskss", "s", "Task" };
	struct model *m = model_new();
	struct names names;
	struct base base;
	struct btf btf;
	struct err err;
	uint32_t off, i, round;

	(void)state;
	open_base(&base, "a TYPEDEF task void\nb TYPEDEF tasks void\n"
		  "c TYPEDEF sk void\n");
	for (i = 0; i < 4; i++)
		model_add(m, BTF_KIND_STRUCT, found[i], 0, 0);
	for (i = 0; i < 4; i++)
		model_add(m, BTF_KIND_STRUCT, missing[i], 0, 0);
	assert_int_equal(raw_open(&btf, model_raw(m, false), &err), 0);
	assert_int_equal(names_init(&names, &btf, &base, &err), 0);
	/* The second time, some of those that were found are remembered. */
	for (round = 0; round < 2; round++) {
		for (i = 1; i <= 4; i++) {
			assert_int_equal(names_in_base(&names,
						       btf_type(&btf, i)->name_off,
						       &off, &err), 1);
			assert_string_equal(base_str(&base, off),
					    found[i - 1]);
			assert_true(names_same(&names,
					       btf_type(&btf, i)->name_off,
					       off));
			assert_true(names_remembered(&names,
						     btf_type(&btf, i)->name_off,
						     &off));
			assert_string_equal(base_str(&base, off),
					    found[i - 1]);
			assert_false(names_same(&names,
						btf_type(&btf, 5)->name_off,
						off));
		}
		for (; i <= 8; i++)
			assert_int_equal(names_in_base(&names,
						       btf_type(&btf, i)->name_off,
						       &off, &err), 0);
	}
	names_free(&names);
	btf_free(&btf);
	base_close(&base);
}

/* An offset into the middle of a name is another name. */
static void names_shared_ends(void **state)
{
	struct names names;
	struct base base;
	struct btf btf;
	struct err err;
	uint32_t off;

	(void)state;
	open_base(&base, "a TYPEDEF name void\n");
	open_types(&btf, "a TYPEDEF module_name void\n");
	assert_int_equal(names_init(&names, &btf, &base, &err), 0);
	assert_int_equal(names_in_base(&names, 1, &off, &err), 0);
	assert_int_equal(names_in_base(&names, 8, &off, &err), 1);
	assert_string_equal(base_str(&base, off), "name");
	assert_int_equal(names_in_base(&names, 9, &off, &err), 0);
	assert_int_equal(names_in_base(&names, 12, &off, &err), 1);
	assert_int_equal(off, 0);
	names_free(&names);
	btf_free(&btf);
	base_close(&base);
}

/* Hashes take eight bytes at a time: every length, every last byte. */
static void names_of_any_length(void **state)
{
	static const char letters[] =
		"abcdefghijklmnopqrstuvwxyzabcdefghijklmnop";
	struct model *m = model_new();
	struct base base;
	struct err err;
	uint32_t len, off;

	(void)state;
	for (len = 1; len < 40; len++)
		model_add(m, BTF_KIND_TYPEDEF,
			  build_text("%.*s", (int)len, letters), 0, 0);
	raw_write_base(model_raw(m, false), "base");
	assert_int_equal(base_open(&base, "base", &err), 0);
	for (len = 1; len < 40; len++) {
		char other[64];

		/* Without a NUL after it: the length decides. */
		memcpy(other, letters, sizeof(letters) - 1);
		assert_int_equal(base_find_str(&base, other, len, &off, &err),
				 1);
		assert_int_equal(strlen(base_str(&base, off)), len);
		other[len - 1]++;
		assert_int_equal(base_find_str(&base, other, len, &off, &err),
				 0);
	}
	base_close(&base);
}

#define OVERLAPPING							\
	"i INT x 4\ns STRUCT x 4\nt STRUCT x 8\nu UNION x 4\n"		\
	"td TYPEDEF x void\nf FUNC x p 0\np PROTO void\ne ENUM x 4 A=0\n" \
	"long STRUCT xx 4\nd FWD y struct\ny STRUCT y 4\n"

static void names_find_types(void **state)
{
	static const struct {
		enum btf_kind kind;
		enum btf_space space;
		const char *name;
		uint32_t id;
	} lookups[] = {
		{ BTF_KIND_STRUCT, BTF_SPACE_STRUCT, "x", 2 },
		{ BTF_KIND_UNION, BTF_SPACE_UNION, "x", 4 },
		{ BTF_KIND_TYPEDEF, BTF_SPACE_TYPEDEF, "x", 5 },
		{ BTF_KIND_FUNC, BTF_SPACE_FUNC, "x", 6 },
		{ BTF_KIND_STRUCT, BTF_SPACE_STRUCT, "xx", 9 },
		/* A declaration of the name is no struct. */
		{ BTF_KIND_STRUCT, BTF_SPACE_STRUCT, "y", 11 },
		{ BTF_KIND_UNION, BTF_SPACE_UNION, "y", 0 },
		{ BTF_KIND_FUNC, BTF_SPACE_FUNC, "y", 0 },
		{ BTF_KIND_STRUCT, BTF_SPACE_STRUCT, "", 0 },
		{ BTF_KIND_STRUCT, BTF_SPACE_STRUCT, "xxx", 0 },
	};
	uint32_t ids[32], id, i;
	struct own_names own;
	struct base base;
	struct btf btf;
	struct err err;

	(void)state;
	open_base(&base, OVERLAPPING);
	open_types(&btf, OVERLAPPING);
	for (id = 0; id <= btf.nr_types; id++)
		ids[id] = 100 + id;
	assert_int_equal(own_names_init(&own, &btf, ids, 100, &err), 0);
	for (i = 0; i < sizeof(lookups) / sizeof(lookups[0]); i++) {
		char name[8];

		/* The bytes after the name in memory do not matter. */
		memset(name, 'x', sizeof(name));
		memcpy(name, lookups[i].name, strlen(lookups[i].name));
		assert_int_equal(base_find_name(&base, lookups[i].kind,
						lookups[i].space, name,
						strlen(lookups[i].name), &id,
						&err), lookups[i].id > 0);
		if (lookups[i].id)
			assert_int_equal(id, lookups[i].id);
		assert_int_equal(own_names_find(&own, lookups[i].kind, name,
						strlen(lookups[i].name)),
				 lookups[i].id ? 100 + lookups[i].id : 0);
	}
	own_names_free(&own);
	btf_free(&btf);
	base_close(&base);
}

/* Types that went to the base are not the module's. */
static void names_only_own(void **state)
{
	uint32_t ids[] = { 0, 7, 31, 5, 30, 31 };
	struct own_names own;
	struct btf btf;
	struct err err;

	(void)state;
	open_types(&btf, "a STRUCT a 4\nb STRUCT b 4\nc STRUCT b 8\n"
		   "d STRUCT d 4\ne STRUCT b 4\n");
	assert_int_equal(own_names_init(&own, &btf, ids, 30, &err), 0);
	assert_int_equal(own_names_find(&own, BTF_KIND_STRUCT, "a", 1), 0);
	assert_int_equal(own_names_find(&own, BTF_KIND_STRUCT, "b", 1), 31);
	assert_int_equal(own_names_find(&own, BTF_KIND_STRUCT, "d", 1), 30);
	assert_int_equal(own_names_find(&own, BTF_KIND_UNION, "b", 1), 0);
	own_names_free(&own);

	assert_int_equal(own_names_init(&own, &btf, ids, 32, &err), 0);
	assert_int_equal(own_names_find(&own, BTF_KIND_STRUCT, "b", 1), 0);
	own_names_free(&own);
	btf_free(&btf);
}

static void names_out_of_memory(void **state)
{
	uint32_t ids[] = { 0, 1 };
	struct own_names own;
	struct names names;
	struct base base;
	struct btf btf;
	struct err err;
	unsigned int i;

	(void)state;
	open_base(&base, "a STRUCT a 4\n");
	open_types(&btf, "a STRUCT a 4\n");
	for (i = 0; i < 3; i++) {
		fault_set(FAULT_ALLOC, i, 1, 0);
		assert_int_equal(own_names_init(&own, &btf, ids, 1, &err), -1);
		assert_string_equal(err.msg, "mod.btf: out of memory");
	}
	fault_set(FAULT_ALLOC, 0, 1, 0);
	assert_int_equal(names_init(&names, &btf, &base, &err), -1);
	assert_string_equal(err.msg, "mod.btf: out of memory");
	fault_clear();
	btf_free(&btf);
	base_close(&base);
}

#define TEST(name) cmocka_unit_test_teardown(name, build_teardown)

int main(void)
{
	static const struct CMUnitTest tests[] = {
		TEST(names_in_the_base),
		TEST(names_shared_ends),
		TEST(names_of_any_length),
		TEST(names_find_types),
		TEST(names_only_own),
		TEST(names_out_of_memory),
	};

	return cmocka_run_group_tests(tests, scratch_setup, scratch_teardown);
}
