/* SPDX-License-Identifier: GPL-2.0-only */
/* Looking up by name the types that a module keeps. */
#ifndef BTFSTAGE_OWN_NAMES_H
#define BTFSTAGE_OWN_NAMES_H

#include <stddef.h>
#include <stdint.h>

#include "../base/table.h"
#include "../btf/btf.h"
#include "../io/err.h"

struct own_names {
	const struct btf *btf;
	const uint32_t *ids;	/* [module's type id]: id in split BTF */
	struct table table;	/* name -> module's type id */
};

/*
 * Enter the types of @btf whose final id is @first_own or higher. Both arrays
 * have to outlive @own.
 */
int __must_check own_names_init(struct own_names *own, const struct btf *btf,
				const uint32_t *ids, uint32_t first_own,
				struct err *err);
void own_names_free(struct own_names *own);

/* Lowest final id of the types of @kind called @name, 0: there is none. */
uint32_t own_names_find(const struct own_names *own, enum btf_kind kind,
			const char *name, size_t len);

#endif
