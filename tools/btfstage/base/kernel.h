/* SPDX-License-Identifier: GPL-2.0-only */
/* The types and the release of a vmlinux. */
#ifndef BTFSTAGE_KERNEL_H
#define BTFSTAGE_KERNEL_H

#include "../btf/btf.h"
#include "../io/err.h"
#include "../io/file_in.h"

/* Find the BTF in @in: the .BTF section of a vmlinux, or the whole file. */
int __must_check kernel_btf_bytes(const struct file_in *in,
				  const uint8_t **data, size_t *size,
				  struct err *err);

/* The same, followed by btf_open(). @in must outlive @btf. */
int __must_check kernel_btf_open(struct btf *btf, const struct file_in *in,
				 struct err *err);

/* __NEW_UTS_LEN + 1 */
#define KERNEL_RELEASE_SIZE	65

/* Find the "Linux version" string in @data, and the release in it. */
bool kernel_banner(const uint8_t *data, size_t size,
		   char release[KERNEL_RELEASE_SIZE]);

/*
 * The release of the vmlinux @in, such as "6.1.0-56-amd64", from its "Linux
 * version" string. Returns 1 if found, 0 if there is none (raw BTF), -1 if the
 * file is malformed.
 */
int __must_check kernel_release(const struct file_in *in,
				char release[KERNEL_RELEASE_SIZE],
				struct err *err);

#endif
