// SPDX-License-Identifier: GPL-2.0-only
#include <stdlib.h>

#include "fingerprint.h"
#include "hash.h"

/* Values no computed fingerprint has. */
#define FP_UNSEEN	0
#define FP_OPEN		1
#define FP_VOID		2

struct walk {
	const struct btf *btf;
	uint64_t *fps;
	uint64_t *tags;		/* [type]: btf_type_key(), or FP_UNSEEN */
	uint32_t *stack;
	size_t nr;
	size_t size;
};

uint64_t btf_name_key(enum btf_space space, uint64_t name_hash)
{
	return hash_mix(space, name_hash);
}

uint64_t btf_type_key(const struct btf *btf, const struct btf_type *t)
{
	return btf_name_key(btf_space(t), hash_str(btf_str(btf, t->name_off)));
}

/* True if a reference to @t is hashed by the tag of @t alone. */
static bool has_tag(const struct btf *btf, const struct btf_type *t)
{
	switch (btf_space(t)) {
	case BTF_SPACE_STRUCT:
	case BTF_SPACE_UNION:
	case BTF_SPACE_ENUM:
		return btf_str(btf, t->name_off)[0];
	default:
		return false;
	}
}

/* Cache it: thousands of types can refer to one with a very long name. */
static uint64_t tag_key(const struct walk *w, uint32_t id)
{
	uint64_t *tag = &w->tags[id];

	if (*tag == FP_UNSEEN)
		*tag = btf_type_key(w->btf, btf_type(w->btf, id));
	return *tag;
}

static uint64_t ref_fingerprint(const struct walk *w, uint32_t id)
{
	const struct btf_type *t;

	if (!id)
		return FP_VOID;
	t = btf_type(w->btf, id);
	if (has_tag(w->btf, t))
		return tag_key(w, id);
	if (w->fps[id] == FP_OPEN)
		return hash_mix(FP_OPEN, btf_kind(t));
	return w->fps[id];
}

static uint64_t fingerprint(const struct walk *w, const struct btf_type *t)
{
	struct btf_iter it;
	uint64_t h = 0;

	for (it = btf_iter_begin(t); btf_iter_valid(&it); btf_iter_next(&it)) {
		uint64_t v = *it.word;

		if (it.role == BTF_NAME)
			v = hash_str(btf_str(w->btf, v));
		else if (it.role == BTF_REF)
			v = ref_fingerprint(w, v);
		h = hash_mix(h, v);
	}
	return h <= FP_VOID ? h + FP_VOID + 1 : h;
}

static int push(struct walk *w, uint32_t id)
{
	if (w->nr == w->size) {
		size_t size = w->size ? w->size * 2 : 1024;
		uint32_t *stack = realloc(w->stack, size * sizeof(*stack));

		if (!stack)
			return -1;
		w->stack = stack;
		w->size = size;
	}
	w->stack[w->nr++] = id;
	return 0;
}

/*
 * A type is hashed after the types that it refers to. References can be as deep
 * as the file is long, so this does not recurse but has a stack. A type is on
 * top of the stack twice: first, push what it refers to; then, with all of that
 * hashed, hash it.
 */
static int walk_from(struct walk *w, uint32_t start)
{
	if (push(w, start))
		return -1;
	while (w->nr) {
		uint32_t id = w->stack[w->nr - 1];
		const struct btf_type *t = btf_type(w->btf, id);
		struct btf_iter it;

		if (w->fps[id] != FP_UNSEEN) {
			if (w->fps[id] == FP_OPEN)
				w->fps[id] = fingerprint(w, t);
			w->nr--;
			continue;
		}
		w->fps[id] = FP_OPEN;
		it = btf_iter_ref_begin(t);
		for (; btf_iter_valid(&it); btf_iter_ref_next(&it)) {
			uint32_t ref = *it.word;

			if (ref && w->fps[ref] == FP_UNSEEN &&
			    !has_tag(w->btf, btf_type(w->btf, ref)) &&
			    push(w, ref))
				return -1;
		}
	}
	return 0;
}

uint64_t *btf_fingerprints(const struct btf *btf, struct err *err)
{
	struct walk w = { .btf = btf };
	uint32_t id;

	w.fps = calloc((size_t)btf->nr_types + 1, sizeof(*w.fps));
	w.tags = calloc((size_t)btf->nr_types + 1, sizeof(*w.tags));
	if (!w.fps || !w.tags)
		goto out_free;
	for (id = 1; id <= btf->nr_types; id++)
		if (w.fps[id] == FP_UNSEEN && walk_from(&w, id))
			goto out_free;
	free(w.stack);
	free(w.tags);
	return w.fps;

out_free:
	free(w.fps);
	free(w.tags);
	free(w.stack);
	err_no_memory(err, btf->path);
	return NULL;
}
