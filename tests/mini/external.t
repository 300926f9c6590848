#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# External modules, built in their own directories with read-only headers without vmlinux

# shellcheck disable=SC2119 # mini_first needs no argument
# shellcheck source=tests/lib.sh
. "${0%/*}/../lib.sh"

need bpftool

mini_first
release=6.0.0-mini
headers=$TMP/headers
mod=$TMP/mod
root=$TMP/root

# As in headers of a distribution: the configuration and the helper, and the
# scripts by way of a link.
mkdir -p "$headers/scripts" "$headers/include/config" "$root/boot"
cp "$OUT/include/config/auto.conf" "$headers/include/config"
ln -s "$SRC/scripts/"* "$headers/scripts"
mkdir "$headers/scripts/btfstage"
cp "$OUT/scripts/btfstage/btfstage" "$headers/scripts/btfstage"

# fresh DIR: two modules, as they are after modpost
fresh()
{
	rm -rf "$1"
	mkdir -p "$1"
	for m in fs/ramfs drivers/probe; do
		cp "$OUT/$m.o" "$OUT/$m.mod.c" "$1"
	done
	printf '%s\n' ramfs.o probe.o >"$1/modules.order"
}

# external DIR ARG...: build them there
external()
{
	external_dir=$1
	shift
	(
		cd "$external_dir" || exit
		export KBUILD_EXTMOD="${extmod:-$external_dir}"
		export srctree="$headers" objtree="$headers" quiet=quiet_ Q=@
		export MODORDER=modules.order
		export KERNELRELEASE=$release KBUILD_CFLAGS_MODULE=-DMODULE
		export KBUILD_CFLAGS="-nostdinc -I$SRC/examples/mini/include \
			-std=gnu11 -O2 -g -ffreestanding -fno-pie"
		export CC=gcc LD=ld OBJCOPY=objcopy READELF=readelf PAHOLE=pahole
		[ "$1" != -s ] || quiet=silent_
		make -rR --no-print-directory -f "$SRC/scripts/Makefile.modfinal" \
			BTF_SYSROOT="$root" "$@"
	) >"$LOG" 2>&1
	external_status=$?
	tick
	return $external_status
}

# has_btf NAME DIR: all of its modules have, and what pahole's reader accepts
has_btf()
{
	for m in ramfs probe; do
		ok "$1: $m has BTF" bpftool -B "$OUT/vmlinux" btf dump \
			file "$2/$m.ko"
	done
}

# no_btf NAME DIR REGEX: a line says so for each module, and they are there
no_btf()
{
	is "$1: a line for each module" \
		"$(grep -Ec "^  NO BTF  (ramfs|probe)\.ko: $3" "$LOG")" 2
	for m in ramfs probe; do
		ok "$1: $m.ko is the linked module" \
			cmp "$2/$m.ko" "$2/$m.ko.no-btf"
	done
}

# --- no base
fresh "$mod"
ok "no base: builds" external "$mod"
no_btf "no base" "$mod" "no BTF of kernel $release in $headers, .*BTF_BASE="
ok "no base: builds again" external "$mod"
is "no base: nothing is done then" "$(grep '^  ' "$LOG")" ""

# --- one appears, where a debug package has it
cp "$OUT/vmlinux" "$root/boot/vmlinux-$release"
ok "a base appears: builds" external "$mod"
like "a base appears: a line says which" "$(cat "$LOG")" \
	"^  BTFBASE \.tmp_vmlinux-$release\.base from $root/boot/vmlinux-$release\$"
is "a base appears: nothing is linked" "$(grep -c 'LD' "$LOG")" 0
has_btf "a base appears" "$mod"
for m in fs/ramfs drivers/probe; do
	ok "a base appears: ${m##*/} is what the tree's build makes" \
		cmp "$mod/${m##*/}.ko.no-btf.btf" "$OUT/$m.no-btf.ko.btf"
done
ok "a base appears: builds again" external "$mod"
is "a base appears: nothing is done then" "$(grep '^  ' "$LOG")" ""
is "the headers are as they were" "$(cd "$headers" && find . -type f | sort)" \
	"./include/config/auto.conf
./scripts/btfstage/btfstage"
is "what is prepared has a name that make clean removes" \
	"$(cd "$mod" && find . -name '*base*' ! -name '.tmp_*' ! -name '.*.cmd')" ""

# --- it changes. Where the same types come from is no reason to stage modules.
cp "$OUT/vmlinux" "$TMP/same"
ok "the same types from elsewhere: builds" external "$mod" BTF_BASE="$TMP/same"
is "the same types from elsewhere: no module is staged" \
	"$(grep -c 'BTF \[M]' "$LOG")" 0
edit 's/^struct boot_params {/&\n\tu64 more;/' "$SRC/examples/mini/kernel/main.c"
mini O="$TMP/other" vmlinux || bail_out "another vmlinux does not build"
ok "other types: builds" external "$mod" BTF_BASE="$TMP/other/vmlinux"
is "other types: the modules are staged" "$(grep -c 'BTF \[M]' "$LOG")" 2
cp "$TMP/other/vmlinux" "$root/boot/vmlinux-$release"
ok "the source changes: builds" external "$mod"
is "the source changes: it has these types already" \
	"$(grep -c 'BTF \[M]' "$LOG")" 0
cp "$OUT/vmlinux" "$root/boot/vmlinux-$release"
ok "the source changes back: builds" external "$mod"
is "the source changes back: the modules are staged" \
	"$(grep -c 'BTF \[M]' "$LOG")" 2
has_btf "the source changes back" "$mod"

# --- another release
mini O="$TMP/other" KERNELRELEASE=6.0.1-mini vmlinux
cp "$TMP/other/vmlinux" "$root/boot/vmlinux-$release"
stamps=$(cd "$mod" && stamp ./*.ko)
ok "another release: builds" external "$mod"
is "another release: what was prepared before is used" \
	"$(cd "$mod" && stamp ./*.ko)" "$stamps"
is "another release: both are named, once" "$(grep -cxF "btfstage: \
$root/boot/vmlinux-$release: is of kernel 6.0.1-mini, not of $release" "$LOG")" 1
ok "another release, named: builds" external "$mod" \
	BTF_BASE="$root/boot/vmlinux-$release"
is "another release, named: is taken" "$(grep -c 'BTF \[M]' "$LOG")" 2

# --- BTF_BASE
cp "$OUT/vmlinux" "$root/boot/vmlinux-$release"
fresh "$mod"
objcopy --dump-section .BTF="$mod/types" "$OUT/vmlinux" "$TMP/copy"
ok "BTF_BASE relative to the module: builds" external "$mod" BTF_BASE=types
like "BTF_BASE relative to the module: is taken" "$(cat "$LOG")" \
	"BTFBASE .* from $mod/types\$"
fresh "$mod"
(
	export BTF_BASE="$OUT/.btf.vmlinux.base"
	external "$mod"
)
is "BTF_BASE in the environment, prepared: is taken" \
	"$(grep -c 'BTF \[M]' "$LOG")" 2
fails "BTF_BASE in the environment, prepared: not prepared again" \
	test -e "$mod/.tmp_vmlinux-$release.base"
has_btf "BTF_BASE in the environment, prepared" "$mod"
for file in /nowhere "$LOG" "$TMP/with space"; do
	cp "$OUT/vmlinux" "$TMP/with space"
	fresh "$mod"
	ok "BTF_BASE=${file##*/}: builds" external "$mod" BTF_BASE="$file"
	no_btf "BTF_BASE=${file##*/}" "$mod" ".*$file"
done
head -c 5000 "$mod/ramfs.o" >"$TMP/short"
ok "BTF_BASE cut short, -s: builds" external "$mod" -s BTF_BASE="$TMP/short"
is "BTF_BASE cut short, -s: it is said all the same" \
	"$(grep -c "^  NO BTF  [a-z]*\.ko: $TMP/short: " "$LOG")" 2

# --- the tree's own base, as headers of a distribution may have it
cp "$OUT/.btf.vmlinux.base" "$headers"
rm "$root/boot/vmlinux-$release"
fresh "$mod"
ok "headers with a base: builds" external "$mod"
is "headers with a base: nothing is prepared" "$(grep -c BTFBASE "$LOG")" 0
has_btf "headers with a base" "$mod"
dd if=/dev/zero of="$headers/.btf.vmlinux.base" bs=1 seek=24 count=60 \
	conv=notrunc 2>/dev/null
fresh "$mod"
ok "headers with a corrupt base: builds" external "$mod"
no_btf "headers with a corrupt base" "$mod" "no BTF of kernel "
is "headers with a corrupt base: one line says so" \
	"$(grep -c "^btfstage: $headers/\.btf\.vmlinux\.base: " "$LOG")" 1
rm "$headers/.btf.vmlinux.base"
cp "$OUT/vmlinux" "$headers"
chmod a-w "$headers"
fresh "$mod"
ok "headers with a vmlinux: builds" external "$mod"
ok "headers with a vmlinux: the base is the module's" \
	test -f "$mod/.tmp_vmlinux-$release.base"
fails "headers with a vmlinux: and not theirs" \
	test -e "$headers/.btf.vmlinux.base"
has_btf "headers with a vmlinux" "$mod"
chmod u+w "$headers"

# --- built elsewhere than where the sources are (MO=, 6.13)
fresh "$TMP/mo"
mkdir "$TMP/sources"
chmod a-w "$TMP/sources"
extmod=$TMP/sources
ok "MO=: builds" external "$TMP/mo"
has_btf "MO=" "$TMP/mo"
ok "MO=: the base is there" test -f "$TMP/mo/.tmp_vmlinux-$release.base"
is "MO=: and nothing beside the sources" "$(ls -A "$TMP/sources")" ""
extmod=

# --- the helper
mkdir "$TMP/bin"
mv "$headers/scripts/btfstage/btfstage" "$TMP/bin"
fresh "$mod"
PATH=$TMP/bin:$PATH external "$mod"
is "btfstage in PATH" "$(grep -c 'BTF \[M]' "$LOG")" 2
if ! have btfstage; then
	fresh "$mod"
	ok "no btfstage: builds" external "$mod"
	no_btf "no btfstage" "$mod" \
		"btfstage is not installed, nor in $headers/scripts/btfstage\$"
fi
printf '#!/bin/sh\necho >&2 unknown command; exit 2\n' >"$TMP/bin/btfstage"
chmod +x "$TMP/bin/btfstage"
fresh "$mod"
PATH=$TMP/bin:$PATH external "$mod"
is "a btfstage that is too old" "$(grep -c \
	"NO BTF  .*\.ko: $TMP/bin/btfstage find-base fails" "$LOG")" 2

# --- headers without pahole
cp "$OUT/scripts/btfstage/btfstage" "$headers/scripts/btfstage"
fresh "$mod"
ok "no pahole: builds" external "$mod" PAHOLE=/nowhere/pahole
no_btf "no pahole" "$mod" "/nowhere/pahole not found"

done_testing
