/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Hashing. The values go into the base file, so that changing a function here
 * means changing BASE_VERSION. They only ever narrow a search: whatever a hash
 * says, equality is decided by looking at the things themselves.
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

static inline uint64_t hash_bytes(const char *s, size_t len)
{
	uint64_t h = len, word;

	for (; len >= sizeof(word); s += sizeof(word), len -= sizeof(word)) {
		memcpy(&word, s, sizeof(word));
		h = hash_mix(h, word);
	}
	if (len) {
		word = 0;
		memcpy(&word, s, len);
		h = hash_mix(h, word);
	}
	return hash_mix(h, 0);
}

static inline uint64_t hash_str(const char *s)
{
	return hash_bytes(s, strlen(s));
}

#endif
