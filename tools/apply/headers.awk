# SPDX-License-Identifier: GPL-2.0-only
#
# Edit the script that lists what headers for external modules have of a build
# tree: the helper and the prepared base too
#
# Used with shapes.awk and lines.awk. Part: headers.

function edit(    at, part, indent)
{
	name = file
	at = only("^[ \t]*echo tools/objtool/objtool$", "echo tools/objtool/objtool")
	if (refused)
		return
	if (squeeze(line[at - 1]) != objtool_if || squeeze(line[at + 1]) != "fi")
		return refuse(at, "tools/objtool/objtool is listed in an unknown way")
	part = "\n" text["headers"]
	indent = line[at - 1]
	sub(/[^ \t].*/, "", indent)
	gsub(/\n\t/, "\n" indent, part)
	before[at + 2] = part
}
