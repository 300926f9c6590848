// SPDX-License-Identifier: GPL-2.0-only
#include <endian.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "file_out.h"
#include "linked.h"

#define MAGIC		"btfkept\n"
#define MAGIC_SIZE	8
#define VERSION		1

/* As they stand in the file. */
struct kept_header {
	char magic[MAGIC_SIZE];
	uint32_t version;
	uint32_t nr_ranges;
	uint64_t size;
	uint64_t hash;
};

struct kept_range {
	uint64_t offset;
	uint64_t size;
};

static uint64_t hash_word(uint64_t h, uint64_t word)
{
	h = (h ^ word) * 0x9e3779b97f4a7c15ull;
	return h ^ (h >> 29);
}

/*
 * Four hashes at once, as each waits for its own multiplications: of the first,
 * second, third and fourth word of each 32 bytes, the last ones filled up with
 * zeros. Then one of the four, starting with the size. Words are little endian.
 */
static uint64_t hash_module(const uint8_t *data, size_t size)
{
	uint64_t h[4] = { 1, 2, 3, 4 }, words[4], hash = size;
	size_t left, i;

	for (left = size; left; left -= i, data += i) {
		i = left < sizeof(words) ? left : sizeof(words);
		if (i < sizeof(words))
			memset(words, 0, sizeof(words));
		memcpy(words, data, i);
		h[0] = hash_word(h[0], le64toh(words[0]));
		h[1] = hash_word(h[1], le64toh(words[1]));
		h[2] = hash_word(h[2], le64toh(words[2]));
		h[3] = hash_word(h[3], le64toh(words[3]));
	}
	for (i = 0; i < 4; i++)
		hash = hash_word(hash, h[i]);
	return hash;
}

static bool is_kept(const struct file_in *in)
{
	return in->size >= MAGIC_SIZE && !memcmp(in->data, MAGIC, MAGIC_SIZE);
}

/* The ranges and where their bytes are; @h in the host's byte order. */
static int read_kept(const struct file_in *in, struct kept_header *h,
		     struct ranges *ranges, const uint8_t **bytes,
		     struct err *err)
{
	uint64_t left, end = 0;
	const uint8_t *table;
	size_t i;

	if (in->size < sizeof(*h))
		return err_set(err, in->path,
			       "is cut off (%zu bytes kept of a module)",
			       in->size);
	memcpy(h, in->data, sizeof(*h));
	h->version = le32toh(h->version);
	h->nr_ranges = le32toh(h->nr_ranges);
	h->size = le64toh(h->size);
	h->hash = le64toh(h->hash);
	if (h->version != VERSION)
		return err_set(err, in->path,
			       "has version %u of what is kept of a module, not %u",
			       h->version, VERSION);

	left = in->size - sizeof(*h);
	table = in->data + sizeof(*h);
	if (h->nr_ranges > left / sizeof(struct kept_range))
		return err_set(err, in->path,
			       "is cut off (%u ranges kept of a module)",
			       h->nr_ranges);
	left -= h->nr_ranges * sizeof(struct kept_range);
	*bytes = in->data + in->size - left;

	for (i = 0; i < h->nr_ranges; i++) {
		struct kept_range r;

		memcpy(&r, table + i * sizeof(r), sizeof(r));
		r.offset = le64toh(r.offset);
		r.size = le64toh(r.size);
		if (r.offset > h->size || r.size > h->size - r.offset ||
		    (i && r.offset <= end) || !r.size || r.size > left)
			return err_set(err, in->path,
				       "range %zu kept of a module is invalid (offset 0x%jx, size 0x%jx)",
				       i, (uintmax_t)r.offset,
				       (uintmax_t)r.size);
		if (ranges_add(ranges, r.offset, r.size))
			return err_set(err, in->path, "out of memory");
		end = r.offset + r.size;
		left -= r.size;
	}
	if (left)
		return err_set(err, in->path,
			       "has %ju bytes too many for what is kept of a module",
			       (uintmax_t)left);
	return 0;
}

static int cannot_restore(const struct linked *l, const char *why,
			  const char *ko_path, struct err *err)
{
	return err_set(err, l->kept.path,
		       "was shrunk, and %s %s: delete %s to have it linked again",
		       ko_path, why, l->kept.path);
}

/* Make l->whole of l->kept and @ko_path. */
static int restore(struct linked *l, const char *ko_path, struct err *err)
{
	struct file_in *in = &l->whole;
	const uint8_t *bytes = NULL;
	struct kept_header h;
	uint8_t *data;
	size_t i;

	if (read_kept(&l->kept, &h, &l->ranges, &bytes, err))
		return -1;
	if (access(ko_path, F_OK) && errno == ENOENT)
		return cannot_restore(l, "is missing", ko_path, err);
	if (file_in_open(in, ko_path, err))
		return -1;
	if (h.size > in->size) {
		cannot_restore(l, "has changed since", ko_path, err);
		goto out_close;
	}
	if (file_in_own(in, h.size, err))
		goto out_close;
	data = (uint8_t *)in->data;
	for (i = 0; i < l->ranges.nr; i++) {
		const struct range *r = &l->ranges.v[i];

		memcpy(data + r->start, bytes, r->end - r->start);
		bytes += r->end - r->start;
	}
	if (hash_module(data, h.size) != h.hash) {
		cannot_restore(l, "has changed since", ko_path, err);
		goto out_close;
	}
	in->path = l->kept.path;
	in->mode = l->kept.mode;
	in->mtime = l->kept.mtime;
	return 0;

out_close:
	file_in_close(in);
	return -1;
}

int linked_open(struct linked *l, const char *path, const char *ko_path,
		struct err *err)
{
	*l = (struct linked){ .kept.fd = -1 };

	if (file_in_open(&l->whole, path, err))
		return -1;
	if (!is_kept(&l->whole))
		return 0;

	l->kept = l->whole;
	l->whole = (struct file_in){ .fd = -1 };
	if (restore(l, ko_path, err)) {
		linked_close(l);
		return -1;
	}
	return 0;
}

void linked_close(struct linked *l)
{
	ranges_free(&l->ranges);
	file_in_close(&l->kept);
	file_in_close(&l->whole);
}

bool linked_covers(const struct linked *l, const struct ranges *overwritten)
{
	size_t i;

	if (!l->kept.data)
		return true;
	for (i = 0; i < overwritten->nr; i++) {
		const struct range *r = &overwritten->v[i];
		uint64_t end = r->end;

		if (end > l->whole.size)
			end = l->whole.size;
		if (!ranges_cover(&l->ranges, r->start, end))
			return false;
	}
	return true;
}

int linked_write(const struct linked *l, const char *path, struct err *err)
{
	struct file_out out;
	int ret = -1;

	if (file_out_create(&out, path, err))
		return -1;
	if (!file_out_copy(&out, &l->whole, err) &&
	    !file_out_set_mtime(&out, &l->whole.mtime, err))
		ret = file_out_publish(&out, l->whole.mode, err);
	file_out_discard(&out);
	return ret;
}

int linked_put_back(struct linked *l, struct err *err)
{
	if (!l->kept.data)
		return 0;
	if (linked_write(l, l->whole.path, err))
		return -1;
	ranges_free(&l->ranges);
	file_in_close(&l->kept);
	return 0;
}

/* The file that says what was @overwritten, malloc()ed. */
static uint8_t *encode(const struct file_in *in,
		       const struct ranges *overwritten, size_t *size)
{
	struct kept_header h = {
		.magic = MAGIC,
		.version = htole32(VERSION),
		.nr_ranges = htole32(overwritten->nr),
		.size = htole64(in->size),
	};
	size_t nr = overwritten->nr, i;
	uint8_t *buf, *table, *bytes;

	*size = sizeof(h) + nr * sizeof(struct kept_range);
	for (i = 0; i < nr; i++)
		*size += overwritten->v[i].end - overwritten->v[i].start;
	buf = malloc(*size);
	if (!buf)
		return NULL;

	h.hash = htole64(hash_module(in->data, in->size));
	memcpy(buf, &h, sizeof(h));
	table = buf + sizeof(h);
	bytes = table + nr * sizeof(struct kept_range);
	for (i = 0; i < nr; i++) {
		uint64_t start = overwritten->v[i].start;
		uint64_t len = overwritten->v[i].end - start;
		struct kept_range r = { htole64(start), htole64(len) };

		memcpy(table + i * sizeof(r), &r, sizeof(r));
		memcpy(bytes, in->data + start, len);
		bytes += len;
	}
	return buf;
}

static int write_kept(const struct linked *l, const uint8_t *data, size_t size,
		      struct err *err)
{
	struct file_out out;
	int ret = -1;

	if (file_out_create(&out, l->whole.path, err))
		return -1;
	if (!file_out_write_at(&out, data, size, 0, err) &&
	    !file_out_set_mtime(&out, &l->whole.mtime, err))
		ret = file_out_publish(&out, l->whole.mode, err);
	file_out_discard(&out);
	return ret;
}

int linked_shrink(const struct linked *l, struct ranges *overwritten,
		  struct err *err)
{
	uint8_t *data;
	size_t size;
	int ret = 0;

	if (l->kept.data)
		return 0;

	ranges_clip(overwritten, l->whole.size);
	data = encode(&l->whole, overwritten, &size);
	if (!data)
		return err_set(err, l->whole.path, "out of memory");
	if (size < l->whole.size)
		ret = write_kept(l, data, size, err);
	free(data);
	return ret;
}
