/* SPDX-License-Identifier: GPL-2.0-only */
/* Kernel images, from Linux's documentation. */
#ifndef TESTS_UNIT_IMAGE_BUILD_H
#define TESTS_UNIT_IMAGE_BUILD_H

#include <stddef.h>
#include <stdint.h>

/*
 * @size bytes of payload, packed as pack() does, with the length of what it unpacks to
 * behind where the kernel's build puts it: malloc()ed.
 */
uint8_t *image_payload(const char *how, const void *data, size_t size,
		       size_t *packed_size);

/* These take @payload over. @release NULL: the image does not say. */
uint8_t *image_bzimage(uint8_t *payload, size_t size, const char *release,
		       size_t *image_size);
uint8_t *image_zboot(uint8_t *payload, size_t size, size_t *image_size);

/* An Image with all of @btf in it, at an odd place, and with a banner for @release */
uint8_t *image_raw(const void *btf, size_t size, const char *release,
		   size_t *image_size);

#endif
