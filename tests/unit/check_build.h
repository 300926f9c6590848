/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Modules for check: split BTF, good or bad, written as words, in an ELF file of any
 * class and byte order.
 *
 *	check_setup()		a scratch directory with a base in it
 *	mod_init()
 *	mod_words(), mod_section(), mod_symbol(), any field of struct mod
 *	mod_check()		the report, which the caller frees
 *	mod_free()
 */
#ifndef TESTS_UNIT_CHECK_BUILD_H
#define TESTS_UNIT_CHECK_BUILD_H

#include <stddef.h>
#include <stdint.h>

#include "btf.h"
#include "check.h"
#include "elf_build.h"

/* Types of the base, by their ids. */
enum {
	BASE_INT = 1,		/* int, 4 bytes */
	BASE_LIST,		/* struct list_head, 16 bytes */
	BASE_LIST_PTR,
	BASE_PROTO,		/* void (int x) */
	BASE_FUNC,		/* base_func() */
	BASE_VAR,		/* base_var, an int */
	BASE_TWICE_8,		/* two structs called twice, 8 and 16 bytes */
	BASE_TWICE_16,
	BASE_SAME_1,		/* two structs called same, of 4 bytes */
	BASE_SAME_2,
	BASE_ENUM64,		/* enum big, 8 bytes */
	NR_BASE
};

/*
 * Placeholders for words that depend on the base: a string of mod_strings by its
 * offset, the module's type number n from 0.
 */
#define STR(off)	(0xf5a50000u | (off))
#define OWN(n)		(0xf5a60000u | (n))

/* The module's strings, and where they are. */
#define MOD_STRINGS	"a\0a-b\0x\0.data\0\0" "1a\0caf\xe9\0mod_func\0any thing"
#define S_A		STR(0)
#define S_BAD		STR(2)
#define S_X		STR(6)
#define S_DATA		STR(8)
#define S_EMPTY		STR(14)
#define S_1A		STR(15)
#define S_LATIN1	STR(18)
#define S_FUNC		STR(23)
#define S_ANY		STR(32)
#define S_OUTSIDE	STR(500)

#define INFO(kind, vlen)	((uint32_t)(kind) << 24 | (vlen))
#define KFLAG			(1u << 31)

struct mod_format {
	unsigned char class, order;
};

/* Ended by class 0 */
extern const struct mod_format mod_formats[];

struct mod {
	struct elf_build b;
	bool swapped;
	const char *vermagic;		/* NULL: no .modinfo */
	struct btf_header h;		/* set by mod_init(), but for sizes */
	bool keep_header;		/* the caller has set sizes as well */
	uint32_t *words;		/* of types */
	size_t nr_words, max_words;
	size_t nr_bytes;		/* more of the types, less than a word */
	const char *strs;
	size_t strs_len;
	const void *distilled;		/* BTF for .BTF.base, or NULL */
	size_t distilled_len;
	uint32_t first_id, first_str;
	bool no_btf;
	bool strict;
};

int check_setup(void **state);
int check_teardown(void **state);

/* From then on, @text is the base; NULL: the one above again. */
void check_base(const char *text);

void mod_init(struct mod *mod, const struct mod_format *format);
void mod_free(struct mod *mod);

/* Append words to the types; they can be STR() and OWN(). */
void mod_words(struct mod *mod, const uint32_t *words, size_t nr);

#define mod_type(mod, ...) do {						\
	const uint32_t words_[] = { __VA_ARGS__ };			\
	mod_words(mod, words_, sizeof(words_) / sizeof(words_[0]));	\
} while (0)

/*
 * Take the types so far, and @strs, for .BTF.base: what follows is split
 * against that.
 */
void mod_distil(struct mod *mod, const char *strs, size_t strs_len);

/* The file mod.ko, checked. */
void mod_check(struct mod *mod, struct report *report);

/* Problem number @nr. Fails the test if there is none. */
const struct problem *mod_problem(const struct report *report, unsigned int nr);

/* No problem at all. */
void mod_is_good(struct mod *mod);

/* The first problem is an error with this, or a warning when @errnum is 0. */
void mod_is(struct mod *mod, int errnum, const char *message, const char *log);

#endif
