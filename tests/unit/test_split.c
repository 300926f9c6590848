// SPDX-License-Identifier: GPL-2.0-only
/*
 * Split BTF: its form, and, for many random kernels and modules, that it has no more
 * types than after libbpf's deduplication.
 */
#include <byteswap.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "btf_build.h"
#include "fault.h"

#define NR_TAGS		10
#define NR_TYPEDEFS	4
#define NR_FUNCS	12

/*
 * One compilation unit's view of a random source tree. The meaning of a name depends
 * on the tree's seed and the name alone, so units agree, except for structs that a
 * unit knows in another version, or only declares.
 */
struct unit {
	struct model *m;
	uint32_t tree;
	uint32_t ints[3];
	uint32_t tags[NR_TAGS];
	uint32_t typedefs[NR_TYPEDEFS];
	bool declares[NR_TAGS];
	unsigned int version[NR_TAGS];
};

static uint32_t add_type(struct unit *u, uint32_t *seed, unsigned int depth,
			 uint32_t below);

static uint32_t add_int(struct unit *u, unsigned int nr)
{
	static const char *const names[] = { "int", "char", "long" };

	if (!u->ints[nr])
		u->ints[nr] = model_add(u->m, BTF_KIND_INT, names[nr],
					4 << nr, 0);
	return u->ints[nr];
}

static void add_members(struct unit *u, uint32_t id, uint32_t *seed,
			uint32_t nr, unsigned int depth, uint32_t below)
{
	bool is_union = u->m->types[id].kind == BTF_KIND_UNION;
	uint32_t i;

	for (i = 0; i < nr; i++)
		model_item(u->m, id, build_text("m%u", i),
			   add_type(u, seed, depth, below),
			   is_union ? 0 : 64 * i);
}

/* Every third tag is an enum's, the rest are structs and a union. */
static uint32_t add_tag(struct unit *u, uint32_t nr, bool whole)
{
	const char *name = build_text("tag%u", nr);
	uint32_t seed = u->tree * 7919 + nr * 104729, id, members;
	unsigned int kind = nr == 4 ? BTF_KIND_UNION : BTF_KIND_STRUCT;

	if (u->tags[nr])
		return u->tags[nr];
	if (nr % 3 == 2) {
		id = model_add(u->m, BTF_KIND_ENUM, name, 4, 0);
		u->tags[nr] = id;
		if (!u->declares[nr])
			model_item(u->m, id, build_text("E%u", nr), 0,
				   u->version[nr]);
		return id;
	}
	if (u->declares[nr] && !whole) {
		id = model_add(u->m, BTF_KIND_FWD, name, 0, 0);
		u->m->types[id].flag = nr == 4;
		u->tags[nr] = id;
		return id;
	}
	members = 1 + build_random(&seed, 4);
	id = model_add(u->m, kind, name, 8 * members, 0);
	u->tags[nr] = id;
	add_members(u, id, &seed, members, 0, nr);
	if (u->version[nr])
		model_item(u->m, id, "more", add_int(u, 0),
			   kind == BTF_KIND_UNION ? 0 : 64 * members);
	return id;
}

static uint32_t add_typedef(struct unit *u, uint32_t nr)
{
	uint32_t seed = u->tree * 31337 + nr * 65537, type;

	if (!u->typedefs[nr]) {
		/* Of typedefs before it only: C has no circles of them. */
		type = nr ? add_type(u, &seed, 2, 0) : add_int(u, 2);
		u->typedefs[nr] = model_add(u->m, BTF_KIND_TYPEDEF,
					    build_text("td%u", nr), 0, type);
	}
	return u->typedefs[nr];
}

static uint32_t add_proto(struct unit *u, uint32_t *seed, unsigned int depth)
{
	uint32_t type = add_type(u, seed, depth + 1, 0), params, i, id;

	id = model_add(u->m, BTF_KIND_FUNC_PROTO, "", 0, type);
	params = build_random(seed, 3);
	for (i = 0; i < params; i++)
		model_item(u->m, id, build_text("p%u", i),
			   add_type(u, seed, depth + 1, 0), 0);
	return id;
}

/* Structs by value must have a lower number than @below. */
static uint32_t add_type(struct unit *u, uint32_t *seed, unsigned int depth,
			 uint32_t below)
{
	uint32_t id, nr;

	if (depth > 3)
		return add_int(u, build_random(seed, 3));
	switch (build_random(seed, 12)) {
	case 0:
	case 1:
		return add_int(u, build_random(seed, 3));
	case 2:
		id = add_type(u, seed, depth + 1, 0);
		return model_add(u->m, BTF_KIND_PTR, "", 0, id);
	case 3:
		id = add_type(u, seed, depth + 1, 0);
		return model_add(u->m, BTF_KIND_CONST, "", 0, id);
	case 4:
		nr = 1 + build_random(seed, 3);
		id = add_type(u, seed, depth + 1, below);
		id = model_add(u->m, BTF_KIND_ARRAY, "", 0, id);
		u->m->types[id].index = add_int(u, 0);
		u->m->types[id].extra = nr;
		return id;
	case 5:
		nr = build_random(seed, NR_TYPEDEFS);
		return depth ? add_int(u, 0) : add_typedef(u, nr);
	case 6:
		nr = build_random(seed, 2);
		id = model_add(u->m, nr ? BTF_KIND_STRUCT : BTF_KIND_UNION, "",
			       16, 0);
		add_members(u, id, seed, 2, depth + 1, below);
		return id;
	case 7:
		id = add_proto(u, seed, depth + 1);
		return model_add(u->m, BTF_KIND_PTR, "", 0, id);
	case 8:
		nr = build_random(seed, NR_TAGS);
		return nr < below ? add_tag(u, nr, true) : add_int(u, 1);
	default:
		nr = build_random(seed, NR_TAGS);
		id = add_tag(u, nr, false);
		return model_add(u->m, BTF_KIND_PTR, "", 0, id);
	}
}

/* Add what one unit sees; one in @other structs is another version there. */
static void add_unit(struct model *m, uint32_t tree, uint32_t *seed,
		     bool declares, uint32_t other)
{
	struct unit u = { .m = m, .tree = tree };
	uint32_t i, nr, id, proto_seed;

	for (i = 0; i < NR_TAGS; i++) {
		u.declares[i] = declares && !build_random(seed, 3);
		u.version[i] = other && !build_random(seed, other);
	}
	for (i = 0; i < 6; i++) {
		nr = build_random(seed, NR_TAGS);
		add_tag(&u, nr, !u.declares[nr]);
		nr = build_random(seed, NR_FUNCS);
		proto_seed = tree * 271 + nr * 8191;
		id = add_proto(&u, &proto_seed, 0);
		id = model_add(m, BTF_KIND_FUNC, build_text("f%u", nr), 0, id);
		if (!build_random(seed, 4))
			model_add(m, BTF_KIND_VAR, build_text("v%u", nr), 0,
				  m->types[id].type);
		if (!build_random(seed, 4))
			model_add(m, BTF_KIND_DECL_TAG, "tag", 0, id);
	}
}

/* As pahole does, the units' types are made one and deduplicated. */
static struct model *make_units(uint32_t tree, uint32_t *seed, uint32_t nr,
				bool declares, uint32_t other)
{
	struct model *m = model_new();

	while (nr--)
		add_unit(m, tree, seed, declares, other);
	return model_dedup(m);
}

/*
 * Types that libbpf found in the base and we did not. Where several enums of
 * one name differ, libbpf takes any for "enum foo;"; that does not count.
 */
static uint32_t nr_missed(const struct staged *s, const uint32_t *libbpf)
{
	bool *same = model_relate(s->mod, s->base, true);
	bool *open = build_alloc(s->mod->nr + 1);
	uint32_t id, nr = 0;

	for (id = 1; id <= s->mod->nr; id++)
		open[id] = model_is_declaration(&s->mod->types[id]) &&
			   s->ids[id] > s->base->nr;
	model_spread(s->mod, open);
	for (id = 1; id <= s->mod->nr; id++)
		if (libbpf[id] <= s->base->nr && s->ids[id] > s->base->nr &&
		    same[id * (s->base->nr + 1) + libbpf[id]] && !open[id])
			nr++;
	return nr;
}

/* The same module, its types in another order: the same are found. */
static void assert_any_order(const struct staged *s, uint32_t *rnd)
{
	uint32_t *ids = build_alloc((s->mod->nr + 1) * sizeof(*ids)), id;
	struct staged other;

	stage(&other, s->base, model_shuffle(s->mod, rnd, ids), false);
	for (id = 1; id <= s->mod->nr; id++) {
		uint32_t was = s->ids[id], is = other.ids[ids[id]];

		if (was <= s->base->nr ? is != was : is <= s->base->nr)
			fail_msg("%u (%s) was %u, is %u in another order", id,
				 s->mod->types[id].name, was, is);
	}
	assert_int_equal(other.nr_kept, s->nr_kept);
}

/*
 * @strict: for each module we find all that libbpf finds. Where one tag has
 * several definitions and declarations, what is found depends on choices, and
 * only the sum is compared.
 */
static void compare_random(bool declares, uint32_t other, bool strict)
{
	uint32_t seed, kept = 0, libbpf_kept = 0, types = 0;

	for (seed = 1; seed <= 300; seed++) {
		uint32_t rnd = seed * 2654435761u, nr_libbpf, *libbpf, missed;
		struct model *base, *mod;
		struct staged s;

		base = make_units(seed, &rnd, 4, declares, other);
		mod = make_units(seed, &rnd, 2, declares, 6);
		libbpf = build_alloc((mod->nr + 1) * sizeof(*libbpf));
		model_dedup_split(mod, base, libbpf, &nr_libbpf);
		stage(&s, base, mod, seed % 2);
		assert_any_order(&s, &rnd);
		missed = nr_missed(&s, libbpf);
		if (strict && (missed || s.nr_kept > nr_libbpf))
			fail_msg("seed %u: %u not found, %u kept, by libbpf %u",
				 seed, missed, s.nr_kept, nr_libbpf);
		kept += s.nr_kept;
		libbpf_kept += nr_libbpf;
		types += mod->nr;
		build_free_all();
	}
	if (kept > libbpf_kept)
		fail_msg("of %u types %u kept, by libbpf %u", types, kept,
			 libbpf_kept);
	/* The test needs some of both. */
	assert_true(kept >= types / 20 && kept <= types - types / 20);
}

static void split_random_plain(void **state)
{
	(void)state;
	compare_random(false, 0, true);
}

static void split_random_versions(void **state)
{
	(void)state;
	compare_random(false, 6, true);
}

static void split_random_declarations(void **state)
{
	(void)state;
	if (!build_libbpf_declarations()) {
		print_message("# SKIP split_random_declarations: libbpf 1.7\n");
		skip();
	}
	compare_random(true, 0, true);
}

static void split_random_all(void **state)
{
	(void)state;
	compare_random(true, 6, false);
}

/*
 * Any graph of a few types and fewer names, in place of what compilers emit. The
 * one rule of C that counts is kept: a circle of types has a named struct or
 * union in it.
 */
static bool has_tag(const struct model_type *t)
{
	return *t->name && t->kind != BTF_KIND_INT && t->kind != BTF_KIND_TYPEDEF;
}

static uint32_t random_ref(const struct model *m, uint32_t *seed, uint32_t id)
{
	uint32_t ref;

	do {
		ref = 1 + build_random(seed, m->nr);
	} while (ref >= id && !has_tag(&m->types[ref]));
	return ref;
}

static void add_random_refs(struct model *m, uint32_t id, uint32_t *seed)
{
	struct model_type *t = &m->types[id];
	uint32_t nr = 0, i;

	switch (t->kind) {
	case BTF_KIND_STRUCT:
	case BTF_KIND_UNION:
		nr = 1 + build_random(seed, 2);
		break;
	case BTF_KIND_FUNC_PROTO:
		nr = build_random(seed, 3);
		/* fall through */
	case BTF_KIND_PTR:
	case BTF_KIND_CONST:
	case BTF_KIND_TYPEDEF:
		t->type = random_ref(m, seed, id);
	}
	for (i = 0; i < nr; i++)
		model_item(m, id, i ? "q" : "p", random_ref(m, seed, id),
			   t->kind == BTF_KIND_STRUCT ? 64 * i : 0);
}

static struct model *random_graph(uint32_t *seed, uint32_t nr)
{
	static const struct {
		unsigned int kind;
		uint32_t size;
		bool named;
	} kinds[] = {
		{ BTF_KIND_PTR, 0, false }, { BTF_KIND_PTR, 0, false },
		{ BTF_KIND_PTR, 0, false }, { BTF_KIND_CONST, 0, false },
		{ BTF_KIND_FUNC_PROTO, 0, false },
		{ BTF_KIND_TYPEDEF, 0, true },
		{ BTF_KIND_STRUCT, 8, false }, { BTF_KIND_STRUCT, 8, true },
		{ BTF_KIND_STRUCT, 8, true }, { BTF_KIND_STRUCT, 8, true },
		{ BTF_KIND_UNION, 8, true }, { BTF_KIND_ENUM, 4, true },
		{ BTF_KIND_FWD, 0, true }, { BTF_KIND_FWD, 0, true },
	};
	static const char *const names[] = { "a", "b", "c" };
	const uint32_t nr_kinds = sizeof(kinds) / sizeof(kinds[0]);
	struct model *m = model_new();
	uint32_t id, i;

	model_add(m, BTF_KIND_INT, "int", 4, 0);
	while (m->nr < nr) {
		const char *name = names[build_random(seed, 3)];

		i = build_random(seed, nr_kinds);
		id = model_add(m, kinds[i].kind, kinds[i].named ? name : "",
			       kinds[i].size, 0);
		m->types[id].flag = kinds[i].kind == BTF_KIND_FWD &&
				    !build_random(seed, 3);
		if (kinds[i].kind == BTF_KIND_ENUM && build_random(seed, 2))
			model_item(m, id, "A", 0, build_random(seed, 2));
	}
	for (id = 2; id <= nr; id++)
		add_random_refs(m, id, seed);
	return m;
}

/* Make declarations of some definitions, and the other way round. */
static void redeclare(struct model *m, uint32_t *seed)
{
	uint32_t id;

	for (id = 1; id <= m->nr; id++) {
		struct model_type *t = &m->types[id];
		bool is_union = t->kind == BTF_KIND_UNION;

		if (!has_tag(t) || t->kind == BTF_KIND_ENUM ||
		    build_random(seed, 4))
			continue;
		if (t->kind != BTF_KIND_FWD) {
			t->kind = BTF_KIND_FWD;
			t->flag = is_union;
			t->size = 0;
			t->nr = 0;
		} else {
			t->kind = t->flag ? BTF_KIND_UNION : BTF_KIND_STRUCT;
			t->flag = false;
			t->size = 8;
			add_random_refs(m, id, seed);
		}
	}
}

/*
 * A module that is the base keeps nothing, and the order of a module's types
 * decides nothing.
 */
static void split_random_graphs(void **state)
{
	uint32_t seed, i;

	(void)state;
	for (seed = 1; seed <= 2000; seed++) {
		uint32_t rnd = seed * 2654435761u;
		struct model *base, *mod;
		struct staged s;

		base = random_graph(&rnd, 4 + build_random(&rnd, 14));
		mod = model_shuffle(base, &rnd, NULL);
		stage(&s, base, mod, false);
		if (s.nr_kept)
			fail_msg("seed %u: %u of the base's types kept", seed,
				 s.nr_kept);
		redeclare(mod, &rnd);
		stage(&s, base, mod, false);
		for (i = 0; i < 3; i++)
			assert_any_order(&s, &rnd);
		build_free_all();
	}
}

/* Both as raw BTF, opened, to be closed again. */
struct inputs {
	struct raw base_raw;
	struct raw raw;
	struct base base;
	struct btf btf;
};

static void open_raw_inputs(struct inputs *in)
{
	struct err err;

	raw_write_base(in->base_raw, "base");
	assert_int_equal(base_open(&in->base, "base", &err), 0);
	assert_int_equal(raw_open(&in->btf, in->raw, &err), 0);
}

static void open_inputs(struct inputs *in, const char *base, const char *mod,
			bool swapped)
{
	in->base_raw = model_raw(model_parse(base), swapped);
	in->raw = model_raw(model_parse(mod), swapped);
	open_raw_inputs(in);
}

static void close_inputs(struct inputs *in)
{
	btf_free(&in->btf);
	base_close(&in->base);
}

static struct raw make(struct inputs *in)
{
	struct split split;
	struct raw raw;
	struct err err;

	assert_int_equal(split_make(&split, &in->btf, &in->base, false, &err),
			 0);
	raw = (struct raw){ build_alloc(split.size), split.size };
	memcpy(raw.data, split.data, split.size);
	split_free(&split);
	return raw;
}

#define BASE	"i INT int 4\nfoo STRUCT foo 4 bar:i@0\n"

static uint32_t word(struct raw raw, size_t off)
{
	uint32_t w;

	assert_true(off + 4 <= raw.size);
	memcpy(&w, raw.data + off, 4);
	return w;
}

/* Known bytes for a known input: header, one typedef, one name. */
static void split_form(void **state)
{
	struct btf_header h;
	struct inputs in;
	struct raw raw;

	(void)state;
	open_inputs(&in, BASE, "i INT int 4\nt TYPEDEF own i\n", false);
	raw = make(&in);
	assert_int_equal(raw.size, 24 + 12 + 4);
	memcpy(&h, raw.data, sizeof(h));
	assert_int_equal(h.magic, BTF_MAGIC);
	assert_int_equal(h.version, 1);
	assert_int_equal(h.flags, 0);
	assert_int_equal(h.hdr_len, 24);
	assert_int_equal(h.type_off, 0);
	assert_int_equal(h.type_len, 12);
	assert_int_equal(h.str_off, 12);
	assert_int_equal(h.str_len, 4);
	/* Own names come after the base's strings, ids after its types. */
	assert_int_equal(word(raw, 24), in.base.strs_len);
	assert_int_equal(word(raw, 28), BTF_KIND_TYPEDEF << 24);
	assert_int_equal(word(raw, 32), 1);
	assert_memory_equal(raw.data + 36, "own", 4);
	close_inputs(&in);
}

/* Names that the base has are not written again, whatever they are of. */
static void split_base_names(void **state)
{
	struct inputs in;
	struct raw raw;

	(void)state;
	open_inputs(&in, BASE, "i INT int 4\nt TYPEDEF bar i\nu TYPEDEF ba i\n"
		    "s STRUCT foo 8 int:t@0 ba:u@32\n", false);
	raw = make(&in);
	assert_memory_equal(raw.data + raw.size - 3, "ba", 3);
	assert_int_equal(word(raw, 20), 3);
	/* typedef bar: where "bar" is in the base, once. */
	assert_string_equal(in.base.strs + word(raw, 24), "bar");
	close_inputs(&in);
}

/* Names may share their ends; so may two in the base. */
static void split_shared_ends(void **state)
{
	struct model *m = model_parse("t TYPEDEF module_name void\n"
				      "u TYPEDEF name void\n"
				      "v TYPEDEF int void\n");
	struct model *all;
	struct inputs in;
	struct raw raw;

	(void)state;
	in.base_raw = model_raw(model_parse(BASE "x TYPEDEF uint void\n"),
				false);
	in.raw = model_raw(m, false);
	/* The second name becomes the end of the first. */
	raw = in.raw;
	assert_int_equal(word(raw, 24), 1);
	memcpy(raw.data + 36, &(uint32_t){ 1 + 7 }, 4);
	open_raw_inputs(&in);
	raw = make(&in);
	all = raw_read(raw, &in.base_raw);
	assert_int_equal(all->nr, 6);
	assert_string_equal(all->types[4].name, "module_name");
	assert_string_equal(all->types[5].name, "name");
	assert_string_equal(all->types[6].name, "int");
	close_inputs(&in);

	/* In the base, typedef "int" at the end of "uint": as good as any. */
	in.base_raw = model_raw(model_parse("x TYPEDEF uint void\n"
					    "y TYPEDEF end void\n"), false);
	memcpy(in.base_raw.data + 36, &(uint32_t){ 1 + 1 }, 4);
	in.raw = model_raw(model_parse("v TYPEDEF int void\n"), false);
	open_raw_inputs(&in);
	all = raw_read(make(&in), &in.base_raw);
	assert_string_equal(all->types[all->nr].name, "int");
	close_inputs(&in);
}

static void split_without_types(void **state)
{
	static const char *const texts[] = { "", BASE };
	struct btf_header h;
	unsigned int i;

	(void)state;
	for (i = 0; i < 4; i++) {
		struct inputs in;
		struct raw raw;

		open_inputs(&in, BASE, texts[i % 2], i / 2);
		raw = make(&in);
		assert_int_equal(raw.size, sizeof(h));
		memcpy(&h, raw.data, sizeof(h));
		assert_int_equal(h.magic, i / 2 ? bswap_16(BTF_MAGIC) :
				 BTF_MAGIC);
		assert_int_equal(h.hdr_len, i / 2 ? bswap_32(24) : 24);
		assert_int_equal(h.type_len | h.str_off | h.str_len, 0);
		raw_read(raw, &in.base_raw);
		close_inputs(&in);
	}
}

/* An empty file from pahole means no types. */
static void split_of_empty(void **state)
{
	struct inputs in;
	struct btf empty;
	struct split split;
	struct err err;

	(void)state;
	open_inputs(&in, BASE, "", false);
	btf_empty(&empty, "none", false);
	assert_int_equal(btf_check(&empty, &err), 0);
	assert_int_equal(split_make(&split, &empty, &in.base, false, &err), 0);
	assert_int_equal(split.size, 24);
	split_free(&split);
	btf_free(&empty);
	close_inputs(&in);
}

/* 40 structs refer, one by one, to two that are encoded in another way. */
static bool odd(const char *base_two, const char *two, uint32_t nr)
{
	struct model *base = model_parse(build_text("%si INT int 4\n", base_two));
	struct model *mod = model_parse(build_text("%si INT int 4\n", two));
	struct split split;
	struct inputs in;
	struct err err;
	bool ret;

	while (nr--) {
		const char *name = build_text("s%u", nr);
		uint32_t id = model_add(base, BTF_KIND_STRUCT, name, 4, 0);

		model_item(base, id, "m", 1 + nr % 2, 0);
		id = model_add(mod, BTF_KIND_STRUCT, name, 4, 0);
		model_item(mod, id, "m", 1 + nr % 2, 0);
	}
	in.base_raw = model_raw(base, false);
	in.raw = model_raw(mod, false);
	open_raw_inputs(&in);
	assert_int_equal(split_make(&split, &in.btf, &in.base, false, &err),
			 0);
	ret = split_is_odd(&split);
	split_free(&split);
	close_inputs(&in);
	return ret;
}

static void split_odd_encoding(void **state)
{
	static const char flat[] = "a STRUCT a 24 x:f@0\nb STRUCT b 24 x:f@0\n"
				   "f ARRAY i i 6\n";
	static const char nested[] = "a STRUCT a 24 x:n@0\nb STRUCT b 24 x:n@0\n"
				     "n ARRAY f i 2\nf ARRAY i i 3\n";
	static const char one[] = "a STRUCT a 24 x:n@0\nb STRUCT b 24 x:g@0\n"
				  "n ARRAY f i 2\nf ARRAY i i 3\ng ARRAY i i 6\n";
	static const char larger[] = "a STRUCT a 28 x:f@0\nb STRUCT b 28 x:f@0\n"
				     "f ARRAY i i 7\n";

	(void)state;
	assert_true(odd(flat, nested, 40));
	assert_true(odd(nested, flat, 40));
	assert_false(odd(flat, flat, 40));
	/* Private copies of two structs that nothing else is about */
	assert_false(odd(flat, nested, 5));
	/* One that much else is about; two of other sizes */
	assert_false(odd(flat, one, 40));
	assert_false(odd(flat, larger, 40));
}

#define EVERYTHING							\
	"own STRUCT own 24 a:i@0/3 b:arr@64 c:foo@128\n"		\
	"i INT int 4\nfoo STRUCT foo 4 bar:i@0\narr ARRAY i i 2\n"	\
	"e ENUM e 4 A=-1\nbig ENUM64 big 8 B=0x123456789\n"		\
	"f FUNC f p 1\np PROTO void x:i -:void\nv VAR v own 1\n"	\
	"sec DATASEC .data 24 :v@0/24\ntag DECL_TAG tag own 1\n"	\
	"fl FLOAT double 8\nun FWD far union\n"

static void split_byte_orders(void **state)
{
	struct inputs in, other;
	struct model *a, *b;
	struct raw raw, swapped;
	uint32_t i, j;

	(void)state;
	open_inputs(&in, BASE, EVERYTHING, false);
	raw = make(&in);
	close_inputs(&in);
	open_inputs(&other, BASE, EVERYTHING, true);
	swapped = make(&other);
	close_inputs(&other);

	assert_int_equal(raw.size, swapped.size);
	for (i = 4; i < 24; i += 4)
		assert_int_equal(word(raw, i), bswap_32(word(swapped, i)));
	for (i = 24; i < 24 + word(raw, 12); i += 4)
		assert_int_equal(word(raw, i), bswap_32(word(swapped, i)));
	assert_memory_equal(raw.data + i, swapped.data + i, raw.size - i);
	a = raw_read(raw, &in.base_raw);
	b = raw_read(swapped, &other.base_raw);
	assert_int_equal(a->nr, b->nr);
	for (i = 1; i <= a->nr; i++) {
		assert_true(model_same_words(&a->types[i], &b->types[i]));
		for (j = 0; j < model_nr_refs(&a->types[i]); j++)
			assert_int_equal(model_ref(&a->types[i], j),
					 model_ref(&b->types[i], j));
	}
}

static void split_mixed_byte_orders(void **state)
{
	struct inputs in;
	struct split split;
	struct err err;

	(void)state;
	in.base_raw = model_raw(model_parse(BASE), false);
	in.raw = model_raw(model_parse(BASE), true);
	open_raw_inputs(&in);
	assert_int_equal(split_make(&split, &in.btf, &in.base, false, &err),
			 -1);
	assert_string_equal(err.msg,
			    "mod.btf: has another byte order than base");
	split_free(&split);
	close_inputs(&in);
}

static void split_same_bytes(void **state)
{
	struct raw first, again;
	struct inputs in;

	(void)state;
	open_inputs(&in, BASE, EVERYTHING, false);
	first = make(&in);
	again = make(&in);
	assert_int_equal(first.size, again.size);
	assert_memory_equal(first.data, again.data, first.size);
	close_inputs(&in);
}

static void split_out_of_memory(void **state)
{
	unsigned int i = 0, failures = 0;
	struct split split;
	struct inputs in;
	struct err err;
	int ret = -1;

	(void)state;
	open_inputs(&in, BASE, EVERYTHING, false);
	while (ret) {
		assert_true(i < 1000);
		fault_set(FAULT_ALLOC, i++, 1, 0);
		ret = split_make(&split, &in.btf, &in.base, false, &err);
		fault_clear();
		if (ret) {
			assert_string_equal(err.msg, "mod.btf: out of memory");
			failures++;
		}
		split_free(&split);
	}
	assert_true(failures > 10);
	close_inputs(&in);
}

#define TEST(name) cmocka_unit_test_teardown(name, build_teardown)

int main(void)
{
	static const struct CMUnitTest tests[] = {
		TEST(split_form),
		TEST(split_base_names),
		TEST(split_shared_ends),
		TEST(split_without_types),
		TEST(split_of_empty),
		TEST(split_byte_orders),
		TEST(split_mixed_byte_orders),
		TEST(split_same_bytes),
		TEST(split_out_of_memory),
		TEST(split_odd_encoding),
		TEST(split_random_plain),
		TEST(split_random_versions),
		TEST(split_random_declarations),
		TEST(split_random_all),
		TEST(split_random_graphs),
	};

	return cmocka_run_group_tests(tests, scratch_setup, scratch_teardown);
}
