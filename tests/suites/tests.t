#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# The tools of the tests: skips are listed at the end, a missing tool and a failing build are
# errors, and packages of the suite are installed.

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

# --- kernels: check.sh in a tree where nothing is installed or built
mkdir -p "$TMP/tree/tests/kernel" "$TMP/tree/tests/suites"
cp "$ROOT/tests/kernel/check.sh" "$TMP/tree/tests/kernel"
cat >"$TMP/tree/tests/install-packages.sh" <<'END'
#!/bin/sh
case $1 in
suites)	echo "E: no net"; exit "$NO_SUITES" ;;
esac
END
cat >"$TMP/tree/tests/suites/suites.sh" <<'END'
#!/bin/sh
echo "$SUITES-$SUITE_KEEP: make $SUITE_GOALS $KERNEL_VERSIONS $KERNEL_TESTS"
END
chmod +x "$TMP/tree/tests/install-packages.sh" "$TMP/tree/tests/suites/suites.sh"
stand_in apt-cache 'grep "^$2" "$TMP/suite"'
stand_in apt-get ''
stand_in dpkg-query 'echo 1-1'
stand_in prove 'echo "prove $KERNEL_VERSION $*"'
stand_in id 'echo "$ID"'
stand_in find ''

# check SUITE RELEASE...: what it does in a system of that suite that suites.sh has
# made, or on this machine
check()
{
	check_suite=$1
	shift
	(
		SKIPS=$TMP/skips SUITE=$check_suite KERNEL_TESTS=kernel.t
		ID=${ID-0} NO_SUITES=${NO_SUITES-0}
		PATH=$TMP/bin:$PATH
		PROVE=prove
		export SKIPS SUITE KERNEL_TESTS ID NO_SUITES PATH PROVE
		"$TMP/tree/tests/kernel/check.sh" "$@" 2>&1
	)
}
printf 'linux-source-%s\n' 6.1 6.12 7.9 7.10 7.11 7.11-rt >"$TMP/suite"
: >"$TMP/skips"
is "kernels: the oldest and the newest, of all" "$(check "" 6.1 7.oldest 7.newest)" \
"Kernel: linux-source-6.1 1-1
prove 6.1 --verbose tests/kernel/kernel.t
Kernel: linux-source-7.9 1-1
prove 7.9 --verbose tests/kernel/kernel.t
Kernel: linux-source-7.11 1-1
prove 7.11 --verbose tests/kernel/kernel.t"
is "kernels: each once" "$(check "" 7.11 7.newest | grep -c '^prove')" 1
printf 'linux-source-%s\n' 6.1 >"$TMP/suite"
is "kernels: newer ones are tested in sid, together" "$(check "" 7.2 6.1 7.newest)" \
"Kernel: linux-source-6.1 1-1
prove 6.1 --verbose tests/kernel/kernel.t
sid-kernel: make check-kernel 7.2 7.newest kernel.t"
is "kernels: but not once more from there" "$(check sid 7.newest | tail -n 1)" \
	"prove 7.newest --verbose tests/kernel/kernel.t"
is "kernels: no skip" "$(cat "$TMP/skips")" ""
is "kernels: no net" "$(NO_SUITES=1 check "" 7.2 7.newest)" ""
is "... is said in the end" "$(cat "$TMP/skips")" \
	"tests/kernel: 7.2 7.newest: E: no net"
: >"$TMP/skips"
is "kernels: no root" "$(ID=1000 check "" 7.newest)" ""
is "... is said in the end" "$(cat "$TMP/skips")" \
	"tests/kernel: 7.newest: only root can make a system of sid"

done_testing
