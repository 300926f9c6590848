// SPDX-License-Identifier: GPL-2.0-only
#include <stdbool.h>
#include <stdint.h>

#include "text.h"

void line_put(FILE *f, const char *s)
{
	for (; *s; s++) {
		unsigned char c = *s;

		if (c == '\t')
			putc(' ', f);
		else
			putc(c < ' ' || c == 0x7f ? '?' : c, f);
	}
}

/*
 * The first character of @s, in UTF-8 (RFC 3629), and its length in bytes. A
 * byte that is not UTF-8 is the character of that number.
 */
static uint32_t utf8_get(const unsigned char *s, unsigned int *len)
{
	/* The least character of each length; overlong forms are invalid. */
	static const uint32_t least[] = { 0, 0, 0x80, 0x800, 0x10000 };
	unsigned int n = *s < 0xc0 ? 1 : *s < 0xe0 ? 2 : *s < 0xf0 ? 3 : 4, i;
	uint32_t c = *s & (0xff >> (n + 1));

	*len = 1;
	if (*s < 0x80 || n == 1 || *s > 0xf4)
		return *s;
	for (i = 1; i < n; i++) {
		if ((s[i] & 0xc0) != 0x80)
			return *s;
		c = c << 6 | (s[i] & 0x3f);
	}
	/* Surrogates, and numbers after U+10FFFF, are not characters. */
	if (c < least[n] || (c >= 0xd800 && c <= 0xdfff) || c > 0x10ffff)
		return *s;
	*len = n;
	return c;
}

/* Control characters, also those for the direction of text, and "<". */
static bool is_escaped(uint32_t c)
{
	return c < ' ' || (c >= 0x7f && c <= 0x9f) || c == '<' ||
	       (c >= 0x202a && c <= 0x202e) || (c >= 0x2066 && c <= 0x2069);
}

void json_string(FILE *f, const char *string)
{
	const unsigned char *s = (const unsigned char *)string;

	if (!string) {
		fputs("null", f);
		return;
	}
	putc('"', f);
	while (*s) {
		unsigned int len;
		uint32_t c = utf8_get(s, &len);

		if (is_escaped(c) || (len == 1 && c >= 0x80)) {
			fprintf(f, "\\u%04x", c);
		} else {
			if (c == '"' || c == '\\')
				putc('\\', f);
			fwrite(s, 1, len, f);
		}
		s += len;
	}
	putc('"', f);
}
