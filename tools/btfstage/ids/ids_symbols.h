/* SPDX-License-Identifier: GPL-2.0-only */
/* The symbols that point into .BTF_ids; see ids_symbols.c. */
#ifndef BTFSTAGE_IDS_SYMBOLS_H
#define BTFSTAGE_IDS_SYMBOLS_H

#include <stddef.h>
#include <stdint.h>

#include "../btf/btf.h"
#include "../elf/elf_file.h"
#include "../io/err.h"

#define IDS_WORD	sizeof(uint32_t)

struct ids_kind {
	const char *prefix;
	enum btf_kind kind;
	size_t set;	/* bytes of an element of a set, 0: an id */
};

struct ids_symbol {
	const struct ids_kind *kind;
	const char *symbol;
	const char *name;	/* the part of @symbol that names the type */
	size_t len;
	uint64_t offset;	/* in the section */
	uint64_t size;		/* of the id or set, in bytes */
};

/* The section and its symbols, all inside the section. */
struct ids_symbols {
	const struct elf_file *ef;
	struct elf_section sec;
	struct ids_symbol *symbols;	/* ids by kind and name, then sets */
	size_t nr_ids;
	size_t nr;			/* of ids and sets together */
	size_t max;
};

/* 1: found, 0: no .BTF_ids, no symbol table, or no __BTF_ID__ symbol. */
int __must_check ids_symbols_read(struct ids_symbols *ids,
				  const struct elf_file *ef, struct err *err);
void ids_symbols_free(struct ids_symbols *ids);

/* The word at @offset, which must be inside the section. */
uint32_t ids_word(const struct ids_symbols *ids, uint64_t offset);

/* By name alone: below 0, 0, above 0. */
int ids_symbol_cmp_name(const struct ids_symbol *a,
			const struct ids_symbol *b);

/* Ids by kind, name and place, then all the sets by place; for qsort(). */
int ids_symbol_cmp(const void *a, const void *b);

#endif
