/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A hash table that is built once and then only read, from memory or from a
 * mapped file: buckets[i] .. buckets[i + 1] are the entries whose hash starts
 * with the bits of i, in the order in which they were given.
 */
#ifndef BTFSTAGE_TABLE_H
#define BTFSTAGE_TABLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "err.h"

struct table_entry {
	uint32_t tag;		/* the hash's low half */
	uint32_t value;
};

struct table {
	uint32_t bits;		/* 1 .. 31: there are 2^bits buckets */
	uint32_t nr;		/* entries */
	const uint32_t *buckets;	/* 2^bits + 1 */
	const struct table_entry *entries;
};

struct table_item {
	uint64_t hash;
	uint32_t value;
};

/*
 * Build a table of @nr items; 0, or -1 when memory runs out. table_free() is
 * for tables made by table_build(), not for mapped ones.
 */
int __must_check table_build(struct table *table,
			     const struct table_item *items, uint32_t nr);
void table_free(struct table *table);

/* Entries of one bucket: those with @tag may have the hash asked for. */
struct table_range {
	const struct table_entry *pos;
	const struct table_entry *end;
	uint32_t tag;
};

/* False: the bucket's bounds are wrong, a mapped table is corrupt. */
bool __must_check table_lookup(const struct table *table, uint64_t hash,
			       struct table_range *range);

/* Next value that may have the hash asked for; false when there is none. */
static inline bool table_next(struct table_range *range, uint32_t *value)
{
	while (range->pos < range->end) {
		const struct table_entry *entry = range->pos++;

		if (entry->tag == range->tag) {
			*value = entry->value;
			return true;
		}
	}
	return false;
}

#endif
