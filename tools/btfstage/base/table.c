// SPDX-License-Identifier: GPL-2.0-only
#include <stdlib.h>

#include "table.h"

/* log2 of the average number of entries in a bucket, at most */
#define BUCKET_SHIFT	3

static uint32_t bucket_of(uint64_t hash, uint32_t bits)
{
	return hash >> (64 - bits);
}

int table_build(struct table *table, const struct table_item *items,
		uint32_t nr, uint32_t max_value)
{
	uint32_t mask = table_value_mask(max_value);
	uint32_t *buckets, *entries;
	uint32_t bits = 1;
	uint32_t i;

	while (nr >> bits >> BUCKET_SHIFT)
		bits++;
	buckets = calloc(((size_t)1 << bits) + 2, sizeof(*buckets));
	entries = malloc(((size_t)nr + 1) * sizeof(*entries));
	if (!buckets || !entries) {
		free(buckets);
		free(entries);
		return -1;
	}

	/*
	 * Counting sort. While entries are stored, buckets[b + 1] is the place
	 * of the next one of bucket b; afterwards it is the end of bucket b.
	 */
	for (i = 0; i < nr; i++)
		buckets[bucket_of(items[i].hash, bits) + 2]++;
	for (i = 2; i < ((uint32_t)1 << bits) + 2; i++)
		buckets[i] += buckets[i - 1];
	for (i = 0; i < nr; i++) {
		uint32_t *next = &buckets[bucket_of(items[i].hash, bits) + 1];

		entries[(*next)++] = (items[i].hash & ~mask) | items[i].value;
	}
	*table = (struct table){
		.bits = bits,
		.nr = nr,
		.value_mask = mask,
		.buckets = buckets,
		.entries = entries,
	};
	return 0;
}

void table_free(struct table *table)
{
	free((void *)table->buckets);
	free((void *)table->entries);
	*table = (struct table){ 0 };
}

bool table_lookup(const struct table *table, uint64_t hash,
		  struct table_range *range)
{
	uint32_t bucket = bucket_of(hash, table->bits);
	uint32_t start = table->buckets[bucket];
	uint32_t end = table->buckets[bucket + 1];

	if (start > end || end > table->nr)
		return false;
	range->pos = table->entries + start;
	range->end = table->entries + end;
	range->value_mask = table->value_mask;
	range->tag = hash & ~table->value_mask;
	return true;
}
