/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Check an output for any input, without btfstage's own code. Each returns NULL, or
 * what is wrong.
 */
#ifndef TESTS_HOSTILE_ORACLE_H
#define TESTS_HOSTILE_ORACLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "seeds.h"

/*
 * Split BTF on a base of @nr_base types and @base_strs bytes of strings: whole
 * types, references and names inside, strings that end. Types ascend by name if
 * @sorted, which are these strings, is not NULL.
 */
const char *oracle_split_btf(struct bytes btf, bool swapped, uint32_t nr_base,
			     uint32_t base_strs, const char *sorted);

/* .BTF.base, and .BTF that is split against it. */
const char *oracle_distilled(struct bytes base, struct bytes split,
			     bool swapped);

/*
 * @out is the ELF file @in with a section .BTF more, and no byte of its other
 * sections changed but for .BTF_ids. @btf: what is in the new section.
 */
const char *oracle_added_btf(struct bytes in, struct bytes out,
			     struct bytes *btf);

/* The same, and .BTF is split BTF on the prepared base @base. */
const char *oracle_module(struct bytes in, struct bytes out,
			  struct bytes base);

/*
 * The ELF file @module, of which "check" says nothing: if it is plain that it has
 * a .BTF, and a .BTF.base or not, these are BTF that fits the prepared @base.
 */
const char *oracle_good_module(struct bytes module, struct bytes base);

/* A prepared base whose parts are inside, and hold @types and @strs. */
const char *oracle_base(struct bytes base);

#endif
