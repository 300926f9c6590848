/* SPDX-License-Identifier: GPL-2.0-only */
/* A module's own types, as C: "btfinspect show --types". */
#ifndef BTFINSPECT_TYPES_H
#define BTFINSPECT_TYPES_H

#include <stdio.h>

#include "../../btfstage/io/err.h"
#include "../check/check.h"

/*
 * For a module with good .BTF. The output compiles after the types of its
 * kernel, or those of .BTF.base.
 */
int __must_check types_print(const struct checked *m, FILE *f,
			     struct err *err);

#endif
