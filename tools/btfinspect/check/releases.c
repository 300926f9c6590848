// SPDX-License-Identifier: GPL-2.0-only
#include <ctype.h>
#include <stdlib.h>

#include "releases.h"

const struct release release_newest = { 7, 3 };

/*
 * The first release with each rule; everything else is as in 6.1. From
 * kernel/bpf/btf.c of 6.1, 6.12, 7.2 and 7.3. Releases in between are from the
 * dates of commits; 7.2 can mean an earlier one.
 */
static const struct release since[NR_RULES] = {
	[RULE_KFUNC_SETS]	= { 6, 9 },
	[RULE_DISTILLED_BASE]	= { 6, 11 },
	[RULE_ANY_SECTION_NAME]	= { 6, 12 },
	[RULE_TAG_FLAG]		= { 6, 15 },
	[RULE_SORTED]		= { 7, 0 },
	[RULE_IMPLICIT_ARGS]	= { 7, 0 },
	[RULE_LAYOUT]		= { 7, 1 },
	[RULE_WIDE_INFO]	= { 7, 2 },
	[RULE_TAGS_ANYWHERE]	= { 7, 2 },
	[RULE_KFUNC_NAMES]	= { 7, 2 },
};

bool release_parse(struct release *r, const char *version)
{
	unsigned long major, minor;
	char *end;

	major = strtoul(version, &end, 10);
	if (!isdigit((unsigned char)*version) || *end != '.' ||
	    !isdigit((unsigned char)end[1]))
		return false;
	minor = strtoul(end + 1, NULL, 10);
	*r = (struct release){ major, minor };
	return true;
}

bool release_is_newer(struct release r, struct release than)
{
	return r.major > than.major ||
	       (r.major == than.major && r.minor > than.minor);
}

bool release_has(struct release r, enum release_rule rule)
{
	return !release_is_newer(since[rule], r);
}
