// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "file_in.h"

/*
 * Mapped files, for file_in_mapped_at(): those of one module and of the base that
 * it is checked against.
 */
#define MAX_MAPS	8

static struct map {
	const uint8_t *start;	/* NULL: free */
	size_t size;
	const char *path;
} maps[MAX_MAPS];

static struct map *map_find(const uint8_t *start)
{
	size_t i;

	for (i = 0; i < MAX_MAPS; i++) {
		if (maps[i].start == start)
			return &maps[i];
	}
	return NULL;
}

const char *file_in_mapped_at(const void *addr)
{
	uintptr_t at = (uintptr_t)addr;
	size_t i;

	for (i = 0; i < MAX_MAPS; i++) {
		uintptr_t start = (uintptr_t)maps[i].start;

		if (start && at >= start && at - start < maps[i].size)
			return maps[i].path;
	}
	return NULL;
}

/* Read @size bytes into @buf, fewer at the end of the file. */
static ssize_t read_all(int fd, uint8_t *buf, size_t size)
{
	size_t done = 0;

	while (done < size) {
		ssize_t n = read(fd, buf + done, size - done);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return -1;
		if (n == 0)
			break;
		done += n;
	}
	return done;
}

static bool load_mapped(struct file_in *f, size_t size)
{
	struct map *map = map_find(NULL);
	void *start;

	if (!map)
		return false;
	start = mmap(NULL, size, PROT_READ, MAP_PRIVATE, f->fd, 0);
	if (start == MAP_FAILED)
		return false;
	*map = (struct map){ start, size, f->path };
	f->data = start;
	f->size = size;
	f->mapped = size;
	return true;
}

static int load(struct file_in *f, size_t size, struct err *err)
{
	uint8_t *buf;
	ssize_t n;

	if (!size || load_mapped(f, size))
		return 0;

	buf = malloc(size);
	if (!buf)
		return err_no_memory(err, f->path);

	n = read_all(f->fd, buf, size);
	if (n < 0)
		err_set(err, f->path, "cannot read:");
	if (n <= 0) {
		free(buf);
		return n;
	}
	/* sysfs may report a size that is only an upper bound. */
	f->data = buf;
	f->size = n;
	return 0;
}

int file_in_open(struct file_in *f, const char *path, struct err *err)
{
	struct stat st;

	*f = (struct file_in){ .path = path };

	/* Without O_NONBLOCK a FIFO would wait here for a writer. */
	f->fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	if (f->fd < 0)
		return err_set(err, path, "cannot open:");

	if (fstat(f->fd, &st)) {
		err_set(err, path, "cannot stat:");
		goto out_close;
	}
	if (!S_ISREG(st.st_mode)) {
		err_set(err, path, "is not a regular file");
		goto out_close;
	}
	if ((uintmax_t)st.st_size > SIZE_MAX / 2) {
		err_set(err, path, "is too large");
		goto out_close;
	}
	f->mode = st.st_mode & 07777;

	if (load(f, st.st_size, err))
		goto out_close;
	return 0;

out_close:
	close(f->fd);
	f->fd = -1;
	return -1;
}

void file_in_close(struct file_in *f)
{
	if (f->mapped) {
		struct map *map = map_find(f->data);

		munmap((void *)f->data, f->mapped);
		if (map)
			map->start = NULL;
	} else {
		free((void *)f->data);
	}
	if (f->fd >= 0)
		close(f->fd);
	*f = (struct file_in){ .fd = -1 };
}

const uint8_t *file_in_bytes(const struct file_in *f, uint64_t offset,
			     uint64_t size)
{
	if (!f->data || offset > f->size || size > f->size - offset)
		return NULL;
	return f->data + offset;
}
