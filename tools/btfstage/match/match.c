// SPDX-License-Identifier: GPL-2.0-only
/*
 * Which types of a module does the base have?
 *
 * A module's type M and a base type B are the same if they have the same words
 * and refer to types that are the same. References form cycles, so this cannot
 * be computed bottom-up. Four passes find it:
 *
 * 1. Gather.  M and B are a pair if they have the same fingerprint and, word
 * for
 *    word, the same names and values. A fingerprint sees through anonymous types
 *    and stops at the names of structs, unions and enums. So nearly every M is in
 *    one pair, the right one, or in none. A forward declaration, "struct foo;",
 *    is in a pair with every struct foo of the base, declared or defined.
 *
 * 2. Settle.  A pair is dropped if M refers to C where B refers to D and (C, D)
 *    is no pair. That may drop pairs that rely on the dropped one. What is left
 *    is the greatest set of pairs that agree with each other (a bisimulation),
 *    and does not depend on any order.
 *
 *    One exception: if C is a definition of what D declares, the pair stays, as
 *    a vague one. A struct of the base that points to a mere "struct foo;" is the
 *    module's, though the module has the members of struct foo.
 *
 * 3. Choose.  Each struct, union, enum and declaration of the module gets one
 * of
 *    the base types it is in a pair with. If there is only one, that is it. If
 *    several remain, choose together with the structs inside and around; else
 *    prefer definitions over declarations, then the lowest id.
 *
 * 4. Agree.  A pointer, typedef, prototype and so on is the base's if what it
 *    refers to is. Pairs that refer to something else than was chosen are
 *    dropped, and what relies on these.
 *
 * Example. The base has struct a { struct b *p; } and struct b { int x; }. A
 * module that has the same struct a, but only "struct b;":
 *
 *	gather	(a, a) (ptr, ptr) (fwd b, b)
 *	settle	(a, a) relies on (ptr, ptr), which relies on (fwd b, b): all stay
 *	choose	a is a, and its fwd b is b
 *	agree	ptr refers to b: it is the base's ptr
 *
 * A module with struct b { long x; }:
 *
 *	gather	(a, a) (ptr, ptr); b is in no pair, since a member differs
 *	settle	(ptr, ptr) needs a pair of b and is dropped, then (a, a) is
 *
 * Time and memory are linear in the module's types, but for types whose
 * fingerprint many different base types share.
 */
#include <stdlib.h>

#include "../base/fingerprint.h"
#include "match.h"
#include "match_pairs.h"

static bool is_definition(const struct btf_type *t)
{
	return !match_is_reference(t) && !btf_is_declaration(t);
}

/* Lowest base id of the remaining pairs, 0 if there is none. */
static uint32_t lowest(const struct match *m, uint32_t type)
{
	uint32_t nr;

	for (nr = m->first[type]; nr < m->first[type + 1]; nr++)
		if (!m->pairs[nr].dropped)
			return m->pairs[nr].base_id;
	return 0;
}

/*
 * Pass 3, for the few modules that leave a choice.
 *
 * A chosen pair decides others. Inside: the pairs that it refers to are chosen,
 * too. Around: the other pairs of its type are dropped, and the pairs that rely
 * on them, but never the last pair of a struct. A type with one remaining pair
 * has its choice; a reference with one remaining pair chooses what it refers
 * to. When nothing follows any more, choose the best of all remaining pairs.
 *
 * This is done for structs, unions and enums, then for declarations, from the
 * best pair to the worst. Equally good pairs, which have the same base type,
 * are chosen at the same time, so the order of the module's types has no
 * influence.
 */
struct list {
	uint32_t *items;
	uint32_t nr;
};

struct chooser {
	struct match *m;
	bool declarations;	/* choosing declarations, not definitions */
	uint32_t *left;		/* [type]: pairs not dropped */
	struct list chosen;	/* types to process */
	struct list single;	/* types with one remaining pair, to process */
	struct list open;	/* pairs to choose from when nothing follows */
	struct list next;	/* pairs that follow from chosen ones */
	struct list broken;	/* pairs of structs that rely on dropped pairs */
};

/* How good a pair is, by what it reaches; the best first. */
enum rank {
	EXACT,			/* the same words */
	DECLARED,		/* the module declares what the base defines */
	VAGUE,			/* the base declares what the module defines */
};

enum follow {
	FROM_REFERENCE = 1,
	FROM_STRUCT,		/* reaches more */
};

static void list_add(struct list *list, uint32_t item)
{
	list->items[list->nr++] = item;
}

/*
 * Give @rank to all pairs that rely on one with that rank, except worse ones.
 */
static void spread_rank(struct match *m, enum rank rank)
{
	uint32_t nr, e;

	for (nr = 0; nr < m->nr_pairs; nr++)
		if (m->pairs[nr].rank == rank)
			m->stack[m->nr_stack++] = nr;
	while (m->nr_stack) {
		nr = m->stack[--m->nr_stack];
		for (e = m->pairs[nr].relying; e; e = m->edges[e].next) {
			struct pair *p = &m->pairs[m->edges[e].pair];

			if (p->rank >= rank)
				continue;
			p->rank = rank;
			m->stack[m->nr_stack++] = m->edges[e].pair;
		}
	}
}

static void rank_pairs(struct match *m)
{
	uint32_t nr;

	for (nr = 0; nr < m->nr_pairs; nr++) {
		struct pair *p = &m->pairs[nr];

		if (p->vague)
			p->rank = VAGUE;
		else if (btf_is_declaration(match_type(m, nr)) && !p->declared)
			p->rank = DECLARED;
	}
	spread_rank(m, VAGUE);
	spread_rank(m, DECLARED);
}

static const struct match *sort_match;	/* for the callback of qsort() */

/* The best first. 0: pairs of different types with the same base type. */
static int cmp_pairs(const void *pa, const void *pb)
{
	const struct pair *a = &sort_match->pairs[*(const uint32_t *)pa];
	const struct pair *b = &sort_match->pairs[*(const uint32_t *)pb];

	if (a->declared != b->declared)
		return a->declared ? 1 : -1;
	if (a->rank != b->rank)
		return a->rank < b->rank ? -1 : 1;
	return a->base_id < b->base_id ? -1 : a->base_id > b->base_id;
}

static void sort_pairs(struct list *list)
{
	qsort(list->items, list->nr, sizeof(*list->items), cmp_pairs);
}

static void drop_pair(struct chooser *c, uint32_t nr)
{
	struct match *m = c->m;
	uint32_t type = m->pairs[nr].type;

	match_drop(m, nr);
	if (--c->left[type] == 1 && !m->base_ids[type])
		list_add(&c->single, type);
}

static void drop_references(struct chooser *c, uint32_t nr)
{
	struct match *m = c->m;
	uint32_t e;

	for (e = m->pairs[nr].relying; e; e = m->edges[e].next) {
		uint32_t relying = m->edges[e].pair;
		struct pair *p = &m->pairs[relying];

		if (p->dropped || p->broken)
			continue;
		if (match_is_reference(match_type(m, relying))) {
			drop_pair(c, relying);
		} else {
			p->broken = true;
			list_add(&c->broken, relying);
		}
	}
}

/*
 * Drop what relies on dropped pairs; of the pairs of a struct, the worst first.
 */
static void drop_relying(struct chooser *c)
{
	struct match *m = c->m;

	while (m->nr_stack) {
		while (m->nr_stack)
			drop_references(c, m->stack[--m->nr_stack]);
		sort_pairs(&c->broken);
		while (c->broken.nr) {
			uint32_t nr = c->broken.items[--c->broken.nr];
			struct pair *p = &m->pairs[nr];

			p->broken = false;
			if (!m->base_ids[p->type] && c->left[p->type] > 1)
				drop_pair(c, nr);
		}
	}
}

/* Choose the first of @pairs and all that are as good. Returns their number. */
static uint32_t choose_best(struct chooser *c, const uint32_t *pairs,
			    uint32_t nr_pairs)
{
	uint32_t start = c->chosen.nr, nr = 0, i;
	struct match *m = c->m;

	do {
		const struct pair *p = &m->pairs[pairs[nr]];

		if (!p->dropped && !m->base_ids[p->type]) {
			m->base_ids[p->type] = p->base_id;
			list_add(&c->chosen, p->type);
		}
	} while (++nr < nr_pairs && !cmp_pairs(pairs, pairs + nr));

	for (i = start; i < c->chosen.nr; i++) {
		uint32_t type = c->chosen.items[i], other;

		for (other = m->first[type]; other < m->first[type + 1]; other++)
			if (m->pairs[other].base_id != m->base_ids[type] &&
			    !m->pairs[other].dropped)
				drop_pair(c, other);
	}
	drop_relying(c);
	return nr;
}

/*
 * A pair of a definition or declaration was reached from a chosen pair.
 *
 * While definitions are chosen, only structs reach a declaration, and only if
 * the base has a definition for it: that can decide other structs. Other
 * declarations are chosen later. If the module has a definition of that name
 * that the base does not have, a pointer may refer to that one.
 */
static void reach(struct chooser *c, uint32_t nr, enum follow from)
{
	struct match *m = c->m;
	struct pair *p = &m->pairs[nr];

	if (p->dropped || m->base_ids[p->type] || p->followed)
		return;
	if (c->declarations ? p->redefined && from == FROM_REFERENCE :
	    p->declared || (from == FROM_REFERENCE &&
			    btf_is_declaration(match_type(m, nr))))
		return;
	p->followed = from;
	list_add(&c->next, nr);
}

/* Reach the pairs that a pair refers to, through references. */
static int follow(struct chooser *c, uint32_t start, enum follow from)
{
	struct match *m = c->m;

	m->stack[m->nr_stack++] = start;
	while (m->nr_stack) {
		uint32_t nr = m->stack[--m->nr_stack];
		const struct btf_type *b;
		struct ref_pair r;
		bool more;

		b = base_type(m->base, m->pairs[nr].base_id, m->err);
		if (!b)
			return -1;
		more = ref_pair_begin(&r, match_type(m, nr), b);
		for (; more; more = ref_pair_next(&r)) {
			uint32_t base_ref = base_equal(m->base, *r.b.word);
			uint32_t to = NO_PAIR;

			if (*r.t.word)
				to = match_find_pair(m, *r.t.word, base_ref);
			if (to == NO_PAIR)
				continue;
			if (!match_is_reference(match_type(m, to))) {
				reach(c, to, from);
			} else if (m->pairs[to].followed < from) {
				m->pairs[to].followed = from;
				m->stack[m->nr_stack++] = to;
			}
		}
	}
	return 0;
}

static int follow_chosen(struct chooser *c)
{
	struct match *m = c->m;

	while (c->chosen.nr) {
		uint32_t type = c->chosen.items[--c->chosen.nr];
		uint32_t nr = match_find_pair(m, type, m->base_ids[type]);

		if (nr != NO_PAIR && follow(c, nr, FROM_STRUCT))
			return -1;
	}
	return 0;
}

static int follow_single(struct chooser *c)
{
	struct match *m = c->m;

	while (c->single.nr) {
		uint32_t type = c->single.items[--c->single.nr];
		uint32_t nr = match_find_pair(m, type, lowest(m, type));

		if (nr == NO_PAIR)
			continue;
		if (!match_is_reference(match_type(m, nr)))
			reach(c, nr, FROM_REFERENCE);
		else if (follow(c, nr, FROM_REFERENCE))
			return -1;
	}
	return 0;
}

/* Choose among definitions, or among declarations. */
static int choose_all(struct chooser *c)
{
	uint32_t pos = 0;

	for (;;) {
		uint32_t i;

		c->next.nr = 0;
		if (c->chosen.nr) {
			if (follow_chosen(c))
				return -1;
		} else if (c->single.nr) {
			if (follow_single(c))
				return -1;
		} else if (pos < c->open.nr) {
			pos += choose_best(c, c->open.items + pos,
					   c->open.nr - pos);
		} else {
			return 0;
		}
		sort_pairs(&c->next);
		for (i = 0; i < c->next.nr;)
			i += choose_best(c, c->next.items + i, c->next.nr - i);
	}
}

/*
 * If nothing else decides, a declaration is the only definition of its name in
 * the base, or else the base's declaration.
 */
static void open_declaration(struct chooser *c, uint32_t type)
{
	const struct match *m = c->m;
	uint32_t definitions = 0, nr;

	for (nr = m->first[type]; nr < m->first[type + 1]; nr++)
		definitions += !m->pairs[nr].declared;
	for (nr = m->first[type]; nr < m->first[type + 1]; nr++)
		if (m->pairs[nr].declared ||
		    (definitions == 1 && !m->pairs[nr].redefined))
			list_add(&c->open, nr);
}

static void open_definition(struct chooser *c, uint32_t type)
{
	uint32_t nr;

	for (nr = c->m->first[type]; nr < c->m->first[type + 1]; nr++)
		list_add(&c->open, nr);
}

static int choose_among(struct chooser *c, bool declarations)
{
	struct match *m = c->m;
	uint32_t id, nr;

	c->declarations = declarations;
	c->single.nr = 0;
	c->open.nr = 0;
	for (nr = 0; nr < m->nr_pairs; nr++)
		m->pairs[nr].followed = 0;
	for (id = 1; id <= m->btf->nr_types; id++) {
		const struct btf_type *t = btf_type(m->btf, id);

		if (m->base_ids[id])
			list_add(&c->chosen, id);
		else if (c->left[id] == 1)
			list_add(&c->single, id);
		else if (!declarations && is_definition(t))
			open_definition(c, id);
		if (declarations && btf_is_declaration(t))
			open_declaration(c, id);
	}
	sort_pairs(&c->open);
	return choose_all(c);
}

static int cmp_keys(const void *pa, const void *pb)
{
	uint64_t a = *(const uint64_t *)pa, b = *(const uint64_t *)pb;

	return a < b ? -1 : a > b;
}

/*
 * Find declarations of names that the module and the base define differently.
 */
static int mark_redefined(struct match *m)
{
	uint64_t *keys, key;
	size_t nr_keys = 0;
	uint32_t id, nr;

	keys = malloc(((size_t)m->btf->nr_types + 1) * sizeof(*keys));
	if (!keys)
		return err_no_memory(m->err, m->btf->path);
	for (id = 1; id <= m->btf->nr_types; id++) {
		const struct btf_type *t = btf_type(m->btf, id);

		if (is_definition(t) && btf_space(t) != BTF_SPACE_NONE &&
		    !lowest(m, id))
			keys[nr_keys++] = btf_type_key(m->btf, t);
	}
	qsort(keys, nr_keys, sizeof(*keys), cmp_keys);
	for (id = 1; id <= m->btf->nr_types; id++) {
		const struct btf_type *t = btf_type(m->btf, id);

		if (!btf_is_declaration(t))
			continue;
		key = btf_type_key(m->btf, t);
		if (!bsearch(&key, keys, nr_keys, sizeof(key), cmp_keys))
			continue;
		for (nr = m->first[id]; nr < m->first[id + 1]; nr++)
			m->pairs[nr].redefined = true;
	}
	free(keys);
	return 0;
}

/* Choose for types with one pair. True if no type is left. */
static bool choose_only(struct match *m, uint32_t *left)
{
	bool all = true;
	uint32_t id, nr;

	for (nr = 0; nr < m->nr_pairs; nr++)
		left[m->pairs[nr].type] += !m->pairs[nr].dropped;
	for (id = 1; id <= m->btf->nr_types; id++) {
		if (match_is_reference(btf_type(m->btf, id)) || !left[id])
			continue;
		if (left[id] == 1 && !m->pairs[m->first[id]].redefined)
			m->base_ids[id] = lowest(m, id);
		else
			all = false;
	}
	return all;
}

static int choose(struct match *m)
{
	struct chooser c = { .m = m };
	size_t types = (size_t)m->btf->nr_types + 1;
	size_t pairs = (size_t)m->nr_pairs + 1;
	uint32_t *lists = NULL;
	int ret = -1;

	c.left = calloc(types, sizeof(*c.left));
	if (!c.left)
		return err_no_memory(m->err, m->btf->path);
	if (mark_redefined(m))
		goto out_free;
	if (choose_only(m, c.left)) {
		ret = 0;
		goto out_free;
	}
	lists = malloc((types * 2 + pairs * 3) * sizeof(*lists));
	if (!lists) {
		err_no_memory(m->err, m->btf->path);
		goto out_free;
	}
	c.chosen.items = lists;
	c.single.items = lists + types;
	c.open.items = lists + types * 2;
	c.next.items = c.open.items + pairs;
	c.broken.items = c.next.items + pairs;

	sort_match = m;
	rank_pairs(m);
	if (!choose_among(&c, false))
		ret = choose_among(&c, true);

out_free:
	free(lists);
	free(c.left);
	return ret;
}

static void agree(struct match *m)
{
	uint32_t nr, id;

	for (nr = 0; nr < m->nr_pairs; nr++) {
		const struct pair *p = &m->pairs[nr];

		if (!match_is_reference(match_type(m, nr)) &&
		    m->base_ids[p->type] != p->base_id)
			match_drop(m, nr);
	}
	match_drop_relying(m, true);
	for (id = 1; id <= m->btf->nr_types; id++)
		if (match_is_reference(btf_type(m->btf, id)))
			m->base_ids[id] = lowest(m, id);
}

uint32_t *match_types(const struct btf *btf, const uint64_t *fps,
		      const struct base *base, struct names *names,
		      struct err *err)
{
	struct match m = {
		.btf = btf,
		.fps = fps,
		.base = base,
		.names = names,
		.err = err,
	};
	uint32_t *base_ids;

	base_ids = calloc((size_t)btf->nr_types + 1, sizeof(*base_ids));
	if (!base_ids) {
		err_no_memory(err, btf->path);
		return NULL;
	}
	m.base_ids = base_ids;
	if (!match_gather(&m) && !match_settle(&m) && !choose(&m)) {
		agree(&m);
	} else {
		free(base_ids);
		base_ids = NULL;
	}
	match_free(&m);
	return base_ids;
}
