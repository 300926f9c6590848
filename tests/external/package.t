#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# Where Debian's headers come with the types of their kernel, stock kbuild gives external
# modules BTF and .BTF.base, too. With what our Debian package installs they have the
# same ones, through a shadow of the headers and with the headers themselves.

# shellcheck disable=SC2016,SC2154,SC2317 # inner shell; lib.sh; called by "ok"
# shellcheck source=/dev/null
. "${0%/*}/lib.sh"
# shellcheck source=tests/differential/libbpf.sh
. "$ROOT/tests/differential/libbpf.sh"

releases=
for release in $(debian_releases 7.); do
	[ ! -e "/lib/modules/$release/build/vmlinux" ] || releases="$releases $release"
done
[ -n "$releases" ] || skip_all "no headers of Debian that have a vmlinux"
have dpkg-buildpackage || skip_all "no dpkg-buildpackage"
LIBBPF_SRC=$(libbpf_get "$(kernel_sources | tail -n 1)") ||
	skip_all "no linux-source package"
libbpf_program "$LIBBPF_SRC" "$ROOT/tests/differential/distill_compare.c" \
	"$TMP/distill_compare" ||
	bail_out "distill_compare does not compile: $(tail -n 1 "$TMP/cc.log")"

DEBFULLNAME='Test Author' DEBEMAIL=author@test.example
export DEBFULLNAME DEBEMAIL
unset EMAIL DEB_BUILD_OPTIONS DEB_BUILD_MAINT_OPTIONS SOURCE_DATE_EPOCH CFLAGS
ok "deb" "$ROOT/tools/deb/deb.sh" "$TMP/deb"
ok "unpack" dpkg -x "$TMP"/deb/btfstage_*.deb "$TMP/package"
bin=$TMP/package/usr/bin
[ -x "$bin/btfstage-apply" ] || bail_out "there is no package to test"
PATH=$bin:$PATH
apply=$bin/btfstage-apply

# build HEADERS DIR ARG...: both modules
build()
{
	build_headers=$1
	build_dir=$2
	shift 2
	for m in store client; do
		make -C "$build_dir/$m" KERNEL="$build_headers" "$@" || return
	done >"$LOG" 2>&1
}

# shape FILE: kinds, names and sizes of the types of a .BTF.base, which refer to no others
shape()
{
	bpftool btf dump file "$1" | sed 's/^\[[0-9]*\] //' | sort
}

# btf_base MODULE OUT: its .BTF.base
btf_base()
{
	section "$1" .BTF.base "$2" && [ -s "$2" ]
}

# same_as_stock MODULE: what the kernel gets of both, which is .BTF once .BTF.base has
# been replaced by its own types, and .BTF.base itself. In 7.2 pahole does not find all
# types in a vmlinux that is sorted, and stock repeats them: it has more in both.
same_as_stock()
{
	btf_base "$TMP/ours/$1.ko" "$TMP/our.base" &&
	btf_base "$TMP/stock/$1.ko" "$TMP/stock.base" &&
	shape "$TMP/our.base" >"$TMP/our.shape" &&
	shape "$TMP/stock.base" >"$TMP/stock.shape" &&
	[ -s "$TMP/our.shape" ] && case $release in
	7.2.*)	! comm -23 "$TMP/our.shape" "$TMP/stock.shape" | grep . ;;
	*)	diff "$TMP/our.shape" "$TMP/stock.shape" ;;
	esac &&
	for who in ours stock; do
		"$TMP/distill_compare" --relocate "$vmlinux" "$TMP/$who/$1.ko" \
			"$TMP/$who.btf" || return
	done &&
	"$TMP/btf_compare" "$vmlinux" "$TMP/ours.btf" "$TMP/stock.btf"
}

# names_of MODULE: the functions that its kfunc ids are, by name, with their flags
names_of()
{
	section "$1" .BTF_ids "$TMP/ids" && btf_base "$1" "$TMP/base" &&
	bpftool -B "$TMP/base" btf dump file "$1" >"$TMP/dump" &&
	ids_by_name "$TMP/ids" "$TMP/dump"
}

test_release()
{
	headers=/lib/modules/$1/build
	shadow=$TMP/shadow-$1
	vmlinux=$headers/vmlinux
	fresh "$TMP/stock"
	ok "$1: stock: builds" build "$headers" "$TMP/stock"
	fresh "$TMP/ours"
	ok "$1: a shadow of the headers" "$apply" shadow "$headers" "$shadow"
	ok "$1: builds" build "$shadow" "$TMP/ours"
	is "$1: both modules get BTF" "$(grep -c '^  BTF \[M]' "$LOG")" 2
	for m in store/demo_store client/demo_client; do
		ok "$1: ${m#*/}: types and .BTF.base as from stock" same_as_stock "$m"
		ok "$1: ${m#*/}: what the kernel would say" "$bin/btfinspect" check \
			--require-btf --strict --base "$vmlinux" "$TMP/ours/$m.ko"
	done
	names_of "$TMP/stock/store/demo_store.ko" >"$TMP/stock.names"
	like "$1: stock: .BTF_ids has the kfuncs" "$(cat "$TMP/stock.names")" \
		"^FUNC 'demo_store_count'"
	is "$1: .BTF_ids as from stock" \
		"$(names_of "$TMP/ours/store/demo_store.ko")" "$(cat "$TMP/stock.names")"

	if ! can_mount; then
		skip "$1: apply to the headers" "nothing can be mounted here"
		return
	fi
	cp "$TMP/ours/store/demo_store.ko" "$TMP/by-shadow.ko"
	rm "$TMP/ours/store/demo_store.ko"*
	kbuild=$(cd -P "$headers/scripts/.." && pwd)
	ok "$1: apply to the headers, build, revert" \
		privately "$kbuild" -- sh -c '
			"$1" apply "$2" && make -C "$2" M="$3" modules
			status=$?
			"$1" revert "$2" && exit $status
		' sh "$apply" "$headers" "$TMP/ours/store"
	like "$1: ... with the step" "$(cat "$TMP/ok.log")" '^  BTF \[M] .*demo_store'
	ok "$1: ... gives the same types" \
		cmp_sections "$TMP/by-shadow.ko" "$TMP/ours/store/demo_store.ko"
}

cmp_sections()
{
	for s in .BTF .BTF.base .BTF_ids; do
		section "$1" $s "$TMP/one" && section "$2" $s "$TMP/other" &&
		cmp "$TMP/one" "$TMP/other" || return
	done
}

for release in $releases; do
	test_release "$release"
done

done_testing
