/* SPDX-License-Identifier: GPL-2.0-only */
/* Compression, with the libraries of btfinspect. */
#ifndef TESTS_UNIT_PACK_H
#define TESTS_UNIT_PACK_H

#include <stddef.h>
#include <stdint.h>

/*
 * Pack @data with "gzip", "xz", "zstd" or "lz4", or leave it as it is for "": malloc()ed,
 * with @room bytes more at the end.
 */
uint8_t *pack(const char *how, const void *data, size_t size, size_t room,
	      size_t *packed_size);

#endif
