#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# Modules without BTF: because there is no vmlinux or no pahole, or because it
# is not configured; and the way back.

# shellcheck source=tests/lib.sh
. "${0%/*}/../lib.sh"

btf_sections()
{
	readelf -SW "$1" | grep -c ' \.BTF '
}

# --- no vmlinux: a single module in a fresh directory
mini_copy
ok "no vmlinux: a module is built" mini fs/ramfs.ko
like "no vmlinux: a line says so" "$(cat "$LOG")" \
	'^  NO BTF  fs/ramfs\.ko: there is no vmlinux$'
is "no vmlinux: the steps" "$(steps)" "$(steps_of fs/ramfs LD NO_BTF)"
fails "no vmlinux: there is none afterwards" test -e "$OUT/vmlinux"
ok "no vmlinux: the module is the linked one" \
	cmp "$OUT/fs/ramfs.ko" "$OUT/fs/ramfs.no-btf.ko"
is "no vmlinux: with its mode" "$(stat -c %a "$OUT/fs/ramfs.ko")" \
	"$(stat -c %a "$OUT/fs/ramfs.no-btf.ko")"
mini fs/ramfs.ko
is "no vmlinux: then nothing more" "$(steps)" ""
ok "no vmlinux: -s" mini -s drivers/probe.ko
is "no vmlinux: -s prints nothing" "$(cat "$LOG")" ""

# --- vmlinux appears
ok "vmlinux appears: builds" mini vmlinux
ok "vmlinux appears: a module is built" mini fs/ramfs.ko
is "vmlinux appears: not linked again" \
	"$(steps)" "$(steps_of fs/ramfs PAHOLE BTF)"
is "vmlinux appears: the module has BTF" \
	"$(btf_sections "$OUT/fs/ramfs.ko")" 1
ok "vmlinux appears: all modules are built" mini modules
all=$(mini_modules)
is "vmlinux appears: those that were not there yet, too" "$(steps)" "$(
	{
		steps_of "$all" LD PAHOLE BTF
		steps_of drivers/probe LD
		steps_of fs/ramfs LD PAHOLE BTF
	} | sort | uniq -u)"
before=$(mini_sums)

# --- vmlinux goes away again
mv "$OUT/vmlinux" "$TMP/vmlinux"
ok "vmlinux is gone: a module is built" mini fs/ramfs.ko
is "vmlinux is gone: the steps" "$(steps)" "$(steps_of fs/ramfs NO_BTF)"
mv "$TMP/vmlinux" "$OUT/vmlinux"
ok "vmlinux is back: a module is built" mini fs/ramfs.ko
is "vmlinux is back: its types were kept" "$(steps)" "$(steps_of fs/ramfs BTF)"
is "vmlinux is back: the modules are the same" "$(mini_sums)" "$before"

# --- no pahole
ok "no pahole: a module is built" mini PAHOLE=/nowhere/pahole fs/ramfs.ko
like "no pahole: a line says so" "$(cat "$LOG")" \
	'^  NO BTF  fs/ramfs\.ko: /nowhere/pahole does not run$'
ok "no pahole: the module is the linked one" \
	cmp "$OUT/fs/ramfs.ko" "$OUT/fs/ramfs.no-btf.ko"
ok "pahole is back: builds" mini
is "pahole is back: the steps" "$(steps)" "$(steps_of fs/ramfs BTF)"

# --- not configured
ok "modules' BTF off: builds" mini CONFIG_DEBUG_INFO_BTF_MODULES=
is "modules' BTF off: linked straight to their names" \
	"$(steps)" "$(steps_of "$all" LD_KO)"
is "modules' BTF off: a module has none" \
	"$(btf_sections "$OUT/fs/ramfs.ko")" 0
is "modules' BTF off: vmlinux has its own" "$(btf_sections "$OUT/vmlinux")" 1
mini CONFIG_DEBUG_INFO_BTF_MODULES=
is "modules' BTF off: then nothing more" "$(grep '^  ' "$LOG")" ""

ok "modules' BTF on again: builds" mini
is "modules' BTF on again: the rest is still there" \
	"$(steps)" "$(steps_of "$all" BTF)"
is "modules' BTF on again: the modules are the same" "$(mini_sums)" "$before"

ok "BTF off: builds" mini BTF=n
is "BTF off: linked straight to their names" \
	"$(steps)" "$(steps_of "$all" LD_KO)"
is "BTF off: vmlinux has none" "$(readelf -SW "$OUT/vmlinux" |
	awk '$2 == ".BTF" && $6 !~ /^0+$/')" ""
unlike "BTF off: nothing runs pahole" "$(cat "$LOG")" 'BTF|PAHOLE'
rm -r "$OUT"
ok "BTF off: builds from scratch" mini BTF=n
is "BTF off: nothing but links" "$(steps)" "$(steps_of "$all" LD_KO)"
fails "BTF off: the helper is not built" test -e "$OUT/tools/btfstage"

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
