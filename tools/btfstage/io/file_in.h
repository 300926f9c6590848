/* SPDX-License-Identifier: GPL-2.0-only */
/* Reading: a whole input file as bytes in memory. */
#ifndef BTFSTAGE_FILE_IN_H
#define BTFSTAGE_FILE_IN_H

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "err.h"

struct file_in {
	const char *path;	/* the caller's, must outlive this */
	int fd;
	mode_t mode;		/* permission bits only */
	const uint8_t *data;	/* @size bytes, NULL when empty */
	size_t size;
	size_t mapped;		/* bytes mapped at @data, 0: malloc()ed */
};

/*
 * Map @path read-only. Read it into memory if the file system has no mmap (sysfs
 * before 6.16), or if many files are mapped. Only regular files are accepted: a
 * FIFO or a device would hang the build. @f is valid only on success (0).
 */
int __must_check file_in_open(struct file_in *f, const char *path,
			      struct err *err);
void file_in_close(struct file_in *f);

/*
 * The path of the file mapped at @addr, or NULL. For the SIGBUS handler: access
 * beyond the end of a truncated file raises SIGBUS.
 */
const char *file_in_mapped_at(const void *addr);

/* The @size bytes at @offset; NULL if any of them is outside the file. */
const uint8_t *file_in_bytes(const struct file_in *f, uint64_t offset,
			     uint64_t size);

#endif
