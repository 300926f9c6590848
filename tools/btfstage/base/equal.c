// SPDX-License-Identifier: GPL-2.0-only
#include <stdlib.h>

#include "equal.h"
#include "hash.h"

/*
 * Give up after looking at this many types, and call none equal. Output of
 * compilers stays far below. Without a limit, a crafted file takes time that is
 * quadratic in its size.
 */
#define MAX_LOOKS	4000000

/* A type whose fingerprint another type has, too. */
struct suspect {
	uint32_t class;		/* lowest id in it, from the last round */
	uint32_t id;
	uint64_t key;		/* splits the class */
};

struct refine {
	const struct btf *btf;
	const uint32_t *base_ids;
	uint32_t *equal;
	struct suspect *suspects;
	size_t nr;
	size_t looks;
};

static int cmp_suspects(const void *pa, const void *pb)
{
	const struct suspect *a = pa, *b = pb;

	if (a->class != b->class)
		return a->class < b->class ? -1 : 1;
	if (a->key != b->key)
		return a->key < b->key ? -1 : 1;
	return a->id < b->id ? -1 : a->id > b->id;
}

/* Types equal so far have equal labels. Bit 32 marks base ids. */
static uint64_t label(const struct refine *r, uint32_t id)
{
	if (id && r->base_ids && r->base_ids[id])
		return (1ull << 32) | r->base_ids[id];
	return r->equal[id];
}

static uint64_t suspect_key(const struct refine *r, uint32_t id)
{
	struct btf_iter it;
	uint64_t key = 0;

	it = btf_iter_ref_begin(btf_type(r->btf, id));
	for (; btf_iter_valid(&it); btf_iter_ref_next(&it))
		key = hash_mix(key + 1, label(r, *it.word));
	return key;
}

static bool same_words(const struct refine *r, uint32_t a, uint32_t b)
{
	const struct btf_type *ta = btf_type(r->btf, a);
	const struct btf_type *tb = btf_type(r->btf, b);
	struct btf_iter ia, ib;

	/* The info word comes first: it gives the number of words. */
	if (ta->info != tb->info)
		return false;
	ib = btf_iter_begin(tb);
	for (ia = btf_iter_begin(ta); btf_iter_valid(&ia); btf_iter_next(&ia)) {
		uint32_t wa = *ia.word, wb = *ib.word;

		if (ia.role == BTF_REF ? label(r, wa) != label(r, wb) :
		    ia.role == BTF_NAME ? strcmp(btf_str(r->btf, wa),
						 btf_str(r->btf, wb)) :
		    wa != wb)
			return false;
		btf_iter_next(&ib);
	}
	return true;
}

/* Split classes by key. Returns the number of classes. */
static size_t split_classes(struct refine *r)
{
	const struct suspect *first = r->suspects;
	size_t i, classes = 0;

	qsort(r->suspects, r->nr, sizeof(*r->suspects), cmp_suspects);
	for (i = 0; i < r->nr; i++) {
		const struct suspect *s = &r->suspects[i];

		if (!i || s->class != first->class || s->key != first->key) {
			first = s;
			classes++;
		}
		r->equal[s->id] = first->id;
	}
	return classes;
}

static void refine_until_stable(struct refine *r)
{
	size_t classes = 0, before, i;

	do {
		before = classes;
		for (i = 0; i < r->nr; i++) {
			struct suspect *s = &r->suspects[i];

			s->class = r->equal[s->id];
			s->key = suspect_key(r, s->id);
		}
		classes = split_classes(r);
		r->looks += r->nr;
	} while (classes != before && r->looks < MAX_LOOKS);
}

/*
 * Hashes made the classes. Move types that differ from the lowest one of their
 * class to a new class, one for all of them. Classes that refer to it may then
 * split, too.
 */
static bool all_proven(struct refine *r)
{
	uint32_t class = 0, moved = 0;
	bool proven = true;
	size_t i;

	/* The suspects of a class are adjacent, the lowest first. */
	for (i = 0; i < r->nr; i++) {
		uint32_t id = r->suspects[i].id;

		if (r->equal[id] == id) {
			class = id;
			moved = 0;
		} else if (!same_words(r, class, id)) {
			if (!moved)
				moved = id;
			r->equal[id] = moved;
			proven = false;
		}
	}
	return proven;
}

static void refine(struct refine *r)
{
	size_t i;

	/* Start with one class, and with fingerprints as keys. */
	split_classes(r);
	do {
		refine_until_stable(r);
	} while (!all_proven(r) && r->looks < MAX_LOOKS);

	if (r->looks >= MAX_LOOKS)
		for (i = 0; i < r->nr; i++)
			r->equal[r->suspects[i].id] = r->suspects[i].id;
}

/* Types of the base are known already. */
static bool can_be_equal(const struct refine *r, uint32_t id)
{
	return !btf_is_unique(btf_type(r->btf, id)) &&
	       !(r->base_ids && r->base_ids[id]);
}

/*
 * Collect the types whose fingerprint is not unique. Two bitmaps, indexed by
 * some bits of the fingerprint, mark those seen once and more than once. They
 * exclude nearly all unique fingerprints, so few types have to be sorted.
 */
static int find_suspects(struct refine *r, const uint64_t *fps)
{
	const uint32_t nr_types = r->btf->nr_types;
	size_t bits = 64, i, nr = 0;
	uint64_t *met, *again;
	uint32_t id;

	while (bits / 8 < nr_types)
		bits *= 2;
	met = calloc(bits / 64 * 2, sizeof(*met));
	/* Any type can be a suspect; few are. */
	r->suspects = malloc(((size_t)nr_types + 1) * sizeof(*r->suspects));
	if (!met || !r->suspects) {
		free(met);
		return -1;
	}
	again = met + bits / 64;
	for (id = 1; id <= nr_types; id++) {
		size_t word = fps[id] % bits / 64;
		uint64_t bit = 1ull << fps[id] % 64;

		if (!can_be_equal(r, id))
			continue;
		again[word] |= met[word] & bit;
		met[word] |= bit;
	}
	for (id = 1; id <= nr_types; id++)
		if (again[fps[id] % bits / 64] >> fps[id] % 64 & 1 &&
		    can_be_equal(r, id))
			r->suspects[nr++] = (struct suspect){
				.id = id,
				.key = fps[id],
			};
	free(met);

	qsort(r->suspects, nr, sizeof(*r->suspects), cmp_suspects);
	for (i = 0; i < nr; i++) {
		struct suspect *s = &r->suspects[i];

		/* The previous or the next one has the same key. */
		if ((r->nr && r->suspects[r->nr - 1].key == s->key) ||
		    (i + 1 < nr && s[1].key == s->key))
			r->suspects[r->nr++] = *s;
	}
	return 0;
}

uint32_t *btf_equal_types(const struct btf *btf, const uint64_t *fps,
			  const uint32_t *base_ids, struct err *err)
{
	struct refine r = { .btf = btf, .base_ids = base_ids };
	uint32_t id;

	r.equal = malloc(((size_t)btf->nr_types + 1) * sizeof(*r.equal));
	if (!r.equal || find_suspects(&r, fps)) {
		free(r.suspects);
		free(r.equal);
		err_no_memory(err, btf->path);
		return NULL;
	}
	for (id = 0; id <= btf->nr_types; id++)
		r.equal[id] = id;
	if (r.nr)
		refine(&r);
	free(r.suspects);
	return r.equal;
}
