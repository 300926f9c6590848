#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# The main job, on a real kernel: build an untouched tree of the release
# KERNEL_VERSION, apply, build again, compare every module with what pahole and
# the tree's own resolve_btfids make of it, boot, and revert.
#
# The tree is kept in KERNEL_BUILD, so that another run need not build all of it.

# shellcheck disable=SC2317 # functions are called by "ok"
# shellcheck source=tests/lib.sh
. "${0%/*}/../lib.sh"

version=${KERNEL_VERSION:-6.1}
dir=${KERNEL_BUILD:-$ROOT/build/kernel}/$version
tree=$dir/linux
tarball=/usr/src/linux-source-$version.tar.xz

# What the kernel gives pahole 1.24, less the threads: with them, the same input
# does not always give the same types.
pahole_flags='--btf_gen_floats --lang_exclude=rust'

# Sums and modes of all files that a build does not make, in the folders that
# apply writes to.
files()
{
	tar -tf "$tarball" |
	sed -n 's,^[^/]*/\(scripts/[^/]*[^/]\)$,\1,p' | sort |
	while read -r f; do
		[ -f "$tree/$f" ] || continue
		stat -c "%a $f" "$tree/$f"
		cksum <"$tree/$f"
	done
	ls "$tree/tools"
}

build()
{
	make -C "$tree" -j"$(nproc)" "$@" >"$TMP/build.log" 2>&1 && return
	tail -n 30 "$TMP/build.log"
	return 1
}

apply()
{
	"$ROOT/tools/apply/apply.sh" "$1" "$tree"
}

unpack()
{
	[ -f "$tree/Makefile" ] && return
	rm -rf "$tree.new"
	mkdir -p "$tree.new" &&
	tar -C "$tree.new" --strip-components=1 -xf "$tarball" &&
	mv "$tree.new" "$tree"
}

configure()
{
	[ -f "$tree/.config" ] ||
	make -C "$tree" KCONFIG_ALLCONFIG="$ROOT/tests/kernel/config" allnoconfig
}

# Modules by their names without suffix, relative to the tree
modules()
{
	sed 's/\.k*o$//' "$tree/modules.order"
}

# section FILE NAME OUT: empty when there is none
section()
{
	objcopy -O binary --only-section="$2" --set-section-flags "$2=alloc" \
		"$1" "$3" 2>/dev/null
}

# The types of a module as pahole gives them, with vmlinux as the base
same_types()
{
	# shellcheck disable=SC2086 # a list of flags
	cp "$tree/$1.no-btf.ko" "$TMP/ref.ko" &&
	pahole_in_place $pahole_flags --btf_base "$tree/vmlinux" "$TMP/ref.ko" &&
	section "$TMP/ref.ko" .BTF "$TMP/ref.btf" &&
	section "$tree/$1.ko" .BTF "$TMP/our.btf" &&
	"$TMP/btf_compare" "$TMP/base.btf" "$TMP/our.btf" "$TMP/ref.btf"
}

# .BTF_ids as the tree's resolve_btfids writes it, given the .BTF we made
same_ids()
{
	section "$tree/$1.ko" .BTF "$TMP/our.btf" &&
	objcopy --add-section .BTF="$TMP/our.btf" "$tree/$1.no-btf.ko" \
		"$TMP/ids.ko" &&
	"$tree/tools/bpf/resolve_btfids/resolve_btfids" \
		-b "$tree/vmlinux" "$TMP/ids.ko" &&
	section "$TMP/ids.ko" .BTF_ids "$TMP/ref.ids" &&
	cmp "$TMP/our.ids" "$TMP/ref.ids"
}

sections()
{
	readelf -SW "$1" | sed -n 's/^ *\[ *[0-9]*\] //p' |
	grep -v -e '^\.BTF ' -e '^\.shstrtab '
}

# All sections but the two that change are where the linker put them
same_layout()
{
	sections "$tree/$1.no-btf.ko" >"$TMP/before"
	sections "$tree/$1.ko" >"$TMP/after"
	[ -s "$TMP/before" ] && cmp "$TMP/before" "$TMP/after"
}

reads()
{
	bpftool -B "$tree/vmlinux" btf dump file "$tree/$1.ko" >"$TMP/dump"
}

# printed BEFORE AFTER: modules for which the last build printed the line
# exactly once
printed()
{
	for m in $(modules); do
		[ "$(grep -cxF "  $1$m$2" "$TMP/build.log")" != 1 ] || echo "$m"
	done | wc -l
}

at_least()
{
	[ "$1" -ge "$2" ]
}

[ -f "$tarball" ] || skip_all "linux-source-$version is not installed"
btf_compare_build
mkdir -p "$dir"
if [ -d "$tree/.btfstage" ]; then
	apply revert >/dev/null || bail_out "an earlier run cannot be reverted"
fi

ok "$version: unpack" unpack
files >"$TMP/untouched"
ok "$version: configure" configure
ok "$version: build an untouched tree" build bzImage modules
# An earlier run may have left what is to be built here.
find "$tree" -type f -name '*.no-btf.ko*' -exec rm {} +

ok "apply" apply apply
like "apply again: nothing to do" "$(apply apply)" 'APPLIED'
ok "build" build bzImage modules
cp "$TMP/build.log" "$dir/build.log"

nr=$(modules | wc -l)
ok "$nr modules" at_least "$nr" 25
is "LD [M] lines" "$(printed 'LD [M]  ' .no-btf.ko)" "$nr"
is "PAHOLE lines" "$(printed 'PAHOLE  ' .no-btf.ko.btf)" "$nr"
is "BTF [M] lines" "$(printed 'BTF [M] ' .ko)" "$nr"

ok "vmlinux: bpftool reads its types" \
	bpftool btf dump file "$tree/vmlinux"
like "vmlinux: .BTF is allocated" "$(readelf -SW "$tree/vmlinux")" \
	' \.BTF +PROGBITS +[0-9a-f]+ [0-9a-f]+ [0-9a-f]+ 00 +A '
objcopy --dump-section .BTF="$TMP/base.btf" "$tree/vmlinux" "$TMP/unused" ||
	bail_out "vmlinux has no .BTF"

with_ids=0
for m in $(modules); do
	name=${m##*/}
	ok "$name: the types that pahole finds" same_types "$m"
	ok "$name: bpftool reads it" reads "$m"
	ok "$name: no other section has moved" same_layout "$m"
	section "$tree/$m.ko" .BTF_ids "$TMP/our.ids"
	if [ -s "$TMP/our.ids" ]; then
		with_ids=$((with_ids + 1))
		ok "$name: .BTF_ids as from resolve_btfids" same_ids "$m"
	fi
done
ok "$with_ids modules have .BTF_ids" at_least "$with_ids" 3

ok "build again" build modules
unlike "nothing is made again" "$(cat "$TMP/build.log")" 'LD|PAHOLE|BTF'

# boot.sh speaks TAP itself: its lines become lines of this test.
"${0%/*}/boot.sh" "$tree/arch/x86/boot/bzImage" "$tree" "$dir/boot" \
	>"$TMP/boot" 2>&1
boot=$?
while read -r line; do
	case $line in
	'ok '*)		result 0 "boot: ${line#*- }" </dev/null ;;
	'not ok '*)	result 1 "boot: ${line#*- }" </dev/null ;;
	[0-9]*..*)	;;
	*)		echo "# $line" ;;
	esac
done <"$TMP/boot"
is "boot" "$boot" 0

ok "revert" apply revert
files >"$TMP/reverted"
ok "the tree is as it was" cmp "$TMP/untouched" "$TMP/reverted"

done_testing
