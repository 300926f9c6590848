// SPDX-License-Identifier: GPL-2.0-only
/*
 * Nothing may be left behind by a writer that is killed, so the new file has
 * no name at all until it is complete (O_TMPFILE). It is then linked as
 * .tmp_BASENAME.NN beside the target and renamed over it: linkat() cannot
 * replace a file, rename() can. Where a file system has no O_TMPFILE, or
 * without /proc, the file is created under that temporary name at once. A
 * kernel tree's "make clean" removes .tmp_*.
 *
 * While a temporary name exists, a signal that ends the process first removes
 * it. Only SIGKILL can leave it behind. The next one that writes the same target
 * comes to the same name and removes the file, unless it is locked: then somebody
 * is at work on it, and the next number is taken. So there are never more of
 * these files than processes were at work on one target at once. The lock is
 * flock()'s, which ends with the process; where there is none, the file stays.
 */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/fs.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "file_out.h"

/* Some file systems have shorter names than NAME_MAX (eCryptfs: 143). */
#define TMP_BASE_MAX	100
#define TMP_ATTEMPTS	100

/* Below what read(), write() and their kin transfer at once. */
#define CHUNK_MAX	0x40000000U

/*
 * The temporary name to be removed by a signal, "" for none. There is one: the
 * program writes one file at a time. It changes only while the signals are
 * blocked, together with the file, so the handler never removes a file that
 * is not ours.
 */
static char litter[PATH_MAX];

static const int litter_signals[] = {
	SIGHUP, SIGINT, SIGQUIT, SIGPIPE, SIGTERM, 0
};

void file_out_on_signal(void)
{
	if (litter[0])
		unlink(litter);
}

static void litter_on_signal(int sig)
{
	file_out_on_signal();
	/* SA_RESETHAND: the default action follows when we return. */
	raise(sig);
}

static void litter_block(sigset_t *old)
{
	sigset_t set;
	size_t i;

	sigemptyset(&set);
	for (i = 0; litter_signals[i]; i++)
		sigaddset(&set, litter_signals[i]);
	sigprocmask(SIG_BLOCK, &set, old);
}

static void litter_unblock(const sigset_t *old)
{
	int saved_errno = errno;

	sigprocmask(SIG_SETMASK, old, NULL);
	errno = saved_errno;
}

/* A signal that is ignored (nohup) or that has a handler stays as it is. */
static void litter_watch(void)
{
	struct sigaction sa = {
		.sa_handler = litter_on_signal,
		.sa_flags = SA_RESETHAND,
	};
	struct sigaction old;
	size_t i;

	sigemptyset(&sa.sa_mask);
	for (i = 0; litter_signals[i]; i++) {
		if (sigaction(litter_signals[i], NULL, &old))
			continue;
		if (!(old.sa_flags & SA_SIGINFO) && old.sa_handler == SIG_DFL)
			sigaction(litter_signals[i], &sa, NULL);
	}
}

static const char *base_name(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash ? slash + 1 : path;
}

/* "a/b" -> "a", "/b" -> "/", "b" -> "." */
static char *dir_name(const char *path)
{
	const char *base = base_name(path);

	if (base == path)
		return strdup(".");
	if (base == path + 1)
		return strdup("/");
	return strndup(path, base - path - 1);
}

static char *tmp_name(const struct file_out *f, unsigned int number)
{
	char *name;

	if (asprintf(&name, "%s/.tmp_%.*s.%02u", f->dir, TMP_BASE_MAX,
		     base_name(f->path), number) < 0)
		return NULL;
	return name;
}

static void proc_name(char *buf, size_t size, int fd)
{
	snprintf(buf, size, "/proc/self/fd/%d", fd);
}

/* False: somebody else has it. Where files cannot be locked, nobody has. */
static bool tmp_lock(int fd)
{
	return !flock(fd, LOCK_EX | LOCK_NB) || errno != EWOULDBLOCK;
}

static int tmp_open(struct file_out *f, const char *path)
{
	struct stat st;

	f->fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	if (f->fd < 0)
		return -1;
	/* Was it taken for litter before it was locked? */
	if (tmp_lock(f->fd) && (fstat(f->fd, &st) || st.st_nlink))
		return 0;
	close(f->fd);
	f->fd = -1;
	errno = EEXIST;
	return -1;
}

/* Give the open file the name @path or, when there is none, create it. */
static int tmp_attach(struct file_out *f, const char *path)
{
	char proc[32];

	if (f->fd < 0)
		return tmp_open(f, path);
	tmp_lock(f->fd);
	proc_name(proc, sizeof(proc), f->fd);
	return linkat(AT_FDCWD, proc, AT_FDCWD, path, AT_SYMLINK_FOLLOW);
}

/*
 * Remove what a killed process left under this name. With the lock, and the name
 * still being that of the locked file, it is nobody's.
 */
static bool tmp_remove_litter(const char *path)
{
	struct stat st, named;
	bool removed = false;
	int fd;

	fd = open(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
	if (fd < 0)
		return false;
	if (!flock(fd, LOCK_EX | LOCK_NB) && !fstat(fd, &st) &&
	    S_ISREG(st.st_mode) && !lstat(path, &named) &&
	    st.st_dev == named.st_dev && st.st_ino == named.st_ino)
		removed = !unlink(path);
	close(fd);
	return removed;
}

static int tmp_create(struct file_out *f, struct err *err)
{
	unsigned int i;
	sigset_t old;
	int rc;

	litter_watch();
	for (i = 0; i < TMP_ATTEMPTS; i++) {
		f->tmp = tmp_name(f, i);
		if (!f->tmp)
			return err_set(err, f->path, "out of memory");

		litter_block(&old);
		rc = tmp_attach(f, f->tmp);
		if (rc && errno == EEXIST) {
			if (tmp_remove_litter(f->tmp))
				rc = tmp_attach(f, f->tmp);
			else
				errno = EEXIST;
		}
		if (!rc)
			snprintf(litter, sizeof(litter), "%s", f->tmp);
		litter_unblock(&old);
		if (!rc) {
			f->lock = fcntl(f->fd, F_DUPFD_CLOEXEC, 0);
			return 0;
		}

		free(f->tmp);
		f->tmp = NULL;
		if (errno != EEXIST)
			break;
	}
	return err_set(err, f->path, "cannot create a file beside it:");
}

/* The temporary name is gone: renamed, or @remove it. */
static void tmp_forget(struct file_out *f, bool remove)
{
	sigset_t old;

	litter_block(&old);
	if (remove)
		unlink(f->tmp);
	litter[0] = '\0';
	litter_unblock(&old);
	free(f->tmp);
	f->tmp = NULL;
}

static int open_unnamed(const char *dir)
{
	struct stat st, proc_st;
	char proc[32];
	int fd;

	fd = open(dir, O_WRONLY | O_TMPFILE | O_CLOEXEC, 0600);
	if (fd < 0)
		return -1;

	/* Can it be given a name later? */
	proc_name(proc, sizeof(proc), fd);
	if (fstat(fd, &st) || stat(proc, &proc_st) ||
	    st.st_dev != proc_st.st_dev || st.st_ino != proc_st.st_ino) {
		close(fd);
		return -1;
	}
	return fd;
}

/* A device or a directory that was there must not be renamed over. */
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

int file_out_create(struct file_out *f, const char *path, struct err *err)
{
	*f = (struct file_out){ .path = path, .fd = -1, .lock = -1 };

	if (check_target(path, err))
		return -1;

	/* A limit on file sizes is to give EFBIG, which we can report. */
	signal(SIGXFSZ, SIG_IGN);

	f->dir = dir_name(path);
	if (!f->dir)
		return err_set(err, path, "out of memory");

	f->fd = open_unnamed(f->dir);
	if (f->fd < 0 && tmp_create(f, err))
		goto out_free_dir;
	return 0;

out_free_dir:
	free(f->dir);
	f->dir = NULL;
	return -1;
}

/*
 * Let the file system copy: how far it got, -1 for an error that writing the
 * bytes ourselves would meet again. Which other errors mean "not for these two
 * files" differs between kernel releases (EXDEV, EINVAL, ENOSYS, ...).
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

	/* What had to be read, or made, has no extents to share. */
	if (in->mapped && in->fd >= 0) {
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

	if (f->written && ranges_add(f->written, offset, size))
		return err_set(err, f->path, "out of memory");

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

int file_out_set_mtime(struct file_out *f, const struct timespec *mtime,
		       struct err *err)
{
	const struct timespec times[2] = { { .tv_nsec = UTIME_OMIT }, *mtime };

	if (futimens(f->fd, times))
		return err_set(err, f->path, "cannot set the time:");
	return 0;
}

int file_out_publish(struct file_out *f, mode_t mode, struct err *err)
{
	int fd;

	if (fchmod(f->fd, mode & 07777))
		return err_set(err, f->path, "cannot set the mode:");

	if (!f->tmp && tmp_create(f, err))
		return -1;

	/* Network file systems tell of a full disk here. */
	fd = f->fd;
	f->fd = -1;
	if (close(fd))
		return err_set(err, f->path, "cannot write:");

	if (rename(f->tmp, f->path))
		return err_set(err, f->path, "cannot replace:");
	tmp_forget(f, false);
	return 0;
}

void file_out_discard(struct file_out *f)
{
	if (f->fd >= 0)
		close(f->fd);
	if (f->tmp)
		tmp_forget(f, true);
	if (f->lock >= 0)
		close(f->lock);
	free(f->dir);
	f->dir = NULL;
	f->fd = -1;
	f->lock = -1;
}
