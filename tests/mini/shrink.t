#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# KBUILD_BTF_SHRINK=1: the rebuild table again, with nothing left of a linked
# module but what foo.ko does not have. Whatever is done, the final modules are
# those that a second build makes which knows nothing of it.

# shellcheck disable=SC2119 # functions called without arguments
# shellcheck source=tests/lib.sh
. "${0%/*}/../lib.sh"

REF=$TMP/ref
shrink=KBUILD_BTF_SHRINK=1

mini_copy
ok "the first build succeeds" mini -j2 $shrink
all=$(mini_modules)
is "the first build: each step once per module" \
	"$(steps)" "$(steps_of "$all" LD PAHOLE BTF)"
btfstage=$OUT/tools/btfstage/btfstage

# plain ARG...: the second build
plain()
{
	make --no-print-directory -C "$SRC/examples/mini" O="$REF" "$@" \
		>"$TMP/plain.log" 2>&1 && return
	sed 's/^/# /' "$TMP/plain.log"
	bail_out "the build without the option fails"
}

plain_sums()
{
	(cd "$REF" && find . -name '*.ko' ! -name '*.no-btf.ko' \
		! -name '.tmp_*' -exec cksum {} + | sort -k3)
}

# The linked modules that are whole
whole()
{
	for m in $all; do
		[ "$(head -c 7 "$OUT/$m.no-btf.ko")" = btfkept ] || echo "$m"
	done
}

# The linked modules that are not the second build's, once they are restored
not_restored()
{
	for m in $all; do
		"$btfstage" restore --from "$OUT/$m.ko" -o "$TMP/linked" \
			"$OUT/$m.no-btf.ko" &&
			cmp "$TMP/linked" "$REF/$m.no-btf.ko"
	done 2>&1
}

# as_plain NAME: all is as it should be between builds
as_plain()
{
	is "$1: the modules are those of a build without it" \
		"$(mini_sums)" "$(plain_sums)"
	is "$1: nothing is on the disk twice" "$(whole)" ""
	is "$1: each linked module can be restored" "$(not_restored)" ""
}

# row NAME MODULES STEP...: build, and see that it is right and settled. What is
# built with is in $row_args, a word or nothing.
row()
{
	row_name=$1
	row_modules=$2
	shift 2
	ok "$row_name: builds" mini $shrink ${row_args:+"$row_args"}
	is "$row_name: the right steps" \
		"$(steps)" "$(steps_of "$row_modules" "$@")"
	cp "$LOG" "$TMP/row.log"
	plain ${row_args:+"$row_args"}
	as_plain "$row_name"
	mini $shrink ${row_args:+"$row_args"}
	is "$row_name: then nothing more" "$(grep '^  ' "$LOG")" ""
}
row_args=

plain -j2
as_plain "the first build"
mini $shrink
is "then nothing more" "$(grep '^  ' "$LOG")" ""
linked=$OUT/fs/ramfs.no-btf.ko
ok "what is left is small" \
	[ "$(($(wc -c <"$linked") * 4))" -lt "$(wc -c <"$OUT/fs/ramfs.ko")" ]
is "it has the mode of a module" "$(stat -c %a "$linked")" \
	"$(stat -c %a "$REF/fs/ramfs.no-btf.ko")"

# --- the table
echo 'int ramfs_more(struct kobject *k) { return 0; }' |
	sed 's/^/struct kobject; /' >>"$SRC/examples/mini/fs/ramfs.c"
row "a module source" fs/ramfs LD PAHOLE BTF

echo 'int loop_more;' >>"$SRC/examples/mini/net/loop_stats.c"
row "a part of a module" net/loop LD PAHOLE BTF

touch "$SRC/examples/mini/net/loop.h"
row "a header" net/loop LD PAHOLE BTF

row_args="LDFLAGS_MODULE=--warn-common"
row "link flags" "$all" LD PAHOLE BTF
row_args=
row "link flags back again" "$all" LD PAHOLE BTF

row_args=PAHOLE_FLAGS=--skip_encoding_btf_vars
row "pahole flags" "$all" PAHOLE BTF
row_args=
row "pahole flags back again" "$all" PAHOLE BTF

mkdir "$TMP/bin"
printf '#!/bin/sh\nexec pahole "$@"\n' >"$TMP/bin/pahole"
chmod +x "$TMP/bin/pahole"
row_args="PAHOLE=$TMP/bin/pahole"
row "another pahole" "$all" PAHOLE BTF
touch "$TMP/bin/pahole"
row "pahole is newer" "$all" PAHOLE BTF
row_args=
row "the first pahole again" "$all" PAHOLE BTF

touch "$btfstage"
row "btfstage is newer" "$all" BTF
echo '/* changed */' >>"$SRC/tools/btfstage/err.c"
row "btfstage's source" "$all" BTF

echo 'struct new_one { int a; } new_one;' >>"$SRC/examples/mini/kernel/mm.c"
row "a type of vmlinux" "$all" BTF

edit 's/heap_used += (size + 15)/heap_used += (size + 31)/' \
	"$SRC/examples/mini/kernel/mm.c"
row "a function body of vmlinux" ""

# --- files that are gone: of a deleted foo.ko nothing can be restored
rm "$OUT/net/loop.ko"
row "foo.ko deleted" net/loop LD PAHOLE BTF
rm "$OUT/net/loop.ko"
mini $shrink V=2
like "foo.ko deleted: V=2 says why it is linked" "$(cat "$LOG")" \
	'^  LD \[M]  net/loop\.no-btf\.ko - due to: deletion of net/loop\.ko$'
for m in $all; do
	rm "$OUT/$m.ko"
done
row "all foo.ko deleted" "$all" LD PAHOLE BTF

rm "$OUT/fs/ramfs.ko.btf"
row "foo.ko.btf deleted" fs/ramfs PAHOLE BTF
rm "$OUT/fs/ramfs.no-btf.ko"
row "foo.no-btf.ko deleted" fs/ramfs LD PAHOLE BTF
rm "$OUT/.btf.vmlinux.base"
row ".btf.vmlinux.base deleted" "$all" BTF
rm "$OUT/drivers/.clash.ko.cmd"
row "the saved command deleted" drivers/clash BTF

# A linked module that is whole is used, whether or not there is a foo.ko.
"$btfstage" restore --from "$OUT/net/loop.ko" "$OUT/net/loop.no-btf.ko"
is "restore: it is the linked module" "$(whole)" net/loop
rm "$OUT/net/loop.ko"
row "foo.ko deleted, the linked module whole" net/loop BTF

# --- killed: the linked module is there, foo.ko is not yet, or the old one
"$btfstage" restore --from "$OUT/net/loop.ko" "$OUT/net/loop.no-btf.ko"
rm "$OUT/net/loop.ko.btf"
row "killed before the types were made" net/loop PAHOLE BTF

# --- a foo.ko that is not what was left for
foo=$OUT/fs/ramfs
cp "$foo.ko" "$TMP/good.ko"
cp "$linked" "$TMP/left"
"${OBJCOPY:-objcopy}" --strip-debug "$foo.ko"
sleep 0.03
touch "$btfstage"
fails "foo.ko stripped: the build fails" mini $shrink
is "foo.ko stripped: one line says what to do" "$(grep '^btfstage' "$LOG")" \
	"btfstage: fs/ramfs.no-btf.ko: was shrunk, and fs/ramfs.ko has changed since: delete fs/ramfs.no-btf.ko to have it linked again"
fails "foo.ko stripped: it fails again" mini $shrink
ok "foo.ko stripped: what was left is still there" cmp "$TMP/left" "$linked"
rm "$linked"
mini $shrink
as_plain "foo.ko stripped, and what the line says is done"

echo signature >>"$foo.ko"
sleep 0.03
touch "$btfstage"
row "foo.ko signed" "$all" BTF

# --- no vmlinux: a mere copy is made of the linked module
mv "$OUT/vmlinux" "$TMP/vmlinux"
ok "no vmlinux: builds" mini $shrink fs/ramfs.ko
is "no vmlinux: says so" "$(steps)" "NO BTF fs/ramfs.ko"
ok "no vmlinux: the module is the linked one" \
	cmp "$foo.ko" "$REF/fs/ramfs.no-btf.ko"
ok "no vmlinux: which is whole" cmp "$linked" "$REF/fs/ramfs.no-btf.ko"
mini $shrink fs/ramfs.ko
is "no vmlinux: then nothing more" "$(steps)" ""
rm "$foo.ko"
ok "no vmlinux, foo.ko deleted: builds" mini $shrink fs/ramfs.ko
is "no vmlinux, foo.ko deleted: it is copied" "$(steps)" "NO BTF fs/ramfs.ko"
rm "$OUT/fs/idset.ko"
ok "no vmlinux, another deleted: builds" mini $shrink fs/idset.ko
is "no vmlinux, another deleted: it is linked" \
	"$(steps)" "$(steps_of fs/idset LD NO_BTF)"
mv "$TMP/vmlinux" "$OUT/vmlinux"
ok "vmlinux is there again: builds" mini $shrink
is "vmlinux is there again: what is to be done" "$(steps)" \
	"$({ steps_of "fs/idset fs/ramfs" BTF; steps_of fs/idset PAHOLE; } | sort)"
as_plain "vmlinux is there again"

# --- BTF for modules off, and on again
ok "modules' BTF off: builds" mini $shrink CONFIG_DEBUG_INFO_BTF_MODULES=
is "modules' BTF off: linked straight to their names" \
	"$(steps)" "$(steps_of "$all" LD_KO)"
ok "modules' BTF on again: builds" mini $shrink
is "modules' BTF on again: the rest is still there" \
	"$(steps)" "$(steps_of "$all" BTF)"
as_plain "modules' BTF on again"

# --- a module without debug information is a mere copy, until it has some
KCFLAGS=-g0 mini $shrink fs/ramfs.ko
is "no debug information: says so" "$(grep -c '^  NO BTF  fs/ramfs.ko' "$LOG")" 1
is "no debug information: nothing is on the disk twice" "$(whole)" ""
ok "no debug information: the module is the linked one" \
	"$btfstage" restore --from "$foo.ko" -o "$TMP/linked" "$linked"
ok "no debug information: and can be restored" cmp "$TMP/linked" "$foo.ko"
types=$REF/fs/ramfs.ko.btf
base=$OUT/.btf.vmlinux.base
cp "$linked" "$TMP/left"
cp "$foo.ko" "$TMP/mere.ko"
ok "more is overwritten than was kept: stage" "$btfstage" ko --shrink \
	--base "$base" --types "$types" -o "$foo.ko" "$linked"
"$btfstage" restore --from "$foo.ko" -o "$TMP/linked" "$linked"
ok "more is overwritten than was kept: it is kept now" \
	cmp "$TMP/linked" "$TMP/mere.ko"
fails "more is overwritten than was kept: the file is another" \
	cmp "$TMP/left" "$linked"
mini $shrink
as_plain "debug information again"

# --- the option is switched
ok "off: builds" mini
is "off: all are staged" "$(steps)" "$(steps_of "$all" BTF)"
is "off: the modules are the same" "$(mini_sums)" "$(plain_sums)"
is "off: the linked modules are whole" "$(whole)" "$all"
is "off: and the right ones" "$(not_restored)" ""
mini
is "off: then nothing more" "$(grep '^  ' "$LOG")" ""
row "on again" "$all" BTF
ok "0 is off: builds" mini KBUILD_BTF_SHRINK=0
is "0 is off: the linked modules are whole" "$(whole)" "$all"
KBUILD_BTF_SHRINK=1 mini
is "in the environment: nothing is on the disk twice" "$(whole)" ""

# together with what reads the linked module
plain PAHOLE_FLAGS=--skip_encoding_btf_vars
ok "off, and pahole flags: builds" mini PAHOLE_FLAGS=--skip_encoding_btf_vars
is "off, and pahole flags: the right steps" \
	"$(steps)" "$(steps_of "$all" PAHOLE BTF)"
is "off, and pahole flags: the modules are right" \
	"$(mini_sums)" "$(plain_sums)"
row "on, and pahole flags" "$all" PAHOLE BTF
rm "$OUT/net/loop.ko" "$OUT/fs/ramfs.ko"
ok "off, and foo.ko deleted: builds" mini
is "off, and foo.ko deleted: the right steps" "$(steps | grep -v BTF)" \
	"$(steps_of "fs/ramfs net/loop" LD PAHOLE)"
is "off, and foo.ko deleted: the modules are right" \
	"$(mini_sums)" "$(plain_sums)"
row "on once more" "$all" BTF
mv "$OUT/vmlinux" "$TMP/vmlinux"
ok "off, and no vmlinux: builds" mini fs/ramfs.ko
ok "off, and no vmlinux: the module is the linked one" \
	cmp "$foo.ko" "$REF/fs/ramfs.no-btf.ko"
mv "$TMP/vmlinux" "$OUT/vmlinux"
mini $shrink
as_plain "on, with vmlinux"

# --- the command by itself
# refused NAME REGEX ARG...: status 1, one line, and what was there stays
refused()
{
	refused_name=$1
	refused_want=$2
	shift 2
	sums=$(cksum "$foo.ko" "$linked")
	"$btfstage" "$@" >"$TMP/stdout" 2>"$TMP/stderr"
	is "$refused_name: status" $? 1
	like "$refused_name: it names the file" "$(cat "$TMP/stderr")" \
		"^btfstage: $refused_want"
	is "$refused_name: one line" "$(wc -l <"$TMP/stderr")" 1
	is "$refused_name: all stays" "$(cksum "$foo.ko" "$linked")" "$sums"
}
refused "restore: no module" ".*/none: cannot open: No such file" \
	restore --from "$foo.ko" "$TMP/none"
refused "restore: no ELF file" ".*/ramfs\.ko\.btf: is not an ELF file$" \
	restore --from "$foo.ko" "$types"
refused "restore: another foo.ko" \
	".*/ramfs\.no-btf\.ko: was shrunk, and .*/idset.ko has changed since: delete " \
	restore --from "$OUT/fs/idset.ko" "$linked"
refused "restore: no directory for the output" ".*/none/out: cannot create" \
	restore --from "$foo.ko" -o "$TMP/none/out" "$linked"
head -c 50 "$linked" >"$TMP/cut"
refused "restore: cut off" ".*/cut: is cut off " restore --from "$foo.ko" "$TMP/cut"
cp "$foo.ko" "$TMP/good.ko"
cp "$REF/fs/ramfs.no-btf.ko" "$TMP/in-place.ko"
ln -s in-place.ko "$TMP/link.ko"
for m in in-place link; do
	refused "ko --shrink: $m" ".*/$m\.ko: is the output itself" \
		ko --shrink --base "$base" --types "$types" \
		-o "$TMP/in-place.ko" "$TMP/$m.ko"
done
ok "ko --shrink: the module is still there" \
	cmp "$TMP/in-place.ko" "$REF/fs/ramfs.no-btf.ko"

cp -p "$linked" "$TMP/with space.no-btf.ko"
ok "restore in place" "$btfstage" restore --from "$foo.ko" \
	"$TMP/with space.no-btf.ko"
ok "it is the linked module" cmp "$TMP/with space.no-btf.ko" "$TMP/in-place.ko"
is "its time is the same" "$(stat -c %.Y "$TMP/with space.no-btf.ko")" \
	"$(stat -c %.Y "$linked")"
before=$(stamp "$TMP/with space.no-btf.ko")
ok "once more" "$btfstage" restore --from "$TMP/none" \
	"$TMP/with space.no-btf.ko"
is "it is left alone" "$(stamp "$TMP/with space.no-btf.ko")" "$before"

# --- clean
mini clean
is "make clean removes every file" "$(find "$OUT" -type f)" ""

done_testing
