// SPDX-License-Identifier: GPL-2.0-only
/*
 * Which types of a module does the base have?
 *
 * A module's type M and a base type B are the same when nothing reachable from
 * M tells it from B: the same words, and references to types that are again
 * the same. Types refer to each other in circles, so this cannot be computed
 * bottom-up. It is the greatest relation with that property (a bisimulation),
 * found by assuming the most and dropping what does not hold:
 *
 * 1. Gather.  A pair (M, B) for every B that has M's fingerprint and, word for
 *    word, M's names and values. Fingerprints see through anonymous types but
 *    stop at tags, so nearly every M has no pair or the one right pair.
 *
 * 2. Settle.  A pair is dropped when M and B refer to C and D at the same place
 *    and there is no pair (C, D). Dropping one may drop those that relied on
 *    it. What remains is the relation.
 *
 *    Forward declarations are where C itself takes the tag for the type. A
 *    forward declaration in the module, "struct foo;", pairs with every base
 *    type that has its tag: that is what makes struct bar { struct foo *p; } of
 *    a module that never sees struct foo's members the struct bar of the base.
 *    It works the other way round too: a struct of the base that points to a
 *    mere "struct foo;" is the module's, even if the module knows the members
 *    of struct foo. Only struct foo itself is then the module's own.
 *
 * 3. Choose.  For types that are not mere references the lowest B wins. What a
 *    declaration stands for is told by the struct that was matched around it;
 *    else by there being one definition only of that name; else it stays a
 *    declaration, and maps to the base's, if that has one.
 *
 * 4. Agree.  Types that only refer (pointers, typedefs, prototypes, ...) are
 *    still paired with "pointer to some struct foo". Pairs that refer to
 *    something else than what was chosen in 3 are dropped, and so are the
 *    references to those.
 *
 * Example, where the base has struct a { struct b *p; }, struct b { int x; }
 * and the pointers for that. A module that sees a and "struct b;":
 *
 *	gather	(a, a) (ptr, ptr) (fwd b, b)
 *	settle	(a, a) relies on (ptr, ptr), which relies on (fwd b, b): all stay
 *	choose	a is a; inside it, fwd b was matched with b: fwd b is b
 *	agree	ptr refers to what b became: it is the base's ptr
 *
 * and a module with struct b { long x; }:
 *
 *	gather	(a, a) (ptr, ptr), but nothing for b, as its member differs
 *	settle	(ptr, ptr) finds no pair for b, is dropped, and with it (a, a)
 *
 * Neither the relation nor the choices depend on the order in which the
 * module's types stand. Time and memory are linear in the module's types but
 * for types whose fingerprint many different base types share.
 */
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "fingerprint.h"
#include "hash.h"
#include "match.h"

/*
 * A bound for input that was made to have many different types of one
 * fingerprint in both files. Real modules have about one pair per type.
 */
#define MAX_PAIRS	(1u << 23)

#define NO_PAIR		UINT32_MAX

struct pair {
	uint32_t type;
	uint32_t base_id;
	uint32_t relying;	/* first of the edges to pairs that rely on it */
	bool dropped;
	bool used;		/* reached from a chosen struct */
	bool declared;		/* the base refers to a mere declaration */
};

/* Edge 0 is not used: it ends a list. */
struct edge {
	uint32_t pair;
	uint32_t next;
};

struct match {
	const struct btf *btf;
	const uint64_t *fps;
	const struct base *base;
	struct names *names;
	struct err *err;

	uint32_t *first;	/* [type]: its first pair; [type + 1]: the end */
	struct pair *pairs;
	uint32_t nr_pairs;
	uint32_t max_pairs;

	struct edge *edges;
	uint32_t nr_edges;
	uint32_t max_edges;

	uint32_t *stack;	/* of pairs to look at */
	uint32_t nr_stack;

	uint32_t *base_ids;	/* the result */
};

static int no_memory(struct match *m)
{
	return err_set(m->err, m->btf->path, "out of memory");
}

/* Types that are nothing but a name for, or a reference to, others. */
static bool is_reference(const struct btf_type *t)
{
	switch (btf_kind(t)) {
	case BTF_KIND_PTR:
	case BTF_KIND_ARRAY:
	case BTF_KIND_TYPEDEF:
	case BTF_KIND_VOLATILE:
	case BTF_KIND_CONST:
	case BTF_KIND_RESTRICT:
	case BTF_KIND_FUNC:
	case BTF_KIND_FUNC_PROTO:
	case BTF_KIND_DECL_TAG:
	case BTF_KIND_TYPE_TAG:
		return true;
	default:
		return false;
	}
}

/* 1 the same string, 0 another one, -1 the base is corrupt. */
static int same_name(struct match *m, uint32_t off, uint32_t base_off)
{
	uint32_t found;
	int ret = names_in_base(m->names, off, &found, m->err);

	if (ret <= 0 || found == base_off)
		return ret;
	/* The base may hold a string twice. */
	return !strcmp(btf_str(m->btf, off), base_str(m->base, base_off));
}

/* As same_name(), for all words but the references' targets. */
static int same_shape(struct match *m, const struct btf_type *t,
		      const struct btf_type *b)
{
	struct btf_iter it, ib;
	int ret;

	if (t->info != b->info)
		return 0;
	ib = btf_iter_begin(b);
	btf_for_each_word(&it, t) {
		uint32_t w = *it.word, wb = *ib.word;

		if (it.role == BTF_VALUE && w != wb)
			return 0;
		if (it.role == BTF_NAME) {
			ret = same_name(m, w, wb);
			if (ret <= 0)
				return ret;
		}
		btf_iter_next(&ib);
	}
	return 1;
}

static int add_pair(struct match *m, uint32_t type, uint32_t base_id)
{
	if (m->nr_pairs == m->max_pairs) {
		uint32_t max = m->max_pairs * 2 + 1024;
		struct pair *pairs;

		if (m->nr_pairs >= MAX_PAIRS)
			return err_set(m->err, m->btf->path,
				       "too many types could be the same as in %s",
				       m->base->path);
		pairs = realloc(m->pairs, max * sizeof(*pairs));
		if (!pairs)
			return no_memory(m);
		m->pairs = pairs;
		m->max_pairs = max;
	}
	m->pairs[m->nr_pairs++] = (struct pair){
		.type = type,
		.base_id = base_id,
	};
	return 0;
}

/* Pairs of one type, all added at once, in ascending order of base ids. */
static int gather_type(struct match *m, uint32_t id)
{
	const struct btf_type *t = btf_type(m->btf, id);
	bool by_tag = btf_is_declaration(t);
	struct table_range range;
	uint32_t base_id;
	int ret;

	/* Variables are a module's own, whatever they are called. */
	if (btf_kind(t) == BTF_KIND_VAR || btf_kind(t) == BTF_KIND_DATASEC)
		return 0;
	if (by_tag) {
		const char *name = btf_str(m->btf, t->name_off);
		uint64_t key = btf_name_key(btf_space(t), hash_str(name));

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
			ret = btf_space(t) == btf_space(b) ?
			      same_name(m, t->name_off, b->name_off) : 0;
		else
			ret = same_shape(m, t, b);
		if (ret < 0 || (ret && add_pair(m, id, base_id)))
			return -1;
	}
	return 0;
}

static int gather(struct match *m)
{
	uint32_t id;

	m->first = malloc(((size_t)m->btf->nr_types + 2) * sizeof(*m->first));
	if (!m->first)
		return no_memory(m);
	m->first[0] = 0;
	for (id = 1; id <= m->btf->nr_types; id++) {
		m->first[id] = m->nr_pairs;
		if (gather_type(m, id))
			return -1;
	}
	m->first[id] = m->nr_pairs;
	m->stack = malloc(((size_t)m->nr_pairs + 1) * sizeof(*m->stack));
	if (!m->stack)
		return no_memory(m);
	return 0;
}

static uint32_t find_pair(const struct match *m, uint32_t type,
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

		edges = max > m->max_edges ?
			realloc(m->edges, max * sizeof(*edges)) : NULL;
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

static void drop(struct match *m, uint32_t nr)
{
	if (!m->pairs[nr].dropped) {
		m->pairs[nr].dropped = true;
		m->stack[m->nr_stack++] = nr;
	}
}

/* Drop what relies on dropped pairs; @references: only references do. */
static void spread_drops(struct match *m, bool references)
{
	while (m->nr_stack) {
		uint32_t nr = m->stack[--m->nr_stack];
		uint32_t e;

		for (e = m->pairs[nr].relying; e; e = m->edges[e].next) {
			uint32_t relying = m->edges[e].pair;
			uint32_t type = m->pairs[relying].type;

			if (!references || is_reference(btf_type(m->btf, type)))
				drop(m, relying);
		}
	}
}

/*
 * The references of a pair, side by side. @b comes from base_type(), and has
 * as many words as @t because their info words are the same; that was checked
 * when the pair was made, but the file is mapped: nothing keeps it from having
 * changed, so the shorter one ends it.
 */
struct ref_pair {
	struct btf_iter t;
	struct btf_iter b;
};

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

static bool ref_pair_begin(struct ref_pair *r, const struct btf_type *t,
			   const struct btf_type *b)
{
	r->t = btf_iter_begin(t);
	r->b = btf_iter_begin(b);
	return ref_pair_at_ref(r);
}

static bool ref_pair_next(struct ref_pair *r)
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
	return same_name(m, t->name_off, b->name_off);
}

static int settle_pair(struct match *m, uint32_t nr)
{
	const struct btf_type *t = btf_type(m->btf, m->pairs[nr].type);
	const struct btf_type *b;
	struct ref_pair r;
	bool more;

	/* A declaration refers to nothing, whatever it is paired with. */
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
		to = ref ? find_pair(m, ref, base_ref) : NO_PAIR;
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
			m->pairs[nr].declared = true;
		else
			drop(m, nr);
	}
	return 0;
}

static int settle(struct match *m)
{
	uint32_t nr;

	for (nr = 0; nr < m->nr_pairs; nr++)
		if (settle_pair(m, nr))
			return -1;
	spread_drops(m, false);
	return 0;
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

static void choose_definitions(struct match *m)
{
	uint32_t id;

	for (id = 1; id <= m->btf->nr_types; id++) {
		const struct btf_type *t = btf_type(m->btf, id);

		if (!is_reference(t) && !btf_is_declaration(t))
			m->base_ids[id] = lowest(m, id);
	}
}

/* 1 @base_id is a definition, 0 a declaration, -1 the base is corrupt. */
static int is_definition(struct match *m, uint32_t base_id)
{
	const struct btf_type *b = base_type(m->base, base_id, m->err);

	return b ? !btf_is_declaration(b) : -1;
}

/*
 * Declaration @id was matched with @base_id inside a struct. Of several such
 * answers a definition wins over a declaration, then the lowest id.
 */
static int witness(struct match *m, uint32_t id, uint32_t base_id)
{
	uint32_t *old = &m->base_ids[id];
	int new_def, old_def;

	if (!*old) {
		*old = base_id;
		return 0;
	}
	new_def = is_definition(m, base_id);
	old_def = is_definition(m, *old);
	if (new_def < 0 || old_def < 0)
		return -1;
	if (new_def > old_def || (new_def == old_def && base_id < *old))
		*old = base_id;
	return 0;
}

static int follow_pair(struct match *m, uint32_t nr)
{
	const struct btf_type *t = btf_type(m->btf, m->pairs[nr].type);
	const struct btf_type *b = base_type(m->base, m->pairs[nr].base_id,
					     m->err);
	struct ref_pair r;
	bool more;

	if (!b)
		return -1;
	for (more = ref_pair_begin(&r, t, b); more; more = ref_pair_next(&r)) {
		uint32_t ref = *r.t.word;
		uint32_t base_ref = base_equal(m->base, *r.b.word);
		uint32_t to = ref ? find_pair(m, ref, base_ref) : NO_PAIR;
		const struct btf_type *target;

		if (to == NO_PAIR || m->pairs[to].used)
			continue;
		target = btf_type(m->btf, ref);
		if (btf_is_declaration(target)) {
			m->pairs[to].used = true;
			if (witness(m, ref, base_ref))
				return -1;
		} else if (is_reference(target)) {
			m->pairs[to].used = true;
			m->stack[m->nr_stack++] = to;
		}
	}
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
		nr = find_pair(m, id, m->base_ids[id]);
		if (nr == NO_PAIR)
			continue;
		m->stack[m->nr_stack++] = nr;
		while (m->nr_stack)
			if (follow_pair(m, m->stack[--m->nr_stack]))
				return -1;
	}
	return 0;
}

/* Keys of the tags that the module defines and the base does not have. */
static int cmp_keys(const void *pa, const void *pb)
{
	uint64_t a = *(const uint64_t *)pa, b = *(const uint64_t *)pb;

	return a < b ? -1 : a > b;
}

static uint64_t type_key(const struct match *m, const struct btf_type *t)
{
	return btf_name_key(btf_space(t),
			    hash_str(btf_str(m->btf, t->name_off)));
}

static uint64_t *own_definitions(struct match *m, size_t *nr)
{
	uint64_t *keys;
	uint32_t id;

	*nr = 0;
	keys = malloc(((size_t)m->btf->nr_types + 1) * sizeof(*keys));
	if (!keys) {
		no_memory(m);
		return NULL;
	}
	for (id = 1; id <= m->btf->nr_types; id++) {
		const struct btf_type *t = btf_type(m->btf, id);

		if (!m->base_ids[id] && !is_reference(t) &&
		    !btf_is_declaration(t) && btf_space(t) != BTF_SPACE_NONE)
			keys[(*nr)++] = type_key(m, t);
	}
	qsort(keys, *nr, sizeof(*keys), cmp_keys);
	return keys;
}

static int choose_by_name(struct match *m, uint32_t id, bool own)
{
	uint32_t definition = 0, declaration = 0, definitions = 0;
	uint32_t nr;

	for (nr = m->first[id]; nr < m->first[id + 1]; nr++) {
		uint32_t base_id = m->pairs[nr].base_id;
		int ret = is_definition(m, base_id);

		if (ret < 0)
			return -1;
		if (!ret) {
			declaration = base_id;
		} else if (!definitions++) {
			definition = base_id;
		}
	}
	m->base_ids[id] = definitions == 1 && !own ? definition : declaration;
	return 0;
}

static int choose_declarations(struct match *m)
{
	uint64_t *own = NULL, key;
	size_t nr_own = 0;
	uint32_t id;
	int ret = -1;

	if (choose_by_witness(m))
		return -1;
	for (id = 1; id <= m->btf->nr_types; id++) {
		const struct btf_type *t = btf_type(m->btf, id);

		if (!btf_is_declaration(t) || m->base_ids[id])
			continue;
		if (!own) {
			own = own_definitions(m, &nr_own);
			if (!own)
				return -1;
		}
		key = type_key(m, t);
		if (choose_by_name(m, id, bsearch(&key, own, nr_own,
						  sizeof(key), cmp_keys)))
			goto out_free_own;
	}
	ret = 0;

out_free_own:
	free(own);
	return ret;
}

static void agree(struct match *m)
{
	uint32_t nr, id;

	/*
	 * A pair of a definition or declaration that was not chosen takes the
	 * references to it along. A reference to what the module defines is
	 * not the base's reference to a declaration of it.
	 */
	for (nr = 0; nr < m->nr_pairs; nr++) {
		const struct pair *p = &m->pairs[nr];

		if (is_reference(btf_type(m->btf, p->type)) ? p->declared :
		    m->base_ids[p->type] != p->base_id)
			drop(m, nr);
	}
	spread_drops(m, true);
	for (id = 1; id <= m->btf->nr_types; id++)
		if (is_reference(btf_type(m->btf, id)))
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

	m.base_ids = calloc((size_t)btf->nr_types + 1, sizeof(*m.base_ids));
	if (!m.base_ids) {
		no_memory(&m);
		return NULL;
	}
	if (gather(&m) || settle(&m))
		goto out_free_ids;
	choose_definitions(&m);
	if (choose_declarations(&m))
		goto out_free_ids;
	agree(&m);
	goto out_free;

out_free_ids:
	free(m.base_ids);
	m.base_ids = NULL;
out_free:
	free(m.first);
	free(m.pairs);
	free(m.edges);
	free(m.stack);
	return m.base_ids;
}
