// SPDX-License-Identifier: GPL-2.0-only
#include <stdlib.h>

#include "btf_layer.h"

static const struct btf_type type_void;

/* Replaces each type of the base that has an unknown kind. */
static const struct btf_type type_unknown = { .info = NR_BTF_KINDS << 24 };

void layer_of_base(struct btf_layer *layer, const struct base *base)
{
	*layer = (struct btf_layer){
		.base = base,
		.first_id = 1,
		.nr = base->nr_types,
		.strs = base->strs,
		.strs_len = base->strs_len,
	};
}

void layer_init(struct btf_layer *layer, const struct btf_layer *below)
{
	*layer = (struct btf_layer){
		.below = below,
		.first_id = below ? layer_end(below) : 1,
		.first_str = below ? below->first_str + below->strs_len : 0,
	};
}

int layer_load(struct btf_layer *layer, const uint8_t *data, uint32_t size,
	       bool swapped)
{
	/* calloc(0) may return NULL. */
	layer->words = calloc(size / 4 + 1, 4);
	layer->offs = calloc(size / sizeof(struct btf_type) + 1,
			     sizeof(*layer->offs));
	if (!layer->words || !layer->offs)
		return -1;
	layer->words_len = size;
	btf_read_words(layer->words, data, size, swapped);
	layer->end_off = btf_index(layer->words, size, NULL, layer->offs,
				   &layer->nr);
	return 0;
}

void layer_free(struct btf_layer *layer)
{
	free(layer->words);
	free(layer->offs);
	*layer = (struct btf_layer){ 0 };
}

const struct btf_type *layer_type(const struct btf_layer *layer, uint32_t id)
{
	const struct btf_type *t;
	struct err err;

	if (!id)
		return &type_void;
	while (id < layer->first_id)
		layer = layer->below;
	if (id - layer->first_id >= layer->nr)
		return NULL;
	if (layer->base) {
		t = base_type(layer->base, id, &err);
		return t ? t : &type_unknown;
	}
	return (const void *)((const uint8_t *)layer->words +
			      layer->offs[id - layer->first_id]);
}

const char *layer_str(const struct btf_layer *layer, uint32_t off)
{
	while (off < layer->first_str)
		layer = layer->below;
	off -= layer->first_str;
	return off < layer->strs_len ? layer->strs + off : NULL;
}

const char *layer_name(const struct btf_layer *layer, uint32_t off)
{
	const char *name;

	if (!off)
		return "(anon)";
	name = layer_str(layer, off);
	return name ? name : "(invalid-name-offset)";
}

const struct btf_type *layer_skip_modifiers(const struct btf_layer *layer,
					    uint32_t id)
{
	const struct btf_type *t = layer_type(layer, id);
	unsigned int depth;

	for (depth = 0; t && btf_is_modifier(t); depth++) {
		if (depth > LAYER_MAX_DEPTH)
			return NULL;
		t = layer_type(layer, t->size_type);
	}
	return t;
}
