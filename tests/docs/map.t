#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# docs/design.md has a line for each source file, and none for a file that is gone

# shellcheck disable=SC2016 # backquotes of Markdown
# shellcheck source=tests/lib.sh
. "${0%/*}/../lib.sh"

# The map: names in the first column of the tables in that chapter. A header is told
# about with its .c file.
mapped()
{
	sed -n '/^## What each file does/,/^## What was tried/p' \
		"$ROOT/docs/design.md" |
		sed -n 's/^| \(`[^|]*`\) |.*/\1/p' | grep -o '`[^`]*`' |
		tr -d '`' | sort
}

# The sources
there()
{
	for file in "$ROOT"/tools/btf*/*.[ch] "$ROOT"/tools/btf*/*/*.[ch] "$ROOT"/tools/apply/*; do
		case $file in
		*.h)	[ ! -e "${file%.h}.c" ] || continue ;;
		esac
		echo "${file##*/}"
	done | sort
}

is "no file is in the map twice" "$(mapped | uniq -d)" ''
is "the map has all files, and no others" "$(mapped)" "$(there)"

done_testing
