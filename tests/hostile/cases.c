// SPDX-License-Identifier: GPL-2.0-only
/*
 * Files that are crafted as a whole, each for one reason:
 *
 *	cases NAME [NR [TYPES STRINGS]] >FILE
 *
 * See cases[] below for the names; NR is the size. With the number of types and the
 * length of the strings of a base, BTF is split against that.
 */
#include <elf.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "elf_build.h"

/* tools/btfstage/btf/btf.h describes the layout of BTF. */
enum {
	INT = 1, PTR = 2, STRUCT = 4, FWD = 7, TYPEDEF = 8, CONST = 10,
	FUNC_PROTO = 13,
};

static struct {
	uint32_t *words;
	size_t nr_words, max_words;
	char *strs;
	size_t strs_len, max_strs;
	uint32_t base_types, base_strs;
} btf;

static void *grow(void *array, size_t nr, size_t *max, size_t size)
{
	if (nr < *max)
		return array;
	*max = 2 * nr + 1024;
	array = realloc(array, *max * size);
	if (!array) {
		perror("cases");
		exit(1);
	}
	return array;
}

static void word(uint32_t value)
{
	btf.words = grow(btf.words, btf.nr_words, &btf.max_words,
			 sizeof(*btf.words));
	btf.words[btf.nr_words++] = value;
}

static uint32_t str(const char *s)
{
	size_t len = strlen(s) + 1, off = btf.strs_len;

	btf.strs = grow(btf.strs, off + len, &btf.max_strs, 1);
	memcpy(btf.strs + off, s, len);
	btf.strs_len += len;
	return btf.base_strs + off;
}

/* The id of the type that is number @nr in here, from 1. */
static uint32_t own(uint32_t nr)
{
	return btf.base_types + nr;
}

static void type(uint32_t name, unsigned int kind, unsigned int vlen,
		 uint32_t size_type)
{
	word(name);
	word(kind << 24 | vlen);
	word(size_type);
}

static void integer(void)
{
	type(str("int"), INT, 0, 4);
	word(32);
}

static void emit(const void *data, size_t size)
{
	if (size && fwrite(data, size, 1, stdout) != 1) {
		perror("cases");
		exit(1);
	}
}

static void emit_btf(void)
{
	const uint32_t types_len = 4 * btf.nr_words;
	const uint32_t header[] = {
		0x0001eb9f, 24, 0, types_len, types_len, btf.strs_len,
	};

	emit(header, sizeof(header));
	emit(btf.words, types_len);
	emit(btf.strs, btf.strs_len);
}

/* NR typedefs of each other, the last one of int. */
static void deep(uint32_t nr)
{
	uint32_t name, i;

	integer();
	name = str("deep_t");
	for (i = 0; i < nr; i++)
		type(name, TYPEDEF, 0, own(i ? i + 1 : 1));
	emit_btf();
}

/* The same, with the one that is the deepest last in the file. */
static void deep_down(uint32_t nr)
{
	uint32_t name, i;

	integer();
	name = str("deep_t");
	for (i = 0; i < nr; i++)
		type(name, TYPEDEF, 0, own(i + 1 < nr ? i + 3 : 1));
	emit_btf();
}

/* NR const, of each other in a circle. */
static void cycle(uint32_t nr)
{
	uint32_t i;

	for (i = 0; i < nr; i++)
		type(0, CONST, 0, own((i + 1) % nr + 1));
	emit_btf();
}

/* An anonymous struct of NR members that are pointers to itself. */
static void knot(uint32_t nr)
{
	uint32_t name = str("self"), i;

	type(0, STRUCT, nr, 8);
	for (i = 0; i < nr; i++) {
		word(name);
		word(own(2));
		word(i);
	}
	type(0, PTR, 0, own(1));
	emit_btf();
}

/* NR structs, and as many declarations, of the same name. */
static void same_tag(uint32_t nr)
{
	uint32_t name = str("same"), i;

	for (i = 0; i < nr; i++) {
		type(name, STRUCT, 0, i);
		type(name, FWD, 0, 0);
		type(0, PTR, 0, own(2 * i + 1 + i));
	}
	emit_btf();
}

/* NR structs of the same name and nothing else: fit for .BTF.base. */
static void tags(uint32_t nr)
{
	uint32_t name = str("same"), i;

	for (i = 0; i < nr; i++)
		type(name, STRUCT, 0, i);
	emit_btf();
}

/* No types, on any base. */
static void none(uint32_t nr)
{
	(void)nr;
	emit_btf();
}

/*
 * NR structs of one name, with a pointer to each: all pointers look the same until
 * their targets are compared, and so do NR prototypes of 30 pointers.
 */
static void alike(uint32_t nr)
{
	uint32_t name = str("same"), i, j;

	for (i = 0; i < nr; i++) {
		type(name, STRUCT, 0, i);
		type(0, PTR, 0, own(3 * i + 1));
		type(0, FUNC_PROTO, 30, 0);
		for (j = 0; j < 30; j++) {
			word(0);
			word(own(3 * i + 2));
		}
	}
	emit_btf();
}

/* NR names that end alike. */
static void long_names(uint32_t nr)
{
	char *name = malloc(nr + 1);
	uint32_t off, i;

	memset(name, 'x', nr);
	name[nr] = '\0';
	off = str(name);
	for (i = 0; i < nr; i++) {
		type(off + i, INT, 0, 4);
		word(32);
	}
	emit_btf();
}

static uint64_t mix(uint64_t h, uint64_t v)
{
	h = (h ^ v) * 0x9e3779b97f4a7c15ull;
	return h ^ (h >> 29);
}

/*
 * NR names of one hash (see tools/btfstage/hash.h): what the first eight bytes
 * do to it, the next eight undo.
 */
static void collide(uint32_t nr)
{
	char name[17] = "";
	uint32_t i;

	for (i = 0; i < nr; i++) {
		uint64_t words[2] = { 0x6161616161616161 }, seed = i;

		do {
			words[0] = mix(seed += 0x100000000, 1) |
				   0x0101010101010101;
			words[1] = mix(16, words[0]) ^ 0x123456789;
			memcpy(name, words, 16);
		} while (strlen(name) != 16);
		type(str(name), TYPEDEF, 0, 0);
	}
	emit_btf();
}

/* A header that claims to have NR bytes of types, and as many of strings. */
static void claims(uint32_t nr)
{
	const uint32_t header[] = { 0x0001eb9f, 24, 0, nr, nr, nr };

	emit(header, sizeof(header));
	emit("", 1);
}

/* A module of NR sections. */
static void sections(uint32_t nr)
{
	struct elf_build b;
	struct file_in in;
	uint32_t i;

	elf_build_init(&b, ELFCLASS64, ELFDATA2LSB);
	for (i = 0; i < nr; i++)
		elf_build_section(&b, ".text", SHT_PROGBITS, "x", 1);
	elf_build_image(&b, &in);
	emit(in.data, in.size);
}

/* A module of NR symbols in .BTF_ids that share a name of NR bytes. */
static void symbols(uint32_t nr)
{
	static const char prefix[] = "__BTF_ID__func__";
	char *name = malloc((size_t)16 * nr + 5);
	struct elf_build b;
	struct file_in in;
	uint32_t i;

	for (i = 0; i < nr; i++)
		memcpy(name + (size_t)16 * i, prefix, 16);
	strcpy(name + (size_t)16 * nr, "x__1");
	elf_build_init(&b, ELFCLASS64, ELFDATA2LSB);
	elf_build_section(&b, ".BTF_ids", SHT_PROGBITS, "abcd", 4);
	elf_build_symbol(&b, name, 1, 0, 4);
	for (i = 1; i < nr; i++) {
		elf_build_symbol(&b, "", 1, 0, 4);
		b.syms[i].name = b.syms[0].name + 16 * i;
	}
	elf_build_image(&b, &in);
	emit(in.data, in.size);
}

static const struct {
	const char *name;
	void (*emit)(uint32_t nr);
} cases[] = {
	{ "alike", alike },
	{ "claims", claims },
	{ "collide", collide },
	{ "cycle", cycle },
	{ "deep", deep },
	{ "deep-down", deep_down },
	{ "knot", knot },
	{ "long-names", long_names },
	{ "none", none },
	{ "same-tag", same_tag },
	{ "sections", sections },
	{ "symbols", symbols },
	{ "tags", tags },
	{ NULL, NULL }
};

/* It writes one file and ends: what it still has is not looked for. */
const char *__asan_default_options(void);
const char *__asan_default_options(void)
{
	return "detect_leaks=0";
}

int main(int argc, char **argv)
{
	size_t i;

	if (argc > 4) {
		btf.base_types = strtoul(argv[3], NULL, 0);
		btf.base_strs = strtoul(argv[4], NULL, 0);
	}
	str("");
	for (i = 0; argc > 1 && cases[i].name; i++) {
		if (strcmp(cases[i].name, argv[1]))
			continue;
		cases[i].emit(argc > 2 ? strtoul(argv[2], NULL, 0) : 1);
		if (fflush(stdout)) {
			perror("cases");
			return 1;
		}
		return 0;
	}
	fputs("Usage: cases NAME [NR [TYPES STRINGS]]\n", stderr);
	return 2;
}
