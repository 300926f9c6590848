#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# The output of a build: by default, with V=2, V=1 and -s.

# shellcheck disable=SC2119,SC2317 # functions called by name, or without arguments
# shellcheck source=tests/lib.sh
. "${0%/*}/../lib.sh"

# With the lines about btfstage itself
mini_copy
ok "it builds" mini -j2
is "a module's three lines" "$(grep ' fs/ramfs\.[^ ]*ko' "$LOG")" "\
  LD [M]  fs/ramfs.no-btf.ko
  PAHOLE  fs/ramfs.no-btf.ko.btf
  BTF [M] fs/ramfs.ko"
is "names stand in one column, and nothing else is printed" \
	"$(grep -Ev '^  [A-Z][A-Z]([A-Z]| |\[M]){3,5} [^ ]+( from vmlinux)?$' "$LOG")
$(grep -Ev '^  .{7} [^ ]+( from vmlinux)?$' "$LOG")" "
"

mini
is "not a line when there is nothing to do" "$(cat "$LOG")" ""

rm -r "$OUT"
ok "-s builds" mini -s
is "-s prints nothing" "$(cat "$LOG")" ""
touch "$SRC/examples/mini/kernel/mm.c" "$SRC/examples/mini/fs/ramfs.c"
mini -s
is "-s prints nothing when something is built again" "$(cat "$LOG")" ""

# With -s, a step that fails prints its error, and each make that it failed.
cat >"$TMP/pahole" <<'END'
#!/bin/sh
case $* in
*ramfs*)	echo >&2 "pahole: broken on purpose"; exit 1 ;;
esac
exec pahole "$@"
END
chmod +x "$TMP/pahole"
fails "-s and an error: the build fails" mini -s PAHOLE="$TMP/pahole"
is "-s and an error: nothing but the error" \
	"$(sed 's/: \*\*\* .*/: error/' "$LOG")" "\
pahole: broken on purpose
make[2]: error
make[1]: error
make: error"
like "-s and an error: it names the file" "$(cat "$LOG")" \
	'^make.*: fs/ramfs\.no-btf\.ko\.btf\] Error 1$'
mini

# --- V=2 says why
rm -r "$OUT"
btfstage_get
mini V=2
like "V=2: target missing" "$(cat "$LOG")" \
	'^  BTF \[M] fs/ramfs\.ko - due to target missing$'
touch "$OUT/scripts/btfstage/btfstage"
mini V=2
like "V=2: newer btfstage" "$(cat "$LOG")" \
	'^  BTF \[M] fs/ramfs\.ko - due to: scripts/btfstage/btfstage$'
mini V=2 LDFLAGS_MODULE=--warn-common
like "V=2: another command" "$(cat "$LOG")" \
	'^  LD \[M]  fs/ramfs\.no-btf\.ko - due to command line change$'
like "V=2: a newer linked module" "$(cat "$LOG")" \
	'^  PAHOLE  fs/ramfs\.no-btf\.ko\.btf - due to: fs/ramfs\.no-btf\.ko$'
mini V=2 LDFLAGS_MODULE=--warn-common \
	MODULE_PAHOLE_FLAGS=--skip_encoding_btf_vars
like "V=2: another command of pahole" "$(cat "$LOG")" \
	'^  PAHOLE  fs/ramfs\.no-btf\.ko\.btf - due to command line change$'
like "V=2: newer types" "$(cat "$LOG")" \
	'^  BTF \[M] fs/ramfs\.ko - due to: fs/ramfs\.no-btf\.ko\.btf$'
mini LDFLAGS_MODULE=--warn-common
echo 'struct output { int a; } output;' >>"$SRC/examples/mini/kernel/mm.c"
mini V=2 LDFLAGS_MODULE=--warn-common
like "V=2: new types of vmlinux" "$(cat "$LOG")" \
	'^  BTF \[M] fs/ramfs\.ko - due to: \.btf\.vmlinux\.base$'
mini V=2 LDFLAGS_MODULE=--warn-common PAHOLE=/nowhere/pahole fs/ramfs.ko
like "V=2: its BTF is kept" "$(cat "$LOG")" \
	'^  KEPT    fs/ramfs\.ko: /nowhere/pahole not found$'
mini LDFLAGS_MODULE=--warn-common
rm "$OUT/fs/.ramfs.ko.cmd"
mini V=2 LDFLAGS_MODULE=--warn-common
like "V=2: no saved command" "$(cat "$LOG")" \
	'^  BTF \[M] fs/ramfs\.ko - due to missing \.cmd file$'

# --- V=1 prints commands as a shell takes them. Run again by hand what it
# printed: each must make its file as it was.
rm -r "$OUT"
mini V=1
paste_one()
{
	target=$OUT/$1
	line=$(sed -n "\\|^# .* $1\(: .*\)*\$|{n;s/^  //p;}" "$LOG")
	echo "$line"
	[ -n "$line" ] || return
	cp "$target" "$TMP/as-built" && rm "$target" &&
	(cd "$OUT" && sh -ec "$line") &&
	cmp "$target" "$TMP/as-built"
}
for m in $(mini_modules); do
	ok "V=1: LD [M] of $m pasted" paste_one "$m.no-btf.ko"
	ok "V=1: PAHOLE of $m pasted" paste_one "$m.no-btf.ko.btf"
	ok "V=1: BTF [M] of $m pasted" paste_one "$m.ko"
done

rm "$OUT/fs/ramfs.ko"
mini V=1 PAHOLE=/nowhere/pahole fs/ramfs.ko
ok "V=1: NO BTF of fs/ramfs pasted" paste_one fs/ramfs.ko
mini V=1
rm "$OUT/vmlinux"
mini V=1

cp "$OUT/vmlinux" "$TMP/vmlinux"
line=$(sed -n 's/^  \(.*link-vmlinux\.sh .*\)/\1/p' "$LOG")
rm "$OUT/vmlinux"
ok "V=1: the link of vmlinux pasted" sh -ec "cd '$OUT'; $line"
ok "V=1: it is the same vmlinux" cmp "$OUT/vmlinux" "$TMP/vmlinux"

done_testing
