/* SPDX-License-Identifier: GPL-2.0-only */
/* The libraries that unpack, each behind the same three functions. */
#ifndef BTFINSPECT_CODERS_H
#define BTFINSPECT_CODERS_H

#include <lzma.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <zlib.h>
#include <zstd.h>

/*
 * What a library may allocate for itself. "xz" and "zstd" need 128 MiB and some for
 * the largest window that a kernel's build asks for.
 */
#define CODER_MEMORY_MAX	((size_t)256 << 20)

/* All of the input, and how much room there is for output */
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
	STEP_MORE,		/* without progress: the input is cut short */
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
	size_t room;		/* the least output that step() has room for */
	/* STEP_MORE, or nothing is to be ended */
	enum step (*begin)(struct stream *s);
	/* Takes input and room, and moves @s on by what it took of both */
	enum step (*step)(struct stream *s);
	void (*end)(struct stream *s);
};

/* Up to one without a name */
extern const struct coder coders[];

#endif
