/* SPDX-License-Identifier: GPL-2.0-only */
/* .BTF_ids: type ids the kernel refers to, filled in by name at build time. */
#ifndef BTFSTAGE_IDS_FILL_H
#define BTFSTAGE_IDS_FILL_H

#include <stddef.h>
#include <stdint.h>

#include "../btf/btf.h"
#include "../elf/elf_file.h"
#include "../io/err.h"

struct ids_ops {
	/* Id of the first type of @kind called @name (@len bytes), 0: none. */
	uint32_t (*lookup)(void *arg, enum btf_kind kind, const char *name,
			   size_t len);
	/* Called once for each kind and name without a type; its id is 0. */
	void (*unresolved)(void *arg, const char *name, size_t len);
	void *arg;
};

/* The section with its ids, in the file's byte order. */
struct ids_filled {
	uint8_t *data;		/* to free; NULL: nothing to fill in */
	size_t size;
	uint64_t offset;	/* in the file */
};

/*
 * Fill in a copy of the .BTF_ids section of @ef. There is nothing to fill in
 * without .BTF_ids, without a symbol table, or without a __BTF_ID__ symbol.
 */
int __must_check ids_fill(const struct elf_file *ef, const struct ids_ops *ops,
			  struct ids_filled *filled, struct err *err);

#endif
