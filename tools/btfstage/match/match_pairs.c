// SPDX-License-Identifier: GPL-2.0-only
/* Passes 1 and 2 of matching; match.c describes the algorithm. */
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "../base/fingerprint.h"
#include "match_pairs.h"

/*
 * Bounds for crafted input with many different types of one fingerprint in both
 * files, which could take gigabytes. Real modules have about one pair per type.
 * A vmlinux of 100,000 types, as a module of its own base, has less than
 * 200,000 pairs and 800,000 edges.
 */
#define MAX_PAIRS	1000000
#define MAX_EDGES	8000000

static int no_memory(struct match *m)
{
	return err_no_memory(m->err, m->btf->path);
}

/* True if all words are the same, except for the ids. */
static bool same_shape(struct match *m, const struct btf_type *t,
		       const struct btf_type *b)
{
	struct btf_iter it, ib;

	if (t->info != b->info)
		return false;
	ib = btf_iter_begin(b);
	for (it = btf_iter_begin(t); btf_iter_valid(&it); btf_iter_next(&it)) {
		uint32_t w = *it.word, wb = *ib.word;

		if (it.role == BTF_VALUE && w != wb)
			return false;
		if (it.role == BTF_NAME && !names_same(m->names, w, wb))
			return false;
		btf_iter_next(&ib);
	}
	return true;
}

static int too_many(struct match *m)
{
	return err_set(m->err, m->btf->path,
		       "too many types could be the same as in %s",
		       m->base->path);
}

static int add_pair(struct match *m, uint32_t type, uint32_t base_id,
		    bool declared)
{
	if (m->nr_pairs == m->max_pairs) {
		uint32_t max = m->max_pairs * 2 + 1024;
		struct pair *pairs;

		if (m->nr_pairs >= MAX_PAIRS)
			return too_many(m);
		pairs = realloc(m->pairs, max * sizeof(*pairs));
		if (!pairs)
			return no_memory(m);
		m->pairs = pairs;
		m->max_pairs = max;
	}
	m->pairs[m->nr_pairs++] = (struct pair){
		.type = type,
		.base_id = base_id,
		.declared = declared,
	};
	return 0;
}

/*
 * Objects include headers in much the same order, and so types have much the
 * same order. In the base, nine out of ten types of a module follow the type
 * that was found last, or the one found before the last jump.
 */
struct guess {
	uint32_t next;
	uint32_t resume;
};

static bool guess_right(const struct match *m, uint32_t id,
			const struct guess *guess, uint32_t *base_id)
{
	*base_id = guess->next;
	if (base_only_one(m->base, *base_id, m->fps[id]))
		return true;
	*base_id = guess->resume;
	return base_only_one(m->base, *base_id, m->fps[id]);
}

static void guess_learn(const struct match *m, uint32_t id,
			struct guess *guess)
{
	uint32_t first = m->first[id], found = guess->next;

	if (m->nr_pairs > first)
		found = m->pairs[first].base_id;
	if (found != guess->next)
		guess->resume = guess->next;
	guess->next = found + 1;
}

/* Add the pairs of a type, in ascending order of base ids. */
static int gather_type(struct match *m, uint32_t id, const struct guess *guess)
{
	const struct btf_type *t = btf_type(m->btf, id);
	bool by_tag = btf_is_declaration(t);
	struct table_range range;
	uint32_t base_id;
	bool same;
	int ret;

	if (!by_tag && guess_right(m, id, guess, &base_id)) {
		const struct btf_type *b = base_type(m->base, base_id, m->err);

		if (!b)
			return -1;
		return same_shape(m, t, b) ? add_pair(m, id, base_id, false) : 0;
	}

	/* Variables are always a module's own. */
	if (btf_is_unique(t))
		return 0;
	if (by_tag) {
		uint64_t key = btf_type_key(m->btf, t);

		ret = base_lookup(m->base, &m->base->by_name, key, &range,
				  m->err);
	} else {
		ret = base_lookup(m->base, &m->base->by_shape, m->fps[id],
				  &range, m->err);
	}
	if (ret)
		return -1;

	while (table_next(&range, &base_id)) {
		const struct btf_type *b = base_type(m->base, base_id, m->err);

		if (!b)
			return -1;
		if (by_tag)
			same = btf_space(t) == btf_space(b) &&
			       names_same(m->names, t->name_off, b->name_off);
		else
			same = same_shape(m, t, b);
		if (same && add_pair(m, id, base_id,
				     by_tag && btf_is_declaration(b)))
			return -1;
	}
	return 0;
}

int match_gather(struct match *m)
{
	struct guess guess = { 1, 1 };
	uint32_t id;

	m->first = malloc(((size_t)m->btf->nr_types + 2) * sizeof(*m->first));
	if (!m->first)
		return no_memory(m);
	m->first[0] = 0;
	for (id = 1; id <= m->btf->nr_types; id++) {
		m->first[id] = m->nr_pairs;
		if (gather_type(m, id, &guess))
			return -1;
		guess_learn(m, id, &guess);
	}
	m->first[id] = m->nr_pairs;
	m->stack = malloc(((size_t)m->nr_pairs + 1) * sizeof(*m->stack));
	if (!m->stack)
		return no_memory(m);
	return 0;
}

uint32_t match_find_pair(const struct match *m, uint32_t type,
			 uint32_t base_id)
{
	uint32_t lo = m->first[type], hi = m->first[type + 1];

	while (lo < hi) {
		uint32_t mid = lo + (hi - lo) / 2;

		if (m->pairs[mid].base_id < base_id)
			lo = mid + 1;
		else
			hi = mid;
	}
	if (lo < m->first[type + 1] && m->pairs[lo].base_id == base_id)
		return lo;
	return NO_PAIR;
}

static int add_edge(struct match *m, uint32_t to, uint32_t relying)
{
	if (m->nr_edges + 1 >= m->max_edges) {
		uint32_t max = m->max_edges * 2 + 4096;
		struct edge *edges;

		if (m->nr_edges >= MAX_EDGES)
			return too_many(m);
		edges = realloc(m->edges, max * sizeof(*edges));
		if (!edges)
			return no_memory(m);
		m->edges = edges;
		m->max_edges = max;
	}
	m->edges[++m->nr_edges] = (struct edge){
		.pair = relying,
		.next = m->pairs[to].relying,
	};
	m->pairs[to].relying = m->nr_edges;
	return 0;
}

void match_drop(struct match *m, uint32_t nr)
{
	if (!m->pairs[nr].dropped) {
		m->pairs[nr].dropped = true;
		m->stack[m->nr_stack++] = nr;
	}
}

void match_drop_relying(struct match *m, bool references)
{
	while (m->nr_stack) {
		uint32_t nr = m->stack[--m->nr_stack];
		uint32_t e;

		for (e = m->pairs[nr].relying; e; e = m->edges[e].next) {
			nr = m->edges[e].pair;
			if (!references || match_is_reference(match_type(m, nr)))
				match_drop(m, nr);
		}
	}
}

static bool ref_pair_at_ref(struct ref_pair *r)
{
	while (r->t.word < r->t.end && r->b.word < r->b.end) {
		if (r->t.role == BTF_REF)
			return true;
		btf_iter_next(&r->t);
		btf_iter_next(&r->b);
	}
	return false;
}

bool ref_pair_begin(struct ref_pair *r, const struct btf_type *t,
		    const struct btf_type *b)
{
	r->t = btf_iter_begin(t);
	r->b = btf_iter_begin(b);
	return ref_pair_at_ref(r);
}

bool ref_pair_next(struct ref_pair *r)
{
	btf_iter_next(&r->t);
	btf_iter_next(&r->b);
	return ref_pair_at_ref(r);
}

/*
 * 1 when @base_id is a declaration of what @type defines, 0 when not, -1 the
 * base is corrupt.
 */
static int base_declares(struct match *m, uint32_t type, uint32_t base_id)
{
	const struct btf_type *t = btf_type(m->btf, type);
	const struct btf_type *b = base_type(m->base, base_id, m->err);

	if (!b)
		return -1;
	if (!btf_is_declaration(b) || btf_space(b) != btf_space(t))
		return 0;
	return names_same(m->names, t->name_off, b->name_off);
}

static int settle_pair(struct match *m, uint32_t nr)
{
	const struct btf_type *t = match_type(m, nr);
	const struct btf_type *b;
	struct ref_pair r;
	bool more;

	/* A declaration refers to nothing. */
	if (btf_is_declaration(t))
		return 0;
	b = base_type(m->base, m->pairs[nr].base_id, m->err);
	if (!b)
		return -1;
	for (more = ref_pair_begin(&r, t, b); more; more = ref_pair_next(&r)) {
		uint32_t ref = *r.t.word;
		uint32_t base_ref = base_equal(m->base, *r.b.word);
		int declares = 0;
		uint32_t to;

		if (!ref && !base_ref)
			continue;
		to = ref ? match_find_pair(m, ref, base_ref) : NO_PAIR;
		if (to != NO_PAIR) {
			if (add_edge(m, to, nr))
				return -1;
			continue;
		}
		if (ref && base_ref)
			declares = base_declares(m, ref, base_ref);
		if (declares < 0)
			return -1;
		if (declares)
			m->pairs[nr].vague = true;
		else
			match_drop(m, nr);
	}
	return 0;
}

int match_settle(struct match *m)
{
	uint32_t nr;

	for (nr = 0; nr < m->nr_pairs; nr++)
		if (settle_pair(m, nr))
			return -1;
	match_drop_relying(m, false);

	/* Structs rely on these, but the types themselves are not the same. */
	for (nr = 0; nr < m->nr_pairs; nr++)
		if (m->pairs[nr].vague && match_is_reference(match_type(m, nr)))
			match_drop(m, nr);
	match_drop_relying(m, true);
	return 0;
}

void match_free(struct match *m)
{
	free(m->first);
	free(m->pairs);
	free(m->edges);
	free(m->stack);
}
