#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# What builds kernels, row by row: suites of Debian, compilers, targets, paholes
#
#	check.sh [ROW...]	which; all if none is named
#	BUILD=DIR		trees are built in DIR/toolchains
#	KERNEL_VERSION=7.3	the release that is built (default: the newest 7.x)
#	PROVE="prove ..."	what runs the tests
#
# A row runs in the suite that it names: on this machine, or in a system that
# tests/suites/suites.sh keeps, where this script runs again, with SUITE set. All tests
# are those of other goals; what is special here is what they are given. In the end there
# is a table, as docs/toolchains.md has it.

# shellcheck disable=SC2046,SC2086 # lists of words
set -eu

cd "${0%/*}/../.."
BUILD=${BUILD:-$PWD/build}
: "${SUITE=}" "${SKIPS:=/dev/null}" "${PROVE:=prove --exec sh}" "${KERNEL_VERSION:=7.newest}"
dir=$BUILD/toolchains

# NAME  SUITE  PACKAGES  WHAT  WORDS...
#	tests FILES	these; "mini" compiles for this machine
#	tree DIR MAKE OPTIONS	a small real kernel: of stock kbuild, then of ours. Rows
#			of one DIR share a tree.
rows()
{
	cat <<-'END'
	make-4.3     bookworm  test               tests  tests/mini/make.t
	make-4.4     trixie    test               tests  tests/mini/make.t
	make-sid     sid       test               tests  tests/mini/make.t
	features     trixie    test               tests  tests/mini/features.t
	features-sid sid       test               tests  tests/mini/features.t
	mini-llvm    bookworm  test,llvm          tests  tests/mini/llvm.t
	mini-llvm-sid sid      test,llvm          tests  tests/mini/llvm.t
	targets      bookworm  test,cross         tests  tests/cross
	targets-sid  sid       test,cross         tests  tests/cross
	headers      trixie    test,external,deb,lintian  tests  tests/external/package.t,tests/deb
	headers-sid  sid       test,external,deb,lintian  tests  tests/external/package.t,tests/deb
	deb          bookworm  test,deb,lintian   tests  tests/deb
	remote       sid       test,remote        tests  tests/remote/mini.t
	arm64        sid       test,kernel,cross  tree   arm64  ARCH=arm64,CROSS_COMPILE=aarch64-linux-gnu-
	llvm         sid       test,kernel,llvm   tree   llvm   LLVM=1
	dated        sid       test,kernel,llvm   tree   llvm   LLVM=1,KBUILD_BUILD_TIMESTAMP=@1700000000
	thinlto      sid       test,kernel,llvm   tree   llvm   LLVM=1  LTO_CLANG_THIN
	zlib         sid       test,kernel,llvm   tree   llvm   LLVM=1  DEBUG_INFO_COMPRESSED_ZLIB
	zstd         sid       test,kernel,llvm   tree   llvm   LLVM=1  DEBUG_INFO_COMPRESSED_ZSTD
	reduced      sid       test,kernel,llvm   tree   llvm   LLVM=1  DEBUG_INFO_REDUCED
	rust         sid       test,kernel,llvm   tree   llvm   LLVM=1  RUST,SAMPLES_RUST,SAMPLE_RUST_MINIMAL=m
	END
}

# The suite of this machine: a Debian that is not released yet is sid.
suite_here()
{
	[ -z "$SUITE" ] || { echo "$SUITE"; return; }
	[ -r /etc/os-release ] || return 0
	. /etc/os-release
	case ${VERSION_CODENAME-} in
	bookworm | trixie)	echo "$VERSION_CODENAME" ;;
	*)	[ "${ID-}" != debian ] || echo sid ;;
	esac
}

words()
{
	echo "${1-}" | tr , ' '
}

# newest: of all linux-source-7.* that can be had
newest()
{
	case $KERNEL_VERSION in
	*.newest)
		apt-cache pkgnames "linux-source-${KERNEL_VERSION%newest}" |
			sed -n 's/^linux-source-\([0-9.]*\)$/\1/p' | sort -V | tail -n 1 ;;
	*)	echo "$KERNEL_VERSION" ;;
	esac
}

# tools NAME: compiler, target and pahole of a row, as a part of the table
tools()
{
	compiler=$(gcc --version | head -n 1 | sed 's/ (.*) / /')
	target=$(uname -m)
	case $* in
	*LLVM=1* | *llvm.t*)	compiler=$(clang --version | sed -n 's/^.*clang version \([0-9.]*\).*/clang \1/p') ;;
	*aarch64-*)	compiler=$(aarch64-linux-gnu-gcc --version | head -n 1 | sed 's/ (.*) / /') target=arm64 ;;
	*tests/cross*)	target="s390x, powerpc, arm, arm64, i386" ;;
	esac
	echo "$compiler | $target | $(pahole --version | sed 's/^v//')"
}

# outcome STATUS LOG: what a TAP log comes to, in some words
outcome()
{
	passed=$(grep -c '^ok ' "$2" || :)
	nr=$(sed -n 's/^ok [0-9]* - \([0-9]*\) modules$/\1/p' "$2" | tail -n 1)
	same=$(sed -n 's/^ok [0-9]* - \([0-9]* of [0-9]*\) have the bytes.*/\1/p' "$2")
	without=$(sed -n 's/^ok [0-9]* - \([0-9]* modules without BTF\).*/\1/p' "$2")
	ids=$(sed -n 's/^ok [0-9]* - \([0-9]*\) modules have \.BTF_ids$/\1/p' "$2")
	if [ "$1" != 0 ]; then
		echo "FAILED: $(grep -c '^not ok ' "$2" || :) of $passed tests and more"
	elif grep -q '^1\.\.0 # SKIP' "$2"; then
		echo "skipped: $(sed -n 's/^1\.\.0 # SKIP //p' "$2" | head -n 1)"
	elif [ -n "$without" ]; then
		echo "passed; Kconfig has no BTF with it: $without, the bytes of stock"
	else
		echo "passed, $passed tests${nr:+; $nr modules, types as stock}${same:+, $same byte for byte}${ids:+, .BTF_ids of $ids}"
	fi
}

# run_tree NAME DIR MAKE OPTIONS: kernel.t, with tests/toolchains/config and these. What
# is not "=m" has to be "=y".
run_tree()
{
	wants=
	for option in $(words "${4-}"); do
		case $option in
		*=*)	wants="$wants CONFIG_$option" ;;
		*)	wants="$wants CONFIG_$option=y" ;;
		esac
	done
	mkdir -p "$dir"
	{
		cat tests/toolchains/config
		printf '%s\n' $wants
	} >"$dir/$1.config"
	objcopy=objcopy
	case $3 in
	*CROSS_COMPILE=*)	objcopy=${3##*CROSS_COMPILE=}objcopy ;;
	esac
	KERNEL_VERSION=$version KERNEL_BUILD=$dir/$2 KERNEL_CONFIG=$dir/$1.config \
		KERNEL_MAKE=$(words "$3") KERNEL_WANTS=$wants KERNEL_MIN=20 \
		OBJCOPY=$objcopy TMPDIR=${TMPDIR:-/tmp} \
		$PROVE --verbose tests/kernel/kernel.t
}

# run NAME SUITE PACKAGES WHAT WORDS...
run()
{
	name=$1 suite=$2 packages=$3 what=$4
	shift 4
	log=$dir/$name.log
	mkdir -p "$dir"
	echo "$name: in $log"
	status=0
	{
		tests/install-packages.sh build $(words "$packages") &&
		case $what in
		tests)	$PROVE --verbose $(words "$1") ;;
		tree)
			version=$(newest)
			tests/install-packages.sh "linux-source-$version" &&
			run_tree "$name" "$@"
			;;
		esac
	} >"$log" 2>&1 || status=$?
	[ $status = 0 ] || failed=yes
	[ $what = tests ] || set -- "linux-source-$version" "$2" "${3-}"
	# tests/suites/suites.sh copies this line.
	echo "Row: | $name | $suite | $(tools "$@") | $(words "$*") | $(outcome $status "$log") |" |
		tee -a "$table"
}

here=$(suite_here)
failed=
table=$(mktemp)
trap 'rm -f "$table"' EXIT
trap 'exit 1' HUP INT TERM
[ -z "$SUITE" ] || apt-get -qq update || :

selected=$(rows | while read -r row; do
	[ $# -eq 0 ] || printf '%s\n' "$@" | grep -qxF "${row%% *}" || continue
	echo "$row"
done)
[ -n "$selected" ] || { echo >&2 "check: no such row: $*"; exit 2; }

echo "$selected" | awk -v here="$here" '$2 == here' >"$table.here"
while read -r row; do
	run $row </dev/null
done <"$table.here"
rm "$table.here"

# Elsewhere, all rows of a suite together
if [ -z "$SUITE" ]; then
	for suite in $(echo "$selected" | awk -v here="$here" '$2 != here { print $2 }' | sort -u); do
		why='only root can make systems'
		if [ "$(id -u)" = 0 ] && why=$(tests/install-packages.sh suites 2>&1); then
			SUITES=$suite SUITE_KEEP=kernel SUITE_GOALS=check-toolchains \
				ROWS=$(echo "$selected" | awk -v s="$suite" '$2 == s { print $1 }' | xargs) \
				tests/suites/suites.sh "$BUILD/suites" || failed=yes
			sed -n 's/^    Row: /Row: /p' "$BUILD/suites/summary" >>"$table"
		else
			echo "tests/toolchains: $suite: $(echo "$why" | tail -n 1)" >>"$SKIPS"
		fi
	done
	echo
	echo '| row | suite | compiler | target | pahole | what | outcome |'
	echo '|---|---|---|---|---|---|---|'
	sed 's/^Row: //' "$table"
fi
[ -z "$failed" ]
