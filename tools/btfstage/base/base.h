/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The base file: vmlinux's BTF and an index to find its types by.
 *
 * It is made once per vmlinux (base_build.c) and mapped read-only by every
 * "btfstage ko", which touches only the pages it needs. All numbers are 32-bit
 * words in the byte order of the machine that made it, and so is the BTF,
 * whatever the target's; the file stays on that machine. Parts are aligned to 8
 * bytes and found by the offsets in the header, which also says whether the types
 * are sorted by name:
 *
 *	types		the type section of the BTF
 *	strs		its string section
 *	shapes		[id]: 64 bits, the type's fingerprint; lowest bit set:
 *			no other type has that fingerprint
 *	type_offs	[id]: offset of the type in types, a multiple of 4;
 *			lowest bit set: a type with a lower id equals it
 *	equal		[id]: lowest id of the types equal to it (equal.h)
 *	by_shape	table: fingerprint -> id
 *	by_name		table: name space and name -> id, for struct, union,
 *			enum (declarations too), typedef and func
 *	by_string	table: string -> its offset in strs
 *
 * A table is its 2^bits + 1 buckets, then its entries (table.h). In by_shape
 * and by_name, only the lowest of several equal types is entered, and the
 * entries of one bucket are in ascending order.
 *
 * Page faults cost more than reading. The types that a module uses are close
 * together: a vmlinux starts with the types of common headers. Table lookups are
 * scattered. So match.c avoids a lookup where it can guess the id, and verifies
 * the guess with the arrays indexed by id.
 *
 * The file is not trusted. base_open() checks the header. Everything else is
 * checked when it is used: checking all of it would cost more than using the
 * small part that a module needs. The checksum finds a damaged file, such as one
 * that a power loss kept from the disk. base_file_holds() verifies it once per
 * build, before it leaves the file alone.
 */
#ifndef BTFSTAGE_BASE_H
#define BTFSTAGE_BASE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "../btf/btf.h"
#include "../io/err.h"
#include "../io/file_in.h"
#include "fingerprint.h"
#include "table.h"

#define BASE_MAGIC	"BTFBASE\n"
#define BASE_BYTE_ORDER	0x01020304u
/* Raise this when the format, a hash or a fingerprint changes. */
#define BASE_VERSION	4

enum base_part {
	BASE_TYPES,
	BASE_STRS,
	BASE_SHAPES,
	BASE_TYPE_OFFS,
	BASE_EQUAL,
	BASE_BY_SHAPE_BUCKETS,
	BASE_BY_SHAPE_ENTRIES,
	BASE_BY_NAME_BUCKETS,
	BASE_BY_NAME_ENTRIES,
	BASE_BY_STRING_BUCKETS,
	BASE_BY_STRING_ENTRIES,
	NR_BASE_PARTS
};

/* In flags */
#define BASE_SWAPPED	1u	/* the target has the other byte order */
#define BASE_SORTED	2u	/* types ascend by name, and some have one */

struct base_header {
	char magic[8];
	uint32_t byte_order;
	uint32_t version;
	uint64_t checksum;	/* of the rest of the file */
	uint32_t flags;
	uint32_t nr_types;
	struct {
		uint32_t off;	/* from the start of the file */
		uint32_t len;	/* in bytes */
	} parts[NR_BASE_PARTS];
};

struct base {
	const char *path;	/* the caller's */
	struct file_in in;
	bool swapped;
	bool sorted;
	uint32_t nr_types;
	const uint8_t *types;
	uint32_t types_len;
	const char *strs;
	uint32_t strs_len;
	const uint64_t *shapes;
	const uint32_t *type_offs;
	const uint32_t *equal;
	struct table by_shape;
	struct table by_name;
	struct table by_string;
};

int __must_check base_open(struct base *base, const char *path,
			   struct err *err);

/* The same for the result of base_build(). Takes ownership of @data. */
int __must_check base_open_memory(struct base *base, const char *path,
				  uint8_t *data, size_t size,
				  struct err *err);
void base_close(struct base *base);

/* The checksum of a file, for its header */
uint64_t base_checksum(const uint8_t *data, size_t size);

/* Verify the checksum. Reads the whole file, about 8 MB. */
int __must_check base_verify(const struct base *base, struct err *err);

/*
 * True when @path is an undamaged base file of this version that holds exactly
 * the types and strings of @btf (btf_open() is enough).
 */
bool base_file_holds(const char *path, const struct btf *btf);

/*
 * Build the contents of a base file from @btf, which must be checked. The
 * caller frees the buffer. The same types give the same bytes.
 */
int __must_check base_build(const struct btf *btf, uint8_t **data,
			    size_t *size, struct err *err);

/*
 * The type with this id (1 .. nr_types), with all of its words inside the file.
 * NULL with @err set if the base is corrupt.
 */
const struct btf_type *base_type(const struct base *base, uint32_t id,
				 struct err *err);

/* A string of the base; offsets outside give "". */
static inline const char *base_str(const struct base *base, uint32_t off)
{
	return off < base->strs_len ? base->strs + off : "";
}

/* In type_offs. */
#define BASE_NOT_LOWEST	1u

/*
 * The lowest id of the types that equal @id, or @id itself if it is out of
 * range.
 */
static inline uint32_t base_equal(const struct base *base, uint32_t id)
{
	if (id > base->nr_types || !(base->type_offs[id] & BASE_NOT_LOWEST))
		return id;
	return base->equal[id];
}

/* In shapes: replaces the lowest bit of the fingerprint. */
#define BASE_ONLY_ONE	1ull

/*
 * True when looking up @fingerprint in by_shape would find @id and nothing else.
 * @id can be any number.
 */
static inline bool base_only_one(const struct base *base, uint32_t id,
				 uint64_t fingerprint)
{
	return id <= base->nr_types &&
	       base->shapes[id] == (fingerprint | BASE_ONLY_ONE);
}

/* True if @id, from by_name, has this fingerprint. */
static inline bool base_same_shape(const struct base *base, uint32_t id,
				   uint64_t fingerprint)
{
	return id <= base->nr_types &&
	       (base->shapes[id] | BASE_ONLY_ONE) ==
	       (fingerprint | BASE_ONLY_ONE);
}

/* Look up a hash in one of the tables; see table_next(). */
int __must_check base_lookup(const struct base *base,
			     const struct table *table, uint64_t hash,
			     struct table_range *range, struct err *err);

/*
 * Offset of the string @s of @len bytes: 1 found, 0 the base does not have it,
 * -1 the base is corrupt.
 */
int __must_check base_find_str(const struct base *base, const char *s,
			       size_t len, uint32_t *off, struct err *err);

/*
 * Lowest id of the types of @kind called @name: 1 found, 0 there is none, -1
 * the base is corrupt.
 */
int __must_check base_find_name(const struct base *base, enum btf_kind kind,
				enum btf_space space, const char *name,
				size_t len, uint32_t *id, struct err *err);

#endif
