#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# make dist: the same commit gives the same bytes, and they can be built.

# shellcheck disable=SC2317 # functions are called by "ok"
# shellcheck source=tests/lib.sh
. "${0%/*}/../lib.sh"

have git || skip_all "no git"
git -C "$ROOT" rev-parse --verify -q HEAD >/dev/null 2>&1 ||
	skip_all "not in a git repository, or in somebody else's"

version=$("$BTFSTAGE" --version)
name=btfstage-${version#btfstage }

dist()
{
	"$1/tools/dist/dist.sh" "$2"
}

# Another clone: later, elsewhere, with other settings
other_dist()
{
	HOME=$TMP/home TZ=Asia/Tokyo LC_ALL=C.UTF-8 \
		sh -c 'umask 077; exec "$1/tools/dist/dist.sh" "$2"' sh "$1" "$2"
}
mkdir "$TMP/home"
printf '[core]\n\tautocrlf = true\n[tar]\n\tumask = 0077\n' \
	>"$TMP/home/.gitconfig"

ok "dist" dist "$ROOT" "$TMP/one"
is "it has the version in its name" "$(ls -A "$TMP/one")" "$name.tar.xz"
git clone -q "$ROOT" "$TMP/clone" 2>"$TMP/git.log" ||
	bail_out "cannot be cloned: $(cat "$TMP/git.log")"
git -C "$TMP/clone" checkout -q "$(git -C "$ROOT" rev-parse HEAD)"
ok "dist in another clone" other_dist "$TMP/clone" "$TMP/two"
ok "is the same, byte by byte" cmp "$TMP/one/$name.tar.xz" "$TMP/two/$name.tar.xz"

ok "unpack" tar -C "$TMP" -xf "$TMP/one/$name.tar.xz"
is "it has the files that are committed" \
	"$(cd "$TMP/$name" && find . -type f -printf '%P\n' | sort)" \
	"$(git -C "$ROOT" ls-tree -r --name-only HEAD | sort)"
is "their times are that of the commit" \
	"$(find "$TMP/$name" -type f -printf '%T@\n' | sed 's/\..*//' | sort -u)" \
	"$(git -C "$ROOT" log -1 --format=%ct)"
ok "btfstage is built from it" make -s -C "$TMP/$name" HOSTCFLAGS=-O0
is "of that version" "$("$TMP/$name/tools/btfstage/btfstage" --version)" "$version"
ok "and the unit tests are" make -s -j2 -C "$TMP/$name/tests/unit" CFLAGS=-O0
ok "and it can be installed" make -s -C "$TMP/$name" install DESTDIR="$TMP/dest"

# --- what can go wrong
"$TMP/$name/tools/dist/dist.sh" "$TMP/three" >"$TMP/said" 2>&1
is "not in a repository: status" $? 1
like "not in a repository: it says so" "$(cat "$TMP/said")" \
	'^dist: .*: not a git repository$'
is "not in a repository: nothing is left" "$(ls -A "$TMP/three")" ""

echo '/* changed */' >>"$TMP/clone/tools/btfstage/io/err.c"
like "a change that is not committed is told" \
	"$(dist "$TMP/clone" "$TMP/three" 2>&1)" '^dist: .*not committed'
ok "and is not in it" cmp "$TMP/one/$name.tar.xz" "$TMP/three/$name.tar.xz"

git -C "$TMP/clone" -c user.name=a -c user.email=a@b commit -q -a -m changed
dist "$TMP/clone" "$TMP/three" >"$TMP/said" 2>&1
fails "another commit gives others" cmp "$TMP/one/$name.tar.xz" \
	"$TMP/three/$name.tar.xz"

done_testing
