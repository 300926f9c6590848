/* SPDX-License-Identifier: GPL-2.0-only */
/* .BTF_ids: type ids the kernel refers to, filled in by name at build time. */
#ifndef BTFSTAGE_BTF_IDS_H
#define BTFSTAGE_BTF_IDS_H

#include <stdint.h>

#include "../elf/elf_file.h"
#include "../io/err.h"

enum btf_ids_kind {
	BTF_IDS_FUNC,
	BTF_IDS_STRUCT,
	BTF_IDS_UNION,
	BTF_IDS_TYPEDEF,
};

/* Type id of the first type of @kind called @name (@len bytes), 0: none. */
typedef uint32_t (*btf_ids_lookup_fn)(void *arg, enum btf_ids_kind kind,
				      const char *name, size_t len);

/* Called once for each name and kind that no type has; the id becomes 0. */
typedef void (*btf_ids_unresolved_fn)(void *arg, const char *name, size_t len);

struct btf_ids_ops {
	btf_ids_lookup_fn lookup;
	btf_ids_unresolved_fn unresolved;
	void *arg;
};

/*
 * Fill in the .BTF_ids section of @ef. On success *@data is a malloc()ed copy
 * of the section with the ids in the file's byte order, to be written at
 * *@offset of the file, *@size bytes; *@data is NULL when there is nothing to
 * fill in: no .BTF_ids, no symbol table, or no __BTF_ID__ symbol.
 */
int __must_check btf_ids_resolve(const struct elf_file *ef,
				 const struct btf_ids_ops *ops, uint8_t **data,
				 size_t *size, uint64_t *offset,
				 struct err *err);

#endif
