#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# The types in a boot image: btfinspect extract, and external modules

# shellcheck disable=SC2119,SC2120,SC2317 # functions called by name, or without arguments
# shellcheck source=tests/lib.sh
. "${0%/*}/../lib.sh"

need perl gzip xz zstd lz4 objcopy

mini_first
release=6.0.0-mini
"${OBJCOPY:-objcopy}" --dump-section ".BTF=$TMP/want" "$OUT/vmlinux" "$TMP/copy" ||
	bail_out "vmlinux has no .BTF"
strip -o "$TMP/vmlinux" "$OUT/vmlinux"

image()
{
	perl "${0%/*}/image.pl" "$@"
}

# payload HOW: as a kernel's build packs it
payload()
{
	case $1 in
	gzip)	gzip -n -9 -c "$TMP/vmlinux" ;;
	xz)	xz --check=crc32 --lzma2=dict=32MiB -c "$TMP/vmlinux" ;;
	zstd)	zstd -q -22 --ultra -c "$TMP/vmlinux" ;;
	lz4)	lz4 -q -l -9 -c "$TMP/vmlinux" ;;
	esac
	[ "$1" = gzip ] || image length "$TMP/vmlinux"
}

# extract ARG...
extract()
{
	"$BTFINSPECT" extract -o "$TMP/types" "$@" >"$TMP/stdout" 2>"$TMP/stderr"
}

# --- each kind
for how in gzip xz zstd lz4; do
	payload "$how" >"$TMP/payload"
	image bzimage $release <"$TMP/payload" >"$TMP/bzimage.$how"
	image zboot <"$TMP/payload" >"$TMP/zboot.$how"
	for kind in bzimage zboot; do
		rm -f "$TMP/types"
		ok "$kind, $how" extract -r $release "$TMP/$kind.$how"
		ok "$kind, $how: the types" cmp "$TMP/types" "$TMP/want"
	done
done
ok "a vmlinux" extract "$OUT/vmlinux"
ok "a vmlinux: the types" cmp "$TMP/types" "$TMP/want"
ok "check takes an image for a base" "$BTFINSPECT" check --strict \
	--base "$TMP/bzimage.xz" "$OUT"

# --- the first that is good; each other one is a line
head -c 3000 "$TMP/bzimage.xz" >"$TMP/cut"
image bzimage 6.0.1-mini <"$TMP/payload" >"$TMP/other"
echo no image at all, whatever that is >"$TMP/none"
image bzimage $release <"$TMP/none" >"$TMP/packed"
rm "$TMP/types"
ok "the first that is good" extract -v -r $release "$TMP/cut" "$TMP/other" \
	"$TMP/none" "$TMP/packed" "$TMP/nosuch" "$TMP/bzimage.xz" "$TMP/bzimage.gzip"
ok "the first that is good: the types" cmp "$TMP/types" "$TMP/want"
is "the first that is good: a line for each of the others" \
	"$(sed 's/size 0x[0-9a-f]*/size N/' "$TMP/stderr")" \
	"btfinspect: $TMP/cut: kernel lies outside the image (offset 0x400, size N)
btfinspect: $TMP/other: is of kernel 6.0.1-mini, not of $release
btfinspect: $TMP/none: contains no BTF of a kernel (built without CONFIG_DEBUG_INFO_BTF, or truncated?)
btfinspect: $TMP/packed: kernel is compressed, but not with gzip, xz, zstd or lz4 (offset 0x400)
btfinspect: $TMP/nosuch: cannot open: No such file or directory
  UNPACK  $TMP/types from $TMP/bzimage.xz"
is "... and nothing on standard output" "$(cat "$TMP/stdout")" ''
before=$(stamp "$TMP/types")
fails "none is good" extract -r $release "$TMP/cut" "$TMP/other"
is "none is good: what was there stays" "$(stamp "$TMP/types")" "$before"
extract
is "no image: usage" $? 2

# --- --update: only when an image has changed
tick
ok "update, nothing new" extract -u -v -r $release "$TMP/bzimage.xz"
is "update, nothing new: the file is left alone" "$(stamp "$TMP/types")" "$before"
touch -d 2000-01-01 "$TMP/bzimage.gzip"
tick
ok "update, an image has come" extract -u "$TMP/bzimage.gzip"
unlike "update, an image has come, with the time of its package" \
	"$(stamp "$TMP/types")" "$before"

# --- external modules: in a directory that has no other types
headers=$TMP/headers
mod=$TMP/mod
root=$TMP/root
mkdir -p "$headers/scripts/btfstage" "$headers/include/config" "$root/boot" \
	"$root/lib/modules/$release" "$mod" "$TMP/bin"
cp "$OUT/include/config/auto.conf" "$headers/include/config"
ln -s "$SRC/scripts/"* "$headers/scripts"
cp "$OUT/scripts/btfstage/btfstage" "$headers/scripts/btfstage"
cp "$OUT/fs/ramfs.o" "$OUT/fs/ramfs.mod.c" "$mod"
echo ramfs.o >"$mod/modules.order"

# external ARG...
external()
{
	(
		cd "$mod" || exit
		export KBUILD_EXTMOD="$mod" srctree="$headers" objtree="$headers"
		export MODORDER=modules.order quiet=quiet_ Q=@
		export KERNELRELEASE="$release" KBUILD_CFLAGS_MODULE=-DMODULE
		export KBUILD_CFLAGS="-nostdinc -I$SRC/examples/mini/include \
			-std=gnu11 -O2 -g -ffreestanding -fno-pie"
		export CC=gcc LD=ld OBJCOPY=objcopy READELF=readelf PAHOLE=pahole
		[ "$1" != -s ] || quiet=silent_
		make -rR --no-print-directory -f "$SRC/scripts/Makefile.modfinal" \
			BTF_SYSROOT="$root" "$@"
	) >"$LOG" 2>&1
	external_status=$?
	tick
	return "$external_status"
}
inspect=$BTFINSPECT
cp "$TMP/bzimage.zstd" "$root/boot/vmlinuz-$release"
if ! have btfinspect; then
	ok "no btfinspect: builds" external
	like "no btfinspect: is said" "$(cat "$LOG")" \
		"^  NO BTF  ramfs\.ko: btfinspect is not installed to unpack $root/boot/vmlinuz-$release\$"
else
	skip "no btfinspect" "it is installed"
fi
ln -s "$inspect" "$TMP/bin/btfinspect"
PATH=$TMP/bin:$PATH
ok "an image: make -n" external -n
is "an image: make -n writes nothing" "$(find "$mod" -name '.tmp_vmlinux*')" ''
ok "an image: builds" external
like "an image: a line says which" "$(cat "$LOG")" \
	"^  UNPACK  \./\.tmp_vmlinux-$release\.btf from $root/boot/vmlinuz-$release\$"
ok "an image: it is good BTF" "$BTFINSPECT" check --strict --require-btf \
	--base "$OUT/vmlinux" "$mod/ramfs.ko"
ok "an image: builds again" external
is "an image: nothing is done then" "$(grep '^  ' "$LOG")" ''
before=$(stamp "$mod/ramfs.ko")
cp "$TMP/bzimage.gzip" "$root/boot/vmlinuz-$release"
tick
ok "another image of the same types: builds" external -s
is "another image of the same types: nothing is said" "$(cat "$LOG")" ''
is "another image of the same types: the module is left alone" \
	"$(stamp "$mod/ramfs.ko")" "$before"

# One that is no good: the next place, and then none
cp "$TMP/cut" "$root/boot/vmlinuz-$release"
cp "$TMP/zboot.gzip" "$root/lib/modules/$release/vmlinuz"
tick
ok "a bad image and a good one: builds" external
like "a bad image: is said" "$(cat "$LOG")" \
	"^btfinspect: $root/boot/vmlinuz-$release: kernel lies outside the image"
is "a bad image and a good one: the module is left alone" \
	"$(stamp "$mod/ramfs.ko")" "$before"
rm -rf "${root:?}/lib" "$mod"/.tmp_vmlinux* "$mod"/.*.cmd "$mod"/*.ko*
ok "only a bad image: builds" external
like "only a bad image: is said" "$(cat "$LOG")" \
	"^btfinspect: $root/boot/vmlinuz-$release: kernel lies outside the image"
like "only a bad image: there is no BTF" "$(cat "$LOG")" \
	"^  NO BTF  ramfs\.ko: no BTF of kernel $release in "
cp "$OUT/vmlinux" "$root/boot/vmlinux-$release"
ok "a vmlinux goes first: builds" external
unlike "a vmlinux goes first: no image is looked at" "$(cat "$LOG")" 'vmlinuz|UNPACK'

done_testing
