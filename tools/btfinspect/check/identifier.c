// SPDX-License-Identifier: GPL-2.0-only
/*
 * The kernel's isalpha() and isprint() (lib/ctype.c) are those of Latin-1,
 * whatever the locale: a byte of 0xe9 is a letter there.
 */
#include <string.h>

#include "identifier.h"

/* KSYM_NAME_LEN; the terminating NUL is not counted here. */
#define MAX_NAME	512

static bool is_letter(unsigned char c)
{
	return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') ||
	       (c >= 0xc0 && c != 0xd7 && c != 0xf7);
}

static bool is_printable(unsigned char c)
{
	return (c >= ' ' && c < 0x7f) || c >= 0xa0;
}

bool identifier_valid(const char *name)
{
	const char *s;

	for (s = name; *s; s++) {
		if (s - name >= MAX_NAME)
			return false;
		if (is_letter(*s) || *s == '_' || *s == '.')
			continue;
		if (s == name || *s < '0' || *s > '9')
			return false;
	}
	return s != name;
}

bool identifier_printable(const char *name)
{
	const char *s;

	for (s = name; *s; s++) {
		if (s - name >= MAX_NAME || !is_printable(*s))
			return false;
	}
	return s != name;
}
