// SPDX-License-Identifier: GPL-2.0-only
#include "line.h"

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
