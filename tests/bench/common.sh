# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh
#
# Functions for the benchmarks
#
#	. "${0%/*}/common.sh"
#
# $ROOT is the source tree, $out the directory for results, and $work a directory inside
# it, on the same file system, which is removed at the end unless KEEP is set. A command
# that fails ends the benchmark.

# shellcheck disable=SC2034 # variables are used by the benchmarks
me=${0##*/}
ROOT=$(cd "${0%/*}/../.." && pwd -P) || exit
BUILD=${BUILD:-$ROOT/build}
mkdir -p "$BUILD/bench" || exit
out=$(cd "$BUILD/bench" && pwd -P) || exit
work=$out/work.$$
mkdir "$work" || exit
[ -n "$KEEP" ] || trap 'rm -rf "$work"' EXIT
trap 'exit 1' HUP INT TERM
LC_ALL=C
export LC_ALL
PATH=$PATH:/usr/sbin:/sbin
tab=$(printf '\t')

# Builds must not see the options of "make bench".
unset MAKEFLAGS MFLAGS MAKELEVEL MAKEOVERRIDES GNUMAKEFLAGS V O

SEED=${SEED:-1}
BTFSTAGE=${BTFSTAGE:-$ROOT/tools/btfstage/btfstage}
PAHOLE=${PAHOLE:-pahole}
OBJCOPY=${OBJCOPY:-objcopy}
READELF=${READELF:-readelf}

# As kbuild does: pahole -J without a file of its own runs it.
LLVM_OBJCOPY=$OBJCOPY
export LLVM_OBJCOPY

# A kernel's flags for pahole 1.24, without those for vmlinux
PAHOLE_FLAGS=${PAHOLE_FLAGS-'--btf_gen_floats --lang_exclude=rust'}

die()
{
	echo "$me: $*" >&2
	exit 1
}

say()
{
	echo "  BENCH   $*" >&2
}

have()
{
	command -v "$1" >/dev/null 2>&1
}

# absolute FILE: not every shell expands the ~ in VMLINUX=~/vmlinux
absolute()
{
	case $1 in
	/*)	echo "$1" ;;
	\~/*)	echo "$HOME/${1#??}" ;;
	*)	echo "$PWD/$1" ;;
	esac
}

# number NAME VALUE: a count that was given
number()
{
	case $2 in
	'' | *[!0-9]* | 0*)
		die "$1=$2: has to be a number from 1 on" ;;
	esac
}

# compile NAME [LIB...]: our own NAME.c, to $work/NAME
compile()
{
	compile_src=$ROOT/tests/bench/$1.c
	compile_exe=$work/$1
	shift
	"${HOSTCC:-cc}" -O2 -D_GNU_SOURCE -o "$compile_exe" "$compile_src" "$@" ||
		die "$compile_src does not compile"
}

# run COMMAND...: it prints nothing unless it fails
run()
{
	"$@" >"$work/run.log" 2>&1 && return
	run_status=$?
	cat "$work/run.log" >&2
	die "failed with status $run_status: $*"
}

# has_section FILE NAME
has_section()
{
	"$READELF" -SW "$1" 2>/dev/null | grep -qF " $2 "
}

# modules DIR: all finished ones, relative to it and in a fixed order
modules()
{
	(cd "$1" && find . -name '*.ko' ! -name '*.no-btf.ko' \
		! -name '.tmp_*' -type f) | sed 's,^\./,,' | sort
}

# draw COUNT SEED: draw lines of standard input, and keep their order.
# The same lines, count and seed always give the same: the generator is our own
# (Lehmer's, 48271 and 2^31 - 1), as awk's differ.
draw()
{
	awk -v count="$1" -v seed="$2" '
	function random(below)
	{
		state = (state * 48271) % 2147483647
		return int(state / 2147483647 * below)
	}
	{ lines[NR] = $0 }
	END {
		state = seed % 2147483646 + 1
		for (i = 0; i < 10; i++)
			random(1)
		left = count
		for (i = 1; i <= NR; i++) {
			if (random(NR - i + 1) >= left)
				continue
			print lines[i]
			left--
		}
	}'
}

# median, on lines of a number each
median()
{
	sort -g | awk '
	{ v[NR] = $1 }
	END { print NR % 2 ? v[(NR + 1) / 2] : (v[NR / 2] + v[NR / 2 + 1]) / 2 }'
}

# The environment of a figure, as "name<TAB>value"
machine()
{
	printf 'cpu\t%s\n' "$(sed -n 's/^model name[^:]*: //p' /proc/cpuinfo |
		head -n 1)"
	printf 'cpus\t%s\n' "$(nproc)"
	printf 'memory\t%s\n' "$(sed -n 's/^MemTotal: *//p' /proc/meminfo)"
	printf 'kernel\t%s\n' "$(uname -sr)"
	printf 'file_system\t%s\n' "$(stat -f -c %T "$out")"
	printf 'btfstage\t%s\n' "$("$BTFSTAGE" --version 2>/dev/null)"
	printf 'commit\t%s\n' "$(git -C "$ROOT" describe --always --dirty \
		2>/dev/null || echo unknown)"
	printf 'pahole\t%s\n' "$("$PAHOLE" --version 2>/dev/null)"
	printf 'make\t%s\n' "$(make --version | head -n 1)"
}
