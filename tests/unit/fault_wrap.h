/* SPDX-License-Identifier: GPL-2.0-only */
/* The names that the linker's --wrap uses. */
#ifndef TESTS_UNIT_FAULT_WRAP_H
#define TESTS_UNIT_FAULT_WRAP_H

#include <stddef.h>
#include <sys/stat.h>
#include <sys/types.h>

int __real_asprintf(char **str, const char *fmt, ...);
int __wrap_asprintf(char **str, const char *fmt, ...);
void *__real_calloc(size_t nr, size_t size);
void *__wrap_calloc(size_t nr, size_t size);
int __real_close(int fd);
int __wrap_close(int fd);
ssize_t __real_copy_file_range(int in, off_t *in_off, int out, off_t *out_off,
			       size_t size, unsigned int flags);
ssize_t __wrap_copy_file_range(int in, off_t *in_off, int out, off_t *out_off,
			       size_t size, unsigned int flags);
int __real_fstat(int fd, struct stat *st);
int __wrap_fstat(int fd, struct stat *st);
int __real_ioctl(int fd, unsigned long request, ...);
int __wrap_ioctl(int fd, unsigned long request, ...);
void *__real_malloc(size_t size);
void *__wrap_malloc(size_t size);
void *__real_mmap(void *addr, size_t size, int prot, int flags, int fd,
		  off_t offset);
void *__wrap_mmap(void *addr, size_t size, int prot, int flags, int fd,
		  off_t offset);
int __real_open(const char *path, int flags, ...);
int __wrap_open(const char *path, int flags, ...);
ssize_t __real_pwrite(int fd, const void *buf, size_t size, off_t offset);
ssize_t __wrap_pwrite(int fd, const void *buf, size_t size, off_t offset);
ssize_t __real_read(int fd, void *buf, size_t size);
ssize_t __wrap_read(int fd, void *buf, size_t size);
void *__real_realloc(void *ptr, size_t size);
void *__wrap_realloc(void *ptr, size_t size);
void *__real_reallocarray(void *ptr, size_t nr, size_t size);
void *__wrap_reallocarray(void *ptr, size_t nr, size_t size);
int __real_rename(const char *path, const char *new_path);
int __wrap_rename(const char *path, const char *new_path);
int __real_stat(const char *path, struct stat *st);
int __wrap_stat(const char *path, struct stat *st);
char *__real_strdup(const char *str);
char *__wrap_strdup(const char *str);
char *__real_strndup(const char *str, size_t size);
char *__wrap_strndup(const char *str, size_t size);
int __real_unlink(const char *path);
int __wrap_unlink(const char *path);

#endif
