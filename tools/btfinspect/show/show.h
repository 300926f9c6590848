/* SPDX-License-Identifier: GPL-2.0-only */
/* One module in one view: "btfinspect show". */
#ifndef BTFSTAGE_SHOW_H
#define BTFSTAGE_SHOW_H

#include <stdio.h>

#include "../../btfstage/elf/elf_file.h"
#include "../../btfstage/ids/ids_symbols.h"
#include "../../btfstage/io/err.h"
#include "module_info.h"
#include "module_types.h"

struct show {
	const struct module_info *info;
	const char *base_path;		/* NULL: no base was given */
	const struct elf_file *ef;	/* NULL: it could not be read */
	const struct module_types *types;
};

/* Return -1 (with @err set) when memory has run out. */
int __must_check show_text(const struct show *show, FILE *f, struct err *err);

/* One JSON object, and a newline */
int __must_check show_json(const struct show *show, FILE *f, struct err *err);

/* What a symbol names is cut after this many bytes. */
#define SHOW_NAME_MAX	512

/* The part of @s->symbol that names a type or a set, as a string. */
void show_symbol_name(const struct ids_symbol *s, char name[SHOW_NAME_MAX + 1]);

/* What an id in .BTF_ids stands for */
struct shown_type {
	const char *kind;
	char name[SHOW_NAME_MAX + 1];
	bool own;		/* the module's, else its base's */
};

/* False when that is not known, or there is no such type. */
bool show_find_type(const struct show *show, uint32_t id,
		    struct shown_type *type);

#endif
