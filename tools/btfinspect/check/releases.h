/* SPDX-License-Identifier: GPL-2.0-only */
/* How kernel releases differ in the BTF that they accept. */
#ifndef BTFINSPECT_RELEASES_H
#define BTFINSPECT_RELEASES_H

#include <stdbool.h>

/* Of the kernel; all bytes zero: unknown */
struct release {
	unsigned int major, minor;
};

enum release_rule {
	RULE_KFUNC_SETS,	/* sets of kfuncs are marked, and checked */
	RULE_DISTILLED_BASE,	/* .BTF.base is used */
	RULE_ANY_SECTION_NAME,	/* a DATASEC can have any printable name */
	RULE_TAG_FLAG,		/* DECL_TAG and TYPE_TAG may have kind_flag */
	RULE_SORTED,		/* sorted types are found by bisection */
	RULE_IMPLICIT_ARGS,	/* NAME_impl can have the real prototype */
	RULE_LAYOUT,		/* the header can have a layout */
	RULE_WIDE_INFO,		/* a count has 24 bits, a kind has 7 */
	RULE_TAGS_ANYWHERE,	/* TYPE_TAG can come after other modifiers */
	RULE_KFUNC_NAMES,	/* no name of a function of vmlinux */
	NR_RULES
};

/* The newest release with known rules, which are used for later ones. */
extern const struct release release_newest;

/*
 * The release at the start of @version ("6.1.0-13-amd64 SMP" as in a module's
 * vermagic). False: there is none.
 */
bool release_parse(struct release *r, const char *version);

/* Older releases have the rules of the oldest known one. */
bool release_has(struct release r, enum release_rule rule);

bool release_is_newer(struct release r, struct release than);

#endif
