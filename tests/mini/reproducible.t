#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# The same sources give the same bytes: in another directory, from a read-only source tree,
# with more jobs, after other builds.

# shellcheck source=tests/lib.sh
. "${0%/*}/../lib.sh"

mini_copy
btfstage_get
# Compares everything that a build leaves but saved commands (which hold
# directories) and the helper.
all_sums()
{
	(cd "$1" && find . -path ./scripts -prune -o -type f \
		! -name '.*.cmd' ! -name modules.order \
		-exec cksum {} + | sort -k3)
}

ok "-j1 builds" mini -j1
first=$(all_sums "$OUT")
rm -r "$OUT"
btfstage_get
ok "-j2 builds" mini -j2
is "-j2 gives the same bytes" "$(all_sums "$OUT")" "$first"
find "$OUT" -name '*.ko*' -delete
rm "$OUT/vmlinux"
ok "-j8 builds what is linked and staged" mini -j8
is "-j8 gives the same bytes" "$(all_sums "$OUT")" "$first"

# A build with another history: without a vmlinux first, with other types
rm -r "$OUT"
btfstage_get
mini net/loop.ko fs/ramfs.ko
echo 'struct other { int a; } other;' >>"$SRC/examples/mini/kernel/mm.c"
mini -j2
negate [ "$(all_sums "$OUT")" = "$first" ]
result $? "another type gives other bytes" </dev/null
edit '/^struct other/d' "$SRC/examples/mini/kernel/mm.c"
ok "a build with a history" mini -j2
is "a build with a history gives the same bytes" "$(all_sums "$OUT")" "$first"

# Other directories, and a source tree that can not be written to
sources()
{
	find "$SRC" -printf '%P %s %T@\n' | sort
}
mkdir -p "$TMP/somewhere/else"
mv "$SRC" "$TMP/somewhere/else/sources"
SRC=$TMP/somewhere/else/sources
OUT=$TMP/somewhere/build
chmod -R a-w "$SRC"
before=$(sources)
if [ "$(id -u)" -eq 0 ] && have setpriv &&
   setpriv --reuid=65534 --clear-groups true 2>/dev/null; then
	# root can write everywhere: build as another user
	mkdir "$OUT"
	chown -R 65534 "$TMP/somewhere/build"
	chmod 755 "$TMP"
	: >"$LOG"
	ok "a read-only source tree builds" \
		setpriv --reuid=65534 --clear-groups \
		make -j2 -C "$SRC/examples/mini" O="$OUT"
else
	ok "a read-only source tree builds" mini -j2
fi
is "a read-only source tree gives the same bytes" "$(all_sums "$OUT")" "$first"
is "the source tree is as it was" "$(sources)" "$before"
chmod -R u+w "$SRC"

# A relative name counts from where make is started.
mkdir "$SRC/examples/rel"
ok "O= with a relative name builds" make -C "$SRC/examples/mini" O=../rel
is "O= with a relative name gives the same bytes" \
	"$(all_sums "$SRC/examples/rel")" "$first"

# The default, beside the sources
ok "builds without O=" make -j2 -C "$SRC/examples/mini"
is "without O=: in build/mini" "$(all_sums "$SRC/build/mini")" "$first"
is "without O=: nothing among the sources" \
	"$(find "$SRC/examples/mini" "$SRC/scripts" "$SRC/tools" \
		-newer "$SRC/examples/rel/vmlinux" -type f)" ""
ok "clean" make -C "$SRC/examples/mini" clean
is "clean removes every file" "$(find "$SRC/build/mini" -type f)" ""

done_testing
