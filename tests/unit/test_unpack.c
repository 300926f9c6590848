// SPDX-License-Identifier: GPL-2.0-only
/* Decompression gives the original bytes, or a message. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "fault.h"
#include "pack.h"
#include "scratch.h"
#include "unpack.h"

#define SIZE	5000

static const char * const hows[] = { "gzip", "xz", "zstd", "lz4" };
#define NR_HOWS	(sizeof(hows) / sizeof(hows[0]))

static uint8_t plain[SIZE];

static int setup(void **state)
{
	size_t i;

	for (i = 0; i < SIZE; i++)
		plain[i] = i % 97 ? i % 17 : i / 7;
	return scratch_setup(state);
}

static int clear(void **state)
{
	(void)state;
	fault_clear();
	return 0;
}

/* A copy of just these bytes, so that ASan sees a read behind them */
static int unpack_bytes(const uint8_t *data, size_t size, size_t max,
			struct unpacked *to, size_t *left, struct err *err)
{
	const struct coder *coder = unpack_find(data, size);
	uint8_t *copy = malloc(size);
	int ret;

	assert_non_null(coder);
	assert_non_null(copy);
	memcpy(copy, data, size);
	ret = unpack(coder, "f", copy, size, max, to, left, err);
	free(copy);
	if (ret)
		assert_null(to->data);
	return ret;
}

static void same(const struct unpacked *to)
{
	assert_int_equal(to->size, SIZE);
	assert_memory_equal(to->data, plain, SIZE);
}

static void test_whole(void **state)
{
	size_t i, size, left;

	(void)state;
	for (i = 0; i < NR_HOWS; i++) {
		uint8_t *data = pack(hows[i], plain, SIZE, 4, &size);
		struct unpacked to;
		struct err err;

		assert_string_equal(unpack_name(unpack_find(data, size)),
				    hows[i]);
		assert_int_equal(unpack_bytes(data, size, SIZE, &to, &left,
					      &err), 0);
		same(&to);
		assert_int_equal(left, 0);
		unpack_free(&to);

		/* Data after it is left, such as the length in a kernel image. */
		memcpy(data + size, "\001\002\003\004", 4);
		assert_int_equal(unpack_bytes(data, size + 4, SIZE, &to, &left,
					      &err), 0);
		same(&to);
		assert_int_equal(left, 4);
		unpack_free(&to);
		free(data);
	}
}

/* Blocks of lz4 end where they may: what was unpacked so far is all there is then. */
static void test_cut(void **state)
{
	size_t i, size, len, left;
	char want[64];

	(void)state;
	for (i = 0; i < NR_HOWS; i++) {
		bool lz4 = !strcmp(hows[i], "lz4");
		uint8_t *data = pack(hows[i], plain, SIZE, 0, &size);

		snprintf(want, sizeof(want),
			 "f: is compressed with %s, and truncated", hows[i]);
		for (len = 6; len < size; len++) {
			struct unpacked to;
			struct err err;

			if (lz4 && len == 8)
				continue;
			assert_int_equal(unpack_bytes(data, len, SIZE, &to,
						      &left, &err), -1);
			assert_string_equal(err.msg, want);
		}
		free(data);
	}
}

/* One byte is another one: what was packed, or a message, but nothing else */
static void test_damaged(void **state)
{
	size_t i, size, at, left;
	char start[64];

	(void)state;
	for (i = 0; i < NR_HOWS; i++) {
		uint8_t *data = pack(hows[i], plain, SIZE, 0, &size);

		snprintf(start, sizeof(start), "f: is compressed with %s",
			 hows[i]);
		for (at = 0; at < size; at++) {
			struct unpacked to;
			struct err err;

			data[at] ^= 0x40;
			if (!unpack_find(data, size)) {
				;
			} else if (unpack_bytes(data, size, SIZE, &to, &left,
						&err)) {
				assert_memory_equal(err.msg, start,
						    strlen(start));
			} else {
				/* lz4 has no checksum. */
				if (strcmp(hows[i], "lz4"))
					same(&to);
				unpack_free(&to);
			}
			data[at] ^= 0x40;
		}
		free(data);
	}
}

/* Zeros: a thousandth of what they unpack to, or less */
static void test_bomb(void **state)
{
	size_t max = 3 << 20, size, left, i;
	uint8_t *zeros = calloc(1, max + 1);
	char want[80];

	(void)state;
	assert_non_null(zeros);
	for (i = 0; i < NR_HOWS; i++) {
		uint8_t *data = pack(hows[i], zeros, max + 1, 0, &size);
		struct unpacked to;
		struct err err;

		snprintf(want, sizeof(want),
			 "f: is compressed with %s, and unpacks to more than 3 MiB",
			 hows[i]);
		assert_int_equal(unpack_bytes(data, size, max, &to, &left,
					      &err), -1);
		assert_string_equal(err.msg, want);
		/* Larger than that it need not be looked at. */
		assert_int_equal(unpack_bytes(data, size, size - 1, &to, &left,
					      &err), -1);
		free(data);

		data = pack(hows[i], zeros, max, 0, &size);
		assert_int_equal(unpack_bytes(data, size, max, &to, &left,
					      &err), 0);
		assert_int_equal(to.size, max);
		unpack_free(&to);
		free(data);
	}
	free(zeros);
}

/* A window of 1 GiB, and a dictionary of that size */
static void test_memory(void **state)
{
	static const uint8_t zstd[] = {
		0x28, 0xb5, 0x2f, 0xfd, 0x00, 0xa0, 0x01, 0x00, 0x00,
	};
	static const uint8_t xz[] = {
		0xfd, '7', 'z', 'X', 'Z', 0, 0, 1, 0x69, 0x22, 0xde, 0x36,
		0x02, 0x00, 0x21, 0x01, 0x24, 0x00, 0x00, 0x00,
		0x5e, 0x1f, 0xc7, 0xf9,
	};
	struct unpacked to;
	struct err err;
	size_t left;

	(void)state;
	assert_int_equal(unpack_bytes(zstd, sizeof(zstd), SIZE, &to, &left,
				      &err), -1);
	assert_string_equal(err.msg,
			    "f: is compressed with zstd, and unpacking needs more than 256 MiB");
	assert_int_equal(unpack_bytes(xz, sizeof(xz), SIZE, &to, &left, &err),
			 -1);
	assert_string_equal(err.msg,
			    "f: is compressed with xz, and unpacking needs more than 256 MiB");

	fault_set(FAULT_MMAP, 0, FAULT_ALWAYS, ENOMEM);
	assert_int_equal(unpack_bytes(xz, sizeof(xz), SIZE, &to, &left, &err),
			 -1);
	assert_true(err.no_memory);
}

static void test_file(void **state)
{
	struct file_in in;
	uint8_t *data;
	struct err err;
	size_t size;

	(void)state;
	data = pack("xz", plain, SIZE, 1, &size);
	scratch_write("f", data, size);
	assert_int_equal(file_in_open(&in, "f", &err), 0);
	assert_int_equal(unpack_file(&in, &err), 0);
	assert_string_equal(in.path, "f");
	assert_int_equal(in.size, SIZE);
	assert_memory_equal(file_in_bytes(&in, 0, SIZE), plain, SIZE);
	/* Another time, there is nothing to unpack. */
	assert_int_equal(unpack_file(&in, &err), 0);
	file_in_close(&in);

	data[size] = 0;
	scratch_write("f", data, size + 1);
	assert_int_equal(file_in_open(&in, "f", &err), 0);
	assert_int_equal(unpack_file(&in, &err), -1);
	assert_string_equal(err.msg,
			    "f: is compressed with xz, and has trailing data");
	assert_int_equal(in.size, size + 1);
	file_in_close(&in);

	scratch_write("f", "", 0);
	assert_int_equal(file_in_open(&in, "f", &err), 0);
	assert_int_equal(unpack_file(&in, &err), 0);
	file_in_close(&in);
	free(data);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_teardown(test_whole, clear),
		cmocka_unit_test_teardown(test_cut, clear),
		cmocka_unit_test_teardown(test_damaged, clear),
		cmocka_unit_test_teardown(test_bomb, clear),
		cmocka_unit_test_teardown(test_memory, clear),
		cmocka_unit_test_teardown(test_file, clear),
	};

	return cmocka_run_group_tests(tests, setup, scratch_teardown);
}
