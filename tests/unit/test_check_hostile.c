// SPDX-License-Identifier: GPL-2.0-only
/*
 * Every byte of a module changed, and every length: a verdict, and never a
 * crash. This is for the sanitizers to watch.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "check_build.h"
#include "scratch.h"

#define T(kind, vlen)	INFO(BTF_KIND_ ## kind, vlen)

static const char strings[] = "\0int\0list_head";

/* Types of all kinds, .BTF_ids with a set, and with @distilled .BTF.base */
static void make(struct mod *mod, const struct mod_format *format,
		 bool distilled)
{
	uint32_t integer = BASE_INT, list = BASE_LIST;
	struct report report;
	uint8_t ids[28];
	size_t index, i;

	mod_init(mod, format);
	if (distilled) {
		mod_type(mod, 1, T(INT, 0), 4, 32);
		mod_type(mod, 5, T(STRUCT, 0), 16);
		mod_distil(mod, strings, sizeof(strings));
		integer = 1;
		list = 2;
	}
	mod_type(mod, 0, T(FUNC_PROTO, 2), integer, S_X, integer, 0, 0);
	mod_type(mod, S_FUNC, T(FUNC, 0), OWN(0));
	mod_type(mod, S_A, T(STRUCT, 2), 24, S_X, list, 0, S_X, OWN(3), 128);
	mod_type(mod, 0, T(ARRAY, 0), 0, OWN(4), integer, 2);
	mod_type(mod, S_ANY, T(TYPE_TAG, 0), OWN(5));
	mod_type(mod, 0, T(CONST, 0), integer);
	mod_type(mod, S_A, T(VAR, 0), OWN(5), 1);
	mod_type(mod, S_DATA, T(DATASEC, 1), 8, OWN(6), 0, 4);
	mod_type(mod, S_ANY, T(DECL_TAG, 0), OWN(1), 0);
	mod_type(mod, S_A, T(ENUM64, 1), 8, S_X, 1, 0);
	for (i = 0; i < 7; i++)
		elf_build_put(&mod->b, ids + 4 * i, 4,
			      i == 0 ? 1 : i == 1 ? 1 : mod->first_id + 1);
	index = elf_build_section(&mod->b, ".BTF_ids", SHT_PROGBITS, ids,
				  sizeof(ids));
	elf_build_symbol(&mod->b, "__BTF_ID__set8__s", index, 0, 16);
	elf_build_symbol(&mod->b, "__BTF_ID__func__mod_func__1", index, 8, 4);
	mod_check(mod, &report);
	assert_int_equal(report.nr_kept, 0);
	report_free(&report);
	mod_free(mod);
}

static void check_bytes(const uint8_t *data, size_t size,
			const struct base *base)
{
	struct check_options opts = { .base = base };
	struct report report;

	scratch_write("mod.ko", data, size);
	check_module("mod.ko", &opts, &report);
	assert_true(report.nr_kept <= MAX_PROBLEMS);
	assert_int_equal(report.status == REPORT_BAD, !!report.nr_errors &&
			 report.status != REPORT_UNREADABLE);
	report_free(&report);
}

static void damage(const struct mod_format *format, bool distilled)
{
	static const uint8_t values[] = { 0, 1, 0x7f, 0xff };
	struct base base;
	struct mod mod;
	struct err err;
	uint8_t *data;
	size_t size, i, j;

	make(&mod, format, distilled);
	assert_int_equal(base_open(&base, mod.swapped ? "base.other" :
							"base.host", &err), 0);
	data = scratch_read("mod.ko", &size);
	for (i = 0; i < size; i++) {
		uint8_t was = data[i];

		for (j = 0; j < sizeof(values); j++) {
			if (values[j] == was)
				continue;
			data[i] = values[j];
			check_bytes(data, size, &base);
		}
		data[i] = was;
		check_bytes(data, i, &base);
	}
	free(data);
	base_close(&base);
}

static void split(void **state)
{
	(void)state;
	damage(&mod_formats[0], false);
	damage(&mod_formats[3], false);
}

static void on_distilled(void **state)
{
	(void)state;
	damage(&mod_formats[0], true);
	damage(&mod_formats[3], true);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(split),
		cmocka_unit_test(on_distilled),
	};

	return cmocka_run_group_tests(tests, check_setup, check_teardown);
}
