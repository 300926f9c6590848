/* SPDX-License-Identifier: GPL-2.0-only */
/* What the two halves of matching share; match.c tells the algorithm. */
#ifndef BTFSTAGE_MATCH_PAIRS_H
#define BTFSTAGE_MATCH_PAIRS_H

#include <stdbool.h>
#include <stdint.h>

#include "../base/base.h"
#include "../btf/btf.h"
#include "../io/err.h"
#include "names.h"

#define NO_PAIR		UINT32_MAX
#define FAR		UINT32_MAX

struct pair {
	uint32_t type;
	uint32_t base_id;
	uint32_t relying;	/* first of the edges to pairs that rely on it */
	bool dropped;
	bool used;		/* reached from a chosen struct */
	bool declared;		/* the base refers to a mere declaration */
	bool hit;		/* relies on what was dropped */
	uint32_t distance;	/* references to the next such one, or FAR */
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

/* Types that are nothing but a name for, or a reference to, others. */
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

/* The pair of these two, or NO_PAIR. */
uint32_t match_find_pair(const struct match *m, uint32_t type,
			 uint32_t base_id);

/*
 * The references of a pair, side by side. Both types have the same info word,
 * and so as many words, because that was checked when the pair was made. But
 * the base is a mapped file, and nothing keeps it from changing: the shorter
 * one ends it.
 */
struct ref_pair {
	struct btf_iter t;
	struct btf_iter b;
};

bool ref_pair_begin(struct ref_pair *r, const struct btf_type *t,
		    const struct btf_type *b);
bool ref_pair_next(struct ref_pair *r);

/* Steps 3 and 4: fill in base_ids. */
int __must_check match_choose(struct match *m);

#endif
