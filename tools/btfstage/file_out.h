/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Writing: a new file that appears under its name complete or not at all.
 *
 *	file_out_create()	nothing is visible yet
 *	file_out_copy(), file_out_write_at()
 *	file_out_set_mtime()	if it is not to be new
 *	file_out_publish()	rename: the name now means the new file
 *	file_out_discard()	in every case, last: no litter after a failure
 *
 * One file at a time. From file_out_create() on, the process ignores SIGXFSZ,
 * and signals that end it may first remove the temporary file.
 */
#ifndef BTFSTAGE_FILE_OUT_H
#define BTFSTAGE_FILE_OUT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "err.h"
#include "file_in.h"
#include "ranges.h"

struct file_out {
	const char *path;	/* the caller's, must outlive this */
	char *dir;		/* directory of @path, "." included */
	char *tmp;		/* temporary name, NULL while it has none */
	int fd;
	int lock;		/* keeps @tmp locked until it is renamed */
	struct ranges *written;	/* file_out_write_at() notes where; NULL: not */
};

int __must_check file_out_create(struct file_out *f, const char *path,
				 struct err *err);

/* Make the file's contents those of @in: shared extents where possible. */
int __must_check file_out_copy(struct file_out *f, const struct file_in *in,
			       struct err *err);

int __must_check file_out_write_at(struct file_out *f, const void *data,
				   size_t size, uint64_t offset,
				   struct err *err);

/* Nothing can be written after this. */
int __must_check file_out_set_mtime(struct file_out *f,
				    const struct timespec *mtime,
				    struct err *err);

/* Set @mode (permission bits), close, rename over @path. */
int __must_check file_out_publish(struct file_out *f, mode_t mode,
				  struct err *err);
void file_out_discard(struct file_out *f);

/*
 * Remove the temporary file, if there is one. For a handler of a signal after
 * which nothing else is done.
 */
void file_out_on_signal(void);

#endif
