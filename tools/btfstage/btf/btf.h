/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The BTF format (Documentation/bpf/btf.rst in a kernel tree), in memory.
 *
 * A type is a run of 32-bit words: name, info (kind, flag and count), size or
 * type, and then a tail that depends on the kind. One table, btf_kinds[], says
 * for every kind what each word is: a plain value, the offset of a string or
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

/* What a header of 32 bytes goes on with, which kernels take from 7.2 on. */
struct btf_header_layouts {
	uint32_t layout_off;
	uint32_t layout_len;
};

/*
 * How many bytes the tail of a type has, for each kind from 0 on. So a reader can
 * skip types of a kind that is newer than it.
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

/* What a word of a type means. */
enum btf_role {
	BTF_VALUE = 'v',
	BTF_NAME = 'n',
	BTF_REF = 'r',
};

struct btf_kind_info {
	const char *name;
	bool tail_per_vlen;	/* the tail repeats vlen times, else once */
	uint8_t tail_words;
	char roles[7];		/* of the three fixed words, then of the tail's */
};

/* The first one is also for all that are not known. */
extern const struct btf_kind_info btf_kinds[NR_BTF_KINDS];

/* The words that every type starts with. The tail follows directly. */
struct btf_type {
	uint32_t name_off;
	uint32_t info;
	uint32_t size_type;
};

#define BTF_TYPE_WORDS	3

/* Before 7.2, kind had 5 bits and vlen 16; the others were zero. */
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

/* Never equal to another: variables, and what cannot be compared. */
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

/* Words of the tail; of an unknown kind, that is none. */
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
 * Step through a type's words and what each means:
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
	/* After the last word, this is the role of a word that is not there. */
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
 * BTF, every type and string offset of it checked. Words are in the host's
 * byte order. It is self-contained, its type ids start at 1, or split: ids and
 * string offsets up to a point mean what is in its base, and go on from there.
 */
struct btf {
	const char *path;	/* for messages; the caller's */
	const uint8_t *types;
	uint32_t types_len;
	const char *strs;	/* ends in a NUL byte */
	uint32_t strs_len;
	struct btf_layouts layouts;
	uint32_t nr_types;	/* not counting void, id 0, and the base's */
	uint32_t unknown;	/* id of the first of an unknown kind, or 0 */
	const uint32_t *type_offs;	/* byte offset of type id, [0] unused */
	uint32_t nr_base_types;	/* 0: self-contained */
	uint32_t base_strs_len;
	bool swapped;		/* the file has the other byte order */
	void *owned_types;	/* when swapped or moved to alignment */
	uint32_t *owned_offs;
};

/*
 * Find the sections of @data, which has to outlive @btf: the header is checked,
 * types and strings are in the host's byte order, whichever the file has, but
 * not yet looked at. Call btf_check() before using them. @path is for messages.
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

/* @size bytes of a section, at any address, as words of the host. */
void btf_read_words(uint32_t *words, const uint8_t *data, uint32_t size,
		    bool swapped);

/*
 * Find where each type starts, in @size bytes. There can be one in twelve of them,
 * and as many @offs are needed. Returns where the last one ends: that is less than
 * @size when what follows is cut short, or of a kind that is neither known nor in
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
 * The same for types that only have to be found, not written: if there is a layout
 * of a kind, it need not be known. Of such a type the name is all that can be told.
 */
int __must_check btf_check_base(struct btf *btf, struct err *err);

/* Either call may have failed, or not have been made (all bytes zero). */
void btf_free(struct btf *btf);

/* Of split BTF, @id 1 is the first type that is not the base's. */
static inline const struct btf_type *btf_type(const struct btf *btf,
					      uint32_t id)
{
	return (const void *)(btf->types + btf->type_offs[id]);
}

/* Likewise, @off 0 is where the base's strings end. */
static inline const char *btf_str(const struct btf *btf, uint32_t off)
{
	return btf->strs + off;
}

#endif
