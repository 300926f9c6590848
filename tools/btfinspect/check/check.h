/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Checking a module's BTF by the kernel's rules, and by some more.
 *
 * When a module is loaded, the kernel (btf_parse_module()) checks the header
 * and the string section, each type by itself, and chains of modifiers. What a
 * type refers to is not checked, as it is for BTF that a user loads. So an
 * error here is what makes the kernel refuse the module, and what is not as it
 * should be, but does not, is a warning. The checks run, and report, in the
 * order of the kernel's; where it stops at the first fault, they go on as long
 * as there is something to go on with.
 */
#ifndef BTFINSPECT_CHECK_H
#define BTFINSPECT_CHECK_H

#include <stddef.h>
#include <stdint.h>

#include "../../btfstage/elf/elf_file.h"
#include "../../btfstage/ids/ids_symbols.h"
#include "../../btfstage/io/err.h"
#include "btf_layer.h"
#include "module_file.h"
#include "releases.h"
#include "report.h"

#define KERNEL_ENOENT	2
#define KERNEL_E2BIG	7
#define KERNEL_ENOEXEC	8
#define KERNEL_ENOMEM	12
#define KERNEL_EINVAL	22
#define KERNEL_ELOOP	40
#define KERNEL_ENOTSUPP	524

/* A section with BTF while it is checked. */
struct check {
	struct report *report;
	struct release release;
	const char *section;	/* its name, for messages */
	const uint8_t *data;
	size_t size;
	bool swapped;		/* has the byte order that is not the host's */
	bool split;		/* on a base, whether that is at hand or not */
	unsigned int ptr_size;	/* in bytes */
	struct btf_layer layer;	/* .below is the caller's; to be freed */
	uint32_t types_off;	/* of the first type in the section */
};

/* Where type @id of the section is. */
struct place check_place(const struct check *c, uint32_t id);

/*
 * The header, the strings, and where the types are. Returns 0, or 1 when
 * nothing further can be checked, or -1 (with @err set) when out of memory.
 */
int __must_check check_header(struct check *c, struct err *err);

/* As the name of a type, member, enumerator, variable or parameter has to be. */
bool is_identifier(const char *name);

/* Each type by itself, after check_header(). */
void check_types(const struct check *c);

/* Chains of modifiers, when all types were found. */
void check_chains(const struct check *c);

/*
 * What types refer to, when all were found and none was refused. This the
 * kernel takes as it is.
 * Returns -1 (with @err set) when out of memory.
 */
int __must_check check_refs(const struct check *c, struct err *err);

/*
 * Find in the layers below @distilled the types of .BTF.base, as the kernel
 * does to put them in its place. Returns as check_refs().
 */
int __must_check check_distilled(const struct check *c,
				 const struct check *distilled,
				 const struct btf_layer *base,
				 struct err *err);

struct check_options {
	const struct base *base;	/* NULL: only what can be told without */
	struct release release;		/* not known: what the module says */
	bool require_btf;
	bool strict;		/* a warning makes a module bad */
};

/* A module that is open, and has been checked. */
struct checked {
	struct report *report;		/* the caller's */
	const struct check_options *opts;
	struct module_file file;
	bool open;			/* else the report says why not */
	struct release release;
	struct elf_section sec;		/* .BTF */
	struct btf_layer base;
	struct check distilled;		/* .BTF.base */
	struct check btf;		/* .BTF */
	bool based;			/* the types of .BTF have their base */
	struct ids_symbols ids;
};

/* .BTF_ids, by the module's types, which are all found; return as check_refs(). */
int __must_check check_ids(const struct checked *m, struct err *err);
int __must_check check_kfuncs(const struct checked *m, struct err *err);

/*
 * All of it, for the module @path. @report is to be freed, and as long as its
 * types are looked at, @c is to stay open.
 */
void check_open(struct checked *c, const char *path,
		const struct check_options *opts, struct report *report);
void check_close(struct checked *c);

/* For the report alone. */
void check_module(const char *path, const struct check_options *opts,
		  struct report *report);

#endif
