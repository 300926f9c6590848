/* SPDX-License-Identifier: GPL-2.0-only */
/* Relocations of a module. */
#ifndef BTFINSPECT_RELOCS_H
#define BTFINSPECT_RELOCS_H

#include <stddef.h>
#include <stdint.h>

#include "../../btfstage/elf/elf_file.h"
#include "../../btfstage/io/err.h"

/* A word of section @section is set to address @value of section @shndx. */
struct reloc {
	size_t section;
	uint64_t offset;
	const char *name;	/* of the symbol, NULL: its name is invalid */
	size_t shndx;		/* 0: undefined, absolute and the like */
	uint64_t value;
};

/*
 * Call @fn for every relocation of allocated data, not of code and debug
 * sections, in the order of the file.
 */
typedef void (*reloc_fn)(void *arg, const struct reloc *reloc);
int __must_check relocs_of_data(const struct elf_file *ef, reloc_fn fn,
				void *arg, struct err *err);

#endif
