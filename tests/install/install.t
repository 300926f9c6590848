#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# make install uses the usual variables, and make uninstall removes all of it.

# shellcheck disable=SC2317 # functions are called by "ok"
# shellcheck source=tests/lib.sh
. "${0%/*}/../lib.sh"

# The source tree is not written: a copy of what install needs
mkdir -p "$TMP/src/tools"
if ! { cp "$ROOT/Makefile" "$ROOT/README.md" "$TMP/src" &&
       cp -R "$ROOT/scripts" "$ROOT/docs" "$TMP/src" &&
       cp -R "$ROOT/tools/Makefile" "$ROOT/tools/btfstage" "$ROOT/tools/btfinspect" \
	     "$ROOT/tools/completion" "$ROOT/tools/apply" "$ROOT/tools/patches" \
	     "$TMP/src/tools"; }; then
	bail_out "the sources cannot be copied"
fi

# Commands and what goes with them; what they need is looked at below.
installed()
{
	(cd "$1" && find . ! -type d ! -path '*/doc/*' ! -path '*/share/btfstage/*' \
		-printf '%P %m %l\n' | sed 's/ $//' | sort)
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
usr/local/bin/btfinspect 755
usr/local/bin/btfstage 755
usr/local/bin/btfstage-apply 777 ../share/btfstage/tools/apply/apply.sh
usr/local/share/bash-completion/completions/btfinspect 777 btfstage
usr/local/share/bash-completion/completions/btfstage 644
usr/local/share/bash-completion/completions/btfstage-apply 777 btfstage
usr/local/share/man/man1/btfinspect.1 644
usr/local/share/man/man1/btfstage-apply.1 644
usr/local/share/man/man1/btfstage.1 644
usr/local/share/zsh/site-functions/_btfstage 644"
ok "the command runs" "$TMP/one/usr/local/bin/btfstage" --version

# The files of apply, with the layout of this repository. Kbuild.include is only
# there for the mini kernel.
share=$TMP/one/usr/local/share
is "all that goes into a tree, and how" \
	"$(cd "$share/btfstage" && find . -type f -printf '%P\n' | sort)" \
	"$(cd "$TMP/src" && {
		find scripts tools/patches -type f ! -name Kbuild.include
		find tools/apply ! -name Makefile ! -name '*.1' -type f
		find tools/btfstage \( -name '*.[ch]' -o -name Makefile -o \
			-name .gitignore \)
		printf 'docs/%s.md\n' comparison speed
	} | sort)"
is "scripts can be run, the rest not" \
	"$(find "$share/btfstage" "$share/doc" -type f -perm /111 -printf '%f %m\n' |
	   sort | xargs)" \
	"apply.sh 755 checkpatch.sh 755 link-vmlinux.sh 755 patches.sh 755"
is "for headers there is the command" \
	"$(readlink -f "$share/btfstage/tools/btfstage/btfstage")" \
	"$TMP/one/usr/local/bin/btfstage"
is "the documents" "$(cd "$share/doc/btfstage" && find . -type f | sort)" \
	"$(cd "$TMP/src" && find ./README.md ./docs -type f | sort)"

# --- a libelf.a that lacks something, as Debian 13's does
cat >"$TMP/pkg-config" <<'END'
#!/bin/sh
case " $* " in
*' --static '*)	echo -lelf -lz -lno-such-library ;;
*)		exec pkg-config "$@" ;;
esac
END
chmod +x "$TMP/pkg-config"
# relink ARG...
relink()
{
	rm -f "$TMP/src/tools/btfstage/btfstage"
	make -s -C "$TMP/src/tools" btfstage HOSTPKG_CONFIG="$TMP/pkg-config" \
		"$@" >"$TMP/said" 2>&1
}
ok "no static libelf: btfstage is linked" relink
is "no static libelf: one line" "$(wc -l <"$TMP/said")" 1
like "no static libelf: why" "$(cat "$TMP/said")" \
	'^  NOTE    tools/btfstage needs libelf at run time: .*-lno-such-library'
ok "no static libelf: it runs" "$TMP/src/tools/btfstage/btfstage" --version
fails "no libelf at all: nothing is linked" relink HOSTLDLIBS=-lnot-at-all
like "no libelf at all: why" "$(cat "$TMP/said")" '^[^ ].*cannot find -lnot-at-all'
relink HOSTPKG_CONFIG=pkg-config

ok "install PREFIX=" put "$TMP/two words" PREFIX=/usr
is "below PREFIX" "$(installed "$TMP/two words")" "\
usr/bin/btfinspect 755
usr/bin/btfstage 755
usr/bin/btfstage-apply 777 ../share/btfstage/tools/apply/apply.sh
usr/share/bash-completion/completions/btfinspect 777 btfstage
usr/share/bash-completion/completions/btfstage 644
usr/share/bash-completion/completions/btfstage-apply 777 btfstage
usr/share/man/man1/btfinspect.1 644
usr/share/man/man1/btfstage-apply.1 644
usr/share/man/man1/btfstage.1 644
usr/share/zsh/site-functions/_btfstage 644"

dirs='bindir=/b mandir=/m bashcompletiondir=/bc zshcompletiondir=/z pkgdatadir=/p
      docdir=/doc/d'
# shellcheck disable=SC2086 # a list of words
ok "install with other directories" put "$TMP/three" $dirs
is "in other directories" "$(installed "$TMP/three" | grep -v ^p/)" "\
b/btfinspect 755
b/btfstage 755
b/btfstage-apply 777 ../p/tools/apply/apply.sh
bc/btfinspect 777 btfstage
bc/btfstage 644
bc/btfstage-apply 777 btfstage
m/man1/btfinspect.1 644
m/man1/btfstage-apply.1 644
m/man1/btfstage.1 644
z/_btfstage 644"
ok "the other command runs from there" "$TMP/three/b/btfstage-apply" --help

ok "install with a relative DESTDIR" put four prefix=/p
is "counts from where make is started" "$(installed "$TMP/src/four")" "\
p/bin/btfinspect 755
p/bin/btfstage 755
p/bin/btfstage-apply 777 ../share/btfstage/tools/apply/apply.sh
p/share/bash-completion/completions/btfinspect 777 btfstage
p/share/bash-completion/completions/btfstage 644
p/share/bash-completion/completions/btfstage-apply 777 btfstage
p/share/man/man1/btfinspect.1 644
p/share/man/man1/btfstage-apply.1 644
p/share/man/man1/btfstage.1 644
p/share/zsh/site-functions/_btfstage 644"

ok "install without DESTDIR" make -C "$TMP/src" install PREFIX="$TMP/five"
is "below PREFIX alone" "$(installed "$TMP/five" | wc -l)" 10

: >"$TMP/two words/usr/bin/other"
ok "uninstall" make -C "$TMP/src" uninstall DESTDIR="$TMP/two words" PREFIX=/usr
is "only our own is gone" "$(find "$TMP/two words" ! -type d -printf '%P\n')" \
	usr/bin/other
# shellcheck disable=SC2086
ok "uninstall from other directories" \
	make -C "$TMP/src" uninstall DESTDIR="$TMP/three" $dirs
is "nothing is left there" "$(find "$TMP/three" ! -type d)" ""
ok "uninstall again" make -C "$TMP/src" uninstall DESTDIR="$TMP/three"

done_testing
