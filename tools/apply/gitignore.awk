# SPDX-License-Identifier: GPL-2.0-only
#
# Edit .gitignore: a module's types are ignored, as the module is
#
# Used with shapes.awk and lines.awk. Part: ignored, the line to add.

function edit(    at, i)
{
	name = ".gitignore"
	at = at_most_one("^\\*\\.ko$", "*.ko")
	for (i = 1; i <= n; i++)
		if (line[i] == text["ignored"] || line[i] ~ /^\*\.ko(\*|\.\*)$/)
			keep("has " line[i])
	if (!at)
		keep("has no line *.ko")

	# The file is sorted.
	while (at < n && line[at + 1] ~ /^\*\.ko\./ &&
	       line[at + 1] < text["ignored"])
		at++
	line[at] = line[at] "\n" text["ignored"]
}
