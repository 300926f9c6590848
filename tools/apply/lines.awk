# SPDX-License-Identifier: GPL-2.0-only
#
# A file as an array of lines, to be edited and written
#
# The input files before the last are parts, each announced by part=NAME; the
# last one, announced by part= alone, is the file to edit, scripts/Makefile.modfinal
# for one, and called so in messages.
#
#	line[1..n]	the file
#	drop[i]		line i is not written
#	before[i]	text written before line i
#	text[NAME]	a part, without blank lines at its ends
#
# The including program does its work in edit() and may call refuse(), exit status
# 1, or keep(), exit status 3.

part != "" {
	if (!(part in text)) {
		text[part] = $0
	} else {
		text[part] = text[part] "\n" $0
	}
	next
}

{ line[++n] = $0 }

END {
	for (part in text) {
		sub(/^\n+/, "", text[part])
		sub(/\n+$/, "", text[part])
	}
	edit()
	if (refused)
		exit 1
	for (i = 1; i <= n; i++) {
		if (i in before)
			print before[i]
		if (!(i in drop))
			print line[i]
	}
}

# One message, and nothing is written.
function refuse(i, what)
{
	if (refused)
		return
	refused = 1
	print name (i ? ":" i : "") ": " what > "/dev/stderr"
}

# Nothing is to be edited here, which is said and no reason to stop.
function keep(why)
{
	if (refused)
		exit 1
	print name ": " why > "/dev/stderr"
	exit 3
}

# The last line of what begins at i and goes on with backslashes.
function last_of(i)
{
	while (i < n && line[i] ~ /\\$/)
		i++
	return i
}

# The first line of the comment directly above i, or i.
function comment_above(i)
{
	while (i > 1 && line[i - 1] ~ /^#/)
		i--
	return i
}

# Drop lines i to j, and the blank line behind them.
function drop_lines(i, j)
{
	if (line[j + 1] ~ /^[ \t]*$/)
		j++
	for (; i <= j; i++)
		drop[i]
}

# The only line that matches, or 0.
function only(regex, what,    at)
{
	at = at_most_one(regex, what)
	if (!at)
		refuse(0, "no " what)
	return at
}

# The same where there need not be one.
function at_most_one(regex, what,    i, at)
{
	for (i = 1; i <= n; i++) {
		if (line[i] !~ regex)
			continue
		if (at) {
			refuse(i, what " again, first in line " at)
			return 0
		}
		at = i
	}
	return at
}

# Text with a backslash behind it, in the column where kbuild has it.
function continued(s,    i, column)
{
	for (i = 1; i <= length(s); i++)
		column += substr(s, i, 1) == "\t" ? 8 - column % 8 : 1
	if (column >= 72)
		return s " \\"
	for (; column < 72; column += 8 - column % 8)
		s = s "\t"
	return s "\\"
}
