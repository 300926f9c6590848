// SPDX-License-Identifier: GPL-2.0-only
#include <ctype.h>
#include <stdint.h>
#include <string.h>

#include "json_valid.h"

static const char *value(const char *s);

static const char *space(const char *s)
{
	return s + strspn(s, " \t\r\n");
}

/* The end of a character of UTF-8 with several bytes; NULL: invalid. */
static const char *wide(const char *s)
{
	static const uint32_t least[] = { 0, 0, 0x80, 0x800, 0x10000 };
	unsigned char c = *s;
	int len = c >= 0xf0 ? 4 : c >= 0xe0 ? 3 : 2, i;
	uint32_t code = c & (0x7f >> len);

	if (c < 0xc2 || c > 0xf4)
		return NULL;
	for (i = 1; i < len; i++) {
		if ((s[i] & 0xc0) != 0x80)
			return NULL;
		code = code << 6 | (s[i] & 0x3f);
	}
	if (code < least[len] || code > 0x10ffff ||
	    (code >= 0xd800 && code < 0xe000))
		return NULL;
	return s + len;
}

static const char *escape(const char *s)
{
	int i;

	if (*s != 'u')
		return *s && strchr("\"\\/bfnrt", *s) ? s + 1 : NULL;
	for (i = 1; i < 5; i++)
		if (!isxdigit((unsigned char)s[i]))
			return NULL;
	return s + 5;
}

static const char *string(const char *s)
{
	if (*s++ != '"')
		return NULL;
	while (s && *s != '"') {
		unsigned char c = *s;

		if (c < ' ' || c == 0x7f)
			return NULL;
		if (c == '\\')
			s = escape(s + 1);
		else
			s = c < 0x80 ? s + 1 : wide(s);
	}
	return s ? s + 1 : NULL;
}

/* Only whole numbers are ever printed. */
static const char *number(const char *s)
{
	s += *s == '-';
	if (!isdigit((unsigned char)*s) ||
	    (*s == '0' && isdigit((unsigned char)s[1])))
		return NULL;
	return s + strspn(s, "0123456789");
}

/* Elements or members up to @end. */
static const char *list(const char *s, char end)
{
	s = space(s + 1);
	if (*s == end)
		return s + 1;
	for (;;) {
		if (end == '}') {
			s = string(space(s));
			s = s ? space(s) : NULL;
			if (!s || *s++ != ':')
				return NULL;
		}
		s = value(s);
		if (!s)
			return NULL;
		if (*s == end)
			return s + 1;
		if (*s++ != ',')
			return NULL;
	}
}

/* A value with space around it: behind it, or NULL. */
static const char *value(const char *s)
{
	s = space(s);
	if (*s == '"')
		s = string(s);
	else if (*s == '{')
		s = list(s, '}');
	else if (*s == '[')
		s = list(s, ']');
	else if (!strncmp(s, "null", 4) || !strncmp(s, "true", 4))
		s += 4;
	else if (!strncmp(s, "false", 5))
		s += 5;
	else
		s = number(s);
	return s ? space(s) : NULL;
}

bool json_is_valid(const char *text)
{
	const char *end = value(text);

	return end && !*end;
}
