/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Check a module's BTF by the kernel's rules, and by some more.
 *
 * When a module is loaded, the kernel (btf_parse_module()) checks the header
 * and the string section, each type by itself, and chains of modifiers. It does
 * not check the types that a type refers to, as it does for BTF from user
 * space. An error here makes the kernel refuse the module. Everything else that
 * is wrong is a warning. The checks run and report in the kernel's order. The
 * kernel stops at the first error; they go on as long as possible.
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

/* A section with BTF that is checked. */
struct check {
	struct report *report;
	struct release release;
	const char *section;	/* its name, for messages */
	const uint8_t *data;
	size_t size;
	bool swapped;		/* has the other byte order */
	bool split;		/* split BTF, with the base known or not */
	unsigned int ptr_size;	/* in bytes */
	struct btf_layer layer;	/* to free; .below is the caller's */
	uint32_t types_off;	/* of the first type in the section */
};

/* The location of type @id of the section. */
struct place check_place(const struct check *c, uint32_t id);

/*
 * Check the header and the strings, and find the types. Returns 0, 1 if nothing
 * else can be checked, or -1 (with @err set) when out of memory.
 */
int __must_check check_header(struct check *c, struct err *err);

/*
 * True if @name is valid for a type, member, enumerator, variable or parameter.
 */
bool is_identifier(const char *name);

/* Check each type by itself, after check_header(). */
void check_types(const struct check *c);

/* Check chains of modifiers, if all types were found. */
void check_chains(const struct check *c);

/*
 * Check the types that types refer to, if all were found and none was refused.
 * The kernel does not check them. Returns -1 (with @err set) when out of
 * memory.
 */
int __must_check check_refs(const struct check *c, struct err *err);

/*
 * Find the types of .BTF.base in the layers below @distilled, as the kernel
 * does for the relocation. Returns as check_refs().
 */
int __must_check check_distilled(const struct check *c,
				 const struct check *distilled,
				 const struct btf_layer *base,
				 struct err *err);

struct check_options {
	const struct base *base;	/* NULL: check what needs no base */
	struct release release;		/* unknown: the module's vermagic */
	bool require_btf;
	bool strict;		/* a warning makes a module bad */
};

/* Why no type of a module's own has a name */
enum nameless {
	NAMELESS_NOT,		/* one has, or there is no BTF that is good */
	NAMELESS_RUST,
	NAMELESS_NO_C,		/* there is no function for pahole at all */
	NR_NAMELESS
};

/* For people: "no function of it is in C" */
const char *nameless_text(enum nameless why);

/* For programs: "no-c" */
const char *nameless_name(enum nameless why);

/* An open module that has been checked. */
struct checked {
	struct report *report;		/* the caller's */
	const struct check_options *opts;
	struct module_file file;
	bool open;			/* else the report has the reason */
	struct release release;
	struct elf_section sec;		/* .BTF */
	struct btf_layer base;
	struct check distilled;		/* .BTF.base */
	struct check btf;		/* .BTF */
	bool based;			/* the base of .BTF is known */
	enum nameless nameless;
	struct ids_symbols ids;
};

/* Check .BTF_ids, with all types found. Return as check_refs(). */
int __must_check check_ids(const struct checked *m, struct err *err);
int __must_check check_kfuncs(const struct checked *m, struct err *err);

/* Of .BTF that the kernel takes. */
enum nameless check_names(const struct checked *m);

/*
 * Run all checks on the module @path. The caller frees @report, and keeps @c
 * open while it uses the types.
 */
void check_open(struct checked *c, const char *path,
		const struct check_options *opts, struct report *report);
void check_close(struct checked *c);

/* The same, only for the report. */
void check_module(const char *path, const struct check_options *opts,
		  struct report *report);

#endif
