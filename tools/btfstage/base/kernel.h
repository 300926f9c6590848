/* SPDX-License-Identifier: GPL-2.0-only */
/* What a vmlinux says: its types, and which kernel it is. */
#ifndef BTFSTAGE_KERNEL_H
#define BTFSTAGE_KERNEL_H

#include "../btf/btf.h"
#include "../io/err.h"
#include "../io/file_in.h"

/* Find the BTF in @in: a vmlinux has it in a section, else it is all of the file. */
int __must_check kernel_btf_bytes(const struct file_in *in,
				  const uint8_t **data, size_t *size,
				  struct err *err);

/* As btf_open() then; @in has to outlive @btf. */
int __must_check kernel_btf_open(struct btf *btf, const struct file_in *in,
				 struct err *err);

/* One more than a release may have, __NEW_UTS_LEN */
#define KERNEL_RELEASE_SIZE	65

/* The release, from what a kernel says when it boots, somewhere in @data */
bool kernel_banner(const uint8_t *data, size_t size,
		   char release[KERNEL_RELEASE_SIZE]);

/*
 * The release of the kernel that @in is the vmlinux of, such as
 * "6.1.0-56-amd64", from the "Linux version" that it says when it boots: 1
 * found, 0 the file does not say, as BTF alone, -1 it is malformed.
 */
int __must_check kernel_release(const struct file_in *in,
				char release[KERNEL_RELEASE_SIZE],
				struct err *err);

#endif
