// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <fcntl.h>
#include <linux/fs.h>
#include <signal.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>

#include "fault.h"
#include "fault_wrap.h"

static struct {
	unsigned int after;
	unsigned int times;
	int error;
	unsigned int calls;
} faults[NR_FAULTS];

static size_t short_max = SIZE_MAX;
static unsigned int steps, signal_step;
static int signal_nr;

void fault_set(enum fault fault, unsigned int after, unsigned int times,
	       int error)
{
	faults[fault].after = after;
	faults[fault].times = times;
	faults[fault].error = error;
}

void fault_short(size_t max)
{
	short_max = max;
}

void fault_signal(unsigned int at, int sig)
{
	signal_step = steps + at;
	signal_nr = sig;
}

unsigned int fault_calls(enum fault fault)
{
	return faults[fault].calls;
}

unsigned int fault_steps(void)
{
	return steps;
}

void fault_clear(void)
{
	memset(faults, 0, sizeof(faults));
	short_max = SIZE_MAX;
	steps = 0;
	signal_nr = 0;
}

static void step(void)
{
	int saved_errno = errno;

	if (signal_nr && steps == signal_step)
		raise(signal_nr);
	steps++;
	errno = saved_errno;
}

static bool fails(enum fault fault)
{
	faults[fault].calls++;
	if (!faults[fault].times)
		return false;
	if (faults[fault].after) {
		faults[fault].after--;
		return false;
	}
	if (faults[fault].times != FAULT_ALWAYS)
		faults[fault].times--;
	errno = faults[fault].error;
	return true;
}

static size_t shorten(size_t size)
{
	return size < short_max ? size : short_max;
}

int __wrap_asprintf(char **str, const char *fmt, ...)
{
	va_list ap;
	int rc;

	if (fails(FAULT_ALLOC))
		return -1;
	va_start(ap, fmt);
	rc = vasprintf(str, fmt, ap);
	va_end(ap);
	return rc;
}

void *__wrap_malloc(size_t size)
{
	return fails(FAULT_ALLOC) ? NULL : __real_malloc(size);
}

void *__wrap_calloc(size_t nr, size_t size)
{
	return fails(FAULT_ALLOC) ? NULL : __real_calloc(nr, size);
}

void *__wrap_realloc(void *ptr, size_t size)
{
	return fails(FAULT_ALLOC) ? NULL : __real_realloc(ptr, size);
}

void *__wrap_reallocarray(void *ptr, size_t nr, size_t size)
{
	return fails(FAULT_ALLOC) ? NULL : __real_reallocarray(ptr, nr, size);
}

char *__wrap_strdup(const char *str)
{
	return fails(FAULT_ALLOC) ? NULL : __real_strdup(str);
}

char *__wrap_strndup(const char *str, size_t size)
{
	return fails(FAULT_ALLOC) ? NULL : __real_strndup(str, size);
}

/* A failed close() has closed the file all the same. */
int __wrap_close(int fd)
{
	int rc;

	step();
	rc = __real_close(fd);
	if (fails(FAULT_CLOSE))
		rc = -1;
	step();
	return rc;
}

ssize_t __wrap_copy_file_range(int in, off_t *in_off, int out, off_t *out_off,
			       size_t size, unsigned int flags)
{
	ssize_t n = -1;

	step();
	if (!fails(FAULT_COPY_FILE_RANGE))
		n = __real_copy_file_range(in, in_off, out, out_off,
					   shorten(size), flags);
	step();
	return n;
}

int __wrap_fstat(int fd, struct stat *st)
{
	return fails(FAULT_FSTAT) ? -1 : __real_fstat(fd, st);
}

int __wrap_ioctl(int fd, unsigned long request, ...)
{
	va_list ap;
	int arg, rc = -1;

	va_start(ap, request);
	arg = va_arg(ap, int);
	va_end(ap);
	step();
	if (request != FICLONE || !fails(FAULT_FICLONE))
		rc = __real_ioctl(fd, request, arg);
	step();
	return rc;
}

void *__wrap_mmap(void *addr, size_t size, int prot, int flags, int fd,
		  off_t offset)
{
	if (fails(FAULT_MMAP))
		return MAP_FAILED;
	return __real_mmap(addr, size, prot, flags, fd, offset);
}

int __wrap_open(const char *path, int flags, ...)
{
	mode_t mode = 0;
	va_list ap;
	int fd = -1;

	if (flags & O_CREAT) {
		va_start(ap, flags);
		mode = va_arg(ap, mode_t);
		va_end(ap);
	}
	step();
	if (!fails(FAULT_OPEN))
		fd = __real_open(path, flags, mode);
	step();
	return fd;
}

ssize_t __wrap_pwrite(int fd, const void *buf, size_t size, off_t offset)
{
	ssize_t n = -1;

	step();
	if (!fails(FAULT_PWRITE))
		n = __real_pwrite(fd, buf, shorten(size), offset);
	step();
	return n;
}

ssize_t __wrap_read(int fd, void *buf, size_t size)
{
	return fails(FAULT_READ) ? -1 : __real_read(fd, buf, shorten(size));
}

int __wrap_rename(const char *path, const char *new_path)
{
	int rc;

	step();
	rc = fails(FAULT_RENAME) ? -1 : __real_rename(path, new_path);
	step();
	return rc;
}

int __wrap_stat(const char *path, struct stat *st)
{
	return fails(FAULT_STAT) ? -1 : __real_stat(path, st);
}

int __wrap_unlink(const char *path)
{
	return fails(FAULT_UNLINK) ? -1 : __real_unlink(path);
}
