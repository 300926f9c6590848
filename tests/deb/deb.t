#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# make deb: the same commit gives the same package, lintian is quiet, and the package works
# without this checkout.

# shellcheck disable=SC2154 # variables of tree.sh
# shellcheck disable=SC2317 # functions are called by "ok"
# shellcheck source=/dev/null
. "${0%/*}/../apply/tree.sh"

have dpkg-buildpackage || skip_all "no dpkg-buildpackage"
git -C "$ROOT" rev-parse --verify -q HEAD >/dev/null 2>&1 ||
	skip_all "not in a git repository, or in somebody else's"

export DEBFULLNAME='Test Author' DEBEMAIL=author@test.example
unset EMAIL DEB_BUILD_OPTIONS DEB_BUILD_MAINT_OPTIONS SOURCE_DATE_EPOCH CFLAGS
version=$("$BTFSTAGE" --version)
version=${version#btfstage }
deb=btfstage_${version}_$(dpkg --print-architecture).deb

clone()
{
	git clone -q "$ROOT" "$1" 2>"$TMP/git.log" ||
		bail_out "cannot be cloned: $(cat "$TMP/git.log")"
	git -C "$1" checkout -q "$(git -C "$ROOT" rev-parse HEAD)"
}

ok "deb" "$ROOT/tools/deb/deb.sh" "$TMP/one"
is "it tells the name" "$(tail -n 1 "$TMP/ok.log")" "$TMP/one/$deb"
is "nothing else is left but the tarball" "$(find "$TMP/one" -mindepth 1 -printf '%P\n' | sort)" \
	"btfstage-$version.tar.xz
$deb"
is "whose it is" "$(dpkg-deb -f "$TMP/one/$deb" Maintainer)" \
	"$DEBFULLNAME <$DEBEMAIL>"

# Another clone, elsewhere, by a user who is not root and has other settings
chmod 755 "$TMP"
clone "$TMP/clone"
mkdir "$TMP/two" "$TMP/home"
as=
if [ "$(id -u)" = 0 ]; then
	chown -R nobody "$TMP/clone" "$TMP/two" "$TMP/home"
	as='setpriv --reuid=nobody --regid=nogroup --clear-groups'
fi
# shellcheck disable=SC2016,SC2086 # for the inner shell, and a list of words
ok "deb, not by root" $as env HOME="$TMP/home" TZ=Asia/Tokyo LC_ALL=C.UTF-8 TMPDIR=/tmp \
	BUILD="$TMP/two" \
	sh -c 'umask 077; cd / && "$0/clone/tools/deb/deb.sh" "$0/two"' "$TMP"
ok "is the same, byte by byte" cmp "$TMP/one/$deb" "$TMP/two/$deb"

# shellcheck disable=SC2016
like "nobody is made up" "$(env -u DEBEMAIL HOME="$TMP" GIT_CONFIG_NOSYSTEM=1 \
	sh -c 'cd / && "$0/tools/deb/deb.sh" "$1" 2>&1' "$ROOT" "$TMP/three")" \
	'^deb: whose package\?'
fails "... and nothing is made" test -e "$TMP/three/$deb"

if have lintian; then
	is "lintian" "$(lintian --fail-on error,warning "$TMP/one/$deb" 2>/dev/null ||
		echo "exit status $?")" ""
	is "lintian: what is overridden has a reason" \
		"$(grep -c '^btfstage: ' "$ROOT/packaging/debian/btfstage.lintian-overrides") \
$(grep -B1 '^btfstage: ' "$ROOT/packaging/debian/btfstage.lintian-overrides" | grep -c '^# ')" "1 1"
else
	skip "lintian" "no lintian"
fi

# --- what is in it
ok "unpack" dpkg -x "$TMP/one/$deb" "$TMP/two words"
ok "install" make -s -C "$TMP/clone" install DESTDIR="$TMP/dest" prefix=/usr \
	zshcompletiondir=/usr/share/zsh/vendor-completions
names()
{
	(cd "$1" && find . ! -type d -printf '%P %l\n') |
	sed 's/\.gz / /' | sort
}
is "what make install installs, and what a package has to have" \
	"$(names "$TMP/two words")" "$({
	names "$TMP/dest"
	echo 'usr/share/doc/btfstage/changelog '
	echo 'usr/share/doc/btfstage/copyright '
	echo 'usr/share/lintian/overrides/btfstage '
} | sort)"
is "all of it belongs to root" \
	"$(dpkg -c "$TMP/one/$deb" | awk '{ print $2 }' | sort -u)" root/root

# --- without the checkout: the clone it was made from is gone
rm -rf "$TMP/clone" "$TMP/dest"
bin="$TMP/two words/usr/bin"
is "btfstage runs" "$("$bin/btfstage" --version)" "btfstage $version"
is "btfinspect runs" "$("$bin/btfinspect" --version)" "btfinspect $version"
like "btfstage-apply runs" "$("$bin/btfstage-apply" --help)" \
	'^Usage: btfstage-apply apply'
ok "a page on it" mandoc -Tutf8 "$TMP/two words/usr/share/man/man1/btfstage-apply.1.gz"

tree=$TMP/tree
if tree_get 6.12 "$tree" MAINTAINERS Documentation/kbuild/index.rst; then
	snapshot "$tree" >"$TMP/pristine"
	cp -Rp "$tree" "$TMP/by-us"
	ok "apply" "$bin/btfstage-apply" apply "$tree"
	ok "apply, of the checkout" "$apply" apply "$TMP/by-us"
	ok "... does the same" diff -r "$tree" "$TMP/by-us"
	ok "diff" "$bin/btfstage-apply" diff "$tree"
	ok "patches" "$bin/btfstage-apply" patches \
		--author "$DEBFULLNAME <$DEBEMAIL>" "$tree" "$TMP/series"
	is "patches: six, and a cover letter" "$(find "$TMP/series" -type f | wc -l)" 7
	like "patches: with figures" "$(cat "$TMP"/series/0003-*)" \
		'^  btfstage ko  *[0-9.]+$'
	ok "revert" "$bin/btfstage-apply" revert "$tree"
	ok "everything is as it was" same "$TMP/pristine" snapshot "$tree"

	# Headers get the command that is installed.
	rm -r "$tree/Kbuild" "$tree/scripts/link-vmlinux.sh" "$tree/scripts/package"
	echo 'PATCHLEVEL = 12
modules: ; @echo built' >"$tree/Makefile"
	ok "shadow of headers" "$bin/btfstage-apply" shadow "$tree" "$TMP/shadow"
	ok "shadow: the installed helper" \
		cmp "$bin/btfstage" "$TMP/shadow/scripts/btfstage/btfstage"
	ok "apply to headers" "$bin/btfstage-apply" apply "$tree"
	fails "apply to headers: the helper is no link" \
		test -L "$tree/scripts/btfstage/btfstage"
	ok "apply to headers: it runs" "$tree/scripts/btfstage/btfstage" --version
else
	skip "apply" "linux-source-6.12 is not installed"
fi

# --- a module
mini_first
rm -f "$TMP/out.ko"
ok "stage" "$bin/btfstage" ko --base "$OUT/.btf.vmlinux.base" \
	--types "$OUT/fs/ramfs.no-btf.ko.btf" -o "$TMP/out.ko" "$OUT/fs/ramfs.no-btf.ko"
ok "stage: the module that the build has made" cmp "$OUT/fs/ramfs.ko" "$TMP/out.ko"

done_testing
