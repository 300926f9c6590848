/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A hash table that is built once and then only read, from memory or from a
 * mapped file: buckets[i] .. buckets[i + 1] are the entries whose hash starts
 * with the bits of i, in the order in which they were given.
 *
 * An entry is one word: the value, and in the bits above it as many low bits of
 * the hash as fit. A bucket has about eight entries. So a lookup in a mapped
 * file reads one cache line of the buckets, which are small and soon cached,
 * and one of the entries.
 */
#ifndef BTFSTAGE_TABLE_H
#define BTFSTAGE_TABLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "../io/err.h"

struct table {
	uint32_t bits;		/* 1 .. 31: there are 2^bits buckets */
	uint32_t nr;		/* entries */
	uint32_t value_mask;	/* the part of an entry that is the value */
	const uint32_t *buckets;	/* 2^bits + 1 */
	const uint32_t *entries;
};

struct table_item {
	uint64_t hash;
	uint32_t value;
};

/*
 * Build a table of @nr items with values up to @max_value. Returns 0, or -1
 * when out of memory. table_free() is for tables from table_build(), not for
 * mapped ones.
 */
int __must_check table_build(struct table *table,
			     const struct table_item *items, uint32_t nr,
			     uint32_t max_value);
void table_free(struct table *table);

/* The value_mask of a table with values up to @max_value. */
static inline uint32_t table_value_mask(uint32_t max_value)
{
	uint32_t mask = 1;

	while (mask < max_value)
		mask = mask << 1 | 1;
	return mask;
}

/* The entries of one bucket. Only those with @tag can have the hash. */
struct table_range {
	const uint32_t *pos;
	const uint32_t *end;
	uint32_t value_mask;
	uint32_t tag;
};

/* False: the bucket's bounds are wrong, so the mapped table is corrupt. */
bool __must_check table_lookup(const struct table *table, uint64_t hash,
			       struct table_range *range);

/* The next value that can have the hash; false if there is none. */
static inline bool table_next(struct table_range *range, uint32_t *value)
{
	while (range->pos < range->end) {
		uint32_t entry = *range->pos++;

		if ((entry & ~range->value_mask) == range->tag) {
			*value = entry & range->value_mask;
			return true;
		}
	}
	return false;
}

#endif
