#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# btfstage find-base: the places in order, and what it refuses.

# shellcheck disable=SC2119 # mini_first needs no argument
# shellcheck source=tests/lib.sh
. "${0%/*}/../lib.sh"

need objcopy strip

mini_first
btfstage=$OUT/scripts/btfstage/btfstage
release=6.0.0-mini
tree=$TMP/tree
root=$TMP/root
mkdir -p "$tree" "$root"
objcopy --dump-section .BTF="$TMP/raw" "$OUT/vmlinux" "$TMP/copy" ||
	bail_out "vmlinux has no .BTF"

# A kernel of another name
mini O="$TMP/other" KERNELRELEASE=6.0.1-mini vmlinux ||
	bail_out "another kernel does not build"

# find_base ARG...: $found is the answer, $said what was refused
find_base()
{
	found=$("$btfstage" find-base --sysroot "$root" "$@" 2>"$TMP/said")
	status=$?
	said=$(cat "$TMP/said")
}

# finds NAME KIND FILE [ARG...]: without a word on stderr
finds()
{
	finds_name=$1
	want="$2 $3"
	shift 3
	find_base --release $release "$@" "$tree"
	is "$finds_name: found" "$found" "$want"
	is "$finds_name: nothing else is said" "$said" ""
	is "$finds_name: status" "$status" 0
}

# put FILE DIR/NAME: the directory is made
put()
{
	mkdir -p "${2%/*}"
	cp -p "$1" "$2"
}

places="$root/lib/modules/$release/build/vmlinux
$root/boot/vmlinux-$release
$root/usr/lib/debug/lib/modules/$release/vmlinux
$root/usr/lib/debug/boot/vmlinux-$release"

# --- nowhere
find_base --release $release "$tree"
is "nowhere: status" "$status" 1
is "nowhere: nothing on stderr" "$said" ""
is "nowhere: one line" "$(echo "$found" | wc -l)" 1
like "nowhere: the release is named" "$found" "^none: no BTF of kernel $release in "
for place in $tree $root/sys/kernel/btf/vmlinux $places; do
	like "nowhere: ${place#"$TMP"} is named" "$found" " ${place}[,;]"
done
like "nowhere: what to do" "$found" 'BTF_BASE='

# --- each place goes before the ones that were filled earlier
for place in $places; do
	put "$OUT/vmlinux" "$place"
	finds "${place#"$root"}" types "$place"
done
put "$TMP/raw" "$root/sys/kernel/btf/vmlinux"
finds "/sys, no kernel runs" types "$place"
mkdir -p "$root/proc/sys/kernel"
echo 6.0.1-mini >"$root/proc/sys/kernel/osrelease"
finds "/sys, another kernel runs" types "$place"
echo $release >"$root/proc/sys/kernel/osrelease"
finds "/sys, the kernel runs" types "$root/sys/kernel/btf/vmlinux"
put "$OUT/vmlinux" "$tree/vmlinux"
finds "the tree's vmlinux" types "$tree/vmlinux"

# --- the tree's prepared base
"$btfstage" base -o "$tree/.btf.vmlinux.base" "$tree/vmlinux"
finds "the tree's base" prepared "$tree/.btf.vmlinux.base"
touch "$tree/vmlinux"
finds "the tree's base, older than vmlinux of the same types" \
	prepared "$tree/.btf.vmlinux.base"
cp "$tree/.btf.vmlinux.base" "$TMP/base"
head -c 1000 "$tree/.btf.vmlinux.base" >"$TMP/short"
cp "$TMP/short" "$tree/.btf.vmlinux.base"
finds "the tree's base is truncated, it has a vmlinux" types "$tree/vmlinux"
rm "$tree/vmlinux"
find_base --release $release "$tree"
is "the tree's base is truncated, it has none" \
	"$found" "types $root/sys/kernel/btf/vmlinux"
is "... is said" "$said" "btfstage: $tree/.btf.vmlinux.base: prepared base is \
corrupt (part 0), remove it and make it again"
cp "$TMP/base" "$tree/.btf.vmlinux.base"
finds "the tree's base without a vmlinux" prepared "$tree/.btf.vmlinux.base"
put "$TMP/other/vmlinux" "$tree/vmlinux"
find_base --release $release "$tree"
is "the tree's base beside another kernel's vmlinux" \
	"$found" "types $root/sys/kernel/btf/vmlinux"
rm "$tree/.btf.vmlinux.base"

# --- another release
find_base --release $release "$tree"
is "another kernel's vmlinux in the tree" \
	"$found" "types $root/sys/kernel/btf/vmlinux"
is "... both are named" "$said" \
	"btfstage: $tree/vmlinux: is of kernel 6.0.1-mini, not of $release"
find_base "$tree"
is "... is taken when no release is given" "$found" "types $tree/vmlinux"
find_base --base "$tree/vmlinux"
is "... or when it is named" "$found" "types $tree/vmlinux"
rm -r "$tree/vmlinux" "$root/sys"
for place in $places; do
	cp "$TMP/other/vmlinux" "$place"
done
find_base --release $release "$tree"
is "another kernel's vmlinux everywhere: status" "$status" 1
like "... is not taken" "$found" '^none: '
is "... both are named each time" "$(echo "$said" | grep -c \
	"vmlinux.*: is of kernel 6\.0\.1-mini, not of $release\$")" 4
strip -o "$TMP/stripped" "$OUT/vmlinux"
cp "$TMP/stripped" "$place"
find_base --release $release "$tree"
is "a stripped vmlinux has its release" "$found" "types $place"
objcopy -R .rodata "$TMP/other/vmlinux" "$place"
find_base --release $release "$tree"
is "one that does not tell goes by its place" "$found" "types $place"

# --- the tree says its release
mkdir -p "$tree/include/config"
echo $release >"$tree/include/config/kernel.release"
put "$TMP/other/vmlinux" "$tree/vmlinux"
for given in "--release=" ""; do
	find_base $given "$tree"
	is "the tree says its release${given:+, $given}: found" \
		"$found" "types $place"
	is "the tree says its release${given:+, $given}: another one is refused" \
		"$(grep "^btfstage: $tree/" "$TMP/said")" \
		"btfstage: $tree/vmlinux: is of kernel 6.0.1-mini, not of $release"
done
find_base --release 6.0.1-mini "$tree"
is "the tree says another release than the option" "$found" "types $tree/vmlinux"
rm -r "$tree/include" "$tree/vmlinux"

# --- a link to /sys, whose types do not say which kernel they are of
put "$TMP/raw" "$root/sys/kernel/btf/vmlinux"
ln -s "$root/sys" "$TMP/sys"
# refuses_link LINK
refuses_link()
{
	for running in 6.0.1-mini ''; do
		echo $running >"$root/proc/sys/kernel/osrelease"
		find_base --release $release "$tree"
		is "${1#"$TMP"}, a link to /sys: ${running:-who knows what} runs" \
			"$(grep "^btfstage: $1: " "$TMP/said")" \
			"btfstage: $1: is of kernel ${running:-(unknown release)}, not of $release"
		unlike "... it is not taken" "$found" "^(prepared|types ($1|.*/sys/))"
	done
}
ln -sf "$TMP/sys/kernel/btf/vmlinux" "$place"
refuses_link "$place"
ln -s "$TMP/sys/kernel/btf/vmlinux" "$tree/vmlinux"
refuses_link "$tree/vmlinux"
find_base "$tree"
is "... is taken when no release is given" "$found" "types $tree/vmlinux"
echo $release >"$root/proc/sys/kernel/osrelease"
finds "... is taken when that kernel runs" types "$tree/vmlinux"
"$btfstage" base -o "$tree/.btf.vmlinux.base" "$tree/vmlinux"
finds "... and a base made from it" prepared "$tree/.btf.vmlinux.base"
refuses_link "$tree/vmlinux"
rm -r "$root/sys" "$tree/vmlinux" "$tree/.btf.vmlinux.base"
echo $release >"$root/proc/sys/kernel/osrelease"

# --- what can not be used is no reason to stop looking
cp "$OUT/vmlinux" "$root/lib/modules/$release/build/vmlinux"
for file in $places; do
	[ "$file" = "$root/lib/modules/$release/build/vmlinux" ] || rm "$file"
done
# refuses NAME REGEX: what is at $place, and takes the next
refuses()
{
	find_base --release $release "$tree"
	is "$1: the next one is taken" \
		"$found" "types $root/lib/modules/$release/build/vmlinux"
	is "$1: one line says so" "$(grep -Ec "^btfstage: $place: $2" "$TMP/said")" 1
	is "$1: and no other" "$(wc -l <"$TMP/said")" 1
}
objcopy -R .BTF "$OUT/vmlinux" "$place"
refuses "without .BTF" 'has no \.BTF section'
objcopy --only-keep-debug "$OUT/vmlinux" "$place"
refuses "with debug information only" '\.BTF has no bytes in the file'
head -c 2000 "$OUT/vmlinux" >"$place"
refuses "cut short" 'section header table lies outside'
: >"$place"
refuses "empty" '.'
head -c 500 "$TMP/raw" >"$place"
refuses "half of the BTF" '.'
{ head -c 24 "$TMP/raw"; head -c 100 /dev/zero; tail -c +125 "$TMP/raw"; } >"$place"
refuses "BTF that is corrupt" '.'
rm "$place"
mkdir "$place"
refuses "a directory" 'is not a regular file'
rmdir "$place"
mkfifo "$place"
refuses "a FIFO" 'is not a regular file'
rm "$place"
ln -s /nowhere "$place"
finds "a link to nowhere" types "$root/lib/modules/$release/build/vmlinux"

# --- the one that is named
find_base --base "$TMP/base"
is "--base: a prepared base" "$found" "prepared $TMP/base"
find_base --base "$TMP/raw"
is "--base: BTF" "$found" "types $TMP/raw"
find_base --base "$TMP/short"
is "--base: truncated" "$found" "none: $TMP/short: prepared base is corrupt \
(part 0), remove it and make it again"
is "--base: truncated: status" "$status" 1
{ head -c 1000 "$TMP/base" && head -c 200000 /dev/zero; } >"$TMP/zeros"
truncate -s "$(wc -c <"$TMP/base")" "$TMP/zeros"
find_base --base "$TMP/zeros"
is "--base: damaged" "$found" "none: $TMP/zeros: prepared base is damaged, remove it and make it again"
find_base --base /nowhere
is "--base: not there" "$found" "none: /nowhere: cannot open: No such file or directory"
is "--base: not there: nothing on stderr" "$said" ""

# --- the answer is one line
find_base --release "6
1" "$TMP/new
line"
like "newlines in names: none in the answer" "$found" \
	"^none: no BTF of kernel 6\\?1 in $TMP/new\\?line, $root/sys/"
is "newlines in names: it is one line" "$(printf '%s\n' "$found" | wc -l)" 1

# --- the answer gets lost
if [ -w /dev/full ]; then
	"$btfstage" find-base --base "$TMP/raw" >/dev/full 2>"$TMP/said"
	is "no space for the answer: status" $? 1
	is "... is said" "$(cat "$TMP/said")" \
		"btfstage: standard output: cannot write: No space left on device"
else
	skip "no space for the answer" "there is no /dev/full"
fi

done_testing
