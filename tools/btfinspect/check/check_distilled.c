// SPDX-License-Identifier: GPL-2.0-only
/*
 * .BTF.base, since Linux 6.11: the types of the base that a module refers to,
 * by name and size, so that the module fits kernels in which these types have
 * other ids. The kernel's btf_relocate() (tools/lib/bpf) replaces them by types
 * of the real base:
 *
 *  - .BTF.base contains INT, FLOAT, ENUM, STRUCT, UNION and FWD, all with names.
 *    An ENUM also represents an ENUM64. A STRUCT or UNION has no members.
 *  - Each represents the one type of the base with its name, kind and size. The
 *    size of a STRUCT or UNION counts only if a struct of the module contains
 *    it, or if the base has several of that name.
 *  - If a type of the module uses a name in .BTF.base, it must be the name of
 *    one of these types.
 *
 * The kernel follows references without checking them, so what is a warning for
 * other modules is an error here.
 */
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "check.h"
#include "kernel_log.h"

#define NAME		"%.100s"

/* Modifiers and arrays. More than 32 modifiers were refused before. */
#define MAX_DEPTH	255

/*
 * Limit on pairs of types of one name. A kernel rarely has a name more than
 * twice. Comparing each of 100,000 with as many others takes minutes.
 */
#define MAX_PAIRS	10000000

struct relocation {
	const struct check *c;		/* .BTF */
	const struct check *distilled;	/* .BTF.base */
	const struct btf_layer *base;
	uint32_t *sorted;	/* ids of .BTF.base by name */
	uint32_t *map;		/* [id]: the base's id, 0: not found */
	bool *held;		/* [id]: a struct of the module contains it */
	uint32_t nr_pairs;	/* pairs compared so far */
};

static const struct btf_type *distilled_type(const struct relocation *r,
					     uint32_t id)
{
	return layer_type(&r->distilled->layer, id);
}

static const char *distilled_name(const struct relocation *r, uint32_t id)
{
	return layer_name(&r->distilled->layer,
			  distilled_type(r, id)->name_off);
}

static void __printf(4, 5) refuse(const struct check *c, uint32_t id,
				  const struct kernel_log *text,
				  const char *fmt, ...)
{
	struct place at = check_place(c, id);
	char message[300];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(message, sizeof(message), fmt, ap);
	va_end(ap);
	report_error(c->report, &at, KERNEL_EINVAL, text ? text->text : NULL,
		     "%s", message);
}

/* btf_relocate_validate_distilled_base() */
static bool validate(const struct relocation *r)
{
	const struct btf_layer *types = &r->distilled->layer;
	uint32_t id;

	for (id = 1; id < layer_end(types); id++) {
		const struct btf_type *t = layer_type(types, id);
		unsigned int kind = btf_kind(t);
		struct kernel_log text = { 0 };

		switch (kind) {
		case BTF_KIND_INT:
		case BTF_KIND_FLOAT:
		case BTF_KIND_ENUM:
		case BTF_KIND_STRUCT:
		case BTF_KIND_UNION:
		case BTF_KIND_FWD:
			if (t->name_off)
				continue;
			kernel_log_add(&text,
				       "type [%u], kind [%u] is invalid for distilled base BTF; it is anonymous",
				       id, kind);
			refuse(r->distilled, id, &text, "%s without a name",
			       btf_kinds[kind].name);
			return false;
		default:
			kernel_log_add(&text,
				       "type [%u] in distilled based BTF has unexpected kind [%u]",
				       id, kind);
			refuse(r->distilled, id, &text,
			       "%s cannot be in .BTF.base",
			       btf_kinds[kind].name);
			return false;
		}
	}
	return true;
}

static bool refuse_ref(const struct relocation *r, uint32_t id, uint32_t ref)
{
	refuse(r->c, id, NULL,
	       "refers to type %u, there are %u: the kernel would read outside its tables",
	       ref, layer_end(&r->c->layer) - 1);
	return false;
}

/* Type @id has a member of type @m: btf_mark_embedded_composite_type_ids() */
static bool mark_member(const struct relocation *r, uint32_t id, uint32_t m)
{
	const struct btf_layer *layer = &r->c->layer;
	const struct btf_type *t;
	unsigned int depth;

	for (depth = 0; depth <= MAX_DEPTH; depth++) {
		t = layer_type(layer, m);
		if (!t)
			return refuse_ref(r, id, m);
		if (btf_is_modifier(t)) {
			m = t->size_type;
		} else if (btf_kind(t) == BTF_KIND_ARRAY) {
			m = btf_tail(t)[0];
		} else {
			if (btf_is_composite(t) && m < layer->first_id)
				r->held[m] = true;
			return true;
		}
	}
	refuse(r->c, id, NULL,
	       "arrays nest without end: the kernel would loop forever");
	return false;
}

static bool mark_held(const struct relocation *r)
{
	const struct btf_layer *layer = &r->c->layer;
	uint32_t id;

	for (id = layer->first_id; id < layer_end(layer); id++) {
		const struct btf_type *t = layer_type(layer, id);
		unsigned int i;

		for (i = 0; btf_is_composite(t) && i < btf_vlen(t); i++) {
			if (!mark_member(r, id, btf_tail(t)[3 * i + 1]))
				return false;
		}
	}
	return true;
}

/* btf_relocate_rewrite_type_id() uses all references as indices. */
static bool check_words(const struct relocation *r)
{
	const struct btf_layer *layer = &r->c->layer;
	uint32_t id;

	for (id = layer->first_id; id < layer_end(layer); id++) {
		struct btf_iter it;

		it = btf_iter_ref_begin(layer_type(layer, id));
		for (; btf_iter_valid(&it); btf_iter_ref_next(&it)) {
			if (!layer_type(layer, *it.word))
				return refuse_ref(r, id, *it.word);
		}
	}
	return true;
}

/* Do not spend time on names that differ only after 4096 bytes. */
static int cmp_names(const char *a, const char *b)
{
	return strncmp(a, b, 4096);
}

static int cmp_distilled(const void *pa, const void *pb, void *arg)
{
	uint32_t a = *(const uint32_t *)pa, b = *(const uint32_t *)pb;
	int cmp = cmp_names(distilled_name(arg, a), distilled_name(arg, b));

	return cmp ? cmp : (a > b) - (a < b);
}

/* The first type of .BTF.base, sorted by name, that is not before @name. */
static uint32_t find_name(const struct relocation *r, const char *name)
{
	uint32_t low = 0, high = r->distilled->layer.nr;

	while (low < high) {
		uint32_t mid = low + (high - low) / 2;

		if (cmp_names(distilled_name(r, r->sorted[mid]), name) < 0)
			low = mid + 1;
		else
			high = mid;
	}
	return low;
}

static bool is_sized(unsigned int kind)
{
	return kind == BTF_KIND_INT || kind == BTF_KIND_FLOAT ||
	       kind == BTF_KIND_ENUM || kind == BTF_KIND_ENUM64;
}

/*
 * Type @id of .BTF.base, @d, represents the type @t of the base, of the same
 * name.
 */
static bool stands_for(const struct relocation *r, uint32_t id,
		       const struct btf_type *d, const struct btf_type *t,
		       bool ambiguous)
{
	unsigned int kind = btf_kind(t);

	/* Sizes are compared first, even with a FWD's, which is 0. */
	if ((is_sized(kind) || (btf_is_composite(t) && ambiguous)) &&
	    d->size_type != t->size_type)
		return false;
	switch (btf_kind(d)) {
	case BTF_KIND_FWD:
		if (kind == BTF_KIND_FWD)
			return btf_kflag(d) == btf_kflag(t);
		if (kind == BTF_KIND_STRUCT)
			return !btf_kflag(t);
		return kind == BTF_KIND_UNION && btf_kflag(t);
	case BTF_KIND_INT:
		return kind == BTF_KIND_INT &&
		       *btf_tail(d) >> 24 == *btf_tail(t) >> 24;
	case BTF_KIND_FLOAT:
		return kind == BTF_KIND_FLOAT;
	case BTF_KIND_ENUM:
		return kind == BTF_KIND_ENUM || kind == BTF_KIND_ENUM64;
	default:
		return !r->held[id] || d->size_type == t->size_type;
	}
}

/* One type of the base. @ambiguous: it has several structs of that name. */
static bool map_type(struct relocation *r, uint32_t base_id,
		     const struct btf_type *t, bool ambiguous)
{
	const char *name = layer_name(r->base, t->name_off);
	uint32_t i;

	for (i = find_name(r, name); i < r->distilled->layer.nr; i++) {
		uint32_t id = r->sorted[i];
		const struct btf_type *d = distilled_type(r, id);
		struct kernel_log text = { 0 };

		if (cmp_names(distilled_name(r, id), name))
			break;
		if (++r->nr_pairs > MAX_PAIRS) {
			struct place at = check_place(r->distilled, id);

			report_error(r->c->report, &at, 0, NULL,
				     "too many types are called " NAME,
				     name);
			return false;
		}
		if (!stands_for(r, id, d, t, ambiguous))
			continue;
		if (!r->map[id]) {
			r->map[id] = base_id;
			continue;
		}
		kernel_log_add(&text,
			       "distilled base BTF type '%s' [%u], size %u has multiple candidates of the same size (ids [%u, %u]) in base BTF",
			       name, id, t->size_type, base_id, r->map[id]);
		refuse(r->distilled, id, &text,
		       "%s " NAME " could be type %u or type %u of the base",
		       btf_kind_info(d)->name, name, r->map[id],
		       base_id);
		return false;
	}
	return true;
}

/* True if a type of .BTF.base can represent this type of the base. */
static bool is_candidate(const struct btf_type *t)
{
	return t && t->name_off &&
	       (is_sized(btf_kind(t)) || btf_is_composite(t) ||
		btf_kind(t) == BTF_KIND_FWD);
}

/* @counts: [offset of a name]: number of structs and unions, up to 2 */
static bool map_all(struct relocation *r, uint8_t *counts)
{
	const struct btf_type *t;
	uint32_t id;

	for (id = 1; id < layer_end(r->base); id++) {
		t = layer_type(r->base, id);
		if (is_candidate(t) && btf_is_composite(t) &&
		    t->name_off < r->base->strs_len &&
		    counts[t->name_off] < 2)
			counts[t->name_off]++;
	}
	for (id = 1; id < layer_end(r->base); id++) {
		t = layer_type(r->base, id);
		if (is_candidate(t) && t->name_off < r->base->strs_len &&
		    !map_type(r, id, t, counts[t->name_off] > 1))
			return false;
	}
	for (id = 1; id < layer_end(&r->distilled->layer); id++) {
		struct kernel_log text = { 0 };

		if (r->map[id])
			continue;
		kernel_log_add(&text,
			       "distilled base BTF type '%s' [%u] is not mapped to base BTF id",
			       distilled_name(r, id), id);
		refuse(r->distilled, id, &text,
		       "the base has no %s " NAME " of %u bytes",
		       btf_kind_info(distilled_type(r, id))->name,
		       distilled_name(r, id),
		       distilled_type(r, id)->size_type);
		return false;
	}
	return true;
}

/* btf_relocate_rewrite_strs(); @known: [offset] names of types of .BTF.base */
static void check_strings(const struct relocation *r, uint8_t *known)
{
	const struct btf_layer *types = &r->c->layer;
	uint32_t id;

	for (id = 1; id < layer_end(&r->distilled->layer); id++)
		known[distilled_type(r, id)->name_off] = 1;
	for (id = types->first_id; id < layer_end(types); id++) {
		const struct btf_type *t = layer_type(types, id);
		struct btf_iter it;

		it = btf_iter_begin(t);
		for (; btf_iter_valid(&it); btf_iter_next(&it)) {
			struct kernel_log text = { 0 };
			struct place at;

			if (it.role != BTF_NAME || !*it.word ||
			    *it.word >= types->first_str || known[*it.word])
				continue;
			at = check_place(r->c, id);
			/* The kernel logs the string at offset 0 here. */
			kernel_log_add(&text, "string '' [offset %u] is not mapped to base BTF",
				       *it.word);
			report_error(r->c->report, &at, KERNEL_ENOENT,
				     text.text,
				     "the name " NAME " is in .BTF.base, but no type there has it",
				     layer_name(types, *it.word));
			return;
		}
	}
}

int check_distilled(const struct check *c, const struct check *distilled,
		    const struct btf_layer *base, struct err *err)
{
	uint32_t nr = distilled->layer.nr, i;
	struct relocation r = {
		.c = c,
		.distilled = distilled,
		.base = base,
	};
	uint8_t *counts = NULL, *known = NULL;
	int ret = 0;

	if (!layer_complete(&c->layer) ||
	    !layer_complete(&distilled->layer) || !validate(&r))
		return 0;

	r.sorted = calloc((size_t)nr + 1, sizeof(*r.sorted));
	r.map = calloc((size_t)nr + 1, sizeof(*r.map));
	r.held = calloc((size_t)nr + 1, sizeof(*r.held));
	counts = calloc(base->strs_len, 1);
	known = calloc((size_t)distilled->layer.strs_len + 1, 1);
	if (!r.sorted || !r.map || !r.held || !counts || !known) {
		ret = err_no_memory(err, c->report->path);
		goto out_free;
	}
	for (i = 0; i < nr; i++)
		r.sorted[i] = i + 1;
	qsort_r(r.sorted, nr, sizeof(*r.sorted), cmp_distilled, &r);
	/* In the order of btf_relocate() */
	if (mark_held(&r) && map_all(&r, counts) && check_words(&r))
		check_strings(&r, known);

out_free:
	free(r.sorted);
	free(r.map);
	free(r.held);
	free(counts);
	free(known);
	return ret;
}
