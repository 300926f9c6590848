/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Damaged files, by number: truncated at every length, every byte set to other
 * values, every word of 16, 32 and 64 bits set to values that are critical for
 * counts, offsets and sizes, and section headers copied over others.
 */
#ifndef TESTS_HOSTILE_MUTATE_H
#define TESTS_HOSTILE_MUTATE_H

#include <stdbool.h>
#include <stdint.h>

#include "seeds.h"

enum mutations {
	MUTATE_BYTES,		/* every length, and some values of each byte */
	MUTATE_CHOICE,		/* words at their alignment, and headers, too */
	MUTATE_ALL,		/* each value of each byte, words at any offset */
};

/*
 * Number @nr of what can be done to @orig, into @out, which has room for as
 * many bytes. @what says what was done, in at most 80 bytes. False: there are
 * no more.
 */
bool mutate(struct bytes orig, uint64_t nr, enum mutations mutations,
	    struct bytes *out, char *what);

#endif
