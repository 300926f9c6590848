#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# make install puts what there is where the usual variables say, and make
# uninstall takes it away.

# shellcheck disable=SC2317 # functions are called by "ok"
# shellcheck source=tests/lib.sh
. "${0%/*}/../lib.sh"

# The source tree is not written: a copy of what install needs
mkdir -p "$TMP/src/tools"
if ! { cp "$ROOT/Makefile" "$TMP/src" &&
       cp -R "$ROOT/tools/btfstage" "$TMP/src/tools"; }; then
	bail_out "the sources cannot be copied"
fi

installed()
{
	(cd "$1" && find . -type f -printf '%P %m\n' | sort)
}

# put DIR ARG...
put()
{
	dir=$1
	shift
	make -C "$TMP/src" install DESTDIR="$dir" "$@"
}

ok "install" put "$TMP/one"
is "below /usr/local" "$(installed "$TMP/one")" "\
usr/local/bin/btfstage 755
usr/local/share/bash-completion/completions/btfstage 644
usr/local/share/man/man1/btfstage.1 644
usr/local/share/zsh/site-functions/_btfstage 644"
ok "the command runs" "$TMP/one/usr/local/bin/btfstage" --version

ok "install PREFIX=" put "$TMP/two words" PREFIX=/usr
is "below PREFIX" "$(installed "$TMP/two words")" "\
usr/bin/btfstage 755
usr/share/bash-completion/completions/btfstage 644
usr/share/man/man1/btfstage.1 644
usr/share/zsh/site-functions/_btfstage 644"

dirs='bindir=/b mandir=/m bashcompletiondir=/bc zshcompletiondir=/z'
# shellcheck disable=SC2086 # a list of words
ok "install with other directories" put "$TMP/three" $dirs
is "in other directories" "$(installed "$TMP/three")" "\
b/btfstage 755
bc/btfstage 644
m/man1/btfstage.1 644
z/_btfstage 644"

ok "install with a relative DESTDIR" put four prefix=/p
is "counts from where make is started" "$(installed "$TMP/src/four")" "\
p/bin/btfstage 755
p/share/bash-completion/completions/btfstage 644
p/share/man/man1/btfstage.1 644
p/share/zsh/site-functions/_btfstage 644"

ok "install without DESTDIR" make -C "$TMP/src" install PREFIX="$TMP/five"
is "below PREFIX alone" "$(installed "$TMP/five" | wc -l)" 4

: >"$TMP/two words/usr/bin/other"
ok "uninstall" make -C "$TMP/src" uninstall DESTDIR="$TMP/two words" PREFIX=/usr
is "only our own is gone" "$(find "$TMP/two words" -type f -printf '%P\n')" \
	usr/bin/other
# shellcheck disable=SC2086
ok "uninstall from other directories" \
	make -C "$TMP/src" uninstall DESTDIR="$TMP/three" $dirs
is "nothing is left there" "$(installed "$TMP/three")" ""
ok "uninstall again" make -C "$TMP/src" uninstall DESTDIR="$TMP/three"

done_testing
