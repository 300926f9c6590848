/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Writing: a new file that appears under its name complete or not at all.
 *
 *	file_out_create()	a temporary file beside the target
 *	file_out_copy(), file_out_write_at()
 *	file_out_publish()	rename: the name now means the new file
 *	file_out_discard()	always last: removes the temporary file on failure
 *
 * From file_out_create() on, the process ignores SIGXFSZ.
 */
#ifndef BTFSTAGE_FILE_OUT_H
#define BTFSTAGE_FILE_OUT_H

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "err.h"
#include "file_in.h"

struct file_out {
	const char *path;	/* the caller's, must outlive this */
	char *tmp;		/* temporary name, NULL after the rename */
	int fd;
	int lock;		/* keeps @tmp locked until it is renamed */
};

/* The file's mode is @mode less the umask. */
int __must_check file_out_create(struct file_out *f, const char *path,
				 mode_t mode, struct err *err);

/* Make the file's contents those of @in: shared extents where possible. */
int __must_check file_out_copy(struct file_out *f, const struct file_in *in,
			       struct err *err);

int __must_check file_out_write_at(struct file_out *f, const void *data,
				   size_t size, uint64_t offset,
				   struct err *err);

/* Close, and rename over @path. */
int __must_check file_out_publish(struct file_out *f, struct err *err);
void file_out_discard(struct file_out *f);

/* All of the above: @path becomes a file of these @size bytes. */
int __must_check file_out_write_file(const char *path, mode_t mode,
				     const void *data, size_t size,
				     struct err *err);

#endif
