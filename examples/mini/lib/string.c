// SPDX-License-Identifier: GPL-2.0-only
#include <mini/mm.h>

void *memcpy(void *restrict to, const void *restrict from, size_t n)
{
	const char *s = from;
	volatile char *d = to;

	while (n--)
		*d++ = *s++;
	return to;
}

void *memset(void *s, int c, size_t n)
{
	volatile char *d = s;

	while (n--)
		*d++ = c;
	return s;
}
