// SPDX-License-Identifier: GPL-2.0-only
/* Reading ELF files, valid and malformed. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "elf_build.h"
#include "elf_file.h"

/* A few sections and symbols; section 2 is .data. */
static void build(struct elf_build *b, const struct elf_format *format)
{
	elf_build_init(b, format->class, format->order);
	elf_build_section(b, ".text", SHT_PROGBITS, "code", 4);
	elf_build_section(b, ".data", SHT_PROGBITS, "some data", 9);
	elf_build_section(b, ".bss", SHT_NOBITS, NULL, 1000);
	elf_build_section(b, ".BTF_ids", SHT_PROGBITS, "0123", 4);
	elf_build_symbol(b, "in_text", 1, 1, 2);
	elf_build_symbol(b, "in_data", 2, 0x1234, 0x5678);
	elf_build_symbol(b, "undefined", SHN_UNDEF, 0, 0);
	elf_build_symbol(b, "absolute", SHN_ABS, 0, 0);
	elf_build_symbol(b, "in_data_too", 2, 3, 4);
}

static void close_image(struct elf_file *ef, struct elf_build *b,
			struct file_in *in)
{
	if (ef)
		elf_file_close(ef);
	free((void *)in->data);
	elf_build_free(b);
}

/* Append to @list the symbols of section @shndx. */
static int list_symbols(const struct elf_file *ef, size_t shndx, char *list,
			struct err *err)
{
	struct elf_symbols table;
	size_t i, sec, len;
	GElf_Sym sym;

	if (elf_symbols_open(&table, ef, err) < 0)
		return -1;
	for (i = 1; i < table.nr; i++) {
		if (elf_symbols_get(&table, i, &sym, &sec, err))
			return -1;
		if (sec != shndx)
			continue;
		len = strlen(list);
		snprintf(list + len, 1000 - len, "%s %#jx %#jx, ",
			 elf_strptr(ef->elf, table.names, sym.st_name),
			 (uintmax_t)sym.st_value, (uintmax_t)sym.st_size);
	}
	return 0;
}

static void finds_sections_and_symbols(void **state)
{
	const struct elf_format *format;

	(void)state;
	for (format = elf_formats; format->class; format++) {
		struct elf_section sec;
		char list[1000] = "";
		struct elf_build b;
		struct elf_file ef;
		struct file_in in;
		struct err err;

		build(&b, format);
		elf_build_image(&b, &in);
		assert_true(elf_file_probe(&in));
		assert_int_equal(elf_file_open(&ef, &in, &err), 0);
		assert_int_equal(ef.swapped, format->order == ELFDATA2MSB);
		assert_int_equal(ef.shnum, 8);
		assert_int_equal(ef.shstrndx, 7);

		assert_int_equal(elf_file_section(&ef, ".data", &sec, &err), 1);
		assert_int_equal(sec.index, 2);
		assert_int_equal(sec.size, 9);
		assert_memory_equal(sec.data, "some data", 9);
		assert_int_equal(elf_file_section(&ef, ".dat", &sec, &err), 0);
		assert_int_equal(elf_file_section(&ef, ".BTF", &sec, &err), 0);

		assert_int_equal(list_symbols(&ef, 2, list, &err), 0);
		assert_string_equal(list,
				    "in_data 0x1234 0x5678, in_data_too 0x3 0x4, ");
		list[0] = '\0';
		assert_int_equal(list_symbols(&ef, 3, list, &err), 0);
		assert_string_equal(list, "");
		close_image(&ef, &b, &in);
	}
}

/* 70,000 sections: the numbers do not fit into the usual fields. */
static void extended_numbering(void **state)
{
	const struct elf_format *format;

	(void)state;
	for (format = elf_formats; format->class; format++) {
		size_t low, high, i;
		struct elf_section sec;
		char list[1000] = "";
		struct elf_build b;
		struct elf_file ef;
		struct file_in in;
		struct err err;

		elf_build_init(&b, format->class, format->order);
		low = elf_build_section(&b, ".low", SHT_PROGBITS, "low", 3);
		for (i = 0; i < 70000; i++)
			elf_build_section(&b, "", SHT_PROGBITS, NULL, 0);
		high = elf_build_section(&b, ".high", SHT_PROGBITS, "high", 4);
		elf_build_symbol(&b, "in_low", low, 1, 1);
		elf_build_symbol(&b, "in_high", high, 2, 2);
		/* A section that has the number of a reserved value. */
		elf_build_symbol(&b, "reserved", 0xff05, 3, 3);
		elf_build_symbol(&b, "absolute", SHN_ABS, 4, 4);
		elf_build_image(&b, &in);

		assert_int_equal(elf_file_open(&ef, &in, &err), 0);
		assert_int_equal(ef.shnum, 70007);
		assert_int_equal(ef.shstrndx, 70006);
		assert_int_equal(elf_file_section(&ef, ".high", &sec, &err), 1);
		assert_int_equal(sec.index, high);
		assert_memory_equal(sec.data, "high", 4);

		assert_int_equal(list_symbols(&ef, high, list, &err), 0);
		assert_int_equal(list_symbols(&ef, low, list, &err), 0);
		assert_int_equal(list_symbols(&ef, 0xff05, list, &err), 0);
		assert_int_equal(list_symbols(&ef, SHN_ABS, list, &err), 0);
		assert_string_equal(list,
				    "in_high 0x2 0x2, in_low 0x1 0x1, reserved 0x3 0x3, ");
		close_image(&ef, &b, &in);
	}
}

static void no_sections_no_symbols(void **state)
{
	struct elf_symbols symbols;
	struct elf_section sec;
	struct elf_build b;
	struct elf_file ef;
	struct file_in in;
	struct err err;

	(void)state;
	elf_build_init(&b, ELFCLASS64, ELFDATA2LSB);
	elf_build_section(&b, ".text", SHT_PROGBITS, "code", 4);
	elf_build_image(&b, &in);
	assert_int_equal(elf_file_open(&ef, &in, &err), 0);
	assert_int_equal(elf_symbols_open(&symbols, &ef, &err), 0);
	assert_int_equal(symbols.nr, 0);
	elf_file_close(&ef);

	/* No section names */
	elf_build_ehdr_put(&b, &in, e_shstrndx, SHN_UNDEF);
	assert_int_equal(elf_file_open(&ef, &in, &err), 0);
	assert_int_equal(elf_file_section(&ef, ".text", &sec, &err), 0);
	elf_file_close(&ef);

	/* No sections at all */
	elf_build_ehdr_put(&b, &in, e_shoff, 0);
	elf_build_ehdr_put(&b, &in, e_shnum, 0);
	assert_int_equal(elf_file_open(&ef, &in, &err), 0);
	assert_int_equal(ef.shnum, 0);
	assert_int_equal(elf_file_section(&ef, ".text", &sec, &err), 0);
	assert_int_equal(elf_symbols_open(&symbols, &ef, &err), 0);
	close_image(&ef, &b, &in);
}

static void assert_no_elf(const void *data, size_t size, const char *msg)
{
	struct file_in in = { .path = "image", .fd = -1, .size = size };
	struct elf_file ef;
	struct err err;

	in.data = memcpy(malloc(size + !size), data, size);
	assert_int_equal(elf_file_open(&ef, &in, &err), -1);
	assert_string_equal(err.msg, msg);
	free((void *)in.data);
}

#define BAD_HEADER \
	"image: ELF header is truncated, or has an unknown class, byte order or version"

static void refuses_other_files(void **state)
{
	uint8_t ident[64] = { 0x7f, 'E', 'L', 'F', 2, 1, 1 };
	struct file_in empty = { .path = "empty" };
	size_t i;

	(void)state;
	assert_false(elf_file_probe(&empty));
	assert_no_elf("", 0, "image: is not an ELF file");
	assert_no_elf(ident, 3, "image: is not an ELF file");
	assert_no_elf("#!/bin/sh\n", 10, "image: is not an ELF file");
	for (i = 4; i < 64; i++)
		assert_no_elf(ident, i, BAD_HEADER);
	ident[EI_CLASS] = 1;
	assert_no_elf(ident, 51, BAD_HEADER);
	ident[EI_CLASS] = 3;
	assert_no_elf(ident, 64, BAD_HEADER);
	ident[EI_CLASS] = 2;
	ident[EI_DATA] = 0;
	assert_no_elf(ident, 64, BAD_HEADER);
	ident[EI_DATA] = 2;
	ident[EI_VERSION] = 9;
	assert_no_elf(ident, 64, BAD_HEADER);
}

/* The message of opening, of finding .BTF_ids and .data, or of its symbols. */
static const char *use(const struct file_in *in, struct err *err)
{
	struct elf_section sec;
	char list[1000] = "";
	struct elf_file ef;
	int rc;

	if (elf_file_open(&ef, in, err))
		return err->msg;
	rc = elf_file_section(&ef, ".BTF_ids", &sec, err);
	if (rc >= 0)
		rc = elf_file_section(&ef, ".data", &sec, err);
	if (rc > 0)
		rc = list_symbols(&ef, sec.index, list, err);
	elf_file_close(&ef);
	return rc < 0 ? err->msg : NULL;
}

/* Sections of build(): 5 .symtab, 6 .symtab_shndx, 7 .strtab, 8 .shstrtab */
static void build_malformed(struct elf_build *b, struct file_in *in,
			    const struct elf_format *format)
{
	build(b, format);
	b->shndx_table = true;
	elf_build_image(b, in);
}

static void set_symbol_section(const struct elf_build *b, struct file_in *in,
			       size_t index, uint16_t shndx)
{
	uint8_t *symtab = (uint8_t *)in->data +
			  b->secs[b->symtab].shdr.sh_offset;

	if (b->class == ELFCLASS32)
		elf_build_put(b, symtab + index * sizeof(Elf32_Sym) +
			      offsetof(Elf32_Sym, st_shndx), 2, shndx);
	else
		elf_build_put(b, symtab + index * sizeof(Elf64_Sym) +
			      offsetof(Elf64_Sym, st_shndx), 2, shndx);
}

static void assert_begins(const char *found, const char *expected)
{
	assert_non_null(found);
	if (found && strncmp(found, expected, strlen(expected)))
		assert_string_equal(found, expected);
}

/* After @put the message begins with @msg. */
#define MALFORMED(put, want) \
	do { \
		struct elf_build b; \
		struct file_in in; \
		struct err err = { .msg = "" }; \
		const char *found; \
		\
		build_malformed(&b, &in, format); \
		assert_null(use(&in, &err)); \
		put; \
		found = use(&in, &err); \
		assert_begins(found, "image: " want); \
		close_image(NULL, &b, &in); \
	} while (0)

#define EHDR(field, value, msg) \
	MALFORMED(elf_build_ehdr_put(&b, &in, field, value), msg)

#define SHDR(index, field, value, msg) \
	MALFORMED(elf_build_shdr_put(&b, &in, index, field, value), msg)

static void malformed(const struct elf_format *format)
{
	EHDR(e_shoff, 0x7fffffff,
	     "section header table lies outside the file (offset 0x7fffffff)");
	EHDR(e_shoff, 0xffffffff,
	     "section header table lies outside the file (offset 0xffffffff)");
	EHDR(e_shoff, 0,
	     "section header table lies outside the file (offset 0x0)");
	EHDR(e_shnum, 10, "section header table lies outside the file");
	EHDR(e_shnum, 0xfeff, "section header table lies outside the file");
	EHDR(e_shnum, 0, "section header table has an invalid size");
	MALFORMED(elf_build_ehdr_put(&b, &in, e_shnum, 0);
		  elf_build_shdr_put(&b, &in, 0, sh_size, 10),
		  "section header table has an invalid size");
	MALFORMED(elf_build_ehdr_put(&b, &in, e_shnum, 0);
		  elf_build_shdr_put(&b, &in, 0, sh_size, 0xffffffff),
		  "section header table has an invalid size");
	EHDR(e_shentsize, 8, "section headers have an invalid size (8)");
	EHDR(e_shentsize, 0, "section headers have an invalid size (0)");
	EHDR(e_shstrndx, 9,
	     "section name table has an invalid number (9)");
	EHDR(e_shstrndx, 0xfffe,
	     "section name table has an invalid number (65534)");
	EHDR(e_shstrndx, 2, "section name table is not a string table");
	MALFORMED(elf_build_ehdr_put(&b, &in, e_shstrndx, SHN_XINDEX);
		  elf_build_shdr_put(&b, &in, 0, sh_link, 0x12345678),
		  "section name table has an invalid number (305419896)");

	SHDR(8, sh_type, SHT_NOBITS,
	     "section name table has no bytes in the file (NOBITS)");
	SHDR(8, sh_flags, SHF_COMPRESSED, "section name table is compressed");
	SHDR(8, sh_offset, 0xfffffff0,
	     "section name table lies outside the file (offset 0xfffffff0, size 0x43)");
	SHDR(8, sh_size, 3,
	     "section name table does not end with a NUL byte");
	SHDR(3, sh_name, 0xffffffff,
	     "name of section 3 lies outside the section name table (offset 0xffffffff)");

	SHDR(4, sh_offset, 0x12345,
	     ".BTF_ids lies outside the file (offset 0x12345, size 0x4)");
	MALFORMED(elf_build_shdr_put(&b, &in, 4, sh_offset, 0x30);
		  elf_build_shdr_put(&b, &in, 4, sh_size, 0xfffffffe),
		  ".BTF_ids lies outside the file (offset 0x30, size 0xfffffffe)");
	SHDR(4, sh_type, SHT_NOBITS,
	     ".BTF_ids has no bytes in the file (NOBITS)");
	SHDR(4, sh_flags, SHF_COMPRESSED, ".BTF_ids is compressed");
	SHDR(3, sh_name, b.secs[4].name, "has two .BTF_ids sections");

	SHDR(4, sh_type, SHT_SYMTAB, "has two symbol tables");
	SHDR(5, sh_entsize, 7, "symbol table has an invalid size (0x");
	SHDR(5, sh_entsize, 0, "symbol table has an invalid size (0x");
	SHDR(5, sh_size, 50, "symbol table has an invalid size (0x32, ");
	SHDR(5, sh_offset, 0x87654321,
	     "symbol table lies outside the file (offset 0x87654321, ");
	SHDR(5, sh_link, 77, "has no section header number 77");
	SHDR(5, sh_link, 2, "symbol name table is not a string table");
	SHDR(7, sh_offset, 0x87654321,
	     "symbol name table lies outside the file (offset 0x87654321, size 0x30)");
	SHDR(7, sh_size, 12,
	     "symbol name table does not end with a NUL byte");
	SHDR(6, sh_size, 20, "symbol 5 has no extended section number");
	SHDR(6, sh_flags, SHF_COMPRESSED,
	     "extended section number table is compressed");
	MALFORMED(elf_build_shdr_put(&b, &in, 6, sh_type, SHT_PROGBITS);
		  set_symbol_section(&b, &in, 2, SHN_XINDEX),
		  "symbol 2 has no extended section number");
}

static void refuses_malformed(void **state)
{
	const struct elf_format *format;

	(void)state;
	for (format = elf_formats; format->class; format++)
		malformed(format);
}

/* Whatever the bytes: a message or a result, never a signal. */
static void use_any(const struct file_in *in)
{
	struct err err = { .msg = "" };
	const char *msg = use(in, &err);

	if (msg)
		assert_memory_equal(msg, "image: ", 7);
}

static void truncated(void **state)
{
	const struct elf_format *format;

	(void)state;
	for (format = elf_formats; format->class; format++) {
		struct elf_build b;
		struct file_in in, cut;
		size_t size;

		build(&b, format);
		b.shndx_table = true;
		elf_build_image(&b, &in);
		for (size = 0; size < in.size; size++) {
			/* No byte more: ASan sees what reads behind it. */
			uint8_t *copy = malloc(size + !size);

			if (!copy)
				abort();
			cut = in;
			cut.size = size;
			cut.data = memcpy(copy, in.data, size);
			use_any(&cut);
			free(copy);
		}
		close_image(NULL, &b, &in);
	}
}

static void corrupted(void **state)
{
	static const uint8_t flips[] = { 0x01, 0x80, 0xff, 0x7f, 0 };
	const struct elf_format *format;

	(void)state;
	for (format = elf_formats; format->class; format++) {
		struct elf_build b;
		struct file_in in;
		size_t at, i;

		build(&b, format);
		b.shndx_table = true;
		elf_build_image(&b, &in);
		for (at = 0; at < in.size; at++) {
			for (i = 0; flips[i]; i++) {
				uint8_t *byte = (uint8_t *)in.data + at;

				*byte ^= flips[i];
				use_any(&in);
				*byte ^= flips[i];
			}
		}
		close_image(NULL, &b, &in);
	}
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(finds_sections_and_symbols),
		cmocka_unit_test(extended_numbering),
		cmocka_unit_test(no_sections_no_symbols),
		cmocka_unit_test(refuses_other_files),
		cmocka_unit_test(refuses_malformed),
		cmocka_unit_test(truncated),
		cmocka_unit_test(corrupted),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
