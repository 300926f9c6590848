/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Types as C, by libbpf. Its headers use the names of our own, so nothing of them
 * is in here.
 */
#ifndef BTFINSPECT_C_DUMP_H
#define BTFINSPECT_C_DUMP_H

#include <stddef.h>
#include <stdio.h>

#include "../../btfstage/io/err.h"

/* BTF with its header, in the host's byte order; @size 0: none */
struct c_btf {
	void *data;
	size_t size;
};

/*
 * Write to @f the types of @own, which goes on from @base, and its functions as
 * declarations; of the types of @base nothing but their names. Types that clash get
 * the names that they have when "bpftool btf dump" writes those of the base. libbpf
 * does not check much: see types.c.
 */
int __must_check c_dump(const char *path, const struct c_btf *base,
			const struct c_btf *own, FILE *f, struct err *err);

#endif
