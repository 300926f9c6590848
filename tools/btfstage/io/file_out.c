// SPDX-License-Identifier: GPL-2.0-only
/*
 * The new file is written as .tmp_BASENAME beside the target, the name of kbuild's
 * $(tmp-target), and renamed over it. A killed process leaves that file behind.
 * The next one overwrites it, and "make clean" removes .tmp_*.
 *
 * The writer holds a lock on the file. So two builds in one directory do not
 * publish each other's partial file.
 */
#include <errno.h>
#include <fcntl.h>
#include <linux/fs.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "file_out.h"

/* Less than the most that one write() or copy_file_range() transfers. */
#define CHUNK_MAX	0x40000000U

/* Each attempt means one more process that writes the same file. */
#define MAX_ATTEMPTS	1000

static const char *base_name(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash ? slash + 1 : path;
}

/* Do not replace a device or a directory. */
static int check_target(const char *path, struct err *err)
{
	struct stat st;

	if (!base_name(path)[0])
		return err_set(err, path, "is not a file name");
	if (stat(path, &st)) {
		if (errno == ENOENT)
			return 0;
		return err_set(err, path, "cannot write:");
	}
	if (!S_ISREG(st.st_mode))
		return err_set(err, path,
			       "is not a regular file, will not replace it");
	return 0;
}

/* A process that waited for the lock may find the file renamed. */
static bool tmp_is_named(const struct file_out *f)
{
	struct stat st, named;

	return !fstat(f->fd, &st) && !lstat(f->tmp, &named) &&
	       st.st_dev == named.st_dev && st.st_ino == named.st_ino;
}

static int tmp_open(struct file_out *f, mode_t mode, struct err *err)
{
	mode_t mask = umask(0);
	int attempts = 0;

	umask(mask);
	mode &= 0777 & ~mask;
	do {
		if (f->fd >= 0)
			close(f->fd);
		f->fd = open(f->tmp, O_WRONLY | O_CREAT | O_CLOEXEC |
			     O_NOFOLLOW | O_NONBLOCK, mode);
		if (f->fd < 0 || attempts++ == MAX_ATTEMPTS)
			return err_set(err, f->path,
				       "cannot create a file beside it:");
		/* Without locks on this file system, go on. */
		flock(f->fd, LOCK_EX);
	} while (!tmp_is_named(f));

	f->lock = fcntl(f->fd, F_DUPFD_CLOEXEC, 0);
	if (ftruncate(f->fd, 0) || fchmod(f->fd, mode))
		return err_set(err, f->path, "cannot write:");
	return 0;
}

int file_out_create(struct file_out *f, const char *path, mode_t mode,
		    struct err *err)
{
	const char *base = base_name(path);

	*f = (struct file_out){ .path = path, .fd = -1, .lock = -1 };

	if (check_target(path, err))
		return -1;

	/* Get EFBIG, which can be reported, instead of a signal. */
	signal(SIGXFSZ, SIG_IGN);

	if (asprintf(&f->tmp, "%.*s.tmp_%s", (int)(base - path), path,
		     base) < 0) {
		f->tmp = NULL;
		return err_no_memory(err, path);
	}
	if (tmp_open(f, mode, err)) {
		file_out_discard(f);
		return -1;
	}
	return 0;
}

/*
 * Let the file system copy. Returns how far it got, or -1 for an error that write()
 * would hit too. The other errors mean "not for these two files"; which ones do
 * differs between kernel releases (EXDEV, EINVAL, ENOSYS, ...).
 */
static off_t copy_in_kernel(int fd, const struct file_in *in)
{
	loff_t from = 0, to = 0;

	if (!ioctl(fd, FICLONE, in->fd))
		return in->size;

	while ((size_t)to < in->size) {
		size_t left = in->size - to;
		ssize_t n;

		n = copy_file_range(in->fd, &from, fd, &to,
				    left < CHUNK_MAX ? left : CHUNK_MAX, 0);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0 && (errno == ENOSPC || errno == EDQUOT ||
			      errno == EFBIG || errno == EIO))
			return -1;
		if (n <= 0)
			break;
	}
	return to;
}

int file_out_copy(struct file_out *f, const struct file_in *in,
		  struct err *err)
{
	struct stat st;
	off_t done = 0;

	if (!in->size)
		return 0;

	/* A file that was read, not mapped, has no extents to share. */
	if (in->mapped) {
		done = copy_in_kernel(f->fd, in);
		if (done < 0)
			return err_set(err, f->path, "cannot write:");

		/* Beyond the end of a file, mapped bytes raise SIGBUS. */
		if (fstat(in->fd, &st))
			return err_set(err, in->path, "cannot stat:");
		if ((uintmax_t)st.st_size != in->size)
			return err_set(err, in->path,
				       "changed while it was copied");
	}

	if (file_out_write_at(f, in->data + done, in->size - done, done, err))
		return -1;

	if (fstat(f->fd, &st))
		return err_set(err, f->path, "cannot stat:");
	if ((uintmax_t)st.st_size != in->size)
		return err_set(err, in->path, "changed while it was copied");
	return 0;
}

int file_out_write_at(struct file_out *f, const void *data, size_t size,
		      uint64_t offset, struct err *err)
{
	const uint8_t *bytes = data;

	if (offset > INT64_MAX || size > INT64_MAX - offset) {
		errno = EFBIG;
		return err_set(err, f->path, "cannot write:");
	}

	while (size) {
		ssize_t n = pwrite(f->fd, bytes,
				   size < CHUNK_MAX ? size : CHUNK_MAX, offset);

		if (n < 0 && errno == EINTR)
			continue;
		if (n == 0)
			errno = EIO;
		if (n <= 0)
			return err_set(err, f->path, "cannot write:");
		bytes += n;
		offset += n;
		size -= n;
	}
	return 0;
}

int file_out_publish(struct file_out *f, struct err *err)
{
	int fd = f->fd;

	/* Network file systems report a full disk here. @f->lock stays. */
	f->fd = -1;
	if (close(fd))
		return err_set(err, f->path, "cannot write:");

	if (rename(f->tmp, f->path))
		return err_set(err, f->path, "cannot replace:");
	free(f->tmp);
	f->tmp = NULL;
	return 0;
}

void file_out_discard(struct file_out *f)
{
	if (f->tmp && f->lock >= 0)
		unlink(f->tmp);
	if (f->fd >= 0)
		close(f->fd);
	if (f->lock >= 0)
		close(f->lock);
	free(f->tmp);
	*f = (struct file_out){ .path = f->path, .fd = -1, .lock = -1 };
}

int file_out_write_file(const char *path, mode_t mode, const void *data,
			size_t size, struct err *err)
{
	struct file_out out;
	int ret = -1;

	if (file_out_create(&out, path, mode, err))
		return -1;
	if (!file_out_write_at(&out, data, size, 0, err))
		ret = file_out_publish(&out, err);
	file_out_discard(&out);
	return ret;
}
