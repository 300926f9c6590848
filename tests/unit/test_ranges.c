// SPDX-License-Identifier: GPL-2.0-only
/* Ranges, compared with a map of what is in them. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "fault.h"
#include "ranges.h"

#define MAP	64

/* In order, none empty, with gaps, and the same as the map. */
static void assert_map(const struct ranges *r, const bool *map)
{
	bool found[MAP] = { false };
	uint64_t offset;
	size_t i;

	for (i = 0; i < r->nr; i++) {
		assert_true(r->v[i].start < r->v[i].end);
		assert_true(!i || r->v[i - 1].end < r->v[i].start);
		for (offset = r->v[i].start; offset < r->v[i].end; offset++)
			found[offset] = true;
	}
	assert_memory_equal(found, map, sizeof(found));
}

static void assert_covers(const struct ranges *r, const bool *map)
{
	uint64_t start, end;

	for (start = 0; start < MAP; start++) {
		bool all = true;

		for (end = start; end < MAP; end++) {
			assert_int_equal(ranges_cover(r, start, end), all);
			all = all && map[end];
		}
	}
}

static void random_ranges(void **state)
{
	unsigned int round, i;

	(void)state;
	srandom(1);
	for (round = 0; round < 500; round++) {
		struct ranges r = { 0 };
		bool map[MAP] = { false };
		uint64_t end;

		for (i = 0; i < 30; i++) {
			uint64_t start = random() % MAP;
			uint64_t size = random() % 4;

			if (size > MAP - start)
				size = MAP - start;
			assert_int_equal(ranges_add(&r, start, size), 0);
			memset(map + start, true, size);
			assert_map(&r, map);
		}
		assert_covers(&r, map);

		end = random() % MAP;
		ranges_clip(&r, end);
		memset(map + end, false, MAP - end);
		assert_map(&r, map);
		ranges_clip(&r, 0);
		assert_int_equal(r.nr, 0);
		ranges_free(&r);
	}
}

static void out_of_memory(void **state)
{
	struct ranges r = { 0 };
	unsigned int i;

	(void)state;
	for (i = 0; i < 8; i++)
		assert_int_equal(ranges_add(&r, 10 * i, 1), 0);
	fault_set(FAULT_ALLOC, 0, FAULT_ALWAYS, ENOMEM);
	assert_int_equal(ranges_add(&r, 1000, 1), -1);
	assert_int_equal(r.nr, 8);
	assert_int_equal(ranges_add(&r, 75, 1000), -1);
	assert_int_equal(ranges_add(&r, 70, 1000), 0);
	assert_int_equal(r.nr, 8);
	fault_clear();
	ranges_free(&r);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(random_ranges),
		cmocka_unit_test(out_of_memory),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
