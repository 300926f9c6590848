// SPDX-License-Identifier: GPL-2.0-only
#include <stdlib.h>

#include "types.h"

static const struct btf_type type_void;

void types_of_base(struct types *types, const struct base *base)
{
	*types = (struct types){
		.base = base,
		.first_id = 1,
		.nr = base->nr_types,
		.strs = base->strs,
		.strs_len = base->strs_len,
	};
}

void types_free(struct types *types)
{
	free(types->words);
	free(types->offs);
	*types = (struct types){ 0 };
}

const struct btf_type *types_get(const struct types *types, uint32_t id)
{
	struct err err;

	if (!id)
		return &type_void;
	while (id < types->first_id)
		types = types->below;
	if (id - types->first_id >= types->nr)
		return NULL;
	if (types->base)
		return base_type(types->base, id, &err);
	return (const void *)((const uint8_t *)types->words +
			      types->offs[id - types->first_id]);
}

const char *types_str(const struct types *types, uint32_t off)
{
	while (off < types->first_str)
		types = types->below;
	off -= types->first_str;
	return off < types->strs_len ? types->strs + off : NULL;
}

const char *types_name(const struct types *types, uint32_t off)
{
	const char *name;

	if (!off)
		return "(anon)";
	name = types_str(types, off);
	return name ? name : "(invalid-name-offset)";
}
