// SPDX-License-Identifier: GPL-2.0-only
#include "json.h"
#include "utf8.h"

void json_string(FILE *f, const char *string)
{
	const unsigned char *s = (const unsigned char *)string;

	if (!string) {
		fputs("null", f);
		return;
	}
	putc('"', f);
	while (*s) {
		unsigned int len = utf8_len(s);

		if (*s == '"' || *s == '\\') {
			putc('\\', f);
			putc(*s, f);
		} else if (!len || *s < ' ' || *s == 0x7f) {
			fprintf(f, "\\u%04x", *s);
			len = 1;
		} else {
			fwrite(s, 1, len, f);
		}
		s += len;
	}
	putc('"', f);
}
