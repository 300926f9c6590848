/* SPDX-License-Identifier: GPL-2.0-only */
/* Building the bytes of BTF: types and strings are added one after the other. */
#ifndef BTFSTAGE_BTF_IMAGE_H
#define BTFSTAGE_BTF_IMAGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "../io/err.h"

/* All zero but the path: no types and no strings. Types are in host order. */
struct btf_image {
	const char *path;	/* for messages; the caller's */
	uint32_t *words;
	size_t nr_words;
	size_t max_words;
	char *strs;
	size_t strs_len;
	size_t max_strs;
};

/* Room for @nr words, to be filled in by the caller; NULL with @err set. */
uint32_t *btf_image_add_words(struct btf_image *image, size_t nr,
			      struct err *err);

/*
 * Add @len bytes to the strings, NUL bytes included. More than the kernel
 * accepts is an error.
 */
int __must_check btf_image_add_strs(struct btf_image *image, const char *s,
				    size_t len, struct err *err);

/*
 * The image with its header, to be freed by the caller, or NULL with @err set.
 * @swapped: in the byte order that is not this machine's; the types in @image
 * are swapped for that, so this is the last thing to do with them.
 */
uint8_t *btf_image_finish(struct btf_image *image, bool swapped, size_t *size,
			  struct err *err);
void btf_image_free(struct btf_image *image);

#endif
