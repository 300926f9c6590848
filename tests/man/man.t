#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# The man pages are well-formed, and have the same commands and options as --help.

# shellcheck source=tests/lib.sh
. "${0%/*}/../lib.sh"

need mandoc

pages="$ROOT/tools/btfstage/btfstage.1 $ROOT/tools/btfinspect/btfinspect.1"
apply_page=$ROOT/tools/apply/btfstage-apply.1

like "mandoc finds faults" "$(echo .XX | mandoc -Tlint)" 'unknown macro'
# References to pages that are not installed here are no fault of the page.
# shellcheck disable=SC2086 # a list of words
is "mandoc finds no fault" \
	"$(mandoc -Tlint $pages "$apply_page" 2>/dev/null | grep -v 'referenced manual not found')" ''

# --- btfstage-apply
"$ROOT/tools/apply/apply.sh" --help >"$TMP/help"
is "btfstage-apply --help: exit status" $? 0
is "btfstage-apply --help: no line is too long" "$(grep -E '.{81}' "$TMP/help")" ''
is "btfstage-apply: its commands in the man page" \
	"$(sed -n '/^\.Sh DESCRIPTION/,/^\.Sh FILES/s/^\.It Cm //p' "$apply_page")" \
	"$(sed -nE 's/^  ([a-z]+)  .*/\1/p' "$TMP/help")"
is "btfstage-apply: ... and in its synopsis" \
	"$(sed -n '/^\.Sh SYNOPSIS/,/^\.Sh DESCRIPTION/s/^\.Cm //p' "$apply_page" |
	   tr -s ' |' '\n')" \
	"$(sed -nE 's/^  ([a-z]+)  .*/\1/p' "$TMP/help")"

page_auto=$(sed -n '/^\.Ss By itself/,/^\.Sh FILES/p' "$apply_page")
"$ROOT/tools/apply/apply.sh" --auto --help >"$TMP/help"
is "btfstage-apply --auto --help: exit status" $? 0
is "btfstage-apply --auto --help: no line is too long" "$(grep -E '.{81}' "$TMP/help")" ''
is "btfstage-apply --auto: on, off and status in the man page" \
	"$(echo "$page_auto" | grep -oE '^(\.Fl -auto )?(\.|)Ar (on|off|status)' |
	   sed 's/.* //' | sort -u)" \
	"$(sed -nE 's/^  ([a-z]+)  .*/\1/p' "$TMP/help" | sort)"

# --- options: "-o --output out", with the parts that exist
help_options()
{
	sed -nE 's/^ {2,6}((-[a-zA-Z]), )?(--[a-z-]+)([ =]([A-Z_|-]+))?( .*)?$/\2 \3 \5/p' |
	tr '[:upper:]' '[:lower:]' | sort
}
page_options()
{
	sed -nE 's/^\.It Fl (([a-zA-Z]) , )?(-[a-z-]+)( Ar ([^ ]+))?.*/-\2 -\3 \5/p' |
	sed 's/^- / /' |
	tr '[:upper:]' '[:lower:]' | sort
}

# compare PROGRAM NAME PAGE: its commands, and the options of each
compare()
{
	"$1" --help >"$TMP/help"
	is "$2 --help: exit status" $? 0
	is "$2 --help: no line is too long" "$(grep -E '.{81}' "$TMP/help")" ''
	commands=$(sed -nE 's/^  ([a-z-]+)  .*/\1/p' "$TMP/help" | sort)
	like "$2 --help: has commands" "$commands" '^[a-z-]+$'
	is "$2: the commands in the man page's text" \
		"$(sed -n "s/^\.Ss $2 //p" "$3" | sort)" "$commands"
	# A command can have more than one form.
	synopsis=$(sed -n '/^\.Sh SYNOPSIS/,/^\.Sh DESCRIPTION/p' "$3")
	is "$2: the commands in its synopsis" \
		"$(echo "$synopsis" | sed -n 's/^\.Cm \([a-z-]*\)$/\1/p' | sort -u)" \
		"$commands"
	is "$2: the commands in the first lines of --help" \
		"$(sed -nE "s/^(Usage:|      ) $2 ([a-z][a-z-]*) .*/\\2/p" "$TMP/help" |
		   sort -u)" "$commands"
	is "$2: options without a command" \
		"$(echo "$synopsis" | sed -nE 's/^\.Fl -([a-z]+) \| -([a-z]+)$/--\1 | --\2/p')" \
		"$(sed -n "s/^       $2 \(--.*\)/\1/p" "$TMP/help")"

	for command in $commands; do
		"$1" "$command" --help >"$TMP/help"
		is "$command --help: exit status" $? 0
		is "$command --help: no line is too long" \
			"$(grep -E '.{81}' "$TMP/help")" ''
		sed -n "/^\.Ss $2 $command\$/,/^\.S[sh] /p" "$3" >"$TMP/text"
		# the section ends where the next begins, which is its last line
		help_options <"$TMP/help" >"$TMP/in-help"
		page_options <"$TMP/text" >"$TMP/in-page"
		like "$command --help: has options" "$(cat "$TMP/in-help")" \
			' --help $'
		is "$command: the options in the man page" \
			"$(cat "$TMP/in-page")" "$(cat "$TMP/in-help")"
		is "$command: all that looks like one there" \
			"$(wc -l <"$TMP/in-page")" "$(grep -c '^\.It Fl' "$TMP/text")"
		is "$command: all that looks like one in --help" \
			"$(wc -l <"$TMP/in-help")" "$(grep -Ec '^ {2,6}-' "$TMP/help")"
	done
	like "$2 --version" "$("$1" --version)" "^$2 [0-9]+\.[0-9]+\$"
}

# wrong_usage PROGRAM NAME ARGS...: each of ARGS is a list of words
wrong_usage()
{
	program=$1
	name=$2
	shift 2
	for args in "$@"; do
		# shellcheck disable=SC2086 # a list of words
		"$program" $args >"$TMP/out" 2>"$TMP/err"
		is "'$name $args' is wrong usage" $? 2
		is "'$name $args' prints nothing on stdout" "$(cat "$TMP/out")" ''
	done
}

# shellcheck disable=SC2086
set -- $pages
compare "$BTFSTAGE" btfstage "$1"
compare "$BTFINSPECT" btfinspect "$2"
wrong_usage "$BTFSTAGE" btfstage '' nosuch base 'base a b' ko 'ko --base x y' \
	'base -x y' find-base 'find-base a b' 'find-base --base x y'
wrong_usage "$BTFINSPECT" btfinspect '' nosuch check 'check x' 'check --base x' \
	show 'show a b' report 'report --sort x y'

done_testing
