// SPDX-License-Identifier: GPL-2.0-only
#include <stdlib.h>
#include <string.h>

#include "../base/equal.h"
#include "../base/fingerprint.h"
#include "../btf/btf_image.h"
#include "match.h"
#include "names.h"
#include "order.h"
#include "split.h"

struct writer {
	const struct btf *btf;
	const struct base *base;
	struct names *names;
	struct btf_image image;
	uint32_t *str_offs;	/* [module's offset]: new offset + 1, 0 none */
};

static int writer_init(struct writer *w, const struct btf *btf,
		       const struct base *base, struct names *names,
		       struct err *err)
{
	*w = (struct writer){ .btf = btf, .base = base, .names = names };
	w->image.path = btf->path;
	w->str_offs = calloc(btf->strs_len, sizeof(*w->str_offs));
	return w->str_offs ? 0 : err_no_memory(err, btf->path);
}

static void writer_free(struct writer *w)
{
	btf_image_free(&w->image);
	free(w->str_offs);
}

/* Offset of a name: in the base if it has the string, else in our strings. */
static int write_name(struct writer *w, uint32_t off, uint32_t *new_off,
		      struct err *err)
{
	const char *s = btf_str(w->btf, off);
	int ret;

	/* Most pages of str_offs are never touched and cost nothing. */
	if (names_remembered(w->names, off, new_off))
		return 0;
	if (!w->str_offs[off]) {
		ret = names_in_base(w->names, off, new_off, err);
		if (ret)
			return ret < 0 ? -1 : 0;
		w->str_offs[off] = w->image.strs_len + 1;
		if (btf_image_add_strs(&w->image, s, strlen(s) + 1, err))
			return -1;
		if (w->base->strs_len + w->image.strs_len > UINT32_MAX)
			return err_set(err, w->btf->path,
				       "has too many names");
	}
	*new_off = w->base->strs_len + w->str_offs[off] - 1;
	return 0;
}

static int write_type(struct writer *w, const struct btf_type *t,
		      const uint32_t *ids, uint32_t *words, struct err *err)
{
	struct btf_iter it;

	for (it = btf_iter_begin(t); btf_iter_valid(&it); btf_iter_next(&it)) {
		uint32_t word = *it.word;

		if (it.role == BTF_REF)
			word = ids[word];
		else if (it.role == BTF_NAME &&
			 write_name(w, word, &word, err))
			return -1;
		*words++ = word;
	}
	return 0;
}

/* Keep a type that is not in the base and the lowest of equal ones. */
static int order_types(struct order *order, const struct btf *btf,
		       const uint32_t *base_ids, const uint32_t *equal,
		       bool by_name)
{
	uint32_t id;

	if (order_init(order, btf->nr_types))
		return -1;
	for (id = 1; id <= btf->nr_types; id++) {
		const struct btf_type *t = btf_type(btf, id);

		if (!base_ids[id] && equal[id] == id)
			order_add(order, btf_str(btf, t->name_off),
				  btf_nr_words(t));
	}
	order_finish(order, by_name);
	return 0;
}

/* Give every type its id: that of the base, or a new one. */
static void number_types(struct split *split, uint32_t nr_types,
			 const uint32_t *base_ids, const uint32_t *equal,
			 const struct order *order, uint32_t first_id)
{
	uint32_t id;

	for (id = 1; id <= nr_types; id++) {
		if (base_ids[id]) {
			split->ids[id] = base_ids[id];
			split->nr_found++;
		} else if (equal[id] == id) {
			split->ids[id] = first_id +
					 order->ranks[split->nr_kept++];
		} else {
			/* The lowest of equal types already has its new id. */
			split->ids[id] = split->ids[equal[id]];
		}
	}
}

static int encode(struct split *split, const struct btf *btf,
		  const struct base *base, const struct order *order,
		  struct names *names, struct err *err)
{
	uint32_t first = base->nr_types + 1, id, nr = 0;
	struct writer w;
	uint32_t *words;
	int ret = -1;

	if (writer_init(&w, btf, base, names, err))
		return -1;
	words = btf_image_add_words(&w.image, order->nr_words, err);
	if (!words)
		goto out_free_writer;
	for (id = 1; nr < order->nr; id++) {
		if (split->ids[id] != first + order->ranks[nr])
			continue;
		if (write_type(&w, btf_type(btf, id), split->ids,
			       words + order->words[nr], err))
			goto out_free_writer;
		nr++;
	}
	split->data = btf_image_finish(&w.image, btf->swapped, &split->size,
				       err);
	ret = split->data ? 0 : -1;

out_free_writer:
	writer_free(&w);
	return ret;
}

/* Count structs of the module that the base has with other members. */
static int count_unlike(struct split *split, const struct btf *btf,
			const uint64_t *fps, const struct base *base,
			const uint32_t *base_ids, struct names *names,
			struct err *err)
{
	uint32_t id, other;

	for (id = 1; id <= btf->nr_types; id++) {
		const struct btf_type *t = btf_type(btf, id);
		bool found = false, same_shape = false;
		struct table_range range;

		if (base_ids[id] || !*btf_str(btf, t->name_off) ||
		    (btf_kind(t) != BTF_KIND_STRUCT &&
		     btf_kind(t) != BTF_KIND_UNION))
			continue;
		if (base_lookup(base, &base->by_name, btf_type_key(btf, t),
				&range, err))
			return -1;
		while (table_next(&range, &other)) {
			const struct btf_type *b = base_type(base, other, err);

			if (!b)
				return -1;
			if (btf_kind(b) != btf_kind(t) ||
			    b->size_type != t->size_type ||
			    !names_same(names, t->name_off, b->name_off))
				continue;
			found = true;
			same_shape |= base_same_shape(base, other, fps[id]);
		}
		split->nr_unlike += found && !same_shape;
		split->nr_affected += same_shape;
	}
	return 0;
}

int split_make(struct split *split, const struct btf *btf,
	       const struct base *base, bool by_name, struct err *err)
{
	uint32_t *base_ids = NULL, *equal = NULL;
	struct order order = { 0 };
	struct names names;
	uint64_t *fps;
	int ret = -1;

	*split = (struct split){ 0 };
	if (btf->swapped != base->swapped)
		return err_set(err, btf->path,
			       "has another byte order than %s", base->path);
	if ((uint64_t)base->nr_types + btf->nr_types > UINT32_MAX)
		return err_set(err, btf->path, "has too many types");
	if (names_init(&names, btf, base, err))
		return -1;
	fps = btf_fingerprints(btf, err);
	if (!fps)
		goto out_free_names;
	base_ids = match_types(btf, fps, base, &names, err);
	if (!base_ids)
		goto out_free;
	if (count_unlike(split, btf, fps, base, base_ids, &names, err))
		goto out_free;
	/*
	 * The remaining types can now be equal, as what they refer to is known.
	 */
	equal = btf_equal_types(btf, fps, base_ids, err);
	if (!equal)
		goto out_free;
	split->ids = calloc((size_t)btf->nr_types + 1, sizeof(*split->ids));
	if (!split->ids ||
	    order_types(&order, btf, base_ids, equal, by_name)) {
		err_no_memory(err, btf->path);
		goto out_free;
	}
	number_types(split, btf->nr_types, base_ids, equal, &order,
		     base->nr_types + 1);
	ret = encode(split, btf, base, &order, &names, err);

out_free:
	if (ret)
		split_free(split);
	order_free(&order);
	free(equal);
	free(base_ids);
	free(fps);
out_free_names:
	names_free(&names);
	return ret;
}

void split_free(struct split *split)
{
	free(split->data);
	free(split->ids);
	*split = (struct split){ 0 };
}
