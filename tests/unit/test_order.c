// SPDX-License-Identifier: GPL-2.0-only
/*
 * The order of a module's own types: as they come, or by name if the base is sorted
 * by name.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "btf_build.h"
#include "distill.h"
#include "names.h"

static bool is_sorted(const char *text)
{
	struct base base;
	struct err err;
	bool sorted;

	raw_write_base(model_raw(model_parse(text), false), "base");
	assert_int_equal(base_open(&base, "base", &err), 0);
	sorted = base.sorted;
	base_close(&base);
	return sorted;
}

static void order_of_base(void **state)
{
	(void)state;
	assert_true(is_sorted("i INT int 4\n"));
	assert_true(is_sorted("p PTR i\nc CONST i\ni INT int 4\n"));
	assert_true(is_sorted("i INT i 4\nj INT j 4\nt TYPEDEF j i\n"));
	/* strcmp(): by bytes, the shorter one first */
	assert_true(is_sorted("a INT Z 4\nb INT _ 4\nc INT a 4\nd INT aa 4\n"));
	assert_false(is_sorted("a INT a 4\nb INT Z 4\n"));
	assert_false(is_sorted("a INT aa 4\nb INT a 4\n"));
	/* Names end where names do: what follows has none. */
	assert_false(is_sorted("i INT int 4\np PTR i\n"));
	assert_false(is_sorted("p PTR b\nb INT b 4\na INT a 4\nc INT c 4\n"));
	/* There is nothing to look up. */
	assert_false(is_sorted(""));
	assert_false(is_sorted("p PTR q\nq PTR void\n"));
}

#define SORTED		"pi PTR i\nfoo STRUCT foo 4 bar:i@0\ni INT int 4\n"
#define UNSORTED	"i INT int 4\npi PTR i\nfoo STRUCT foo 4 bar:i@0\n"

static const char module[] =
	"i INT int 4\n"
	"z STRUCT zed 8 p:pa@0\n"
	"pa PTR a\n"
	"t TYPEDEF abc i\n"
	"pi PTR i\n"
	"a STRUCT abc 24 zed:z@0 self:pa@64 bar:pi@128\n"
	"f FUNC Zoo proto 1\n"
	"proto PROTO i x:pa\n"
	"again PTR a\n";

/* In whatever order types are, these are its own names as it uses them. */
static const char module_strs[] = "zed\0p\0abc\0self\0Zoo\0x";

static void assert_order(const char *base, const char *labels)
{
	struct model *mod = model_parse(module);
	struct staged s;
	unsigned int swapped;

	for (swapped = 0; swapped < 2; swapped++) {
		const char *label = labels;
		uint32_t id;

		stage(&s, model_parse(base), mod, swapped);
		for (id = s.base->nr + 1; id <= s.all->nr; id++) {
			size_t len = strcspn(label, " ");
			char one[8] = "";

			memcpy(one, label, len);
			assert_int_equal(s.ids[model_id(mod, one)], id);
			label += len + (label[len] == ' ');
		}
		assert_string_equal(label, "");
		assert_int_equal(s.ids[model_id(mod, "again")],
				 s.ids[model_id(mod, "pa")]);
		assert_memory_equal(s.raw.data + s.raw.size -
				    sizeof(module_strs), module_strs,
				    sizeof(module_strs));
	}
}

static void order_by_name(void **state)
{
	(void)state;
	assert_order(SORTED, "pa proto f t a z");
}

static void order_kept(void **state)
{
	(void)state;
	assert_order(UNSORTED, "z pa t a f proto");
}

/* Names that need not be those of one another: of a few, and "" most often. */
static struct model *random_types(uint32_t *seed, uint32_t nr, char first)
{
	struct model *m = model_new();
	uint32_t id, i;

	model_add(m, BTF_KIND_INT, "int", 4, 0);
	while (m->nr < nr) {
		const char *name = build_text("%c%u",
					      first + build_random(seed, 3),
					      build_random(seed, 20));
		uint32_t ref = 1 + build_random(seed, m->nr);

		switch (build_random(seed, 5)) {
		case 0:
			model_add(m, BTF_KIND_TYPEDEF, name, 0, ref);
			break;
		case 1:
			id = model_add(m, BTF_KIND_STRUCT, name, 64, 0);
			for (i = build_random(seed, 4); i > 0; i--)
				model_item(m, id, name + i % 2, ref, 64 * i);
			break;
		case 2:
			id = model_add(m, BTF_KIND_FUNC_PROTO, "", 0, ref);
			model_item(m, id, name, ref, 0);
			break;
		default:
			model_add(m, BTF_KIND_PTR, "", 0, ref);
		}
	}
	return m;
}

/* The first type of the module that became @id. */
static uint32_t came_from(const struct staged *s, uint32_t id)
{
	uint32_t i;

	for (i = 1; s->ids[i] != id; i++)
		assert_true(i < s->mod->nr);
	return i;
}

static void order_random(void **state)
{
	uint32_t seed, kept = 0;

	(void)state;
	for (seed = 1; seed <= 200; seed++) {
		uint32_t rnd = seed * 2654435761u, id;
		struct model *base = random_types(&rnd, 20, 'a');
		bool sorted = seed % 4;
		struct staged s;

		stage(&s, sorted ? model_sort(base) : base,
		      random_types(&rnd, 80, 'b'), seed % 2);
		for (id = s.base->nr + 2; id <= s.all->nr; id++) {
			int cmp = strcmp(s.all->types[id - 1].name,
					 s.all->types[id].name);

			if (!sorted)
				cmp = 0;
			assert_true(cmp < 0 ||
				    (!cmp && came_from(&s, id - 1) <
					     came_from(&s, id)));
		}
		kept += s.nr_kept;
		build_free_all();
	}
	assert_true(kept > 200 * 20);
}

/*
 * Sorted again, with the moved types in between. .BTF.base keeps the order of the
 * base. Strings are in the order in which types came.
 */
static void order_distilled(void **state)
{
	static const char base_text[] =
		"pfoo PTR foo\n"
		"anon STRUCT - 8 b:foo@0 a:i@32\n"
		"bar TYPEDEF bar foo\n"
		"foo STRUCT foo 4 bar:i@0\n"
		"i INT int 4\n";
	static const char mod_text[] =
		"i INT int 4\n"
		"foo STRUCT foo 4 bar:i@0\n"
		"bar TYPEDEF bar foo\n"
		"pfoo PTR foo\n"
		"anon STRUCT - 8 b:foo@0 a:i@32\n"
		"z STRUCT zed 24 p:pfoo@0 q:panon@64 r:i@128\n"
		"panon PTR anon\n"
		"a TYPEDEF abc bar\n"
		"f FUNC foo proto 1\n"
		"proto PROTO i x:a\n";
	static const char strs[] = "zed\0p\0q\0r\0abc\0x\0b\0a\0bar";
	struct model *base_model = model_parse(base_text);
	struct model *mod = model_parse(mod_text), *all, *want;
	unsigned int swapped;

	(void)state;
	want = model_parse("foo STRUCT foo 4\ni INT int 4\n"
			   "panon PTR anon\nproto PROTO i x:a\n"
			   "pfoo PTR foo\nanon STRUCT - 8 b:foo@0 a:i@32\n"
			   "a TYPEDEF abc bar\n"
			   "bar TYPEDEF bar foo\n"
			   "f FUNC foo proto 1\n"
			   "z STRUCT zed 24 p:pfoo@0 q:panon@64 r:i@128\n");
	for (swapped = 0; swapped < 2; swapped++) {
		struct raw raws[2];
		struct own_names own;
		struct distilled d;
		struct split split;
		struct base base;
		struct btf btf;
		struct err err;
		uint32_t id, i;

		raw_write_base(model_raw(base_model, swapped), "base");
		assert_int_equal(base_open(&base, "base", &err), 0);
		assert_true(base.sorted);
		assert_int_equal(raw_open(&btf, model_raw(mod, swapped), &err),
				 0);
		assert_int_equal(split_make(&split, &btf, &base, false, &err),
				 0);
		assert_int_equal(distill(&d, &split, &base, "mod.btf", &err),
				 0);
		raws[0] = (struct raw){ d.base, d.base_size };
		raws[1] = (struct raw){ d.split, d.split_size };
		all = raw_read(raws[1], &raws[0]);
		assert_int_equal(all->nr, want->nr);
		for (id = 1; id <= want->nr; id++) {
			const struct model_type *t = &want->types[id];

			if (!model_same_words(&all->types[id], t))
				fail_msg("type %u is not %s", id, t->label);
			for (i = 0; i < model_nr_refs(t); i++)
				assert_int_equal(model_ref(&all->types[id], i),
						 model_ref(t, i));
		}
		assert_memory_equal(d.split + d.split_size - sizeof(strs),
				    strs, sizeof(strs));

		/* As .BTF_ids gets them */
		assert_int_equal(own_names_init(&own, &btf, split.ids,
						base.nr_types + 1, &err), 0);
		id = own_names_find(&own, BTF_KIND_FUNC, "foo", 3);
		assert_int_equal(id, base.nr_types + 4);
		assert_int_equal(distilled_id(&d, id), model_id(want, "f"));
		id = own_names_find(&own, BTF_KIND_STRUCT, "zed", 3);
		assert_int_equal(id, base.nr_types + 1);
		assert_int_equal(distilled_id(&d, id), model_id(want, "z"));
		id = model_id(base_model, "bar");
		assert_int_equal(distilled_id(&d, id), model_id(want, "bar"));
		own_names_free(&own);

		distilled_free(&d);
		split_free(&split);
		btf_free(&btf);
		base_close(&base);
	}
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test_teardown(order_of_base, build_teardown),
		cmocka_unit_test_teardown(order_by_name, build_teardown),
		cmocka_unit_test_teardown(order_kept, build_teardown),
		cmocka_unit_test_teardown(order_random, build_teardown),
		cmocka_unit_test_teardown(order_distilled, build_teardown),
	};

	return cmocka_run_group_tests(tests, scratch_setup, scratch_teardown);
}
