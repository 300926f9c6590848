/* SPDX-License-Identifier: GPL-2.0-only */
/* How a type, function or variable changed. */
#ifndef BTFINSPECT_DIFF_ITEMS_H
#define BTFINSPECT_DIFF_ITEMS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "compare.h"

/* A member or an enumerator. */
struct item {
	char *name;		/* "a", or "u.a" inside an anonymous type */
	uint32_t type;
	int64_t value;		/* offset in bits, or value */
	uint32_t bits;		/* of a bit field, else 0 */
};

enum change_what {
	CHANGE_SIZE,		/* in bytes */
	CHANGE_MEMBER,
	CHANGE_ENUMERATOR,
	CHANGE_TYPE,		/* of a typedef, function or variable */
	CHANGE_LINKAGE,
	CHANGE_ENCODING,	/* of an INT */
	CHANGE_KFUNC,
	CHANGE_FLAGS,		/* of a kfunc */
	CHANGE_OTHER,		/* its layout, not an item */
};

struct change {
	enum change_what what;
	const struct item *old, *new;	/* CHANGE_MEMBER and _ENUMERATOR */
	uint32_t from, to;		/* of the others: ids of types */
};

struct items {
	struct item *list;
	size_t nr;
	size_t max;
};

struct changes {
	struct change *list;
	size_t nr;
	size_t max;
	struct items old, new;
};

/* Of @d, which both sides have. The caller frees it in any case. */
int __must_check changes_find(struct changes *changes, const struct compare *c,
			      const struct difference *d, struct err *err);
void changes_free(struct changes *changes);

#endif
