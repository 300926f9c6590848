// SPDX-License-Identifier: GPL-2.0-only
#include <byteswap.h>
#include <stdlib.h>
#include <string.h>

#include "btf.h"
#include "btf_image.h"

/* The kernel's limit for a string section (BTF_MAX_NAME_OFFSET). */
#define MAX_STRINGS	0xffffff

static int no_memory(const struct btf_image *image, struct err *err)
{
	return err_no_memory(err, image->path);
}

uint32_t *btf_image_add_words(struct btf_image *image, size_t nr,
			      struct err *err)
{
	uint32_t *words = image->words;

	if (!words || image->max_words - image->nr_words < nr) {
		size_t max = image->max_words * 2 + nr + 64;

		/* Lengths in the header have 32 bits. */
		if (max > UINT32_MAX / sizeof(*words))
			max = UINT32_MAX / sizeof(*words);
		if (max - image->nr_words < nr) {
			err_set(err, image->path, "has too many types");
			return NULL;
		}
		words = realloc(words, max * sizeof(*words));
		if (!words) {
			no_memory(image, err);
			return NULL;
		}
		image->words = words;
		image->max_words = max;
	}
	words += image->nr_words;
	image->nr_words += nr;
	return words;
}

int btf_image_add_strs(struct btf_image *image, const char *s, size_t len,
		       struct err *err)
{
	if (len > MAX_STRINGS - image->strs_len)
		return err_set(err, image->path, "has too many names");
	if (image->max_strs - image->strs_len < len) {
		size_t max = image->max_strs * 2 + len + 256;
		char *strs = realloc(image->strs, max);

		if (!strs)
			return no_memory(image, err);
		image->strs = strs;
		image->max_strs = max;
	}
	if (len)
		memcpy(image->strs + image->strs_len, s, len);
	image->strs_len += len;
	return 0;
}

uint8_t *btf_image_finish(struct btf_image *image, bool swapped, size_t *size,
			  struct err *err)
{
	uint32_t types_len = image->nr_words * sizeof(*image->words);
	struct btf_header h = {
		.magic = BTF_MAGIC,
		.version = BTF_VERSION,
		.hdr_len = sizeof(h),
		.type_len = types_len,
		.str_off = types_len,
		.str_len = image->strs_len,
	};
	uint8_t *data;
	size_t i;

	*size = sizeof(h) + types_len + image->strs_len;
	data = malloc(*size);
	if (!data) {
		no_memory(image, err);
		return NULL;
	}
	if (swapped) {
		btf_swap_header(&h);
		for (i = 0; i < image->nr_words; i++)
			image->words[i] = bswap_32(image->words[i]);
	}
	memcpy(data, &h, sizeof(h));
	if (types_len)
		memcpy(data + sizeof(h), image->words, types_len);
	if (image->strs_len)
		memcpy(data + sizeof(h) + types_len, image->strs,
		       image->strs_len);
	return data;
}

void btf_image_free(struct btf_image *image)
{
	free(image->words);
	free(image->strs);
	*image = (struct btf_image){ 0 };
}
