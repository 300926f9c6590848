#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# ko.sh on the newest kernel that Debian has
#
#	make bench BENCH=debian [N=60] [SEED=1] [ROUNDS=5]
#
# Downloads the linux-image-*-ARCH-dbg package with the highest version, about 1 GB, for
# vmlinux and the drawn modules. All of it is deleted at the end.

# shellcheck source=tests/bench/common.sh
. "${0%/*}/common.sh"

N=${N:-60}
number N "$N"
number SEED "$SEED"
for program in apt-cache apt-get dpkg-deb; do
	have "$program" || die "$program is not there: this is for Debian"
done
arch=$(dpkg --print-architecture)

# Only with a full version in the name: others merely depend on the newest one.
# -cloud- and -rt- are other builds of the same.
package=$(apt-cache pkgnames linux-image- |
	grep -E "^linux-image-[0-9]+\.[0-9]+\.[^-]*(-[0-9]+)?-$arch-dbg\$" |
	sort -V | tail -n 1)
[ -n "$package" ] || die "no linux-image-*-$arch-dbg package: apt-get update?"

# The highest version of it, as apt-get download takes
apt-cache show --no-all-versions "$package" >"$work/show"
size=$(sed -n 's/^Size: //p' "$work/show")
version=$(sed -n 's/^Version: //p' "$work/show")
say "$package $version, $((size / 1000000)) MB"

# The package, vmlinux, and what ko.sh makes of N modules
need=$((size / 1024 + 2 * 1024 * 1024 + N * 20 * 1024))
free=$(df -Pk "$work" | awk 'NR == 2 { print $4 }')
[ "$free" -ge "$need" ] ||
	die "$out: $((need / 1024)) MB needed, $((free / 1024)) MB free"

# download PACKAGE: to $deb
download()
{
	mkdir "$work/$1"
	(cd "$work/$1" && run apt-get -qq download "$1") || exit
	deb=$(find "$work/$1" -name '*.deb')
	[ -f "$deb" ] || die "$1: not downloaded"
}

# unpack LIST: the files of $deb that are in it, to $work/root
unpack()
{
	mkdir -p "$work/root"
	dpkg-deb --fsys-tarfile "$deb" |
		tar -C "$work/root" -x -T "$1" 2>"$work/tar.log" || {
		cat "$work/tar.log" >&2
		die "$deb: cannot be unpacked"
	}
}

# The resolve_btfids that goes with it, where there is one: from 6.12 on
abi=${package#linux-image-}
kbuild=linux-kbuild-${abi%-"$arch"-dbg}
if [ -z "$RESOLVE_BTFIDS" ] && apt-cache show "$kbuild" >"$work/show" 2>&1; then
	download "$kbuild"
	dpkg-deb --fsys-tarfile "$deb" | tar -t |
		grep '/resolve_btfids$' >"$work/list"
	if [ -s "$work/list" ]; then
		unpack "$work/list"
		RESOLVE_BTFIDS=$work/root/$(cat "$work/list")
		say "resolve_btfids of $kbuild"
	fi
fi

download "$package"
say "unpacking"
dpkg-deb --fsys-tarfile "$deb" | tar -t >"$work/all"
vmlinux=$(grep '/boot/vmlinux-' "$work/all")
[ -n "$vmlinux" ] || die "$deb: has no vmlinux"
grep '\.ko$' "$work/all" | sort | draw "$N" "$SEED" >"$work/list"
echo "$vmlinux" >>"$work/list"
unpack "$work/list"
rm -f "$deb"

export BUILD N SEED RESOLVE_BTFIDS
VMLINUX=$work/root/$vmlinux MODULES=$work/root/usr \
	SOURCE="$package $version, $(grep -c '\.ko$' "$work/all") modules" \
	"$ROOT/tests/bench/ko.sh"
