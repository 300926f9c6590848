#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# The man page is well formed, and tells of the same commands and options as
# --help, in both directions.

# shellcheck source=tests/lib.sh
. "${0%/*}/../lib.sh"

page=$ROOT/tools/btfstage/btfstage.1
apply_page=$ROOT/tools/apply/btfstage-apply.1

# References to pages that are not installed here are no fault of the page.
is "mandoc finds no fault" \
	"$(mandoc -Tlint "$page" "$apply_page" 2>/dev/null | grep -v 'referenced manual not found')" ''

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

# --- commands
"$BTFSTAGE" --help >"$TMP/help"
is "--help: exit status" $? 0
commands=$(sed -nE 's/^  ([a-z-]+)  .*/\1/p' "$TMP/help" | sort)
like "--help: has commands" "$commands" '^base$'
is "the commands in the man page's text" \
	"$(sed -n 's/^\.Ss btfstage //p' "$page" | sort)" "$commands"
# A command can have more than one form.
synopsis=$(sed -n '/^\.Sh SYNOPSIS/,/^\.Sh DESCRIPTION/p' "$page")
is "the commands in its synopsis" \
	"$(echo "$synopsis" | sed -n 's/^\.Cm //p' | sort -u)" "$commands"
is "the commands in the first lines of --help" \
	"$(sed -nE 's/^(Usage:|      ) btfstage ([a-z][a-z-]*) .*/\2/p' "$TMP/help" |
	   sort -u)" "$commands"
is "options without a command" \
	"$(echo "$synopsis" | sed -nE 's/^\.Fl -([a-z]+) \| -([a-z]+)$/--\1 | --\2/p')" \
	"$(sed -n 's/^       btfstage \(--.*\)/\1/p' "$TMP/help")"

# --- options: "-o --output out", with what there is of these
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
for command in $commands; do
	"$BTFSTAGE" "$command" --help >"$TMP/help"
	is "$command --help: exit status" $? 0
	is "$command --help: no line is too long" \
		"$(grep -E '.{81}' "$TMP/help")" ''
	sed -n "/^\.Ss btfstage $command\$/,/^\.S[sh] /p" "$page" >"$TMP/text"
	# the section ends where the next begins, which is its last line
	help_options <"$TMP/help" >"$TMP/in-help"
	page_options <"$TMP/text" >"$TMP/in-page"
	like "$command --help: has options" "$(cat "$TMP/in-help")" ' --help $'
	is "$command: the options in the man page" \
		"$(cat "$TMP/in-page")" "$(cat "$TMP/in-help")"
	is "$command: all that looks like one there" \
		"$(wc -l <"$TMP/in-page")" "$(grep -c '^\.It Fl' "$TMP/text")"
	is "$command: all that looks like one in --help" \
		"$(wc -l <"$TMP/in-help")" "$(grep -Ec '^ {2,6}-' "$TMP/help")"
done

like "--version" "$("$BTFSTAGE" --version)" '^btfstage [0-9]+\.[0-9]+$'
for args in '' 'nosuch' 'base' 'base a b' 'ko' 'ko --base x y' 'base -x y' \
	    find-base 'find-base a b' 'find-base --base x y' \
	    'check' 'check x' 'check --base x' 'restore' 'restore x' \
	    'restore --from x' 'restore --from x y z' 'show' 'show a b' \
	    'report' 'report --sort x y'; do
	# shellcheck disable=SC2086 # a list of words
	"$BTFSTAGE" $args >"$TMP/out" 2>"$TMP/err"
	is "'btfstage $args' is wrong usage" $? 2
	is "'btfstage $args' prints nothing on stdout" "$(cat "$TMP/out")" ''
done

done_testing
