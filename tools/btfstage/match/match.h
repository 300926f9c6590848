/* SPDX-License-Identifier: GPL-2.0-only */
/* Finding a module's types in the base. match.c describes the algorithm. */
#ifndef BTFSTAGE_MATCH_H
#define BTFSTAGE_MATCH_H

#include <stdint.h>

#include "../base/base.h"
#include "../btf/btf.h"
#include "../io/err.h"
#include "names.h"

/*
 * Returns an array indexed by the module's type ids: the id of the same type in
 * the base, the lowest of several equal ones, or 0 if the base does not have
 * it. The caller frees it. @fps: the module's fingerprints. NULL with @err set:
 * out of memory, or the base is corrupt.
 */
uint32_t *match_types(const struct btf *btf, const uint64_t *fps,
		      const struct base *base, struct names *names,
		      struct err *err);

#endif
