/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Small valid input files, to damage: a kernel with a type of every kind, and a
 * module with some of these types, some of its own, and .BTF_ids. The unit tests'
 * builders make them, which do not use btfstage's code; only a prepared base comes
 * from base_build().
 *
 * Results are malloc()ed. An error of the builders aborts.
 */
#ifndef TESTS_HOSTILE_SEEDS_H
#define TESTS_HOSTILE_SEEDS_H

#include <stddef.h>
#include <stdint.h>

struct bytes {
	uint8_t *data;
	size_t size;
};

/* The form of a seed. For types and base, only the byte order matters. */
enum seed_form {
	SEED_64LE,
	SEED_64BE,
	SEED_32LE,
	SEED_32BE,
	/* All that follow are 64LE, and say how the ELF file is laid out. */
	SEED_HEADERS_FIRST,
	SEED_NAMES_INSIDE,	/* as lld does */
	SEED_ONE_STRTAB,
	SEED_SEGMENT,
	SEED_XINDEX,		/* counts and numbers as beyond 0xff00 */
	NR_SEED_FORMS
};

struct bytes seed_kernel_types(enum seed_form form);	/* raw BTF */
struct bytes seed_kernel_layouts(enum seed_form form);	/* with a new kind */
struct bytes seed_vmlinux(enum seed_form form);		/* ELF with .BTF */
struct bytes seed_base(enum seed_form form);		/* prepared base */
struct bytes seed_sorted_base(enum seed_form form);	/* of sorted types */
struct bytes seed_types(enum seed_form form);		/* a module's BTF */
struct bytes seed_module(enum seed_form form);		/* linked module */

/*
 * The same with .modinfo, debug information and, with 64 bits, a set of kfuncs that
 * is registered.
 */
struct bytes seed_whole_module(enum seed_form form);

/* A kernel that says which release it is, SEED_RELEASE. */
struct bytes seed_released_vmlinux(enum seed_form form);

#define SEED_RELEASE	"6.12.0-seed"

/* The output of "btfstage ko" for seed_whole_module(): see seeds_staged.c. */
struct bytes seed_staged(enum seed_form form);
struct bytes seed_distilled(enum seed_form form);	/* with .BTF.base */

#endif
