#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# Show, with the mini kernel, which steps of a build run when
#
#	demo.sh [DIR]		build in DIR (default: build/ beside examples/)
#
# The sources are copied to DIR/demo and changed there. The kernel is built in DIR/mini.
# The demo checks its claims: it fails if a step runs that must not, or does not run that
# must.

set -e

here=$(cd "$(dirname "$0")" && pwd -P)
root=$(cd "$here/../.." && pwd -P)
build=${1:-$root/build}
mkdir -p "$build"
build=$(cd "$build" && pwd -P)
src=$build/demo
out=$build/mini
log=$build/demo.log
LC_ALL=C
export LC_ALL

# Ignore the flags of the calling make
unset MAKEFLAGS MFLAGS MAKELEVEL MAKEOVERRIDES GNUMAKEFLAGS
unset V O ARCH CROSS_COMPILE KCFLAGS BTF KBUILD_VERBOSE quiet Q

for tool in make gcc ld pahole readelf; do
	command -v $tool >/dev/null || {
		echo >&2 "demo.sh: $tool is not installed"
		exit 1
	}
done

say()
{
	printf '\n%s\n' "$*"
}

die()
{
	echo >&2 "demo.sh: not as it should be: $*"
	exit 1
}

# Build, and show the steps from the links on.
build()
{
	make --no-print-directory -j2 -C "$src/examples/mini" O="$out" \
		>"$log" 2>&1 || {
		cat >&2 "$log"
		die "the build fails"
	}
	grep -E '^  (LD|PAHOLE|BTF|NO BTF)' "$log" || echo '  (nothing)'
}

# ran STEP COUNT: the last build has this number of lines of the step
ran()
{
	lines=$(grep -c "^  $1" "$log") || :
	[ "$lines" -eq "$2" ] || die "$lines lines of '$1', not $2"
}

# Pattern of lines about modules
steps()
{
	ran 'LD \[M\]  .*\.ko$' "$1"
	ran 'PAHOLE  ' "$2"
	ran 'BTF \[M\] ' "$3"
	ran 'NO BTF' 0
}

# edit SED-SCRIPT FILE
edit()
{
	sed "$1" "$src/examples/mini/$2" >"$build/demo.tmp"
	! cmp -s "$build/demo.tmp" "$src/examples/mini/$2" ||
		die "$2 is not changed"
	mv "$build/demo.tmp" "$src/examples/mini/$2"
}

rm -rf "$src" "$out"
mkdir -p "$src/examples" "$src/tools"
cp -R "$root/scripts" "$src"
cp -R "$here" "$src/examples"
cp -R "$root/tools/Makefile" "$root/tools/btfstage" "$src/tools"

say "First build: each module is linked, its types are encoded, and those that
vmlinux does not have are added to it."
build
modules=$(sed 's/\.o$//' "$out/modules.order")
nr=$(echo "$modules" | wc -l)
steps "$nr" "$nr" "$nr"
ran 'LD      vmlinux$' 1
ran BTFBASE 1

say "In a module, .BTF is new and .BTF_ids has numbers:"
for f in drivers/probe.no-btf.ko drivers/probe.ko; do
	echo "  $f"
	readelf -SW "$out/$f" | sed -n 's/^  \[ *[0-9]*\] \(\.BTF[^ ]*\) .*/    \1/p'
	readelf -x .BTF_ids "$out/$f" | sed -n 's/^  0x[0-9a-f]* /      /p'
done
[ "$(readelf -SW "$out/drivers/probe.ko" | grep -c ' \.BTF ')" -eq 1 ] ||
	die "drivers/probe.ko has no .BTF"
[ "$(readelf -SW "$out/drivers/probe.no-btf.ko" | grep -c ' \.BTF ')" -eq 0 ] ||
	die "drivers/probe.no-btf.ko has a .BTF"

say "Types of each module:"
for m in $modules; do
	"$out/scripts/btfstage/btfstage" ko -v --base "$out/.btf.vmlinux.base" \
		--types "$out/$m.no-btf.ko.btf" -o "$build/demo.ko" \
		"$out/$m.no-btf.ko" >"$log"
	sed -n 's/.*: \([0-9]*\) types kept, \([0-9]*\) found in .*/\1 \2/p' \
		"$log" >"$build/demo.tmp"
	read -r kept found <"$build/demo.tmp" || die "btfstage ko -v"
	printf '  %-18s %3d of its own, %3d of vmlinux\n' "$m.ko" \
		"$kept" "$found"
	cmp "$build/demo.ko" "$out/$m.ko" || die "$m.ko is not what btfstage makes"
done
rm "$build/demo.ko" "$build/demo.tmp"

say "Nothing has changed:"
build
[ "$(grep -c '^  ' "$log" || :)" -eq 0 ] || die "something runs"

say "The body of a function in vmlinux has changed. Its types have not, so modules
are left alone:"
edit 's/heap_used += (size + 15)/heap_used += (size + 31)/' kernel/mm.c
build
steps 0 0 0
ran 'LD      vmlinux$' 1
ran BTFBASE 0

say "A struct of vmlinux has changed. No module is linked, and the debug information
of none is read:"
edit 's/^	unsigned long present_pages;$/&\
	unsigned long spanned_pages;/' kernel/mm.c
build
steps 0 0 "$nr"
ran 'LD      vmlinux$' 1
ran BTFBASE 1

say "One module has changed:"
edit 's/^	umode_t mode;$/&\
	kuid_t uid;/' fs/ramfs.c
build
steps 1 1 1
ran 'LD      vmlinux$' 0
ran BTFBASE 0

say "Unchanged again:"
build
[ "$(grep -c '^  ' "$log" || :)" -eq 0 ] || die "something runs"
