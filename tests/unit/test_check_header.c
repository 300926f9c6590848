// SPDX-License-Identifier: GPL-2.0-only
/* The header of a module's BTF, and the ranges of types and strings. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "check_build.h"

/* The same in all formats: what a test does to a good module, and the result. */
#define EACH_FORMAT(mod, format)					\
	for ((format) = mod_formats; (format)->class &&			\
	     (mod_init(mod, format), 1); (format)++)

static void good(void **state)
{
	const struct mod_format *format;
	struct mod mod;

	(void)state;
	EACH_FORMAT(&mod, format) {
		mod_type(&mod, S_A, INFO(BTF_KIND_STRUCT, 0), 4);
		mod_is_good(&mod);
	}
	/* No types, no strings: all is the base's. */
	EACH_FORMAT(&mod, format) {
		mod.strs_len = 0;
		mod_is_good(&mod);
	}
}

static void fields(void **state)
{
	static const struct {
		size_t offset;
		uint8_t value;
		int errnum;
		const char *log;
	} faults[] = {
		{ 0, 0x12, KERNEL_EINVAL, "Invalid magic" },
		{ 2, 2, KERNEL_ENOTSUPP, "Unsupported version" },
		{ 3, 1, KERNEL_ENOTSUPP, "Unsupported flags" },
	};
	const struct mod_format *format;
	struct mod mod;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(faults) / sizeof(faults[0]); i++) {
		EACH_FORMAT(&mod, format) {
			((uint8_t *)&mod.h)[faults[i].offset] =
				faults[i].value;
			mod_is(&mod, faults[i].errnum, NULL, faults[i].log);
		}
	}
}

static void byte_order(void **state)
{
	const struct mod_format *format;
	struct mod mod;

	(void)state;
	EACH_FORMAT(&mod, format) {
		mod.swapped = !mod.swapped;
		mod_is(&mod, KERNEL_ENOEXEC, "has another byte order than base.",
		       NULL);
	}
	EACH_FORMAT(&mod, format) {
		mod.h.magic = 0x9feb;
		mod_is(&mod, KERNEL_EINVAL,
		       "has another byte order than the module",
		       "Invalid magic");
	}
}

/*
 * The kernel takes a header that is shorter, when what it lacks is not needed,
 * and one that is longer when the rest is zero.
 */
static void header_length(void **state)
{
	const struct mod_format *format;
	struct mod mod;

	(void)state;
	EACH_FORMAT(&mod, format) {
		mod.h.hdr_len = 0;
		mod_is(&mod, KERNEL_EINVAL, NULL, "Invalid magic");
	}
	EACH_FORMAT(&mod, format) {
		mod.h.hdr_len = 0x7fffffff;
		mod_is(&mod, KERNEL_EINVAL, NULL, "btf_header not found");
	}
	EACH_FORMAT(&mod, format) {
		mod.h.hdr_len = 8;
		mod_is(&mod, KERNEL_EINVAL, NULL, "Unsupported section found");
	}
	EACH_FORMAT(&mod, format) {
		mod.h.hdr_len = sizeof(mod.h) + 4;
		mod_type(&mod, 0x01000000);
		mod_is(&mod, KERNEL_E2BIG, NULL, "Unsupported btf_header");
	}
	EACH_FORMAT(&mod, format) {
		mod.h.hdr_len = sizeof(mod.h) + 4;
		mod.keep_header = true;
		mod.h.str_len = mod.strs_len;
		mod_type(&mod, 0);
		mod_is_good(&mod);
	}
}

static void layout(void **state)
{
	/* Added to type_off, type_len, str_off, str_len */
	static const struct {
		int add[4];
		const char *log;
	} faults[] = {
		{ { 4, 0, 0, 0 }, "Unsupported section found" },
		{ { 1000, 0, 1000, 0 }, "Invalid section offset" },
		/* Sorted by signed difference: it comes first. */
		{ { -16, 0, 0, 0 }, "Invalid section offset" },
		{ { 0, -4, 0, 0 }, "Unsupported section found" },
		{ { 0, 4, 0, 0 }, "Section overlap found" },
		{ { 0, 0x7ffffff0, 0, 0 }, "Total section length too long" },
		{ { 0, 0, 4, -4 }, "Unsupported section found" },
		{ { 0, 0, 0, -1 }, "Unsupported section found" },
		{ { 0, 0, 0, 1 }, "Total section length too long" },
	};
	const struct mod_format *format;
	struct mod mod;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(faults) / sizeof(faults[0]); i++) {
		EACH_FORMAT(&mod, format) {
			mod_type(&mod, 0, INFO(BTF_KIND_PTR, 0), 0);
			mod.keep_header = true;
			mod.h.type_off = faults[i].add[0];
			mod.h.type_len = 12 + faults[i].add[1];
			mod.h.str_off = 12 + faults[i].add[2];
			mod.h.str_len = mod.strs_len + faults[i].add[3];
			mod_is(&mod, KERNEL_EINVAL, NULL, faults[i].log);
		}
	}
}

static void strings(void **state)
{
	const struct mod_format *format;
	struct mod mod;

	(void)state;
	EACH_FORMAT(&mod, format) {
		mod.strs_len--;
		mod_is(&mod, KERNEL_EINVAL, "the last string has no NUL byte",
		       "Invalid string section");
	}
	/* Strings first, then types */
	EACH_FORMAT(&mod, format) {
		static const char all[24] = "\0\0\0\0\0\0\0\0\0\0\0";

		mod.strs = all;
		mod.strs_len = sizeof(all);
		mod.keep_header = true;
		mod.h.str_len = 12;
		mod.h.type_off = 12;
		mod.h.type_len = 12;
		mod_is(&mod, KERNEL_EINVAL, "the strings are not last",
		       "String section is not at the end");
	}
}

/*
 * A header of 32 bytes, then a struct's 12 bytes, 8 bytes of layout, and strings;
 * @layout_off and @layout_len are what the header says.
 */
static void with_layout(struct mod *mod, const char *release,
			uint32_t layout_off, uint32_t layout_len)
{
	mod->vermagic = release;
	mod->keep_header = true;
	mod_type(mod, layout_off, layout_len,
		 S_A, INFO(BTF_KIND_STRUCT, 0), 4, 0, 4);
	mod->h.hdr_len = 32;
	mod->h.type_len = 12;
	mod->h.str_off = 20;
	mod->h.str_len = mod->strs_len;
}

/* Since 7.1: a section that says how large kinds are, and any order of sections */
static void layouts(void **state)
{
	const struct mod_format *format;
	struct mod mod;

	(void)state;
	EACH_FORMAT(&mod, format) {
		with_layout(&mod, "7.1.0", 12, 8);
		mod_is_good(&mod);
	}
	EACH_FORMAT(&mod, format) {
		with_layout(&mod, "7.0.9", 12, 8);
		mod_is(&mod, KERNEL_E2BIG, NULL, "Unsupported btf_header");
	}
	/* A gap before it, or behind */
	EACH_FORMAT(&mod, format) {
		with_layout(&mod, "7.3.0", 16, 4);
		mod_is(&mod, KERNEL_EINVAL, NULL, "Unsupported section found");
	}
	EACH_FORMAT(&mod, format) {
		with_layout(&mod, "7.3.0", 12, 4);
		mod_is(&mod, KERNEL_EINVAL, NULL, "Unsupported section found");
	}
	EACH_FORMAT(&mod, format) {
		with_layout(&mod, "7.3.0", 8, 8);
		mod_is(&mod, KERNEL_EINVAL, NULL, "Section overlap found");
	}
	EACH_FORMAT(&mod, format) {
		with_layout(&mod, "7.3.0", -16, 8);
		mod_is(&mod, KERNEL_EINVAL, NULL, "Invalid section offset");
	}
	/* The kernel looks no further at a module's. */
	EACH_FORMAT(&mod, format) {
		with_layout(&mod, "7.3.0", 12, 7);
		mod.h.str_off--;
		mod.h.str_len++;
		mod.words[2] = 0;	/* Its name is elsewhere now. */
		mod_is(&mod, 0, "the layout is not aligned", NULL);
	}
	/* Without a layout, its offset can be any. */
	EACH_FORMAT(&mod, format) {
		with_layout(&mod, "7.3.0", -16, 0);
		mod.h.type_len = 20;
		mod_is(&mod, KERNEL_EINVAL, NULL, "[13] meta_left:8 meta_needed:12");
	}
}

/* The longer header allows it, with a layout or without. */
static void strings_first(void **state)
{
	static const char strs_first[24] = "\0a\0";
	const struct mod_format *format;
	struct report report;
	struct mod mod;

	(void)state;
	EACH_FORMAT(&mod, format) {
		mod.vermagic = "7.2.13";
		mod.strs = strs_first;
		mod.strs_len = sizeof(strs_first);
		mod.keep_header = true;
		mod_type(&mod, 0x1234, 0);	/* a layout of no bytes */
		mod.h.hdr_len = 32;
		mod.h.str_len = 24;
		mod.h.type_off = 24;
		mod_is_good(&mod);
		mod_init(&mod, format);
		mod.vermagic = "7.2.13";
		mod.strs = strs_first;
		mod.strs_len = sizeof(strs_first);
		mod.keep_header = true;
		mod_type(&mod, 0, 0);
		mod.h.hdr_len = 32;
		mod.h.str_len = 23;
		mod.h.type_off = 23;
		mod.h.type_len = 1;
		mod_check(&mod, &report);
		assert_string_equal(mod_problem(&report, 0)->message,
				    "the types are not aligned");
		assert_int_equal(mod_problem(&report, 0)->severity,
				 SEVERITY_WARNING);
		assert_non_null(strstr(mod_problem(&report, 1)->log,
				       "[12] meta_left:1 meta_needed:12"));
		report_free(&report);
		mod_free(&mod);
	}
}

/* Names are found by offsets of 24 bits. */
static void many_strings(void **state)
{
	const size_t most = 0x01000000;
	char *strs = calloc(1, most + 1);
	struct mod mod;

	(void)state;
	assert_non_null(strs);
	mod_init(&mod, &mod_formats[0]);
	mod.strs = strs;
	mod.strs_len = most;
	mod_is_good(&mod);
	mod_init(&mod, &mod_formats[0]);
	mod.strs = strs;
	mod.strs_len = most + 1;
	mod_is(&mod, KERNEL_EINVAL, "has too many strings",
	       "Invalid string section");
	free(strs);
}

/* Each length of a module that is cut: one error, or none, and no crash. */
static void truncated(void **state)
{
	const struct mod_format *format;
	struct report report;
	struct mod mod;
	size_t len;

	(void)state;
	for (len = 0; len < 40; len++) {
		EACH_FORMAT(&mod, format) {
			mod_type(&mod, 0, INFO(BTF_KIND_PTR, 0), 0);
			mod.keep_header = true;
			mod.h.type_len = 12;
			mod.h.str_off = 12;
			mod.h.str_len = 28;
			mod.strs_len = len > 12 ? len - 12 : 0;
			mod.nr_words = len < 12 ? len / 4 : 3;
			mod_check(&mod, &report);
			assert_int_equal(report.nr_errors, 1);
			report_free(&report);
			mod_free(&mod);
		}
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(good),
		cmocka_unit_test(fields),
		cmocka_unit_test(byte_order),
		cmocka_unit_test(header_length),
		cmocka_unit_test(layout),
		cmocka_unit_test(strings),
		cmocka_unit_test(layouts),
		cmocka_unit_test(strings_first),
		cmocka_unit_test(many_strings),
		cmocka_unit_test(truncated),
	};

	return cmocka_run_group_tests(tests, check_setup, check_teardown);
}
