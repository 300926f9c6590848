/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The linked module, and what can be left in its place.
 *
 * foo.ko is a copy of foo.no-btf.ko with more at its end. Of what was copied
 * little is overwritten: the ELF header, .BTF_ids, and what stands behind the
 * last section. With the bytes that stood there, the linked module can be made
 * again of foo.ko. So a file with these bytes can take its place, and the
 * module is on the disk but once:
 *
 *	offset	size
 *	0	8	"btfkept\n"
 *	8	4	version, 1
 *	12	4	number of ranges
 *	16	8	size of the linked module
 *	24	8	hash of its bytes (linked.c)
 *	32	16 each	the ranges: offset in the linked module, size. In order,
 *			none empty, gaps between them
 *	...		the bytes of the ranges, one after the other
 *
 * All numbers are little endian, on every machine. The file ends with the last
 * range's bytes. It has the permission bits and the modification time of the
 * linked module: to make, it is the linked module.
 *
 * At any moment, the file under the linked module's name is one or the other,
 * and good. Who writes foo.ko again in a way that the kept bytes do not undo
 * calls linked_put_back() before, and linked_shrink() afterwards.
 */
#ifndef BTFSTAGE_LINKED_H
#define BTFSTAGE_LINKED_H

#include <stdbool.h>

#include "err.h"
#include "file_in.h"
#include "ranges.h"

struct linked {
	struct file_in whole;	/* the linked module, as if it stood there */
	struct file_in kept;	/* what stands there instead; data NULL: it does */
	struct ranges ranges;	/* those of @kept */
};

/*
 * Open the linked module @path, or make it again, in memory, of what is kept
 * there and of @ko_path. Both names must outlive @l.
 */
int __must_check linked_open(struct linked *l, const char *path,
			     const char *ko_path, struct err *err);
void linked_close(struct linked *l);

/* True if what is left of the module, if it is, undoes what was @overwritten. */
bool linked_covers(const struct linked *l, const struct ranges *overwritten);

/* Write the linked module to @path, with its mode and time. */
int __must_check linked_write(const struct linked *l, const char *path,
			      struct err *err);

/* Write the linked module to its own place, unless it is there. */
int __must_check linked_put_back(struct linked *l, struct err *err);

/*
 * Leave what was @overwritten in the copy (made to end with the module) in place
 * of the linked module. A module that would not get smaller stays, and so does
 * what is left already.
 */
int __must_check linked_shrink(const struct linked *l,
			       struct ranges *overwritten, struct err *err);

#endif
