/* SPDX-License-Identifier: GPL-2.0-only */
/* What kernel releases take for valid BTF, where they differ. */
#ifndef BTFINSPECT_RELEASES_H
#define BTFINSPECT_RELEASES_H

#include <stdbool.h>

struct release {
	unsigned int major, minor;	/* the first one with these rules */
	bool any_section_name;	/* a DATASEC's name can be any printable one */
	bool tag_flag;		/* DECL_TAG and TYPE_TAG may have kind_flag */
	bool layouts;		/* the header can say where sizes of kinds are */
	bool tags_anywhere;	/* TYPE_TAG need not precede other modifiers */
	bool distilled_base;	/* .BTF.base is looked at */
	bool kfunc_sets;	/* sets of kfuncs are marked, and checked */
};

/*
 * The rules for the release that @version starts with ("6.1.0-13-amd64 SMP"
 * as in a module's vermagic), NULL when it starts with none. Releases before
 * the oldest one known get that one's rules.
 */
const struct release *release_find(const char *version);

/* The rules of the newest release known. */
const struct release *release_newest(void);

#endif
