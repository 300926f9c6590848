#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# A module that is packaged for DKMS, with nothing about BTF in its dkms.conf

# shellcheck disable=SC2154 # variables of lib.sh
# shellcheck source=/dev/null
. "${0%/*}/lib.sh"

releases=$(debian_releases)
[ -n "$releases" ] || skip_all "no headers of Debian are installed"
have dkms || skip_all "dkms is not installed"
can_mount || skip_all "nothing can be mounted here"

source=$TMP/source/demo-store-1.0
mkdir -p "$TMP/source"
cp -R "$ROOT/examples/external/store" "$source"
# shellcheck disable=SC2016 # variables of DKMS
cat >"$source/dkms.conf" <<'END'
PACKAGE_NAME="demo-store"
PACKAGE_VERSION="1.0"
BUILT_MODULE_NAME[0]="demo_store"
DEST_MODULE_LOCATION[0]="/updates/dkms"
MAKE[0]="make -C $kernel_source_dir M=$dkms_tree/$PACKAGE_NAME/$PACKAGE_VERSION/build"
CLEAN="make -C $kernel_source_dir M=$dkms_tree/$PACKAGE_NAME/$PACKAGE_VERSION/build clean"
AUTOINSTALL="yes"
END

# module RELEASE: what it has made, unpacked
module()
{
	for ko in "$TMP/dkms/demo-store/1.0/$1"/*/module/demo_store.ko*; do
		case $ko in
		*.xz)	xz -dc "$ko" ;;
		*)	cat "$ko" ;;
		esac
	done >"$TMP/demo_store.ko"
}

for release in $releases; do
	headers=/lib/modules/$release/build
	vmlinux=$cache/boot/vmlinux-$release
	ok "$release: the kernel's types" debian_image "$release"
	kbuild=$(cd -P "$headers/scripts/.." && pwd)
	rm -rf "$TMP/dkms"
	mkdir -p "$TMP/dkms"
	ok "$release: dkms build" privately "$kbuild" /boot -- \
		sh "$ROOT/tests/external/in-headers.sh" "$headers" "$vmlinux" \
		dkms build -m demo-store -v 1.0 -k "$release" \
		--dkmstree "$TMP/dkms" --sourcetree "$TMP/source"
	cat "$TMP"/dkms/demo-store/1.0/*/*/log/make.log >"$TMP/make.log"
	like "$release: its log has the step" "$(cat "$TMP/make.log")" \
		'^  BTF \[M] .*/demo_store\.ko$'
	module "$release"
	section "$TMP/demo_store.ko" .BTF "$TMP/btf"
	like "$release: the module has BTF, with its types" \
		"$(tr '\000' '\n' <"$TMP/btf")" '^demo_store_item$'
	is "$release: nothing but the module is to be installed" "$(find \
		"$TMP/dkms/demo-store/1.0/$release" -path '*/module/*' | wc -l)" 1
done

done_testing
