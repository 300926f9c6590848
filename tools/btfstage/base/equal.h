/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Equal definitions within one BTF.
 *
 * Two types are equal if they have the same words and refer to equal types. For
 * recursive types this is the coarsest stable partition: the types of one class
 * refer, word for word, to the same classes. Partition refinement finds it. Types
 * with the same fingerprint start in one class. A class whose types refer to
 * different classes is split, until no class splits. The result does not depend
 * on the order of types.
 */
#ifndef BTFSTAGE_EQUAL_H
#define BTFSTAGE_EQUAL_H

#include <stdint.h>

#include "../btf/btf.h"
#include "../io/err.h"

/*
 * Returns an array indexed by type id: the lowest id of the types equal to it,
 * mostly its own. The caller frees it. A VAR or DATASEC equals only itself.
 * @base_ids, if not NULL, has the base's id of each type that the base has, else
 * 0. Such types are left alone; references to them compare by the base's id.
 * NULL with @err set: out of memory.
 */
uint32_t *btf_equal_types(const struct btf *btf, const uint64_t *fps,
			  const uint32_t *base_ids, struct err *err);

#endif
