# SPDX-License-Identifier: GPL-2.0-only
#
# Edit the top-level Makefile: "make clean" removes the helper
#
# Used with shapes.awk and lines.awk. Part: cleaned, a line of CLEAN_FILES. The
# helper's objects have names that are removed everywhere.

function edit(    at, last, used, i)
{
	name = "Makefile"
	for (i = 1; i <= n && line[i] !~ /^clean[ \t]*:/; i++)
		;
	if (i > n)
		keep("has no rule for clean")

	used = only("^clean: (private )?rm-files := \\$\\(CLEAN_FILES\\)$",
		    "clean: rm-files := $(CLEAN_FILES)")
	at = only("^CLEAN_FILES[ \t]*\\+?=", "CLEAN_FILES +=")
	if (refused)
		return
	last = last_of(at)
	if (last == at)
		refuse(at, "unknown form of CLEAN_FILES, in one line")
	if (last > used)
		refuse(used, "CLEAN_FILES is used before it is set")
	before[last] = text["cleaned"]
}
