// SPDX-License-Identifier: GPL-2.0-only
/* Parsing BTF: every kind, both byte orders, and malformed input. */
#include <byteswap.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "btf_build.h"
#include "btf_image.h"

#define TYPES_AT	sizeof(struct btf_header)

static const char all_kinds[] =
	"int INT int 4\n"
	"p PTR a\n"
	"arr ARRAY int int 7\n"
	"a STRUCT a 16 self:p@0 f:int@64/3 g:int@67/5\n"
	"u UNION u 4 x:int@0 y:int@0\n"
	"e ENUM e 4 E_ONE=1 E_MINUS=-1\n"
	"fwd FWD far struct\n"
	"td TYPEDEF td fwd\n"
	"v VOLATILE int\n"
	"c CONST v\n"
	"r RESTRICT p\n"
	"f FUNC f proto 1\n"
	"proto PROTO int x:p -:void\n"
	"var VAR var int 1\n"
	"sec DATASEC .data 4 :var@0/4\n"
	"fl FLOAT double 8\n"
	"tag DECL_TAG tag a 1\n"
	"tt TYPE_TAG tt int\n"
	"e64 ENUM64 e64 8 BIG=0x123456789ab\n"
	"noproto PROTO void\n"
	/* With this, the strings are words: types can follow. */
	"words TYPEDEF word int\n";

/* The error for @raw, or "". Frees everything. */
static const char *fault_of(struct raw raw)
{
	static struct err err;
	struct btf btf = { 0 };

	err.msg[0] = 0;
	if (!raw_open(&btf, raw, &err))
		assert_string_equal(err.msg, "");
	else
		assert_non_null(strstr(err.msg, "mod.btf: "));
	btf_free(&btf);
	return err.msg;
}

static void assert_fault(struct raw raw, const char *part)
{
	const char *msg = fault_of(raw);

	if (!strstr(msg, part))
		fail_msg("message is \"%s\", not \"%s\"", msg, part);
}

/* Exactly its size, so that ASan detects reads beyond. */
static struct raw copy(struct raw raw, size_t size)
{
	struct raw part = { test_malloc(size), size };

	memcpy(part.data, raw.data, size);
	return part;
}

static struct raw parse(const char *text)
{
	return model_raw(model_parse(text), false);
}

static void set_word(struct raw raw, size_t off, uint32_t word)
{
	assert_true(off + 4 <= raw.size);
	memcpy(raw.data + off, &word, 4);
}

static void assert_same_types(const struct btf *btf, const struct btf *other)
{
	uint32_t id;

	assert_int_equal(btf->nr_types, other->nr_types);
	assert_int_equal(btf->types_len, other->types_len);
	assert_int_equal(btf->strs_len, other->strs_len);
	assert_memory_equal(btf->types, other->types, btf->types_len);
	assert_memory_equal(btf->strs, other->strs, btf->strs_len);
	for (id = 1; id <= btf->nr_types; id++)
		assert_int_equal(btf->type_offs[id], other->type_offs[id]);
}

static void btf_all_kinds(void **state)
{
	struct model *m = model_parse(all_kinds);
	struct raw raw = model_raw(m, false);
	unsigned int seen = 0;
	struct btf btf;
	struct err err;
	uint32_t id;

	(void)state;
	assert_int_equal(raw_open(&btf, raw, &err), 0);
	assert_false(btf.swapped);
	assert_int_equal(btf.nr_types, m->nr);
	for (id = 1; id <= m->nr; id++) {
		const struct btf_type *t = btf_type(&btf, id);
		const struct model_type *want = &m->types[id];
		uint32_t refs = 0, want_refs = 0, i;
		struct btf_iter it;

		assert_int_equal(btf_kind(t), want->kind);
		assert_int_equal(btf_kflag(t), want->flag);
		assert_string_equal(btf_str(&btf, t->name_off), want->name);
		/* The iterator finds the references that libbpf wrote. */
		it = btf_iter_ref_begin(t);
		for (; btf_iter_valid(&it); btf_iter_ref_next(&it))
			refs += *it.word;
		for (i = 0; i < model_nr_refs(want); i++)
			want_refs += model_ref(want, i);
		assert_int_equal(refs, want_refs);
		seen |= 1u << btf_kind(t);
	}
	assert_int_equal(seen, (1u << NR_BTF_KINDS) - 2);
	btf_free(&btf);
}

static void btf_other_byte_order(void **state)
{
	struct model *m = model_parse(all_kinds);
	struct btf btf, other;
	struct err err;

	(void)state;
	assert_int_equal(raw_open(&btf, model_raw(m, false), &err), 0);
	assert_int_equal(raw_open(&other, model_raw(m, true), &err), 0);
	assert_false(btf.swapped);
	assert_true(other.swapped);
	assert_same_types(&btf, &other);
	btf_free(&btf);
	btf_free(&other);
}

/* .BTF has alignment 1 in old kernels, so a section can have any offset. */
static void btf_any_alignment(void **state)
{
	struct raw raw = parse(all_kinds);
	struct btf btf, other;
	struct err err;
	unsigned int i;

	(void)state;
	assert_int_equal(raw_open(&btf, raw, &err), 0);
	for (i = 1; i < 8; i++) {
		uint8_t *data = test_malloc(raw.size + i);

		memcpy(data + i, raw.data, raw.size);
		assert_int_equal(raw_open(&other,
					  (struct raw){ data + i, raw.size },
					  &err), 0);
		assert_same_types(&btf, &other);
		btf_free(&other);
		test_free(data);
	}
	btf_free(&btf);
}

static void btf_truncated_anywhere(void **state)
{
	unsigned int swapped;
	size_t size;

	(void)state;
	for (swapped = 0; swapped < 2; swapped++) {
		struct raw raw = model_raw(model_parse(all_kinds), swapped);

		for (size = 0; size < raw.size; size++) {
			struct raw part = copy(raw, size);

			assert_fault(part, size < TYPES_AT ? "is truncated" :
				     "lie outside the data");
			test_free(part.data);
		}
	}
}

/* Sections that end early, in a file that does not. */
static void btf_sections_truncated(void **state)
{
	struct raw raw = parse(all_kinds);
	struct btf_header h, changed;
	uint32_t len;

	(void)state;
	memcpy(&h, raw.data, sizeof(h));
	for (len = 0; len < h.type_len; len++) {
		changed = h;
		changed.type_len = len;
		memcpy(raw.data, &changed, sizeof(h));
		if (*fault_of(raw))
			assert_true(strstr(fault_of(raw), "is truncated") ||
				    strstr(fault_of(raw), "refers to type"));
		else
			assert_int_equal(len % 4, 0);
	}
	for (len = 0; len < h.str_len; len++) {
		changed = h;
		changed.str_len = len;
		memcpy(raw.data, &changed, sizeof(h));
		assert_true(*fault_of(raw));
	}
}

static void btf_every_byte_changed(void **state)
{
	unsigned int swapped, i;
	size_t at;

	(void)state;
	for (swapped = 0; swapped < 2; swapped++) {
		struct raw raw = model_raw(model_parse(all_kinds), swapped);

		for (at = 0; at < raw.size; at++) {
			uint8_t byte = raw.data[at];
			const uint8_t values[] = {
				0, 0xff, byte ^ 1, byte ^ 0x80, byte + 1
			};

			for (i = 0; i < sizeof(values); i++) {
				struct raw bad = copy(raw, raw.size);

				bad.data[at] = values[i];
				/* A change of magic or version is noticed. */
				if (*fault_of(bad) == 0 && at < 3)
					assert_int_equal(values[i], byte);
				test_free(bad.data);
			}
		}
	}
}

/* Sums of header fields that wrap around must not look small. */
static void btf_header_sweep(void **state)
{
	static const uint32_t values[] = {
		0, 1, 2, 3, 4, 23, 24, 25, 28, 0x7fffffff, 0x80000000,
		0xfffffff0, 0xfffffffc, 0xffffffff
	};
	struct raw raw = parse(all_kinds);
	struct btf_header good;
	unsigned int i, j, a, b;

	(void)state;
	memcpy(&good, raw.data, sizeof(good));
	/* Every two of the five 32-bit fields, to all pairs of values. */
	for (a = 1; a < 6; a++)
		for (b = a; b < 6; b++)
			for (i = 0; i < 14; i++)
				for (j = 0; j < 14; j++) {
					memcpy(raw.data, &good, sizeof(good));
					set_word(raw, a * 4, values[i]);
					set_word(raw, b * 4, values[j]);
					fault_of(raw);
				}
	memcpy(raw.data, &good, sizeof(good));
	assert_string_equal(fault_of(raw), "");
}

static void btf_header_faults(void **state)
{
	struct raw raw = parse(all_kinds);
	struct btf_header good, h;

	(void)state;
	memcpy(&good, raw.data, sizeof(good));
#define FAULT(field, value, part)					\
	do {								\
		h = good;						\
		h.field = value;					\
		memcpy(raw.data, &h, sizeof(h));			\
		assert_fault(raw, part);				\
	} while (0)
	FAULT(magic, 0x1234, "is not BTF (magic 0x1234)");
	FAULT(version, 2, "BTF version 2 is not known");
	FAULT(hdr_len, 23, "header length 23 is wrong");
	FAULT(hdr_len, raw.size + 1, "header length");
	FAULT(type_off, 2, "not aligned");
	FAULT(type_off, 0xfffffffc, "types lie outside");
	FAULT(type_len, 0xffffffff, "types lie outside");
	FAULT(str_off, 0xffffffff, "strings lie outside");
	FAULT(str_len, good.str_len + 1, "strings lie outside");
	FAULT(str_len, 0, "do not start and end with a NUL");
#undef FAULT
}

/* A later version may have a longer header. */
static void btf_longer_header(void **state)
{
	struct raw raw = parse(all_kinds), longer;
	struct btf btf, other;
	struct btf_header h;
	struct err err;

	(void)state;
	memcpy(&h, raw.data, sizeof(h));
	h.hdr_len += 8;
	longer = (struct raw){ build_alloc(raw.size + 8), raw.size + 8 };
	memcpy(longer.data, &h, sizeof(h));
	memcpy(longer.data + h.hdr_len, raw.data + TYPES_AT,
	       raw.size - TYPES_AT);
	assert_int_equal(raw_open(&btf, raw, &err), 0);
	assert_int_equal(raw_open(&other, longer, &err), 0);
	assert_same_types(&btf, &other);
	btf_free(&btf);
	btf_free(&other);
}

/* More members than 16 bits can count, as 7.2 can have them. */
static void btf_wide_vlen(void **state)
{
	static uint32_t words[4 + 3 + 65536 * 3 + 3] = {
		0, BTF_KIND_INT << 24, 4, 32,
		0, BTF_KIND_UNION << 24 | 65536, 4,
	};
	const unsigned int nr = sizeof(words) / sizeof(*words);
	struct btf_header h = {
		.magic = BTF_MAGIC, .version = 1, .hdr_len = sizeof(h),
		.type_len = sizeof(words), .str_off = sizeof(words),
		.str_len = 1,
	};
	struct raw raw = { test_malloc(sizeof(h) + sizeof(words) + 1),
			   sizeof(h) + sizeof(words) + 1 };
	struct btf_iter it;
	struct btf btf;
	struct err err;
	unsigned int i;

	(void)state;
	for (i = 0; i < 65536; i++)
		words[7 + i * 3 + 1] = 1;
	words[nr - 2] = BTF_KIND_PTR << 24;
	words[nr - 1] = 2;
	memcpy(raw.data, &h, sizeof(h));
	memcpy(raw.data + sizeof(h), words, sizeof(words));
	raw.data[raw.size - 1] = 0;

	assert_int_equal(raw_open(&btf, raw, &err), 0);
	assert_int_equal(btf.nr_types, 3);
	assert_int_equal(btf_vlen(btf_type(&btf, 2)), 65536);
	it = btf_iter_ref_begin(btf_type(&btf, 2));
	for (i = 0; btf_iter_valid(&it); btf_iter_ref_next(&it))
		i += *it.word;
	assert_int_equal(i, 65536);
	assert_int_equal(btf_kind(btf_type(&btf, 3)), BTF_KIND_PTR);
	btf_free(&btf);

	/* The last member is looked at, too. */
	set_word(raw, TYPES_AT + (nr - 5) * 4, 4);
	assert_fault(raw, "type 2 refers to type 4, there are 3");
	test_free(raw.data);
}

static const uint8_t layouts[][2] = {
	[BTF_KIND_INT] = { 4, 0 }, [BTF_KIND_ENUM64] = { 0, 12 },
	[NR_BTF_KINDS] = { 0, 0 }, { 4, 8 }, { 0, 8 }, { 0, 3 },
};

#define NR_LAYOUTS	(sizeof(layouts) / sizeof(*layouts))

/* Wherever they are, types and strings are the same. */
static void btf_layouts(void **state)
{
	unsigned int swapped, first;
	struct btf btf, other;
	struct err err;

	(void)state;
	for (swapped = 0; swapped < 2; swapped++)
		for (first = 0; first < 2; first++) {
			struct raw raw = model_raw(model_parse(all_kinds),
						   swapped);
			struct raw longer;

			longer = raw_with_layouts(raw, layouts, NR_LAYOUTS,
						  first);
			assert_int_equal(raw_open(&btf, raw, &err), 0);
			assert_int_equal(raw_open(&other, longer, &err), 0);
			assert_same_types(&btf, &other);
			assert_int_equal(other.layouts.nr, NR_LAYOUTS);
			btf_free(&btf);
			btf_free(&other);
		}
}

static void btf_layouts_outside(void **state)
{
	struct raw raw = raw_with_layouts(parse(all_kinds), layouts,
					  NR_LAYOUTS, true);
	uint32_t body = raw.size - 32, len = NR_LAYOUTS * 4;

	(void)state;
	assert_string_equal(fault_of(raw), "");
	set_word(raw, 24, body - len + 1);
	assert_fault(raw, "BTF layouts lie outside the data (offset");
	set_word(raw, 24, 0xffffffff);
	assert_fault(raw, "BTF layouts lie outside the data (offset");
	set_word(raw, 24, body - len);
	set_word(raw, 28, len + 1);
	assert_fault(raw, "BTF layouts lie outside the data (offset");
	/* None, and a header that has but one of the two fields */
	set_word(raw, 28, 0);
	assert_string_equal(fault_of(raw), "");
	set_word(raw, 24, 0xffffffff);
	set_word(raw, 4, 28);
	assert_null(strstr(fault_of(raw), "layouts"));
}

/* An ENUM with two values is made a type of @kind. */
static struct raw unknown(unsigned int kind)
{
	struct raw raw = parse("i INT int 4\n"
			       "new ENUM new 4 A=1 B=2\n"
			       "p PTR new\n");

	raw = raw_with_layouts(raw, layouts, NR_LAYOUTS, false);
	raw_set_kind(raw, 2, kind);
	return raw;
}

static void btf_unknown_kinds(void **state)
{
	const struct btf_type *t;
	struct btf_iter it;
	struct raw raw;
	struct btf btf;
	struct err err;

	(void)state;
	/* The layout fits: two elements of 8 bytes. */
	raw = unknown(NR_BTF_KINDS + 2);
	assert_int_equal(raw_open_base(&btf, raw, &err), 0);
	assert_int_equal(btf.nr_types, 3);
	assert_int_equal(btf.unknown, 2);
	t = btf_type(&btf, 2);
	assert_int_equal(btf_kind(t), NR_BTF_KINDS + 2);
	assert_false(btf_kind_known(t));
	assert_string_equal(btf_str(&btf, t->name_off), "new");
	it = btf_iter_ref_begin(t);
	assert_false(btf_iter_valid(&it));
	t = btf_type(&btf, 3);
	assert_int_equal(btf_kind(t), BTF_KIND_PTR);
	assert_int_equal(t->size_type, 2);
	btf_free(&btf);
	assert_fault(raw, "mod.btf: BTF type 2 has unknown kind 22");

	/* Its name is a name. */
	raw.data[32 + 16 + 3] = 0xff;
	assert_int_equal(raw_open_base(&btf, raw, &err), -1);
	assert_non_null(strstr(err.msg, "BTF type 2: name offset"));
	btf_free(&btf);

	/* The layout is too long: the next type is inside. */
	raw = unknown(NR_BTF_KINDS + 1);
	assert_int_equal(raw_open_base(&btf, raw, &err), -1);
	assert_string_equal(err.msg,
			    "base.btf: BTF type 3 is truncated (offset 48)");
	btf_free(&btf);
	/* No multiple of four, and no layout */
	raw = unknown(NR_BTF_KINDS + 3);
	assert_int_equal(raw_open_base(&btf, raw, &err), -1);
	assert_string_equal(err.msg, "base.btf: BTF type 2 has unknown kind 23");
	btf_free(&btf);
	raw = unknown(NR_BTF_KINDS + 4);
	assert_int_equal(raw_open_base(&btf, raw, &err), -1);
	assert_string_equal(err.msg, "base.btf: BTF type 2 has unknown kind 24");
	btf_free(&btf);
	/* Kind 0 is invalid, whatever its layout. */
	raw = unknown(BTF_KIND_UNKN);
	assert_int_equal(raw_open_base(&btf, raw, &err), -1);
	assert_string_equal(err.msg, "base.btf: BTF type 2 has unknown kind 0");
	btf_free(&btf);
}

static void btf_type_faults(void **state)
{
	struct raw raw = parse("p PTR void\ni INT int 4\n");
	struct btf_header h;

	(void)state;
	memcpy(&h, raw.data, sizeof(h));
	/* Name, info and reference of the pointer. */
	set_word(raw, TYPES_AT, h.str_len);
	assert_fault(raw, "type 1: name offset 5 is outside the strings (5 bytes)");
	set_word(raw, TYPES_AT, h.str_len - 1);
	assert_string_equal(fault_of(raw), "");
	set_word(raw, TYPES_AT + 8, 3);
	assert_fault(raw, "type 1 refers to type 3, there are 2");
	set_word(raw, TYPES_AT + 8, 0xffffffff);
	assert_fault(raw, "type 1 refers to type 4294967295");
	set_word(raw, TYPES_AT + 8, 2);
	assert_string_equal(fault_of(raw), "");
	set_word(raw, TYPES_AT + 4, 0);
	assert_fault(raw, "type 1 has unknown kind 0");
	set_word(raw, TYPES_AT + 4, NR_BTF_KINDS << 24);
	assert_fault(raw, "type 1 has unknown kind 20");
	set_word(raw, TYPES_AT + 4, 0x1fu << 24);
	assert_fault(raw, "type 1 has unknown kind 31");
	/* The seven bits of 7.2: not an INT. */
	set_word(raw, TYPES_AT + 4, (32u + BTF_KIND_INT) << 24);
	assert_fault(raw, "type 1 has unknown kind 33");
	set_word(raw, TYPES_AT + 4, 0xffu << 24);
	assert_fault(raw, "type 1 has unknown kind 127");
	/* As a struct it runs over the next type and the end. */
	set_word(raw, TYPES_AT + 4, BTF_KIND_STRUCT << 24 | 0xffff);
	assert_fault(raw, "type 1 is truncated");
	/* A pointer has no tail, whatever its vlen says. */
	set_word(raw, TYPES_AT + 4, BTF_KIND_PTR << 24 | 0xffff);
	assert_string_equal(fault_of(raw), "");
}

static void btf_tail_faults(void **state)
{
	struct raw raw = parse("i INT int 4\ns STRUCT s 4 x:i@0\n");
	size_t member = TYPES_AT + 16 + 12;

	(void)state;
	set_word(raw, member, 0x10000);
	assert_fault(raw, "type 2: name offset 65536");
	set_word(raw, member, 0);
	set_word(raw, member + 4, 3);
	assert_fault(raw, "type 2 refers to type 3");
	set_word(raw, member + 4, 2);
	assert_string_equal(fault_of(raw), "");
	/* Offsets are values: anything goes. */
	set_word(raw, member + 8, 0xffffffff);
	assert_string_equal(fault_of(raw), "");
}

static void btf_strings(void **state)
{
	struct raw raw = parse("i INT int 4\n");

	(void)state;
	raw.data[raw.size - 1] = 'x';
	assert_fault(raw, "do not start and end with a NUL");
	raw.data[raw.size - 1] = 0;
	raw.data[raw.size - 5] = 'x';
	assert_fault(raw, "do not start and end with a NUL");
	raw.data[raw.size - 5] = 0;
	assert_string_equal(fault_of(raw), "");
}

/* Each string may be this long, not all of them together. */
static void btf_long_strings(void **state)
{
	char *name = test_malloc(4097);
	struct model *m;

	(void)state;
	memset(name, 'x', 4096);
	name[4095] = '\0';
	m = model_new();
	model_add(m, BTF_KIND_INT, name, 4, 0);
	model_add(m, BTF_KIND_INT, name + 1, 4, 0);
	assert_string_equal(fault_of(model_raw(m, false)), "");

	name[4095] = 'x';
	name[4096] = '\0';
	m = model_new();
	model_add(m, BTF_KIND_INT, name, 4, 0);
	assert_fault(model_raw(m, false),
		     "BTF string at offset 1 is longer than 4095 bytes");
	test_free(name);
}

/* pahole writes a header alone for an object without types. */
static void btf_without_types(void **state)
{
	struct btf_header h = {
		.magic = BTF_MAGIC, .version = 1, .hdr_len = sizeof(h),
	};
	struct raw raw = { (void *)&h, sizeof(h) };
	struct raw only_strings = model_raw(model_new(), false);
	struct btf btf;
	struct err err;

	(void)state;
	assert_int_equal(raw_open(&btf, raw, &err), 0);
	assert_int_equal(btf.nr_types, 0);
	assert_string_equal(btf_str(&btf, 0), "");
	btf_free(&btf);

	assert_int_equal(raw_open(&btf, only_strings, &err), 0);
	assert_int_equal(btf.nr_types, 0);
	btf_free(&btf);

	h.magic = bswap_16(h.magic);
	h.hdr_len = bswap_32(h.hdr_len);
	assert_int_equal(raw_open(&btf, raw, &err), 0);
	assert_true(btf.swapped);
	btf_free(&btf);

	btf_empty(&btf, "none", true);
	assert_int_equal(btf_check(&btf, &err), 0);
	assert_int_equal(btf.nr_types, 0);
	assert_string_equal(btf.path, "none");
	assert_true(btf.swapped);
	btf_free(&btf);
}

/* cmd_ko frees what it may not have come to open. */
static void btf_free_of_nothing(void **state)
{
	struct btf btf = { 0 };

	(void)state;
	btf_free(&btf);
	btf_free(&btf);
}

/* BTF that is split against 10 types and 100 bytes of strings. */
static const char *split_fault(const uint32_t *words, unsigned int nr,
			       const char *strs, size_t strs_len)
{
	static struct err err;
	struct btf_header h = {
		.magic = BTF_MAGIC, .version = BTF_VERSION,
		.hdr_len = sizeof(h), .type_len = nr * 4, .str_off = nr * 4,
		.str_len = strs_len,
	};
	size_t size = sizeof(h) + nr * 4 + strs_len;
	uint8_t *data = test_malloc(size);
	struct btf btf;
	int ret;

	memcpy(data, &h, sizeof(h));
	if (nr)
		memcpy(data + sizeof(h), words, nr * 4);
	if (strs_len)
		memcpy(data + sizeof(h) + nr * 4, strs, strs_len);
	ret = btf_open_split(&btf, "s", data, size, 10, 100, &err);
	if (!ret)
		ret = btf_check(&btf, &err);
	if (!ret) {
		assert_int_equal(btf.nr_types, nr / 3);
		if (nr)
			assert_memory_equal(btf_type(&btf, 1), words, 12);
		if (strs_len)
			assert_string_equal(btf_str(&btf, 0), strs);
	}
	btf_free(&btf);
	test_free(data);
	return ret ? err.msg : NULL;
}

static void btf_split(void **state)
{
	const uint32_t typedef_info = BTF_KIND_TYPEDEF << 24;
	/* Names: of the base, the first and the last of our own. */
	uint32_t words[] = { 99, typedef_info, 10,
			     100, typedef_info, 13,
			     101, typedef_info, 0 };

	(void)state;
	assert_null(split_fault(words, 9, "x", 2));
	assert_null(split_fault(NULL, 0, NULL, 0));
	assert_null(split_fault(words, 0, "x", 2));
	words[2] = 14;
	assert_string_equal(split_fault(words, 9, "x", 2),
			    "s: BTF type 11 refers to type 14, there are 13");
	words[2] = 13;
	words[6] = 102;
	assert_string_equal(split_fault(words, 9, "x", 2),
			    "s: BTF type 13: name offset 102 is outside the strings (102 bytes)");
	words[3] = 99;
	words[6] = 99;
	assert_null(split_fault(words, 9, NULL, 0));
	words[6] = 100;
	assert_string_equal(split_fault(words, 9, NULL, 0),
			    "s: BTF type 13: name offset 100 is outside the strings (100 bytes)");
	assert_string_equal(split_fault(words, 9, "xy", 2),
			    "s: BTF strings do not end with a NUL byte");
}

static void btf_image(void **state)
{
	struct btf_image image = { .path = "i" };
	char *big = test_calloc(1, 0xffffff);
	struct err err;
	struct btf btf;
	uint8_t *data;
	uint32_t i;
	size_t size;

	(void)state;
	assert_int_equal(btf_image_add_strs(&image, "\0abc", 5, &err), 0);
	for (i = 1; i <= 1000; i++) {
		uint32_t *words = btf_image_add_words(&image, 3, &err);

		assert_non_null(words);
		words[0] = 1;
		words[1] = BTF_KIND_TYPEDEF << 24;
		words[2] = i;
	}
	data = btf_image_finish(&image, true, &size, &err);
	assert_non_null(data);
	assert_int_equal(btf_open(&btf, "i", data, size, &err), 0);
	assert_int_equal(btf_check(&btf, &err), 0);
	assert_true(btf.swapped);
	assert_int_equal(btf.nr_types, 1000);
	for (i = 1; i <= 1000; i++) {
		assert_int_equal(btf_type(&btf, i)->size_type, i);
		assert_string_equal(btf_str(&btf, btf_type(&btf, i)->name_off),
				    "abc");
	}
	btf_free(&btf);
	free(data);

	/* As much as the kernel takes */
	assert_int_equal(btf_image_add_strs(&image, big, 0xffffff - 4, &err),
			 -1);
	assert_string_equal(err.msg, "i: has too many names");
	assert_int_equal(btf_image_add_strs(&image, big, 0xffffff - 5, &err),
			 0);
	assert_int_equal(btf_image_add_strs(&image, big, 1, &err), -1);
	assert_null(btf_image_add_words(&image, 0x40000000, &err));
	assert_string_equal(err.msg, "i: has too many types");
	btf_image_free(&image);
	test_free(big);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test_teardown(btf_all_kinds, build_teardown),
		cmocka_unit_test_teardown(btf_other_byte_order, build_teardown),
		cmocka_unit_test_teardown(btf_any_alignment, build_teardown),
		cmocka_unit_test_teardown(btf_truncated_anywhere,
					  build_teardown),
		cmocka_unit_test_teardown(btf_sections_truncated,
					  build_teardown),
		cmocka_unit_test_teardown(btf_every_byte_changed,
					  build_teardown),
		cmocka_unit_test_teardown(btf_header_sweep, build_teardown),
		cmocka_unit_test_teardown(btf_header_faults, build_teardown),
		cmocka_unit_test_teardown(btf_longer_header, build_teardown),
		cmocka_unit_test(btf_wide_vlen),
		cmocka_unit_test_teardown(btf_layouts, build_teardown),
		cmocka_unit_test_teardown(btf_layouts_outside, build_teardown),
		cmocka_unit_test_teardown(btf_unknown_kinds, build_teardown),
		cmocka_unit_test_teardown(btf_type_faults, build_teardown),
		cmocka_unit_test_teardown(btf_tail_faults, build_teardown),
		cmocka_unit_test_teardown(btf_strings, build_teardown),
		cmocka_unit_test_teardown(btf_long_strings, build_teardown),
		cmocka_unit_test_teardown(btf_without_types, build_teardown),
		cmocka_unit_test(btf_split),
		cmocka_unit_test(btf_image),
		cmocka_unit_test(btf_free_of_nothing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
