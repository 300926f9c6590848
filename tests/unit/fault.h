/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Failing system calls and allocations, by wrapping them at link time (see
 * wrapped in the Makefile). Only calls from btfstage and from the tests are
 * wrapped, none inside libraries.
 */
#ifndef TESTS_UNIT_FAULT_H
#define TESTS_UNIT_FAULT_H

#include <limits.h>
#include <stddef.h>

enum fault {
	FAULT_ALLOC,
	FAULT_CLOSE,
	FAULT_COPY_FILE_RANGE,
	FAULT_FICLONE,
	FAULT_FSTAT,
	FAULT_MMAP,
	FAULT_OPEN,
	FAULT_PWRITE,
	FAULT_READ,
	FAULT_RENAME,
	FAULT_STAT,
	FAULT_UNLINK,
	NR_FAULTS,
};

#define FAULT_ALWAYS	UINT_MAX

/* After @after more good calls, @times calls fail with @error. */
void fault_set(enum fault fault, unsigned int after, unsigned int times,
	       int error);

/* No read, write or copy transfers more than @max bytes at once. */
void fault_short(size_t max);

/* Raise @sig after @steps steps; each wrapped file call is two. */
void fault_signal(unsigned int steps, int sig);

/* Calls of this kind since the last fault_clear(). */
unsigned int fault_calls(enum fault fault);

/* Steps since the last fault_clear(). */
unsigned int fault_steps(void);

void fault_clear(void);

#endif
