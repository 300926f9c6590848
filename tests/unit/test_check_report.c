// SPDX-License-Identifier: GPL-2.0-only
/* Reports about a module; names and releases. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "fault.h"
#include "check.h"
#include "text.h"
#include "releases.h"
#include "report.h"

typedef void (*print_fn)(const struct report *r, FILE *f);

static void prints(const struct report *r, print_fn print, const char *want)
{
	char *text = NULL;
	size_t size;
	FILE *f = open_memstream(&text, &size);

	assert_non_null(f);
	print(r, f);
	fclose(f);
	assert_string_equal(text, want);
	free(text);
}

static void text(void **state)
{
	const struct place at = { .section = ".BTF", .offset = 24, .type = 7 };
	const struct place ids = { .section = ".BTF_ids", .offset = 8 };
	struct report r;

	(void)state;
	report_init(&r, "a\nb.ko");
	strcpy(r.module, "a_b");
	prints(&r, report_text, "");
	report_warning(&r, NULL, "odd");
	report_error(&r, &at, 22, "\tx Invalid\n", "bad %s", "x\1y");
	report_error(&r, &at, 7, "more", "worse");
	report_note(&r, "by the way");
	prints(&r, report_text,
	       "a?b.ko: warning: odd\n"
	       "a?b.ko: error: .BTF+0x18: type 7: bad x?y [kernel:  x Invalid?; failed to validate module [a_b] BTF: -22]\n"
	       "a?b.ko: error: .BTF+0x18: type 7: worse [kernel: more]\n"
	       "a?b.ko: note: by the way\n");
	report_free(&r);

	/* Not the kernel, but the module will say that. */
	report_init(&r, "a.ko");
	report_error(&r, &ids, 22, NULL, "no function");
	prints(&r, report_text,
	       "a.ko: error: .BTF_ids+0x8: no function [kernel: error 22]\n");
	report_free(&r);

	report_init(&r, "a.ko");
	r.status = REPORT_UNREADABLE;
	report_error(&r, NULL, 0, NULL, "is not there");
	prints(&r, report_text, "btfinspect: a.ko: is not there\n");
	report_free(&r);
}

/* Errors take the places of warnings, and all are counted. */
static void many(void **state)
{
	struct report r;
	char *out = NULL;
	size_t size;
	FILE *f;
	int i;

	(void)state;
	report_init(&r, "a.ko");
	for (i = 0; i < 30; i++)
		report_warning(&r, NULL, "warning %d", i);
	for (i = 0; i < 3; i++)
		report_error(&r, NULL, 22, NULL, "error %d", i);
	assert_int_equal(r.nr_kept, MAX_PROBLEMS);
	assert_string_equal(r.problems[16].message, "warning 16");
	assert_string_equal(r.problems[17].message, "error 0");
	assert_string_equal(r.problems[19].message, "error 2");
	for (i = 3; i < 100; i++)
		report_error(&r, NULL, 22, NULL, "error %d", i);
	assert_string_equal(r.problems[0].message, "error 0");
	assert_string_equal(r.problems[19].message, "error 19");
	f = open_memstream(&out, &size);
	report_text(&r, f);
	fclose(f);
	assert_non_null(strstr(out, "a.ko: and 110 more\n"));
	free(out);

	report_warning_first(&r, NULL, "because");
	assert_string_equal(r.problems[0].message, "because");
	assert_string_equal(r.problems[19].message, "error 18");
	assert_int_equal(r.nr_kept, MAX_PROBLEMS);
	report_free(&r);
}

static void json(void **state)
{
	const struct place at = { .section = ".BTF", .offset = 24, .type = 7 };
	struct report r;

	(void)state;
	report_init(&r, "a\"b.ko");
	prints(&r, report_json,
	       "{\"file\":\"a\\\"b.ko\",\"status\":\"good\",\"types\":0,\"errors\":0,\"warnings\":0,\"problems\":[],\"more\":0}");
	strcpy(r.module, "m");
	strcpy(r.release, "6.1");
	r.status = REPORT_BAD;
	r.nr_types = 5;
	report_error(&r, &at, 22, "log", "bad");
	report_warning(&r, NULL, "odd");
	prints(&r, report_json,
	       "{\"file\":\"a\\\"b.ko\",\"status\":\"bad\",\"module\":\"m\",\"release\":\"6.1\",\"types\":5,\"errors\":1,\"warnings\":1,\"problems\":["
	       "{\"severity\":\"error\",\"section\":\".BTF\",\"offset\":24,\"type\":7,\"message\":\"bad\",\"errno\":-22,\"kernel_log\":\"log\"},"
	       "{\"severity\":\"warning\",\"message\":\"odd\"}],\"more\":0}");
	report_free(&r);
}

static void json_strings(void **state)
{
	static const struct {
		const char *s, *want;
	} cases[] = {
		{ "", "\"\"" },
		{ "a\"\\/\b\n\t\x7f", "\"a\\\"\\\\/\\u0008\\u000a\\u0009\\u007f\"" },
		{ "\xc3\xa9", "\"\xc3\xa9\"" },
		{ "\xe2\x82\xac", "\"\xe2\x82\xac\"" },
		{ "\xf0\x9f\x90\xa7", "\"\xf0\x9f\x90\xa7\"" },
		/* Alone, cut short, too long a form, surrogate, too high */
		{ "\xe9", "\"\\u00e9\"" },
		{ "\x80z", "\"\\u0080z\"" },
		{ "\xc3", "\"\\u00c3\"" },
		{ "\xe2\x82", "\"\\u00e2\\u0082\"" },
		{ "\xc0\xaf", "\"\\u00c0\\u00af\"" },
		{ "\xe0\x80\xaf", "\"\\u00e0\\u0080\\u00af\"" },
		{ "\xed\xa0\x80", "\"\\u00ed\\u00a0\\u0080\"" },
		{ "\xf4\x90\x80\x80", "\"\\u00f4\\u0090\\u0080\\u0080\"" },
		{ "\xf5\x80\x80\x80", "\"\\u00f5\\u0080\\u0080\\u0080\"" },
		/* Markup, controls that are UTF-8, and what turns directions */
		{ "</script><!--", "\"\\u003c/script>\\u003c!--\"" },
		{ "\xc2\x9b\xc2\xa0", "\"\\u009b\xc2\xa0\"" },
		/* NOLINTBEGIN(misc-misleading-bidirectional) */
		{ "\xe2\x80\xae\xe2\x80\xaf", "\"\\u202e\xe2\x80\xaf\"" },
		{ "\xe2\x81\xa6\xe2\x81\xaa", "\"\\u2066\xe2\x81\xaa\"" },
		/* NOLINTEND(misc-misleading-bidirectional) */
	};
	size_t i, size;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		char *out = NULL;
		FILE *f = open_memstream(&out, &size);

		json_string(f, cases[i].s);
		fclose(f);
		assert_string_equal(out, cases[i].want);
		free(out);
	}
}

static void identifiers(void **state)
{
	char name[600];

	(void)state;
	assert_true(is_identifier("a"));
	assert_true(is_identifier("_a1.B"));
	assert_true(is_identifier(".a"));
	assert_true(is_identifier("caf\xe9"));
	assert_false(is_identifier(""));
	assert_false(is_identifier("1a"));
	assert_false(is_identifier("a b"));
	assert_false(is_identifier("a$"));
	assert_false(is_identifier("a\xd7"));
	assert_false(is_identifier("a\xf7"));
	assert_false(is_identifier("a\xa9"));
	memset(name, 'a', sizeof(name));
	name[512] = '\0';
	assert_true(is_identifier(name));
	name[512] = 'a';
	name[513] = '\0';
	assert_false(is_identifier(name));
}

static bool has(const char *version, enum release_rule rule)
{
	struct release r;

	assert_true(release_parse(&r, version));
	return release_has(r, rule);
}

static void releases(void **state)
{
	struct release r;

	(void)state;
	assert_false(release_parse(&r, ""));
	assert_false(release_parse(&r, "new"));
	assert_false(release_parse(&r, "6"));
	assert_false(has("5.10.1", RULE_KFUNC_SETS));
	assert_false(has("6.1.0-13-amd64 SMP", RULE_KFUNC_SETS));
	assert_false(has("6.8.12", RULE_KFUNC_SETS));
	assert_true(has("6.9", RULE_KFUNC_SETS));
	assert_false(has("6.10", RULE_DISTILLED_BASE));
	assert_true(has("6.11.0", RULE_DISTILLED_BASE));
	assert_false(has("6.11.0", RULE_ANY_SECTION_NAME));
	assert_true(has("6.12.3", RULE_ANY_SECTION_NAME));
	assert_false(has("6.12.3", RULE_TAG_FLAG));
	assert_true(has("6.18", RULE_TAG_FLAG));
	assert_false(has("6.19", RULE_SORTED));
	assert_false(has("6.19", RULE_IMPLICIT_ARGS));
	assert_true(has("7.0.1", RULE_SORTED));
	assert_true(has("7.0", RULE_IMPLICIT_ARGS));
	assert_false(has("7.0", RULE_LAYOUT));
	assert_true(has("7.1.0", RULE_LAYOUT));
	assert_false(has("7.1.0", RULE_WIDE_INFO));
	assert_false(has("7.1.0", RULE_TAGS_ANYWHERE));
	assert_false(has("7.1.0", RULE_KFUNC_NAMES));
	assert_true(has("7.2.13", RULE_WIDE_INFO));
	assert_true(has("7.2.13", RULE_TAGS_ANYWHERE));
	assert_true(has("7.2.13", RULE_KFUNC_NAMES));
	assert_true(has("10.0", RULE_KFUNC_NAMES));

	assert_true(release_parse(&r, "7.3.0-rc7"));
	assert_false(release_is_newer(r, release_newest));
	assert_true(release_parse(&r, "7.4.0-rc1"));
	assert_true(release_is_newer(r, release_newest));
	assert_true(release_parse(&r, "8.0"));
	assert_true(release_is_newer(r, release_newest));
	assert_true(release_parse(&r, "6.19"));
	assert_false(release_is_newer(r, release_newest));
}

static void out_of_memory(void **state)
{
	const struct place at = { .section = ".BTF", .offset = 24, .type = 7 };
	struct report r;

	(void)state;
	report_init(&r, "a.ko");
	report_error(&r, &at, 22, "what it logs", "is wrong");
	assert_false(r.out_of_memory);
	fault_set(FAULT_ALLOC, 0, 1, ENOMEM);
	report_error(&r, &at, 22, "what it logs", "is wrong");
	fault_clear();
	assert_true(r.out_of_memory);
	report_free(&r);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(text),
		cmocka_unit_test(many),
		cmocka_unit_test(json),
		cmocka_unit_test(json_strings),
		cmocka_unit_test(identifiers),
		cmocka_unit_test(releases),
		cmocka_unit_test(out_of_memory),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
