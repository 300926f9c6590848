/* SPDX-License-Identifier: GPL-2.0-only */
/* What kernel releases take for valid BTF, where they differ. */
#ifndef BTFINSPECT_RELEASES_H
#define BTFINSPECT_RELEASES_H

#include <stdbool.h>

/* Of the kernel; all bytes zero: not known */
struct release {
	unsigned int major, minor;
};

enum release_rule {
	RULE_KFUNC_SETS,	/* sets of kfuncs are marked, and checked */
	RULE_DISTILLED_BASE,	/* .BTF.base is looked at */
	RULE_ANY_SECTION_NAME,	/* a DATASEC's name can be any printable one */
	RULE_TAG_FLAG,		/* DECL_TAG and TYPE_TAG may have kind_flag */
	RULE_SORTED,		/* types sorted by name are found faster */
	RULE_IMPLICIT_ARGS,	/* a kfunc's real prototype can be NAME_impl's */
	RULE_LAYOUT,		/* the header can say where sizes of kinds are */
	RULE_WIDE_INFO,		/* a count has 24 bits, a kind has 7 */
	RULE_TAGS_ANYWHERE,	/* TYPE_TAG can come after other modifiers */
	RULE_KFUNC_NAMES,	/* a kfunc cannot have a function's name of vmlinux */
	NR_RULES
};

/* The newest one whose rules are known; later ones are taken to have the same. */
extern const struct release release_newest;

/*
 * The release that @version starts with ("6.1.0-13-amd64 SMP" as in a module's
 * vermagic); false: it starts with none.
 */
bool release_parse(struct release *r, const char *version);

/* Rules before those of the oldest release known are that one's. */
bool release_has(struct release r, enum release_rule rule);

bool release_is_newer(struct release r, struct release than);

#endif
