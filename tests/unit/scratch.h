/* SPDX-License-Identifier: GPL-2.0-only */
/* A current directory for a test program's files, removed at the end. */
#ifndef TESTS_UNIT_SCRATCH_H
#define TESTS_UNIT_SCRATCH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* cmocka group fixtures */
int scratch_setup(void **state);
int scratch_teardown(void **state);

void scratch_write(const char *path, const void *data, size_t size);

/* The file's bytes, malloc()ed */
uint8_t *scratch_read(const char *path, size_t *size);

/* Number of files in @dir, but . and .. */
unsigned int scratch_count(const char *dir);

/* Exit status of @argv with stdout and stderr thrown away; 127: not there */
int scratch_run(const char * const argv[]);

#endif
