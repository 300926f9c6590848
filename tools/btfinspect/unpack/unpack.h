/* SPDX-License-Identifier: GPL-2.0-only */
/* Decompression of gzip, xz, zstd and the kernel's form of lz4. */
#ifndef BTFINSPECT_UNPACK_H
#define BTFINSPECT_UNPACK_H

#include <stddef.h>
#include <stdint.h>

#include "../../btfstage/io/err.h"
#include "../../btfstage/io/file_in.h"

/*
 * Limit on the unpacked size. The largest modules with debug information have
 * some hundred megabytes, a kernel image a tenth of that.
 */
#define UNPACK_MAX	((size_t)1 << 30)

struct coder;

/* The coder for these bytes, by their magic number, or NULL */
const struct coder *unpack_find(const uint8_t *data, size_t size);

/* "xz" */
const char *unpack_name(const struct coder *coder);

struct unpacked {
	uint8_t *data;
	size_t size;
	size_t mapped;		/* bytes mapped at @data */
};

/*
 * Unpack @data, from file @path, to at most @max bytes. @left: how many of its
 * @size bytes follow the compressed data. -1: @err has the reason, and there is
 * nothing to free.
 */
int __must_check unpack(const struct coder *coder, const char *path,
			const uint8_t *data, size_t size, size_t max,
			struct unpacked *to, size_t *left, struct err *err);
void unpack_free(struct unpacked *unpacked);

/*
 * Replace the contents of @in by those that @size bytes of it at @data unpack
 * to. Close it as usual. After -1 it is unchanged. In a kernel image, the
 * unpacked length follows the compressed data, as 32 bits, little-endian.
 */
int __must_check unpack_part(struct file_in *in, const struct coder *coder,
			     const uint8_t *data, size_t size,
			     struct err *err);

/* The same with the whole file, if it is compressed. */
int __must_check unpack_file(struct file_in *in, struct err *err);

#endif
