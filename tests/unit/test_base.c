// SPDX-License-Identifier: GPL-2.0-only
/*
 * The base file: everything in it can be found. A file that is truncated or corrupt
 * anywhere gives an error or a result, nothing worse.
 */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cmocka.h>

#include "btf_build.h"
#include "equal.h"
#include "fault.h"

static const char types[] =
	"int INT int 4\n"
	"p PTR a\n"
	"arr ARRAY int int 7\n"
	"a STRUCT a 16 self:p@0 f:int@64/3 g:int@67/5\n"
	"u UNION u 4 x:int@0 y:int@0\n"
	"e ENUM e 4 E_ONE=1 E_MINUS=-1\n"
	"fwd FWD far struct\n"
	"td TYPEDEF td fwd\n"
	"r RESTRICT p\n"
	"f FUNC f proto 1\n"
	"proto PROTO int x:p -:void\n"
	"var VAR var int 1\n"
	"sec DATASEC .data 4 :var@0/4\n"
	"fl FLOAT double 8\n"
	"tag DECL_TAG tag a 1\n"
	"e64 ENUM64 e64 8 BIG=0x123456789ab\n"
	"a2 STRUCT a 16 self:p2@0 f:int@64/3 g:int@67/5\n"
	"p2 PTR a2\n"
	"def STRUCT far 4 x:int@0\n"
	"fwd2 FWD far struct\n"
	"anon UNION - 4 -:int@0\n";

static const char module[] =
	"far FWD far struct\n"
	"pfar PTR far\n"
	"a STRUCT a 16 self:p@0 f:int@64/3 g:int@67/5\n"
	"p PTR a\n"
	"int INT int 4\n"
	"e ENUM e 4\n"
	"td TYPEDEF td far\n"
	"own STRUCT own 16 p:pfar@0 -:anon@64\n"
	"anon UNION - 4 -:int@0\n"
	"f FUNC f proto 1\n"
	"proto PROTO int x:p -:void\n"
	"v VAR v own 0\n"
	"fl FLOAT double 8\n"
	"arr ARRAY own int 3\n";

struct file {
	uint8_t *data;
	size_t size;
};

/* The base file's contents for @text, freed with all the rest. */
static struct file contents(const char *text, bool swapped)
{
	struct file file;

	raw_write_base(model_raw(model_parse(text), swapped), "made");
	file.data = scratch_read("made", &file.size);
	return file;
}

/* A file in memory: on disk, thousands of changes take their time. */
static char memory_path[32];

static void write_memory(const void *data, size_t size)
{
	static int fd = -1;

	if (fd < 0) {
		fd = memfd_create("base", 0);
		assert_true(fd >= 0);
		snprintf(memory_path, sizeof(memory_path), "/proc/self/fd/%d",
			 fd);
	}
	assert_int_equal(ftruncate(fd, size), 0);
	assert_int_equal(pwrite(fd, data, size, 0), size);
}

/* Open and use for all there is; true when opening went well. */
static bool use(const struct btf *mod, const void *data, size_t size)
{
	static const char *const names[] = { "a", "far", "f", "td", "none" };
	struct err err = { .msg = "" };
	struct split split;
	struct base base;
	uint32_t id;
	unsigned int i, space;

	write_memory(data, size);
	/* Read into memory of just that size, for ASan to see its end. */
	fault_set(FAULT_MMAP, 0, 1, ENODEV);
	if (base_open(&base, memory_path, &err)) {
		assert_non_null(strstr(err.msg, memory_path));
		return false;
	}
	if (split_make(&split, mod, &base, base.sorted, &err))
		/* Or it may say that the byte orders differ. */
		assert_non_null(strstr(err.msg, memory_path));
	split_free(&split);
	for (i = 0; i < 5; i++)
		for (space = 1; space <= BTF_SPACE_FUNC; space++)
			if (base_find_name(&base, BTF_KIND_STRUCT, space,
					   names[i], strlen(names[i]), &id,
					   &err) > 0)
				assert_non_null(base_type(&base, id, &err));
	base_close(&base);
	return true;
}

static struct btf mod_btf;

static int setup(void **state)
{
	struct raw raw = model_raw(model_parse(module), false);
	struct err err;
	uint8_t *data;

	if (scratch_setup(state))
		return -1;
	data = malloc(raw.size);
	if (!data)
		return -1;
	memcpy(data, raw.data, raw.size);
	*state = data;
	raw.data = data;
	return raw_open(&mod_btf, raw, &err);
}

static int teardown(void **state)
{
	btf_free(&mod_btf);
	free(*state);
	build_free_all();
	return scratch_teardown(state);
}

static void base_has_all(void **state)
{
	struct raw raw = model_raw(model_parse(types), false);
	uint32_t id, *equal, found, nr;
	struct table_range range;
	struct base base;
	uint64_t *fps;
	struct btf btf;
	struct err err;

	(void)state;
	raw_write_base(raw, "base");
	assert_int_equal(raw_open(&btf, raw, &err), 0);
	fps = btf_fingerprints(&btf, &err);
	equal = model_lowest_equal(model_parse(types));
	assert_int_equal(base_open(&base, "base", &err), 0);
	assert_false(base.swapped);
	assert_int_equal(base.nr_types, btf.nr_types);
	assert_int_equal(base.strs_len, btf.strs_len);
	for (id = 1; id <= btf.nr_types; id++) {
		const struct btf_type *t = base_type(&base, id, &err);
		const struct btf_type *want = btf_type(&btf, id);
		bool thing = btf_kind(want) == BTF_KIND_VAR ||
			     btf_kind(want) == BTF_KIND_DATASEC;

		assert_non_null(t);
		assert_memory_equal(t, want,
				    4 * (BTF_TYPE_WORDS + btf_tail_words(want)));
		assert_string_equal(base_str(&base, t->name_off),
				    btf_str(&btf, want->name_off));
		assert_int_equal(base_equal(&base, id), equal[id]);
		/* In by_shape it is once, under the lowest of its ids. */
		nr = 0;
		assert_int_equal(base_lookup(&base, &base.by_shape, fps[id],
					     &range, &err), 0);
		while (table_next(&range, &found))
			nr += found == equal[id];
		assert_int_equal(nr, !thing);
	}
	assert_null(base_type(&base, 0, &err));
	assert_null(base_type(&base, btf.nr_types + 1, &err));
	assert_null(base_type(&base, UINT32_MAX, &err));
	assert_int_equal(base_equal(&base, 0), 0);
	assert_int_equal(base_equal(&base, UINT32_MAX), UINT32_MAX);
	assert_string_equal(base_str(&base, UINT32_MAX), "");
	base_close(&base);
	free(fps);
	btf_free(&btf);
}

/* The same types, whenever and wherever: nothing is built again for nothing. */
static void base_same_bytes(void **state)
{
	struct raw raw = model_raw(model_parse(types), false);
	struct file first, second;
	uint8_t *moved = test_malloc(raw.size + 1);

	(void)state;
	first = contents(types, false);
	memcpy(moved + 1, raw.data, raw.size);
	raw_write_base((struct raw){ moved + 1, raw.size }, "other");
	test_free(moved);
	second.data = scratch_read("other", &second.size);
	assert_int_equal(first.size, second.size);
	assert_memory_equal(first.data, second.data, first.size);
	free(first.data);
	free(second.data);
}

/* The target's byte order is the only difference. */
static void base_other_byte_order(void **state)
{
	struct file file = contents(types, false);
	struct file other = contents(types, true);
	struct base_header *h;
	struct base base;
	struct err err;

	(void)state;
	assert_int_equal(base_open(&base, "made", &err), 0);
	assert_true(base.swapped);
	base_close(&base);
	assert_int_equal(file.size, other.size);
	h = (void *)other.data;
	h->flags &= ~BASE_SWAPPED;
	h->checksum = base_checksum(other.data, other.size);
	assert_memory_equal(file.data, other.data, file.size);
	free(file.data);
	free(other.data);
}

static bool holds(const char *text, bool swapped)
{
	struct raw raw = model_raw(model_parse(text), swapped);
	struct btf btf;
	struct err err;
	bool same;

	assert_int_equal(btf_open(&btf, "vmlinux", raw.data, raw.size, &err),
			 0);
	same = base_file_holds("made", &btf);
	btf_free(&btf);
	return same;
}

static void base_holds(void **state)
{
	static const uint32_t other = BASE_VERSION + 1;
	struct file file = contents(types, false);

	(void)state;
	assert_true(holds(types, false));
	assert_false(holds(types, true));
	assert_false(holds(module, false));
	assert_false(holds(build_text("x INT x 4\n"), false));
	memcpy(file.data + offsetof(struct base_header, version), &other, 4);
	scratch_write("made", file.data, file.size);
	assert_false(holds(types, false));
	scratch_write("made", "", 0);
	assert_false(holds(types, false));
	assert_int_equal(unlink("made"), 0);
	assert_false(holds(types, false));
	free(file.data);
}

static bool holds_changed(struct file *file, size_t at, uint8_t bits)
{
	bool same;

	file->data[at] ^= bits;
	scratch_write("made", file->data, file->size);
	same = holds(types, false);
	file->data[at] ^= bits;
	return same;
}

/* Damage behind types and strings is in nothing that can be compared. */
static void base_damaged(void **state)
{
	struct file file = contents(types, false);
	const struct base_header h = *(const struct base_header *)file.data;
	size_t end = h.parts[BASE_TYPES].off + h.parts[BASE_TYPES].len;
	unsigned int part;
	struct base base;
	struct err err;
	size_t at;

	(void)state;
	assert_true(holds_changed(&file, 0, 0));
	for (at = 0; at < sizeof(h); at++)
		assert_false(holds_changed(&file, at, 0x10));
	for (part = 0; part < NR_BASE_PARTS; part++) {
		at = h.parts[part].off;
		assert_false(holds_changed(&file, at, 1));
		at += h.parts[part].len;
		assert_false(holds_changed(&file, at - 1, 0x80));
		/* Alignment */
		if (at < file.size)
			assert_false(holds_changed(&file, at, 1));
	}

	/* As a file that was not written to its end when the power went */
	memset(file.data + end, 0, file.size - end);
	scratch_write("made", file.data, file.size);
	assert_false(holds(types, false));

	assert_int_equal(base_open(&base, "made", &err), 0);
	assert_int_equal(base_verify(&base, &err), -1);
	assert_string_equal(err.msg,
			    "made: prepared base is damaged, remove it and make it again");
	base_close(&base);
	free(file.data);
}

static void assert_refused(const struct file *file, const char *msg)
{
	struct err err = { .msg = "" };
	struct base base;

	scratch_write("base", file->data, file->size);
	assert_int_equal(base_open(&base, "base", &err), -1);
	assert_string_equal(err.msg, msg);
}

static void base_refuses(void **state)
{
	struct file file = contents(types, false);
	struct base_header good, *h = (void *)file.data;

	(void)state;
	good = *h;
	h->magic[7] = 0;
	assert_refused(&file, "base: is not a prepared base");
	*h = good;
	h->byte_order = 0x04030201;
	assert_refused(&file,
		       "base: prepared base has the byte order of another machine");
	*h = good;
	h->version = 77;
	assert_refused(&file, build_text("base: prepared base has version 77, this btfstage needs %u",
					 BASE_VERSION));
	*h = good;
	h->nr_types++;
	assert_refused(&file,
		       "base: prepared base is corrupt (part 2),"
		       " remove it and make it again");
	*h = good;
	file.size = sizeof(good) - 1;
	assert_refused(&file, build_text("base: prepared base is truncated (%zu bytes)",
					 file.size));
	file.size = 0;
	assert_refused(&file, "base: is not a prepared base");
	free(file.data);
}

/* A build killed while it wrote, on a file system that lost the end. */
static void base_truncated_anywhere(void **state)
{
	struct file file = contents(types, false);
	size_t size;

	(void)state;
	for (size = 0; size < file.size; size++)
		assert_false(use(&mod_btf, file.data, size));
	assert_true(use(&mod_btf, file.data, size));
	free(file.data);
}

static bool use_changed(const struct file *file)
{
	return use(&mod_btf, file->data, file->size);
}

static void base_header_bytes_changed(void **state)
{
	struct file file = contents(types, false);
	unsigned int i;
	size_t at;

	(void)state;
	for (at = 0; at < sizeof(struct base_header); at++) {
		uint8_t old = file.data[at];
		const uint8_t values[] = {
			0, 0xff, old ^ 1, old ^ 0x80, old + 8, old - 8
		};

		for (i = 0; i < sizeof(values); i++) {
			file.data[at] = values[i];
			use_changed(&file);
		}
		file.data[at] = old;
	}
	free(file.data);
}

/* Offsets and lengths whose sum wraps around, or that overlap. */
static void base_parts_sweep(void **state)
{
	static const uint32_t values[] = {
		0, 1, 4, 8, 12, 16, 0x7ffffff8, 0x80000000, 0xfffffff8,
		0xffffffff
	};
	struct file file = contents(types, false);
	struct base_header good, *h = (void *)file.data;
	unsigned int part, i, j;

	(void)state;
	good = *h;
	for (part = 0; part < NR_BASE_PARTS; part++)
		for (i = 0; i < 10; i++) {
			h->parts[part].len = values[i];
			use_changed(&file);
			for (j = 0; j < 10; j++) {
				h->parts[part].off = values[j];
				use_changed(&file);
			}
			*h = good;
		}
	free(file.data);
}

/* Every word of every part, to values that are wrong in different ways. */
static void base_every_word_changed(void **state)
{
	static const uint32_t values[] = { 0, 1, 5, 0xffff, 0x7fffffff,
					   0xffffffff };
	struct file file = contents(types, false);
	unsigned int i;
	size_t at;

	(void)state;
	for (at = sizeof(struct base_header); at + 4 <= file.size; at += 4) {
		uint32_t old;

		memcpy(&old, file.data + at, 4);
		for (i = 0; i < 6; i++) {
			memcpy(file.data + at, &values[i], 4);
			use_changed(&file);
		}
		memcpy(file.data + at, &old, 4);
	}
	free(file.data);
}

static void base_random_bytes_changed(void **state)
{
	struct file file = contents(types, false), bad = file;
	uint32_t seed = 1, round, i, changes, opened = 0;

	(void)state;
	bad.data = test_malloc(file.size);
	for (round = 0; round < 4000; round++) {
		memcpy(bad.data, file.data, file.size);
		changes = 1 + build_random(&seed, 32);
		for (i = 0; i < changes; i++) {
			uint32_t at = build_random(&seed, file.size);

			/* Mostly past the header, or nothing is ever used. */
			if (at >= sizeof(struct base_header) || !(round % 8))
				bad.data[at] = build_random(&seed, 256);
		}
		opened += use_changed(&bad);
	}
	assert_true(opened > 3000);
	test_free(bad.data);
	free(file.data);
}

/* A table that leads from everything to everything, with equal tags. */
static void base_tables_lie(void **state)
{
	struct file file = contents(types, false);
	struct base_header *h = (void *)file.data;
	unsigned int part, i;

	(void)state;
	for (part = BASE_BY_SHAPE_BUCKETS; part < NR_BASE_PARTS; part += 2) {
		uint32_t *buckets = (void *)(file.data + h->parts[part].off);
		uint32_t *entries =
			(void *)(file.data + h->parts[part + 1].off);
		uint32_t nr_buckets = h->parts[part].len / 4;
		uint32_t nr = h->parts[part + 1].len / sizeof(*entries);

		for (i = 0; i < nr_buckets; i++)
			buckets[i] = i % 2 ? nr : 0;
		use_changed(&file);
		for (i = 0; i < nr; i++)
			entries[i] = 4;
		use_changed(&file);
	}
	free(file.data);
}

/*
 * What is of an unknown kind is skipped and never found: nothing of a module can be
 * the same. Types behind it keep their ids.
 */
static void base_unknown_kind(void **state)
{
	static const uint8_t layouts[NR_BTF_KINDS + 1][2] = {
		[NR_BTF_KINDS] = { 0, 8 },
	};
	struct raw raw = model_raw(model_parse("int INT int 4\n"
					       "new ENUM new 4 A=1\n"
					       "again ENUM new 4 A=1\n"
					       "pnew PTR new\n"
					       "s STRUCT s 8 p:pnew@0\n"
					       "p PTR int\n"
					       "f FUNC f proto 1\n"
					       "proto PROTO p\n"), false);
	struct model *m = model_parse("s STRUCT s 8 p:pnew@0\n"
				      "pnew PTR new\n"
				      "new ENUM new 4 A=1\n"
				      "int INT int 4\n"
				      "p PTR int\n");
	struct split split;
	struct base base;
	struct btf btf;
	struct err err;
	uint32_t id;

	(void)state;
	raw = raw_with_layouts(raw, layouts, NR_BTF_KINDS + 1, false);
	raw_set_kind(raw, 2, NR_BTF_KINDS);
	raw_set_kind(raw, 3, NR_BTF_KINDS);
	raw_write_base(raw, "base");
	assert_int_equal(base_open(&base, "base", &err), 0);
	assert_int_equal(base.nr_types, 8);
	assert_null(base_type(&base, 2, &err));
	assert_string_equal(err.msg, "base: BTF type 2 has unknown kind 20");
	assert_int_equal(base_equal(&base, 3), 3);
	assert_int_equal(base_find_name(&base, BTF_KIND_ENUM, BTF_SPACE_ENUM,
					"new", 3, &id, &err), 0);
	assert_int_equal(base_find_name(&base, BTF_KIND_FUNC, BTF_SPACE_FUNC,
					"f", 1, &id, &err), 1);
	assert_int_equal(id, 7);

	assert_int_equal(raw_open(&btf, model_raw(m, false), &err), 0);
	assert_int_equal(split_make(&split, &btf, &base, false, &err), 0);
	assert_int_equal(split.nr_kept, 3);
	assert_int_equal(split.ids[model_id(m, "int")], 1);
	assert_int_equal(split.ids[model_id(m, "p")], 6);
	split_free(&split);
	btf_free(&btf);
	base_close(&base);
}

static void base_of_no_types(void **state)
{
	struct file file = contents("", false);

	(void)state;
	assert_true(use(&mod_btf, file.data, file.size));
	free(file.data);
}

static void base_out_of_memory(void **state)
{
	struct raw raw = model_raw(model_parse(types), false);
	unsigned int i = 0;
	struct btf btf;
	struct err err;
	uint8_t *data;
	size_t size;
	int ret = -1;

	(void)state;
	assert_int_equal(raw_open(&btf, raw, &err), 0);
	while (ret) {
		assert_true(i < 100);
		fault_set(FAULT_ALLOC, i++, 1, 0);
		ret = base_build(&btf, &data, &size, &err);
		fault_clear();
		if (ret)
			assert_string_equal(err.msg, "mod.btf: out of memory");
	}
	assert_true(i > 10);
	free(data);
	btf_free(&btf);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(base_has_all),
		cmocka_unit_test(base_same_bytes),
		cmocka_unit_test(base_other_byte_order),
		cmocka_unit_test(base_holds),
		cmocka_unit_test(base_damaged),
		cmocka_unit_test(base_refuses),
		cmocka_unit_test(base_truncated_anywhere),
		cmocka_unit_test(base_header_bytes_changed),
		cmocka_unit_test(base_parts_sweep),
		cmocka_unit_test(base_every_word_changed),
		cmocka_unit_test(base_random_bytes_changed),
		cmocka_unit_test(base_tables_lie),
		cmocka_unit_test_teardown(base_unknown_kind, build_teardown),
		cmocka_unit_test(base_of_no_types),
		cmocka_unit_test(base_out_of_memory),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
