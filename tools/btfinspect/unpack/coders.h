/* SPDX-License-Identifier: GPL-2.0-only */
/* The libraries for decompression, behind one interface. */
#ifndef BTFINSPECT_CODERS_H
#define BTFINSPECT_CODERS_H

#include <lzma.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <zlib.h>
#include <zstd.h>

/*
 * Limit on memory of a library. xz and zstd need a little more than 128 MiB for
 * the largest window in a kernel build.
 */
#define CODER_MEMORY_MAX	((size_t)256 << 20)

/* All of the input, and the room for output */
struct stream {
	const uint8_t *in;
	size_t in_left;
	uint8_t *out;
	size_t out_left;
	union {
		z_stream gzip;
		lzma_stream xz;
		ZSTD_DStream *zstd;
	};
};

enum step {
	STEP_MORE,		/* without progress: the input is truncated */
	STEP_END,
	STEP_CUT,
	STEP_CORRUPT,
	STEP_NO_MEMORY,
	STEP_MEMORY_MAX,
};

struct coder {
	const char *name;
	const char *magic;
	size_t magic_len;
	size_t room;		/* least room for output that step() needs */
	/* STEP_MORE; after a failure, do not call end() */
	enum step (*begin)(struct stream *s);
	/* Consumes input and room, and advances @s */
	enum step (*step)(struct stream *s);
	void (*end)(struct stream *s);
};

/* Ends with an entry without a name. */
extern const struct coder coders[];

#endif
