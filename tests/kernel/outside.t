#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# The table of docs/rebuild.md with O= and read-only sources.
#
# The sources are from the tree that kernel.t has unpacked, without built files. The kernel
# is a smaller one, without network, which builds in a minute or two.

# shellcheck disable=SC2154 # variables of tree.sh
# shellcheck source=tests/kernel/tree.sh
. "${0%/*}/tree.sh"
# shellcheck source=tests/kernel/table.sh
. "${0%/*}/table.sh"

[ -f "$dir/linux/vmlinux" ] ||
	skip_all "linux $version is not built; kernel.t does that"
"$TMP/read-only" "$TMP" true 2>"$TMP/why" ||
	skip_all "a mount cannot be made here: $(head -n 1 "$TMP/why")"
tree_start

src=$dir/source
obj=$dir/outside
out_arg=O=$obj
OUT=$obj
base=$obj/.btf.vmlinux.base
config=$TMP/config

# Files of the tree itself are never written to, so links will do; those that are
# edited here are made files of their own.
rm -rf "$src" "$obj"
mkdir "$obj"
cp -al "$dir/linux" "$src" || bail_out "no hard links can be made here"
for f in $one.c lib/bcd.c lib/sort.c; do
	cp -p "$src/$f" "$TMP/f"
	mv "$TMP/f" "$src/$f" || bail_out "$f: cannot be copied"
done
ok "mrproper" make -s -C "$src" mrproper
ok "apply" apply apply
run="$TMP/read-only $src"

sed -E '/^CONFIG_(NET|INET|NETDEVICES|NET_|TCP_|NETFILTER|NF_|DUMMY|VETH|VLAN|PACKET)/d' \
	"${0%/*}/config" >"$config"
ok "configure" kbuild KCONFIG_ALLCONFIG="$config" allnoconfig
ok "build" kbuild modules
nr=$(modules | wc -l)
ok "$nr modules" test "$nr" -ge 8
is "build: the right steps" "$(steps)" \
	"$(steps_of "$(modules)" LD PAHOLE BTF)"
# shellcheck disable=SC2046 # a list of words
is "build: every module has BTF" "$(without_btf $(modules))" ""
ok "build: the helper stands in the build directory" \
	test -x "$obj/scripts/btfstage/btfstage"

ext_make
last_way=modules
table

is "all modules are good" \
	"$("$BTFINSPECT" report --base "$obj/vmlinux" "$obj" | head -n 1)" \
	"$nr modules: $nr with BTF, 0 without, 0 bad, 0 unreadable"

# --- clean
built()
{
	(cd "$obj" && find . \( -name '*.ko' -o -name '*.ko.*' -o -name '.btf.*' \
		-o -name '..btf.*' \) ! -type d)
}
ok "clean: runs" kbuild clean
is "clean: nothing of a step is left" "$(built)" ""
ok "clean: the helper is, for external modules" \
	test -x "$obj/scripts/btfstage/btfstage"
ok "clean again: runs" kbuild clean
unlike "clean again: nothing is done for the helper" "$(cat "$LOG")" \
	'btfstage'
ok "distclean: runs" kbuild distclean
# 6.1 leaves objtool, and all what makes the directory one to build in.
is "distclean: not a file is left" \
	"$(cd "$obj" && find . ! -type d ! -path './tools/objtool/*' \
		! -path ./Makefile ! -path ./source ! -path ./.gitignore)" ""

run=
ok "revert" apply revert
rm -rf "$src" "$obj"

done_testing
