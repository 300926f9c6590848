/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef BTFINSPECT_BASE_LOAD_H
#define BTFINSPECT_BASE_LOAD_H

#include "../../btfstage/base/base.h"
#include "../../btfstage/io/err.h"

/* A prepared base, or one made of a vmlinux or raw BTF; base_close() it. */
int __must_check base_load(struct base *base, const char *path,
			   struct err *err);

#endif
