// SPDX-License-Identifier: GPL-2.0-only
/* Each type by itself, and chains of modifiers. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "check_build.h"

#define TOO_HIGH	0x00100000

#define T(kind, vlen)	INFO(BTF_KIND_ ## kind, vlen)

/* One type, or more, and what the kernel logs about it; NULL: all is well */
static const struct rule {
	const char *release;	/* NULL: 6.12 */
	int errnum;
	const char *log;	/* of type number 12, as there are 11 */
	uint32_t words[16];
	size_t nr;
} rules[] = {
#define GOOD(...)							\
	{ NULL, 0, NULL, { __VA_ARGS__ },				\
	  sizeof((uint32_t[]){ __VA_ARGS__ }) / 4 }
#define BAD(log, ...)							\
	{ NULL, KERNEL_EINVAL, log, { __VA_ARGS__ },			\
	  sizeof((uint32_t[]){ __VA_ARGS__ }) / 4 }
#define IN(release, errnum, log, ...)					\
	{ release, errnum, log, { __VA_ARGS__ },			\
	  sizeof((uint32_t[]){ __VA_ARGS__ }) / 4 }
	BAD("[12] meta_left:4 meta_needed:12", S_A),
	BAD("[12] meta_left:8 meta_needed:12", S_A, T(INT, 0)),
	BAD("[12] Invalid btf_info:24000000", S_A, 0x24000000, 4),
	BAD("[12] Invalid btf_info:4010000", S_A, 0x04010000, 4),
	BAD("[12] Invalid kind:0", 0, 0, 0),
	BAD("[12] Invalid kind:20", 0, 20u << 24, 0),
	BAD("[12] Invalid kind:31", 0, 31u << 24, 0),
	BAD("[12] Invalid name_offset:16777216", 0x01000000, T(STRUCT, 0), 0),

	GOOD(S_A, T(INT, 0), 4, 0x01000020),
	GOOD(0, T(INT, 0), 4, 32),
	BAD("[12] INT a size=4 bits_offset=0 nr_bits=32 encoding=(none) vlen != 0",
	    S_A, T(INT, 1), 4, 32),
	BAD("[12] INT a size=4 bits_offset=0 nr_bits=32 encoding=SIGNED Invalid btf_info kind_flag",
	    S_A, T(INT, 0) | KFLAG, 4, 0x01000020),
	BAD("[12] INT a Invalid int_data:10000020",
	    S_A, T(INT, 0), 4, 0x10000020),
	BAD("[12] INT a size=64 bits_offset=64 nr_bits=128 encoding=CHAR nr_bits exceeds 128",
	    S_A, T(INT, 0), 64, 0x02400080),
	BAD("[12] INT a size=3 bits_offset=0 nr_bits=25 encoding=BOOL nr_bits exceeds type_size",
	    S_A, T(INT, 0), 3, 0x04000019),
	GOOD(S_A, T(INT, 0), 3, 24),
	IN(NULL, KERNEL_ENOTSUPP,
	   "[12] INT a size=4 bits_offset=0 nr_bits=32 encoding=UNKN Unsupported encoding",
	   S_A, T(INT, 0), 4, 0x03000020),
	BAD("[12] INT a meta_left:0 meta_needed:4", S_A, T(INT, 0), 4),

	GOOD(S_A, T(FLOAT, 0), 2),
	GOOD(S_A, T(FLOAT, 0), 12),
	GOOD(S_A, T(FLOAT, 0), 16),
	BAD("[12] FLOAT a size=3 Invalid type_size", S_A, T(FLOAT, 0), 3),
	BAD("[12] FLOAT a size=4 vlen != 0", S_A, T(FLOAT, 2), 4),
	BAD("[12] FLOAT a size=4 Invalid btf_info kind_flag",
	    S_A, T(FLOAT, 0) | KFLAG, 4),

	GOOD(0, T(PTR, 0), BASE_LIST),
	BAD("[12] PTR (anon) type_id=2 vlen != 0", 0, T(PTR, 1), BASE_LIST),
	BAD("[12] PTR (anon) type_id=2 Invalid btf_info kind_flag",
	    0, T(PTR, 0) | KFLAG, BASE_LIST),
	BAD("[12] PTR (anon) type_id=1048576 Invalid type_id",
	    0, T(PTR, 0), TOO_HIGH),
	BAD("[12] PTR a type_id=2 Invalid name", S_A, T(PTR, 0), BASE_LIST),
	BAD("[12] CONST a type_id=1 Invalid name", S_A, T(CONST, 0), BASE_INT),
	BAD("[12] VOLATILE (anon) type_id=1 vlen != 0",
	    0, T(VOLATILE, 3), BASE_INT),
	BAD("[12] RESTRICT (anon) type_id=1 Invalid btf_info kind_flag",
	    0, T(RESTRICT, 0) | KFLAG, BASE_INT),
	BAD("[12] TYPEDEF (anon) type_id=1 Invalid name",
	    0, T(TYPEDEF, 0), BASE_INT),
	BAD("[12] TYPEDEF a-b type_id=1 Invalid name",
	    S_BAD, T(TYPEDEF, 0), BASE_INT),
	GOOD(S_ANY, T(TYPE_TAG, 0), BASE_INT),
	BAD("[12] TYPE_TAG (anon) type_id=1 Invalid name",
	    0, T(TYPE_TAG, 0), BASE_INT),
	BAD("[12] TYPE_TAG  type_id=1 Invalid name",
	    S_EMPTY, T(TYPE_TAG, 0), BASE_INT),
	BAD("[12] TYPE_TAG a type_id=1 Invalid btf_info kind_flag",
	    S_A, T(TYPE_TAG, 0) | KFLAG, BASE_INT),
	IN("6.15.0", 0, NULL, S_A, T(TYPE_TAG, 0) | KFLAG, BASE_INT),

	GOOD(S_LATIN1, T(FWD, 0), 0),
	GOOD(S_A, T(FWD, 0) | KFLAG, 0),
	BAD("[12] FWD 1a struct Invalid name", S_1A, T(FWD, 0), 0),
	BAD("[12] FWD (anon) struct Invalid name", 0, T(FWD, 0), 0),
	BAD("[12] FWD  union Invalid name", S_EMPTY, T(FWD, 0) | KFLAG, 0),
	BAD("[12] FWD a struct vlen != 0", S_A, T(FWD, 1), 0),
	BAD("[12] FWD a struct type != 0", S_A, T(FWD, 0), 1),

	GOOD(0, T(ARRAY, 0), 0, BASE_INT, BASE_INT, 4),
	BAD("[12] ARRAY a type_id=1 index_type_id=1 nr_elems=4 Invalid name",
	    S_A, T(ARRAY, 0), 0, BASE_INT, BASE_INT, 4),
	BAD("[12] ARRAY (anon) type_id=1 index_type_id=1 nr_elems=4 vlen != 0",
	    0, T(ARRAY, 1), 0, BASE_INT, BASE_INT, 4),
	BAD("[12] ARRAY (anon) type_id=1 index_type_id=1 nr_elems=4 Invalid btf_info kind_flag",
	    0, T(ARRAY, 0) | KFLAG, 0, BASE_INT, BASE_INT, 4),
	BAD("[12] ARRAY (anon) type_id=1 index_type_id=1 nr_elems=4 size != 0",
	    0, T(ARRAY, 0), 4, BASE_INT, BASE_INT, 4),
	BAD("[12] ARRAY (anon) type_id=0 index_type_id=1 nr_elems=4 Invalid elem",
	    0, T(ARRAY, 0), 0, 0, BASE_INT, 4),
	BAD("[12] ARRAY (anon) type_id=1048576 index_type_id=1 nr_elems=4 Invalid elem",
	    0, T(ARRAY, 0), 0, TOO_HIGH, BASE_INT, 4),
	BAD("[12] ARRAY (anon) type_id=1 index_type_id=0 nr_elems=4 Invalid index",
	    0, T(ARRAY, 0), 0, BASE_INT, 0, 4),
	BAD("[12] ARRAY (anon) meta_left:8 meta_needed:12",
	    0, T(ARRAY, 0), 0, BASE_INT, BASE_INT),

	GOOD(S_A, T(STRUCT, 2), 8, S_X, BASE_INT, 0, S_X, BASE_INT, 32),
	GOOD(S_A, T(STRUCT, 2) | KFLAG, 4,
	     S_X, BASE_INT, 0x04000000, S_X, BASE_INT, 0x05000004),
	BAD("[12] STRUCT a-b size=4 vlen=0 Invalid name",
	    S_BAD, T(STRUCT, 0), 4),
	BAD("[12] STRUCT a meta_left:12 meta_needed:24",
	    S_A, T(STRUCT, 2), 8, S_X, BASE_INT, 0),
	BAD("\t(invalid-name-offset) type_id=1 bits_offset=0 Invalid member name_offset:16777216",
	    S_A, T(STRUCT, 1), 4, 0x01000000, BASE_INT, 0),
	BAD("\ta-b type_id=1 bits_offset=0 Invalid name",
	    S_A, T(STRUCT, 1), 4, S_BAD, BASE_INT, 0),
	BAD("\tx type_id=0 bits_offset=0 Invalid type_id",
	    S_A, T(STRUCT, 1), 4, S_X, 0, 0),
	BAD("\tx type_id=1048576 bits_offset=0 Invalid type_id",
	    S_A, T(STRUCT, 1), 4, S_X, TOO_HIGH, 0),
	BAD("\tx type_id=1 bits_offset=0 Invalid member bits_offset",
	    S_A, T(STRUCT, 2), 8, S_X, BASE_INT, 32, S_X, BASE_INT, 0),
	BAD("\tx type_id=1 bits_offset=33 Member bits_offset exceeds its struct size",
	    S_A, T(STRUCT, 1), 4, S_X, BASE_INT, 33),
	BAD("\tx type_id=1 bitfield_size=4 bits_offset=33 Member bits_offset exceeds its struct size",
	    S_A, T(STRUCT, 1) | KFLAG, 4, S_X, BASE_INT, 0x04000021),
	GOOD(S_A, T(UNION, 1), 4, S_X, BASE_INT, 0),
	BAD("\tx type_id=1 bits_offset=32 Invalid member bits_offset",
	    S_A, T(UNION, 1), 8, S_X, BASE_INT, 32),

	GOOD(S_A, T(ENUM, 1), 4, S_X, 1),
	BAD("[12] ENUM a size=3 vlen=1 Unexpected size",
	    S_A, T(ENUM, 1), 3, S_X, 1),
	BAD("[12] ENUM a size=0 vlen=0 Unexpected size", S_A, T(ENUM, 0), 0),
	BAD("[12] ENUM a size=16 vlen=0 Unexpected size", S_A, T(ENUM, 0), 16),
	BAD("[12] ENUM a-b size=4 vlen=0 Invalid name", S_BAD, T(ENUM, 0), 4),
	BAD("[12] ENUM a size=4 vlen=1 Invalid name",
	    S_A, T(ENUM, 1), 4, 0, 1),
	BAD("[12] ENUM a size=4 vlen=1 Invalid name",
	    S_A, T(ENUM, 1), 4, S_BAD, 1),
	BAD("\tInvalid name_offset:16777216",
	    S_A, T(ENUM, 1), 4, 0x01000000, 1),
	BAD("[12] ENUM a meta_left:8 meta_needed:16",
	    S_A, T(ENUM, 2), 4, S_X, 1),
	GOOD(S_A, T(ENUM64, 1) | KFLAG, 8, S_X, 1, 1),
	BAD("[12] ENUM64 a size=6 vlen=1 Unexpected size",
	    S_A, T(ENUM64, 1), 6, S_X, 1, 1),
	BAD("[12] ENUM64 a size=8 vlen=1 Invalid name",
	    S_A, T(ENUM64, 1), 8, S_BAD, 1, 1),

	GOOD(0, T(FUNC_PROTO, 1), 0, S_X, BASE_INT),
	BAD("[12] FUNC_PROTO a return=0 args=(1 x) Invalid name",
	    S_A, T(FUNC_PROTO, 1), 0, S_X, BASE_INT),
	BAD("[12] FUNC_PROTO a return=1 args=(void) Invalid name",
	    S_A, T(FUNC_PROTO, 0), BASE_INT),
	BAD("[12] FUNC_PROTO a return=0 args=(vararg) Invalid name",
	    S_A, T(FUNC_PROTO, 1), 0, 0, 0),
	BAD("[12] FUNC_PROTO (anon) return=0 args=(1 x, 1 (anon), vararg) Invalid btf_info kind_flag",
	    0, T(FUNC_PROTO, 3) | KFLAG, 0, S_X, BASE_INT, 0, BASE_INT, 0, 0),
	GOOD(S_A, T(FUNC, 1), BASE_PROTO),
	BAD("[12] FUNC (anon) type_id=4 Invalid name",
	    0, T(FUNC, 0), BASE_PROTO),
	BAD("[12] FUNC a type_id=4 Invalid func linkage",
	    S_A, T(FUNC, 2), BASE_PROTO),
	BAD("[12] FUNC a type_id=4 Invalid btf_info kind_flag",
	    S_A, T(FUNC, 0) | KFLAG, BASE_PROTO),

	GOOD(S_A, T(VAR, 0), BASE_INT, 1),
	BAD("[12] VAR a type_id=1 linkage=1 vlen != 0",
	    S_A, T(VAR, 1), BASE_INT, 1),
	BAD("[12] VAR a type_id=1 linkage=1 Invalid btf_info kind_flag",
	    S_A, T(VAR, 0) | KFLAG, BASE_INT, 1),
	BAD("[12] VAR (anon) type_id=1 linkage=0 Invalid name",
	    0, T(VAR, 0), BASE_INT, 0),
	BAD("[12] VAR a type_id=0 linkage=0 Invalid type_id",
	    S_A, T(VAR, 0), 0, 0),
	BAD("[12] VAR a type_id=1 linkage=2 Linkage not supported",
	    S_A, T(VAR, 0), BASE_INT, 2),
	BAD("[12] VAR a meta_left:0 meta_needed:4", S_A, T(VAR, 0), BASE_INT),

	GOOD(S_DATA, T(DATASEC, 1), 4, BASE_VAR, 0, 4),
	BAD("[12] DATASEC .data size=0 vlen=0 size == 0",
	    S_DATA, T(DATASEC, 0), 0),
	BAD("[12] DATASEC .data size=4 vlen=0 Invalid btf_info kind_flag",
	    S_DATA, T(DATASEC, 0) | KFLAG, 4),
	BAD("[12] DATASEC (anon) size=4 vlen=0 Invalid name",
	    0, T(DATASEC, 0), 4),
	GOOD(S_ANY, T(DATASEC, 0), 4),
	IN("6.1.0-13-amd64", KERNEL_EINVAL,
	   "[12] DATASEC any thing size=4 vlen=0 Invalid name",
	   S_ANY, T(DATASEC, 0), 4),
	BAD("\t type_id=0 offset=0 size=4 Invalid type_id",
	    S_DATA, T(DATASEC, 1), 4, 0, 0, 4),
	BAD("\t type_id=6 offset=4 size=4 Invalid offset",
	    S_DATA, T(DATASEC, 1), 4, BASE_VAR, 4, 4),
	BAD("\t type_id=6 offset=2 size=4 Invalid offset",
	    S_DATA, T(DATASEC, 2), 8, BASE_VAR, 0, 4, BASE_VAR, 2, 4),
	BAD("\t type_id=6 offset=0 size=0 Invalid size",
	    S_DATA, T(DATASEC, 1), 4, BASE_VAR, 0, 0),
	BAD("\t type_id=6 offset=0 size=8 Invalid size",
	    S_DATA, T(DATASEC, 1), 4, BASE_VAR, 0, 8),
	BAD("\t type_id=6 offset=6 size=4 Invalid offset+size",
	    S_DATA, T(DATASEC, 1), 8, BASE_VAR, 6, 4),
	/* The kernel adds offset and size in 32 bits. */
	BAD("[12] DATASEC .data size=3221225472 vlen=2 Invalid btf_info size",
	    S_DATA, T(DATASEC, 2), 0xc0000000,
	    BASE_VAR, 0x80000000, 0x80000000, BASE_VAR, 1, 0x80000000),

	GOOD(S_ANY, T(DECL_TAG, 0), BASE_LIST, -1),
	GOOD(S_ANY, T(DECL_TAG, 0), BASE_LIST, 1),
	BAD("[12] DECL_TAG (anon) type=2 component_idx=-1 Invalid value",
	    0, T(DECL_TAG, 0), BASE_LIST, -1),
	BAD("[12] DECL_TAG a type=2 component_idx=-1 vlen != 0",
	    S_A, T(DECL_TAG, 1), BASE_LIST, -1),
	BAD("[12] DECL_TAG a type=2 component_idx=-1 Invalid btf_info kind_flag",
	    S_A, T(DECL_TAG, 0) | KFLAG, BASE_LIST, -1),
	IN("7.0", 0, NULL, S_A, T(DECL_TAG, 0) | KFLAG, BASE_LIST, -1),
	BAD("[12] DECL_TAG a type=2 component_idx=-2 Invalid component_idx",
	    S_A, T(DECL_TAG, 0), BASE_LIST, -2),

	GOOD(S_A, T(TYPE_TAG, 0), OWN(1), 0, T(CONST, 0), BASE_INT),
	BAD("Type tags don't precede modifiers",
	    0, T(CONST, 0), OWN(1), S_A, T(TYPE_TAG, 0), BASE_INT),
	IN("7.2", 0, NULL,
	   0, T(CONST, 0), OWN(1), S_A, T(TYPE_TAG, 0), BASE_INT),
	BAD("[12] Invalid btf_info:21000000", S_A, 0x21000000, 4, 0),
	IN("7.2", KERNEL_EINVAL, "[12] Invalid kind:33", S_A, 0x21000000, 4),
	IN("7.2", KERNEL_EINVAL, "[12] Invalid kind:36", S_A, 0x24000000, 4),
	IN("7.2", KERNEL_EINVAL, "[12] Invalid kind:127", S_A, 0x7f010000, 4),
	IN("7.2", KERNEL_EINVAL,
	   "[12] STRUCT a meta_left:0 meta_needed:786432",
	   S_A, 0x04010000, 4),
	IN("7.2", KERNEL_EINVAL,
	   "[12] FUNC a type_id=4 Invalid func linkage",
	   S_A, 0x0c010000, BASE_PROTO),
	IN(NULL, KERNEL_ELOOP, "Max chain length or cycle detected",
	   0, T(CONST, 0), OWN(0)),
	IN(NULL, KERNEL_ELOOP, "Max chain length or cycle detected",
	   0, T(CONST, 0), OWN(1), S_A, T(TYPEDEF, 0), OWN(0)),
	BAD(NULL, 0, T(VOLATILE, 0), OWN(7)),
};

static void all_rules(void **state)
{
	const struct mod_format *format;
	const struct rule *rule;
	struct mod mod;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(rules) / sizeof(rules[0]); i++) {
		rule = &rules[i];
		for (format = mod_formats; format->class; format++) {
			mod_init(&mod, format);
			if (rule->release)
				mod.vermagic = rule->release;
			mod_words(&mod, rule->words, rule->nr);
			if (rule->errnum)
				mod_is(&mod, rule->errnum, NULL, rule->log);
			else
				mod_is_good(&mod);
		}
	}
}

/* 32 modifiers in a row are taken, 33 are not. */
static void long_chains(void **state)
{
	struct mod mod;
	uint32_t nr, i;

	(void)state;
	for (nr = 32; nr <= 33; nr++) {
		mod_init(&mod, &mod_formats[0]);
		for (i = 1; i < nr; i++)
			mod_type(&mod, 0, T(CONST, 0), OWN(i));
		mod_type(&mod, 0, T(CONST, 0), BASE_INT);
		if (nr == 32)
			mod_is_good(&mod);
		else
			mod_is(&mod, KERNEL_ELOOP, "more than 32", NULL);
	}
}

/* No type has the highest id that there can be, but it is one. */
static void highest_id(void **state)
{
	struct mod mod;

	(void)state;
	mod_init(&mod, &mod_formats[0]);
	mod_type(&mod, 0, T(PTR, 0), TOO_HIGH - 1);
	mod_is(&mod, 0, "refers to type 1048575, there are", NULL);
	mod_init(&mod, &mod_formats[0]);
	mod_type(&mod, S_DATA, T(DATASEC, 1), 4, TOO_HIGH - 1, 0, 4);
	mod_is(&mod, 0, "refers to type 1048575, there are", NULL);
}

/* After a fault the others are still found, up to one that ends it all. */
static void several(void **state)
{
	struct report report;
	struct mod mod;

	(void)state;
	mod_init(&mod, &mod_formats[0]);
	mod_type(&mod, S_BAD, T(STRUCT, 0), 4);
	mod_type(&mod, S_A, T(STRUCT, 0), 4);
	mod_type(&mod, S_1A, T(UNION, 0), 4);
	mod_type(&mod, 0, T(UNKN, 0), 0);
	mod_type(&mod, S_BAD, T(STRUCT, 0), 4);
	mod_check(&mod, &report);
	assert_int_equal(report.nr_errors, 3);
	assert_int_equal(mod_problem(&report, 0)->at.type, mod.first_id);
	assert_int_equal(mod_problem(&report, 0)->at.offset, 24);
	assert_int_equal(mod_problem(&report, 1)->at.type, mod.first_id + 2);
	assert_int_equal(mod_problem(&report, 1)->at.offset, 48);
	assert_non_null(strstr(mod_problem(&report, 2)->message,
			       "nothing after it"));
	report_free(&report);
	mod_free(&mod);
}

/* Since 7.2 there can be more than 65535 of anything. */
static void many_members(void **state)
{
	const uint32_t nr = 65536;
	struct mod mod;
	uint32_t i;
	int release;

	(void)state;
	for (release = 1; release <= 3; release++) {
		mod_init(&mod, &mod_formats[release]);
		mod.vermagic = release == 1 ? "7.1.0" : "7.2.13";
		mod_type(&mod, S_A, T(ENUM, 0) | nr, 4);
		for (i = 0; i < nr; i++)
			mod_type(&mod, S_X, i);
		if (release == 3)
			mod.words[3 + 2 * (nr - 1)] = 0;
		mod_type(&mod, S_X, T(FWD, 0), 0);
		if (release == 1)
			mod_is(&mod, KERNEL_EINVAL, NULL,
			       "[12] Invalid btf_info:6010000");
		else if (release == 2)
			mod_is_good(&mod);
		else
			mod_is(&mod, KERNEL_EINVAL, NULL,
			       "[12] ENUM a size=4 vlen=65536 Invalid name");
	}
}

/* A type that ends in the middle of a word. */
static void odd_end(void **state)
{
	struct mod mod;

	(void)state;
	mod_init(&mod, &mod_formats[0]);
	mod_type(&mod, S_A, T(STRUCT, 0), 4);
	mod.nr_bytes = 3;
	mod_is(&mod, KERNEL_EINVAL, NULL, "[13] meta_left:3 meta_needed:12");
}

/* Since 7.0 the kernel looks whether a module's types are sorted, as vmlinux's. */
static void order(void **state)
{
	static const char sorted[] = "p PTR int\n" "int INT int 4\n"
				     "x STRUCT x 4\n";
	static const struct {
		uint32_t names[3];
		uint32_t unsorted;	/* number of a type, 0: none is */
	} cases[] = {
		{ { 0, S_A, S_X }, 0 },
		{ { S_A, S_A, S_X }, 0 },
		{ { S_A, S_X, S_BAD }, 2 },
		{ { S_X, S_A, S_X }, 1 },
		{ { S_A, 0, S_X }, 1 },
	};
	struct report report;
	struct mod mod;
	size_t i, j, k;

	(void)state;
	/* A release before, one that looks, one whose vmlinux is not sorted. */
	for (k = 0; k < 3; k++) {
		check_base(k < 2 ? sorted : NULL);
		for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
			uint32_t want = k == 1 ? cases[i].unsorted : 0;

			mod_init(&mod, &mod_formats[0]);
			mod.vermagic = k ? "7.0.1" : "6.19.0";
			for (j = 0; j < 3; j++) {
				uint32_t name = cases[i].names[j];

				/* Any name will do for a tag. */
				mod_type(&mod, name,
					 name ? T(TYPE_TAG, 0) : T(PTR, 0), 2);
			}
			mod_check(&mod, &report);
			assert_int_equal(report.nr_kept, want != 0);
			assert_int_equal(report.nr_warnings, want != 0);
			if (want) {
				assert_int_equal(mod_problem(&report, 0)->at.type,
						 mod.first_id + want);
				assert_non_null(strstr(mod_problem(&report, 0)->message,
						       "not sorted by name"));
			}
			report_free(&report);
			mod_free(&mod);
		}
	}
	check_base(NULL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(all_rules),
		cmocka_unit_test(long_chains),
		cmocka_unit_test(highest_id),
		cmocka_unit_test(several),
		cmocka_unit_test(many_members),
		cmocka_unit_test(odd_end),
		cmocka_unit_test(order),
	};

	return cmocka_run_group_tests(tests, check_setup, check_teardown);
}
