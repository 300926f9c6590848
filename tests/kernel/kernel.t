#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# The main test on a real kernel: build an untouched tree of the release KERNEL_VERSION,
# apply, build again, compare every module with stock kbuild's, boot, and revert.
#
# The tree is kept in KERNEL_BUILD for the next run. tests/toolchains builds others with it:
#
#	KERNEL_CONFIG=FILE	the options, in place of those in tests/kernel/config
#	KERNEL_WANTS="LINES"	what .config must have of them
#	KERNEL_MAKE="WORDS"	for make, such as LLVM=1
#	KERNEL_MIN=N		how many modules there have to be, and no boot
#	OBJCOPY=PROGRAM		one that takes files of the target

# shellcheck disable=SC2317 # functions are called by "ok"
# shellcheck source=tests/lib.sh
. "${0%/*}/../lib.sh"

version=${KERNEL_VERSION:-6.1}
dir=${KERNEL_BUILD:-$ROOT/build/kernel}/$version
tree=$dir/linux
tarball=/usr/src/linux-source-$version.tar.xz
config=${KERNEL_CONFIG:-$ROOT/tests/kernel/config}
min=${KERNEL_MIN:-60}

# Before 1.29, pahole with threads does not give the same types every time, so that
# what stock kbuild makes is no reference. It is made once more then, by what the
# kernel gives pahole 1.24 less the threads. Else it is stock's, byte for byte.
pahole_flags='--btf_gen_floats --lang_exclude=rust'
stock=$TMP/stock
case $(printf '%s\n' v1.29 "$(pahole --version)" | sort -V) in
v1.29*)	;;
*)	stock= ;;
esac

# The number of a build is part of linux_banner[], whose length is a type.
export KBUILD_BUILD_VERSION=1

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
	# shellcheck disable=SC2086 # a list of words
	make -C "$tree" -j"$(nproc)" "$@" $KERNEL_MAKE >"$TMP/build.log" 2>&1 && return
	tail -n 30 "$TMP/build.log"
	return 1
}

build_all()
{
	if [ -n "$KERNEL_MIN" ]; then
		build modules
	else
		build bzImage modules
	fi
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
	cmp -s "$config" "$dir/config" && [ -f "$tree/.config" ] && return
	build KCONFIG_ALLCONFIG="$config" allnoconfig && cp "$config" "$dir/config"
}

# Modules by their names without suffix, relative to the tree
modules()
{
	sed 's/\.k*o$//' "$tree/modules.order"
}

# contents FILE OUT: its .BTF, .BTF_ids, and the alignment of .BTF
contents()
{
	section "$1" .BTF "$2.btf" &&
	section "$1" .BTF_ids "$2.ids" &&
	readelf -SW "$1" | sed -n 's/^.* \.BTF .* //p' >"$2.align"
}

vmlinux_btf()
{
	"${OBJCOPY:-objcopy}" --dump-section .BTF="$1" "$tree/vmlinux" "$TMP/unused"
}

# vmlinux and all modules from stock kbuild
stock_keep()
{
	mkdir "$stock" &&
	vmlinux_btf "$stock/vmlinux.btf" &&
	for m in $(modules); do
		contents "$tree/$m.ko" "$stock/${m##*/}" || return
	done
}

# dump FILE: its own types, as bpftool says them
dump()
{
	bpftool -B "$TMP/base.btf" btf dump file "$1"
}

# Names of the types in a dump, in order; those without one are first
names()
{
	sed -n "s/^\[[0-9]*\] [A-Z_0-9]* '\([^']*\)'.*/\1/p" "$1" | sed 's/^(anon)$//'
}

# by_name DUMP: the types in it are sorted by name
by_name()
{
	names "$1" | sort -c
}

# Numbers of the anonymous structs in a dump that nothing refers to
orphans()
{
	awk '
		/^\[[0-9]*\] STRUCT .\(anon\). / { anon[substr($1, 2) + 0] }
		{
			for (i = 1; i <= NF; i++)
				if (sub(/^.*type_id=/, "", $i))
					used[$i]
		}
		END {
			for (id in anon)
				if (!(id in used))
					print id
		}' "$1"
}

# explained MODULE NAME: why its .BTF is not stock's, byte for byte. What has a name is in
# the same order, and
#
# - resolve_btfids has worked on all types of a module with kfuncs, and stock kbuild
#   runs it later: strings and types without a name are in another order; or
# - stock has $more anonymous structs that nothing refers to, after their members were
#   found in vmlinux one by one; or
# - pahole did not find all types in vmlinux, where 7.2 has sorted them, and stock
#   repeats them. btf_compare sees that, and leaves them out.
explained()
{
	dump "$stock/$2.btf" >"$TMP/stock.dump" || return
	"$TMP/btf_compare" "$TMP/base.btf" "$TMP/our.btf" "$stock/$2.btf" >"$TMP/said"
	cat "$TMP/said"
	! grep '^ ' "$TMP/said" | grep -vxE "  \+ \[[0-9]+\] STRUCT ''" || return
	more=$(($(grep -c '^\[' "$TMP/stock.dump") - $(grep -c '^\[' "$TMP/our.dump")))
	names "$TMP/our.dump" | grep . >"$TMP/our.names"
	names "$TMP/stock.dump" | grep . >"$TMP/stock.names"
	if cmp -s "$TMP/our.names" "$TMP/stock.names"; then
		orphans=$(orphans "$TMP/stock.dump" | wc -l)
		[ "$more" = $((orphans - $(orphans "$TMP/our.dump" | wc -l))) ] || return
		[ "$more" -gt 0 ] ||
			readelf -sW "$tree/$1.ko" | grep -q __BTF_ID__set8__
		return
	fi
	[ "$more" -gt 0 ] && grep -qE '^(same|declared) ' "$TMP/said" || return
	# No name is missing there, and none is more that is not vmlinux's.
	names "$TMP/base.dump" | sort -u >"$TMP/base.names"
	diff "$TMP/our.names" "$TMP/stock.names" >"$TMP/diff"
	! grep '^<' "$TMP/diff" &&
	! sed -n 's/^> //p' "$TMP/diff" | sort -u | comm -13 "$TMP/base.names" - | grep .
}

# The types of a module as stock kbuild makes them, or pahole with vmlinux as the base
same_types()
{
	more=0
	if [ -n "$stock" ]; then
		cmp "$TMP/our.align" "$stock/${1##*/}.align" || return
		if cmp "$TMP/our.btf" "$stock/${1##*/}.btf"; then
			identical=$((identical + 1))
		else
			explained "$1" "${1##*/}"
		fi
		return
	fi
	# shellcheck disable=SC2086 # a list of flags
	cp "$tree/$1.no-btf.ko" "$TMP/ref.ko" &&
	pahole_in_place $pahole_flags --btf_base "$tree/vmlinux" "$TMP/ref.ko" &&
	section "$TMP/ref.ko" .BTF "$TMP/ref.btf" &&
	"$TMP/btf_compare" "$TMP/base.btf" "$TMP/our.btf" "$TMP/ref.btf"
}

# .BTF_ids as stock kbuild makes them, or the tree's resolve_btfids from the .BTF we
# made. Where stock has more types, the same ones have other numbers.
same_ids()
{
	if [ -n "$stock" ]; then
		dump "$stock/${1##*/}.btf" >"$TMP/stock.dump"
		ids_by_name "$stock/${1##*/}.ids" "$TMP/stock.dump" >"$TMP/stock.words"
		ids_by_name "$TMP/our.ids" "$TMP/our.dump" | diff "$TMP/stock.words" -
		return
	fi
	"${OBJCOPY:-objcopy}" --add-section .BTF="$TMP/our.btf" \
		"$tree/$1.no-btf.ko" "$TMP/ids.ko" &&
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
	dump "$tree/$1.ko" >"$TMP/our.dump"
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

# With sorted types the kernel sees in a few steps that a module does not have a name,
# in fewer than for vmlinux, which has more types. Else it looks at all of them: for a
# module with many, that takes several times as long.
boot()
{
	if [ -n "$sorted" ]; then
		mkdir "$TMP/search" "$TMP/run"
		cp "${0%/*}/search.c" "$TMP/search"
		echo 'obj-m := search.o' >"$TMP/search/Makefile"
		ok "search.ko" build M="$TMP/search" modules
		cp "$TMP/search/search.ko" "$tree/fs/fuse/fuse.ko" "$TMP/run"
		cat >"$TMP/run/run" <<-'END'
		[ "$1" = before ] || exit 0
		insmod search.ko
		echo "vmlinux $(cat /sys/module/search/parameters/cycles)"
		insmod fuse.ko
		echo "fuse $(cat /sys/module/search/parameters/cycles)"
		rmmod fuse
		END
		export BOOT_RUN="$TMP/run"
	fi

	# boot.sh speaks TAP itself: its lines become lines of this test.
	"${0%/*}/boot.sh" "$tree/arch/x86/boot/bzImage" "$tree" "$dir/boot" \
		>"$TMP/boot" 2>&1
	boot=$?
	results_of boot "$TMP/boot"
	is "boot" "$boot" 0
	if [ -n "$sorted" ]; then
		vmlinux=$(sed -n 's/^run: vmlinux //p' "$dir/boot/report")
		fuse=$(sed -n 's/^run: fuse //p' "$dir/boot/report")
		ok "a search: $vmlinux cycles in vmlinux, $fuse in fuse, too" \
			test "$fuse" -gt "$vmlinux" -a "$fuse" -lt "$((vmlinux * 3))"
	fi
}

sums()
{
	(cd "$tree" && for m in $(modules); do
		cksum "$m.ko"
	done)
}

without_btf()
{
	sums >"$TMP/stock.sums"
	nr=$(modules | wc -l)
	ok "apply" apply apply
	find "$tree" -name '*.ko' -exec rm {} +
	ok "build" build modules
	is "$nr modules without BTF: the bytes that stock has" "$(sums)" \
		"$(cat "$TMP/stock.sums")"
	ok "$nr modules" at_least "$nr" "$min"
	ok "revert" apply revert
	done_testing
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
for option in $KERNEL_WANTS; do
	ok "$version: .config has $option" grep -qx "$option" "$tree/.config"
done
# Stock kbuild would take modules for good that an earlier run has left without BTF.
find "$tree" -name '*.ko' -exec rm {} +
ok "$version: build an untouched tree" build_all
# Options can be such that there is no BTF; then apply must not make a difference.
if ! grep -q '^CONFIG_DEBUG_INFO_BTF_MODULES=y' "$tree/.config"; then
	without_btf
fi
[ -z "$stock" ] || ok "keep what it has made" stock_keep
# An earlier run may have left built files.
find "$tree" -type f -name '*.no-btf.ko*' -exec rm {} +

ok "apply" apply apply
like "apply again: nothing to do" "$(apply apply)" 'APPLIED'
ok "build" build_all
cp "$TMP/build.log" "$dir/build.log"

nr=$(modules | wc -l)
ok "$nr modules" at_least "$nr" "$min"
is "LD [M] lines" "$(printed 'LD [M]  ' .no-btf.ko)" "$nr"
is "PAHOLE lines" "$(printed 'PAHOLE  ' .no-btf.ko.btf)" "$nr"
is "BTF [M] lines" "$(printed 'BTF [M] ' .ko)" "$nr"

ok "vmlinux: bpftool reads its types" \
	bpftool btf dump file "$tree/vmlinux"
like "vmlinux: .BTF is allocated" "$(readelf -SW "$tree/vmlinux")" \
	' \.BTF +PROGBITS +[0-9a-f]+ [0-9a-f]+ [0-9a-f]+ 00 +A '
vmlinux_btf "$TMP/base.btf" || bail_out "vmlinux has no .BTF"
if [ -n "$stock" ]; then
	ok "vmlinux: .BTF is stock's" cmp "$TMP/base.btf" "$stock/vmlinux.btf"
fi
bpftool btf dump file "$TMP/base.btf" >"$TMP/base.dump"
sorted=
! by_name "$TMP/base.dump" 2>/dev/null || sorted=yes
case $version in
6.*)	;;
*)	is "vmlinux: sorted by name" "$sorted" yes ;;
esac

with_ids=0
identical=0
for m in $(modules); do
	name=${m##*/}
	ok "$name: bpftool reads it" reads "$m"
	contents "$tree/$m.ko" "$TMP/our"
	ok "$name: the types that stock has" same_types "$m"
	[ "$more" = 0 ] || echo "# and $more more that are explained"
	[ -z "$sorted" ] || ok "$name: sorted by name" by_name "$TMP/our.dump"
	ok "$name: no other section has moved" same_layout "$m"
	if [ -s "$TMP/our.ids" ]; then
		with_ids=$((with_ids + 1))
		ok "$name: .BTF_ids are those that stock has" same_ids "$m"
	fi
done
[ -z "$stock" ] || [ "$version" = 7.2 ] ||
	ok "$identical of $nr have the bytes that stock has" \
		at_least "$((identical * 10))" "$((nr * 9))"
ok "$with_ids modules have .BTF_ids" at_least "$with_ids" $((min / 20))

ok "build again" build modules
unlike "nothing is made again" "$(cat "$TMP/build.log")" 'LD|PAHOLE|BTF'

[ -n "$KERNEL_MIN" ] || boot
ok "revert" apply revert
files >"$TMP/reverted"
ok "the tree is as it was" cmp "$TMP/untouched" "$TMP/reverted"

done_testing
