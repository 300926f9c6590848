/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef BTFSTAGE_UTF8_H
#define BTFSTAGE_UTF8_H

/* Length of the UTF-8 sequence that @s starts with, 0: it is none (RFC 3629). */
unsigned int utf8_len(const unsigned char *s);

#endif
