#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# btfstage by itself: what it accepts, and its messages for the rest.

# shellcheck disable=SC2119 # functions called without arguments
# shellcheck source=tests/lib.sh
. "${0%/*}/../lib.sh"

mini_first
btfstage=$BTFSTAGE
base=$OUT/.btf.vmlinux.base
m=$OUT/fs/ramfs

# --- base: a vmlinux, or its types alone
"${OBJCOPY:-objcopy}" --dump-section .BTF="$TMP/raw" "$OUT/vmlinux" "$TMP/copy"
ok "base of vmlinux" "$btfstage" base -o "$TMP/base.elf" "$OUT/vmlinux"
ok "base of raw BTF" "$btfstage" base -o "$TMP/base.raw" "$TMP/raw"
ok "both are the same" cmp "$TMP/base.elf" "$TMP/base.raw"
ok "and what the build made" cmp "$TMP/base.elf" "$base"
if [ -r /sys/kernel/btf/vmlinux ]; then
	ok "base of the running kernel" \
		"$btfstage" base -o "$TMP/base.sys" /sys/kernel/btf/vmlinux
else
	skip "base of the running kernel" "it has no BTF"
fi

touch -d '2001-01-01' "$TMP/base.raw"
before=$(stamp "$TMP/base.raw")
ok "base of the same types" "$btfstage" base -o "$TMP/base.raw" "$OUT/vmlinux"
is "the file is left alone" "$(stamp "$TMP/base.raw")" "$before"

# Such as after a power loss, if not all was on the disk
size=$(wc -c <"$base")
for at in 200 $((size / 2)) $((size - 1)); do
	{
		head -c $at "$base"
		head -c $((size - at)) /dev/zero | tr '\0' '\252'
	} >"$TMP/base.raw"
	ok "base over one that is damaged from byte $at on" \
		"$btfstage" base -o "$TMP/base.raw" "$OUT/vmlinux"
	ok "... makes it anew" cmp "$TMP/base.raw" "$base"
done

(cd "$TMP" && "$btfstage" base raw)
ok "without -o it has its usual name" cmp "$TMP/.btf.vmlinux.base" "$base"

# base_mode UMASK MODE: what a base made of a file with this mode gets
base_mode()
{
	install -m "$2" "$TMP/raw" "$TMP/raw.mode"
	(umask "$1"; exec "$btfstage" base -o "$TMP/base.$1.$2" "$TMP/raw.mode")
	stat -c %a "$TMP/base.$1.$2"
}
is "mode of a base: for all to read" "$(base_mode 022 444)" 444
is "mode of a base: the umask is honoured" "$(base_mode 027 664)" 640
is "mode of a base: no more than the input's" "$(base_mode 000 640)" 640
is "mode of a base: never executable" "$(base_mode 022 755)" 644

# --- ko
stage()
{
	"$btfstage" ko --base "$base" --types "$m.no-btf.ko.btf" \
		-o "$TMP/out.ko" "$@"
}
ok "ko" stage "$m.no-btf.ko"
ok "as the build does it" cmp "$TMP/out.ko" "$m.ko"
like "ko -v tells what it did" "$(stage -v "$m.no-btf.ko")" \
	'out\.ko: [0-9]+ types kept, [0-9]+ found in '

# --- a module and a kernel by paholes that do not encode arrays in the same way:
# two structs are unlike, and all others refer to them
# encode NAME ELEMENT USERS: NAME.o, and its types in NAME.btf
# shellcheck disable=SC2317 # called by ok
encode()
{
	{
		echo "struct one { $2 grid[40]; }; struct two { $2 grid[80]; };"
		for user in $(seq "$3"); do
			echo "struct user$user { struct one *one; struct two *two; } user$user;"
		done
	} >"$TMP/$1.c"
	"${CC:-gcc}" -g -c -o "$TMP/$1.o" "$TMP/$1.c" &&
	pahole -J --btf_encode_detached="$TMP/$1.btf" "$TMP/$1.o"
}

# warns NAME ELEMENT USERS WARNING: what ko says of such a module
warns()
{
	ok "$1: is encoded" encode module "$2" "$3"
	rm -f "$TMP/out.ko"
	"$btfstage" ko --base "$TMP/kernel.base" --types "$TMP/module.btf" \
		-o "$TMP/out.ko" "$TMP/module.o" >"$TMP/stdout" 2>"$TMP/stderr"
	is "$1: status" $? 0
	is "$1: what it says" "$(cat "$TMP/stdout" "$TMP/stderr")" "$4"
	like "$1: the module is made" "$(readelf -SW "$TMP/out.ko")" ' \.BTF '
}
ok "a kernel's types" encode kernel int 40
ok "its base" "$btfstage" base -o "$TMP/kernel.base" "$TMP/kernel.btf"
warns "encoded in the same way" int 40 ''
warns "encoded in another way" unsigned 40 "btfstage: $TMP/module.btf: \
warning: 2 structs have name and size of those in $TMP/kernel.base, but other \
members, and 40 refer to them (encoded by different pahole versions?)"
warns "a driver's own struct of that name" unsigned 5 ''

# refused NAME REGEX ARG...: status $failed, one line, and what was there stays
failed=1
refused()
{
	refused_name=$1
	refused_want=$2
	shift 2
	echo precious >"$TMP/old.ko"
	"$btfstage" "$@" >"$TMP/stdout" 2>"$TMP/stderr"
	is "$refused_name: status" $? $failed
	is "$refused_name: one line" "$(wc -l <"$TMP/stderr")" 1
	like "$refused_name: it names the file" "$(cat "$TMP/stderr")" \
		"^btfstage: $refused_want"
	is "$refused_name: nothing is printed" "$(cat "$TMP/stdout")" ''
	is "$refused_name: the old file stays" "$(cat "$TMP/old.ko")" precious
	is "$refused_name: no litter" \
		"$(find "$TMP" -maxdepth 1 -name '.tmp_*')" ''
}

ko()
{
	ko_name=$1
	ko_want=$2
	shift 2
	refused "$ko_name" "$ko_want" ko -o "$TMP/old.ko" "$@"
}
types=$m.no-btf.ko.btf
linked=$m.no-btf.ko
ko "a module that has .BTF" ".*/ramfs\.ko: has a \.BTF section already$" \
	--base "$base" --types "$types" "$m.ko"
ko "no module" ".*/none: cannot open: No such file" \
	--base "$base" --types "$types" "$TMP/none"
ko "no types" ".*/none: cannot open: No such file" \
	--base "$base" --types "$TMP/none" "$linked"
ko "no base" ".*/none: cannot open: No such file" \
	--base "$TMP/none" --types "$types" "$linked"
ko "a base that is none" ".*/raw: is not a prepared base$" \
	--base "$TMP/raw" --types "$types" "$linked"
failed=3
ko "types that are none" ".*/vmlinux: is not BTF" \
	--base "$base" --types "$OUT/vmlinux" "$linked"
failed=1
ko "a module that is none" ".*/raw: is not an ELF file$" \
	--base "$base" --types "$types" "$TMP/raw"
ko "a directory for a module" ".*/fs: is not a regular file$" \
	--base "$base" --types "$types" "$OUT/fs"

head -c 100 "$base" >"$TMP/base.cut"
ko "half a base" ".*/base\.cut: prepared base is truncated" \
	--base "$TMP/base.cut" --types "$types" "$linked"
head -c 1000 "$types" >"$TMP/types.cut"
failed=3
ko "half of the types" ".*/types\.cut: BTF " \
	--base "$base" --types "$TMP/types.cut" "$linked"
failed=1
head -c 1000 "$linked" >"$TMP/linked.cut"
ko "half a module" ".*/linked\.cut: " \
	--base "$base" --types "$types" "$TMP/linked.cut"

# The version is the 32 bits after the magic and the byte order.
cp "$base" "$TMP/base.version"
printf '\377' | dd of="$TMP/base.version" bs=1 seek=12 conv=notrunc 2>"$TMP/dd"
ko "a base of another version" ".*/base\.version: .* has version " \
	--base "$TMP/base.version" --types "$types" "$linked"

refused "no directory for the output" ".*/none/out\.ko: " \
	ko --base "$base" --types "$types" -o "$TMP/none/out.ko" "$linked"
refused "a device for the output" "/dev/null: is not a regular file" \
	ko --base "$base" --types "$types" -o /dev/null "$linked"
refused "a directory for the base" ".*/fs: is not a regular file" \
	base -o "$OUT/fs" "$OUT/vmlinux"
"${OBJCOPY:-objcopy}" -R .BTF "$OUT/vmlinux" "$TMP/no-types"
refused "a vmlinux without types" ".*/no-types: has no \.BTF section" \
	base -o "$TMP/old.ko" "$TMP/no-types"

# Commands that are now in btfinspect
for command in check show report; do
	"$btfstage" $command --base "$base" "$m.ko" >"$TMP/stdout" 2>"$TMP/stderr"
	is "$command: status" $? 2
	is "$command: who does it" "$(cat "$TMP/stdout" "$TMP/stderr")" \
		"btfstage: $command is a command of btfinspect now: btfinspect $command"
done

# A newline in a name does not break the line.
ln "$m.ko" "$TMP/two
lines.ko"
ko "a name with a newline" ".*/two\?lines\.ko: has a \.BTF section already$" \
	--base "$base" --types "$types" "$TMP/two
lines.ko"
mkdir "$TMP/with space"
ok "names with spaces" "$btfstage" ko --base "$base" --types "$types" \
	-o "$TMP/with space/out file.ko" "$linked"
ok "they make no difference" cmp "$TMP/with space/out file.ko" "$m.ko"

done_testing
