// SPDX-License-Identifier: GPL-2.0-only
#include <endian.h>
#include <lz4.h>
#include <lzma.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>
#include <zstd.h>

#include "pack.h"

static void must(int good, const char *what)
{
	if (!good) {
		fprintf(stderr, "pack: %s\n", what);
		abort();
	}
}

static size_t pack_gzip(const void *data, size_t size, uint8_t *to, size_t max)
{
	z_stream z = {
		.next_in = (Bytef *)data,
		.avail_in = size,
		.next_out = to,
		.avail_out = max,
	};

	must(deflateInit2(&z, 9, Z_DEFLATED, 16 + MAX_WBITS, 8,
			  Z_DEFAULT_STRATEGY) == Z_OK, "deflateInit2");
	must(deflate(&z, Z_FINISH) == Z_STREAM_END, "deflate");
	deflateEnd(&z);
	return max - z.avail_out;
}

static size_t pack_xz(const void *data, size_t size, uint8_t *to, size_t max)
{
	size_t at = 0;

	must(lzma_easy_buffer_encode(0, LZMA_CHECK_CRC32, NULL, data, size, to,
				     &at, max) == LZMA_OK, "lzma");
	return at;
}

static size_t pack_zstd(const void *data, size_t size, uint8_t *to, size_t max)
{
	ZSTD_CCtx *ctx = ZSTD_createCCtx();
	size_t ret;

	must(!!ctx, "ZSTD_createCCtx");
	ZSTD_CCtx_setParameter(ctx, ZSTD_c_checksumFlag, 1);
	ret = ZSTD_compress2(ctx, to, max, data, size);
	must(!ZSTD_isError(ret), "ZSTD_compress2");
	ZSTD_freeCCtx(ctx);
	return ret;
}

/* In blocks of 8 MiB, as "lz4 -l" */
static size_t pack_lz4(const void *data, size_t size, uint8_t *to, size_t max)
{
	const char *in = data;
	size_t at = 4, done = 0;
	uint32_t word = htole32(0x184c2102);

	memcpy(to, &word, sizeof(word));
	while (done < size) {
		size_t n = size - done < 8 << 20 ? size - done : 8 << 20;
		int len = LZ4_compress_default(in + done, (char *)to + at + 4,
					       n, max - at - 4);

		must(len > 0, "lz4");
		word = htole32(len);
		memcpy(to + at, &word, sizeof(word));
		at += 4 + len;
		done += n;
	}
	return at;
}

uint8_t *pack(const char *how, const void *data, size_t size, size_t room,
	      size_t *packed_size)
{
	size_t max = size + size / 8 + 4096;
	uint8_t *to = malloc(max + room);

	must(!!to, "malloc");
	if (!strcmp(how, "gzip"))
		*packed_size = pack_gzip(data, size, to, max);
	else if (!strcmp(how, "xz"))
		*packed_size = pack_xz(data, size, to, max);
	else if (!strcmp(how, "zstd"))
		*packed_size = pack_zstd(data, size, to, max);
	else if (!strcmp(how, "lz4"))
		*packed_size = pack_lz4(data, size, to, max);
	else
		memcpy(to, data, *packed_size = size);
	return to;
}
