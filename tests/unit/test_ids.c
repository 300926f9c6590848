// SPDX-License-Identifier: GPL-2.0-only
/* .BTF_ids: ids by the names of symbols. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "ids_fill.h"
#include "elf_build.h"
#include "fault.h"

/* The types there are. */
static const struct {
	enum btf_kind kind;
	const char *name;
	uint32_t id;
} types[] = {
	{ BTF_KIND_FUNC, "alpha", 300 },
	{ BTF_KIND_FUNC, "beta", 200 },
	{ BTF_KIND_FUNC, "gamma", 100 },
	{ BTF_KIND_FUNC, "_a__b_", 42 },
	{ BTF_KIND_FUNC, "same", 11 },
	{ BTF_KIND_STRUCT, "same", 12 },
	{ BTF_KIND_UNION, "same", 13 },
	{ BTF_KIND_TYPEDEF, "same", 14 },
	{ BTF_KIND_STRUCT, "set", 15 },
	{ BTF_KIND_FUNC, NULL, 0 }
};

struct calls {
	unsigned int lookups;
	unsigned int unresolved;
	char names[1000];
};

static uint32_t lookup(void *arg, enum btf_kind kind, const char *name,
		       size_t len)
{
	struct calls *calls = arg;
	size_t i;

	calls->lookups++;
	for (i = 0; types[i].name; i++) {
		if (types[i].kind == kind && strlen(types[i].name) == len &&
		    !memcmp(types[i].name, name, len))
			return types[i].id;
	}
	return 0;
}

static void unresolved(void *arg, const char *name, size_t len)
{
	struct calls *calls = arg;
	size_t end = strlen(calls->names);

	calls->unresolved++;
	snprintf(calls->names + end, sizeof(calls->names) - end, "%.*s ",
		 (int)len, name);
}

/*
 * An image with a .BTF_ids section under construction. The section comes after
 * a single byte, with sh_addralign 1, so it is misaligned, as in real modules.
 */
struct image {
	struct elf_build b;
	struct file_in in;
	uint32_t words[100];	/* in the host's byte order */
	size_t nr;
	uint64_t addr;
	struct ids_filled filled;
	struct calls calls;
	struct err err;
};

#define IDS_SHNDX	2

static void image_init(struct image *image, const struct elf_format *format)
{
	memset(image, 0, sizeof(*image));
	elf_build_init(&image->b, format->class, format->order);
	elf_build_section(&image->b, ".text", SHT_PROGBITS, "x", 1);
}

static void image_free(struct image *image)
{
	free(image->filled.data);
	free((void *)image->in.data);
	elf_build_free(&image->b);
}

static void word(struct image *image, uint32_t value)
{
	image->words[image->nr++] = value;
}

static void symbol(struct image *image, const char *name, uint64_t size)
{
	elf_build_symbol(&image->b, name, IDS_SHNDX,
			 image->addr + 4 * image->nr, size);
}

/* BTF_ID(); the bytes are not zero to see that they are replaced. */
static void id(struct image *image, const char *name)
{
	symbol(image, name, 4);
	word(image, 0xdeadbeef);
}

/* BTF_ID_FLAGS() */
static void id_flags(struct image *image, const char *name, uint32_t flags)
{
	id(image, name);
	word(image, flags);
}

static void add_ids_section(struct image *image)
{
	uint8_t data[sizeof(image->words)];
	size_t i, index;

	for (i = 0; i < image->nr; i++)
		elf_build_put(&image->b, data + 4 * i, 4, image->words[i]);
	index = elf_build_section(&image->b, ".BTF_ids", SHT_PROGBITS, data,
				  4 * image->nr);
	assert_int_equal(index, IDS_SHNDX);
	image->b.secs[index].shdr.sh_flags = SHF_ALLOC;
	image->b.secs[index].shdr.sh_addr = image->addr;
}

static int resolve_built(struct image *image)
{
	const struct ids_ops ops = {
		.lookup = lookup,
		.unresolved = unresolved,
		.arg = &image->calls,
	};
	struct elf_file ef;
	int rc;

	if (elf_file_open(&ef, &image->in, &image->err))
		return -1;
	rc = ids_fill(&ef, &ops, &image->filled, &image->err);
	elf_file_close(&ef);
	return rc;
}

static int resolve(struct image *image)
{
	add_ids_section(image);
	elf_build_image(&image->b, &image->in);
	return resolve_built(image);
}

static void resolve_ok(struct image *image)
{
	const struct elf_build_sec *sec;

	assert_int_equal(resolve(image), 0);
	sec = &image->b.secs[IDS_SHNDX];
	assert_int_equal(sec->shdr.sh_offset % 2, 1);
	assert_non_null(image->filled.data);
	assert_int_equal(image->filled.size, 4 * image->nr);
	assert_int_equal(image->filled.offset, sec->shdr.sh_offset);
}

static void resolve_fails(struct image *image, const char *msg)
{
	assert_int_equal(resolve(image), -1);
	assert_string_equal(image->err.msg, msg);
	assert_null(image->filled.data);
}

static uint32_t result(const struct image *image, size_t index)
{
	return elf_build_get(&image->b, image->filled.data + 4 * index, 4);
}

static void kinds_and_names(void **state)
{
	const struct elf_format *format;
	struct image im;

	(void)state;
	for (format = elf_formats; format->class; format++) {
		image_init(&im, format);
		symbol(&im, "a_list", 0);
		id(&im, "__BTF_ID__func__same__1");
		id(&im, "__BTF_ID__struct__same__2");
		id(&im, "__BTF_ID__union__same__3");
		id(&im, "__BTF_ID__typedef__same__4123");
		word(&im, 0);	/* BTF_ID_UNUSED */
		id(&im, "__BTF_ID__func___a__b___99");
		id(&im, "__BTF_ID__struct__set__5");
		id(&im, "__BTF_ID__func__same__6");
		word(&im, 0x01020304);
		resolve_ok(&im);
		assert_int_equal(result(&im, 0), 11);
		assert_int_equal(result(&im, 1), 12);
		assert_int_equal(result(&im, 2), 13);
		assert_int_equal(result(&im, 3), 14);
		assert_int_equal(result(&im, 4), 0);
		assert_int_equal(result(&im, 5), 42);
		assert_int_equal(result(&im, 6), 15);
		assert_int_equal(result(&im, 7), 11);
		assert_int_equal(result(&im, 8), 0x01020304);
		assert_int_equal(im.calls.lookups, 6);
		assert_int_equal(im.calls.unresolved, 0);
		image_free(&im);
	}
}

/* One call for each kind and name, and id 0 whatever was there. */
static void unresolved_names(void **state)
{
	const struct elf_format *format;
	struct image im;

	(void)state;
	for (format = elf_formats; format->class; format++) {
		image_init(&im, format);
		id(&im, "__BTF_ID__func__none__1");
		id(&im, "__BTF_ID__struct__alpha__2");
		id(&im, "__BTF_ID__func__none__3");
		id(&im, "__BTF_ID__func__alpha__4");
		id(&im, "__BTF_ID__func__non__5");
		id(&im, "__BTF_ID__union__none__6");
		resolve_ok(&im);
		assert_int_equal(result(&im, 0), 0);
		assert_int_equal(result(&im, 1), 0);
		assert_int_equal(result(&im, 2), 0);
		assert_int_equal(result(&im, 3), 300);
		assert_int_equal(result(&im, 4), 0);
		assert_int_equal(result(&im, 5), 0);
		assert_int_equal(im.calls.lookups, 5);
		assert_string_equal(im.calls.names, "alpha none non none ");
		image_free(&im);
	}
}

static void sets(void **state)
{
	const struct elf_format *format;
	struct image im;

	(void)state;
	for (format = elf_formats; format->class; format++) {
		image_init(&im, format);
		symbol(&im, "__BTF_ID__set__first", 4 * 6);
		word(&im, 0);
		id(&im, "__BTF_ID__func__alpha__1");
		id(&im, "__BTF_ID__func__beta__2");
		id(&im, "__BTF_ID__func__none__3");
		id(&im, "__BTF_ID__func__gamma__4");
		id(&im, "__BTF_ID__func__beta__5");
		symbol(&im, "__BTF_ID__set__empty__set", 4);
		word(&im, 77);
		id(&im, "__BTF_ID__func__alpha__6");
		resolve_ok(&im);
		assert_int_equal(result(&im, 0), 5);
		assert_int_equal(result(&im, 1), 0);
		assert_int_equal(result(&im, 2), 100);
		assert_int_equal(result(&im, 3), 200);
		assert_int_equal(result(&im, 4), 200);
		assert_int_equal(result(&im, 5), 300);
		assert_int_equal(result(&im, 6), 0);
		assert_int_equal(result(&im, 7), 300);
		image_free(&im);
	}
}

/* The flags go with their ids; equal ids keep their order. */
static void sets_with_flags(void **state)
{
	const struct elf_format *format;
	struct image im;

	(void)state;
	for (format = elf_formats; format->class; format++) {
		image_init(&im, format);
		symbol(&im, "__BTF_ID__set8__kfuncs", 8 * 8);
		word(&im, 0);
		word(&im, 0x80000001);
		id_flags(&im, "__BTF_ID__func__alpha__1", 0xa1);
		id_flags(&im, "__BTF_ID__func__none__2", 0x01020304);
		id_flags(&im, "__BTF_ID__func__gamma__3", 0xc3);
		id_flags(&im, "__BTF_ID__func__beta__4", 0xb4);
		id_flags(&im, "__BTF_ID__func__nil__5", 3);
		id_flags(&im, "__BTF_ID__func__beta__6", 0xb6);
		id_flags(&im, "__BTF_ID__func__none__7", 2);
		symbol(&im, "__BTF_ID__set8__empty", 8);
		word(&im, 99);
		word(&im, 5);
		resolve_ok(&im);
		assert_int_equal(result(&im, 0), 7);
		assert_int_equal(result(&im, 1), 0x80000001);
		assert_int_equal(result(&im, 2), 0);
		assert_int_equal(result(&im, 3), 0x01020304);
		assert_int_equal(result(&im, 4), 0);
		assert_int_equal(result(&im, 5), 3);
		assert_int_equal(result(&im, 6), 0);
		assert_int_equal(result(&im, 7), 2);
		assert_int_equal(result(&im, 8), 100);
		assert_int_equal(result(&im, 9), 0xc3);
		assert_int_equal(result(&im, 10), 200);
		assert_int_equal(result(&im, 11), 0xb4);
		assert_int_equal(result(&im, 12), 200);
		assert_int_equal(result(&im, 13), 0xb6);
		assert_int_equal(result(&im, 14), 300);
		assert_int_equal(result(&im, 15), 0xa1);
		assert_int_equal(result(&im, 16), 0);
		assert_int_equal(result(&im, 17), 5);
		image_free(&im);
	}
}

/* A size that is not a whole number of elements is rounded down. */
static void set_sizes_round_down(void **state)
{
	struct image im;

	(void)state;
	image_init(&im, elf_formats);
	symbol(&im, "__BTF_ID__set8__kfuncs", 8 * 2 + 7);
	word(&im, 0);
	word(&im, 0);
	id_flags(&im, "__BTF_ID__func__alpha__1", 1);
	word(&im, 1);
	word(&im, 1);
	resolve_ok(&im);
	assert_int_equal(result(&im, 0), 1);
	image_free(&im);
}

/* In a linked image symbols have addresses. */
static void linked(void **state)
{
	const struct elf_format *format;
	struct image im;

	(void)state;
	for (format = elf_formats; format->class; format++) {
		image_init(&im, format);
		im.b.type = ET_EXEC;
		im.addr = 0x81000004;
		id(&im, "__BTF_ID__func__alpha__1");
		id(&im, "__BTF_ID__func__beta__2");
		resolve_ok(&im);
		assert_int_equal(result(&im, 0), 300);
		assert_int_equal(result(&im, 1), 200);
		image_free(&im);

		/* In a relocatable file sh_addr has no part in it. */
		image_init(&im, format);
		id(&im, "__BTF_ID__func__alpha__1");
		im.addr = 0x81000004;
		resolve_ok(&im);
		assert_int_equal(result(&im, 0), 300);
		image_free(&im);

		image_init(&im, format);
		im.b.type = ET_DYN;
		id(&im, "__BTF_ID__func__alpha__1");
		im.addr = 0x1000;
		resolve_fails(&im,
			      "image: symbol __BTF_ID__func__alpha__1 lies outside .BTF_ids (value 0x0, size 0x4)");
		image_free(&im);
	}
}

static void nothing_to_do(void **state)
{
	struct image im;

	(void)state;
	/* No .BTF_ids */
	image_init(&im, elf_formats);
	elf_build_symbol(&im.b, "__BTF_ID__func__alpha__1", 1, 0, 4);
	elf_build_image(&im.b, &im.in);
	assert_int_equal(resolve_built(&im), 0);
	assert_null(im.filled.data);
	image_free(&im);

	/* No symbols */
	image_init(&im, elf_formats);
	word(&im, 1);
	assert_int_equal(resolve(&im), 0);
	assert_null(im.filled.data);
	image_free(&im);

	/* None that matters */
	image_init(&im, elf_formats);
	symbol(&im, "list", 0);
	elf_build_symbol(&im.b, "__BTF_ID__func__alpha__1", 1, 0, 4);
	elf_build_symbol(&im.b, "__BTF_ID__nonsense", 1, 0, 4);
	word(&im, 1);
	assert_int_equal(resolve(&im), 0);
	assert_null(im.filled.data);
	image_free(&im);

	/* Empty */
	image_init(&im, elf_formats);
	assert_int_equal(resolve(&im), 0);
	assert_null(im.filled.data);
	image_free(&im);
}

static void malformed_names(void **state)
{
	static const struct {
		const char *symbol;
		const char *msg;
	} cases[] = {
		{ "__BTF_ID__enum__x__1",
		  "image: symbol __BTF_ID__enum__x__1 has an unknown kind" },
		{ "__BTF_ID__", "image: symbol __BTF_ID__ has an unknown kind" },
		{ "__BTF_ID__func",
		  "image: symbol __BTF_ID__func has an unknown kind" },
		{ "__BTF_ID__set16__x",
		  "image: symbol __BTF_ID__set16__x has an unknown kind" },
		{ "__BTF_ID__func__",
		  "image: symbol __BTF_ID__func__ has a malformed name" },
		{ "__BTF_ID__func__x",
		  "image: symbol __BTF_ID__func__x has a malformed name" },
		{ "__BTF_ID__func__x_1",
		  "image: symbol __BTF_ID__func__x_1 has a malformed name" },
		{ "__BTF_ID__func___1",
		  "image: symbol __BTF_ID__func___1 has a malformed name" },
		{ "__BTF_ID__func____1",
		  "image: symbol __BTF_ID__func____1 has a malformed name" },
		{ "__BTF_ID__set__",
		  "image: symbol __BTF_ID__set__ has a malformed name" },
		{ NULL, NULL }
	};
	struct image im;
	size_t i;

	(void)state;
	for (i = 0; cases[i].symbol; i++) {
		image_init(&im, elf_formats);
		id(&im, "__BTF_ID__func__alpha__1");
		id(&im, cases[i].symbol);
		resolve_fails(&im, cases[i].msg);
		image_free(&im);
	}
}

static void out_of_bounds(void **state)
{
	static const struct {
		const char *symbol;
		uint32_t value, size;
		const char *msg;
	} cases[] = {
		{ "__BTF_ID__func__x__1", 5, 4,
		  "image: symbol __BTF_ID__func__x__1 lies outside .BTF_ids (value 0x5, size 0x4)"
		},
		{ "__BTF_ID__func__x__1", 8, 4,
		  "image: symbol __BTF_ID__func__x__1 lies outside .BTF_ids (value 0x8, size 0x4)"
		},
		{ "__BTF_ID__func__x__1", 0xffffffff, 4,
		  "image: symbol __BTF_ID__func__x__1 lies outside .BTF_ids (value 0xffffffff, size 0x4)"
		},
		{ "__BTF_ID__set__x", 0, 12,
		  "image: symbol __BTF_ID__set__x lies outside .BTF_ids (value 0x0, size 0xc)"
		},
		{ "__BTF_ID__set__x", 4, 0xfffffffc,
		  "image: symbol __BTF_ID__set__x lies outside .BTF_ids (value 0x4, size 0xfffffffc)"
		},
		{ "__BTF_ID__set8__x", 4, 8,
		  "image: symbol __BTF_ID__set8__x lies outside .BTF_ids (value 0x4, size 0x8)"
		},
		{ "__BTF_ID__set__x", 0, 0,
		  "image: symbol __BTF_ID__set__x has an invalid size (0)" },
		{ "__BTF_ID__set8__x", 0, 7,
		  "image: symbol __BTF_ID__set8__x has an invalid size (7)" },
		{ NULL, 0, 0, NULL }
	};
	const struct elf_format *format;
	struct image im;
	size_t i;

	(void)state;
	for (format = elf_formats; format->class; format++) {
		for (i = 0; cases[i].symbol; i++) {
			image_init(&im, format);
			word(&im, 0);
			word(&im, 0);
			elf_build_symbol(&im.b, cases[i].symbol, IDS_SHNDX,
					 cases[i].value, cases[i].size);
			resolve_fails(&im, cases[i].msg);
			image_free(&im);
		}
	}

	/* 64-bit numbers that wrap around */
	image_init(&im, &elf_formats[2]);
	word(&im, 0);
	word(&im, 0);
	elf_build_symbol(&im.b, "__BTF_ID__set8__x", IDS_SHNDX, 0, UINT64_MAX);
	resolve_fails(&im,
		      "image: symbol __BTF_ID__set8__x lies outside .BTF_ids (value 0x0, size 0xfffffffffffffff8)");
	image_free(&im);
	image_init(&im, &elf_formats[2]);
	im.b.type = ET_EXEC;
	im.addr = 0xffffffff81000000;
	word(&im, 0);
	elf_build_symbol(&im.b, "__BTF_ID__func__x__1", IDS_SHNDX, 4, 4);
	resolve_fails(&im,
		      "image: symbol __BTF_ID__func__x__1 lies outside .BTF_ids (value 0x4, size 0x4)");
	image_free(&im);
}

static void sets_are_unique(void **state)
{
	struct image im;

	(void)state;
	image_init(&im, elf_formats);
	symbol(&im, "__BTF_ID__set__twice", 4);
	word(&im, 0);
	symbol(&im, "__BTF_ID__set__other", 4);
	word(&im, 0);
	symbol(&im, "__BTF_ID__set8__twice", 8);
	word(&im, 0);
	word(&im, 0);
	resolve_fails(&im, "image: has two sets called twice");
	image_free(&im);

	image_init(&im, elf_formats);
	symbol(&im, "__BTF_ID__set__b", 8);
	word(&im, 0);
	symbol(&im, "__BTF_ID__set__a", 8);
	word(&im, 0);
	word(&im, 0);
	resolve_fails(&im,
		      "image: symbols __BTF_ID__set__b and __BTF_ID__set__a overlap");
	image_free(&im);
}

/* Ids must not overlap anything else. */
static void section_overlaps(void **state)
{
	static const struct {
		uint64_t offset, size;
		const char *msg;
	} cases[] = {
		{ 0, 4, "image: .BTF_ids overlaps the ELF headers" },
		{ 63, 4, "image: .BTF_ids overlaps the ELF headers" },
		{ 64, 4, "image: .BTF_ids overlaps section 1" },
		{ 65, 5, "image: .BTF_ids overlaps section 3" },
		{ 65, 4, NULL },
		{ 0, 0, NULL }
	};
	struct image im;
	size_t i;

	(void)state;
	for (i = 0; cases[i].offset || cases[i].msg; i++) {
		/* .text is the byte at 64, .BTF_ids is at 65, then .symtab. */
		image_init(&im, &elf_formats[2]);
		id(&im, "__BTF_ID__func__alpha__1");
		add_ids_section(&im);
		elf_build_section(&im.b, ".data", SHT_PROGBITS, "data", 4);
		elf_build_image(&im.b, &im.in);
		elf_build_shdr_put(&im.b, &im.in, IDS_SHNDX, sh_offset,
				   cases[i].offset);
		elf_build_shdr_put(&im.b, &im.in, IDS_SHNDX, sh_size,
				   cases[i].size);
		assert_int_equal(resolve_built(&im), cases[i].msg ? -1 : 0);
		if (cases[i].msg)
			assert_string_equal(im.err.msg, cases[i].msg);
		image_free(&im);
	}

	image_init(&im, &elf_formats[2]);
	id(&im, "__BTF_ID__func__alpha__1");
	add_ids_section(&im);
	elf_build_image(&im.b, &im.in);
	elf_build_shdr_put(&im.b, &im.in, IDS_SHNDX, sh_offset,
			   im.b.shoff + 64);
	assert_int_equal(resolve_built(&im), -1);
	assert_string_equal(im.err.msg,
			    "image: .BTF_ids overlaps the ELF headers");
	image_free(&im);
}

static void long_names(void **state)
{
	char symbol_name[4097] = "__BTF_ID__func__";
	size_t len = strlen(symbol_name);
	struct image im;

	(void)state;
	memset(symbol_name + len, 'x', 4096 - len);
	memcpy(symbol_name + 4092, "__1", 4);
	image_init(&im, elf_formats);
	id(&im, symbol_name);
	resolve_ok(&im);
	image_free(&im);

	memcpy(symbol_name + 4092, "x__1", 5);
	image_init(&im, elf_formats);
	id(&im, symbol_name);
	assert_int_equal(resolve(&im), -1);
	assert_non_null(strstr(im.err.msg, "xxx... is too long"));
	image_free(&im);
}

static void section_without_bytes(void **state)
{
	struct image im;

	(void)state;
	image_init(&im, elf_formats);
	elf_build_section(&im.b, ".BTF_ids", SHT_NOBITS, NULL, 100);
	elf_build_symbol(&im.b, "__BTF_ID__func__alpha__1", 2, 0, 4);
	elf_build_image(&im.b, &im.in);
	assert_int_equal(resolve_built(&im), -1);
	assert_string_equal(im.err.msg,
			    "image: .BTF_ids has no bytes in the file (NOBITS)");
	image_free(&im);

	/* Empty, but not for the symbol. */
	image_init(&im, elf_formats);
	symbol(&im, "__BTF_ID__func__alpha__1", 4);
	resolve_fails(&im,
		      "image: symbol __BTF_ID__func__alpha__1 lies outside .BTF_ids (value 0x0, size 0x4)");
	image_free(&im);
}

/* More sections than fit into st_shndx. */
static void extended_section_number(void **state)
{
	const struct elf_format *format;
	struct image im;
	size_t i, index;

	(void)state;
	for (format = elf_formats; format->class; format++) {
		uint8_t data[4] = { 0 };

		image_init(&im, format);
		for (i = 0; i < 66000; i++)
			elf_build_section(&im.b, "", SHT_PROGBITS, NULL, 0);
		index = elf_build_section(&im.b, ".BTF_ids", SHT_PROGBITS,
					  data, 4);
		elf_build_symbol(&im.b, "__BTF_ID__func__alpha__1", index, 0,
				 4);
		elf_build_image(&im.b, &im.in);
		assert_int_equal(resolve_built(&im), 0);
		assert_int_equal(im.filled.size, 4);
		assert_int_equal(result(&im, 0), 300);
		image_free(&im);
	}
}

/*
 * 65,000 names, each of them twice, and a set of as many ids: a lookup for
 * each name, and no time that grows with the square of all that.
 */
static void many(void **state)
{
	enum { NR = 130000 };
	uint8_t *data = calloc(NR + 1, 4);
	struct image im;
	char name[50];
	uint32_t prev = 0;
	size_t i, index;

	(void)state;
	image_init(&im, elf_formats);
	index = elf_build_section(&im.b, ".BTF_ids", SHT_PROGBITS, data,
				  4 * (NR + 1));
	assert_int_equal(index, IDS_SHNDX);
	free(data);
	elf_build_symbol(&im.b, "__BTF_ID__set__all", IDS_SHNDX, 0,
			 4 * (NR + 1));
	for (i = 0; i < NR; i++) {
		if (i % 1000 == 0)
			snprintf(name, sizeof(name),
				 "__BTF_ID__func__alpha__%zu", i);
		else
			snprintf(name, sizeof(name),
				 "__BTF_ID__func__f%zu__%zu",
				 i * 7919 % (NR / 2), i);
		elf_build_symbol(&im.b, name, IDS_SHNDX, 4 * (i + 1), 4);
	}
	elf_build_image(&im.b, &im.in);
	assert_int_equal(resolve_built(&im), 0);
	assert_true(im.calls.lookups >= NR / 2 - 200 && im.calls.lookups <= NR / 2 + 1);
	assert_int_equal(result(&im, 0), NR);
	for (i = 1; i <= NR; i++) {
		assert_true(result(&im, i) >= prev);
		prev = result(&im, i);
	}
	assert_int_equal(result(&im, NR - 130), 0);
	assert_int_equal(result(&im, NR - 129), 300);
	image_free(&im);
}

static void build_some(struct image *im, const struct elf_format *format)
{
	image_init(im, format);
	symbol(im, "__BTF_ID__set8__kfuncs", 8 * 3);
	word(im, 0);
	word(im, 1);
	id_flags(im, "__BTF_ID__func__alpha__1", 1);
	id_flags(im, "__BTF_ID__func__beta__2", 2);
	symbol(im, "__BTF_ID__set__other", 4 * 3);
	word(im, 0);
	id(im, "__BTF_ID__func__beta__3");
	id(im, "__BTF_ID__func__none__4");
	add_ids_section(im);
	elf_build_image(&im->b, &im->in);
}

static void out_of_memory(void **state)
{
	struct image im;
	unsigned int i;

	(void)state;
	build_some(&im, elf_formats);
	for (i = 0; ; i++) {
		fault_set(FAULT_ALLOC, i, 1, ENOMEM);
		if (!resolve_built(&im))
			break;
		assert_string_equal(im.err.msg, "image: out of memory");
		assert_null(im.filled.data);
	}
	fault_clear();
	/* Symbols, bytes, two sets */
	assert_int_equal(i, 4);
	image_free(&im);
}

/* Whatever the bytes: a message or a result, never a signal. */
static void resolve_any(struct image *im)
{
	im->err.msg[0] = '\0';
	if (resolve_built(im))
		assert_memory_equal(im->err.msg, "image: ", 7);
	free(im->filled.data);
	im->filled.data = NULL;
}

static void corrupted(void **state)
{
	static const uint8_t flips[] = { 0x01, 0x04, 0x80, 0xff, 0 };
	const struct elf_format *format;
	struct image im;
	size_t at, i;

	(void)state;
	for (format = elf_formats; format->class; format++) {
		build_some(&im, format);
		for (at = 0; at < im.in.size; at++) {
			for (i = 0; flips[i]; i++) {
				uint8_t *byte = (uint8_t *)im.in.data + at;

				*byte ^= flips[i];
				resolve_any(&im);
				*byte ^= flips[i];
			}
		}
		image_free(&im);
	}
}

static void truncated(void **state)
{
	const struct elf_format *format;
	struct image im;

	(void)state;
	for (format = elf_formats; format->class; format++) {
		build_some(&im, format);
		while (im.in.size > 1) {
			im.in.size--;
			im.in.data = realloc((void *)im.in.data, im.in.size);
			assert_non_null(im.in.data);
			resolve_any(&im);
		}
		image_free(&im);
	}
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(kinds_and_names),
		cmocka_unit_test(unresolved_names),
		cmocka_unit_test(sets),
		cmocka_unit_test(sets_with_flags),
		cmocka_unit_test(set_sizes_round_down),
		cmocka_unit_test(linked),
		cmocka_unit_test(nothing_to_do),
		cmocka_unit_test(malformed_names),
		cmocka_unit_test(out_of_bounds),
		cmocka_unit_test(sets_are_unique),
		cmocka_unit_test(section_without_bytes),
		cmocka_unit_test(section_overlaps),
		cmocka_unit_test(long_names),
		cmocka_unit_test(extended_section_number),
		cmocka_unit_test(many),
		cmocka_unit_test(out_of_memory),
		cmocka_unit_test(corrupted),
		cmocka_unit_test(truncated),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
