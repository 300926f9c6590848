// SPDX-License-Identifier: GPL-2.0-only
/* References between types, and whether the base is the right one. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "btf_build.h"
#include "check_build.h"

#define T(kind, vlen)	INFO(BTF_KIND_ ## kind, vlen)

static const struct rule {
	const char *warning;	/* NULL: all is well */
	uint32_t words[16];
	size_t nr;
} rules[] = {
#define GOOD(...)							\
	{ NULL, { __VA_ARGS__ }, sizeof((uint32_t[]){ __VA_ARGS__ }) / 4 }
#define WARN(warning, ...)						\
	{ warning, { __VA_ARGS__ }, sizeof((uint32_t[]){ __VA_ARGS__ }) / 4 }
	WARN("PTR (anon): refers to type 19, there are 12",
	     0, T(PTR, 0), OWN(7)),
	WARN("refers to type 6, VAR base_var", 0, T(PTR, 0), BASE_VAR),
	WARN("refers to type 5, FUNC base_func", 0, T(CONST, 0), BASE_FUNC),
	WARN("PTR (anon): leads back to itself", 0, T(PTR, 0), OWN(0)),
	WARN("leads back to itself",
	     0, T(CONST, 0), OWN(1),
	     0, T(PTR, 0), OWN(2),
	     S_A, T(TYPEDEF, 0), OWN(0)),
	/* Not by way of a struct or a prototype */
	GOOD(0, T(PTR, 0), OWN(1), 0, T(FUNC_PROTO, 1), 0, S_X, OWN(0)),
	GOOD(0, T(PTR, 0), BASE_PROTO),
	GOOD(0, T(CONST, 0), 0),

	GOOD(0, T(ARRAY, 0), 0, BASE_LIST, BASE_INT, 0),
	WARN("its index is of type 2, which is not an integer",
	     0, T(ARRAY, 0), 0, BASE_INT, BASE_LIST, 4),
	WARN("its index is of type 13, an irregular integer",
	     0, T(ARRAY, 0), 0, BASE_INT, OWN(1), 4,
	     S_A, T(INT, 0), 4, 31),
	WARN("it is of type 13, an irregular integer",
	     0, T(ARRAY, 0), 0, OWN(1), BASE_INT, 4,
	     S_A, T(INT, 0), 4, 0x00080018),
	GOOD(0, T(ARRAY, 0), 0, OWN(1), OWN(1), 4, S_A, T(INT, 0), 16, 128),
	WARN("it is of type 12, which has no size",
	     0, T(ARRAY, 0), 0, BASE_PROTO, BASE_INT, 4),
	WARN("it is of type 12, which has no size, or too large a one",
	     0, T(ARRAY, 0), 0, OWN(1), BASE_INT, 0x80000000,
	     0, T(ARRAY, 0), 0, BASE_INT, BASE_INT, 4),
	WARN("nested more than 32 deep",
	     0, T(ARRAY, 0), 0, OWN(0), BASE_INT, 1),

	GOOD(S_A, T(STRUCT, 1), 24, S_X, BASE_LIST, 64),
	WARN("member x (type 2) ends after 24 of 23 bytes",
	     S_A, T(STRUCT, 1), 23, S_X, BASE_LIST, 64),
	WARN("member x (type 1) ends after 4 of 3 bytes",
	     S_A, T(STRUCT, 1) | KFLAG, 3, S_X, BASE_INT, 0x09000018),
	GOOD(S_A, T(STRUCT, 1) | KFLAG, 4, S_X, BASE_INT, 0x08000018),
	WARN("a member is of type 4, which has no size",
	     S_A, T(STRUCT, 1), 8, S_X, BASE_PROTO, 0),
	WARN("STRUCT a: contains itself",
	     S_A, T(STRUCT, 1), 8, S_X, OWN(0), 0),
	WARN("contains itself",
	     S_A, T(STRUCT, 1), 8, S_X, OWN(1), 0,
	     S_X, T(TYPEDEF, 0), OWN(2),
	     0, T(ARRAY, 0), 0, OWN(0), BASE_INT, 1),
	GOOD(S_A, T(STRUCT, 1), 8, S_X, OWN(1), 0, 0, T(PTR, 0), OWN(0)),

	WARN("type 1 is not a prototype", S_A, T(FUNC, 0), BASE_INT),
	WARN("FUNC a: parameter 2 has no name", S_A, T(FUNC, 0), OWN(1),
	     0, T(FUNC_PROTO, 2), 0, S_X, BASE_INT, 0, BASE_INT),
	GOOD(S_A, T(FUNC, 0), OWN(1),
	     0, T(FUNC_PROTO, 2), 0, S_X, BASE_INT, 0, 0),
	WARN("its result is of type 4, which has no size",
	     0, T(FUNC_PROTO, 0), BASE_PROTO),
	WARN("a parameter is of type 0",
	     0, T(FUNC_PROTO, 2), 0, S_X, 0, S_X, BASE_INT),
	WARN("name offset 16777216 is outside the strings",
	     0, T(FUNC_PROTO, 1), 0, 0x01000000, BASE_INT),
	GOOD(0, T(FUNC_PROTO, 2), BASE_INT, S_X, BASE_INT, 0, 0),
	WARN("the name of parameter 2 is not an identifier",
	     0, T(FUNC_PROTO, 2), 0, S_X, BASE_INT, S_1A, BASE_INT),

	WARN("it is of type 4, which has no size",
	     S_A, T(VAR, 0), BASE_PROTO, 1),
	WARN("type 1 is not a variable",
	     S_DATA, T(DATASEC, 1), 4, BASE_INT, 0, 4),
	WARN("variable base_var has 4 bytes, but 2 here",
	     S_DATA, T(DATASEC, 1), 4, BASE_VAR, 0, 2),

	WARN("type 1 cannot have a tag", S_A, T(DECL_TAG, 0), BASE_INT, -1),
	WARN("is for component 2 of 2", S_A, T(DECL_TAG, 0), BASE_LIST, 2),
	GOOD(S_A, T(DECL_TAG, 0), BASE_FUNC, 0),
	WARN("is for component 1 of 1", S_A, T(DECL_TAG, 0), BASE_FUNC, 1),
	WARN("is for component 0 of 0", S_A, T(DECL_TAG, 0), BASE_VAR, 0),
};

static void all_rules(void **state)
{
	const struct mod_format *format;
	struct mod mod;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(rules) / sizeof(rules[0]); i++) {
		for (format = mod_formats; format->class; format++) {
			mod_init(&mod, format);
			mod_words(&mod, rules[i].words, rules[i].nr);
			if (rules[i].warning)
				mod_is(&mod, 0, rules[i].warning, NULL);
			else
				mod_is_good(&mod);
		}
	}
}

/* The size of a pointer is the module's. */
static void pointer_size(void **state)
{
	const struct mod_format *format;
	struct mod mod;

	(void)state;
	for (format = mod_formats; format->class; format++) {
		mod_init(&mod, format);
		mod_type(&mod, S_A, T(STRUCT, 1), 4, S_X, BASE_LIST_PTR, 0);
		if (format->class == ELFCLASS64)
			mod_is(&mod, 0, "ends after 8 of 4 bytes", NULL);
		else
			mod_is_good(&mod);
	}
}

static void strict(void **state)
{
	struct report report;
	struct mod mod;

	(void)state;
	mod_init(&mod, &mod_formats[0]);
	mod_type(&mod, 0, T(PTR, 0), BASE_VAR);
	mod.strict = true;
	mod_check(&mod, &report);
	assert_int_equal(report.status, REPORT_BAD);
	assert_int_equal(report.nr_errors, 0);
	report_free(&report);
	mod_free(&mod);
}

/* Structs inside each other, a million deep, and back to the first. */
static void deep(void **state)
{
	const uint32_t nr = 1000000, first = 2;
	uint32_t *words = calloc(nr, 6 * sizeof(*words)), i;
	struct report report = { .path = "deep" };
	uint32_t *offs = calloc(nr, sizeof(*offs));
	struct check c = {
		.report = &report,
		.section = ".BTF",
		.ptr_size = 8,
	};
	struct btf_layer base = { .first_id = 1, .nr = 1, .strs = "",
			      .strs_len = 1 };
	static uint32_t base_words[] = { 0, T(INT, 0), 4, 32 };
	static uint32_t base_offs[1];
	struct err err;

	(void)state;
	assert_non_null(words);
	assert_non_null(offs);
	base.words = base_words;
	base.offs = base_offs;
	for (i = 0; i < nr; i++) {
		words[6 * i + 1] = T(STRUCT, 1);
		words[6 * i + 2] = 4;
		words[6 * i + 4] = i + 1 < nr ? first + i + 1 : first;
		offs[i] = 24 * i;
	}
	c.layer = (struct btf_layer){
		.below = &base,
		.first_id = first,
		.nr = nr,
		.first_str = 1,
		.words = words,
		.offs = offs,
	};
	assert_int_equal(check_refs(&c, &err), 0);
	assert_int_equal(report.nr_warnings, 1);
	assert_non_null(strstr(report.problems[0].message, "contains itself"));
	report_free(&report);
	free(words);
	free(offs);
}

/* Names of the base that start where no string does: made for another base. */
static void other_base(void **state)
{
	const struct mod_format *format;
	struct report report;
	struct mod mod;

	(void)state;
	for (format = mod_formats; format->class; format++) {
		mod_init(&mod, format);
		/* Offset 0 is the empty string, at 1 the first name starts. */
		mod_type(&mod, 2, T(STRUCT, 0), 4);
		mod_type(&mod, 1, T(STRUCT, 0), 4);
		mod_type(&mod, S_A, T(STRUCT, 0), 4);
		/* In the middle of "mod_func" */
		mod_type(&mod, STR(24), T(STRUCT, 0), 4);
		mod_check(&mod, &report);
		assert_int_equal(report.nr_warnings, 1);
		assert_non_null(strstr(report.problems[0].message,
				       "2 of 4 names start inside others (\"nt\" of \"int\")"));
		report_free(&report);
		mod_free(&mod);
	}
}

/* It comes first, whatever else is wrong. */
static void other_base_first(void **state)
{
	struct report report;
	struct mod mod;
	int i;

	(void)state;
	mod_init(&mod, &mod_formats[0]);
	for (i = 0; i < 30; i++)
		mod_type(&mod, S_BAD, T(STRUCT, 0), 4);
	mod_type(&mod, 2, T(STRUCT, 0), 4);
	mod_check(&mod, &report);
	assert_int_equal(report.nr_kept, MAX_PROBLEMS);
	assert_int_equal(report.nr_errors, 30);
	assert_non_null(strstr(report.problems[0].message, "another base"));
	assert_int_equal(report.problems[1].severity, SEVERITY_ERROR);
	report_free(&report);
	mod_free(&mod);
}

/* Of a newer kernel's types, those of a new kind can be anything. */
static void unknown_kinds(void **state)
{
	static const uint8_t layouts[NR_BTF_KINDS + 1][2] = {
		[NR_BTF_KINDS] = { 0, 8 },
	};
	struct raw raw = model_raw(model_parse("int INT int 4\n"
					       "new ENUM new 4 A=1\n"), false);
	struct mod mod;

	(void)state;
	raw = raw_with_layouts(raw, layouts, NR_BTF_KINDS + 1, false);
	raw_set_kind(raw, 2, NR_BTF_KINDS);
	raw_write_base(raw, "base.host");
	mod_init(&mod, &mod_formats[0]);
	mod_type(&mod, 0, T(CONST, 0), 2);
	mod_type(&mod, S_A, T(STRUCT, 1), 4, S_X, 2, 0);
	mod_is_good(&mod);
	mod_init(&mod, &mod_formats[0]);
	mod_type(&mod, S_A, T(FUNC, 0), 2);
	mod_is(&mod, 0, "type 2 is not a prototype", NULL);
	build_free_all();
	check_base(NULL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(all_rules),
		cmocka_unit_test(pointer_size),
		cmocka_unit_test(strict),
		cmocka_unit_test(deep),
		cmocka_unit_test(other_base),
		cmocka_unit_test(other_base_first),
		cmocka_unit_test(unknown_kinds),
	};

	return cmocka_run_group_tests(tests, check_setup, check_teardown);
}
