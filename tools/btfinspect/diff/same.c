// SPDX-License-Identifier: GPL-2.0-only
#include <string.h>

#include "../../btfstage/base/fingerprint.h"
#include "same.h"

/*
 * Far more than types of C programs need. Types that refer to each other
 * without end, or to the same one again and again, are not the same.
 */
#define MAX_DEPTH	64
#define MAX_STEPS	100000

struct walk {
	const struct side *old, *new;
	unsigned int depth;
	unsigned int steps;
};

/* MAX_DEPTH ends it. NOLINTBEGIN(misc-no-recursion) */

static bool refs(struct walk *w, uint32_t a, uint32_t b);

/* Compare word by word: names as strings, ids by their types. */
static bool words(struct walk *w, const struct btf_type *a,
		  const struct btf_type *b)
{
	struct btf_iter i, j;

	if (a->info != b->info)
		return false;
	i = btf_iter_begin(a);
	j = btf_iter_begin(b);
	while (btf_iter_valid(&i)) {
		bool same;

		if (++w->steps > MAX_STEPS)
			return false;
		if (i.role == BTF_NAME)
			same = !strcmp(side_str(w->old, *i.word),
				       side_str(w->new, *j.word));
		else if (i.role == BTF_REF)
			same = refs(w, *i.word, *j.word);
		else
			same = *i.word == *j.word;
		if (!same)
			return false;
		btf_iter_next(&i);
		btf_iter_next(&j);
	}
	return true;
}

static bool refs(struct walk *w, uint32_t a, uint32_t b)
{
	const struct btf_type *ta = side_type(w->old, a);
	const struct btf_type *tb = side_type(w->new, b);
	enum btf_space space = btf_space(ta);
	bool same;

	if (!a || !b)
		return a == b;
	if (ta->name_off &&
	    (space != BTF_SPACE_NONE || thing_of(ta) == THING_BASIC))
		return tb->name_off && space == btf_space(tb) &&
		       (space != BTF_SPACE_NONE ||
			thing_of(tb) == THING_BASIC) &&
		       !strcmp(side_name(w->old, ta), side_name(w->new, tb));
	if (w->depth == MAX_DEPTH)
		return false;
	w->depth++;
	same = words(w, ta, tb);
	w->depth--;
	return same;
}

/* NOLINTEND(misc-no-recursion) */

bool same_ref(const struct side *old, uint32_t a, const struct side *new,
	      uint32_t b)
{
	struct walk w = { .old = old, .new = new };

	return refs(&w, a, b);
}

bool same_type(const struct side *old, uint32_t a, const struct side *new,
	       uint32_t b)
{
	struct walk w = { .old = old, .new = new };

	return words(&w, side_type(old, a), side_type(new, b));
}
