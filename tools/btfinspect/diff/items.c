// SPDX-License-Identifier: GPL-2.0-only
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "items.h"
#include "same.h"

#define MAX_DEPTH	16	/* of anonymous members */
#define MAX_ITEMS	200000

/* ------------------------------------------------------------------------
 * The items of a type
 */

static int item_add(struct items *items, const char *outer, const char *name,
		    struct item item)
{
	if (items->nr == items->max) {
		size_t max = items->max ? 2 * items->max : 32;
		struct item *list;

		list = reallocarray(items->list, max, sizeof(*list));
		if (!list)
			return -1;
		items->list = list;
		items->max = max;
	}
	if (asprintf(&item.name, "%s%s%s", outer, *outer ? "." : "", name) < 0)
		return -1;
	items->list[items->nr++] = item;
	return 0;
}

static void items_free(struct items *items)
{
	while (items->nr)
		free(items->list[--items->nr].name);
	free(items->list);
	items->list = NULL;
}

static bool is_composite(const struct btf_type *t)
{
	return btf_kind(t) == BTF_KIND_STRUCT || btf_kind(t) == BTF_KIND_UNION;
}

/* The anonymous struct of a member, or of an array of them */
static const struct btf_type *nameless(const struct side *s, uint32_t id,
				       unsigned int *nr_arrays)
{
	const struct btf_type *t = side_type(s, id);

	for (*nr_arrays = 0; btf_kind(t) == BTF_KIND_ARRAY && *nr_arrays < 8;
	     ++*nr_arrays)
		t = side_type(s, btf_words(t)[BTF_TYPE_WORDS]);
	return is_composite(t) && !t->name_off ? t : NULL;
}

/* MAX_DEPTH ends it. NOLINTBEGIN(misc-no-recursion) */

static int add_members(struct items *items, const struct side *s,
		       const struct btf_type *t, const char *outer,
		       uint64_t at, unsigned int depth);

/* Members of an anonymous struct are members of the struct around it. */
static int add_inner(struct items *items, const struct side *s,
		     const struct btf_type *inner, unsigned int nr_arrays,
		     const char *outer, const char *name, uint64_t at,
		     unsigned int depth)
{
	char *path;
	int ret;

	if (!*name)
		return add_members(items, s, inner, outer, at, depth + 1);
	if (asprintf(&path, "%s%s%s%.*s", outer, *outer ? "." : "", name,
		     2 * (int)nr_arrays, "[][][][][][][][]") < 0)
		return -1;
	ret = add_members(items, s, inner, path, at, depth + 1);
	free(path);
	return ret;
}

static int add_members(struct items *items, const struct side *s,
		       const struct btf_type *t, const char *outer,
		       uint64_t at, unsigned int depth)
{
	const uint32_t *m = btf_words(t) + BTF_TYPE_WORDS;
	unsigned int i;

	for (i = 0; i < btf_vlen(t) && items->nr < MAX_ITEMS; i++, m += 3) {
		const char *name = side_str(s, m[0]);
		struct item item = { .type = m[1], .value = at };
		const struct btf_type *inner;
		unsigned int nr_arrays;

		item.value += btf_kflag(t) ? m[2] & 0xffffff : m[2];
		item.bits = btf_kflag(t) ? m[2] >> 24 : 0;
		inner = depth < MAX_DEPTH ? nameless(s, m[1], &nr_arrays) : NULL;
		/* A member with a name is also an item itself. */
		if ((!inner || *name) && item_add(items, outer, name, item))
			return -1;
		if (inner && add_inner(items, s, inner, nr_arrays, outer, name,
				       item.value, depth))
			return -1;
	}
	return 0;
}

/* NOLINTEND(misc-no-recursion) */

static int add_enumerators(struct items *items, const struct side *s,
			   const struct btf_type *t)
{
	bool wide = btf_kind(t) == BTF_KIND_ENUM64;
	const uint32_t *e = btf_words(t) + BTF_TYPE_WORDS;
	unsigned int i;

	for (i = 0; i < btf_vlen(t); i++, e += wide ? 3 : 2) {
		struct item item = { 0 };

		if (wide)
			item.value = (int64_t)((uint64_t)e[2] << 32 | e[1]);
		else
			item.value = btf_kflag(t) ? (int32_t)e[1] : (int64_t)e[1];
		if (item_add(items, "", side_str(s, e[0]), item))
			return -1;
	}
	return 0;
}

static int items_read(struct items *items, const struct side *s, uint32_t id)
{
	const struct btf_type *t = side_type(s, id);

	if (is_composite(t))
		return add_members(items, s, t, "", 0, 0);
	return add_enumerators(items, s, t);
}

/* ------------------------------------------------------------------------
 * Differences
 */

static int change_add(struct changes *changes, struct change change)
{
	if (changes->nr == changes->max) {
		size_t max = changes->max ? 2 * changes->max : 16;
		struct change *list;

		list = reallocarray(changes->list, max, sizeof(*list));
		if (!list)
			return -1;
		changes->list = list;
		changes->max = max;
	}
	changes->list[changes->nr++] = change;
	return 0;
}

static int change_number(struct changes *changes, enum change_what what,
			 uint32_t from, uint32_t to)
{
	struct change change = { .what = what, .from = from, .to = to };

	return from == to ? 0 : change_add(changes, change);
}

/* Without a name (padding of bit fields), match by offset. */
static int cmp_item(const void *pa, const void *pb)
{
	const struct item *a = *(const struct item * const *)pa;
	const struct item *b = *(const struct item * const *)pb;
	int cmp = strcmp(a->name, b->name);

	return cmp ? cmp : (a > b) - (a < b);
}

static const struct item **sort(const struct items *items)
{
	const struct item **sorted;
	size_t i;

	sorted = calloc(items->nr + 1, sizeof(void *));
	if (!sorted)
		return NULL;
	for (i = 0; i < items->nr; i++)
		sorted[i] = &items->list[i];
	qsort(sorted, items->nr, sizeof(void *), cmp_item);
	return sorted;
}

/* Pair items of one name, in @partner by index */
static int pair(const struct items *old, const struct items *new,
		const struct item **partner_of_old,
		const struct item **partner_of_new)
{
	const struct item **a = sort(old), **b = sort(new);
	size_t i = 0, j = 0;
	int ret = -1;

	while (a && b && i < old->nr && j < new->nr) {
		int cmp = strcmp(a[i]->name, b[j]->name);

		if (!cmp) {
			partner_of_old[a[i] - old->list] = b[j];
			partner_of_new[b[j] - new->list] = a[i];
		}
		i += cmp <= 0;
		j += cmp >= 0;
	}
	if (a && b)
		ret = 0;
	free(a);
	free(b);
	return ret;
}

static bool same_item(const struct compare *c, const struct item *a,
		      const struct item *b)
{
	const struct btf_type *ta, *tb;
	unsigned int na, nb;

	if (a->value != b->value || a->bits != b->bits)
		return false;
	/* Its members are compared by themselves. */
	ta = nameless(c->old, a->type, &na);
	tb = nameless(c->new, b->type, &nb);
	if (ta && tb && btf_kind(ta) == btf_kind(tb) && !na && !nb)
		return true;
	return same_ref(c->old, a->type, c->new, b->type);
}

/* True for a member inside of @outer, which is already reported. */
static bool is_inside(const struct item *item, const struct item *outer)
{
	size_t len = outer ? strlen(outer->name) : 0;

	return len && !strncmp(item->name, outer->name, len) &&
	       (item->name[len] == '.' || item->name[len] == '[');
}

static int find_items(struct changes *changes, const struct compare *c,
		      enum change_what what)
{
	struct items *old = &changes->old, *new = &changes->new;
	const struct item **of_old, **of_new, *outer = NULL;
	size_t i;
	int ret = -1;

	of_old = calloc(old->nr + 1, sizeof(void *));
	of_new = calloc(new->nr + 1, sizeof(void *));
	if (!of_old || !of_new || pair(old, new, of_old, of_new))
		goto out_free;
	for (i = 0; i < old->nr; i++) {
		struct change change = {
			.what = what, .old = &old->list[i], .new = of_old[i]
		};

		if (change.new ? same_item(c, change.old, change.new) :
				 is_inside(change.old, outer))
			continue;
		if (change_add(changes, change))
			goto out_free;
		if (!change.new)
			outer = change.old;
	}
	outer = NULL;
	for (i = 0; i < new->nr; i++) {
		struct change change = { .what = what, .new = &new->list[i] };

		if (of_new[i] || is_inside(change.new, outer))
			continue;
		if (change_add(changes, change))
			goto out_free;
		outer = change.new;
	}
	ret = 0;

out_free:
	free(of_old);
	free(of_new);
	return ret;
}

static int find_func(struct changes *changes, const struct compare *c,
		     const struct difference *d)
{
	const struct kfunc *old = side_kfunc(c->old, d->old);
	const struct kfunc *new = side_kfunc(c->new, d->new);

	if (change_number(changes, CHANGE_LINKAGE,
			  btf_vlen(side_type(c->old, d->old)),
			  btf_vlen(side_type(c->new, d->new))))
		return -1;
	if (!c->kfuncs_known)
		return 0;
	if (change_number(changes, CHANGE_KFUNC, !!old, !!new))
		return -1;
	if (!old || !new || !c->kfunc_flags_known)
		return 0;
	return change_number(changes, CHANGE_FLAGS, old->flags, new->flags);
}

static int find(struct changes *changes, const struct compare *c,
		const struct difference *d)
{
	const struct btf_type *old = side_type(c->old, d->old);
	const struct btf_type *new = side_type(c->new, d->new);
	struct change type = {
		.what = CHANGE_TYPE, .from = d->old, .to = d->new
	};

	switch (d->thing) {
	case THING_STRUCT:
	case THING_UNION:
	case THING_ENUM:
		if (change_number(changes, CHANGE_SIZE, old->size_type,
				  new->size_type) ||
		    items_read(&changes->old, c->old, d->old) ||
		    items_read(&changes->new, c->new, d->new))
			return -1;
		return find_items(changes, c, d->thing == THING_ENUM ?
				  CHANGE_ENUMERATOR : CHANGE_MEMBER);
	case THING_BASIC:
		if (change_number(changes, CHANGE_SIZE, old->size_type,
				  new->size_type))
			return -1;
		return btf_kind(old) != BTF_KIND_INT ||
		       btf_kind(new) != BTF_KIND_INT ? 0 :
			change_number(changes, CHANGE_ENCODING,
				      btf_words(old)[BTF_TYPE_WORDS],
				      btf_words(new)[BTF_TYPE_WORDS]);
	default:
		if (!same_ref(c->old, old->size_type, c->new, new->size_type) &&
		    change_add(changes, type))
			return -1;
		if (d->thing == THING_VAR)
			return change_number(changes, CHANGE_LINKAGE,
					     btf_words(old)[BTF_TYPE_WORDS],
					     btf_words(new)[BTF_TYPE_WORDS]);
		return d->thing == THING_FUNC ? find_func(changes, c, d) : 0;
	}
}

int changes_find(struct changes *changes, const struct compare *c,
		 const struct difference *d, struct err *err)
{
	const struct change other = { .what = CHANGE_OTHER };

	*changes = (struct changes){ 0 };
	if (find(changes, c, d) ||
	    (!changes->nr && change_add(changes, other)))
		return err_no_memory(err, c->new->path);
	return 0;
}

void changes_free(struct changes *changes)
{
	items_free(&changes->old);
	items_free(&changes->new);
	free(changes->list);
	*changes = (struct changes){ 0 };
}
