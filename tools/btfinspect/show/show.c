// SPDX-License-Identifier: GPL-2.0-only
#include <string.h>

#include "show.h"

void show_symbol_name(const struct ids_symbol *s, char name[SHOW_NAME_MAX + 1])
{
	size_t len = s->len < SHOW_NAME_MAX ? s->len : SHOW_NAME_MAX;

	memcpy(name, s->name, len);
	name[len] = '\0';
}

bool show_find_type(const struct show *show, uint32_t id,
		    struct shown_type *type)
{
	const struct btf_type *t;

	if (!id || !show->types->known)
		return false;
	t = types_get(&show->types->own, id);
	if (!t)
		return false;
	type->kind = btf_kinds[btf_kind(t)].name;
	type->own = id >= show->types->own.first_id;
	snprintf(type->name, sizeof(type->name), "%s",
		 types_name(&show->types->own, t->name_off));
	return true;
}
