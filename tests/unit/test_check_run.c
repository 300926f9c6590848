// SPDX-License-Identifier: GPL-2.0-only
/* Which modules are checked, and checking in several processes. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "check_build.h"
#include "check_list.h"
#include "check_run.h"
#include "fault.h"

#define NR_MODULES	5

/* Modules 0.ko, 1.ko, ... in the directory "modules"; every other one is bad. */
static int setup(void **state)
{
	struct report report;
	char path[40];
	struct mod mod;
	int i;

	if (check_setup(state) || mkdir("modules", 0777))
		return -1;
	for (i = 0; i < NR_MODULES; i++) {
		mod_init(&mod, &mod_formats[0]);
		if (i == 1)
			mod.vermagic = "99.0";
		mod_type(&mod, i % 2 ? S_BAD : S_A,
			 INFO(BTF_KIND_STRUCT, 0), 4);
		mod_check(&mod, &report);
		report_free(&report);
		mod_free(&mod);
		snprintf(path, sizeof(path), "modules/%d.ko", i);
		assert_int_equal(rename("mod.ko", path), 0);
	}
	return 0;
}

/* The paths, one a line */
static void is_list(const struct check_list *list, const char *want)
{
	char *text = NULL;
	size_t size, i;
	FILE *f = open_memstream(&text, &size);

	assert_non_null(f);
	for (i = 0; i < list->nr; i++)
		fprintf(f, "%s\n", list->paths[i]);
	fclose(f);
	assert_string_equal(text, want);
	free(text);
}

static void lists(void **state)
{
	static char lines[] = "fs/a.o\n\nnet/b.ko\n";
	struct check_list list = { 0 };
	struct err err;
	FILE *in = fmemopen(lines, strlen(lines), "r");

	(void)state;
	assert_non_null(in);
	assert_int_equal(check_list_add(&list, "modules", NULL, &err), 0);
	assert_int_equal(check_list_add(&list, "-", in, &err), 0);
	is_list(&list, "modules/0.ko\nmodules/1.ko\nmodules/2.ko\n"
		       "modules/3.ko\nmodules/4.ko\nfs/a.ko\nnet/b.ko\n");
	check_list_free(&list);
	fclose(in);
}

static void lists_out_of_memory(void **state)
{
	unsigned int nr_faults = 0;
	struct err err;
	int ret;

	(void)state;
	do {
		struct check_list list = { 0 };

		assert_true(nr_faults < 100);
		fault_set(FAULT_ALLOC, nr_faults, 1, ENOMEM);
		ret = check_list_add(&list, "modules", NULL, &err);
		fault_clear();
		if (ret)
			assert_non_null(strstr(err.msg, "out of memory"));
		check_list_free(&list);
		nr_faults += ret != 0;
	} while (ret);
	assert_true(nr_faults > NR_MODULES);
}

struct results {
	unsigned int nr, nr_bad, nr_newer;
	char text[NR_MODULES * 500];
};

static void add_result(void *arg, const char *path,
		       const struct check_result *result)
{
	struct results *r = arg;

	assert_int_equal(path[strlen("modules/")], '0' + r->nr);
	assert_true(result->text_len < 500);
	if (result->text_len)
		strncat(r->text, result->text, result->text_len);
	r->nr_bad += result->status == REPORT_BAD;
	r->nr_newer += result->newer;
	r->nr++;
}

static int run_all(struct results *results, unsigned int jobs,
		   unsigned int nr_faults, struct err *err)
{
	struct check_list list = { 0 };
	struct check_options opts = { 0 };
	struct check_run run = {
		.opts = &opts, .jobs = jobs, .fn = add_result, .arg = results,
	};
	struct base base;
	int ret;

	*results = (struct results){ 0 };
	assert_int_equal(base_open(&base, "base.host", err), 0);
	opts.base = &base;
	assert_int_equal(check_list_add(&list, "modules", NULL, err), 0);
	run.paths = list.paths;
	run.nr = list.nr;
	fflush(NULL);
	fault_set(FAULT_ALLOC, 0, nr_faults, ENOMEM);
	ret = check_run(&run, err);
	fault_clear();
	check_list_free(&list);
	base_close(&base);
	return ret;
}

/* However many processes there are: the same text, in the same order. */
static void processes(void **state)
{
	struct results one, several;
	unsigned int jobs;
	struct err err;

	(void)state;
	assert_int_equal(run_all(&one, 1, 0, &err), 0);
	assert_int_equal(one.nr, NR_MODULES);
	assert_int_equal(one.nr_bad, NR_MODULES / 2);
	assert_int_equal(one.nr_newer, 1);
	assert_non_null(strstr(one.text, "modules/1.ko: error: "));
	for (jobs = 2; jobs <= NR_MODULES; jobs++) {
		assert_int_equal(run_all(&several, jobs, 0, &err), 0);
		assert_int_equal(several.nr, one.nr);
		assert_int_equal(several.nr_bad, one.nr_bad);
		assert_int_equal(several.nr_newer, one.nr_newer);
		assert_string_equal(several.text, one.text);
	}
}

static void processes_out_of_memory(void **state)
{
	struct results results;
	struct err err;

	(void)state;
	assert_int_equal(run_all(&results, 2, 1, &err), -1);
	assert_string_equal(err.msg, "check: out of memory");
	assert_int_equal(results.nr, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(lists),
		cmocka_unit_test(lists_out_of_memory),
		cmocka_unit_test(processes),
		cmocka_unit_test(processes_out_of_memory),
	};

	return cmocka_run_group_tests(tests, setup, check_teardown);
}
