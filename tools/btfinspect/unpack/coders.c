// SPDX-License-Identifier: GPL-2.0-only
#include <endian.h>
#include <lz4.h>
#include <string.h>
#include <zstd_errors.h>

#include "coders.h"

static void advance(struct stream *s, size_t in, size_t out)
{
	s->in += in;
	s->in_left -= in;
	s->out += out;
	s->out_left -= out;
}

static void end_nothing(struct stream *s)
{
	(void)s;
}

/* ------------------------------------------------------------------------
 * gzip
 */

static enum step gzip_begin(struct stream *s)
{
	memset(&s->gzip, 0, sizeof(s->gzip));
	/* 16: with gzip's header and checksum */
	return inflateInit2(&s->gzip, 16 + MAX_WBITS) == Z_OK ? STEP_MORE :
							STEP_NO_MEMORY;
}

static enum step gzip_step(struct stream *s)
{
	size_t in_left = s->in_left, out_left = s->out_left;
	int ret;

	/* Both are below UNPACK_MAX. */
	s->gzip.next_in = (Bytef *)s->in;
	s->gzip.avail_in = in_left;
	s->gzip.next_out = s->out;
	s->gzip.avail_out = out_left;
	ret = inflate(&s->gzip, Z_NO_FLUSH);
	advance(s, in_left - s->gzip.avail_in, out_left - s->gzip.avail_out);
	switch (ret) {
	case Z_OK:
	case Z_BUF_ERROR:
		return STEP_MORE;
	case Z_STREAM_END:
		return STEP_END;
	case Z_MEM_ERROR:
		return STEP_NO_MEMORY;
	default:
		return STEP_CORRUPT;
	}
}

static void gzip_end(struct stream *s)
{
	inflateEnd(&s->gzip);
}

/* ------------------------------------------------------------------------
 * xz
 */

static enum step xz_begin(struct stream *s)
{
	s->xz = (lzma_stream)LZMA_STREAM_INIT;
	return lzma_stream_decoder(&s->xz, CODER_MEMORY_MAX, 0) == LZMA_OK ?
		STEP_MORE : STEP_NO_MEMORY;
}

static enum step xz_step(struct stream *s)
{
	size_t in_left = s->in_left, out_left = s->out_left;
	lzma_ret ret;

	s->xz.next_in = s->in;
	s->xz.avail_in = in_left;
	s->xz.next_out = s->out;
	s->xz.avail_out = out_left;
	ret = lzma_code(&s->xz, LZMA_RUN);
	advance(s, in_left - s->xz.avail_in, out_left - s->xz.avail_out);
	switch (ret) {
	case LZMA_OK:
	case LZMA_BUF_ERROR:
		return STEP_MORE;
	case LZMA_STREAM_END:
		return STEP_END;
	case LZMA_MEM_ERROR:
		return STEP_NO_MEMORY;
	case LZMA_MEMLIMIT_ERROR:
		return STEP_MEMORY_MAX;
	default:
		return STEP_CORRUPT;
	}
}

static void xz_end(struct stream *s)
{
	lzma_end(&s->xz);
}

/* ------------------------------------------------------------------------
 * zstd: refuses by itself to use more than 128 MiB
 */

static enum step zstd_begin(struct stream *s)
{
	s->zstd = ZSTD_createDStream();
	return s->zstd ? STEP_MORE : STEP_NO_MEMORY;
}

static enum step zstd_step(struct stream *s)
{
	ZSTD_inBuffer in = { s->in, s->in_left, 0 };
	ZSTD_outBuffer out = { s->out, s->out_left, 0 };
	size_t ret = ZSTD_decompressStream(s->zstd, &out, &in);

	advance(s, in.pos, out.pos);
	if (!ret)
		return STEP_END;
	if (!ZSTD_isError(ret))
		return STEP_MORE;
	switch (ZSTD_getErrorCode(ret)) {
	case ZSTD_error_memory_allocation:
		return STEP_NO_MEMORY;
	case ZSTD_error_frameParameter_windowTooLarge:
		return STEP_MEMORY_MAX;
	default:
		return STEP_CORRUPT;
	}
}

static void zstd_end(struct stream *s)
{
	ZSTD_freeDStream(s->zstd);
}

/* ------------------------------------------------------------------------
 * lz4, as "lz4 -l" writes it: a magic number, then blocks, each after its
 * length, up to the end of the file. In a kernel image, four bytes with the
 * unpacked length follow, which are left.
 */

#define LZ4_MAGIC	"\002\041\114\030"
#define LZ4_BLOCK	((size_t)8 << 20)

static enum step lz4_begin(struct stream *s)
{
	/* There is no output yet. */
	s->in += strlen(LZ4_MAGIC);
	s->in_left -= strlen(LZ4_MAGIC);
	return STEP_MORE;
}

static enum step lz4_step(struct stream *s)
{
	uint32_t len;
	int out;

	if (!s->in_left || s->in_left == sizeof(len))
		return STEP_END;
	if (s->in_left < sizeof(len))
		return STEP_CUT;
	memcpy(&len, s->in, sizeof(len));
	len = le32toh(len);
	if (len > LZ4_COMPRESSBOUND(LZ4_BLOCK))
		return STEP_CORRUPT;
	if (len > s->in_left - sizeof(len))
		return STEP_CUT;
	out = LZ4_decompress_safe((const char *)s->in + sizeof(len),
				  (char *)s->out, len, LZ4_BLOCK);
	if (out < 0)
		return STEP_CORRUPT;
	advance(s, sizeof(len) + len, out);
	return STEP_MORE;
}

const struct coder coders[] = {
	{ "gzip", "\037\213", 2, 1, gzip_begin, gzip_step, gzip_end },
	{ "xz", "\3757zXZ", 6, 1, xz_begin, xz_step, xz_end },
	{ "zstd", "\050\265\057\375", 4, 1, zstd_begin, zstd_step, zstd_end },
	{ "lz4", LZ4_MAGIC, 4, LZ4_BLOCK, lz4_begin, lz4_step, end_nothing },
	{ .name = NULL }
};
