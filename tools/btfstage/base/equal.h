/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Equal definitions within one BTF.
 *
 * Two types are equal when nothing that can be reached from one tells it from
 * the other: they have the same words, and what they refer to is pairwise
 * equal. For recursive types this is the coarsest partition of the types that
 * is stable: types that share a class have, word for word, references into the
 * same classes. It is found by refinement. Types with one fingerprint start in
 * one class; a class whose members refer to different classes is split by that;
 * until nothing splits. The partition does not depend on the order of types.
 */
#ifndef BTFSTAGE_EQUAL_H
#define BTFSTAGE_EQUAL_H

#include <stdint.h>

#include "../btf/btf.h"
#include "../io/err.h"

/*
 * An array by type id, to be freed by the caller: the lowest id of the types
 * equal to it (its own, mostly). VAR and DATASEC are things, not types, and are
 * equal to themselves only. @base_ids (or NULL): what is known to be a type of
 * a base, by its id there, 0 for the others; those are left alone, and
 * references to them compare by that id. NULL with @err set: out of memory.
 */
uint32_t *btf_equal_types(const struct btf *btf, const uint64_t *fps,
			  const uint32_t *base_ids, struct err *err);

#endif
