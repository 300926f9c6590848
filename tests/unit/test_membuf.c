// SPDX-License-Identifier: GPL-2.0-only
/* Output to memory is complete, or its loss is reported. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "fault.h"
#include "membuf.h"

#define LINES	5000

static int write_lines(struct membuf *m)
{
	FILE *f = membuf_open(m);
	int i;

	assert_non_null(f);
	for (i = 0; i < LINES; i++)
		fprintf(f, "line %05d\n", i);
	return membuf_close(m, f);
}

static void whole(void **state)
{
	struct membuf m;
	char line[20];
	int i;

	(void)state;
	assert_int_equal(write_lines(&m), 0);
	assert_int_equal(m.size, 11 * LINES);
	for (i = 0; i < LINES; i++) {
		snprintf(line, sizeof(line), "line %05d\n", i);
		assert_memory_equal(m.data + 11 * i, line, 11);
	}
	free(m.data);
}

static void empty(void **state)
{
	struct membuf m;

	(void)state;
	assert_int_equal(membuf_close(&m, membuf_open(&m)), 0);
	assert_int_equal(m.size, 0);
	free(m.data);
}

/* Memory is short once, and then there is enough: it has a hole all the same. */
static void out_of_memory_at_each_call(void **state)
{
	unsigned int calls, i;
	struct membuf m;

	(void)state;
	fault_clear();
	assert_int_equal(write_lines(&m), 0);
	free(m.data);
	calls = fault_calls(FAULT_ALLOC);
	assert_true(calls > 2);
	for (i = 0; i < calls; i++) {
		fault_clear();
		fault_set(FAULT_ALLOC, i, 1, ENOMEM);
		assert_int_equal(write_lines(&m), -1);
		free(m.data);
	}
	fault_clear();
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(whole),
		cmocka_unit_test(empty),
		cmocka_unit_test(out_of_memory_at_each_call),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
