/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The BTF format (Documentation/bpf/btf.rst in a kernel tree), in memory.
 *
 * A type is a run of 32-bit words: name, info (kind, flag and count), size or
 * type, and then a tail that depends on the kind. One table, btf_kinds[], gives
 * the role of each word of every kind: a plain value, the offset of a string or
 * the id of another type. Byte swapping, checking, hashing, comparing and
 * renumbering are loops over that table; none of them knows a kind by name.
 */
#ifndef BTFSTAGE_BTF_H
#define BTFSTAGE_BTF_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "../io/err.h"

#define BTF_MAGIC	0xeb9f
#define BTF_VERSION	1

struct btf_header {
	uint16_t magic;
	uint8_t version;
	uint8_t flags;
	uint32_t hdr_len;
	/* Offsets in bytes from the end of this header. */
	uint32_t type_off;
	uint32_t type_len;
	uint32_t str_off;
	uint32_t str_len;
};

/* The rest of a header of 32 bytes, which kernels accept from 7.2 on. */
struct btf_header_layouts {
	uint32_t layout_off;
	uint32_t layout_len;
};

/*
 * The size of the tail, for each kind from 0 on. With it, a reader can skip
 * types of a kind that it does not know.
 */
struct btf_layout {
	uint8_t once;
	uint8_t per_vlen;
	uint8_t flags[2];	/* none are defined */
};

struct btf_layouts {
	const struct btf_layout *kinds;
	uint32_t nr;
};

enum btf_kind {
	BTF_KIND_UNKN,
	BTF_KIND_INT,
	BTF_KIND_PTR,
	BTF_KIND_ARRAY,
	BTF_KIND_STRUCT,
	BTF_KIND_UNION,
	BTF_KIND_ENUM,
	BTF_KIND_FWD,
	BTF_KIND_TYPEDEF,
	BTF_KIND_VOLATILE,
	BTF_KIND_CONST,
	BTF_KIND_RESTRICT,
	BTF_KIND_FUNC,
	BTF_KIND_FUNC_PROTO,
	BTF_KIND_VAR,
	BTF_KIND_DATASEC,
	BTF_KIND_FLOAT,
	BTF_KIND_DECL_TAG,
	BTF_KIND_TYPE_TAG,
	BTF_KIND_ENUM64,
	NR_BTF_KINDS
};

/* The role of a word of a type. */
enum btf_role {
	BTF_VALUE = 'v',
	BTF_NAME = 'n',
	BTF_REF = 'r',
};

struct btf_kind_info {
	const char *name;
	bool tail_per_vlen;	/* the tail is repeated vlen times */
	uint8_t tail_words;
	char roles[7];		/* of the three fixed words, then of the tail's */
};

/* The first entry is also for unknown kinds. */
extern const struct btf_kind_info btf_kinds[NR_BTF_KINDS];

/* The first words of every type. The tail follows. */
struct btf_type {
	uint32_t name_off;
	uint32_t info;
	uint32_t size_type;
};

#define BTF_TYPE_WORDS	3

/* Before 7.2, kind had 5 bits and vlen 16; the other bits were zero. */
static inline unsigned int btf_kind(const struct btf_type *t)
{
	return (t->info >> 24) & 0x7f;
}

static inline unsigned int btf_vlen(const struct btf_type *t)
{
	return t->info & 0xffffff;
}

static inline const struct btf_kind_info *
btf_kind_info(const struct btf_type *t)
{
	return &btf_kinds[btf_kind(t) < NR_BTF_KINDS ? btf_kind(t) :
						       BTF_KIND_UNKN];
}

static inline bool btf_kind_known(const struct btf_type *t)
{
	return btf_kind_info(t) != &btf_kinds[BTF_KIND_UNKN];
}

/* Never equal to another type: variables, and types of unknown kinds. */
static inline bool btf_is_unique(const struct btf_type *t)
{
	return btf_kind(t) == BTF_KIND_VAR || btf_kind(t) == BTF_KIND_DATASEC ||
	       !btf_kind_known(t);
}

static inline bool btf_kflag(const struct btf_type *t)
{
	return t->info >> 31;
}

static inline const uint32_t *btf_words(const struct btf_type *t)
{
	return &t->name_off;
}

/* Number of words of the tail, 0 for an unknown kind. */
static inline size_t btf_tail_words(const struct btf_type *t)
{
	const struct btf_kind_info *k = btf_kind_info(t);

	return k->tail_per_vlen ? (size_t)k->tail_words * btf_vlen(t) :
				  k->tail_words;
}

static inline size_t btf_nr_words(const struct btf_type *t)
{
	return BTF_TYPE_WORDS + btf_tail_words(t);
}

/*
 * Step through the words of a type and their roles:
 *
 *	for (it = btf_iter_begin(t); btf_iter_valid(&it); btf_iter_next(&it))
 *		it.word, it.role
 *
 * or, from ref_begin to ref_next, through the type ids among them.
 */
struct btf_iter {
	const uint32_t *word;
	const uint32_t *end;
	enum btf_role role;
	const struct btf_kind_info *kind;
	unsigned int pos;	/* in kind->roles */
};

static inline struct btf_iter btf_iter_begin(const struct btf_type *t)
{
	struct btf_iter it = {
		.word = btf_words(t),
		.end = btf_words(t) + btf_nr_words(t),
		.role = BTF_NAME,
		.kind = btf_kind_info(t),
	};

	return it;
}

static inline void btf_iter_next(struct btf_iter *it)
{
	it->word++;
	it->pos++;
	if (it->pos == (unsigned int)BTF_TYPE_WORDS + it->kind->tail_words)
		it->pos = BTF_TYPE_WORDS;
	/* After the last word, this is a role beyond the tail. */
	it->role = (unsigned char)it->kind->roles[it->pos];
}

static inline bool btf_iter_valid(const struct btf_iter *it)
{
	return it->word < it->end;
}

static inline void btf_iter_to_ref(struct btf_iter *it)
{
	while (btf_iter_valid(it) && it->role != BTF_REF)
		btf_iter_next(it);
}

static inline struct btf_iter btf_iter_ref_begin(const struct btf_type *t)
{
	struct btf_iter it = btf_iter_begin(t);

	btf_iter_to_ref(&it);
	return it;
}

static inline void btf_iter_ref_next(struct btf_iter *it)
{
	btf_iter_next(it);
	btf_iter_to_ref(it);
}

/*
 * BTF whose types and string offsets were all checked. Words are in the host's
 * byte order. Its ids start at 1, or it is split: its ids and string offsets
 * continue those of its base, and lower ones refer to the base.
 */
struct btf {
	const char *path;	/* for messages; the caller's */
	const uint8_t *types;
	uint32_t types_len;
	const char *strs;	/* ends in a NUL byte */
	uint32_t strs_len;
	struct btf_layouts layouts;
	uint32_t nr_types;	/* without void and the base's */
	uint32_t unknown;	/* id of the first of an unknown kind, or 0 */
	const uint32_t *type_offs;	/* byte offset of type id, [0] unused */
	uint32_t nr_base_types;	/* 0: self-contained */
	uint32_t base_strs_len;
	bool swapped;		/* the file has the other byte order */
	void *owned_types;	/* a swapped or aligned copy */
	uint32_t *owned_offs;
};

/*
 * Find the sections of @data, which must outlive @btf. Checks the header and
 * swaps the types to the host's byte order. Call btf_check() before using types
 * and strings. @path is for messages.
 */
int __must_check btf_open(struct btf *btf, const char *path,
			  const uint8_t *data, size_t size, struct err *err);

/*
 * The same for BTF that is split against a base of @nr_base_types types and
 * @base_strs_len bytes of strings.
 */
int __must_check btf_open_split(struct btf *btf, const char *path,
				const uint8_t *data, size_t size,
				uint32_t nr_base_types,
				uint32_t base_strs_len, struct err *err);

/* From the other byte order, or to it. */
void btf_swap_header(struct btf_header *h);

/* @size bytes of a section, at any address, as words in host order. */
void btf_read_words(uint32_t *words, const uint8_t *data, uint32_t size,
		    bool swapped);

/*
 * Find where each type starts, in @size bytes. @offs has room for one type in
 * twelve bytes. Returns the end of the last type, which is less than @size if
 * the next one is truncated, or of a kind that is neither known nor in
 * @layouts, which may be NULL.
 */
uint32_t btf_index(const void *types, uint32_t size,
		   const struct btf_layouts *layouts, uint32_t *offs,
		   uint32_t *nr);

/* BTF without types. */
void btf_empty(struct btf *btf, const char *path, bool swapped);

/* Find and check all types and names. */
int __must_check btf_check(struct btf *btf, struct err *err);

/*
 * The same for types that are only looked up, not written: unknown kinds are
 * accepted if there is a layout. Only the name of such a type is known.
 */
int __must_check btf_check_base(struct btf *btf, struct err *err);

/* Also after a failure, and for a struct of zeros. */
void btf_free(struct btf *btf);

/* In split BTF, @id 1 is the first type that is not of the base. */
static inline const struct btf_type *btf_type(const struct btf *btf,
					      uint32_t id)
{
	return (const void *)(btf->types + btf->type_offs[id]);
}

/* In split BTF, @off 0 is the end of the base's strings. */
static inline const char *btf_str(const struct btf *btf, uint32_t off)
{
	return btf->strs + off;
}

#endif
