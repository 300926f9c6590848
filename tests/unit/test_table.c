// SPDX-License-Identifier: GPL-2.0-only
/* The hash table: all entries are found, in order, and no others. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "fault.h"
#include "table.h"

/* Values found for @hash, counted; @last gets the last one. */
static uint32_t find(const struct table *table, uint64_t hash, uint32_t *last)
{
	struct table_range range;
	uint32_t nr = 0;

	assert_true(table_lookup(table, hash, &range));
	while (table_next(&range, last))
		nr++;
	return nr;
}

static uint64_t hash_nr(uint32_t nr)
{
	return (nr + 1) * 0x9e3779b97f4a7c15ull;
}

static void table_empty(void **state)
{
	struct table table;
	uint32_t value;

	(void)state;
	assert_int_equal(table_build(&table, NULL, 0, 0), 0);
	assert_int_equal(find(&table, 0, &value), 0);
	assert_int_equal(find(&table, UINT64_MAX, &value), 0);
	table_free(&table);
}

static void table_one(void **state)
{
	struct table_item item = { 0x8000000000000100ull, 42 };
	struct table table;
	uint32_t value;

	(void)state;
	assert_int_equal(table_build(&table, &item, 1, 42), 0);
	assert_int_equal(find(&table, item.hash, &value), 1);
	assert_int_equal(value, 42);
	/* The same bucket, another tag; the same tag, another bucket. */
	assert_int_equal(find(&table, item.hash + 0x100, &value), 0);
	assert_int_equal(find(&table, 0x100, &value), 0);
	/* The value leaves no room for the hash. */
	assert_int_equal(find(&table, item.hash + 1, &value), 1);
	table_free(&table);
}

/* Sizes around powers of two are where the number of buckets changes. */
static void table_many(void **state)
{
	static const uint32_t sizes[] = {
		2, 3, 4, 5, 7, 8, 9, 1023, 1024, 1025, 100000
	};
	unsigned int s;

	(void)state;
	for (s = 0; s < sizeof(sizes) / sizeof(sizes[0]); s++) {
		uint32_t nr = sizes[s], i, value = 0, wrong = 0;
		struct table_range range;
		struct table_item *items = test_malloc(nr * sizeof(*items));
		struct table table;

		for (i = 0; i < nr; i++)
			items[i] = (struct table_item){ hash_nr(i), i };
		assert_int_equal(table_build(&table, items, nr, nr), 0);
		assert_int_equal(table.nr, nr);
		assert_int_equal(table.buckets[0], 0);
		assert_int_equal(table.buckets[(uint32_t)1 << table.bits], nr);
		test_free(items);
		for (i = 0; i < nr; i++) {
			assert_true(table_lookup(&table, hash_nr(i), &range));
			do {
				assert_true(table_next(&range, &value));
				wrong += value != i;
			} while (value != i);
			wrong += find(&table, hash_nr(i + nr), &value);
		}
		/* Fifteen bits of the hash, and about eight entries to ask. */
		assert_true(wrong <= nr / 1000);
		table_free(&table);
	}
}

/* "The lowest id" relies on the order being kept. */
static void table_keeps_order(void **state)
{
	struct table_item items[3000];
	struct table_range range;
	struct table table;
	uint32_t i, value, want;
	unsigned int hash;

	(void)state;
	for (i = 0; i < 3000; i++)
		items[i] = (struct table_item){ hash_nr(i % 3), i };
	assert_int_equal(table_build(&table, items, 3000, 2999), 0);
	for (hash = 0; hash < 3; hash++) {
		want = hash;
		assert_true(table_lookup(&table, hash_nr(hash), &range));
		while (table_next(&range, &value)) {
			assert_int_equal(value, want);
			want += 3;
		}
		assert_int_equal(want, 3000 + hash);
	}
	table_free(&table);
}

/* Different hashes, but nothing of them tells: all come back, to be looked at. */
static void table_equal_hashes(void **state)
{
	struct table_item items[500];
	struct table table;
	uint32_t i, value;

	(void)state;
	for (i = 0; i < 500; i++)
		items[i] = (struct table_item){
			0xabcdef0100000007ull + ((uint64_t)i << 32), i
		};
	assert_int_equal(table_build(&table, items, 500, 499), 0);
	assert_int_equal(find(&table, items[0].hash, &value), 500);
	assert_int_equal(value, 499);
	table_free(&table);
}

/* A mapped table can hold anything. */
static void table_wrong_bounds(void **state)
{
	struct table_item items[64];
	struct table_range range;
	struct table table;
	uint32_t *buckets, nr_buckets, i, old;

	(void)state;
	for (i = 0; i < 64; i++)
		items[i] = (struct table_item){ hash_nr(i), i };
	assert_int_equal(table_build(&table, items, 64, 63), 0);
	buckets = (uint32_t *)table.buckets;
	nr_buckets = (uint32_t)1 << table.bits;
	for (i = 0; i < nr_buckets; i++) {
		uint64_t hash = (uint64_t)i << (64 - table.bits);

		assert_true(table_lookup(&table, hash, &range));
		old = buckets[i];
		buckets[i] = buckets[i + 1] + 1;
		assert_false(table_lookup(&table, hash, &range));
		buckets[i] = old;
		old = buckets[i + 1];
		buckets[i + 1] = table.nr + 1;
		assert_false(table_lookup(&table, hash, &range));
		buckets[i + 1] = UINT32_MAX;
		assert_false(table_lookup(&table, hash, &range));
		buckets[i + 1] = old;
	}
	table_free(&table);
}

static void table_out_of_memory(void **state)
{
	struct table_item item = { 1, 1 };
	struct table table;
	unsigned int i;

	(void)state;
	for (i = 0; i < 2; i++) {
		fault_set(FAULT_ALLOC, i, 1, 0);
		assert_int_equal(table_build(&table, &item, 1, 1), -1);
		fault_clear();
	}
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(table_empty),
		cmocka_unit_test(table_one),
		cmocka_unit_test(table_many),
		cmocka_unit_test(table_keeps_order),
		cmocka_unit_test(table_equal_hashes),
		cmocka_unit_test(table_wrong_bounds),
		cmocka_unit_test(table_out_of_memory),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
