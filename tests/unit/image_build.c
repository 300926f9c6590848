// SPDX-License-Identifier: GPL-2.0-only
#include <endian.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "image_build.h"
#include "pack.h"

static void put32(uint8_t *to, uint32_t value)
{
	value = htole32(value);
	memcpy(to, &value, sizeof(value));
}

static uint8_t *zeros(size_t size)
{
	uint8_t *data = calloc(1, size);

	if (!data)
		abort();
	return data;
}

uint8_t *image_payload(const char *how, const void *data, size_t size,
		       size_t *packed_size)
{
	uint8_t *to = pack(how, data, size, 4, packed_size);

	/* The format of gzip has it. */
	if (strcmp(how, "gzip")) {
		put32(to + *packed_size, size);
		*packed_size += 4;
	}
	return to;
}

uint8_t *image_bzimage(uint8_t *payload, size_t size, const char *release,
		       size_t *image_size)
{
	/* One sector of setup, then code that unpacks */
	size_t code = 77, at = 2 * 512 + code;
	uint8_t *to = zeros(at + size + 100);

	to[0x1f1] = 1;
	memcpy(to + 0x1fe, "\x55\xaa" "\xeb\x66" "HdrS\x0f\x02", 10);
	put32(to + 0x248, code);
	put32(to + 0x24c, size);
	if (release) {
		to[0x20e] = 0x80;
		to[0x20f] = 0;
		sprintf((char *)to + 0x280, "%s (me@here) #1 SMP", release);
	}
	memcpy(to + at, payload, size);
	free(payload);
	*image_size = at + size + 100;
	return to;
}

uint8_t *image_zboot(uint8_t *payload, size_t size, size_t *image_size)
{
	size_t at = 4096;
	uint8_t *to = zeros(at + size + 100);

	memcpy(to, "MZ\0\0zimg", 8);
	put32(to + 8, at);
	/* Data after it is not part of it. */
	put32(to + 12, size);
	memcpy(to + 24, "what", 5);
	memcpy(to + at, payload, size);
	free(payload);
	*image_size = at + size + 100;
	return to;
}

uint8_t *image_raw(const void *btf, size_t size, const char *release,
		   size_t *image_size)
{
	size_t at = 1001;
	uint8_t *to = zeros(at + size + 500);

	memcpy(to, "MZ", 2);
	memcpy(to + 56, "ARM\x64", 4);
	/* As in the code that looks for BTF */
	memcpy(to + 100, "\x9f\xeb\1\0" "\x9f\xeb\1\0", 8);
	memcpy(to + at, btf, size);
	sprintf((char *)to + at + size + 3, "Linux version %s (me@here)",
		release);
	*image_size = at + size + 500;
	return to;
}
