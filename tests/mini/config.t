#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# Configurations: BTF for modules, for vmlinux, or for neither, and back; flags for pahole;
# unusual sets of modules and names of directories.

# shellcheck disable=SC2119 # mini_first needs no argument
# shellcheck source=tests/lib.sh
. "${0%/*}/../lib.sh"

need readelf

btf_sections()
{
	readelf -SW "$1" | grep -c ' \.BTF '
}

off='(no BTF: CONFIG_DEBUG_INFO_BTF_MODULES is not set)'

mini_first
all=$(mini_modules)
before=$(mini_sums)

# --- not configured
ok "modules' BTF off: builds" mini CONFIG_DEBUG_INFO_BTF_MODULES=
is "modules' BTF off: linked straight to their names" \
	"$(steps)" "$(steps_of "$all" LD_KO)"
is "modules' BTF off: a module has none" \
	"$(btf_sections "$OUT/fs/ramfs.ko")" 0
is "modules' BTF off: vmlinux has its own" "$(btf_sections "$OUT/vmlinux")" 1
mini CONFIG_DEBUG_INFO_BTF_MODULES=
is "modules' BTF off: then nothing more" "$(lines)" ""
for arg in V=1 V=2 -s; do
	mini CONFIG_DEBUG_INFO_BTF_MODULES= $arg
	is "modules' BTF off: nothing more with $arg" "$(steps)" ""
done
rm "$OUT/fs/ramfs.ko"
mini CONFIG_DEBUG_INFO_BTF_MODULES= -s
is "modules' BTF off: -s prints nothing" "$(cat "$LOG")" ""
ok "modules' BTF on again: builds" mini
is "modules' BTF on again: the rest is still there" \
	"$(steps)" "$(steps_of "$all" BTF)"
is "modules' BTF on again: the modules are the same" "$(mini_sums)" "$before"

ok "BTF off: builds" mini BTF=n
is "BTF off: linked straight to their names" \
	"$(steps)" "$(steps_of "$all" LD_KO)"
is "BTF off: vmlinux has none" "$(readelf -SW "$OUT/vmlinux" |
	awk '$2 == ".BTF" && $6 !~ /^0+$/')" ""
unlike "BTF off: nothing runs pahole" "$(cat "$LOG")" '^  (BTF|PAHOLE)'
rm -r "$OUT"
ok "BTF off: builds from scratch" mini BTF=n
is "BTF off: the lines of stock kbuild" \
	"$(grep '^  LD \[M]' "$LOG" | sort)" \
	"$({ echo net/loop.o; echo "$all" | sed 's/$/.ko/'; } | sed 's/^/  LD [M]  /' | sort)"
is "BTF off: nothing but links" "$(steps)" "$(steps_of "$all" LD_KO)"
rm "$OUT/fs/ramfs.ko"
mini BTF=n KBUILD_EXTMOD=. fs/ramfs.ko
is "BTF off: for an external module, its line says why" \
	"$(cat "$LOG")" "  LD [M]  fs/ramfs.ko $off"
mini BTF=n fs/ramfs.ko
unlike "BTF off: nothing more without that line" "$(cat "$LOG")" 'LD'
fails "BTF off: the helper is not built" test -e "$OUT/scripts/btfstage"

ok "BTF on: builds" mini
is "BTF on: all steps" "$(steps)" "$(steps_of "$all" LD PAHOLE BTF)"
is "BTF on: the modules are the same" "$(mini_sums)" "$before"

# --- the pahole of a tree that has flags for its own way of calling
# They are vmlinux's and the module's together, not a module's alone: its command
# is the same with and without them.
ok "threads, distilled base: builds" mini PAHOLE_FLAGS="-j2 --btf_gen_floats" \
	MODULE_PAHOLE_FLAGS="--btf_features=distilled_base"
like "threads, distilled base: vmlinux is linked" "$(cat "$LOG")" \
	'^  LD      vmlinux$'
unlike "threads, distilled base: not for a module alone" "$(steps)" 'LD|PAHOLE'
for i in 1 2 3; do
	touch "$SRC/examples/mini/kernel/mm.c"
	mini PAHOLE_FLAGS="-j2 --btf_gen_floats"
	is "threads: vmlinux's types keep their order, $i" "$(steps)" ""
done

# --- no modules
ok "a kernel without modules builds" mini "modules=" "multi-objs="

# --- names that make cannot handle
mkdir "$TMP/a b"
fails "a build directory with a space is refused" mini O="$TMP/a b"
like "a build directory with a space: it is named" "$(cat "$LOG")" \
	'build directory ".*/a b" cannot contain spaces'
mv "$SRC" "$TMP/a b/src"
SRC="$TMP/a b/src"
fails "a source directory with a space is refused" mini
like "a source directory with a space: it is named" "$(cat "$LOG")" \
	'source directory ".*/a b/src" cannot contain spaces'

done_testing
