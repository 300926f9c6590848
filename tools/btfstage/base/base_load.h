/* SPDX-License-Identifier: GPL-2.0-only */
/* The kernel's types from whatever file has them. */
#ifndef BTFSTAGE_BASE_LOAD_H
#define BTFSTAGE_BASE_LOAD_H

#include "../btf/btf.h"
#include "../io/err.h"
#include "../io/file_in.h"
#include "base.h"

/*
 * Find the BTF in @in, which has to outlive @btf: a vmlinux has it in a section,
 * else it is all of the file. As after btf_open().
 */
int __must_check kernel_btf_open(struct btf *btf, const struct file_in *in,
				 struct err *err);

/* A prepared base, or one made of a vmlinux or raw BTF; base_close() it. */
int __must_check base_load(struct base *base, const char *path,
			   struct err *err);

#endif
