/* SPDX-License-Identifier: GPL-2.0-only */
/* Boot images: the types of an installed kernel. */
#ifndef BTFINSPECT_IMAGE_H
#define BTFINSPECT_IMAGE_H

#include <stddef.h>
#include <stdint.h>

#include "../../btfstage/base/kernel.h"
#include "../../btfstage/io/err.h"
#include "../../btfstage/io/file_in.h"

/*
 * If @in is a bzImage, an EFI zboot image, or compressed as a whole, replace
 * its bytes by those of the kernel inside. Leave other files as they are. With
 * a @release, which may be NULL, an image of another release is refused.
 */
int __must_check image_unpack(struct file_in *in, const char *release,
			      struct err *err);

/* The release of the kernel, after image_unpack(): returns as kernel_release(). */
int __must_check image_release(const struct file_in *in,
			       char release[KERNEL_RELEASE_SIZE],
			       struct err *err);

/*
 * Find the BTF of the kernel @in, after image_unpack(): a vmlinux, BTF alone,
 * or an Image, which has it at any offset.
 */
int __must_check image_btf(const struct file_in *in, const uint8_t **data,
			   size_t *size, struct err *err);

#endif
