/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Fingerprints: a hash of a type's shape that needs no other BTF to compare.
 *
 * The fingerprint of a type covers all of its words: values as they are, names
 * by their characters, and for a referenced type that type's own fingerprint.
 * Only a NAMED struct, union or enum, and a forward declaration, counts there
 * by its tag (the "struct foo" of C) alone. That ends every recursion that C
 * can express, and gives a declaration the same value as its definition.
 *
 * So equal definitions have equal fingerprints, in any BTF and any order. The few
 * different ones that share a fingerprint differ further down.
 */
#ifndef BTFSTAGE_FINGERPRINT_H
#define BTFSTAGE_FINGERPRINT_H

#include <stdbool.h>
#include <stdint.h>

#include "../btf/btf.h"
#include "../io/err.h"

/* The name spaces of C in which types are looked up. */
enum btf_space {
	BTF_SPACE_NONE,
	BTF_SPACE_STRUCT,
	BTF_SPACE_UNION,
	BTF_SPACE_ENUM,
	BTF_SPACE_TYPEDEF,
	BTF_SPACE_FUNC,
};

static inline enum btf_space btf_space(const struct btf_type *t)
{
	switch (btf_kind(t)) {
	case BTF_KIND_STRUCT:
		return BTF_SPACE_STRUCT;
	case BTF_KIND_UNION:
		return BTF_SPACE_UNION;
	case BTF_KIND_FWD:
		return btf_kflag(t) ? BTF_SPACE_UNION : BTF_SPACE_STRUCT;
	case BTF_KIND_ENUM:
	case BTF_KIND_ENUM64:
		return BTF_SPACE_ENUM;
	case BTF_KIND_TYPEDEF:
		return BTF_SPACE_TYPEDEF;
	case BTF_KIND_FUNC:
		return BTF_SPACE_FUNC;
	default:
		return BTF_SPACE_NONE;
	}
}

/* A forward declaration: FWD, or an enum without enumerators. */
static inline bool btf_is_declaration(const struct btf_type *t)
{
	switch (btf_kind(t)) {
	case BTF_KIND_FWD:
		return true;
	case BTF_KIND_ENUM:
	case BTF_KIND_ENUM64:
		return !btf_vlen(t) && t->name_off;
	default:
		return false;
	}
}

/* Hash of a name in a name space; @name_hash is hash_str() of it. */
uint64_t btf_name_key(enum btf_space space, uint64_t name_hash);

/* The same for the name of @t in its name space. */
uint64_t btf_type_key(const struct btf *btf, const struct btf_type *t);

/*
 * Fingerprints of all types, an array indexed by type id ([0] unused), to be
 * freed by the caller; NULL with @err set when memory runs out. References
 * that form a loop without passing a tag, which no C compiler emits, get a
 * fingerprint that depends on where the loop was entered.
 */
uint64_t *btf_fingerprints(const struct btf *btf, struct err *err);

#endif
