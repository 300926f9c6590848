/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef TESTS_HOSTILE_JSON_VALID_H
#define TESTS_HOSTILE_JSON_VALID_H

#include <stdbool.h>

/* One JSON value and nothing else (RFC 8259), in UTF-8 without control bytes. */
bool json_is_valid(const char *text);

#endif
