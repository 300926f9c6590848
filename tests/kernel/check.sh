#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# Test with real kernels of several releases
#
#	check.sh RELEASE...		7.oldest and 7.newest: of the available
#					linux-source-7.*
#	KERNEL_TESTS="kernel.t ..."	tests of tests/kernel, default all
#	BUILD=DIR			trees are built in DIR/kernel
#	PROVE="prove ..."		runs the tests
#
# Releases from 7.0 on that this Debian does not have are tested in a system of sid, which
# is kept for the next run: this script runs there again, with SUITE set. It also has the
# sources in experimental. A machine that cannot make such a system skips them.

# shellcheck disable=SC2086 # lists of words
set -eu

cd "${0%/*}/../.."
BUILD=${BUILD:-$PWD/build}
: "${SUITE=}" "${SKIPS:=/dev/null}" "${KERNEL_TESTS=}" "${PROVE:=prove --exec sh}"

# sources SERIES: the releases of a series (6 or 7) that can be had, the oldest first
sources()
{
	{
		apt-cache pkgnames "linux-source-$1." 2>/dev/null
		find /usr/src -name "linux-source-$1.*.tar.xz"
	} | sed -n 's;^.*linux-source-\([0-9]*\.[0-9]*\)\(\.tar\.xz\)\{0,1\}$;\1;p' |
	sort -Vu
}

# release NAME: the release, or nothing
release()
{
	case $1 in
	*.oldest)	sources "${1%.*}" | head -n 1 ;;
	*.newest)	sources "${1%.*}" | tail -n 1 ;;
	*)		sources "${1%.*}" | grep -xF "$1" || : ;;
	esac
}

# check RELEASE
check()
{
	package=linux-source-$1
	tests/install-packages.sh "$package"
	# tests/suites/suites.sh shows this line.
	echo "Kernel: $package" \
		"$(dpkg-query -W -f '${Version}' "$package" 2>/dev/null || :)"
	tests=tests/kernel
	if [ -n "$KERNEL_TESTS" ]; then
		tests=$(printf 'tests/kernel/%s ' $KERNEL_TESTS)
	fi
	KERNEL_VERSION=$1 KERNEL_BUILD=$BUILD/kernel $PROVE --verbose $tests
}

# in_sid RELEASE...
in_sid()
{
	why='only root can make a system of sid'
	if [ "$(id -u)" = 0 ] && why=$(tests/install-packages.sh suites 2>&1); then
		SUITES=sid SUITE_KEEP=kernel SUITE_GOALS=check-kernel \
			KERNEL_VERSIONS=$* tests/suites/suites.sh "$BUILD/suites"
	else
		echo "tests/kernel: $*: $(echo "$why" | tail -n 1)" >>"$SKIPS"
	fi
}

# The suites move on. Without a net there may still be what is installed.
[ -z "$SUITE" ] || apt-get -qq update || :

here=
in_sid=
for name; do
	found=$(release "$name")
	case $SUITE,$found,$name in
	,,[7-9].*)	in_sid="$in_sid $name" ;;
	*)		here="$here ${found:-$name}" ;;
	esac
done

for r in $(echo $here | tr ' ' '\n' | awk '!seen[$0]++'); do
	check "$r"
done
[ -z "$in_sid" ] || in_sid $in_sid
