/* SPDX-License-Identifier: GPL-2.0-only */
/* A module's types on top of those that they are split against, to be read. */
#ifndef BTFSTAGE_MODULE_TYPES_H
#define BTFSTAGE_MODULE_TYPES_H

#include <stdbool.h>

#include "../../btfstage/base/base.h"
#include "../../btfstage/btf/btf.h"
#include "../../btfstage/elf/elf_file.h"
#include "../../btfstage/io/err.h"
#include "../check/types.h"

struct module_types {
	bool known;		/* there is a base: the rest can be used */
	struct types below;	/* .BTF.base, or the base */
	struct types own;
	struct btf below_btf;	/* what they lie in */
	struct btf own_btf;
};

/*
 * The types of @ef, split against its .BTF.base or else @base, which may be
 * NULL and has to outlive @mt, as does @ef. Without .BTF or any base, nothing is
 * known and nothing wrong. module_types_close() in every case.
 */
int __must_check module_types_open(struct module_types *mt,
				   const struct elf_file *ef,
				   const struct base *base, struct err *err);
void module_types_close(struct module_types *mt);

#endif
