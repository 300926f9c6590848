/* SPDX-License-Identifier: GPL-2.0-only */
/* Which kernel a vmlinux is of. */
#ifndef BTFSTAGE_KERNEL_RELEASE_H
#define BTFSTAGE_KERNEL_RELEASE_H

#include <stddef.h>

#include "../io/err.h"
#include "../io/file_in.h"

/*
 * The release of the kernel that @in is the vmlinux of, such as
 * "6.1.0-56-amd64", from the "Linux version" that it says when it boots: 1
 * found (at most @size bytes with the NUL), 0 the file does not tell, as BTF
 * alone, -1 it is malformed.
 */
int __must_check kernel_release(const struct file_in *in, char *release,
				size_t size, struct err *err);

#endif
