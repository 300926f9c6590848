// SPDX-License-Identifier: GPL-2.0-only
/* .BTF_ids: whether the ids are those of the types that the symbols name. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "check_build.h"

#define T(kind, vlen)	INFO(BTF_KIND_ ## kind, vlen)

#define MAX_WORDS	32

/* The module has FUNC mod_func and STRUCT a. */
#define MOD_FUNC	OWN(0)
#define MOD_STRUCT	OWN(1)

static const struct symbol {
	const char *name;
	uint64_t offset, size;
} ids_symbols[] = {
	{ "__BTF_ID__func__base_func__1", 0, 4 },
	{ "__BTF_ID__struct__list_head__2", 4, 4 },
	{ "__BTF_ID__set__funcs", 8, 16 },
	{ "__BTF_ID__func__mod_func__3", 12, 4 },
	{ "__BTF_ID__func__base_func__4", 16, 4 },
	{ "__BTF_ID__func__base_func__5", 20, 4 },
	{ "__BTF_ID__set8__kfuncs", 24, 24 },
	{ "__BTF_ID__func__mod_func__6", 32, 4 },
	{ "__BTF_ID__func__base_func__7", 40, 4 },
	{ "__BTF_ID__struct__a__8", 48, 4 },
	{ NULL, 0, 0 }
};

static const uint32_t good_words[] = {
	BASE_FUNC, BASE_LIST,
	3, BASE_FUNC, BASE_FUNC, MOD_FUNC,
	2, 1, BASE_FUNC, 0x10, MOD_FUNC, 0x20,
	MOD_STRUCT,
};

#define NR_WORDS	(sizeof(good_words) / sizeof(good_words[0]))

static void add_ids(struct mod *mod, const uint32_t *words)
{
	uint8_t data[4 * MAX_WORDS];
	const struct symbol *s;
	size_t i, index;

	for (i = 0; i < NR_WORDS; i++) {
		uint32_t w = words[i];

		if (w >> 16 == 0xf5a6)
			w = mod->first_id + (w & 0xffff);
		elf_build_put(&mod->b, data + 4 * i, 4, w);
	}
	index = elf_build_section(&mod->b, ".BTF_ids", SHT_PROGBITS, data,
				  4 * NR_WORDS);
	for (s = ids_symbols; s->name; s++)
		elf_build_symbol(&mod->b, s->name, index, s->offset, s->size);
}

static void make(struct mod *mod, const struct mod_format *format,
		 const uint32_t *words)
{
	mod_init(mod, format);
	mod_type(mod, S_FUNC, T(FUNC, 0), BASE_PROTO);
	mod_type(mod, S_A, T(STRUCT, 0), 4);
	add_ids(mod, words);
}

static void good(void **state)
{
	const struct mod_format *format;
	struct mod mod;

	(void)state;
	for (format = mod_formats; format->class; format++) {
		make(&mod, format, good_words);
		mod_is_good(&mod);
	}
}

/* One word changed, or two; the first problem */
static void faults(void **state)
{
	static const struct {
		size_t word, other;
		uint32_t value, other_value;
		int errnum;
		const char *message;
	} cases[] = {
		{ 0, 0, 0, 0, 0, "the id of FUNC base_func is 0" },
		{ 0, 0, BASE_LIST, BASE_LIST, 0,
		  "the id of FUNC base_func is that of STRUCT list_head" },
		{ 1, 1, 0x7fffffff, 0x7fffffff, 0,
		  "the id of STRUCT list_head is 2147483647, there are 13 types" },
		{ 12, 12, BASE_LIST, BASE_LIST, 0,
		  "the id of STRUCT a is that of STRUCT list_head" },
		{ 2, 2, 2, 2, 0, "set funcs has the count 2, but 3 ids" },
		{ 3, 5, MOD_FUNC, BASE_FUNC, 0, "set funcs is not sorted" },
		{ 3, 3, 0, 0, 0, "the id of FUNC base_func is 0" },
		{ 5, 5, BASE_FUNC, BASE_FUNC, 0,
		  "the id of FUNC mod_func is that of FUNC base_func" },
		{ 6, 6, 0x100, 0x100, 0, "set kfuncs has the count 256" },
		{ 8, 8, 0, 0, KERNEL_EINVAL,
		  "kfunc set kfuncs: type 0 is not a function" },
		{ 8, 8, BASE_INT, BASE_INT, KERNEL_EINVAL,
		  "kfunc set kfuncs: type 1 is not a function" },
		{ 10, 10, 500, 500, KERNEL_EINVAL,
		  "kfunc set kfuncs: type 500 is not a function" },
	};
	const struct mod_format *format;
	uint32_t words[NR_WORDS];
	struct mod mod;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		for (format = mod_formats; format->class; format++) {
			memcpy(words, good_words, sizeof(words));
			words[cases[i].word] = cases[i].value;
			words[cases[i].other] = cases[i].other_value;
			make(&mod, format, words);
			mod_is(&mod, cases[i].errnum, cases[i].message, NULL);
		}
	}
}

/* The kernel uses the count: it registers this number, or none. */
static void no_count(void **state)
{
	const struct mod_format *format;
	uint32_t words[NR_WORDS];
	struct report report;
	struct mod mod;

	(void)state;
	memcpy(words, good_words, sizeof(words));
	/* As a module is linked, and as 7.3 leaves one that was killed there */
	words[6] = 0;
	words[8] = 0;
	words[10] = 0;
	for (format = mod_formats; format->class; format++) {
		make(&mod, format, words);
		mod_check(&mod, &report);
		assert_int_equal(report.nr_errors, 0);
		assert_int_equal(report.nr_warnings, 3);
		assert_string_equal(mod_problem(&report, 0)->message,
				    "kfunc set kfuncs has the count 0, but 2 ids: the module loads, its kfuncs are missing");
		report_free(&report);
		mod_free(&mod);
	}

	memcpy(words, good_words, sizeof(words));
	words[6] = 1;
	words[10] = 0;
	make(&mod, &mod_formats[0], words);
	mod_is(&mod, 0, "set kfuncs has the count 1, but 2 ids", NULL);
	words[8] = 0;
	make(&mod, &mod_formats[0], words);
	mod_check(&mod, &report);
	assert_int_equal(report.nr_errors, 1);
	report_free(&report);
	mod_free(&mod);
}

/* One function in two sets */
static void in_two_sets(void **state)
{
	static const struct {
		uint32_t mark, flags, other_flags;
		const char *message;
	} cases[] = {
		{ 1, 0x20, 0x20, NULL },
		{ 1, 0x20, 0x21,
		  "kfunc mod_func has the flags 0x20 in set one, and 0x21 in set other" },
		/* These are no sets of kfuncs. */
		{ 0, 0x20, 0x21, NULL },
	};
	uint8_t data[4 * 8];
	struct mod mod;
	size_t i, j, index;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		uint32_t words[] = {
			1, cases[i].mark, 0, cases[i].flags,
			1, cases[i].mark, 0, cases[i].other_flags,
		};

		mod_init(&mod, &mod_formats[i]);
		mod_type(&mod, S_FUNC, T(FUNC, 0), BASE_PROTO);
		words[2] = mod.first_id;
		words[6] = mod.first_id;
		for (j = 0; j < 8; j++)
			elf_build_put(&mod.b, data + 4 * j, 4, words[j]);
		index = elf_build_section(&mod.b, ".BTF_ids", SHT_PROGBITS,
					  data, sizeof(data));
		elf_build_symbol(&mod.b, "__BTF_ID__set8__one", index, 0, 16);
		elf_build_symbol(&mod.b, "__BTF_ID__set8__other", index, 16,
				 16);
		if (cases[i].message)
			mod_is(&mod, 0, cases[i].message, NULL);
		else
			mod_is_good(&mod);
	}
}

/* A set of kfuncs that has the function @id alone */
static void add_kfunc(struct mod *mod, uint32_t id, uint32_t flags)
{
	uint32_t words[] = { 1, 1, id, flags };
	uint8_t data[sizeof(words)];
	size_t i, index;

	for (i = 0; i < 4; i++)
		elf_build_put(&mod->b, data + 4 * i, 4, words[i]);
	index = elf_build_section(&mod->b, ".BTF_ids", SHT_PROGBITS, data,
				  sizeof(data));
	elf_build_symbol(&mod->b, "__BTF_ID__set8__kfuncs", index, 0, 16);
}

/* Since 7.2 a module's kfunc has to have a name that vmlinux has not. */
static void taken_names(void **state)
{
	static const char strs[] = "\0base_func";
	const struct mod_format *format;
	struct mod mod;

	(void)state;
	for (format = mod_formats; format->class; format++) {
		/* One of its own, and vmlinux's itself */
		mod_init(&mod, format);
		mod.vermagic = "7.2.13";
		mod.strs = strs;
		mod.strs_len = sizeof(strs);
		mod_type(&mod, STR(1), T(FUNC, 0), BASE_PROTO);
		add_kfunc(&mod, mod.first_id, 0);
		mod_is(&mod, KERNEL_EINVAL,
		       "kfunc set kfuncs: vmlinux has a function base_func",
		       "kfunc base_func (id: 5) is already present in vmlinux.");
		mod_init(&mod, format);
		mod.vermagic = "7.2.13";
		add_kfunc(&mod, BASE_FUNC, 0);
		mod_is(&mod, KERNEL_EINVAL,
		       "kfunc set kfuncs: vmlinux has a function base_func",
		       "kfunc base_func (id: 5) is already present in vmlinux.");
		mod_init(&mod, format);
		mod.vermagic = "7.1.0";
		add_kfunc(&mod, BASE_FUNC, 0);
		mod_is_good(&mod);
		mod_init(&mod, format);
		mod.vermagic = "7.2.13";
		mod_type(&mod, S_FUNC, T(FUNC, 0), BASE_PROTO);
		add_kfunc(&mod, mod.first_id, 0);
		mod_is_good(&mod);
	}
}

/* Since 7.0: what a program gives to kfunc() and what kfunc_impl() takes differ. */
static void implicit_args(void **state)
{
	static const char strs[] = "\0kfunc\0kfunc_imp\0kfunc_impl";
	static const struct {
		const char *release;
		uint32_t flags, other_kind, other_name;
		const char *message;
	} cases[] = {
		{ "7.0", 0x10000, T(FUNC, 0), 17, NULL },
		{ "7.0", 0x10000, T(FUNC, 0), 7,
		  "kfunc kfunc takes implicit arguments, but there is no function kfunc_impl" },
		{ "7.0", 0x10000, T(TYPEDEF, 0), 17,
		  "kfunc kfunc takes implicit arguments, but there is no function kfunc_impl" },
		{ "7.0", 0x0f8ff, T(FUNC, 0), 7, NULL },
		{ "6.19", 0x10000, T(FUNC, 0), 7, NULL },
	};
	struct mod mod;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		mod_init(&mod, &mod_formats[i % 4]);
		mod.vermagic = cases[i].release;
		mod.strs = strs;
		mod.strs_len = sizeof(strs);
		mod_type(&mod, STR(1), T(FUNC, 0), BASE_PROTO);
		mod_type(&mod, STR(cases[i].other_name), cases[i].other_kind,
			 BASE_PROTO);
		add_kfunc(&mod, mod.first_id, cases[i].flags);
		if (cases[i].message)
			mod_is(&mod, 0, cases[i].message, NULL);
		else
			mod_is_good(&mod);
	}
}

/* Functions of an iterator: what btf_check_iter_kfuncs() demands of them */
static void iterators(void **state)
{
	static const char strs[] = "\0bpf_iter_a\0bpf_iter_a_new\0"
		"bpf_iter_a_next\0bpf_iter_a_destroy\0other";
	enum { ITER = 1, ITER_NEW = 12, NEXT = 27, DESTROY = 43, OTHER = 62 };
	enum { NEW_FLAG = 0x100, NEXT_FLAG = 0x200, DESTROY_FLAG = 0x400 };
	/* struct bpf_iter_a *; int; list_head * as the base has it */
	enum { ITER_PTR = OWN(1), INT = BASE_INT, LIST = BASE_LIST_PTR };
	static const struct {
		uint32_t flags, size, name, nr_params, params[2], result;
		const char *fault;
	} cases[] = {
		{ NEW_FLAG, 8, ITER_NEW, 1, { ITER_PTR }, INT, NULL },
		{ NEW_FLAG, 8, ITER_NEW, 2, { ITER_PTR, INT }, INT, NULL },
		{ NEXT_FLAG, 16, NEXT, 1, { ITER_PTR }, LIST, NULL },
		{ DESTROY_FLAG, 8, DESTROY, 1, { ITER_PTR }, 0, NULL },
		{ 0, 3, OTHER, 0, { 0 }, 0, NULL },
		{ NEW_FLAG | NEXT_FLAG, 8, ITER_NEW, 1, { ITER_PTR }, LIST,
		  "two flags" },
		{ NEW_FLAG, 8, ITER_NEW, 0, { 0 }, INT,
		  "its first parameter is no struct bpf_iter_*" },
		{ NEW_FLAG, 8, ITER_NEW, 1, { INT }, INT,
		  "its first parameter is no struct bpf_iter_*" },
		{ NEW_FLAG, 8, ITER_NEW, 1, { LIST }, INT,
		  "its first parameter is no struct bpf_iter_*" },
		{ NEW_FLAG, 12, ITER_NEW, 1, { ITER_PTR }, INT,
		  "the size of its struct is no multiple of 8" },
		{ NEW_FLAG, 0, ITER_NEW, 1, { ITER_PTR }, INT,
		  "the size of its struct is no multiple of 8" },
		{ NEW_FLAG, 8, NEXT, 1, { ITER_PTR }, INT,
		  "its name is not that of its struct and flag" },
		{ NEXT_FLAG, 8, OTHER, 1, { ITER_PTR }, LIST,
		  "its name is not that of its struct and flag" },
		{ NEXT_FLAG, 8, NEXT, 2, { ITER_PTR, INT }, LIST,
		  "more than one parameter" },
		{ NEXT_FLAG, 8, NEXT, 1, { ITER_PTR }, INT,
		  "it returns no pointer" },
		{ DESTROY_FLAG, 8, DESTROY, 1, { ITER_PTR }, INT,
		  "it returns something" },
	};
	struct mod mod;
	size_t i, j;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		mod_init(&mod, &mod_formats[i % 4]);
		mod.strs = strs;
		mod.strs_len = sizeof(strs);
		mod_type(&mod, STR(ITER), T(STRUCT, 0), cases[i].size);
		mod_type(&mod, 0, T(PTR, 0), OWN(2));
		mod_type(&mod, 0, T(CONST, 0), OWN(0));
		mod_type(&mod, 0, T(FUNC_PROTO, cases[i].nr_params),
			 cases[i].result);
		for (j = 0; j < cases[i].nr_params; j++)
			mod_type(&mod, STR(OTHER), cases[i].params[j]);
		mod_type(&mod, STR(cases[i].name), T(FUNC, 0), OWN(3));
		add_kfunc(&mod, mod.first_id + 4, cases[i].flags);
		if (cases[i].fault)
			mod_is(&mod, KERNEL_EINVAL, cases[i].fault, NULL);
		else
			mod_is_good(&mod);
	}
}

/* Kernels before 6.9 do not check sets. */
static void old_release(void **state)
{
	uint32_t words[NR_WORDS];
	struct mod mod;

	(void)state;
	memcpy(words, good_words, sizeof(words));
	words[8] = 0;
	make(&mod, &mod_formats[0], words);
	mod.vermagic = "6.8.12";
	mod_is(&mod, 0, "the id of FUNC base_func is 0", NULL);
}

/* Symbols that are wrong themselves. */
static void symbols(void **state)
{
	struct mod mod;

	(void)state;
	make(&mod, &mod_formats[0], good_words);
	elf_build_symbol(&mod.b, "__BTF_ID__func__x__1", 1, 1000, 4);
	mod_is(&mod, 0, "symbol __BTF_ID__func__x__1 lies outside", NULL);

	make(&mod, &mod_formats[0], good_words);
	elf_build_symbol(&mod.b, "__BTF_ID__set__twice", 1, 16, 8);
	mod_is(&mod, 0, "set twice overlaps the one before", NULL);
}

/*
 * What registers the set: two addresses in a row, of the module and of the
 * set, @gap bytes further than they should be.
 */
static void add_registration(struct mod *mod, bool rela, unsigned int gap)
{
	bool is_64 = mod->b.class == ELFCLASS64;
	size_t word = is_64 ? 8 : 4, entsize = word * (rela ? 3 : 2), i;
	uint8_t data[32] = { 0 }, relocs[2 * 24] = { 0 };
	size_t target, index, this_module;

	/* The set by its section and offset: symbol 0's value is 0. */
	this_module = mod->b.nr_syms;
	elf_build_symbol(&mod->b, "__this_module", 0, 0, 0);
	elf_build_symbol(&mod->b, "", 1, 0, 0);
	for (i = 0; i < 2; i++) {
		uint8_t *r = relocs + i * entsize;
		uint64_t sym = this_module + i + 1;

		elf_build_put(&mod->b, r, word, i * (word + gap));
		elf_build_put(&mod->b, r + word, word,
			      is_64 ? sym << 32 | 1 : sym << 8 | 1);
		if (rela)
			elf_build_put(&mod->b, r + 2 * word, word,
				      i ? 24 : 0);
	}
	if (!rela)
		elf_build_put(&mod->b, data + word + gap, 4, 24);
	target = elf_build_section(&mod->b, ".rodata", SHT_PROGBITS, data,
				   sizeof(data));
	mod->b.secs[target].shdr.sh_flags = SHF_ALLOC;
	index = elf_build_section(&mod->b, ".rela.rodata",
				  rela ? SHT_RELA : SHT_REL, relocs,
				  2 * entsize);
	mod->b.secs[index].shdr.sh_info = target;
	mod->b.secs[index].shdr.sh_entsize = entsize;
}

static void unmarked(void **state)
{
	const struct mod_format *format;
	uint32_t words[NR_WORDS];
	struct mod mod;
	int rela;

	(void)state;
	memcpy(words, good_words, sizeof(words));
	words[7] = 0;
	for (format = mod_formats; format->class; format++) {
		for (rela = 0; rela < 2; rela++) {
			make(&mod, format, words);
			add_registration(&mod, rela, 0);
			mod_is(&mod, KERNEL_EINVAL,
			       "set kfuncs is not marked as a set of kfuncs",
			       NULL);

			/* Not registered by this */
			make(&mod, format, words);
			add_registration(&mod, rela, 4);
			mod_is_good(&mod);

			make(&mod, format, words);
			add_registration(&mod, rela, 0);
			mod.vermagic = "6.1.0";
			mod_is_good(&mod);

			/* Marked */
			make(&mod, format, good_words);
			add_registration(&mod, rela, 0);
			mod_is_good(&mod);
		}
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(good),
		cmocka_unit_test(faults),
		cmocka_unit_test(no_count),
		cmocka_unit_test(in_two_sets),
		cmocka_unit_test(taken_names),
		cmocka_unit_test(implicit_args),
		cmocka_unit_test(iterators),
		cmocka_unit_test(old_release),
		cmocka_unit_test(symbols),
		cmocka_unit_test(unmarked),
	};

	return cmocka_run_group_tests(tests, check_setup, check_teardown);
}
