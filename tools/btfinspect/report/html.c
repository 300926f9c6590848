// SPDX-License-Identifier: GPL-2.0-only
#include <stdbool.h>

#include "../text/utf8.h"
#include "html.h"

/* U+0080 to U+009F; U+202A to U+202E, U+2066 to U+2069, which turn directions */
static bool is_control(const unsigned char *s)
{
	if (s[0] == 0xc2)
		return s[1] < 0xa0;
	if (s[0] != 0xe2)
		return false;
	return (s[1] == 0x80 && s[2] >= 0xaa && s[2] <= 0xae) ||
	       (s[1] == 0x81 && s[2] >= 0xa6 && s[2] <= 0xa9);
}

void html_put(FILE *f, const char *string)
{
	const unsigned char *s = (const unsigned char *)string;

	while (*s) {
		unsigned int len = utf8_len(s);

		if (!len || is_control(s)) {
			fputs("&#xfffd;", f);
			len = len ? len : 1;
		} else if (*s < ' ') {
			fprintf(f, "&#x%x;", 0x2400 + *s);
		} else if (*s == 0x7f) {
			fputs("&#x2421;", f);
		} else if (*s == '&' || *s == '<' || *s == '>' || *s == '"' ||
			   *s == '\'') {
			fprintf(f, "&#x%x;", *s);
		} else {
			fwrite(s, 1, len, f);
		}
		s += len;
	}
}

void html_name(FILE *f, const char *s)
{
	fputs("<bdi>", f);
	html_put(f, s);
	fputs("</bdi>", f);
}
