/* SPDX-License-Identifier: GPL-2.0-only */
/* ELF: reading sections and symbols, and adding sections. */
#ifndef BTFSTAGE_ELF_FILE_H
#define BTFSTAGE_ELF_FILE_H

#include <byteswap.h>
#include <gelf.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "../io/err.h"
#include "../io/file_in.h"
#include "../io/file_out.h"

struct elf_file {
	const struct file_in *in;	/* not owned */
	Elf *elf;
	GElf_Ehdr ehdr;
	size_t shnum;
	size_t shstrndx;
	bool swapped;		/* byte order differs from the host's */
};

/* A section's header and its bytes, which lie inside the file. */
struct elf_section {
	size_t index;
	GElf_Shdr shdr;
	const uint8_t *data;	/* in the file's byte order */
	size_t size;
};

/* True when the bytes start with the ELF magic. */
bool elf_file_probe(const struct file_in *in);

int __must_check elf_file_open(struct elf_file *ef, const struct file_in *in,
			       struct err *err);
void elf_file_close(struct elf_file *ef);

/*
 * Find the section called @name: 1 found (@sec filled in), 0 there is none,
 * -1 the file is malformed, or has the section twice, compressed or NOBITS.
 */
int __must_check elf_file_section(const struct elf_file *ef, const char *name,
				  struct elf_section *sec, struct err *err);

/*
 * Check that no other section, nor the headers, have any of @sec's bytes: those
 * are going to be changed.
 */
int __must_check elf_file_section_alone(const struct elf_file *ef,
					const struct elf_section *sec,
					const char *what, struct err *err);

/* Header of section @index. */
int __must_check elf_file_shdr(const struct elf_file *ef, size_t index,
			       GElf_Shdr *shdr, struct err *err);

/* Section @index, which error messages call @what. */
int __must_check elf_file_section_at(const struct elf_file *ef, size_t index,
				     const char *what, struct elf_section *sec,
				     struct err *err);

/*
 * A table of strings, which ends with a NUL byte: so does every string in it.
 * Checked here, because looking for the end of each would cost time that is
 * quadratic in the size of a file that was made for it.
 */
int __must_check elf_file_strings(const struct elf_file *ef, size_t index,
				  const char *what, struct elf_section *sec,
				  struct err *err);

/* The string at @offset of @strtab; NULL when it lies outside. */
const char *elf_section_string(const struct elf_section *strtab,
			       uint64_t offset);

/*
 * Call @fn for every symbol defined in section @shndx, extended section
 * numbers included; @fn returns 0 to go on, -1 (with @err set) to stop.
 * Returns -1 for a malformed symbol table or what @fn returned.
 */
typedef int (*elf_symbol_fn)(void *arg, const char *name, const GElf_Sym *sym,
			     struct err *err);
int __must_check elf_file_symbols(const struct elf_file *ef, size_t shndx,
				  elf_symbol_fn fn, void *arg,
				  struct err *err);

/* A word of section @section that gets the address @value of @shndx. */
struct elf_reloc {
	size_t section;
	uint64_t offset;
	const char *name;	/* of the symbol, NULL: its name is invalid */
	size_t shndx;		/* 0: undefined, absolute and the like */
	uint64_t value;
};

/*
 * Call @fn for every relocation of data in memory, code and debug sections left
 * out, in the order of the file.
 */
typedef void (*elf_reloc_fn)(void *arg, const struct elf_reloc *reloc);
int __must_check elf_file_data_relocs(const struct elf_file *ef,
				      elf_reloc_fn fn, void *arg,
				      struct err *err);

/* From the file's byte order to the host's, and the other way round. */
static inline uint16_t elf_file_u16(const struct elf_file *ef, uint16_t value)
{
	return ef->swapped ? bswap_16(value) : value;
}

static inline uint32_t elf_file_u32(const struct elf_file *ef, uint32_t value)
{
	return ef->swapped ? bswap_32(value) : value;
}

static inline uint64_t elf_file_u64(const struct elf_file *ef, uint64_t value)
{
	return ef->swapped ? bswap_64(value) : value;
}

/* A section to add. */
struct elf_addition {
	const char *name;
	const void *data;
	size_t size;
};

/*
 * Write into @out, which holds a copy of @ef's file, @nr sections more: not
 * allocated, PROGBITS, aligned to 8. See elf_add_section.c for the layout. No
 * other section's bytes move.
 */
int __must_check elf_file_add_sections(const struct elf_file *ef,
				       struct file_out *out,
				       const struct elf_addition *added,
				       size_t nr, struct err *err);

#endif
