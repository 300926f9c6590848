// SPDX-License-Identifier: GPL-2.0-only
/* Kernel images: each kind gives the same types, or a message. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "btf_build.h"
#include "elf_build.h"
#include "image.h"
#include "image_build.h"
#include "pack.h"
#include "scratch.h"

#define RELEASE	"6.1.0-9-amd64"

/* The kernel's types, and those of a program that it has built in */
static struct raw types, program;

static int setup(void **state)
{
	types = model_raw(model_parse("i INT int 4\n"
				      "m STRUCT module 8 a:i@0 b:i@32\n"
				      "p PTR m\n"), false);
	program = model_raw(model_parse("i INT int 4\n"
					"m STRUCT module 8 b:i@32\n"), false);
	return scratch_setup(state);
}

/* A vmlinux as it is in an x86 image */
static uint8_t *vmlinux(const char *release, size_t *size)
{
	char banner[100];
	struct elf_build b;
	struct file_in in;

	elf_build_init(&b, ELFCLASS64, ELFDATA2LSB);
	b.type = ET_EXEC;
	snprintf(banner, sizeof(banner), "Linux version %s (me@here)", release);
	elf_build_section(&b, ".rodata", SHT_PROGBITS, banner, sizeof(banner));
	elf_build_section(&b, ".BTF", SHT_PROGBITS, types.data, types.size);
	elf_build_image(&b, &in);
	elf_build_free(&b);
	*size = in.size;
	return (uint8_t *)in.data;
}

/* 0, when the kernel's types come out of it */
static int read_image(const void *data, size_t size, const char *release,
		      struct err *err)
{
	const uint8_t *btf;
	struct file_in in;
	size_t btf_size;
	int ret = -1;

	scratch_write("f", data, size);
	assert_int_equal(file_in_open(&in, "f", err), 0);
	if (!image_unpack(&in, release, err) &&
	    !image_btf(&in, &btf, &btf_size, err)) {
		assert_int_equal(btf_size, types.size);
		assert_memory_equal(btf, types.data, types.size);
		ret = 0;
	}
	file_in_close(&in);
	return ret;
}

static void good(uint8_t *data, size_t size, const char *release)
{
	struct err err = { 0 };

	read_image(data, size, release, &err);
	assert_string_equal(err.msg, "");
	free(data);
}

static void bad(uint8_t *data, size_t size, const char *release,
		const char *want)
{
	struct err err = { 0 };

	assert_int_equal(read_image(data, size, release, &err), -1);
	assert_string_equal(err.msg, want);
	free(data);
}

static const char * const hows[] = { "gzip", "xz", "zstd", "lz4", NULL };

/* x86's image with vmlinux in it */
static uint8_t *bzimage(const char *how, const char *said, const char *inside,
			size_t *size)
{
	size_t elf_size, packed_size;
	uint8_t *elf = vmlinux(inside, &elf_size);
	uint8_t *packed = image_payload(how, elf, elf_size, &packed_size);

	free(elf);
	return image_bzimage(packed, packed_size, said, size);
}

static void test_bzimage(void **state)
{
	const char * const *how;
	uint8_t *data;
	size_t size;

	(void)state;
	for (how = hows; *how; how++) {
		data = bzimage(*how, RELEASE, RELEASE, &size);
		good(data, size, RELEASE);
		data = bzimage(*how, NULL, RELEASE, &size);
		good(data, size, RELEASE);
		data = bzimage(*how, RELEASE, "5.0", &size);
		good(data, size, NULL);
	}
	data = bzimage("xz", RELEASE, RELEASE, &size);
	bad(data, size, RELEASE "2",
	    "f: is of kernel " RELEASE ", not of " RELEASE "2");
	data = bzimage("xz", RELEASE, "5.0", &size);
	bad(data, size, RELEASE, "f: is of kernel 5.0, not of " RELEASE);
	data = bzimage("xz", NULL, "5.0", &size);
	bad(data, size, RELEASE, "f: is of kernel 5.0, not of " RELEASE);
	data = bzimage("xz", "", RELEASE, &size);
	good(data, size, NULL);
	data = bzimage("xz", "\t", RELEASE, &size);
	bad(data, size, RELEASE,
	    "f: has no kernel release (offset 0x280)");
	data = bzimage("xz", RELEASE, RELEASE, &size);
	data[0x206] = 7;
	bad(data, size, NULL,
	    "f: boot protocol 2.07 does not say where the kernel is");
	data = bzimage("", RELEASE, RELEASE, &size);
	bad(data, size, NULL,
	    "f: kernel is compressed, but not with gzip, xz, zstd or lz4 (offset 0x44d)");

	/* The length behind it is another one. */
	data = bzimage("zstd", RELEASE, RELEASE, &size);
	data[size - 104]++;
	bad(data, size, NULL,
	    "f: is compressed with zstd, and has trailing data");
}

/* The part of @release before a space is what counts. */
static void test_raw(void **state)
{
	const char * const *how;
	size_t raw_size, packed_size, size;
	uint8_t *raw, *data;

	(void)state;
	for (how = hows; *how; how++) {
		raw = image_raw(types.data, types.size, RELEASE, &raw_size);
		data = pack(*how, raw, raw_size, 0, &size);
		good(data, size, RELEASE);

		data = image_payload(*how, raw, raw_size, &packed_size);
		data = image_zboot(data, packed_size, &size);
		good(data, size, RELEASE);
		free(raw);
	}
	raw = image_raw(types.data, types.size, "5.0", &raw_size);
	good(pack("", raw, raw_size, 0, &size), raw_size, NULL);
	bad(raw, raw_size, RELEASE, "f: is of kernel 5.0, not of " RELEASE);
}

/* The BTF of a built-in BPF program is not the kernel's. */
static void test_other_btf(void **state)
{
	size_t both = types.size + program.size, size;
	uint8_t *btf = malloc(2 * both), *data;
	char want[100];

	(void)state;
	assert_non_null(btf);
	memcpy(btf, program.data, program.size);
	memcpy(btf + program.size, types.data, types.size);
	data = image_raw(btf, both, RELEASE, &size);
	good(data, size, RELEASE);

	memcpy(btf, types.data, types.size);
	memcpy(btf + types.size, program.data, program.size);
	data = image_raw(btf, both, RELEASE, &size);
	good(data, size, RELEASE);

	data = image_raw(program.data, program.size, RELEASE, &size);
	bad(data, size, RELEASE,
	    "f: contains no BTF of a kernel (built without CONFIG_DEBUG_INFO_BTF, or truncated?)");

	memcpy(btf, types.data, types.size);
	memcpy(btf + types.size, types.data, types.size);
	snprintf(want, sizeof(want),
		 "f: has BTF of two kernels (offsets 0x3e9 and 0x%zx)",
		 0x3e9 + types.size);
	data = image_raw(btf, 2 * types.size, RELEASE, &size);
	bad(data, size, RELEASE, want);
	free(btf);
}

/* Each length: a message, or all of the types */
static void cut(uint8_t *data, size_t size)
{
	size_t len;

	for (len = 0; len < size; len += len < 0x300 ? 1 : 7) {
		struct err err = { 0 };

		if (read_image(data, len, RELEASE, &err))
			assert_memory_equal(err.msg, "f: ", 3);
	}
	free(data);
}

static void test_cut(void **state)
{
	struct err err = { 0 };
	size_t raw_size, size;
	uint8_t *data, *raw;

	(void)state;
	data = bzimage("gzip", RELEASE, RELEASE, &size);
	cut(data, size);
	raw = image_raw(types.data, types.size, RELEASE, &raw_size);
	data = pack("zstd", raw, raw_size, 0, &size);
	data = image_zboot(data, size, &size);
	cut(data, size);
	cut(raw, raw_size);

	data = bzimage("gzip", RELEASE, RELEASE, &size);
	size -= 101;
	assert_int_equal(read_image(data, size, NULL, &err), -1);
	assert_memory_equal(err.msg,
			    "f: kernel lies outside the image (offset 0x44d, size ",
			    52);
	free(data);
	raw = image_raw(types.data, types.size, RELEASE, &raw_size);
	bad(raw, 1001 + types.size - 1, NULL,
	    "f: BTF lies outside the image (offset 0x3e9)");
}

/* One byte is another one */
static void damage(uint8_t *data, size_t size)
{
	size_t at;

	for (at = 0; at < size; at++) {
		const uint8_t *btf;
		struct err err = { 0 };
		struct file_in in;
		size_t btf_size;

		data[at] ^= 0x11;
		scratch_write("f", data, size);
		assert_int_equal(file_in_open(&in, "f", &err), 0);
		if (image_unpack(&in, RELEASE, &err) ||
		    image_btf(&in, &btf, &btf_size, &err))
			assert_memory_equal(err.msg, "f: ", 3);
		file_in_close(&in);
		data[at] ^= 0x11;
	}
	free(data);
}

static void test_damaged(void **state)
{
	size_t size;
	uint8_t *data;

	(void)state;
	data = bzimage("lz4", RELEASE, RELEASE, &size);
	damage(data, size);
	data = image_raw(types.data, types.size, RELEASE, &size);
	damage(data, size);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_bzimage),
		cmocka_unit_test(test_raw),
		cmocka_unit_test(test_other_btf),
		cmocka_unit_test(test_cut),
		cmocka_unit_test(test_damaged),
	};

	return cmocka_run_group_tests(tests, setup, scratch_teardown);
}
