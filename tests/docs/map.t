#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# docs/design.md has a line for each source file, and none for a file that is gone.
# The rules in docs/kbuild.md are those of scripts/Makefile.modfinal.

# shellcheck disable=SC2016 # backquotes of Markdown
# shellcheck source=tests/lib.sh
. "${0%/*}/../lib.sh"

# The map: names in the first column of the tables in that chapter. The first line of
# a table says which folder it is about, if that is another than before. A header is
# described with its .c file.
mapped()
{
	sed -n '/^## What each file does/,/^## What was tried/p' \
		"$ROOT/docs/design.md" |
	awk -F'|' '
		$2 ~ /^ file of / { dir = $2; gsub(/ file of | /, "", dir) }
		$2 ~ /^ `/ {
			n = split($2, name, "`")
			for (i = 2; i <= n; i += 2)
				print dir "/" name[i]
		}' | sort
}

# The sources, without the folders inside
there()
{
	(cd "$ROOT" && find tools/btfstage tools/btfinspect tools/apply -type f \
		\( -name '*.[ch]' -o -name '*.html' -o -path 'tools/apply/*' \)) |
	while read -r file; do
		case $file in
		*.h)	[ ! -e "$ROOT/${file%.h}.c" ] || continue ;;
		esac
		echo "$file"
	done | sed 's,^\(tools/[^/]*\)/.*/,\1/,' | sort
}

is "no file is in the map twice" "$(mapped | uniq -d)" ''
is "the map has all files, and no others" "$(mapped)" "$(there)"

# Each line of a make block, and enough of them to be the rules
rules()
{
	sed -n '/^```make$/,/^```$/p' "$ROOT/docs/kbuild.md" | grep -v '^```'
}

like "docs/kbuild.md has the rules" "$(rules)" '^\$\(final-ko\): %\.ko: '
is "they are those of the build" \
	"$(rules | grep . | grep -vxF -f "$ROOT/scripts/Makefile.modfinal")" ''

done_testing
