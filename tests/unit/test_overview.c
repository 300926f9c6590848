// SPDX-License-Identifier: GPL-2.0-only
/* btfinspect report: sums, order, text, JSON and HTML of modules of any name. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "overview.h"
#include "scratch.h"

/* Modules that were never files */
static struct module_info infos[] = {
	{ .path = "d/b.ko", .status = REPORT_GOOD, .btf = { 1, 100 },
	  .nr_types = 7, .found_known = true, .nr_found = 30, .nr_ids = 3,
	  .nr_ids_unresolved = 1 },
	{ .path = "d/a.ko", .status = REPORT_GOOD, .btf = { 1, 100 },
	  .nr_types = 8 },
	{ .path = "d/<script>x</script>\n\xff.ko", .status = REPORT_NO_BTF,
	  .why = NO_BTF_NOT_ENCODED },
	{ .path = "d/big.ko", .status = REPORT_GOOD, .btf = { 1, 123456 },
	  .nr_types = 9, .nr_warnings = 1, .problem = "odd <b>\n" },
	{ .path = "d/bad.ko", .status = REPORT_BAD, .problem = "broken" },
};

#define NR_INFOS	(sizeof(infos) / sizeof(infos[0]))

static void fill(struct overview *ov, struct module_info *copy)
{
	memcpy(copy, infos, sizeof(infos));
	*ov = (struct overview){
		.dir = "d", .modules = copy, .nr = NR_INFOS,
		.nr_status = { 3, 1, 1, 0 }, .btf_size = 123656,
		.nr_why = { [NO_BTF_NOT_ENCODED] = 1 },
		.nr_types = 24, .nr_found = 30, .nr_found_known = 1,
		.nr_ids = 3, .nr_ids_unresolved = 1, .nr_with_unresolved = 1,
		.nr_with_warnings = 1,
	};
}

static void order(const struct overview *ov, const char *names)
{
	char got[200] = "";
	size_t len = 0, i;

	for (i = 0; i < ov->nr; i++) {
		const char *name = overview_name(ov, &ov->modules[i]);

		len += snprintf(got + len, sizeof(got) - len, "%.*s ",
				(int)strcspn(name, ".<"), name);
		assert_true(len < sizeof(got));
	}
	assert_string_equal(got, names);
}

static void sorted(void **state)
{
	struct module_info copy[NR_INFOS];
	struct overview ov;

	(void)state;
	fill(&ov, copy);
	overview_sort(&ov, SORT_BY_SIZE);
	order(&ov, "big a b  bad ");
	overview_sort(&ov, SORT_BY_NAME);
	order(&ov, " a b bad big ");
}

static void names(void **state)
{
	static const struct {
		const char *dir, *path, *want;
	} cases[] = {
		{ NULL, "a/b.ko", "a/b.ko" },
		{ "a", "a/b.ko", "b.ko" },
		{ "a/", "a/b.ko", "b.ko" },
		{ "a/", "a//b.ko", "b.ko" },
		{ "/", "/b.ko", "b.ko" },
		{ "a", "ab/c.ko", "ab/c.ko" },
		{ "a.ko", "a.ko", "a.ko" },
		{ "", "a.ko", "a.ko" },
		{ "x", "a.ko", "a.ko" },
	};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct overview ov = { .dir = cases[i].dir };
		struct module_info info = { .path = cases[i].path };

		assert_string_equal(overview_name(&ov, &info), cases[i].want);
	}
}

/* Inlined, gcc 12 takes the result for a pointer to @text itself. */
static __attribute__((__noinline__))
char *print(void (*fn)(const struct overview *ov, FILE *f),
	    const struct overview *ov)
{
	char *text = NULL;
	size_t size;
	FILE *f = open_memstream(&text, &size);

	assert_non_null(f);
	fn(ov, f);
	assert_int_equal(fclose(f), 0);
	return text;
}

static void text(void **state)
{
	struct module_info copy[NR_INFOS];
	struct overview ov;
	char *out;

	(void)state;
	fill(&ov, copy);
	overview_sort(&ov, SORT_BY_SIZE);
	out = print(overview_text, &ov);
	assert_string_equal(out,
		"5 modules: 3 with BTF, 1 without, 1 bad, 0 unreadable\n"
		"  1 without: has debug information, but no BTF was made from it\n"
		"BTF: 123656 bytes, 24 types\n"
		"  found in the base: 30 types, of 1 modules\n"
		".BTF_ids: 3 ids, 1 unresolved in 1 modules\n"
		"\n"
		"BTF         MODULE\n"
		"no-btf      <script>x</script>?\xff.ko: has debug information, but no BTF was made from it\n"
		"bad         bad.ko: broken\n"
		"\n"
		" BYTES  TYPES  FOUND  IDS  UNRESOLVED  MODULE\n"
		"123456      9      -    0           0  big.ko: warning: odd <b>?\n"
		"   100      8      -    0           0  a.ko\n"
		"   100      7     30    3           1  b.ko\n");
	free(out);
}

static void json(void **state)
{
	struct module_info copy[NR_INFOS];
	struct overview ov;
	char *out;

	(void)state;
	fill(&ov, copy);
	out = print(overview_json, &ov);
	assert_non_null(strstr(out,
		"{\"base\":null,\n\"summary\":{\"modules\":5,\"good\":3,\"bad\":1,\"no_btf\":1,\"unreadable\":0,\"no_btf_why\":{\"not-encoded\":1},\"nameless\":{},\"with_warnings\":1,\"btf_bytes\":123656,\"types\":24,\"types_found\":30,\"types_found_modules\":1,\"ids\":3,\"ids_unresolved\":1,\"with_unresolved\":1},\n"));
	assert_non_null(strstr(out,
		"{\"file\":\"d/\\u003cscript>x\\u003c/script>\\u000a\\u00ff.ko\",\"status\":\"no-btf\",\"why\":\"not-encoded\","));
	free(out);
}

static void put_html(const struct overview *ov, FILE *f)
{
	overview_html(ov, SORT_BY_NAME, f);
}

static unsigned int count(const char *text, const char *part)
{
	unsigned int nr = 0;

	while ((text = strstr(text, part))) {
		text += strlen(part);
		nr++;
	}
	return nr;
}

/* Nothing of a name is markup: what the script gets is what --json prints. */
static void html(void **state)
{
	struct module_info copy[NR_INFOS];
	char *out, *json, *data;
	struct overview ov;
	size_t len;

	(void)state;
	fill(&ov, copy);
	ov.dir = "</script>";
	ov.base_path = "<i>\xff";
	out = print(put_html, &ov);
	assert_int_equal(count(out, "<script"), 2);
	assert_int_equal(count(out, "</script"), 2);
	assert_int_equal(count(out, "<b>"), 0);
	assert_int_equal(count(out, "<i>"), 0);
	assert_int_equal(count(out, "src="), 0);
	assert_int_equal(count(out, "http:"), 0);
	assert_int_equal(count(out, "https:"), 0);
	assert_int_equal(count(out, "@DATA@"), 0);

	json = print(overview_json, &ov);
	data = strstr(out, ",\"report\":");
	assert_non_null(data);
	data += strlen(",\"report\":");
	len = strlen(json);
	assert_memory_equal(data, json, len);
	assert_memory_equal(data + len, "}\n</script>", 11);
	*data = '\0';
	data = strstr(out, "\n{\"version\":");
	assert_non_null(data);
	assert_non_null(strstr(data,
		"\"sort\":\"name\",\"dir\":\"\\u003c/script>\",\"why\":{\"\":\"\","));
	free(json);
	free(out);
}

/* Sums of missing files */
static void sums(void **state)
{
	char *paths[] = { "text.ko", "nosuch.ko" };
	struct check_list list = { .paths = paths, .nr = 2 };
	struct overview ov = { 0 };
	struct err err;

	(void)state;
	scratch_write("text.ko", "x", 1);
	assert_int_equal(overview_read(&ov, &list, NULL, &err), 0);
	assert_int_equal(ov.nr, 2);
	assert_int_equal(ov.nr_status[REPORT_UNREADABLE], 2);
	assert_string_equal(ov.modules[0].problem, "is not an ELF file");
	free(print(put_html, &ov));
	overview_free(&ov);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(sorted),
		cmocka_unit_test(names),
		cmocka_unit_test(text),
		cmocka_unit_test(json),
		cmocka_unit_test(html),
		cmocka_unit_test(sums),
	};

	return cmocka_run_group_tests(tests, scratch_setup, scratch_teardown);
}
