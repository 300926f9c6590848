/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef BTFINSPECT_BASE_LOAD_H
#define BTFINSPECT_BASE_LOAD_H

#include "../../btfstage/base/base.h"
#include "../../btfstage/io/err.h"

/*
 * Open a prepared base, or make one from a kernel or raw BTF. base_close() it. A kernel
 * of another release than @release, which may be NULL, is refused.
 */
int __must_check base_load(struct base *base, const char *path,
			   const char *release, struct err *err);

#endif
