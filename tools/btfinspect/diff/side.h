/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * One side of a comparison: the types of a kernel, or those of a module on top
 * of its base, and its kfuncs. All of it was checked.
 */
#ifndef BTFINSPECT_DIFF_SIDE_H
#define BTFINSPECT_DIFF_SIDE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "../../btfstage/base/base.h"
#include "../../btfstage/base/kernel.h"
#include "../../btfstage/btf/btf.h"
#include "../../btfstage/io/err.h"
#include "../../btfstage/io/file_in.h"
#include "../check/module_file.h"

/* Named things, in the order of the output. */
enum thing {
	THING_STRUCT,
	THING_UNION,
	THING_ENUM,
	THING_TYPEDEF,
	THING_BASIC,		/* INT and FLOAT */
	THING_FUNC,
	THING_VAR,
	NR_THINGS,
	THING_NONE = NR_THINGS
};

/* A definition that can be found by name. */
struct named {
	enum thing thing;
	const char *name;
	uint32_t id;
};

struct kfunc {
	uint32_t id;
	uint32_t flags;		/* KF_ACQUIRE and the like */
};

struct side {
	const char *path;		/* the caller's */
	const struct side *kernel;	/* the caller's; NULL: unknown */
	const struct btf *below;	/* the base of split BTF, or NULL */
	struct btf distilled;		/* .BTF.base */
	bool has_distilled;
	struct btf own;
	struct named *named;		/* of @own; by thing, name, id */
	size_t nr_named;
	struct kfunc *kfuncs;		/* by id */
	size_t nr_kfuncs;
	bool kfuncs_known;
	bool kfunc_flags_known;
	char release[KERNEL_RELEASE_SIZE];	/* of the kernel, "": unknown */

	/* What contains the types */
	bool is_module;
	struct module_file module;
	struct file_in in;
	struct base prepared;
};

/*
 * Open the file @path: a vmlinux, a prepared base, BTF, or a module, compressed
 * or not, whose base is @kernel unless it has a .BTF.base. 1: open, 0: a module
 * without BTF, -1: @err has the reason. Close it in any case.
 */
int __must_check side_open(struct side *s, const char *path,
			   const struct side *kernel, struct err *err);
void side_close(struct side *s);

/* Type @id, 0 is void. All ids in types were checked. */
const struct btf_type *side_type(const struct side *s, uint32_t id);
const char *side_str(const struct side *s, uint32_t off);

static inline const char *side_name(const struct side *s,
				    const struct btf_type *t)
{
	return side_str(s, t->name_off);
}

/* The first id of the side's own types. */
static inline uint32_t side_first(const struct side *s)
{
	return s->own.nr_base_types + 1;
}

static inline uint32_t side_end(const struct side *s)
{
	return side_first(s) + s->own.nr_types;
}

enum thing thing_of(const struct btf_type *t);

/* "struct", ... */
const char *thing_name(enum thing thing);

int named_cmp(const struct named *a, const struct named *b);

/* Its first own definition with this name, or NULL. */
const struct named *side_find(const struct side *s, enum thing thing,
			      const char *name);

/* NULL: not a kfunc. */
const struct kfunc *side_kfunc(const struct side *s, uint32_t id);

#endif
