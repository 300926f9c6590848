// SPDX-License-Identifier: GPL-2.0-only
/* btfinspect show --types: C, and refusal of types that libbpf cannot handle. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "check_build.h"
#include "scratch.h"
#include "types.h"

#define T(kind, vlen)	INFO(BTF_KIND_ ## kind, vlen)

/* The output for mod.ko, which the caller frees; NULL with @err set. */
static char *print(struct mod *mod, bool on_base, struct err *err)
{
	struct check_options opts = { 0 };
	struct report report;
	struct checked m;
	struct base base;
	char *text = NULL;
	size_t size;
	int ret;
	FILE *f;

	mod_check(mod, &report);
	report_free(&report);
	if (on_base) {
		assert_int_equal(base_open(&base, mod->swapped ? "base.other" :
								 "base.host",
					   err), 0);
		opts.base = &base;
	}
	check_open(&m, "mod.ko", &opts, &report);
	f = open_memstream(&text, &size);
	assert_non_null(f);
	ret = types_print(&m, f, err);
	fclose(f);
	check_close(&m);
	report_free(&report);
	if (on_base)
		base_close(&base);
	if (!ret)
		return text;
	free(text);
	return NULL;
}

/* struct a { int x; struct list_head any...; }, and a function */
static void fill(struct mod *mod)
{
	mod_type(mod, S_A, T(STRUCT, 2), 24,
		 S_X, BASE_INT, 0, S_A, BASE_LIST, 64);
	mod_type(mod, S_FUNC, T(FUNC, 0), BASE_PROTO);
}

static void test_print(void **state)
{
	const struct mod_format *format;

	(void)state;
	for (format = mod_formats; format->class; format++) {
		struct mod mod;
		struct err err;
		char *text;

		mod_init(&mod, format);
		fill(&mod);
		text = print(&mod, true, &err);
		assert_non_null(text);
		assert_string_equal(text,
				    "struct a {\n"
				    "\tint x;\n"
				    "\tstruct list_head a;\n"
				    "};\n\n"
				    "static void mod_func(int x);\n");
		free(text);
		mod_free(&mod);
	}
}

static void test_no_base(void **state)
{
	struct mod mod;
	struct err err;

	(void)state;
	mod_init(&mod, mod_formats);
	fill(&mod);
	assert_null(print(&mod, false, &err));
	assert_string_equal(err.msg,
			    "mod.ko: has no .BTF.base: name its kernel with --base");
	mod_free(&mod);
}

static void refused(struct mod *mod, const char *why)
{
	struct err err;

	assert_null(print(mod, true, &err));
	assert_string_equal(err.msg, why);
	mod_free(mod);
}

/* With these, libbpf does not end, or ends by a signal. */
static void test_endless(void **state)
{
	static const char why[] =
		"mod.ko: type 12 has references without end";
	struct mod mod;
	unsigned int i;

	(void)state;
	mod_init(&mod, mod_formats);
	mod_type(&mod, 0, T(PTR, 0), OWN(0));
	refused(&mod, why);

	mod_init(&mod, mod_formats);
	mod_type(&mod, 0, T(ARRAY, 0), 0, OWN(0), BASE_INT, 1);
	refused(&mod, why);

	mod_init(&mod, mod_formats);
	mod_type(&mod, 0, T(STRUCT, 1), 8, S_X, OWN(1), 0);
	mod_type(&mod, 0, T(PTR, 0), OWN(0));
	refused(&mod, why);

	mod_init(&mod, mod_formats);
	mod_type(&mod, 0, T(FUNC_PROTO, 1), 0, S_X, OWN(1));
	mod_type(&mod, 0, T(PTR, 0), OWN(0));
	refused(&mod, why);

	mod_init(&mod, mod_formats);
	mod_type(&mod, 0, T(PTR, 0), 70000);
	refused(&mod, why);

	/* Each is twice in the next one. */
	mod_init(&mod, mod_formats);
	mod_type(&mod, 0, T(STRUCT, 1), 4, S_X, BASE_INT, 0);
	for (i = 0; i < 40; i++)
		mod_type(&mod, 0, T(STRUCT, 2), 4,
			 S_X, OWN(i), 0, S_A, OWN(i), 0);
	refused(&mod, "mod.ko: type 31 has references without end");
}

/* A list, as there are many in a kernel */
static void test_itself(void **state)
{
	struct mod mod;
	struct err err;
	char *text;

	(void)state;
	mod_init(&mod, mod_formats);
	mod_type(&mod, S_A, T(STRUCT, 1), 8, S_X, OWN(1), 0);
	mod_type(&mod, 0, T(PTR, 0), OWN(0));
	text = print(&mod, true, &err);
	assert_non_null(text);
	assert_string_equal(text, "struct a {\n\tstruct a *x;\n};\n\n");
	free(text);
	mod_free(&mod);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_print),
		cmocka_unit_test(test_no_base),
		cmocka_unit_test(test_endless),
		cmocka_unit_test(test_itself),
	};

	return cmocka_run_group_tests(tests, check_setup, check_teardown);
}
