/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * BTF for tests, as a model that does not use btfstage's code: written as text,
 * converted to and from bytes by libbpf, and compared with other models by the
 * definition of equality, without hashes or short cuts.
 *
 * Text is one type a line, in the order of their ids:
 *
 *	LABEL INT NAME SIZE		LABEL FLOAT NAME SIZE
 *	LABEL PTR REF			also CONST, VOLATILE, RESTRICT
 *	LABEL TYPEDEF NAME REF		also TYPE_TAG
 *	LABEL ARRAY REF INDEX NR	LABEL FWD NAME struct|union
 *	LABEL STRUCT NAME SIZE FIELD:REF@BITS[/BITSIZE] ...	also UNION
 *	LABEL ENUM NAME SIZE VALUE=NR ...	also ENUM64
 *	LABEL PROTO REF PARAM:REF ...	LABEL FUNC NAME REF LINKAGE
 *	LABEL VAR NAME REF LINKAGE	LABEL DATASEC NAME SIZE :REF@OFF/SIZE ...
 *	LABEL DECL_TAG NAME REF INDEX
 *
 * A REF is a label of any line or "void"; the name "-" is the empty one.
 *
 * Everything returned is freed by build_free_all() alone.
 */
#ifndef TESTS_UNIT_BTF_BUILD_H
#define TESTS_UNIT_BTF_BUILD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "err.h"

/* A member, parameter, enumerator, or variable of a section. */
struct model_item {
	const char *name;
	uint32_t type;
	int64_t value;		/* offset in bits, or value */
	uint32_t size;		/* of a bit field, or variable */
};

struct model_type {
	const char *label;
	const char *name;
	unsigned int kind;	/* BTF's number for it */
	uint32_t size;
	uint32_t type;
	uint32_t index;		/* an array's second type */
	uint32_t extra;		/* elements, linkage or component */
	bool flag;		/* bit fields, signed enum, or FWD of a union */
	uint32_t nr;
	struct model_item *items;
};

struct model {
	uint32_t nr;
	uint32_t max;
	struct model_type *types;	/* [id], [0] is void */
};

struct raw {
	uint8_t *data;
	size_t size;
};

void *build_alloc(size_t size);
void build_free_all(void);
int build_teardown(void **state);	/* cmocka fixture: build_free_all() */

const char *build_text(const char *fmt, ...) __printf(1, 2);

struct model *model_new(void);
struct model *model_parse(const char *text);
uint32_t model_id(const struct model *m, const char *label);

/* Append a type; its items are set by model_item(). */
uint32_t model_add(struct model *m, unsigned int kind, const char *name,
		   uint32_t size, uint32_t type);
void model_item(struct model *m, uint32_t id, const char *name, uint32_t type,
		int64_t value);

/*
 * The same types in another order; new_ids (or NULL) gets what became of each.
 */
struct model *model_shuffle(const struct model *m, uint32_t *seed,
			    uint32_t *new_ids);

/* The same types by name, those without one first, equal ones as they were. */
struct model *model_sort(const struct model *m);

/* A pseudo random number below @below. */
uint32_t build_random(uint32_t *seed, uint32_t below);

/* In this machine's byte order, or the other one. */
struct raw model_raw(const struct model *m, bool swapped);

/*
 * The same with the header of 32 bytes that 7.2 brought, and layouts: of each kind
 * the bytes of its tail, and those per vlen. As pahole orders them (types, layouts,
 * strings) or with strings first, which must be words then.
 */
struct raw raw_with_layouts(struct raw raw, const uint8_t layouts[][2],
			    uint32_t nr, bool strings_first);

/* By libbpf: all types of @raw, or of the base and then those of @raw. */
struct model *raw_read(struct raw raw, const struct raw *base);

/* The result of btf__dedup(). */
struct model *model_dedup(const struct model *m);

/*
 * btf__dedup() of @m against @base. What became of @m's types goes to
 * @new_ids, and the number of types beyond the base's to @nr_kept.
 */
void model_dedup_split(const struct model *m, const struct model *base,
		       uint32_t *new_ids, uint32_t *nr_kept);

/*
 * Does libbpf deduplicate declarations right? 1.7 does not, and fails its own test
 * of that.
 */
bool build_libbpf_declarations(void);

/* FWD, or enum without values. */
bool model_is_declaration(const struct model_type *t);

/* The same but for what they refer to. */
bool model_same_words(const struct model_type *a, const struct model_type *b);

uint32_t model_nr_refs(const struct model_type *t);
uint32_t model_ref(const struct model_type *t, uint32_t nr);

/*
 * The greatest relation of @a's types to @b's in which related types have the
 * same words and refer to related types; [id of a * (b->nr + 1) + id of b].
 * VAR and DATASEC are related to themselves only. With @declared, a declaration in
 * either model is also related to all that has its name and kind of tag in the
 * other one.
 */
bool *model_relate(const struct model *a, const struct model *b,
		   bool declared);

/* For each type the lowest id of those related to it in its own model. */
uint32_t *model_lowest_equal(const struct model *m);

/* Mark, by id, the types that reach a marked one. */
void model_spread(const struct model *m, bool *marks);

/*
 * Check @ids, which map the types of @mod to types of @all: the @nr_base types of the
 * base, and the kept ones. Returns NULL, or what is wrong:
 *  - a type and its image must be the same, with all types that they reach, except
 *    that a declaration equals what it declares;
 *  - without declarations on the way, the image must refer to the images of the types
 *    that the type refers to, or to an equal type of the base;
 *  - a kept type refers to the images of its references;
 *  - no type is kept twice.
 */
const char *model_check_ids(const struct model *mod, const struct model *all,
			    uint32_t nr_base, const uint32_t *ids);

#ifndef BTF_BUILD_IMPLEMENTATION
/* libbpf's headers, which the implementation needs, use the same names. */
#include <stdlib.h>
#include <string.h>

#include "base.h"
#include "btf.h"
#include "scratch.h"
#include "split.h"

static inline int raw_open(struct btf *btf, struct raw raw, struct err *err)
{
	if (btf_open(btf, "mod.btf", raw.data, raw.size, err))
		return -1;
	return btf_check(btf, err);
}

static inline int raw_open_base(struct btf *btf, struct raw raw,
				struct err *err)
{
	if (btf_open(btf, "base.btf", raw.data, raw.size, err))
		return -1;
	return btf_check_base(btf, err);
}

/* Give type @id, in this machine's byte order, another kind: its tail stays. */
static inline void raw_set_kind(struct raw raw, uint32_t id, unsigned int kind)
{
	struct btf_type *t;
	struct btf btf;
	struct err err;

	assert_int_equal(raw_open_base(&btf, raw, &err), 0);
	assert_null(btf.owned_types);
	t = (void *)btf_type(&btf, id);
	t->info = (t->info & 0x80ffffff) | kind << 24;
	btf_free(&btf);
}

/* Make @path, a base file of @raw's types. */
static inline void raw_write_base(struct raw raw, const char *path)
{
	struct btf btf;
	struct err err;
	uint8_t *data;
	size_t size;

	assert_int_equal(raw_open_base(&btf, raw, &err), 0);
	assert_int_equal(base_build(&btf, &data, &size, &err), 0);
	scratch_write(path, data, size);
	free(data);
	btf_free(&btf);
}

struct staged {
	const struct model *base;
	const struct model *mod;
	const struct model *all;	/* base and kept types, by libbpf */
	struct raw raw;			/* the split BTF */
	uint32_t *ids;
	uint32_t nr_kept;
};

/* Deduplicate @mod against @base, and check what can be checked always. */
static inline void stage(struct staged *s, const struct model *base,
			 const struct model *mod, bool swapped)
{
	struct raw base_raw = model_raw(base, swapped);
	struct raw raw = model_raw(mod, swapped);
	struct split split;
	const char *fault;
	struct base file;
	struct btf btf;
	struct err err;

	raw_write_base(base_raw, "base");
	assert_int_equal(base_open(&file, "base", &err), 0);
	assert_int_equal(raw_open(&btf, raw, &err), 0);
	assert_int_equal(split_make(&split, &btf, &file, file.sorted, &err),
			 0);

	*s = (struct staged){ .base = base, .mod = mod };
	s->raw = (struct raw){ build_alloc(split.size), split.size };
	memcpy(s->raw.data, split.data, split.size);
	s->ids = build_alloc((mod->nr + 1) * sizeof(*s->ids));
	memcpy(s->ids, split.ids, (mod->nr + 1) * sizeof(*s->ids));
	s->nr_kept = split.nr_kept;
	s->all = raw_read(s->raw, &base_raw);
	assert_int_equal(s->all->nr, base->nr + split.nr_kept);
	split_free(&split);
	btf_free(&btf);
	base_close(&file);

	fault = model_check_ids(mod, s->all, base->nr, s->ids);
	if (fault)
		fail_msg("%s", fault);
}
#endif

#endif
