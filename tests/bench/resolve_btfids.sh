#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# Print the path of a resolve_btfids
#
#	resolve_btfids.sh [RELEASE]	such as 6.1
#
# Debian's linux-kbuild package has one from 6.12 on. If it is not installed, build one
# from a linux-source package, and keep it. Prefer that of RELEASE, then newer ones.

# shellcheck source=tests/bench/common.sh
. "${0%/*}/common.sh"

# newest FILE...: of those that exist
newest()
{
	for file; do
		[ ! -f "$file" ] || printf '%s\n' "$file"
	done | sort -V | tail -n 1
}

# build TARBALL
build()
{
	name=${1##*/}
	name=${name%.tar.xz}
	exe=$out/$name/tools/bpf/resolve_btfids/resolve_btfids
	if [ ! -x "$exe" ]; then
		say "building resolve_btfids from $1"
		# All it takes, with the directories above.
		mkdir -p "$work/$name"
		run tar -C "$work/$name" --strip-components=1 -xf "$1" \
			"$name/scripts" "$name/tools/arch" "$name/tools/build" \
			"$name/tools/bpf/resolve_btfids" "$name/tools/include" \
			"$name/tools/lib" "$name/tools/scripts"
		run make -C "$work/$name/tools/bpf/resolve_btfids"
		rm -rf "${out:?}/$name"
		run mv "$work/$name" "$out/$name"
	fi
	echo "$exe"
	exit 0
}

for release in ${1:+"$1"} '[0-9]*'; do
	tool=tools/bpf/resolve_btfids/resolve_btfids
	# shellcheck disable=SC2086 # patterns
	kbuild=$(newest /usr/lib/linux-kbuild-$release/$tool \
		/usr/lib/linux-kbuild-${release}[!0-9]*/$tool)
	if [ -x "$kbuild" ]; then
		echo "$kbuild"
		exit 0
	fi
	# shellcheck disable=SC2086
	tarball=$(newest /usr/src/linux-source-$release.tar.xz)
	[ -z "$tarball" ] || build "$tarball"
done
die "no resolve_btfids: install a linux-source package, or say RESOLVE_BTFIDS="
