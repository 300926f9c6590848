#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# Make a Debian package of what is committed
#
#	deb.sh DIR		make DIR/btfstage_VERSION_ARCH.deb
#
# It is made from the tarball of tools/dist, with packaging/debian. Its maintainer is
# DEBFULLNAME and DEBEMAIL, or the user of git. All files have the time of the commit, so
# the same commit gives the same package.

set -eu

die()
{
	echo >&2 "deb: $*"
	exit 1
}

[ $# -eq 1 ] || { echo "usage: $0 DIR" >&2; exit 2; }
root=$(cd -P -- "$(dirname -- "$0")/../.." && pwd -P)
command -v dpkg-buildpackage >/dev/null || die "needs dpkg-dev"

if [ -n "${DEBFULLNAME-}" ] && [ -n "${DEBEMAIL-}" ]; then
	maintainer="$DEBFULLNAME <$DEBEMAIL>"
else
	maintainer=$(git -c user.useConfigOnly=true var GIT_AUTHOR_IDENT 2>/dev/null) ||
		die "whose package? DEBFULLNAME= and DEBEMAIL=, or git config" \
		    "user.name and user.email"
	maintainer=${maintainer%>*}\>
fi

mkdir -p -- "$1"
dir=$(cd -P -- "$1" && pwd -P)
tarball=$("$root/tools/dist/dist.sh" "$dir")
name=${tarball##*/}
name=${name%.tar.xz}

tmp=$(mktemp -d "$dir/.deb.XXXXXX")
trap 'rm -rf "$tmp"' EXIT
trap 'exit 1' HUP INT TERM

# Modes must not depend on the user's umask.
umask 022
tar -C "$tmp" --no-same-owner -xf "$tarball"
cd "$tmp/$name"
SOURCE_DATE_EPOCH=$(stat -c %Y Makefile)
export SOURCE_DATE_EPOCH
date=$(LC_ALL=C date -u -R -d "@$SOURCE_DATE_EPOCH")
cp -R packaging/debian debian
for file in changelog control; do
	VERSION=${name#btfstage-} MAINTAINER=$maintainer DATE=$date \
	awk 'function put(name,    at) {
		while ((at = index($0, "@" name "@")))
			$0 = substr($0, 1, at - 1) ENVIRON[name] \
			     substr($0, at + length(name) + 2)
	}
	{ put("VERSION"); put("MAINTAINER"); put("DATE"); print }' \
		"packaging/debian/$file" >"debian/$file"
done

# The build must not see our make's options, nor BUILD, which its "make clean" removes.
unset MAKEFLAGS MFLAGS MAKELEVEL MAKEOVERRIDES BUILD
export LC_ALL=C.UTF-8 TZ=UTC DEB_BUILD_OPTIONS="${DEB_BUILD_OPTIONS-} noautodbgsym"
dpkg-buildpackage -b -us -uc >"$tmp/log" 2>&1 || {
	cat "$tmp/log" >&2
	die "dpkg-buildpackage failed"
}
for deb in "$tmp"/*.deb; do
	mv -f "$deb" "$dir"
	echo "$dir/${deb##*/}"
done
