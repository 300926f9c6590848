#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# Which steps run after a change: the table of docs/rebuild.md, row by row.

# shellcheck source=tests/lib.sh
. "${0%/*}/../lib.sh"

mini_copy
ok "the first build succeeds" mini -j2
all=$(mini_modules)
is "the first build: each step once per module" \
	"$(steps)" "$(steps_of "$all" LD PAHOLE BTF)"
like "and vmlinux's types once" "$(cat "$LOG")" '^  BTFBASE \.btf\.vmlinux\.base from vmlinux$'
is "as many modules as there should be" "$(echo "$all" | wc -l)" 8

# row NAME MODULES STEP...: build, compare steps, and see the build settled.
# $row_args has the arguments of make, a word or nothing.
row()
{
	row_name=$1
	row_modules=$2
	shift 2
	ok "$row_name: builds" mini ${row_args:+"$row_args"}
	is "$row_name: the right steps" \
		"$(steps)" "$(steps_of "$row_modules" "$@")"
	cp "$LOG" "$TMP/row.log"
	mini ${row_args:+"$row_args"}
	is "$row_name: then nothing more" "$(lines)" ""
}
row_args=

# --- nothing
before=$(mini_sums)
row "nothing" ""
is "nothing: modules are the same" "$(mini_sums)" "$before"
mini
unlike "nothing: not a line of a kbuild step" "$(cat "$LOG")" '^  '

# --- a module source
echo 'int ramfs_more(struct kobject *k) { return 0; }' |
	sed 's/^/struct kobject; /' >>"$SRC/examples/mini/fs/ramfs.c"
row "a module source" fs/ramfs LD PAHOLE BTF

echo 'int loop_more;' >>"$SRC/examples/mini/net/loop_stats.c"
row "a part of a module" net/loop LD PAHOLE BTF

# --- a header: what includes it is compiled again, to the same bytes
before=$(mini_sums)
touch "$SRC/examples/mini/net/loop.h"
row "a header" net/loop LD PAHOLE BTF
is "a header: the modules are the same" "$(mini_sums)" "$before"

# --- link flags
row_args="LDFLAGS_MODULE=--warn-common"
row "link flags" "$all" LD PAHOLE BTF
row_args=
row "link flags back again" "$all" LD PAHOLE BTF

# --- pahole or its flags
row_args=PAHOLE_FLAGS=--skip_encoding_btf_vars
row "pahole flags" "$all" PAHOLE BTF
row_args=
row "pahole flags back again" "$all" PAHOLE BTF

# Another path, the same version
mkdir "$TMP/bin"
cat >"$TMP/bin/pahole" <<'END'
#!/bin/sh
case $* in
--version)	cat "$0.version" ;;
*)		exec pahole "$@" ;;
esac
END
chmod +x "$TMP/bin/pahole"
pahole --version >"$TMP/bin/pahole.version"
row_args="PAHOLE=$TMP/bin/pahole"
row "another pahole" "$all" PAHOLE BTF

# The same path and date, another version: the configuration has that.
echo v1.99 >"$TMP/bin/pahole.version"
row "another pahole of the same name" "$all" PAHOLE BTF

touch "$TMP/bin/pahole"
row "pahole is newer" "$all" PAHOLE BTF
row_args=
row "the first pahole again" "$all" PAHOLE BTF

# --- btfstage. The base is newer than vmlinux when it has just been written.
rm "$OUT/.btf.vmlinux.base"
mini
base=$(stamp "$OUT/.btf.vmlinux.base")
touch "$OUT/scripts/btfstage/btfstage"
row "btfstage is newer" "$all" BTF
is "btfstage is newer: the base is not written" \
	"$(stamp "$OUT/.btf.vmlinux.base")" "$base"
unlike "btfstage is newer: nor said to be" "$(cat "$TMP/row.log")" BTFBASE

echo '/* changed */' >>"$SRC/tools/btfstage/io/err.c"
row "btfstage's source" "$all" BTF
like "btfstage's source: it is compiled" "$(cat "$TMP/row.log")" \
	'^  HOSTCC  tools/btfstage/io/err\.o$'

# --- vmlinux, types changed
echo 'struct new_one { int a; } new_one;' >>"$SRC/examples/mini/kernel/mm.c"
before=$(stamp "$OUT/.btf.vmlinux.base")
row "a type of vmlinux" "$all" BTF
like "a type of vmlinux: the base is written" "$(cat "$TMP/row.log")" \
	'^  BTFBASE \.btf\.vmlinux\.base from vmlinux$'
negate [ "$(stamp "$OUT/.btf.vmlinux.base")" = "$before" ]
result $? "a type of vmlinux: the base is new" </dev/null

# --- vmlinux, the same types
before=$(mini_sums)
base=$(stamp "$OUT/.btf.vmlinux.base")
vmlinux=$(cksum <"$OUT/vmlinux")
edit 's/heap_used += (size + 15)/heap_used += (size + 31)/' \
	"$SRC/examples/mini/kernel/mm.c"
row "a function body of vmlinux" ""
like "a function body of vmlinux: it is linked" "$(cat "$TMP/row.log")" \
	'^  LD      vmlinux$'
negate [ "$(cksum <"$OUT/vmlinux")" = "$vmlinux" ]
result $? "a function body of vmlinux: it is another" </dev/null
is "a function body of vmlinux: the base is not written" \
	"$(stamp "$OUT/.btf.vmlinux.base")" "$base"
is "a function body of vmlinux: the modules are the same" \
	"$(mini_sums)" "$before"

# --- files that are gone
rm "$OUT/net/loop.ko"
row "foo.ko deleted" net/loop BTF
is "foo.ko deleted: it comes back as it was" "$(mini_sums)" "$before"

rm "$OUT/fs/ramfs.no-btf.ko.btf"
row "foo.no-btf.ko.btf deleted" fs/ramfs PAHOLE BTF

rm "$OUT/fs/ramfs.no-btf.ko"
row "foo.no-btf.ko deleted" fs/ramfs LD PAHOLE BTF

rm "$OUT/.btf.vmlinux.base"
row ".btf.vmlinux.base deleted" "$all" BTF
is "files deleted: the modules are the same" "$(mini_sums)" "$before"

rm "$OUT/drivers/.clash.ko.cmd"
row "the saved command deleted" drivers/clash BTF

done_testing
