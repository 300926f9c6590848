// SPDX-License-Identifier: GPL-2.0-only
#include <stdlib.h>
#include <string.h>

#include "compare.h"
#include "same.h"

/*
 * Few names have more than one type. Equal ones are found by comparing each
 * with each, up to this number: a crafted file can have thousands of one name.
 */
#define MAX_NAMESAKES	64

/* Number of entries from @from on with the name of the first one */
struct group {
	const struct named *at;
	size_t nr;
};

static struct group next_group(const struct side *s, size_t from)
{
	struct group g = { .at = s->named + from };

	while (from + g.nr < s->nr_named && !named_cmp(g.at, g.at + g.nr))
		g.nr++;
	return g;
}

static bool is_wanted(const char *name, char **names, int nr)
{
	int i;

	for (i = 0; i < nr; i++)
		if (!strcmp(name, names[i]))
			return true;
	return !nr;
}

static bool is_kfunc(const struct side *s, uint32_t id)
{
	return id && side_kfunc(s, id);
}

static struct sums *sums_of(struct compare *c, enum thing thing)
{
	if (thing == THING_FUNC)
		return &c->funcs;
	return thing == THING_VAR ? &c->vars : &c->types;
}

static void count(struct sums *sums, const struct difference *d)
{
	sums->nr_new += !d->old;
	sums->nr_gone += !d->new;
	sums->nr_changed += d->old && d->new;
}

static int add(struct compare *c, const struct named *old,
	       const struct named *new, struct err *err)
{
	struct difference d = {
		.thing = old ? old->thing : new->thing,
		.name = old ? old->name : new->name,
		.old = old ? old->id : 0,
		.new = new ? new->id : 0,
	};

	d.kfunc = c->kfuncs_known && d.thing == THING_FUNC &&
		  (is_kfunc(c->old, d.old) || is_kfunc(c->new, d.new));
	count(sums_of(c, d.thing), &d);
	if (d.kfunc)
		count(&c->kfuncs, &d);
	if (c->nr == c->max) {
		size_t max = c->max ? 2 * c->max : 64;
		struct difference *list;

		list = reallocarray(c->list, max, sizeof(*list));
		if (!list)
			return err_no_memory(err, c->new->path);
		c->list = list;
		c->max = max;
	}
	c->list[c->nr++] = d;
	return 0;
}

static bool same_kfunc(const struct compare *c, uint32_t a, uint32_t b)
{
	const struct kfunc *old = side_kfunc(c->old, a);
	const struct kfunc *new = side_kfunc(c->new, b);

	if (!c->kfuncs_known)
		return true;
	if (!old || !new)
		return old == new;
	return !c->kfunc_flags_known || old->flags == new->flags;
}

static bool same(const struct compare *c, const struct named *a,
		 const struct named *b)
{
	return same_type(c->old, a->id, c->new, b->id) &&
	       (a->thing != THING_FUNC || same_kfunc(c, a->id, b->id));
}

/*
 * True if the other side's kernel has the same, so that the module needs no
 * copy.
 */
static bool in_kernel(const struct side *s, const struct named *n,
		      const struct side *other)
{
	const struct side *kernel = other->kernel;
	const struct named *at;

	if (!kernel || n->thing == THING_VAR)
		return false;
	for (at = side_find(kernel, n->thing, n->name);
	     at && at < kernel->named + kernel->nr_named && !named_cmp(at, n);
	     at++)
		if (same_type(s, n->id, kernel, at->id))
			return true;
	return false;
}

static int add_single(struct compare *c, const struct named *old,
		      const struct named *new, struct err *err)
{
	if (old ? in_kernel(c->old, old, c->new) :
		  in_kernel(c->new, new, c->old)) {
		c->nr_moved++;
		return 0;
	}
	return add(c, old, new, err);
}

/* Pair the entries of one name: first equal ones, then the others in order. */
static int compare_groups(struct compare *c, struct group old,
			  struct group new, struct err *err)
{
	bool old_done[MAX_NAMESAKES] = { 0 }, new_done[MAX_NAMESAKES] = { 0 };
	size_t i, j;

	for (i = 0; i < old.nr && i < MAX_NAMESAKES; i++) {
		for (j = 0; j < new.nr && j < MAX_NAMESAKES; j++) {
			if (new_done[j] || !same(c, old.at + i, new.at + j))
				continue;
			old_done[i] = true;
			new_done[j] = true;
			break;
		}
	}
	for (i = 0, j = 0; i < old.nr || j < new.nr; i++, j++) {
		const struct named *a = NULL, *b = NULL;

		while (i < old.nr && i < MAX_NAMESAKES && old_done[i])
			i++;
		while (j < new.nr && j < MAX_NAMESAKES && new_done[j])
			j++;
		if (i < old.nr)
			a = old.at + i;
		if (j < new.nr)
			b = new.at + j;
		if (a && b && same(c, a, b))
			continue;
		if (a && b ? add(c, a, b, err) :
		    (a || b) && add_single(c, a, b, err))
			return -1;
	}
	return 0;
}

static void count_all(struct compare *c)
{
	const struct side *sides[2] = { c->old, c->new };
	unsigned int i;
	size_t n;

	for (i = 0; i < 2; i++) {
		for (n = 0; n < sides[i]->nr_named; n++)
			sums_of(c, sides[i]->named[n].thing)->nr[i]++;
		c->kfuncs.nr[i] = sides[i]->nr_kfuncs;
	}
}

int compare_sides(struct compare *c, const struct side *old,
		  const struct side *new, char **names, int nr_names,
		  struct err *err)
{
	size_t i = 0, j = 0;

	*c = (struct compare){
		.old = old,
		.new = new,
		.kfuncs_known = old->kfuncs_known && new->kfuncs_known,
		.kfunc_flags_known = old->kfunc_flags_known &&
				     new->kfunc_flags_known,
	};
	count_all(c);
	while (i < old->nr_named || j < new->nr_named) {
		struct group a = { 0 }, b = { 0 };
		const char *name;
		int cmp;

		if (i == old->nr_named)
			cmp = 1;
		else if (j == new->nr_named)
			cmp = -1;
		else
			cmp = named_cmp(&old->named[i], &new->named[j]);
		name = cmp <= 0 ? old->named[i].name : new->named[j].name;
		if (cmp <= 0)
			a = next_group(old, i);
		if (cmp >= 0)
			b = next_group(new, j);
		i += a.nr;
		j += b.nr;
		if (is_wanted(name, names, nr_names) &&
		    compare_groups(c, a, b, err))
			return -1;
	}
	return 0;
}

void compare_free(struct compare *c)
{
	free(c->list);
	c->list = NULL;
}

enum renumbered compare_ids(const struct side *old, const struct side *new)
{
	const struct btf *a = &old->own, *b = &new->own;
	enum renumbered ret = RENUMBERED_NOT;
	uint32_t id;

	if (a->nr_types != b->nr_types || a->strs_len != b->strs_len ||
	    memcmp(a->strs, b->strs, a->strs_len))
		return RENUMBERED_IDS;
	for (id = 1; id <= a->nr_types; id++) {
		const struct btf_type *ta = btf_type(a, id);
		const struct btf_type *tb = btf_type(b, id);

		if (btf_kind(ta) == btf_kind(tb) &&
		    btf_nr_words(ta) == btf_nr_words(tb) &&
		    !memcmp(ta, tb, 4 * btf_nr_words(ta)))
			continue;
		if (btf_kind(ta) != BTF_KIND_DATASEC ||
		    btf_kind(tb) != BTF_KIND_DATASEC)
			return RENUMBERED_IDS;
		ret = RENUMBERED_VARS;
	}
	return ret;
}
