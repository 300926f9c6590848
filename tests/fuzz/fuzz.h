/* SPDX-License-Identifier: GPL-2.0-only */
/* Functions for the fuzz targets. */
#ifndef TESTS_FUZZ_FUZZ_H
#define TESTS_FUZZ_FUZZ_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "seeds.h"

/* The entry point of libFuzzer, and of replay.c. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Files without a name on disk, one for each input of a command. */
enum fuzz_slot {
	FUZZ_MODULE,
	FUZZ_TYPES,
	FUZZ_BASE,
	FUZZ_OUT,
	NR_FUZZ_SLOTS
};

/* Give the file these bytes; returns the path to open it by. */
const char *fuzz_file(enum fuzz_slot slot, const void *data, size_t size);
int fuzz_fd(enum fuzz_slot slot);

/* The file's bytes, malloc()ed. */
struct bytes fuzz_read(enum fuzz_slot slot);

/* Report a fault that no sanitizer detects. @wrong NULL: no fault. */
void fuzz_check(const char *wrong);

/* An error message: one line that starts with the name of a file. */
void fuzz_check_message(const char *msg);

#endif
