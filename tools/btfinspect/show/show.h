/* SPDX-License-Identifier: GPL-2.0-only */
/* One module: "btfinspect show". */
#ifndef BTFINSPECT_SHOW_H
#define BTFINSPECT_SHOW_H

#include <stdio.h>
#include <string.h>

#include "../../btfstage/io/err.h"
#include "../check/check.h"
#include "module_info.h"

struct show {
	const struct module_info *info;
	const struct checked *module;
	const char *base_path;		/* NULL: no base was given */
};

/* Return -1 (with @err set) when out of memory. */
int __must_check show_text(const struct show *show, FILE *f, struct err *err);

/* Print a JSON object and a newline. */
int __must_check show_json(const struct show *show, FILE *f, struct err *err);

/* The types of the module, to look up ids. NULL: the base is unknown. */
static inline const struct btf_layer *show_types(const struct show *show)
{
	const struct checked *m = show->module;

	return m->based && layer_complete(&m->btf.layer) ? &m->btf.layer : NULL;
}

/* Longer names of symbols in .BTF_ids are truncated. */
#define SHOW_NAME_MAX	512

/* "func" .. "typedef", "set", "set8": the length of it in @s->kind->prefix. */
static inline int show_kind_len(const struct ids_symbol *s)
{
	return strlen(s->kind->prefix) - strlen("__");
}

/* The name in @s, as a string. */
static inline void show_symbol_name(const struct ids_symbol *s,
				    char name[SHOW_NAME_MAX + 1])
{
	snprintf(name, SHOW_NAME_MAX + 1, "%.*s",
		 s->len < SHOW_NAME_MAX ? (int)s->len : SHOW_NAME_MAX, s->name);
}

#endif
