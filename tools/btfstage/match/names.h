/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Offsets of a module's strings in the base, and the module's own types by
 * name.
 */
#ifndef BTFSTAGE_NAMES_H
#define BTFSTAGE_NAMES_H

#include <stdbool.h>
#include <stdint.h>

#include "../base/base.h"
#include "../base/table.h"
#include "../btf/btf.h"
#include "../io/err.h"

struct names {
	const struct btf *btf;
	const struct base *base;
	struct names_seen *seen;	/* see names.c */
	uint32_t mask;
};

int __must_check names_init(struct names *names, const struct btf *btf,
			    const struct base *base, struct err *err);
void names_free(struct names *names);

/*
 * True if the string at @off of the module equals that at @base_off of the
 * base.
 */
bool names_same(struct names *names, uint32_t off, uint32_t base_off);

/* The same, but only if names_same() has recently found it. */
bool names_remembered(const struct names *names, uint32_t off,
		      uint32_t *base_off);

/*
 * Find the string at @off of the module in the base: 1 found, 0 the base does
 * not have it, -1 the base is corrupt.
 */
int __must_check names_in_base(struct names *names, uint32_t off,
			       uint32_t *base_off, struct err *err);

struct own_names {
	const struct btf *btf;
	const uint32_t *ids;	/* [module's type id]: id in split BTF */
	struct table table;	/* name -> module's type id */
};

/*
 * Index the types of @btf whose final id is @first_own or higher. Both arrays
 * must outlive @own.
 */
int __must_check own_names_init(struct own_names *own, const struct btf *btf,
				const uint32_t *ids, uint32_t first_own,
				struct err *err);
void own_names_free(struct own_names *own);

/* Lowest final id of the types of @kind called @name, 0: there is none. */
uint32_t own_names_find(const struct own_names *own, enum btf_kind kind,
			const char *name, size_t len);

#endif
