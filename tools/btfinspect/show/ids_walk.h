/* SPDX-License-Identifier: GPL-2.0-only */
/* All that is in .BTF_ids, in the order of the section. */
#ifndef BTFSTAGE_IDS_WALK_H
#define BTFSTAGE_IDS_WALK_H

#include <stdint.h>

#include "../../btfstage/elf/elf_file.h"
#include "../../btfstage/ids/ids_symbols.h"
#include "../../btfstage/io/err.h"

/*
 * A set is one IDS_ROW_SET, then its elements, then the names it was made of.
 * The elements are sorted by id, so which of them belongs to which of the names
 * is for their types to say.
 */
enum ids_row_kind {
	IDS_ROW_ID,
	IDS_ROW_SET,
	IDS_ROW_ELEMENT,
	IDS_ROW_NAME,
};

struct ids_row {
	enum ids_row_kind row;
	const struct ids_symbol *symbol;	/* of an element: its set's */
	uint64_t offset;	/* in the section, in bytes */
	uint32_t id;		/* of a set: how many ids it says it has */
	uint32_t flags;		/* of a set8 and its elements */
};

typedef void (*ids_row_fn)(void *arg, const struct ids_row *row);

/*
 * Call @fn for all rows. A set that starts inside another one has no elements:
 * they would be told twice. Returns 1, or 0 when there is nothing in .BTF_ids,
 * or -1 with @err set.
 */
int __must_check ids_walk(const struct elf_file *ef, ids_row_fn fn, void *arg,
			  struct err *err);

/* "func" .. "typedef", "set", "set8": the length of it in @kind->prefix. */
int ids_kind_len(const struct ids_kind *kind);

#endif
