// SPDX-License-Identifier: GPL-2.0-only
/* .BTF.base: finding its types in the base. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "check_build.h"

#define T(kind, vlen)	INFO(BTF_KIND_ ## kind, vlen)

/* The strings of .BTF.base */
#define STRINGS	"\0int\0list_head\0nosuch\0twice\0same\0big\0x-y"
#define D_INT		1
#define D_LIST		5
#define D_NOSUCH	15
#define D_TWICE		22
#define D_SAME		28
#define D_BIG		33
#define D_BAD		37

static const char strings[] = STRINGS;

/* In all formats: .BTF.base of one type, then a type of .BTF */
struct distilled {
	uint32_t base[4];
	size_t nr_base;
	uint32_t own[12];
	size_t nr_own;
};

#define WORDS(...) { __VA_ARGS__ }, sizeof((uint32_t[]){ __VA_ARGS__ }) / 4

static void make(struct mod *mod, const struct mod_format *format,
		 const struct distilled *d)
{
	mod_init(mod, format);
	mod_words(mod, d->base, d->nr_base);
	mod_distil(mod, strings, sizeof(strings));
	mod_words(mod, d->own, d->nr_own);
}

static void good(void **state)
{
	static const struct distilled cases[] = {
		{ WORDS(D_INT, T(INT, 0), 4, 32),
		  WORDS(S_A, T(STRUCT, 1), 4, S_X, 1, 0) },
		{ WORDS(D_LIST, T(STRUCT, 0), 16),
		  WORDS(S_A, T(STRUCT, 1), 16, S_X, 1, 0) },
		/* A pointer does not mind the size. */
		{ WORDS(D_LIST, T(STRUCT, 0), 24), WORDS(0, T(PTR, 0), 1) },
		{ WORDS(D_LIST, T(FWD, 0), 0), WORDS(0, T(PTR, 0), 1) },
		/* Two of that name, of different size */
		{ WORDS(D_TWICE, T(STRUCT, 0), 8), WORDS(0, T(PTR, 0), 1) },
		{ WORDS(D_TWICE, T(STRUCT, 0), 16), WORDS(0, T(PTR, 0), 1) },
		/* An ENUM64 is written as an ENUM. */
		{ WORDS(D_BIG, T(ENUM, 0), 8), WORDS(0, T(PTR, 0), 1) },
		/* A name of one of its types. */
		{ WORDS(D_INT, T(INT, 0), 4, 32),
		  WORDS(D_INT, T(STRUCT, 1), 4, S_X, 1, 0) },
	};
	const struct mod_format *format;
	struct mod mod;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		for (format = mod_formats; format->class; format++) {
			make(&mod, format, &cases[i]);
			mod_is_good(&mod);
		}
	}
}

static void refused(void **state)
{
	static const struct {
		int errnum;
		const char *log;
		struct distilled d;
	} cases[] = {
		{ KERNEL_EINVAL,
		  "distilled base BTF type 'int' [1] is not mapped to base BTF id",
		  { WORDS(D_INT, T(INT, 0), 8, 64), WORDS(0, T(PTR, 0), 1) } },
		{ KERNEL_EINVAL,
		  "distilled base BTF type 'int' [1] is not mapped to base BTF id",
		  { WORDS(D_INT, T(INT, 0), 4, 0x01000020),
		    WORDS(0, T(PTR, 0), 1) } },
		{ KERNEL_EINVAL,
		  "distilled base BTF type 'nosuch' [1] is not mapped to base BTF id",
		  { WORDS(D_NOSUCH, T(STRUCT, 0), 4), WORDS(0, T(PTR, 0), 1) } },
		{ KERNEL_EINVAL,
		  "distilled base BTF type 'list_head' [1] is not mapped to base BTF id",
		  { WORDS(D_LIST, T(STRUCT, 0), 24),
		    WORDS(S_A, T(STRUCT, 1), 24, S_X, 1, 0) } },
		{ KERNEL_EINVAL,
		  "distilled base BTF type 'twice' [1] is not mapped to base BTF id",
		  { WORDS(D_TWICE, T(STRUCT, 0), 12), WORDS(0, T(PTR, 0), 1) } },
		{ KERNEL_EINVAL,
		  "distilled base BTF type 'same' [1], size 4 has multiple candidates of the same size (ids [10, 9]) in base BTF",
		  { WORDS(D_SAME, T(STRUCT, 0), 4), WORDS(0, T(PTR, 0), 1) } },
		{ KERNEL_EINVAL,
		  "type [1], kind [4] is invalid for distilled base BTF; it is anonymous",
		  { WORDS(0, T(STRUCT, 0), 4), WORDS(0, T(PTR, 0), 1) } },
		{ KERNEL_EINVAL,
		  "type [1] in distilled based BTF has unexpected kind [2]",
		  { WORDS(0, T(PTR, 0), 0), WORDS(0, T(PTR, 0), 1) } },
		{ KERNEL_ENOENT,
		  "string '' [offset 15] is not mapped to base BTF",
		  { WORDS(D_INT, T(INT, 0), 4, 32),
		    WORDS(D_NOSUCH, T(STRUCT, 0), 4) } },
		{ KERNEL_EINVAL, "[1] STRUCT x-y size=4 vlen=0 Invalid name",
		  { WORDS(D_BAD, T(STRUCT, 0), 4), WORDS(0, T(PTR, 0), 1) } },
	};
	const struct mod_format *format;
	struct mod mod;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		for (format = mod_formats; format->class; format++) {
			make(&mod, format, &cases[i].d);
			mod_is(&mod, cases[i].errnum, NULL, cases[i].log);
		}
	}
}

/* Types that would make the kernel read outside, or loop forever. */
static void hostile(void **state)
{
	static const struct distilled nowhere = {
		WORDS(D_INT, T(INT, 0), 4, 32), WORDS(0, T(PTR, 0), 77)
	}, endless = {
		WORDS(D_INT, T(INT, 0), 4, 32),
		WORDS(S_A, T(STRUCT, 1), 4, S_X, OWN(1), 0,
		      0, T(ARRAY, 0), 0, OWN(1), 1, 1)
	}, unmapped = {
		WORDS(D_INT, T(INT, 0), 8, 64), WORDS(0, T(PTR, 0), 77)
	}, member = {
		WORDS(D_INT, T(INT, 0), 8, 64),
		WORDS(S_A, T(STRUCT, 1), 4, S_X, 77, 0)
	};
	struct mod mod;

	(void)state;
	make(&mod, &mod_formats[0], &nowhere);
	mod_is(&mod, KERNEL_EINVAL, "refers to type 77, there are 2", NULL);
	make(&mod, &mod_formats[0], &endless);
	mod_is(&mod, KERNEL_EINVAL, "nest without end", NULL);

	/* It only follows members before it looks for the base's types. */
	make(&mod, &mod_formats[0], &unmapped);
	mod_is(&mod, KERNEL_EINVAL, "the base has no INT int of 8 bytes", NULL);
	make(&mod, &mod_formats[0], &member);
	mod_is(&mod, KERNEL_EINVAL, "refers to type 77, there are 2", NULL);
}

/* Kernels before 6.11 ignore .BTF.base, and misread .BTF. */
static void old_release(void **state)
{
	static const struct distilled d = {
		WORDS(D_LIST, T(STRUCT, 0), 16),
		WORDS(S_A, T(STRUCT, 1), 16, S_X, 1, 0)
	};
	struct report report;
	bool found = false;
	struct mod mod;
	uint32_t i;

	(void)state;
	make(&mod, &mod_formats[0], &d);
	mod.vermagic = "6.1.0";
	mod_check(&mod, &report);
	for (i = 0; i < report.nr_kept; i++) {
		if (strstr(report.problems[i].message, "before 6.11"))
			found = true;
	}
	assert_true(found);
	report_free(&report);
	mod_free(&mod);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(good),
		cmocka_unit_test(refused),
		cmocka_unit_test(hostile),
		cmocka_unit_test(old_release),
	};

	return cmocka_run_group_tests(tests, check_setup, check_teardown);
}
