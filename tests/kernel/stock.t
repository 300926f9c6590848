#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# The faults of stock kbuild in docs/kbuild.md, on an untouched tree. Names with "stock:"
# describe what is wrong; table.sh does the same to an applied tree, and expects the right
# result.
#
# If stock kbuild is fixed, this test fails: then correct the document.
#
# kernel.t has built the tree, of the release KERNEL_VERSION.

# shellcheck disable=SC2154 # variables of tree.sh
# shellcheck source=tests/kernel/tree.sh
. "${0%/*}/tree.sh"

OUT=$obj
one=fs/binfmt_misc

# The steps that a new vmlinux ran for each module
remade=BTF
[ $last_link = vmlinux ] || remade='LD_KO BTF'

tree_start
need setsid

# heal NAME: all modules have BTF again, as a newer vmlinux makes stock do it
heal()
{
	touch "$obj/vmlinux"
	ok "$1: a newer vmlinux" kbuild modules
	# shellcheck disable=SC2086 # a list of words
	is "$1: all modules have BTF" "$(without_btf $all)" ""
}

# settles NAME MODULES: the next build is content with these modules without BTF
settles()
{
	row "$1: the next build" ""
	# shellcheck disable=SC2086 # a list of words
	is "$1: stock: modules stay without BTF" "$(without_btf $all)" "$2"
}

ok "an untouched tree builds" kbuild modules
all=$(modules)
heal "at first"

# --- what stock does right
row "nothing" ""

# --- flags
row_args=LDFLAGS_MODULE=--build-id=none
row "link flags: stock: linked, and no BTF" "$all" LD_KO
settles "link flags" "$all"
row_args=
row "link flags, back again: stock: linked, and no BTF" "$all" LD_KO
settles "link flags, back again" "$all"
heal "link flags"

row_args=PAHOLE_FLAGS=--btf_gen_floats
row "pahole flags: stock: nothing is done" ""
row_args=

# --- killed
edit_source "\$astruct edited { int a[7]; } edited_1;" $one.c
killing pahole KILL before $one.ko
ok "SIGKILL after the link: the build ends there" killed pahole modules
like "SIGKILL after the link: it was linked" "$(cat "$LOG")" \
	"^  LD \[M]  $one\.ko\$"
settles "SIGKILL after the link" "$one"
heal "SIGKILL after the link"
restore_sources
row "SIGKILL after the link, back again" "$one" LD_KO BTF

touch "$obj/vmlinux"
killing pahole TERM before $one.ko
ok "SIGTERM in BTF [M]: the build ends there" killed pahole modules
fails "SIGTERM in BTF [M]: stock: the good module is deleted" \
	test -e "$(ko $one)"
ok "SIGTERM in BTF [M]: the next build" kbuild modules
heal "SIGTERM in BTF [M]"

touch "$src/lib/bcd.c"
killing ld KILL half "-o $last_link"
ok "SIGKILL in the last link: the build ends there" killed ld modules
if [ $last_link = vmlinux ]; then
	ok "SIGKILL in the last link: the next build of vmlinux" kbuild vmlinux
else
	fails "SIGKILL in the last link: stock: the next build of vmlinux" kbuild vmlinux
fi
unlike "SIGKILL in the last link: stock: it is not linked again" \
	"$(cat "$LOG")" '^  LD '
is "SIGKILL in the last link: stock: half of it is taken for all" \
	"$(cat "$obj/$last_link")" half
rm "$obj/$last_link"
ok "SIGKILL in the last link: removed by hand" kbuild modules
heal "SIGKILL in the last link"

if [ $last_link != vmlinux ]; then
	name="SIGKILL in OBJCOPY vmlinux"
	touch "$src/lib/bcd.c"
	killing objcopy KILL before --remove-section=.modinfo
	ok "$name: the build ends there" killed objcopy modules
	ok "$name: the next build" kbuild modules
	like "$name: stock: the section to be removed is still there" \
		"$(readelf -SW "$obj/vmlinux")" ' \.modinfo '
	rm "$obj/vmlinux"
	ok "$name: removed by hand" kbuild modules
	unlike "$name: the section is removed" \
		"$(readelf -SW "$obj/vmlinux")" ' \.modinfo '
	heal "$name"
fi

# --- no vmlinux, for an external module
ext_make
mv "$obj/vmlinux" "$dir/vmlinux.away"
row_args=M=$ext
row_goal=
ok "no vmlinux: an external module" kbuild "$row_args"
like "no vmlinux: stock: the log says that there is BTF" "$(cat "$LOG")" \
	"^  BTF \[M] $ext/outside\.ko\$"
like "no vmlinux: and then that there is not" "$(cat "$LOG")" \
	'^Skipping BTF generation for .*outside\.ko due to unavailability of vmlinux$'
is "no vmlinux: there is none" "$(without_btf "$ext/outside")" "$ext/outside"
mv "$dir/vmlinux.away" "$obj/vmlinux"
row "vmlinux is back" ""
is "vmlinux is back: stock: the module stays without BTF" \
	"$(without_btf "$ext/outside")" "$ext/outside"
touch "$obj/vmlinux"
row "a newer vmlinux" ""
is "a newer vmlinux: stock: the module stays without BTF" \
	"$(without_btf "$ext/outside")" "$ext/outside"

row_args=
row_goal=modules
heal "no vmlinux"

# --- the same types
edit_source 's/(val >> 4) \* 10;/(val >> 4) * 11;/' lib/bcd.c
# shellcheck disable=SC2086 # a list of words
row "a function body of vmlinux: stock: pahole is run for all modules" \
	"$all" $remade
restore_sources
# shellcheck disable=SC2086 # a list of words
row "a function body of vmlinux, back again: stock: pahole for all" \
	"$all" $remade

# shellcheck disable=SC2086 # a list of words
is "in the end, all modules have BTF" "$(without_btf $all)" ""

done_testing
