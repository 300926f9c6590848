// SPDX-License-Identifier: GPL-2.0-only
#include <ctype.h>
#include <stdlib.h>

#include "releases.h"

/*
 * All of these know the kinds up to ENUM64. A row repeats what the one before
 * it says; read from kernel/bpf/btf.c of 6.1 and 6.12, and for what lies in
 * between and after from the kernel's history and from what 7.3 loads. A type with
 * more than 65535 members, which 7.2 allows, is refused here.
 */
static const struct release releases[] = {
	{ .major = 6, .minor = 1 },
	{ .major = 6, .minor = 9,
	  .kfunc_sets = true },
	{ .major = 6, .minor = 11,
	  .kfunc_sets = true, .distilled_base = true },
	{ .major = 6, .minor = 12,
	  .kfunc_sets = true, .distilled_base = true,
	  .any_section_name = true },
	{ .major = 6, .minor = 15,
	  .kfunc_sets = true, .distilled_base = true,
	  .any_section_name = true, .tag_flag = true },
	{ .major = 7, .minor = 2,
	  .kfunc_sets = true, .distilled_base = true,
	  .any_section_name = true, .tag_flag = true,
	  .layouts = true, .tags_anywhere = true },
	{ .major = 0 }
};

const struct release *release_newest(void)
{
	const struct release *r = releases;

	while (r[1].major)
		r++;
	return r;
}

const struct release *release_find(const char *version)
{
	const struct release *found = releases, *r;
	unsigned long major, minor;
	char *end;

	major = strtoul(version, &end, 10);
	if (!isdigit((unsigned char)*version) || *end != '.' ||
	    !isdigit((unsigned char)end[1]))
		return NULL;
	minor = strtoul(end + 1, NULL, 10);
	for (r = releases; r->major; r++) {
		if (r->major < major ||
		    (r->major == major && r->minor <= minor))
			found = r;
	}
	return found;
}
