// SPDX-License-Identifier: GPL-2.0-only
/* Steps 3 and 4 of matching; match.c tells the algorithm. */
#include <stdlib.h>

#include "../base/fingerprint.h"
#include "match_pairs.h"

static bool is_chosen(const struct match *m, uint32_t type)
{
	return m->base_ids[type];
}

/* Lowest base id of the pairs that are left, 0 if none is. */
static uint32_t lowest(const struct match *m, uint32_t type)
{
	uint32_t nr;

	for (nr = m->first[type]; nr < m->first[type + 1]; nr++)
		if (!m->pairs[nr].dropped)
			return m->pairs[nr].base_id;
	return 0;
}

static bool is_definition(const struct btf_type *t)
{
	return !match_is_reference(t) && !btf_is_declaration(t);
}

/*
 * Choosing among several.
 *
 * Types that have one pair left are chosen first. A chosen pair is followed
 * down: what is inside it, declarations too, is what it was matched with. It is
 * followed up too: its type's other pairs are dropped, and what relies on them,
 * unless that would leave a struct without a pair, which has been proven to
 * have one. This may leave one pair to others. When all this comes to rest, the
 * best pair among all that are left is chosen, and so on.
 *
 * The best is the one furthest from where the base merely declares what the
 * module defines, then the one with the lowest base id. All that happens at one
 * time is done in that order, never in the order of the module's types.
 */
struct chooser {
	struct match *m;
	uint32_t *left;		/* [type]: pairs not dropped */
	uint32_t *fresh;	/* types chosen, but not followed yet */
	uint32_t nr_fresh;
	uint32_t *single;	/* types with one pair, not looked at yet */
	uint32_t nr_single;
	uint32_t *hit;		/* pairs of structs that rely on dropped ones */
	uint32_t nr_hit;
	uint32_t *open;		/* pairs of types that have several, in turn */
	uint32_t nr_open;
};

/* How far each pair is from a declaration, breadth first. */
static void measure_distances(struct match *m)
{
	uint32_t nr, e, pos = 0, end = 0;

	for (nr = 0; nr < m->nr_pairs; nr++) {
		m->pairs[nr].distance = m->pairs[nr].declared ? 0 : FAR;
		if (m->pairs[nr].declared)
			m->stack[end++] = nr;
	}
	for (; pos < end; pos++) {
		const struct pair *p = &m->pairs[m->stack[pos]];

		for (e = p->relying; e; e = m->edges[e].next) {
			nr = m->edges[e].pair;
			if (m->pairs[nr].distance != FAR)
				continue;
			m->pairs[nr].distance = p->distance + 1;
			m->stack[end++] = nr;
		}
	}
}

static const struct match *sort_match;	/* qsort() has no argument for it */

static int cmp_types(const void *pa, const void *pb)
{
	uint32_t a = lowest(sort_match, *(const uint32_t *)pa);
	uint32_t b = lowest(sort_match, *(const uint32_t *)pb);

	return a < b ? -1 : a > b;
}

static int cmp_pairs(const void *pa, const void *pb)
{
	const struct pair *a = &sort_match->pairs[*(const uint32_t *)pa];
	const struct pair *b = &sort_match->pairs[*(const uint32_t *)pb];

	if (a->distance != b->distance)
		return a->distance > b->distance ? -1 : 1;
	return a->base_id < b->base_id ? -1 : a->base_id > b->base_id;
}

static void sort_numbers(const struct match *m, uint32_t *list, uint32_t nr,
			 int (*cmp)(const void *pa, const void *pb))
{
	sort_match = m;
	qsort(list, nr, sizeof(*list), cmp);
}

static void drop_pair(struct chooser *c, uint32_t nr)
{
	struct match *m = c->m;
	uint32_t type = m->pairs[nr].type;

	m->pairs[nr].dropped = true;
	m->stack[m->nr_stack++] = nr;
	if (--c->left[type] == 1 && !is_chosen(m, type))
		c->single[c->nr_single++] = type;
}

static void hit_relying(struct chooser *c, uint32_t nr)
{
	struct match *m = c->m;
	uint32_t e;

	for (e = m->pairs[nr].relying; e; e = m->edges[e].next) {
		uint32_t relying = m->edges[e].pair;
		struct pair *p = &m->pairs[relying];

		if (p->dropped || p->hit)
			continue;
		if (match_is_reference(btf_type(m->btf, p->type))) {
			drop_pair(c, relying);
		} else {
			p->hit = true;
			c->hit[c->nr_hit++] = relying;
		}
	}
}

/* Drop what relies on the pairs on the stack above @bottom, worst first. */
static void drop_relying(struct chooser *c, uint32_t bottom)
{
	struct match *m = c->m;

	while (m->nr_stack > bottom) {
		while (m->nr_stack > bottom)
			hit_relying(c, m->stack[--m->nr_stack]);
		sort_numbers(m, c->hit, c->nr_hit, cmp_pairs);
		while (c->nr_hit) {
			uint32_t nr = c->hit[--c->nr_hit];
			struct pair *p = &m->pairs[nr];

			p->hit = false;
			if (!is_chosen(m, p->type) && c->left[p->type] > 1)
				drop_pair(c, nr);
		}
	}
}

static void choose(struct chooser *c, uint32_t nr)
{
	struct match *m = c->m;
	uint32_t type = m->pairs[nr].type;
	uint32_t bottom = m->nr_stack, other;

	m->base_ids[type] = m->pairs[nr].base_id;
	c->fresh[c->nr_fresh++] = type;
	for (other = m->first[type]; other < m->first[type + 1]; other++)
		if (other != nr && !m->pairs[other].dropped)
			drop_pair(c, other);
	drop_relying(c, bottom);
}

/*
 * Look at what a pair refers to. @found is called for every pair of a struct,
 * union or declaration that is reached without passing another struct.
 */
typedef int (*found_fn)(void *arg, uint32_t nr);

static int follow(struct match *m, uint32_t start, found_fn found, void *arg)
{
	uint32_t bottom = m->nr_stack;

	m->stack[m->nr_stack++] = start;
	while (m->nr_stack > bottom) {
		const struct pair *p = &m->pairs[m->stack[--m->nr_stack]];
		const struct btf_type *b = base_type(m->base, p->base_id,
						     m->err);
		struct ref_pair r;
		bool more;

		if (!b)
			return -1;
		more = ref_pair_begin(&r, btf_type(m->btf, p->type), b);
		for (; more; more = ref_pair_next(&r)) {
			uint32_t ref = *r.t.word;
			uint32_t base_ref = base_equal(m->base, *r.b.word);
			uint32_t to;

			if (!ref)
				continue;
			to = match_find_pair(m, ref, base_ref);
			if (to == NO_PAIR || m->pairs[to].used)
				continue;
			if (!match_is_reference(btf_type(m->btf, ref))) {
				if (found(arg, to))
					return -1;
				continue;
			}
			m->pairs[to].used = true;
			m->stack[m->nr_stack++] = to;
		}
	}
	return 0;
}

/* That the base declares it too does not decide what a declaration is. */
static int choose_inner(void *arg, uint32_t nr)
{
	struct chooser *c = arg;
	struct match *m = c->m;
	const struct pair *p = &m->pairs[nr];
	const struct btf_type *b = base_type(m->base, p->base_id, m->err);

	if (!b)
		return -1;
	if (!is_chosen(m, p->type) && !p->dropped && !btf_is_declaration(b))
		choose(c, nr);
	return 0;
}

/* Follow all that was chosen, until nothing more is chosen by that. */
static int follow_fresh(struct chooser *c)
{
	struct match *m = c->m;
	uint32_t done = 0;

	while (done < c->nr_fresh) {
		uint32_t end = c->nr_fresh;

		sort_numbers(m, c->fresh + done, end - done, cmp_types);
		for (; done < end; done++) {
			uint32_t type = c->fresh[done];
			uint32_t nr;

			nr = match_find_pair(m, type, m->base_ids[type]);
			if (nr != NO_PAIR && follow(m, nr, choose_inner, c))
				return -1;
		}
	}
	c->nr_fresh = 0;
	return 0;
}

/* A reference tells which struct it is a reference to. */
static int choose_referred(void *arg, uint32_t nr)
{
	struct chooser *c = arg;
	uint32_t type = c->m->pairs[nr].type;

	return is_definition(btf_type(c->m->btf, type)) ?
	       choose_inner(arg, nr) : 0;
}

static int choose_single(struct chooser *c)
{
	struct match *m = c->m;
	uint32_t i;

	/* Choosing one of them only adds to the list. */
	sort_numbers(m, c->single, c->nr_single, cmp_types);
	for (i = 0; i < c->nr_single; i++) {
		uint32_t type = c->single[i];
		const struct btf_type *t = btf_type(m->btf, type);
		uint32_t nr = match_find_pair(m, type, lowest(m, type));

		if (nr == NO_PAIR || is_chosen(m, type))
			continue;
		if (is_definition(t))
			choose(c, nr);
		else if (match_is_reference(t) &&
			 follow(m, nr, choose_referred, c))
			return -1;
	}
	c->nr_single = 0;
	return 0;
}

static int choose_open(struct chooser *c)
{
	struct match *m = c->m;
	uint32_t i, id;

	/* What has one pair only is chosen: follow it down. */
	for (id = 1; id <= m->btf->nr_types; id++) {
		if (m->base_ids[id])
			c->fresh[c->nr_fresh++] = id;
		else if (c->left[id] == 1)
			c->single[c->nr_single++] = id;
	}
	sort_numbers(m, c->open, c->nr_open, cmp_pairs);
	for (i = 0; i < c->nr_open; i++) {
		do {
			if (follow_fresh(c) || choose_single(c))
				return -1;
		} while (c->nr_fresh);
		if (!m->pairs[c->open[i]].dropped &&
		    !is_chosen(m, m->pairs[c->open[i]].type))
			choose(c, c->open[i]);
	}
	return follow_fresh(c);
}

/* Choose what leaves no choice. True when nothing else is left to do. */
static bool choose_obvious(struct chooser *c)
{
	struct match *m = c->m;
	uint32_t id, nr;

	for (nr = 0; nr < m->nr_pairs; nr++)
		c->left[m->pairs[nr].type] += !m->pairs[nr].dropped;
	for (id = 1; id <= m->btf->nr_types; id++) {
		if (!is_definition(btf_type(m->btf, id)))
			continue;
		if (c->left[id] == 1)
			m->base_ids[id] = lowest(m, id);
		else
			c->nr_open += c->left[id];
	}
	return !c->nr_open;
}

static int choose_definitions(struct match *m)
{
	struct chooser c = { .m = m };
	size_t types = (size_t)m->btf->nr_types + 1;
	size_t pairs = (size_t)m->nr_pairs + 1;
	uint32_t nr;
	int ret = 0;

	c.left = calloc(types, sizeof(*c.left));
	if (!c.left)
		goto out_nomem;
	if (choose_obvious(&c))
		goto out_free;
	c.fresh = malloc(types * sizeof(*c.fresh));
	c.single = malloc(types * sizeof(*c.single));
	c.hit = malloc(pairs * sizeof(*c.hit));
	c.open = malloc(pairs * sizeof(*c.open));
	if (!c.fresh || !c.single || !c.hit || !c.open)
		goto out_nomem;

	c.nr_open = 0;
	for (nr = 0; nr < m->nr_pairs; nr++) {
		const struct pair *p = &m->pairs[nr];

		if (!p->dropped && !m->base_ids[p->type] &&
		    is_definition(btf_type(m->btf, p->type)))
			c.open[c.nr_open++] = nr;
	}
	measure_distances(m);
	ret = choose_open(&c);
	for (nr = 0; nr < m->nr_pairs; nr++)
		m->pairs[nr].used = false;
	goto out_free;

out_nomem:
	ret = err_no_memory(m->err, m->btf->path);
out_free:
	free(c.left);
	free(c.fresh);
	free(c.single);
	free(c.hit);
	free(c.open);
	return ret;
}

/* 1 @base_id is a definition, 0 a declaration, -1 the base is corrupt. */
static int base_defines(struct match *m, uint32_t base_id)
{
	const struct btf_type *b = base_type(m->base, base_id, m->err);

	return b ? !btf_is_declaration(b) : -1;
}

/*
 * A declaration was matched inside a struct. Of several such answers a
 * definition wins over a declaration, then the lowest id.
 */
static int witness(void *arg, uint32_t nr)
{
	struct match *m = arg;
	const struct pair *p = &m->pairs[nr];
	uint32_t *old = &m->base_ids[p->type];
	int new_def, old_def;

	if (p->dropped || !btf_is_declaration(btf_type(m->btf, p->type)))
		return 0;
	m->pairs[nr].used = true;
	if (!*old) {
		*old = p->base_id;
		return 0;
	}
	new_def = base_defines(m, p->base_id);
	old_def = base_defines(m, *old);
	if (new_def < 0 || old_def < 0)
		return -1;
	if (new_def > old_def || (new_def == old_def && p->base_id < *old))
		*old = p->base_id;
	return 0;
}

/* Ask the matched structs what the declarations in them stand for. */
static int choose_by_witness(struct match *m)
{
	uint32_t id;

	for (id = 1; id <= m->btf->nr_types; id++) {
		unsigned int kind = btf_kind(btf_type(m->btf, id));
		uint32_t nr;

		if (!m->base_ids[id] ||
		    (kind != BTF_KIND_STRUCT && kind != BTF_KIND_UNION))
			continue;
		nr = match_find_pair(m, id, m->base_ids[id]);
		if (nr != NO_PAIR && follow(m, nr, witness, m))
			return -1;
	}
	return 0;
}

static int cmp_keys(const void *pa, const void *pb)
{
	uint64_t a = *(const uint64_t *)pa, b = *(const uint64_t *)pb;

	return a < b ? -1 : a > b;
}

/* Keys of the tags that the module defines otherwise than the base, sorted. */
static uint64_t *own_definitions(struct match *m, size_t *nr)
{
	uint64_t *keys;
	uint32_t id;

	*nr = 0;
	keys = malloc(((size_t)m->btf->nr_types + 1) * sizeof(*keys));
	if (!keys) {
		err_no_memory(m->err, m->btf->path);
		return NULL;
	}
	for (id = 1; id <= m->btf->nr_types; id++) {
		const struct btf_type *t = btf_type(m->btf, id);

		if (!m->base_ids[id] && is_definition(t) &&
		    btf_space(t) != BTF_SPACE_NONE)
			keys[(*nr)++] = btf_type_key(m->btf, t);
	}
	qsort(keys, *nr, sizeof(*keys), cmp_keys);
	return keys;
}

/*
 * The only definition of its name there is, or else the base's declaration.
 * @own: the module has another definition.
 */
static int choose_by_name(struct match *m, uint32_t id, bool own)
{
	uint32_t definition = 0, declaration = 0, definitions = 0;
	uint32_t nr;

	for (nr = m->first[id]; nr < m->first[id + 1]; nr++) {
		uint32_t base_id = m->pairs[nr].base_id;
		int ret = base_defines(m, base_id);

		if (ret < 0)
			return -1;
		if (!ret)
			declaration = base_id;
		else if (!definitions++)
			definition = base_id;
	}
	m->base_ids[id] = definitions == 1 && !own ? definition : declaration;
	return 0;
}

static int choose_declarations(struct match *m)
{
	bool asked = false, is_own;
	uint64_t *own, key;
	size_t nr_own;
	uint32_t id;
	int ret = -1;

	own = own_definitions(m, &nr_own);
	if (!own)
		return -1;
	for (id = 1; id <= m->btf->nr_types; id++) {
		const struct btf_type *t = btf_type(m->btf, id);

		if (!btf_is_declaration(t) || m->base_ids[id])
			continue;
		key = btf_type_key(m->btf, t);
		is_own = bsearch(&key, own, nr_own, sizeof(key), cmp_keys);

		/* With one answer only, nobody needs to be asked. */
		if (!asked &&
		    (is_own || m->first[id + 1] - m->first[id] > 1)) {
			if (choose_by_witness(m))
				goto out_free_own;
			asked = true;
		}
		if (!m->base_ids[id] && choose_by_name(m, id, is_own))
			goto out_free_own;
	}
	ret = 0;

out_free_own:
	free(own);
	return ret;
}

/* References are the base's when what they refer to was chosen. */
static void agree(struct match *m)
{
	uint32_t nr, id, e;

	/*
	 * A pair of a definition or declaration that was not chosen takes the
	 * references to it along. A reference to what the module defines is
	 * not the base's reference to a declaration of it.
	 */
	for (nr = 0; nr < m->nr_pairs; nr++) {
		struct pair *p = &m->pairs[nr];

		if (match_is_reference(btf_type(m->btf, p->type)) ?
		    p->declared : m->base_ids[p->type] != p->base_id) {
			p->dropped = true;
			m->stack[m->nr_stack++] = nr;
		}
	}
	while (m->nr_stack) {
		nr = m->stack[--m->nr_stack];
		for (e = m->pairs[nr].relying; e; e = m->edges[e].next) {
			struct pair *p = &m->pairs[m->edges[e].pair];

			if (p->dropped ||
			    !match_is_reference(btf_type(m->btf, p->type)))
				continue;
			p->dropped = true;
			m->stack[m->nr_stack++] = m->edges[e].pair;
		}
	}
	for (id = 1; id <= m->btf->nr_types; id++)
		if (match_is_reference(btf_type(m->btf, id)))
			m->base_ids[id] = lowest(m, id);
}

int match_choose(struct match *m)
{
	if (choose_definitions(m) || choose_declarations(m))
		return -1;
	agree(m);
	return 0;
}
