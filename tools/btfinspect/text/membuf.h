/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A stream into memory. Unlike open_memstream(), it reports output that was
 * lost when out of memory.
 */
#ifndef BTFINSPECT_MEMBUF_H
#define BTFINSPECT_MEMBUF_H

#include <stdbool.h>
#include <stdio.h>

#include "../../btfstage/io/err.h"

struct membuf {
	char *data;		/* the output, or NULL; the caller frees it */
	size_t size;
	size_t max;
	bool failed;
};

/* NULL: out of memory. */
FILE *membuf_open(struct membuf *m);

/* Close the stream. Returns -1 if output was lost. */
int __must_check membuf_close(struct membuf *m, FILE *f);

#endif
