/* SPDX-License-Identifier: GPL-2.0-only */
/* Unpacking: what is compressed with gzip, xz, zstd or, in the kernel's way, lz4. */
#ifndef BTFINSPECT_UNPACK_H
#define BTFINSPECT_UNPACK_H

#include <stddef.h>
#include <stdint.h>

#include "../../btfstage/io/err.h"
#include "../../btfstage/io/file_in.h"

/*
 * The most that anything is unpacked to. The largest modules, with all of their
 * debug information, take some hundred megabytes, a kernel image a tenth of that.
 */
#define UNPACK_MAX	((size_t)1 << 30)

struct coder;

/* What can unpack these bytes, by how they begin; NULL: nothing */
const struct coder *unpack_find(const uint8_t *data, size_t size);

/* "xz" */
const char *unpack_name(const struct coder *coder);

struct unpacked {
	uint8_t *data;
	size_t size;
	size_t mapped;		/* bytes at @data, to be unmapped */
};

/*
 * Unpack @data, of which @path is the file, to @max bytes at most. @left is how
 * many of its @size bytes come after what is compressed. -1: @err says why, and
 * nothing is to be freed.
 */
int __must_check unpack(const struct coder *coder, const char *path,
			const uint8_t *data, size_t size, size_t max,
			struct unpacked *to, size_t *left, struct err *err);
void unpack_free(struct unpacked *unpacked);

/*
 * Replace the bytes of the file @in by what @size bytes of it at @data unpack to. It
 * is closed as ever; after -1 it is as it was. In a kernel image, what is compressed
 * is followed by the length of what it unpacks to, 32 bits with the lowest ones first.
 */
int __must_check unpack_part(struct file_in *in, const struct coder *coder,
			     const uint8_t *data, size_t size,
			     struct err *err);

/* The same with all of it, when it is compressed. */
int __must_check unpack_file(struct file_in *in, struct err *err);

#endif
