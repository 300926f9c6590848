/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A stream into memory. Unlike with open_memstream(), what is lost because memory
 * ran out in between is known in the end.
 */
#ifndef BTFINSPECT_MEMBUF_H
#define BTFINSPECT_MEMBUF_H

#include <stdbool.h>
#include <stdio.h>

#include "../../btfstage/io/err.h"

struct membuf {
	char *data;		/* what was written, or NULL; to be freed */
	size_t size;
	size_t max;
	bool failed;
};

/* NULL: out of memory. */
FILE *membuf_open(struct membuf *m);

/* Close the stream. Returns -1 when it has not got all that was written. */
int __must_check membuf_close(struct membuf *m, FILE *f);

#endif
