// SPDX-License-Identifier: GPL-2.0-only
/*
 * The output is mapped memory, which mremap() grows. So it is never much larger
 * than what was unpacked so far, whatever size the input claims.
 */
#include <endian.h>
#include <stdbool.h>
#include <string.h>
#include <sys/mman.h>

#include "coders.h"
#include "unpack.h"

/* Initial size, in multiples of the input */
#define EXPAND	8

#define MIB	((size_t)1 << 20)

const struct coder *unpack_find(const uint8_t *data, size_t size)
{
	const struct coder *c;

	for (c = coders; c->name; c++) {
		if (size >= c->magic_len && !memcmp(data, c->magic, c->magic_len))
			return c;
	}
	return NULL;
}

const char *unpack_name(const struct coder *coder)
{
	return coder->name;
}

static int grow(struct unpacked *to, size_t size)
{
	void *data;

	if (to->data)
		data = mremap(to->data, to->mapped, size, MREMAP_MAYMOVE);
	else
		data = mmap(NULL, size, PROT_READ | PROT_WRITE,
			    MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (data == MAP_FAILED)
		return -1;
	to->data = data;
	to->mapped = size;
	return 0;
}

/* Unpack to the end. @to has @to->size bytes of output so far. */
static enum step run(const struct coder *coder, struct stream *s, size_t max,
		     struct unpacked *to)
{
	enum step ret;

	do {
		size_t in_left = s->in_left, room = to->mapped - to->size;

		if (room < coder->room) {
			size_t size = to->mapped + coder->room;

			if (size < 2 * to->mapped)
				size = 2 * to->mapped;
			if (grow(to, size))
				return STEP_NO_MEMORY;
			room = to->mapped - to->size;
		}
		s->out = to->data + to->size;
		s->out_left = room;
		ret = coder->step(s);
		to->size += room - s->out_left;
		if (to->size > max)
			break;
		if (ret == STEP_MORE && s->in_left == in_left &&
		    s->out_left == room)
			ret = STEP_CUT;
	} while (ret == STEP_MORE);
	return ret;
}

static int explain(enum step step, const struct coder *coder, const char *path,
		   struct err *err)
{
	switch (step) {
	case STEP_CUT:
		return err_set(err, path, "is compressed with %s, and truncated",
			       coder->name);
	case STEP_NO_MEMORY:
		return err_no_memory(err, path);
	case STEP_MEMORY_MAX:
		return err_set(err, path,
			       "is compressed with %s, and unpacking needs more than %zu MiB",
			       coder->name, CODER_MEMORY_MAX / MIB);
	default:
		return err_set(err, path, "is compressed with %s, and corrupt",
			       coder->name);
	}
}

static int too_large(const struct coder *coder, const char *path, size_t max,
		     struct err *err)
{
	return err_set(err, path,
		       "is compressed with %s, and unpacks to more than %zu MiB",
		       coder->name, max / MIB);
}

int unpack(const struct coder *coder, const char *path, const uint8_t *data,
	   size_t size, size_t max, struct unpacked *to, size_t *left,
	   struct err *err)
{
	struct stream s = { .in = data, .in_left = size };
	size_t first = EXPAND * size;
	enum step ret;

	*to = (struct unpacked){ 0 };
	if (size > max)
		return too_large(coder, path, max, err);
	if (grow(to, first < max ? first : max))
		return err_no_memory(err, path);
	ret = coder->begin(&s);
	if (ret == STEP_MORE) {
		ret = run(coder, &s, max, to);
		coder->end(&s);
	}
	if (ret == STEP_END && to->size <= max) {
		*left = s.in_left;
		return 0;
	}
	if (to->size > max)
		too_large(coder, path, max, err);
	else
		explain(ret, coder, path, err);
	unpack_free(to);
	return -1;
}

void unpack_free(struct unpacked *unpacked)
{
	if (unpacked->data)
		munmap(unpacked->data, unpacked->mapped);
	*unpacked = (struct unpacked){ 0 };
}

/* Replace the contents of @in. */
static void replace(struct file_in *in, const struct unpacked *to)
{
	struct file_in packed = *in;

	*in = (struct file_in){
		.path = packed.path,
		.fd = -1,
		.mode = packed.mode,
		.data = to->data,
		.size = to->size,
		.mapped = to->mapped,
	};
	file_in_close(&packed);
}

static bool is_length(const uint8_t *data, size_t left, size_t size)
{
	uint32_t word;

	if (left != sizeof(word))
		return false;
	memcpy(&word, data, sizeof(word));
	return le32toh(word) == size;
}

int unpack_part(struct file_in *in, const struct coder *coder,
		const uint8_t *data, size_t size, struct err *err)
{
	struct unpacked to;
	size_t left;

	if (unpack(coder, in->path, data, size, UNPACK_MAX, &to, &left, err))
		return -1;
	if (left && !is_length(data + size - left, left, to.size)) {
		unpack_free(&to);
		return err_set(err, in->path,
			       "is compressed with %s, and has trailing data",
			       coder->name);
	}
	replace(in, &to);
	return 0;
}

int unpack_file(struct file_in *in, struct err *err)
{
	const struct coder *coder = unpack_find(in->data, in->size);

	return coder ? unpack_part(in, coder, in->data, in->size, err) : 0;
}
