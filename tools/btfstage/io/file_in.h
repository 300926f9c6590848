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
 * Map @path read-only. Where the file system has no mmap (sysfs before 6.16),
 * and when many files are mapped, it is read into memory instead. Only regular
 * files are accepted: a FIFO or a device would make a build hang. @f is valid
 * only on success (0).
 */
int __must_check file_in_open(struct file_in *f, const char *path,
			      struct err *err);
void file_in_close(struct file_in *f);

/*
 * The path of the file that is mapped at @addr, NULL when none is. For a handler
 * of SIGBUS: what lies behind the end of a file that was cut short raises that.
 */
const char *file_in_mapped_at(const void *addr);

/* The @size bytes at @offset; NULL when they do not all lie in the file. */
const uint8_t *file_in_bytes(const struct file_in *f, uint64_t offset,
			     uint64_t size);

#endif
