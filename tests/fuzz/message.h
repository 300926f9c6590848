/* SPDX-License-Identifier: GPL-2.0-only */
/* Included before the sources of the sub-commands, to check their messages. */
#ifndef TESTS_FUZZ_MESSAGE_H
#define TESTS_FUZZ_MESSAGE_H

#include <stdio.h>

int fuzz_fprintf(FILE *file, const char *fmt, ...)
	__attribute__((__format__(__printf__, 2, 3)));

#endif
