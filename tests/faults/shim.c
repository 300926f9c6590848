// SPDX-License-Identifier: GPL-2.0-only
/*
 * Inject faults into a program: LD_PRELOAD this.
 *
 *	FAULT_CALL	group of calls, see groups[]
 *	FAULT_NR	which of them in this process: 1 is the first
 *	FAULT_ERROR	number for errno, 0 (default): the group's own
 *	FAULT_DO	fail (default); short: do half of it; before, after: end
 *			by SIGKILL before or after it; cut: map a file, and then
 *			make it an empty one
 *	FAULT_HIT	a file that is made when it has come to that
 *	FAULT_ALWAYS	groups that always fail, uncounted
 *
 * All calls through the dynamic linker are seen, those of libelf and, but for
 * allocations, none that the C library makes itself.
 */
#include <dirent.h>
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/types.h>
#include <unistd.h>

enum group {
	ALLOC, OPEN, READ, WRITE, CLONE, COPY, SYNC, TRUNCATE, MAP,
	RENAME, CLOSE, STAT, CHMOD, LOCK, UNLINK, FORK, NR_GROUPS
};

static const struct {
	const char *name;
	int error;
} groups[NR_GROUPS] = {
	[ALLOC] = { "alloc", ENOMEM },
	[OPEN] = { "open", EMFILE },
	[READ] = { "read", EIO },
	[WRITE] = { "write", ENOSPC },
	[CLONE] = { "clone", EOPNOTSUPP },
	[COPY] = { "copy", EXDEV },
	[SYNC] = { "sync", EIO },
	[TRUNCATE] = { "truncate", ENOSPC },
	[MAP] = { "map", ENODEV },
	[RENAME] = { "rename", EIO },
	[CLOSE] = { "close", ENOSPC },
	[STAT] = { "stat", EIO },
	[CHMOD] = { "chmod", EPERM },
	[LOCK] = { "lock", ENOLCK },
	[UNLINK] = { "unlink", EIO },
	[FORK] = { "fork", EAGAIN },
};

static struct {
	bool ready;
	int group;		/* NR_GROUPS: none */
	unsigned long nr;
	int error;
	char action;		/* first letter of FAULT_DO */
	const char *hit;
	bool always[NR_GROUPS];
} fault;

static void set_up(void)
{
	const char *s = getenv("FAULT_ALWAYS") ?: "";
	int i;

	fault.ready = true;
	for (i = 0; i < NR_GROUPS; i++)
		fault.always[i] = strstr(s, groups[i].name);
	s = getenv("FAULT_CALL");
	for (fault.group = 0; fault.group < NR_GROUPS; fault.group++)
		if (s && !strcmp(s, groups[fault.group].name))
			break;
	s = getenv("FAULT_NR");
	fault.nr = s ? strtoul(s, NULL, 10) : 0;
	s = getenv("FAULT_ERROR");
	fault.error = s ? atoi(s) : 0;
	s = getenv("FAULT_DO");
	fault.action = s ? *s : 'f';
	fault.hit = getenv("FAULT_HIT");
}

static void die(void)
{
	syscall(SYS_kill, getpid(), SIGKILL);
}

/* Is this the one? Counts the calls. */
static bool is_hit(enum group group)
{
	static unsigned long calls[NR_GROUPS];
	int fd;

	if (!fault.ready)
		set_up();
	if ((int)group != fault.group || ++calls[group] != fault.nr)
		return false;
	if (fault.hit) {
		fd = syscall(SYS_openat, AT_FDCWD, fault.hit,
			     O_CREAT | O_WRONLY, 0644);
		syscall(SYS_close, fd);
	}
	return true;
}

/* True when the call is to fail, with errno set. */
static bool fails(enum group group, bool *kill_after)
{
	*kill_after = false;
	if (!fault.ready)
		set_up();
	if (fault.always[group]) {
		errno = groups[group].error;
		return true;
	}
	/* Counted where it is done, see half() and cut(). */
	if (fault.action == 's' || fault.action == 'c' || !is_hit(group))
		return false;
	switch (fault.action) {
	case 'b':
		die();
		return false;
	case 'a':
		*kill_after = true;
		return false;
	default:
		errno = fault.error ?: groups[group].error;
		return true;
	}
}

#define REAL(name) ({							\
	static __typeof__(name) *real;					\
									\
	if (!real)							\
		real = (__typeof__(name) *)dlsym(RTLD_NEXT, #name);	\
	real;								\
})

/* Do it unless it is to fail, and end afterwards if that is asked for. */
#define CALL(group, failed, call) ({					\
	__typeof__(call) rc = failed;					\
	bool kill_after;						\
									\
	if (!fails(group, &kill_after)) {				\
		rc = call;						\
		if (kill_after)						\
			die();						\
	}								\
	rc;								\
})

/* Half of it when this is the one, and that is asked for. */
static size_t half(enum group group, size_t size)
{
	if (!fault.ready)
		set_up();
	if (fault.action == 's' && size > 1 && is_hit(group))
		return size / 2;
	return size;
}

/* dlsym() itself allocates: these go to the C library by name. */
void *__libc_malloc(size_t size);
void *__libc_calloc(size_t nr, size_t size);
void *__libc_realloc(void *ptr, size_t size);

void *malloc(size_t size)
{
	return CALL(ALLOC, NULL, __libc_malloc(size));
}

void *calloc(size_t nr, size_t size)
{
	return CALL(ALLOC, NULL, __libc_calloc(nr, size));
}

void *realloc(void *ptr, size_t size)
{
	return CALL(ALLOC, NULL, __libc_realloc(ptr, size));
}

void *reallocarray(void *ptr, size_t nr, size_t size)
{
	if (size && nr > SIZE_MAX / size) {
		errno = ENOMEM;
		return NULL;
	}
	return CALL(ALLOC, NULL, __libc_realloc(ptr, nr * size));
}

static int do_open(int dir, const char *path, int flags, mode_t mode)
{
	return CALL(OPEN, -1, (int)syscall(SYS_openat, dir, path, flags, mode));
}

#define OPEN_MODE(flags) ({						\
	mode_t mode = 0;						\
	va_list ap;							\
									\
	if ((flags) & O_CREAT || ((flags) & O_TMPFILE) == O_TMPFILE) {	\
		va_start(ap, flags);					\
		mode = va_arg(ap, mode_t);				\
		va_end(ap);						\
	}								\
	mode;								\
})

int open(const char *path, int flags, ...)
{
	return do_open(AT_FDCWD, path, flags, OPEN_MODE(flags));
}

int open64(const char *path, int flags, ...)
{
	return do_open(AT_FDCWD, path, flags, OPEN_MODE(flags));
}

int openat(int dir, const char *path, int flags, ...)
{
	return do_open(dir, path, flags, OPEN_MODE(flags));
}

int openat64(int dir, const char *path, int flags, ...)
{
	return do_open(dir, path, flags, OPEN_MODE(flags));
}

FILE *fopen(const char *path, const char *mode)
{
	return CALL(OPEN, NULL, REAL(fopen)(path, mode));
}

FILE *fopen64(const char *path, const char *mode)
{
	return CALL(OPEN, NULL, REAL(fopen64)(path, mode));
}

DIR *opendir(const char *path)
{
	return CALL(OPEN, NULL, REAL(opendir)(path));
}

struct dirent *readdir(DIR *dir)
{
	return CALL(READ, NULL, REAL(readdir)(dir));
}

struct dirent64 *readdir64(DIR *dir)
{
	return CALL(READ, NULL, REAL(readdir64)(dir));
}

ssize_t read(int fd, void *buf, size_t size)
{
	size = half(READ, size);
	return CALL(READ, -1, REAL(read)(fd, buf, size));
}

ssize_t pread(int fd, void *buf, size_t size, off_t off)
{
	return CALL(READ, -1, REAL(pread)(fd, buf, size, off));
}

ssize_t pread64(int fd, void *buf, size_t size, off64_t off)
{
	return CALL(READ, -1, REAL(pread64)(fd, buf, size, off));
}

ssize_t write(int fd, const void *buf, size_t size)
{
	size = half(WRITE, size);
	return CALL(WRITE, -1, REAL(write)(fd, buf, size));
}

ssize_t pwrite(int fd, const void *buf, size_t size, off_t off)
{
	size = half(WRITE, size);
	return CALL(WRITE, -1, REAL(pwrite)(fd, buf, size, off));
}

ssize_t pwrite64(int fd, const void *buf, size_t size, off64_t off)
{
	size = half(WRITE, size);
	return CALL(WRITE, -1, REAL(pwrite64)(fd, buf, size, off));
}

int ioctl(int fd, unsigned long request, ...)
{
	va_list ap;
	void *arg;

	va_start(ap, request);
	arg = va_arg(ap, void *);
	va_end(ap);
	return CALL(CLONE, -1, REAL(ioctl)(fd, request, arg));
}

ssize_t copy_file_range(int in, off64_t *in_off, int out, off64_t *out_off,
			size_t size, unsigned int flags)
{
	size = half(COPY, size);
	return CALL(COPY, -1, REAL(copy_file_range)(in, in_off, out, out_off,
						    size, flags));
}

int fsync(int fd)
{
	return CALL(SYNC, -1, REAL(fsync)(fd));
}

int fdatasync(int fd)
{
	return CALL(SYNC, -1, REAL(fdatasync)(fd));
}

int ftruncate(int fd, off_t size)
{
	return CALL(TRUNCATE, -1, REAL(ftruncate)(fd, size));
}

int ftruncate64(int fd, off64_t size)
{
	return CALL(TRUNCATE, -1, REAL(ftruncate64)(fd, size));
}

static void *cut(void *map, int fd)
{
	char path[32];

	if (map == MAP_FAILED || fd < 0 || fault.action != 'c' ||
	    fault.group != MAP || !is_hit(MAP))
		return map;
	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	syscall(SYS_close, syscall(SYS_openat, AT_FDCWD, path,
				   O_WRONLY | O_TRUNC));
	return map;
}

void *mmap(void *addr, size_t size, int prot, int flags, int fd, off_t off)
{
	return cut(CALL(MAP, MAP_FAILED,
			REAL(mmap)(addr, size, prot, flags, fd, off)), fd);
}

void *mmap64(void *addr, size_t size, int prot, int flags, int fd,
	     off64_t off)
{
	return cut(CALL(MAP, MAP_FAILED,
			REAL(mmap64)(addr, size, prot, flags, fd, off)), fd);
}

int mprotect(void *addr, size_t size, int prot)
{
	return CALL(MAP, -1, REAL(mprotect)(addr, size, prot));
}

int rename(const char *path, const char *new_path)
{
	return CALL(RENAME, -1, REAL(rename)(path, new_path));
}

int renameat(int dir, const char *path, int new_dir, const char *new_path)
{
	return CALL(RENAME, -1, REAL(renameat)(dir, path, new_dir, new_path));
}

/* After a failure, the file is closed, too. */
int close(int fd)
{
	bool kill_after, failed = fails(CLOSE, &kill_after);
	int error = errno, rc = syscall(SYS_close, fd);

	if (kill_after)
		die();
	if (failed) {
		errno = error;
		rc = -1;
	}
	return rc;
}

int stat(const char *path, struct stat *st)
{
	return CALL(STAT, -1, REAL(stat)(path, st));
}

int stat64(const char *path, struct stat64 *st)
{
	return CALL(STAT, -1, REAL(stat64)(path, st));
}

int fstat(int fd, struct stat *st)
{
	return CALL(STAT, -1, REAL(fstat)(fd, st));
}

int fstat64(int fd, struct stat64 *st)
{
	return CALL(STAT, -1, REAL(fstat64)(fd, st));
}

int lstat(const char *path, struct stat *st)
{
	return CALL(STAT, -1, REAL(lstat)(path, st));
}

int lstat64(const char *path, struct stat64 *st)
{
	return CALL(STAT, -1, REAL(lstat64)(path, st));
}

int access(const char *path, int mode)
{
	return CALL(STAT, -1, REAL(access)(path, mode));
}

int futimens(int fd, const struct timespec times[2])
{
	return CALL(CHMOD, -1, REAL(futimens)(fd, times));
}

int pipe(int fds[2])
{
	return CALL(FORK, -1, REAL(pipe)(fds));
}

pid_t fork(void)
{
	return CALL(FORK, -1, REAL(fork)());
}

int fchmod(int fd, mode_t mode)
{
	return CALL(CHMOD, -1, REAL(fchmod)(fd, mode));
}

int flock(int fd, int operation);

int flock(int fd, int operation)
{
	return CALL(LOCK, -1, REAL(flock)(fd, operation));
}

int unlink(const char *path)
{
	return CALL(UNLINK, -1, REAL(unlink)(path));
}
