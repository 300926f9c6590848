/* SPDX-License-Identifier: GPL-2.0-only */
/* ELF: reading sections and symbols, and adding sections. */
#ifndef BTFSTAGE_ELF_FILE_H
#define BTFSTAGE_ELF_FILE_H

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

/* A section's header and bytes. The bytes are inside the file. */
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
 * Find section @name. Returns 1 with @sec set, 0 if there is none, -1 if the file is
 * malformed or the section is there twice, compressed or NOBITS.
 */
int __must_check elf_file_section(const struct elf_file *ef, const char *name,
				  struct elf_section *sec, struct err *err);

/*
 * Check that no other section or header overlaps @sec, whose bytes will be
 * changed.
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

/* The section as libelf translates it for its type; NULL: error. */
Elf_Data *elf_file_data(const struct elf_file *ef, size_t index,
			const char *what, struct err *err);

/*
 * Check that a string table ends with a NUL byte, so that every string in it does.
 * Otherwise elf_strptr() would scan for the end of each string, which is quadratic
 * in the size of a crafted file.
 */
int __must_check elf_file_check_strings(const struct elf_file *ef,
					size_t index, const char *what,
					struct err *err);

/*
 * An object of libelf's @type and the file's class, such as an Elf32_Shdr, from
 * the file's byte order to the host's, and the other way round.
 */
void elf_file_decode(const struct elf_file *ef, Elf_Type type,
		     const void *bytes, void *to);
void elf_file_encode(const struct elf_file *ef, Elf_Type type,
		     const void *from, void *bytes);

static inline bool elf_file_is_32(const struct elf_file *ef)
{
	return ef->ehdr.e_ident[EI_CLASS] == ELFCLASS32;
}

/* The symbol table, for gelf_getsymshndx(). */
struct elf_symbols {
	const struct elf_file *ef;
	Elf_Data *symbols;
	Elf_Data *shndx;	/* extended section numbers, or NULL */
	size_t names;		/* section of their names, for elf_strptr() */
	size_t nr;
};

/* 1: found, 0: the file has no symbol table, -1: it is malformed. */
int __must_check elf_symbols_open(struct elf_symbols *table,
				  const struct elf_file *ef, struct err *err);

/*
 * Symbol @index, below @table->nr, and the section that defines it: 0 if undefined,
 * absolute and so on.
 */
int __must_check elf_symbols_get(const struct elf_symbols *table, size_t index,
				 GElf_Sym *sym, size_t *shndx,
				 struct err *err);

/* A section to add. */
struct elf_addition {
	const char *name;
	const void *data;
	size_t size;
};

/*
 * Write into @out, which holds a copy of @ef's file, @nr sections more that it
 * does not have: not allocated, PROGBITS. See elf_add_section.c for
 * the layout. No other section's bytes move.
 */
int __must_check elf_file_add_sections(const struct elf_file *ef,
				       struct file_out *out,
				       const struct elf_addition *added,
				       size_t nr, struct err *err);

#endif
