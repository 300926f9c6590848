/* SPDX-License-Identifier: GPL-2.0-only */
/* Parts of a file: ranges of offsets, in order, with gaps between them. */
#ifndef BTFSTAGE_RANGES_H
#define BTFSTAGE_RANGES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "err.h"

struct range {
	uint64_t start;
	uint64_t end;		/* the first offset that is not in it */
};

/* Zeros: no range. */
struct ranges {
	struct range *v;	/* ranges_free() frees them */
	size_t nr;
	size_t max;
};

/*
 * Add the @size offsets from @start on, of which some may be there already;
 * @start + @size does not overflow. -1: out of memory, nothing is added.
 */
int __must_check ranges_add(struct ranges *r, uint64_t start, uint64_t size);

/* Is every offset from @start to before @end there? */
bool ranges_cover(const struct ranges *r, uint64_t start, uint64_t end);

/* Leave out offsets from @end on. */
void ranges_clip(struct ranges *r, uint64_t end);

void ranges_free(struct ranges *r);

#endif
