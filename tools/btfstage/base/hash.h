/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Hashing. The values are part of the base file: raise BASE_VERSION when you change
 * a function here. A hash only narrows a search. Equality is always decided by
 * comparing the types and strings themselves.
 */
#ifndef BTFSTAGE_HASH_H
#define BTFSTAGE_HASH_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

static inline uint64_t hash_mix(uint64_t h, uint64_t v)
{
	h = (h ^ v) * 0x9e3779b97f4a7c15ull;
	return h ^ (h >> 29);
}

/* Names have no common length: the last word read overlaps the one before it. */
static inline uint64_t hash_bytes(const char *s, size_t len)
{
	const uint8_t *bytes = (const uint8_t *)s;
	uint64_t h = len, word = 0;
	uint32_t low, high;

	if (len >= 8) {
		for (; len > 8; s += 8, len -= 8) {
			memcpy(&word, s, 8);
			h = hash_mix(h, word);
		}
		memcpy(&word, s + len - 8, 8);
	} else if (len >= 4) {
		memcpy(&low, s, 4);
		memcpy(&high, s + len - 4, 4);
		word = (uint64_t)high << 32 | low;
	} else if (len) {
		word = bytes[0] | bytes[len / 2] << 8 | bytes[len - 1] << 16;
	}
	return hash_mix(hash_mix(h, word), 0);
}

static inline uint64_t hash_str(const char *s)
{
	return hash_bytes(s, strlen(s));
}

#endif
