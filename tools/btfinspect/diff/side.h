/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * One side of a comparison: the types of a kernel, or those of a module on top of
 * its base, and which of its functions are kfuncs. All of it was checked.
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

/* What has a name, in the order in which it is told about. */
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

/* What has a definition and a name, for which it can be looked up. */
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
	const struct side *kernel;	/* the caller's; NULL: none, or not known */
	const struct btf *below;	/* what split BTF goes on from, or NULL */
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

	/* What the types are in */
	bool is_module;
	struct module_file module;
	struct file_in in;
	struct base prepared;
};

/*
 * The file @path: a vmlinux, a prepared base, BTF, or a module, compressed or not,
 * whose BTF goes on from @kernel's unless it has a .BTF.base. 1: open, 0: a
 * module without BTF, -1: @err says what is wrong. To be closed in any case.
 */
int __must_check side_open(struct side *s, const char *path,
			   const struct side *kernel, struct err *err);
void side_close(struct side *s);

/* Type @id, 0 is void. All ids in types were checked to be there. */
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

/* The first one of its own with this name; NULL: there is none. */
const struct named *side_find(const struct side *s, enum thing thing,
			      const char *name);

/* NULL: it is none. */
const struct kfunc *side_kfunc(const struct side *s, uint32_t id);

#endif
