/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Pairs of a module's type and a base type that can be the same: passes 1 and 2
 * of matching. match.c describes the algorithm.
 */
#ifndef BTFSTAGE_MATCH_PAIRS_H
#define BTFSTAGE_MATCH_PAIRS_H

#include <stdbool.h>
#include <stdint.h>

#include "../base/base.h"
#include "../btf/btf.h"
#include "../io/err.h"
#include "names.h"

#define NO_PAIR		UINT32_MAX

struct pair {
	uint32_t type;
	uint32_t base_id;
	uint32_t relying;	/* first of the edges to pairs that rely on it */
	bool dropped : 1;
	bool declared : 1;	/* the base type is a declaration */
	bool vague : 1;		/* the base declares what the module defines */

	/* For match.c. */
	bool redefined : 1;	/* a declaration of what the module defines */
	bool broken : 1;	/* relies on a dropped pair */
	uint8_t followed;	/* enum follow */
	uint8_t rank;
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

	uint32_t *stack;	/* of pairs, each at most once */
	uint32_t nr_stack;

	uint32_t *base_ids;	/* [type]: the result */
};

int __must_check match_gather(struct match *m);
int __must_check match_settle(struct match *m);
void match_free(struct match *m);

/* The module's type of a pair. */
static inline const struct btf_type *match_type(const struct match *m,
						uint32_t nr)
{
	return btf_type(m->btf, m->pairs[nr].type);
}

/* The pair of these two, or NO_PAIR. */
uint32_t match_find_pair(const struct match *m, uint32_t type,
			 uint32_t base_id);

/* Drop a pair and put it on the stack. */
void match_drop(struct match *m, uint32_t nr);

/*
 * Drop all pairs that rely on those on the stack, directly or not. @references:
 * only references.
 */
void match_drop_relying(struct match *m, bool references);

/* Types that only name or refer to another type. */
static inline bool match_is_reference(const struct btf_type *t)
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

/*
 * Iterate over the references of both types of a pair. Their info words, and so
 * their numbers of words, were equal when the pair was made. But the base is a
 * mapped file and can change: stop at the end of the shorter one.
 */
struct ref_pair {
	struct btf_iter t;
	struct btf_iter b;
};

bool ref_pair_begin(struct ref_pair *r, const struct btf_type *t,
		    const struct btf_type *b);
bool ref_pair_next(struct ref_pair *r);

#endif
