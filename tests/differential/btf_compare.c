// SPDX-License-Identifier: GPL-2.0-only
/*
 * Compare two split BTFs of one base: do they have the same types?
 *
 *	btf_compare BASE A B [A B]...
 *
 * BASE, A and B are BTF or ELF files with a .BTF section. The order of types
 * does not matter, nor which of several equal definitions in the base a type refers
 * to. libbpf reads the files, so btfstage's output is read by other code.
 *
 * Each type gets a colour: first a hash of its words, then, in each round, a hash of
 * its colour and those of the types that it refers to. After n rounds, types of one
 * colour do not differ within n references. The types of A and B are the same if they
 * have the same colours equally often.
 *
 * libbpf, and so pahole, does not find every type in the base. Types of the base that
 * B repeats are ignored; A must not repeat any.
 *
 * If a module defines "struct foo", which the base only declares, libbpf finds a
 * struct that points to it or not, depending on the order of types. So if the colours
 * differ, compare again: replace references to types that any of the three declares by
 * their tags, and ignore types that then equal one of the base, which pahole would not
 * keep in another order. Pairs that are the same in this way, with fewer types in A
 * than in B, are reported as "declared", and are not a failure.
 *
 * Exit status: 0 all pairs are the same, 1 some differ (see standard output), 2 a
 * file cannot be read.
 */
#include <bpf/btf.h>
#include <errno.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define ROUNDS	48

static uint64_t mix(uint64_t h, uint64_t v)
{
	h ^= v + 0x9e3779b97f4a7c15ull + (h << 12) + (h >> 4);
	h *= 0xff51afd7ed558ccdull;
	return h ^ (h >> 33);
}

static uint64_t mix_name(uint64_t h, const struct btf *btf, uint32_t off)
{
	const char *s = btf__name_by_offset(btf, off);

	if (!s) {
		fprintf(stderr, "btf_compare: bad name offset %u\n", off);
		exit(2);
	}
	for (; *s; s++)
		h = mix(h, (unsigned char)*s);
	return mix(h, 0x100);
}

/* The types of one BTF that are not in its base, and their colours. */
struct colours {
	const struct btf *btf;
	const struct colours *base;
	uint32_t first;			/* first type id of our own */
	uint32_t nr;
	uint64_t *rounds[ROUNDS + 1];
	uint64_t *tags;			/* colour that replaces all, or 0 */
};

static void *alloc(size_t nr, size_t size)
{
	void *p = calloc(nr + 1, size);

	if (!p) {
		fprintf(stderr, "btf_compare: out of memory\n");
		exit(2);
	}
	return p;
}

static uint64_t colour_of(const struct colours *c, int round, uint32_t id)
{
	if (!id)
		return 1;
	if (c->base && id < c->first)
		return colour_of(c->base, round, id);
	if (id - c->first >= c->nr) {
		fprintf(stderr, "btf_compare: bad type id %u\n", id);
		exit(2);
	}
	if (c->tags && c->tags[id - c->first])
		return c->tags[id - c->first];
	return c->rounds[round][id - c->first];
}

/* Hash of the type itself, without its references. */
static uint64_t own_colour(const struct btf *btf, const struct btf_type *t)
{
	uint64_t h = mix_name(t->info, btf, t->name_off);
	uint32_t i, n = btf_vlen(t);

	switch (btf_kind(t)) {
	case BTF_KIND_INT:
		return mix(mix(h, t->size), *(const uint32_t *)(t + 1));
	case BTF_KIND_FLOAT:
		return mix(h, t->size);
	case BTF_KIND_ARRAY:
		return mix(h, btf_array(t)->nelems);
	case BTF_KIND_STRUCT:
	case BTF_KIND_UNION:
		h = mix(h, t->size);
		for (i = 0; i < n; i++)
			h = mix(mix_name(h, btf, btf_members(t)[i].name_off),
				btf_members(t)[i].offset);
		return h;
	case BTF_KIND_ENUM:
		h = mix(h, t->size);
		for (i = 0; i < n; i++)
			h = mix(mix_name(h, btf, btf_enum(t)[i].name_off),
				btf_enum(t)[i].val);
		return h;
	case BTF_KIND_ENUM64:
		h = mix(h, t->size);
		for (i = 0; i < n; i++)
			h = mix(mix_name(h, btf, btf_enum64(t)[i].name_off),
				btf_enum64_value(&btf_enum64(t)[i]));
		return h;
	case BTF_KIND_FUNC_PROTO:
		for (i = 0; i < n; i++)
			h = mix_name(h, btf, btf_params(t)[i].name_off);
		return h;
	case BTF_KIND_VAR:
		return mix(h, btf_var(t)->linkage);
	case BTF_KIND_DATASEC:
		h = mix(h, t->size);
		for (i = 0; i < n; i++)
			h = mix(mix(h, btf_var_secinfos(t)[i].offset),
				btf_var_secinfos(t)[i].size);
		return h;
	case BTF_KIND_DECL_TAG:
		return mix(h, btf_decl_tag(t)->component_idx);
	default:
		return h;
	}
}

static uint64_t ref_colour(const struct colours *c, int round, uint64_t h,
			   const struct btf_type *t)
{
	uint32_t i, n = btf_vlen(t);

	switch (btf_kind(t)) {
	case BTF_KIND_PTR:
	case BTF_KIND_TYPEDEF:
	case BTF_KIND_VOLATILE:
	case BTF_KIND_CONST:
	case BTF_KIND_RESTRICT:
	case BTF_KIND_FUNC:
	case BTF_KIND_VAR:
	case BTF_KIND_DECL_TAG:
	case BTF_KIND_TYPE_TAG:
		return mix(h, colour_of(c, round, t->type));
	case BTF_KIND_ARRAY:
		h = mix(h, colour_of(c, round, btf_array(t)->type));
		return mix(h, colour_of(c, round, btf_array(t)->index_type));
	case BTF_KIND_STRUCT:
	case BTF_KIND_UNION:
		for (i = 0; i < n; i++)
			h = mix(h, colour_of(c, round,
					     btf_members(t)[i].type));
		return h;
	case BTF_KIND_FUNC_PROTO:
		h = mix(h, colour_of(c, round, t->type));
		for (i = 0; i < n; i++)
			h = mix(h, colour_of(c, round, btf_params(t)[i].type));
		return h;
	case BTF_KIND_DATASEC:
		for (i = 0; i < n; i++)
			h = mix(h, colour_of(c, round,
					     btf_var_secinfos(t)[i].type));
		return h;
	default:
		return h;
	}
}

static int cmp_u64(const void *pa, const void *pb)
{
	uint64_t a = *(const uint64_t *)pa, b = *(const uint64_t *)pb;

	return a < b ? -1 : a > b;
}

/* A set of colours, sorted. */
struct set {
	uint64_t *list;
	size_t nr;
};

static bool in_set(const struct set *set, uint64_t colour)
{
	return bsearch(&colour, set->list, set->nr, sizeof(colour), cmp_u64);
}

/* A colour for "struct foo", "union foo" or "enum foo"; 0 for all else. */
static uint64_t tag_colour(const struct btf *btf, const struct btf_type *t)
{
	bool is_union = btf_is_union(t) || (btf_is_fwd(t) && btf_kflag(t));

	if (!t->name_off)
		return 0;
	if (btf_is_any_enum(t))
		return mix_name(4, btf, t->name_off);
	if (btf_is_composite(t) || btf_is_fwd(t))
		return mix_name(is_union ? 3 : 2, btf, t->name_off);
	return 0;
}

/* Add the tags of all forward declarations in @btf, base included. */
static void add_declared_tags(struct set *set, const struct btf *btf)
{
	uint32_t id, nr = btf__type_cnt(btf);

	set->list = realloc(set->list, (set->nr + nr) * sizeof(*set->list));
	if (!set->list) {
		fprintf(stderr, "btf_compare: out of memory\n");
		exit(2);
	}
	for (id = 1; id < nr; id++) {
		const struct btf_type *t = btf__type_by_id(btf, id);

		if (btf_is_fwd(t) || (btf_is_any_enum(t) && !btf_vlen(t)))
			set->list[set->nr++] = tag_colour(btf, t);
	}
	qsort(set->list, set->nr, sizeof(*set->list), cmp_u64);
}

/* Colour the types of @btf; those with a tag in @declared by that alone. */
static void colour(struct colours *c, const struct btf *btf,
		   const struct colours *base, const struct set *declared)
{
	uint32_t i;
	int round;

	*c = (struct colours){ .btf = btf, .base = base };
	c->first = base ? base->first + base->nr : 1;
	c->nr = btf__type_cnt(btf) - c->first;
	if (declared)
		c->tags = alloc(c->nr, sizeof(uint64_t));
	for (i = 0; declared && i < c->nr; i++) {
		uint64_t tag;

		tag = tag_colour(btf, btf__type_by_id(btf, c->first + i));
		if (tag && in_set(declared, tag))
			c->tags[i] = tag;
	}
	for (round = 0; round <= ROUNDS; round++) {
		c->rounds[round] = alloc(c->nr, sizeof(uint64_t));
		for (i = 0; i < c->nr; i++) {
			const struct btf_type *t;

			t = btf__type_by_id(btf, c->first + i);
			c->rounds[round][i] = round ?
				ref_colour(c, round - 1,
					   c->rounds[round - 1][i], t) :
				own_colour(btf, t);
		}
	}
}

static void colours_free(struct colours *c)
{
	int round;

	for (round = 0; round <= ROUNDS; round++)
		free(c->rounds[round]);
	free(c->tags);
}

struct coloured {
	uint64_t colour;
	uint32_t id;
};

static int cmp_coloured(const void *pa, const void *pb)
{
	const struct coloured *a = pa, *b = pb;

	if (a->colour != b->colour)
		return a->colour < b->colour ? -1 : 1;
	return a->id < b->id ? -1 : a->id > b->id;
}

static bool is_variable(const struct btf_type *t)
{
	return btf_is_var(t) || btf_is_datasec(t);
}

/*
 * The types of @c by colour, without those whose colour is in @known.
 * Variables are never in the base, however much they look alike.
 */
static struct coloured *sorted(const struct colours *c, const struct set *known,
			       uint32_t *nr)
{
	struct coloured *list = alloc(c->nr, sizeof(*list));
	uint32_t i;

	*nr = 0;
	for (i = 0; i < c->nr; i++) {
		uint64_t colour = c->rounds[ROUNDS][i];
		uint32_t id = c->first + i;

		if (!known || is_variable(btf__type_by_id(c->btf, id)) ||
		    !in_set(known, colour))
			list[(*nr)++] = (struct coloured){ colour, id };
	}
	qsort(list, *nr, sizeof(*list), cmp_coloured);
	return list;
}

static void say(const char *sign, const struct colours *c, uint32_t id)
{
	static const char * const kinds[] = {
		"VOID", "INT", "PTR", "ARRAY", "STRUCT", "UNION", "ENUM",
		"FWD", "TYPEDEF", "VOLATILE", "CONST", "RESTRICT", "FUNC",
		"FUNC_PROTO", "VAR", "DATASEC", "FLOAT", "DECL_TAG",
		"TYPE_TAG", "ENUM64",
	};
	const struct btf_type *t = btf__type_by_id(c->btf, id);

	printf("  %s [%u] %s '%s'\n", sign, id, kinds[btf_kind(t)],
	       btf__name_by_offset(c->btf, t->name_off));
}

/* Both lists are sorted: walk them side by side. */
static bool same(const struct colours *a, const struct set *known_a,
		 const struct colours *b, const struct set *known_b,
		 bool verbose)
{
	uint32_t i = 0, j = 0, na, nb;
	struct coloured *la = sorted(a, known_a, &na);
	struct coloured *lb = sorted(b, known_b, &nb);
	bool equal = true;

	while (i < na || j < nb) {
		int cmp = i == na ? 1 : j == nb ? -1 :
			  la[i].colour < lb[j].colour ? -1 :
			  la[i].colour > lb[j].colour;

		if (!cmp) {
			i++;
			j++;
			continue;
		}
		equal = false;
		if (verbose && cmp < 0)
			say("-", a, la[i].id);
		else if (verbose)
			say("+", b, lb[j].id);
		if (cmp < 0)
			i++;
		else
			j++;
	}
	free(la);
	free(lb);
	return equal;
}

static struct btf *parse(const char *path, struct btf *base)
{
	struct btf *btf = btf__parse_split(path, base);

	if (!btf) {
		fprintf(stderr, "btf_compare: %s: %s\n", path,
			strerror(errno));
		exit(2);
	}
	return btf;
}

static struct set all_colours(const struct colours *c)
{
	struct set set = { .list = alloc(c->nr, sizeof(uint64_t)) };

	set.nr = c->nr;
	memcpy(set.list, c->rounds[ROUNDS], c->nr * sizeof(uint64_t));
	qsort(set.list, set.nr, sizeof(*set.list), cmp_u64);
	return set;
}

static bool compare_by_tag(const struct btf *btf_base, const struct btf *btf_a,
			   const struct btf *btf_b)
{
	struct set declared = { 0 }, known;
	struct colours base, a, b;
	bool equal;

	add_declared_tags(&declared, btf_a);
	add_declared_tags(&declared, btf_b);
	colour(&base, btf_base, NULL, &declared);
	colour(&a, btf_a, &base, &declared);
	colour(&b, btf_b, &base, &declared);
	known = all_colours(&base);
	equal = a.nr <= b.nr && same(&a, &known, &b, &known, false);
	colours_free(&a);
	colours_free(&b);
	colours_free(&base);
	free(declared.list);
	free(known.list);
	return equal;
}

static bool compare(struct btf *btf_base, const struct colours *base,
		    const struct set *known, const char *path_a,
		    const char *path_b)
{
	struct btf *btf_a = parse(path_a, btf_base);
	struct btf *btf_b = parse(path_b, btf_base);
	const char *verdict = "same";
	struct colours a, b;

	colour(&a, btf_a, base, NULL);
	colour(&b, btf_b, base, NULL);
	if (!same(&a, NULL, &b, known, false)) {
		verdict = "declared";
		if (!compare_by_tag(btf_base, btf_a, btf_b)) {
			verdict = "DIFFERENT";
			same(&a, NULL, &b, known, true);
		}
	}
	printf("%s %s %s: %u and %u types\n", verdict, path_a, path_b, a.nr,
	       b.nr);
	colours_free(&a);
	colours_free(&b);
	btf__free(btf_a);
	btf__free(btf_b);
	return strcmp(verdict, "DIFFERENT");
}

int main(int argc, char **argv)
{
	struct colours base;
	struct btf *btf_base;
	struct set known;
	int i, status = 0;

	if (argc < 4 || argc % 2) {
		fprintf(stderr, "Usage: btf_compare BASE A B [A B]...\n");
		return 2;
	}
	btf_base = parse(argv[1], NULL);
	colour(&base, btf_base, NULL, NULL);
	known = all_colours(&base);
	for (i = 2; i < argc; i += 2)
		if (!compare(btf_base, &base, &known, argv[i],
			     argv[i + 1]))
			status = 1;
	colours_free(&base);
	free(known.list);
	btf__free(btf_base);
	return status;
}
