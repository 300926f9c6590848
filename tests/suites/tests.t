#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# What the tests rest on: skips are named in the end, a missing tool and a build that
# fails are seen, and what is installed is what the suite has.

# shellcheck disable=SC2016 # for the inner shells
# shellcheck source=tests/lib.sh
. "${0%/*}/../lib.sh"

# inner COMMAND...: those run the test file in $TMP/inner. What it and they print goes
# to $TMP/said.
inner()
{
	(
		unset SKIPS
		"$@" sh -c '. "$1"' "$ROOT/tests/suites/inner.t" "$TMP/inner"
	) >"$TMP/said" 2>&1
}
skips=$ROOT/tests/skips.sh

# --- skips
cat >"$TMP/inner" <<'END'
. "$ROOT/tests/lib.sh"
ok "good" true
skip "a test" "a reason"
done_testing
END
ok "one is skipped: status" inner "$skips"
is "it is named" "$(sed '1,/^1\.\./d' "$TMP/said")" "Skipped:
  tests/suites/inner.t: a test: a reason"
ok "within another one: status" inner "$skips" "$skips"
is "it is named once, behind all" "$(grep -c '^  .*a reason$' "$TMP/said")" 1
ok "by itself: status" inner env
unlike "nothing is named" "$(cat "$TMP/said")" '^Skipped'

echo 'skip_all "no use"' | cat "$TMP/inner" - | sed 2,4d >"$TMP/all"
cp "$TMP/all" "$TMP/inner"
ok "all are skipped: status" inner "$skips"
is "that is named" "$(tail -n 1 "$TMP/said")" "  tests/suites/inner.t: all: no use"
"$skips" sh -c 'exit 3'
is "the status of the command" $? 3

# --- what must not pass
# ends NAME LINE REGEX: with that line behind a good test
ends()
{
	printf '%s\n' '. "$ROOT/tests/lib.sh"' 'ok "good" true' "$2" done_testing \
		>"$TMP/inner"
	inner "$skips"
	is "$1: status" $? 1
	like "$1: why" "$(cat "$TMP/said")" "$3"
}
ends "a tool that is missing" "need sh no-such-tool" '^Bail out! no no-such-tool: '
ends "skip_all behind a test" "skip_all late" '^Bail out! skip_all after a test: late'
ends "a build that fails and does nothing" 'mini_copy
	mini no-such-goal; is steps "$(steps)" ""' '^not ok 2 - steps'
ends "... in all its lines" 'mini_copy
	mini no-such-goal; is lines "$(lines)" ""' '^not ok 2 - lines'
ends "a file that stays away" 'is stamp "$(stamp /none)" "$(stamp /none)"' \
	'^not ok 2 - stamp'

# --- packages: a Debian that has the packages in $TMP/has, and those in $TMP/suite
# to be had
mkdir "$TMP/bin"
stand_in()
{
	printf '#!/bin/sh\n%s\n' "$2" >"$TMP/bin/$1"
	chmod +x "$TMP/bin/$1"
}
stand_in dpkg-query 'for name; do :; done
grep -qxF "$name" "$TMP/has" && echo "install ok installed"'
stand_in apt-cache 'grep -xF "$2" "$TMP/suite"'
stand_in apt-get 'echo "$*" >>"$TMP/asked"
if [ -s "$TMP/error" ]; then
	cat "$TMP/error" >&2
	: >"$TMP/error"
	exit 100
fi'
stand_in sudo 'exec "$@"'
stand_in sleep 'echo "sleep $*" >>"$TMP/asked"'

# packages GROUP...
packages()
{
	: >"$TMP/asked"
	PATH=$TMP/bin:$PATH "$ROOT/tests/install-packages.sh" "$@" \
		>"$TMP/said" 2>&1
}
: >"$TMP/error"
printf '%s\n' linux-source linux-source-6.1 linux-source-6.12 >"$TMP/suite"
cp "$TMP/suite" "$TMP/has"
ok "all are there" packages source
is "... nothing is asked for" "$(cat "$TMP/asked" "$TMP/said")" ''
echo linux-source >"$TMP/has"
ok "two that the suite has are missing" packages source
is "... they are installed" "$(tail -n 1 "$TMP/asked")" \
	"-qq install --no-install-recommends linux-source-6.1 linux-source-6.12"
echo linux-source-6.12 >"$TMP/suite"
ok "the suite has one of them" packages source
is "... it is installed" "$(tail -n 1 "$TMP/asked")" \
	"-qq install --no-install-recommends linux-source-6.12"
: >"$TMP/suite"
ok "it has none of them" packages source
is "... nothing is asked for" "$(cat "$TMP/asked" "$TMP/said")" ''
: >"$TMP/has"
ok "one that all have is missing" packages source
is "... it is installed, for apt to say if there is none" \
	"$(tail -n 1 "$TMP/asked")" "-qq install --no-install-recommends linux-source"

echo 'E: Could not get lock /var/lib/apt/lists/lock. It is held by process 1' \
	>"$TMP/error"
ok "another apt is at work" packages source
is "... this one waits" "$(cut -d' ' -f1,2 "$TMP/asked")" "-qq update
sleep 10
-qq update
-qq install"
echo 'E: no network' >"$TMP/error"
packages source
is "apt fails: status" $? 1
is "... why" "$(cat "$TMP/said")" 'E: no network'
packages source none
is "no such group: status" $? 2
packages
is "no group: status" $? 2

done_testing
