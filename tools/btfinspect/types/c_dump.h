/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Types as C, by libbpf. The names in its headers conflict with ours, so this
 * header does not include them.
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
 * Write to @f the types of @own, which is split against @base, and its
 * functions as declarations, but no types of @base. Types whose names conflict
 * get the names that they have after "bpftool btf dump" of the base. libbpf
 * checks little: see types.c.
 */
int __must_check c_dump(const char *path, const struct c_btf *base,
			const struct c_btf *own, FILE *f, struct err *err);

#endif
