# SPDX-License-Identifier: GPL-2.0-only
#
# Edit the top-level Makefile: "make clean" removes the helper, "make btf-report"
# runs it, and "make help" tells so
#
# Used with shapes.awk and lines.awk. Parts: cleaned, a line of CLEAN_FILES;
# help, lines of the recipe of help, or nothing; target, a rule, or nothing. The
# helper's objects have names that are removed everywhere.
#
# The new lines follow those of nsdeps, the other thing to be known about modules.

function edit(    i)
{
	name = "Makefile"
	for (i = 1; i <= n && line[i] !~ /^clean[ \t]*:/; i++)
		;
	if (i > n)
		keep("has no rule for clean")
	edit_clean()
	if ("help" in text)
		edit_help()
	if ("target" in text)
		edit_nsdeps()
}

function edit_clean(    at, last, used)
{
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

function edit_help(    at)
{
	at = only("^\t@echo +'  nsdeps  ", "line for nsdeps in the recipe of help")
	if (refused)
		return
	if (line[at + 1] !~ /^\t@/)
		refuse(at, "unknown line behind nsdeps in the recipe of help: " \
			   squeeze(line[at + 1]))
	before[at + 1] = text["help"]
}

function edit_nsdeps(    at)
{
	at = only("^nsdeps: modules$", "nsdeps: modules")
	if (refused)
		return
	for (at++; line[at] ~ /^\t/; at++)
		;
	if (line[at] !~ /^$/)
		refuse(at, "unknown line behind the recipe of nsdeps: " \
			   squeeze(line[at]))
	before[at] = "\n" text["target"]
}
