// SPDX-License-Identifier: GPL-2.0-only
/*
 * Split BTF refers to the kernel's types by their ids, and so fits one build of
 * one kernel. A module that is not built together with the kernel can contain
 * the types that it refers to, in a second section .BTF.base. From 6.11 on the
 * kernel looks these up by name when it loads the module, and renumbers the
 * module's types (btf_relocate() in tools/lib/bpf/btf_relocate.c, which the
 * kernel also uses).
 *
 * A lookup needs name and size, so .BTF.base contains no more:
 *
 *	INT, FLOAT, FWD		as they are
 *	STRUCT, UNION		name and size, no members
 *	ENUM, ENUM64		an ENUM of that name and size, without values
 *
 * All other types that the module refers to become its own types: pointers,
 * arrays, typedefs, prototypes, and structs and enums without a name. Then the
 * types that they refer to are treated in the same way. A struct whose name and
 * size another type has, too, also becomes the module's own: the kernel would
 * refuse the module otherwise.
 *
 * Example: the module's own "struct dev { struct list_head list; char *name; }"
 *
 *	.BTF.base	1 struct list_head, 16 bytes	2 int char, 1 byte
 *	.BTF		3 struct dev { 1 list; 4 name; }	4 pointer to 2
 *
 * Ids and strings of .BTF continue those of .BTF.base. The module's types come
 * first, in their order, then those that were moved, in the order of the base;
 * all are sorted by name if the base is (order.h). .BTF uses a string of
 * .BTF.base only if it is the name of a type there.
 *
 * btf__distill_base() of libbpf has the same result, except for types that the
 * base has twice, of which the lowest is taken here, and for types that name
 * and size do not distinguish.
 */
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "../base/fingerprint.h"
#include "../base/hash.h"
#include "../btf/btf_image.h"
#include "distill.h"
#include "order.h"

/* The section that gets a type of the base. */
enum place {
	NOWHERE,
	IN_BTF_BASE,	/* in .BTF.base, by name */
	IN_BTF,		/* in .BTF, among the module's own types */
};

struct distiller {
	const struct base *base;
	const struct btf *own;		/* the module's, split against base */
	struct distilled *d;
	uint8_t *places;		/* [base id]: enum place */
	uint8_t *repeated;		/* [base id]: the base has it twice */
	uint32_t *list;			/* to process; later those of .BTF */
	uint32_t nr_list;
	struct order order;		/* of list */
	uint32_t *str_offs;	/* [own's offset]: new offset + 1, 0 none */
	struct btf_image *image;	/* the one being written */
	uint32_t strs_start;		/* offset of its first string */
	struct err *err;
};

static bool is_tag(const struct btf_type *t)
{
	switch (btf_kind(t)) {
	case BTF_KIND_STRUCT:
	case BTF_KIND_UNION:
	case BTF_KIND_ENUM:
	case BTF_KIND_ENUM64:
	case BTF_KIND_FWD:
		return true;
	default:
		return false;
	}
}

/* True if the kernel could take @other for @t, which has the same name. */
static bool is_alike(const struct btf_type *t, const struct btf_type *other)
{
	if (btf_kind(t) == BTF_KIND_FWD || btf_kind(other) == BTF_KIND_FWD)
		return true;
	return t->size_type == other->size_type;
}

/* 1: its name finds only @id, 0: not only, -1: the base is corrupt. */
static int is_unique(struct distiller *d, uint32_t id,
		     const struct btf_type *t)
{
	static const enum btf_space spaces[] = {
		BTF_SPACE_STRUCT, BTF_SPACE_UNION, BTF_SPACE_ENUM
	};
	const struct base *base = d->base;
	const char *name = base_str(base, t->name_off);
	uint64_t hash = hash_str(name);
	unsigned int i;

	if (d->repeated[id])
		return 0;
	for (i = 0; is_tag(t) && i < sizeof(spaces) / sizeof(*spaces); i++) {
		struct table_range range;
		uint32_t other;

		if (base_lookup(base, &base->by_name,
				btf_name_key(spaces[i], hash), &range, d->err))
			return -1;
		while (table_next(&range, &other)) {
			const struct btf_type *o;

			o = base_type(base, other, d->err);
			if (!o)
				return -1;
			if (other != id && is_tag(o) && is_alike(t, o) &&
			    !strcmp(base_str(base, o->name_off), name))
				return 0;
		}
	}
	return 1;
}

/* Returns as is_unique(): 1 if the kernel can find the type by name. */
static int is_findable(struct distiller *d, uint32_t id,
		       const struct btf_type *t)
{
	if (!*base_str(d->base, t->name_off))
		return 0;
	if (!is_tag(t) && btf_kind(t) != BTF_KIND_INT &&
	    btf_kind(t) != BTF_KIND_FLOAT)
		return 0;
	return is_unique(d, id, t);
}

/* Place the types that @t refers to. @in_base: @t is a type of the base. */
static int look_into(struct distiller *d, const struct btf_type *t,
		     bool in_base)
{
	struct btf_iter it;

	it = btf_iter_ref_begin(t);
	for (; btf_iter_valid(&it); btf_iter_ref_next(&it)) {
		uint32_t id = base_equal(d->base, *it.word);
		const struct btf_type *ref;
		int ret;

		if (!*it.word || (!in_base && *it.word > d->base->nr_types))
			continue;
		ref = base_type(d->base, id, d->err);
		if (!ref)
			return -1;
		if (d->places[id] != NOWHERE)
			continue;
		ret = is_findable(d, id, ref);
		if (ret < 0)
			return -1;
		d->places[id] = ret ? IN_BTF_BASE : IN_BTF;
		if (d->places[id] == IN_BTF)
			d->list[d->nr_list++] = id;
	}
	return 0;
}

static int decide(struct distiller *d)
{
	uint32_t id;

	for (id = 1; id <= d->base->nr_types; id++) {
		uint32_t lowest = base_equal(d->base, id);

		if (lowest != id && lowest <= d->base->nr_types)
			d->repeated[lowest] = 1;
	}
	for (id = 1; id <= d->own->nr_types; id++) {
		if (look_into(d, btf_type(d->own, id), false))
			return -1;
	}
	while (d->nr_list) {
		const struct btf_type *t;

		t = base_type(d->base, d->list[--d->nr_list], d->err);
		if (!t || look_into(d, t, true))
			return -1;
	}
	return 0;
}

/* @id is of the base or, if it is higher, of the module before distilling. */
static const struct btf_type *type_at(const struct distiller *d, uint32_t id)
{
	uint32_t nr = d->base->nr_types;

	return id > nr ? btf_type(d->own, id - nr) :
			 base_type(d->base, id, d->err);
}

/* A name in type @id. The base can have it at any offset. */
static uint32_t name_off(const struct distiller *d, uint32_t id, uint32_t off)
{
	return id > d->base->nr_types || off < d->base->strs_len ? off : 0;
}

static const char *str_at(const struct distiller *d, uint32_t off)
{
	uint32_t end = d->base->strs_len;

	return off < end ? base_str(d->base, off) : btf_str(d->own, off - end);
}

/* List the types of .BTF, and find their order. */
static int order_types(struct distiller *d)
{
	uint32_t id, i;

	for (id = d->base->nr_types + 1; id <= d->d->nr_old; id++)
		d->list[d->nr_list++] = id;
	for (id = 1; id <= d->base->nr_types; id++) {
		if (d->places[id] == IN_BTF)
			d->list[d->nr_list++] = id;
	}
	d->d->nr_moved = d->nr_list - d->own->nr_types;

	if (order_init(&d->order, d->nr_list))
		return err_no_memory(d->err, d->own->path);
	for (i = 0; i < d->nr_list; i++) {
		const struct btf_type *t = type_at(d, d->list[i]);
		uint32_t off;

		if (!t)
			return -1;
		off = name_off(d, d->list[i], t->name_off);
		order_add(&d->order, str_at(d, off), btf_nr_words(t));
	}
	order_finish(&d->order, d->base->sorted);
	return 0;
}

static void number(struct distiller *d)
{
	uint32_t id, i;

	for (id = 1; id <= d->base->nr_types; id++) {
		if (d->places[id] == IN_BTF_BASE)
			d->d->ids[id] = ++d->d->nr_types;
	}
	for (i = 0; i < d->nr_list; i++)
		d->d->ids[d->list[i]] = d->d->nr_types + 1 + d->order.ranks[i];
}

/* New offset of a string. Each string is in one of the sections, once. */
static int write_name(struct distiller *d, uint32_t off, uint32_t *new_off)
{
	const char *s = str_at(d, off);

	*new_off = 0;
	if (!*s)
		return 0;
	if (!d->str_offs[off]) {
		*new_off = d->strs_start + d->image->strs_len;
		if (btf_image_add_strs(d->image, s, strlen(s) + 1, d->err))
			return -1;
		d->str_offs[off] = *new_off + 1;
	}
	*new_off = d->str_offs[off] - 1;
	return 0;
}

/* Name, kind and size; INT, FLOAT and FWD as they are. */
static int write_named(struct distiller *d, const struct btf_type *t)
{
	unsigned int kind = btf_kind(t);
	size_t nr = BTF_TYPE_WORDS;
	uint32_t info = t->info;
	uint32_t *words;

	switch (kind) {
	case BTF_KIND_STRUCT:
	case BTF_KIND_UNION:
		info = kind << 24;
		break;
	case BTF_KIND_ENUM:
	case BTF_KIND_ENUM64:
		info = BTF_KIND_ENUM << 24;
		break;
	default:
		nr = btf_nr_words(t);
	}
	words = btf_image_add_words(d->image, nr, d->err);
	if (!words)
		return -1;
	memcpy(words, btf_words(t), nr * sizeof(*words));
	words[1] = info;
	return write_name(d, t->name_off, &words[0]);
}

static int write_type(struct distiller *d, uint32_t id, uint32_t *words)
{
	const struct btf_type *t = type_at(d, id);
	struct btf_iter it;

	if (!t)
		return -1;
	it = btf_iter_begin(t);
	for (; btf_iter_valid(&it); btf_iter_next(&it), words++) {
		*words = *it.word;
		if (it.role == BTF_REF)
			*words = distilled_id(d->d, base_equal(d->base, *words));
		else if (it.role == BTF_NAME &&
			 write_name(d, name_off(d, id, *words), words))
			return -1;
	}
	return 0;
}

static int write_base_section(struct distiller *d)
{
	uint32_t id;

	if (btf_image_add_strs(d->image, "", 1, d->err))
		return -1;
	for (id = 1; id <= d->base->nr_types; id++) {
		if (d->places[id] == IN_BTF_BASE &&
		    write_named(d, base_type(d->base, id, d->err)))
			return -1;
	}
	return 0;
}

static int write_split_section(struct distiller *d)
{
	uint32_t *words, i;

	words = btf_image_add_words(d->image, d->order.nr_words, d->err);
	if (!words)
		return -1;
	for (i = 0; i < d->nr_list; i++) {
		if (write_type(d, d->list[i], words + d->order.words[i]))
			return -1;
	}
	return 0;
}

static int write_sections(struct distiller *d)
{
	struct btf_image base = { .path = d->own->path };
	struct btf_image split = { .path = d->own->path };
	bool swapped = d->base->swapped;
	int ret = -1;

	d->image = &base;
	if (write_base_section(d))
		goto out_free;
	d->image = &split;
	d->strs_start = base.strs_len;
	if (write_split_section(d))
		goto out_free;
	d->d->base = btf_image_finish(&base, swapped, &d->d->base_size,
				      d->err);
	d->d->split = btf_image_finish(&split, swapped, &d->d->split_size,
				       d->err);
	if (d->d->base && d->d->split)
		ret = 0;

out_free:
	d->image = NULL;
	btf_image_free(&base);
	btf_image_free(&split);
	return ret;
}

static int distill_types(struct distiller *d)
{
	size_t nr_ids = (size_t)d->d->nr_old + 1;
	size_t nr_strs = (size_t)d->base->strs_len + d->own->strs_len;
	int ret = -1;

	d->d->ids = calloc(nr_ids, sizeof(*d->d->ids));
	d->places = calloc(nr_ids, sizeof(*d->places));
	d->repeated = calloc(nr_ids, sizeof(*d->repeated));
	d->list = malloc(nr_ids * sizeof(*d->list));
	d->str_offs = calloc(nr_strs, sizeof(*d->str_offs));
	if (!d->d->ids || !d->places || !d->repeated || !d->list ||
	    !d->str_offs) {
		err_no_memory(d->err, d->own->path);
		goto out_free;
	}
	if (decide(d) || order_types(d))
		goto out_free;
	number(d);
	ret = write_sections(d);

out_free:
	free(d->places);
	free(d->repeated);
	free(d->list);
	free(d->str_offs);
	order_free(&d->order);
	return ret;
}

int distill(struct distilled *d, const struct split *split,
	    const struct base *base, const char *path, struct err *err)
{
	struct distiller distiller = { .base = base, .d = d, .err = err };
	struct btf own;
	int ret = -1;

	*d = (struct distilled){ 0 };
	if (!btf_open_split(&own, path, split->data, split->size,
			    base->nr_types, base->strs_len, err) &&
	    !btf_check(&own, err)) {
		distiller.own = &own;
		d->nr_old = base->nr_types + own.nr_types;
		ret = distill_types(&distiller);
	}
	btf_free(&own);
	if (ret)
		distilled_free(d);
	return ret;
}

void distilled_free(struct distilled *d)
{
	free(d->base);
	free(d->split);
	free(d->ids);
	*d = (struct distilled){ 0 };
}

uint32_t distilled_id(const struct distilled *d, uint32_t id)
{
	return id <= d->nr_old ? d->ids[id] : 0;
}

int distilled_find_name(const struct distilled *d, const struct base *base,
			enum btf_kind kind, enum btf_space space,
			const char *name, size_t len, uint32_t *id,
			struct err *err)
{
	uint64_t key = btf_name_key(space, hash_bytes(name, len));
	struct table_range range;
	uint32_t base_id;

	*id = 0;
	if (base_lookup(base, &base->by_name, key, &range, err))
		return -1;
	while (table_next(&range, &base_id)) {
		const struct btf_type *t = base_type(base, base_id, err);
		uint32_t found;
		const char *s;

		if (!t)
			return -1;
		found = distilled_id(d, base_id);
		s = base_str(base, t->name_off);
		if (found && (!*id || found < *id) && btf_kind(t) == kind &&
		    !strncmp(s, name, len) && !s[len])
			*id = found;
	}
	return *id != 0;
}
