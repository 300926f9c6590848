/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * ELF images for tests, written without libelf and without the tested code.
 *
 *	elf_build_init()
 *	elf_build_section(), elf_build_symbol(), any flags
 *	elf_build_image()
 *	elf_build_free()
 *
 * The sections come in the order in which they were added, then .symtab and
 * .strtab if there are symbols, .symtab_shndx if needed, .shstrtab,
 * and the section headers.
 */
#ifndef TESTS_UNIT_ELF_BUILD_H
#define TESTS_UNIT_ELF_BUILD_H

#include <elf.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "file_in.h"

struct elf_format {
	unsigned char class, order;
};

/* All four; a class of 0 ends the list. */
extern const struct elf_format elf_formats[];

struct elf_build_buf {
	uint8_t *data;
	size_t size;
	size_t max;
};

struct elf_build_sec {
	uint32_t name;
	Elf64_Shdr shdr;	/* sh_offset: added to where the bytes are */
	uint8_t *data;
};

struct elf_build_sym {
	uint32_t name;
	uint32_t shndx;
	uint64_t value;
	uint64_t size;
};

struct elf_build {
	unsigned char class;		/* ELFCLASS32, ELFCLASS64 */
	unsigned char order;		/* ELFDATA2LSB, ELFDATA2MSB */
	uint16_t type;			/* ET_REL */

	bool headers_first;		/* section headers after the ELF header */
	bool names_inside;		/* .shstrtab before .strtab, like lld */
	bool one_strtab;		/* .strtab serves the sections too */
	bool segment;			/* one segment, the whole file */
	bool shndx_table;		/* .symtab_shndx even when not needed */
	unsigned int padding;		/* bytes before the section headers */

	struct elf_build_sec *secs;
	size_t nr_secs, max_secs;
	struct elf_build_sym *syms;
	size_t nr_syms, max_syms;
	struct elf_build_buf names, sym_names;

	/* Set by elf_build_image() */
	uint64_t shoff;
	size_t shnum, shstrndx, symtab;
};

void elf_build_init(struct elf_build *b, unsigned char class,
		    unsigned char order);
void elf_build_free(struct elf_build *b);

/* Returns the section's index; b->secs[index] can be changed afterwards. */
size_t elf_build_section(struct elf_build *b, const char *name, uint32_t type,
			 const void *data, size_t size);

void elf_build_symbol(struct elf_build *b, const char *name, uint32_t shndx,
		      uint64_t value, uint64_t size);

/* @in->data is malloc()ed to the exact size, for ASan; free it. */
void elf_build_image(struct elf_build *b, struct file_in *in);

/* Number in the image's byte order. */
void elf_build_put(const struct elf_build *b, void *dst, size_t width,
		   uint64_t value);
uint64_t elf_build_get(const struct elf_build *b, const void *src,
		       size_t width);

/*
 * Set a field of the image's ELF header or of section header @index; @offset
 * is its place in the 64-bit structure, whatever the class.
 */
void elf_build_ehdr_set(const struct elf_build *b, struct file_in *in,
			size_t offset, uint64_t value);
void elf_build_shdr_set(const struct elf_build *b, struct file_in *in,
			size_t index, size_t offset, uint64_t value);

#define elf_build_ehdr_put(b, in, field, value) \
	elf_build_ehdr_set(b, in, offsetof(Elf64_Ehdr, field), value)
#define elf_build_shdr_put(b, in, index, field, value) \
	elf_build_shdr_set(b, in, index, offsetof(Elf64_Shdr, field), value)

#endif
