#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# External modules with Debian's headers, in a shadow and applied: the types are those of
# pahole, and Debian's kernels load the modules

# shellcheck disable=SC2154 # variables of lib.sh
# shellcheck source=/dev/null
. "${0%/*}/lib.sh"

releases=$(debian_releases)
[ -n "$releases" ] || skip_all "no headers of Debian are installed"
mod=$TMP/mod
sysroot=$TMP/sysroot

# Hide other vmlinux files.
mkdir -p "$sysroot/boot"

test_release()
{
	headers=/lib/modules/$1/build
	shadow=$TMP/shadow-$1
	vmlinux=$cache/boot/vmlinux-$1
	ok "$1: the kernel's types" debian_image "$1"
	ok "$1: a shadow of the headers" "$apply" shadow "$headers" "$shadow"

	# Types in the headers themselves
	fresh "$mod"
	ok "$1: builds" build "$shadow" "$mod" BTF_SYSROOT="$sysroot"
	if [ -e "$headers/vmlinux" ]; then
		like "$1: the headers have the types" "$(cat "$LOG")" \
			'BTFBASE .* from .*/shadow-[^ ]*/vmlinux$'
	else
		like "$1: no types are found" "$(cat "$LOG")" \
			'NO BTF .*: no BTF of kernel .* in .*/shadow-[^ ]*, '
	fi

	# Every other place
	ln -s "$vmlinux" "$sysroot/boot/vmlinux-$1"
	set --  "$1" BTF_SYSROOT="$sysroot"
	[ ! -e "$headers/vmlinux" ] || set -- "$1" BTF_BASE="$vmlinux"
	build "$shadow" "$mod" clean
	ok "$1: builds with the image's vmlinux" build "$shadow" "$mod" "$2"
	is "$1: both modules get BTF" "$(grep -c '^  BTF \[M]' "$LOG")" 2
	ok "$1: builds again" build "$shadow" "$mod" "$2"
	unlike "$1: nothing is done then" "$(cat "$LOG")" '^  (LD|PAHOLE|BTF)'
	for m in store/demo_store client/demo_client; do
		ok "$1: ${m#*/} has the types that pahole finds" \
			same_types "$mod/$m" "$vmlinux"
		ok "$1: ${m#*/}: bpftool reads it" \
			bpftool -B "$vmlinux" btf dump file "$mod/$m.ko"
	done
	like "$1: demo_store's own types" "$(bpftool -B "$vmlinux" btf dump \
		file "$mod/store/demo_store.ko")" "STRUCT 'demo_store_item' "
	resolve=/lib/modules/$1/build/tools/bpf/resolve_btfids/resolve_btfids
	if [ -x "$resolve" ]; then
		ok "$1: .BTF_ids as from resolve_btfids" \
			same_ids "$mod/store/demo_store"
	else
		skip "$1: .BTF_ids as from resolve_btfids" \
			"the headers do not have it"
	fi
	boots "$1: its kernel" "$cache/boot/vmlinuz-$1" "$mod"
	ok "$1: clean" build "$shadow" "$mod" clean
	is "$1: clean leaves the sources" "$(cd "$mod" && find . -type f | sort)" \
		"$(cd "$ROOT/examples/external" && find . -type f | sort)"

	if can_mount; then
		fresh "$mod"
		kbuild=$(cd -P "$headers/scripts/.." && pwd)
		ok "$1: apply to the headers, build, revert" \
			privately "$kbuild" /boot -- \
			sh "$ROOT/tests/external/in-headers.sh" \
			"$headers" "$vmlinux" \
			make -C "$headers" M="$mod/store" btfstage-flags= modules
		like "$1: ... the module has BTF" "$(bpftool -B "$vmlinux" btf \
			dump file "$mod/store/demo_store.ko")" \
			"STRUCT 'demo_store_item' "
	else
		skip "$1: apply to the headers" "nothing can be mounted here"
	fi
}

# .BTF_ids as resolve_btfids writes it, given the .BTF we made
same_ids()
{
	section "$1.ko" .BTF "$TMP/our.btf" &&
	objcopy --add-section .BTF="$TMP/our.btf" "$1.ko.no-btf" "$TMP/ids.ko" &&
	"$resolve" -b "$vmlinux" "$TMP/ids.ko" &&
	section "$TMP/ids.ko" .BTF_ids "$TMP/ref.ids" &&
	section "$1.ko" .BTF_ids "$TMP/our.ids" &&
	[ -s "$TMP/our.ids" ] && cmp "$TMP/our.ids" "$TMP/ref.ids"
}

for release in $releases; do
	test_release "$release"
done

done_testing
