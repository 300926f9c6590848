#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# The man page is well formed and knows every option that --help shows.

# shellcheck source=tests/lib.sh
. "${0%/*}/../lib.sh"

page=$ROOT/tools/btfstage/btfstage.1

# References to pages that are not installed here are no fault of the page.
is "mandoc finds no fault" \
	"$(mandoc -Tlint "$page" 2>/dev/null | grep -v 'referenced manual not found')" ''

mandoc -Tascii "$page" | col -b >"$TMP/page"
for command in base ko; do
	"$BTFSTAGE" $command --help >"$TMP/help"
	is "$command --help: exit status" $? 0
	is "$command --help: no line is too long" "$(grep -E '.{81}' "$TMP/help")" ''
	sed -nE 's/^ {2,6}(-[a-z], )?(--[a-z]+).*/\2/p' "$TMP/help" >"$TMP/options"
	while read -r option; do
		like "$command $option is in the man page" \
			"$(cat "$TMP/page")" "$option( |\$|,)"
	done <"$TMP/options"
done

like "--version" "$("$BTFSTAGE" --version)" '^btfstage [0-9]+\.[0-9]+$'
"$BTFSTAGE" --help >"$TMP/help"
is "--help: exit status" $? 0
for args in '' 'nosuch' 'base' 'base a b' 'ko' 'ko --base x y' 'base -x y'; do
	# shellcheck disable=SC2086 # a list of words
	"$BTFSTAGE" $args >"$TMP/out" 2>"$TMP/err"
	is "'btfstage $args' is wrong usage" $? 2
	is "'btfstage $args' prints nothing on stdout" "$(cat "$TMP/out")" ''
done

done_testing
