// SPDX-License-Identifier: GPL-2.0-only
/* The linked module, and what is left of it beside foo.ko. */
#include <endian.h>
#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "elf_build.h"
#include "elf_file.h"
#include "fault.h"
#include "linked.h"
#include "scratch.h"

#define LINKED	"foo.no-btf.ko"
#define KO	"foo.ko"
#define CHANGED	"was shrunk, and " KO " has changed since: delete " LINKED \
		" to have it linked again"

/* Where the numbers of the kept file stand. */
enum {
	AT_VERSION = 8,
	AT_NR = 12,
	AT_SIZE = 16,
	AT_RANGES = 32,
};

static const struct timespec old_time = { 1234567890, 123456789 };

static const char btf[] = "\x9f\xeb these would be types";

/* The module that the tests are about, and the files made of it. */
static uint8_t *module, *kept, *ko;
static size_t module_size, kept_size, ko_size;

static void set_time(const char *path)
{
	const struct timespec times[2] = { old_time, old_time };

	assert_int_equal(utimensat(AT_FDCWD, path, times, 0), 0);
	assert_int_equal(chmod(path, 0640), 0);
}

static void assert_time(const char *path)
{
	struct stat st;

	assert_int_equal(stat(path, &st), 0);
	assert_int_equal(st.st_mtim.tv_sec, old_time.tv_sec);
	assert_int_equal(st.st_mtim.tv_nsec, old_time.tv_nsec);
	assert_int_equal(st.st_mode & 07777, 0640);
}

static void assert_file(const char *path, const void *data, size_t size)
{
	size_t found_size;
	uint8_t *found = scratch_read(path, &found_size);

	assert_int_equal(found_size, size);
	assert_memory_equal(found, data, size);
	free(found);
}

static void write_linked(const void *data, size_t size)
{
	scratch_write(LINKED, data, size);
	set_time(LINKED);
}

/* What "btfstage ko" does, with @ids for .BTF_ids where there is text. */
static int stage(bool shrink, const void *types, size_t size, struct err *err)
{
	struct elf_addition btf_section = { ".BTF", types, size };
	struct ranges overwritten = { 0 };
	struct elf_section text;
	struct file_out out;
	struct linked l;
	struct elf_file ef;
	int ret = -1;

	if (linked_open(&l, LINKED, KO, err))
		return -1;
	assert_int_equal(elf_file_open(&ef, &l.whole, err), 0);
	assert_int_equal(elf_file_section(&ef, ".text", &text, err), 1);
	assert_int_equal(file_out_create(&out, KO, err), 0);
	assert_int_equal(file_out_copy(&out, &l.whole, err), 0);
	out.written = &overwritten;
	assert_int_equal(file_out_write_at(&out, "CODE", 4,
					   text.shdr.sh_offset, err), 0);
	assert_int_equal(elf_file_add_sections(&ef, &out, &btf_section, 1,
					       err), 0);
	assert_true(linked_covers(&l, &overwritten));
	assert_int_equal(file_out_publish(&out, 0644, err), 0);
	ret = shrink ? linked_shrink(&l, &overwritten, err) : 0;
	file_out_discard(&out);
	ranges_free(&overwritten);
	elf_file_close(&ef);
	linked_close(&l);
	return ret;
}

static void build(struct elf_build *b)
{
	static const uint8_t bytes[2000] = "data";
	struct file_in in;

	/* What is changed in .text does not touch the ELF header. */
	elf_build_section(b, ".data", SHT_PROGBITS, bytes, sizeof(bytes));
	elf_build_section(b, ".text", SHT_PROGBITS, "code", 4);
	elf_build_image(b, &in);
	module = (uint8_t *)in.data;
	module_size = in.size;
	write_linked(module, module_size);
}

static void forget(void)
{
	free(module);
	free(kept);
	free(ko);
	kept = NULL;
	ko = NULL;
}

/* A module that has been shrunk. */
static void build_kept(void)
{
	struct elf_build b;
	struct err err;

	elf_build_init(&b, ELFCLASS64, ELFDATA2LSB);
	build(&b);
	elf_build_free(&b);
	assert_int_equal(stage(true, btf, sizeof(btf), &err), 0);
	kept = scratch_read(LINKED, &kept_size);
	ko = scratch_read(KO, &ko_size);
	assert_true(kept_size < module_size);
}

/* Shrink, stage again, restore: the module that is kept is what it was. */
static void there_and_back(struct elf_build *b)
{
	static const char longer[1000] = "more types";
	struct linked l;
	struct err err;

	build(b);
	assert_int_equal(stage(true, btf, sizeof(btf), &err), 0);
	kept = scratch_read(LINKED, &kept_size);
	ko = scratch_read(KO, &ko_size);
	assert_true(kept_size < module_size / 2);
	assert_time(LINKED);

	/* Other types and the same again: what is kept need not change. */
	assert_int_equal(stage(true, longer, sizeof(longer), &err), 0);
	assert_file(LINKED, kept, kept_size);
	assert_int_equal(linked_open(&l, LINKED, KO, &err), 0);
	assert_int_equal(l.whole.size, module_size);
	assert_memory_equal(l.whole.data, module, module_size);
	linked_close(&l);
	assert_int_equal(stage(true, btf, sizeof(btf), &err), 0);
	assert_file(KO, ko, ko_size);

	assert_int_equal(linked_open(&l, LINKED, KO, &err), 0);
	assert_int_equal(linked_write(&l, "out", &err), 0);
	assert_file("out", module, module_size);
	assert_time("out");
	assert_file(LINKED, kept, kept_size);

	assert_int_equal(linked_put_back(&l, &err), 0);
	assert_file(LINKED, module, module_size);
	assert_time(LINKED);
	assert_int_equal(linked_put_back(&l, &err), 0);
	linked_close(&l);

	/* Where nothing can be mapped. */
	assert_int_equal(stage(true, btf, sizeof(btf), &err), 0);
	assert_file(LINKED, kept, kept_size);
	fault_set(FAULT_MMAP, 0, FAULT_ALWAYS, ENODEV);
	assert_int_equal(linked_open(&l, LINKED, KO, &err), 0);
	assert_int_equal(linked_put_back(&l, &err), 0);
	assert_file(LINKED, module, module_size);
	linked_close(&l);
	fault_clear();

	forget();
	elf_build_free(b);
}

static void round_trip(void **state)
{
	const struct elf_format *format;
	struct elf_build b;

	(void)state;
	for (format = elf_formats; format->class; format++) {
		elf_build_init(&b, format->class, format->order);
		there_and_back(&b);

		elf_build_init(&b, format->class, format->order);
		b.names_inside = true;
		there_and_back(&b);

		elf_build_init(&b, format->class, format->order);
		b.headers_first = true;
		there_and_back(&b);

		elf_build_init(&b, format->class, format->order);
		b.segment = true;
		there_and_back(&b);
	}
}

/* What would not get smaller stays. */
static void tiny_module(void **state)
{
	struct ranges all = { 0 };
	struct linked l;
	struct err err;

	(void)state;
	write_linked("module", 6);
	assert_int_equal(linked_open(&l, LINKED, KO, &err), 0);
	assert_int_equal(ranges_add(&all, 0, 100), 0);
	assert_true(linked_covers(&l, &all));
	assert_int_equal(linked_shrink(&l, &all, &err), 0);
	linked_close(&l);
	ranges_free(&all);
	assert_file(LINKED, "module", 6);

	write_linked("", 0);
	assert_int_equal(linked_open(&l, LINKED, KO, &err), 0);
	assert_int_equal(linked_shrink(&l, &all, &err), 0);
	linked_close(&l);
	assert_file(LINKED, "", 0);
}

static void covers(void **state)
{
	struct ranges r = { 0 };
	struct linked l;
	struct err err;
	size_t i;

	(void)state;
	build_kept();
	assert_int_equal(linked_open(&l, LINKED, KO, &err), 0);
	assert_true(linked_covers(&l, &r));
	for (i = 0; i < l.ranges.nr; i++) {
		uint64_t start = l.ranges.v[i].start;
		uint64_t size = l.ranges.v[i].end - start;

		assert_int_equal(ranges_add(&r, start, size), 0);
		assert_true(linked_covers(&l, &r));
		if (start) {
			assert_int_equal(ranges_add(&r, start - 1, size), 0);
			assert_false(linked_covers(&l, &r));
			ranges_free(&r);
		}
	}
	/* Beyond the module's end nothing has to be kept. */
	assert_int_equal(ranges_add(&r, module_size, 1000), 0);
	assert_int_equal(ranges_add(&r, module_size - 1, 1000), 0);
	assert_true(linked_covers(&l, &r));
	assert_int_equal(ranges_add(&r, 100, module_size), 0);
	assert_false(linked_covers(&l, &r));
	ranges_free(&r);
	linked_close(&l);
	forget();
}

static const char *open_error(struct err *err)
{
	struct linked l;

	if (linked_open(&l, LINKED, KO, err))
		return err->msg;
	linked_close(&l);
	return NULL;
}

/* It opens as the module that it is of, or as what it is, or not at all. */
static void open_damaged(const uint8_t *data, size_t size, bool magic)
{
	struct linked l;
	struct err err;

	scratch_write(LINKED, data, size);
	if (linked_open(&l, LINKED, KO, &err)) {
		assert_true(magic);
		assert_memory_equal(err.msg, LINKED ": ", strlen(LINKED ": "));
		return;
	}
	assert_false(magic);
	assert_null(l.kept.data);
	assert_int_equal(l.whole.size, size);
	linked_close(&l);
}

static void damaged(void **state)
{
	static const uint8_t flips[] = { 0xff, 1, 0x80, 0 };
	uint8_t *longer;
	size_t at, i;

	(void)state;
	build_kept();
	for (at = 0; at < kept_size; at++) {
		for (i = 0; flips[i]; i++) {
			kept[at] ^= flips[i];
			open_damaged(kept, kept_size, at >= AT_VERSION);
			kept[at] ^= flips[i];
		}
		open_damaged(kept, at, at >= AT_VERSION);
	}
	longer = calloc(1, kept_size + 1);
	assert_non_null(longer);
	memcpy(longer, kept, kept_size);
	open_damaged(longer, kept_size + 1, true);
	free(longer);
	forget();
}

static void put(uint8_t *data, size_t at, size_t width, uint64_t value)
{
	uint64_t little = htole64(value);

	memcpy(data + at, &little, width);
}

static void refuses(void **state)
{
	static const struct {
		size_t at, width;
		uint64_t value;
		const char *msg;
	} cases[] = {
		{ AT_VERSION, 4, 2,
		  "has version 2 of what is kept of a module, not 1" },
		{ AT_NR, 4, UINT32_MAX,
		  "is cut off (4294967295 ranges kept of a module)" },
		{ AT_SIZE, 8, 1,
		  "range 0 kept of a module is invalid (offset 0x0, size 0x40)" },
		{ AT_SIZE, 8, UINT64_MAX, CHANGED },
		{ AT_RANGES, 8, UINT64_MAX,
		  "range 0 kept of a module is invalid (offset 0xffffffffffffffff, size 0x40)" },
		{ AT_RANGES, 8, UINT64_MAX - 0x3f,
		  "range 0 kept of a module is invalid (offset 0xffffffffffffffc0, size 0x40)" },
		{ AT_RANGES, 8, 1, CHANGED },
		{ AT_RANGES + 8, 8, 0,
		  "range 0 kept of a module is invalid (offset 0x0, size 0x0)" },
		{ AT_RANGES + 8, 8, UINT64_MAX,
		  "range 0 kept of a module is invalid (offset 0x0, size 0xffffffffffffffff)" },
		/* the second one: where the first one ends, and before */
		{ AT_RANGES + 16, 8, 0x40,
		  "range 1 kept of a module is invalid (offset 0x40, size 0x4)" },
		{ AT_RANGES + 16, 8, 0x20,
		  "range 1 kept of a module is invalid (offset 0x20, size 0x4)" },
		{ 0, 0, 0, NULL }
	};
	struct err err;
	char msg[300];
	size_t i;

	(void)state;
	build_kept();
	for (i = 0; cases[i].msg; i++) {
		uint8_t *copy = malloc(kept_size);

		assert_non_null(copy);
		memcpy(copy, kept, kept_size);
		put(copy, cases[i].at, cases[i].width, cases[i].value);
		scratch_write(LINKED, copy, kept_size);
		free(copy);
		snprintf(msg, sizeof(msg), LINKED ": %s", cases[i].msg);
		assert_string_equal(open_error(&err), msg);
	}
	scratch_write(LINKED, kept, 20);
	assert_string_equal(open_error(&err),
			    LINKED ": is cut off (20 bytes kept of a module)");
	forget();
}

/* Each byte of the module has to be that of foo.ko, or kept. */
static void wrong_ko(void **state)
{
	struct linked l;
	struct err err;
	size_t at;

	(void)state;
	build_kept();
	for (at = 0; at < ko_size; at++) {
		bool needed = at < module_size;

		ko[at] ^= 1;
		scratch_write(KO, ko, ko_size);
		ko[at] ^= 1;
		if (!linked_open(&l, LINKED, KO, &err)) {
			assert_memory_equal(l.whole.data, module, module_size);
			assert_true(!needed ||
				    ranges_cover(&l.ranges, at, at + 1));
			linked_close(&l);
			continue;
		}
		assert_true(needed);
		assert_string_equal(err.msg, LINKED ": " CHANGED);
	}
	for (at = 0; at < module_size; at++) {
		scratch_write(KO, ko, at);
		assert_string_equal(open_error(&err), LINKED ": " CHANGED);
	}
	/* Signed: longer, and the same otherwise. */
	scratch_write(KO, ko, module_size);
	assert_null(open_error(&err));

	assert_int_equal(unlink(KO), 0);
	assert_string_equal(open_error(&err),
			    LINKED ": was shrunk, and " KO
			    " is missing: delete " LINKED
			    " to have it linked again");
	assert_int_equal(mkdir(KO, 0777), 0);
	assert_string_equal(open_error(&err), KO ": is not a regular file");
	assert_int_equal(rmdir(KO), 0);
	assert_file(LINKED, kept, kept_size);
	forget();
}

/* A step that fails leaves the file as it was. */
static void failures(void **state)
{
	struct linked l;
	struct err err;
	unsigned int i;

	(void)state;
	build_kept();
	for (i = 0; ; i++) {
		fault_clear();
		fault_set(FAULT_ALLOC, i, 1, ENOMEM);
		if (linked_open(&l, LINKED, KO, &err)) {
			assert_string_equal(err.msg, LINKED ": out of memory");
			continue;
		}
		if (!linked_put_back(&l, &err))
			break;
		assert_string_equal(err.msg, LINKED ": out of memory");
		linked_close(&l);
		assert_file(LINKED, kept, kept_size);
	}
	linked_close(&l);
	assert_true(i >= 3);
	fault_clear();

	for (i = 0; ; i++) {
		write_linked(module, module_size);
		assert_int_equal(stage(false, btf, sizeof(btf), &err), 0);
		fault_clear();
		/* libelf's are not counted. */
		fault_set(FAULT_ALLOC, i, 1, ENOMEM);
		assert_int_equal(linked_open(&l, LINKED, KO, &err), 0);
		if (!linked_shrink(&l, &l.ranges, &err))
			break;
		assert_string_equal(err.msg, LINKED ": out of memory");
		linked_close(&l);
		assert_file(LINKED, module, module_size);
	}
	linked_close(&l);
	assert_true(i >= 2);
	fault_clear();

	write_linked(module, module_size);
	fault_set(FAULT_FUTIMENS, 0, FAULT_ALWAYS, EPERM);
	assert_int_equal(stage(true, btf, sizeof(btf), &err), -1);
	assert_string_equal(err.msg, LINKED
			    ": cannot set the time: Operation not permitted");
	assert_file(LINKED, module, module_size);
	fault_clear();
	fault_set(FAULT_RENAME, 1, FAULT_ALWAYS, EBUSY);
	assert_int_equal(stage(true, btf, sizeof(btf), &err), -1);
	assert_string_equal(err.msg, LINKED
			    ": cannot replace: Device or resource busy");
	assert_file(LINKED, module, module_size);
	assert_file(KO, ko, ko_size);
	fault_clear();
	assert_int_equal(stage(true, btf, sizeof(btf), &err), 0);
	assert_file(LINKED, kept, kept_size);
	forget();
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(round_trip),
		cmocka_unit_test(tiny_module),
		cmocka_unit_test(covers),
		cmocka_unit_test(damaged),
		cmocka_unit_test(refuses),
		cmocka_unit_test(wrong_ko),
		cmocka_unit_test(failures),
	};

	return cmocka_run_group_tests(tests, scratch_setup, scratch_teardown);
}
