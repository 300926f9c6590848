/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Types in layers, as in the kernel: a module's own on top of the base's. Ids
 * and string offsets continue those of the layer below. Unlike struct btf, this
 * is for types that can be malformed in any way, so lookups can return NULL.
 */
#ifndef BTFINSPECT_BTF_LAYER_H
#define BTFINSPECT_BTF_LAYER_H

#include "../../btfstage/base/base.h"
#include "../../btfstage/btf/btf.h"

struct btf_layer {
	const struct btf_layer *below;	/* NULL: this is the lowest layer */
	const struct base *base;	/* the layer is a prepared base */
	uint32_t first_id;
	uint32_t nr;			/* types of this layer, without void */
	uint32_t first_str;
	uint32_t strs_len;
	const char *strs;		/* ends in a NUL byte when not empty */
	/* If the layer is not a prepared base; in host byte order. */
	uint32_t *words;
	uint32_t words_len;		/* in bytes */
	uint32_t *offs;			/* [id - first_id], in bytes */
	uint32_t end_off;		/* end of the last type */
};

void layer_of_base(struct btf_layer *layer, const struct base *base);

/* An empty layer on top of @below, which may be NULL. */
void layer_init(struct btf_layer *layer, const struct btf_layer *below);

/*
 * Copy the types in @size bytes at @data, up to the first one of unknown size.
 * Returns -1 when out of memory.
 */
int __must_check layer_load(struct btf_layer *layer, const uint8_t *data,
			    uint32_t size, bool swapped);
void layer_free(struct btf_layer *layer);

/* The first id after those of this layer. */
static inline uint32_t layer_end(const struct btf_layer *layer)
{
	return layer->first_id + layer->nr;
}

/* True if types fill all bytes. */
static inline bool layer_complete(const struct btf_layer *layer)
{
	return layer->end_off == layer->words_len;
}

/*
 * Type @id of this layer or of one below, 0 is void. NULL: there is none. A
 * base can have types of unknown kinds.
 */
const struct btf_type *layer_type(const struct btf_layer *layer, uint32_t id);

/* The string at @off of this layer or of one below, NULL: there is none. */
const char *layer_str(const struct btf_layer *layer, uint32_t off);

/* Length of a chain of modifiers that the kernel accepts */
#define LAYER_MAX_DEPTH	32

/* Type @id without modifiers; NULL: the chain is malformed. */
const struct btf_type *layer_skip_modifiers(const struct btf_layer *layer,
					    uint32_t id);

/* A name for messages, or "(anon)", or "(invalid-name-offset)". */
const char *layer_name(const struct btf_layer *layer, uint32_t off);

static inline bool btf_is_modifier(const struct btf_type *t)
{
	switch (btf_kind(t)) {
	case BTF_KIND_TYPEDEF:
	case BTF_KIND_VOLATILE:
	case BTF_KIND_CONST:
	case BTF_KIND_RESTRICT:
	case BTF_KIND_TYPE_TAG:
		return true;
	}
	return false;
}

static inline bool btf_is_composite(const struct btf_type *t)
{
	return btf_kind(t) == BTF_KIND_STRUCT || btf_kind(t) == BTF_KIND_UNION;
}

/* The words after the first three. */
static inline const uint32_t *btf_tail(const struct btf_type *t)
{
	return btf_words(t) + BTF_TYPE_WORDS;
}

#endif
