#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# Pack the sources of a release
#
#	dist.sh DIR		make DIR/btfstage-VERSION.tar.xz
#
# It contains what is committed. The same commit gives the same bytes, whoever packs it:
# all files have the time of the commit.

set -e

die()
{
	echo "dist: $*" >&2
	exit 1
}

[ $# -eq 1 ] || { echo "usage: $0 DIR" >&2; exit 2; }
mkdir -p "$1"
dir=$(cd "$1" && pwd -P)
cd "${0%/*}/../.."
[ -e .git ] || die "$(pwd): not a git repository"

version=$(git show HEAD:tools/btfstage/version.h |
	  sed -n 's/^#define BTFSTAGE_VERSION "\([0-9.]*\)"$/\1/p')
[ -n "$version" ] || die "tools/btfstage/version.h: no version"
[ -z "$(git status --porcelain)" ] ||
	echo "dist: not in it is what is not committed" >&2

name=btfstage-$version
tmp=$(mktemp -d "$dir/.dist.XXXXXX")
trap 'rm -rf "$tmp"' EXIT
trap 'exit 1' HUP INT TERM

# Modes and line ends must not depend on the user's configuration. No pipe, which would
# hide a failure of git.
git -c tar.umask=0022 -c core.autocrlf=false archive --format=tar \
	--prefix="$name/" -o "$tmp/$name.tar" HEAD
xz -9 -T1 "$tmp/$name.tar"
chmod 644 "$tmp/$name.tar.xz"
mv -f "$tmp/$name.tar.xz" "$dir/$name.tar.xz"
echo "$dir/$name.tar.xz"
