#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# "make bindeb-pkg" in an applied tree: with its package of headers, modules get BTF, and
# the kernel of the package loads them
#
# The trees are those of "make check-kernel", or are built here.

# shellcheck disable=SC2154 # variables of lib.sh
# shellcheck source=/dev/null
. "${0%/*}/lib.sh"

mod=$TMP/mod

# tree_get VERSION: $tree, configured and applied
tree_get()
{
	tree=$cache/$1/linux
	from=${KERNEL_BUILD:-$ROOT/build/kernel}/$1/linux
	tarball=/usr/src/linux-source-$1.tar.xz
	if [ ! -d "$tree" ]; then
		mkdir -p "$cache/$1" "$tree.new" || return
		if [ -f "$from/vmlinux" ]; then
			cp -a --reflink=auto "$from/." "$tree.new"
		else
			tar -C "$tree.new" --strip-components=1 -xf "$tarball" &&
			make -C "$tree.new" allnoconfig \
				KCONFIG_ALLCONFIG="$ROOT/tests/kernel/config"
		fi && mv "$tree.new" "$tree" || return
	fi
	"$apply" apply "$tree"
}

package()
{
	rm -f "$cache/$1"/*.deb
	make -C "$tree" -j"$(nproc)" KDEB_COMPRESS=none bindeb-pkg </dev/null \
		>"$TMP/build.log" 2>&1 && return
	tail -n 30 "$TMP/build.log"
	return 1
}

for version in ${KERNEL_VERSIONS:-6.1 6.12}; do
	if [ ! -f "/usr/src/linux-source-$version.tar.xz" ]; then
		skip "$version" "linux-source-$version is not installed"
		continue
	fi
	ok "$version: a tree with btfstage" tree_get "$version"
	ok "$version: bindeb-pkg" package "$version"
	rm -rf "$TMP/root" "$TMP/image"
	for deb in "$cache/$version"/linux-headers-*.deb; do
		ok "$version: unpack the headers" dpkg-deb -x "$deb" "$TMP/root"
	done
	for headers in "$TMP"/root/usr/src/linux-headers-*; do
		:
	done
	ok "$version: they have no vmlinux" test ! -e "$headers/vmlinux"
	ok "$version: they have the prepared base" \
		cmp "$tree/.btf.vmlinux.base" "$headers/.btf.vmlinux.base"
	ok "$version: they have the helper" \
		"$headers/tools/btfstage/btfstage" --version
	is "$version: and not its sources" "$(ls "$headers/tools/btfstage")" btfstage

	# The module is in a place that the tree does not know of.
	fresh "$mod"
	ok "$version: build modules with them" build "$headers" "$mod" \
		BTF_SYSROOT="$TMP/nowhere"
	is "$version: both get BTF" "$(grep -c '^  BTF \[M]' "$LOG")" 2
	is "$version: nothing is prepared" "$(find "$mod" -name '.tmp_*')" ""
	for m in store/demo_store client/demo_client; do
		ok "$version: ${m#*/} has the types that pahole finds" \
			same_types "$mod/$m" "$tree/vmlinux"
	done
	for deb in "$cache/$version"/linux-image-*.deb; do
		case $deb in
		*-dbg_*) ;;
		*)	dpkg-deb -x "$deb" "$TMP/image" ;;
		esac
	done
	for image in "$TMP"/image/boot/vmlinuz-*; do
		boots "$version: its kernel" "$image" "$mod"
	done
done

done_testing
