/* SPDX-License-Identifier: GPL-2.0-only */
/* Build BTF: append types and strings, then make the image. */
#ifndef BTFSTAGE_BTF_IMAGE_H
#define BTFSTAGE_BTF_IMAGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "../io/err.h"

/* Empty: zeros, except for the path. Types are in host order. */
struct btf_image {
	const char *path;	/* for messages; the caller's */
	uint32_t *words;
	size_t nr_words;
	size_t max_words;
	char *strs;
	size_t strs_len;
	size_t max_strs;
};

/* Room for @nr words, which the caller fills in; NULL with @err set. */
uint32_t *btf_image_add_words(struct btf_image *image, size_t nr,
			      struct err *err);

/*
 * Add @len bytes to the strings, NUL bytes included. More than the kernel
 * accepts is an error.
 */
int __must_check btf_image_add_strs(struct btf_image *image, const char *s,
				    size_t len, struct err *err);

/*
 * The image with its header, which the caller frees, or NULL with @err set.
 * @swapped: in the other byte order. This swaps the types in @image, so call it
 * last.
 */
uint8_t *btf_image_finish(struct btf_image *image, bool swapped, size_t *size,
			  struct err *err);
void btf_image_free(struct btf_image *image);

#endif
