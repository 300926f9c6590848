// SPDX-License-Identifier: GPL-2.0-only
/*
 * Check and show a module, with a small base: the input is the file. If check finds
 * nothing wrong with its types, they must be good.
 */
#include <stdlib.h>
#include <string.h>

#include "base.h"
#include "check.h"
#include "fuzz.h"
#include "json_valid.h"
#include "membuf.h"
#include "module_info.h"
#include "oracle.h"
#include "show.h"

static struct bytes base_bytes[2];

/* The output in @f, with a NUL byte. The caller frees it. */
static char *take(struct membuf *m, FILE *f)
{
	fputc('\0', f);
	if (membuf_close(m, f))
		fuzz_check("out of memory");
	return m->data;
}

static void check_lines(const char *text)
{
	const char *p;

	for (p = text; *p; p++)
		if (((unsigned char)*p < ' ' && *p != '\n') || *p == 0x7f)
			fuzz_check("control characters are printed");
	if (p > text && p[-1] != '\n')
		fuzz_check("part of a line is printed");
}

static void check(const char *path, const struct base *base, bool swapped,
		  struct bytes module)
{
	struct check_options opts = { .base = base };
	struct report report;
	struct membuf m;
	char *text;
	FILE *f;

	check_module(path, &opts, &report);
	if ((report.status == REPORT_BAD) != (report.nr_errors > 0) &&
	    report.status != REPORT_UNREADABLE)
		fuzz_check("status and errors do not agree");
	f = membuf_open(&m);
	report_text(&report, f);
	text = take(&m, f);
	check_lines(text);
	if (report.status == REPORT_GOOD && !*text)
		fuzz_check(oracle_good_module(module, base_bytes[swapped]));
	free(text);
	f = membuf_open(&m);
	report_json(&report, f);
	text = take(&m, f);
	if (!json_is_valid(text))
		fuzz_check("no valid JSON");
	free(text);
	report_free(&report);
}

/* As cmd_show.c does it. */
static void show(const char *path, const struct base *base)
{
	struct check_options opts = { .base = base };
	struct module_info info;
	struct checked module;
	struct show view = { .info = &info, .module = &module };
	struct report report;
	struct membuf m;
	struct err err;
	char *text;
	FILE *f;

	check_open(&module, path, &opts, &report);
	if (module_info_fill(&info, &module, &err))
		fuzz_check(err.msg);
	if (!module.open && !info.problem)
		fuzz_check("nothing says why it is not open");
	f = membuf_open(&m);
	if (show_text(&view, f, &err))
		fuzz_check(err.msg);
	text = take(&m, f);
	check_lines(text);
	free(text);
	f = membuf_open(&m);
	if (show_json(&view, f, &err))
		fuzz_check(err.msg);
	text = take(&m, f);
	if (!json_is_valid(text))
		fuzz_check("no valid JSON");
	free(text);
	module_info_free(&info);
	check_close(&module);
	report_free(&report);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const bool swapped = size > 5 && data[5] == 2;
	struct bytes module = { malloc(size + 1), size };
	const char *path = fuzz_file(FUZZ_MODULE, data, size);
	struct base base;
	struct err err;

	memcpy(module.data, data, size);
	if (!base_bytes[0].data) {
		base_bytes[0] = seed_base(SEED_64LE);
		base_bytes[1] = seed_base(SEED_64BE);
	}
	if (base_open(&base, fuzz_file(FUZZ_BASE, base_bytes[swapped].data,
				       base_bytes[swapped].size), &err))
		fuzz_check(err.msg);
	check(path, &base, swapped, module);
	show(path, &base);
	base_close(&base);
	free(module.data);
	return 0;
}
