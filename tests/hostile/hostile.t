#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# Crafted files: btfstage succeeds, or prints one line that names the file. No signal, no
# long time, no large memory, and a previous output stays.
#
#	HOSTILE=1	each byte and word set to several values: half a million files
#	HOSTILE=11	every eleventh of these (default)
#	HOSTILE=full	every value of every byte, words at every offset: hours

# shellcheck disable=SC2119 # functions called without arguments
# shellcheck disable=SC3045 # limits: every shell has them
# shellcheck source=tests/lib.sh
. "${0%/*}/../lib.sh"

btfstage=$ROOT/tools/btfstage/btfstage
built=$ROOT/tests/hostile/build
for program in "$btfstage" "$built/sweep" "$built/cases"; do
	[ -x "$program" ] || bail_out "$program is not built"
done

# --- Small files, damaged at each place. The program reports faults.
sweep()
{
	"$@" 2>"$TMP/sweep.log"
	sweep_status=$?
	while read -r line; do
		case $line in
		'# '*)	echo "$line" ;;
		*': '*' faults; '*)
			ok "$sweep_name: $line" \
				test "${line##*good, }" != "${line##*good, 0 }"
			;;
		*)	echo "# $line" ;;
		esac
	done <"$TMP/sweep.log"
	is "$sweep_name: ends well" "$sweep_status" 0
}

case ${HOSTILE:=11} in
full)	every=-f ;;
*)	every="-n $HOSTILE" ;;
esac
sweep_name="with sanitizers"
# shellcheck disable=SC2086 # two words
sweep "$built/sweep" $every
# Modules come from others: each of their bytes, for both classes and byte orders,
# with .BTF.base and without
sweep_name="each byte, with sanitizers"
sweep "$built/sweep" -b check-32-be check-distilled show-alone show-json
sweep_name="the command, in 24 MB"
sweep "$built/sweep" -x "$ROOT/tools" -m 24 -n 311

# --- Files of a real build
mini_first
base=$OUT/.btf.vmlinux.base
types=$OUT/fs/ramfs.no-btf.ko.btf
linked=$OUT/fs/ramfs.no-btf.ko
dir=$TMP/dir
mkdir "$dir"

# run ARG...: btfstage with limits; status and messages go to files
max_memory=65536
run()
{
	(
		ulimit -c 0
		ulimit -v $max_memory
		ulimit -t 30
		exec timeout -k 1 600 "$btfstage" "$@"
	) >"$TMP/stdout" 2>"$TMP/stderr"
	echo $? >"$TMP/status"
}

# refused NAME REGEX ARG...: status 1, or 3 when the types are no good BTF; one line,
# and what was there stays
refused()
{
	case $1 in
	"types: "*zeros|"types of the other byte order"|"vmlinux for types")
		failed=3 ;;
	*)	failed=1 ;;
	esac
	refused_name=$1
	refused_want=$2
	shift 2
	rm -rf "$dir/out"
	echo precious >"$dir/out"
	before=$(stamp "$dir/out")
	run "$@"
	is "$refused_name: status" "$(cat "$TMP/status")" $failed
	is "$refused_name: one line" \
		"$(grep -vc ': warning: ' "$TMP/stderr")" 1
	like "$refused_name: names the file" \
		"$(LC_ALL=C tr -d '\001-\011\013-\037' <"$TMP/stderr")" \
		"^btfstage: $refused_want"
	is "$refused_name: the old output stays" \
		"$(cat "$dir/out") $(stamp "$dir/out")" "precious $before"
	is "$refused_name: no litter" "$(ls -A "$dir")" out
}

# works NAME ARG...
works()
{
	works_name=$1
	shift
	rm -f "$dir/out"
	run "$@"
	is "$works_name: status" "$(cat "$TMP/status") $(
		grep -v ': warning: ' "$TMP/stderr")" "0 "
	is "$works_name: no litter" "$(ls -A "$dir")" out
}

base()
{
	set -- "$@" -o "$dir/out"
	refused "base: $1" "$2" base "$4" "$5" "$3"
}

# one_of_three NAME REGEX FILE: in place of each input
one_of_three()
{
	base "$1" "$2" "$3"
	refused "module: $1" "$2" ko --base "$base" --types "$types" \
		-o "$dir/out" "$3"
	refused "base of ko: $1" "$2" ko --base "$3" --types "$types" \
		-o "$dir/out" "$linked"
	[ -s "$3" ] || [ ! -f "$3" ] || return
	refused "types: $1" "$2" ko --base "$base" --types "$3" \
		-o "$dir/out" "$linked"
}

# --- Directories, devices and FIFOs
mkdir "$TMP/folder"
one_of_three "directory" ".*/folder: is not a regular file" "$TMP/folder"
mkfifo "$TMP/fifo"
one_of_three "FIFO" ".*/fifo: is not a regular file" "$TMP/fifo"
one_of_three "device" "/dev/full: is not a regular file" /dev/full
one_of_three "no file" ".*/none: cannot open: No such file" "$TMP/none"
ln -s loop "$TMP/loop"
one_of_three "link to itself" ".*/loop: cannot open: Too many levels" "$TMP/loop"
one_of_three "no name" ": cannot open: No such file" ""
: >"$TMP/empty"
base "empty file" ".*/empty: BTF is truncated" "$TMP/empty"
refused "module: empty file" ".*/empty: is not an ELF file" \
	ko --base "$base" --types "$types" -o "$dir/out" "$TMP/empty"
refused "base of ko: empty file" ".*/empty: is not a prepared base" \
	ko --base "$TMP/empty" --types "$types" -o "$dir/out" "$linked"
works "types: empty file" \
	ko --base "$base" --types "$TMP/empty" -o "$dir/out" "$linked"
long=$(printf '%0300d' 0)
one_of_three "long name" ".*/0*: cannot open: File name too long" "$TMP/$long"

# --- Names
newline='two
lines'
for name in "with space" "$newline" "$(printf 'a\tb\033[31mc\177')" '%s%n' -; do
	cp "$TMP/empty" "$TMP/$name"
	shown=$(printf '%s' "$name" | tr '\001-\037\177' '?' |
		sed 's/[][?%]/\\&/g')
	refused "name '$shown'" ".*/$shown: is not an ELF file" \
		ko --base "$base" --types "$types" -o "$dir/out" "$TMP/$name"
	cp "$linked" "$TMP/$name"
	works "name '$shown'" ko --base "$base" --types "$types" \
		-o "$dir/out" "$TMP/$name"
	is "name '$shown': the module is right" \
		"$(cksum <"$dir/out")" "$(cksum <"$OUT/fs/ramfs.ko")"
done

# A symbol's name is shown in a warning: here with a newline for its last letter.
sed 's/__BTF_ID__func__\([a-z_]*\)[a-z]__\([0-9]\)/__BTF_ID__func__\1\x07__\2/g' \
	"$OUT/fs/idset.no-btf.ko" >"$TMP/bell.ko" 2>/dev/null
if ! cmp -s "$OUT/fs/idset.no-btf.ko" "$TMP/bell.ko"; then
	works "a bell in a symbol's name" ko --base "$base" \
		--types "$OUT/fs/idset.no-btf.ko.btf" -o "$dir/out" "$TMP/bell.ko"
	like "a bell in a symbol's name: a warning" "$(cat "$TMP/stderr")" \
		'^btfstage: .*: warning: no type called [a-z_]*\? '
	unlike "a bell in a symbol's name: not for the terminal" \
		"$(tr '\007' '@' <"$TMP/stderr")" @
else
	skip "a bell in a symbol's name" "no such symbol"
fi

# --- Outputs
refused "output is a device" "/dev/full: is not a regular file" \
	ko --base "$base" --types "$types" -o /dev/full "$linked"
refused "base: output is a device" "/dev/full: is not a regular file" \
	base -o /dev/full "$OUT/vmlinux"
refused "output is a FIFO" ".*/fifo: is not a regular file" \
	ko --base "$base" --types "$types" -o "$TMP/fifo" "$linked"
refused "base: output is a FIFO" ".*/fifo: is not a regular file" \
	base -o "$TMP/fifo" "$OUT/vmlinux"
refused "output in no directory" ".*/none/x: cannot create .* No such file" \
	ko --base "$base" --types "$types" -o "$TMP/none/x" "$linked"
refused "output without a name" ".*/: is not a file name" \
	ko --base "$base" --types "$types" -o "$TMP/" "$linked"
works "output is its own input" ko --base "$base" --types "$types" \
	-o "$dir/out" "$linked"
cp "$linked" "$dir/out"
run ko --base "$base" --types "$types" -o "$dir/out" "$dir/out"
is "output over its own input" \
	"$(cat "$TMP/status") $(cksum <"$dir/out")" \
	"0 $(cksum <"$OUT/fs/ramfs.ko")"

"$btfstage" --help >/dev/full 2>"$TMP/stderr"
is "standard output is full: status" $? 1
is "standard output is full: one line" "$(cat "$TMP/stderr")" \
	"btfstage: standard output: cannot write: No space left on device"
rm -f "$dir/out"
"$btfstage" ko -v --base "$base" --types "$types" -o "$dir/out" "$linked" \
	>/dev/full 2>"$TMP/stderr"
is "ko -v to a full standard output: status" $? 1
ok "ko -v to a full standard output: the module is complete" \
	cmp "$dir/out" "$OUT/fs/ramfs.ko"
rm -f "$dir/out"
"$btfstage" ko -v --base "$base" --types "$types" -o "$dir/out" "$linked" \
	<&- >&- 2>&-
is "nothing is open: status" $? 0
ok "nothing is open: the module is complete" cmp "$dir/out" "$OUT/fs/ramfs.ko"

# --- Permissions
open=$TMP/open
mkdir "$open"
cp "$btfstage" "$open/btfstage"
cp "$base" "$open/base"
cp "$types" "$open/types"
cp "$linked" "$open/linked.ko"
chmod -R a+rX "$open"
chmod a+x "$TMP"
if nobody "$open/btfstage" --version >/dev/null; then
	cp "$linked" "$TMP/secret.ko"
	chmod 0 "$TMP/secret.ko"
	mkdir "$TMP/locked"
	echo precious >"$TMP/locked/out"
	chmod 555 "$TMP/locked"
	nobody "$open/btfstage" ko --base "$open/base" --types "$open/types" \
		-o "$TMP/locked/out" "$TMP/secret.ko" 2>"$TMP/stderr"
	is "no permission to read: status" $? 1
	is "no permission to read" "$(cat "$TMP/stderr")" \
		"btfstage: $TMP/secret.ko: cannot open: Permission denied"
	nobody "$open/btfstage" ko --base "$open/base" --types "$open/types" \
		-o "$TMP/locked/out" "$open/linked.ko" 2>"$TMP/stderr"
	is "no permission to write: status" $? 1
	is "no permission to write" "$(cat "$TMP/stderr")" \
		"btfstage: $TMP/locked/out: cannot create a file beside it: Permission denied"
	is "no permission to write: the old output stays" \
		"$(cat "$TMP/locked/out")" precious
	chmod 700 "$TMP/locked"
else
	skip "no permission" "cannot become another user"
fi

# --- Large files that are hostile as a whole
"$built/cases" deep 10 >"$TMP/small.btf" || bail_out "cases deep fails"
"$btfstage" base -o "$TMP/small.base" "$TMP/small.btf"
made()
{
	"$built/cases" "$@" >"$TMP/$1" || bail_out "cases $1 fails"
}

# good_types CASE NR KIB: a base of it, and the same types as a module of it
good_types()
{
	made "$1" "$2"
	max_memory=$3
	works "base: $1 $2, in $3 KiB" base -o "$dir/out" "$TMP/$1"
	cp "$dir/out" "$TMP/$1.base"
	works "types: $1 $2, in $3 KiB" ko --base "$TMP/$1.base" \
		--types "$TMP/$1" -o "$dir/out" "$linked"
	rm "$TMP/$1.base" "$TMP/$1"
	max_memory=65536
}

# Ten times the file, and what a process takes.
good_types deep 1000000 150000
good_types deep-down 1000000 150000
good_types cycle 1000000 150000
good_types knot 65535 24000
good_types long-names 4000 40000
good_types collide 5000 24000
good_types same-tag 700 65536
good_types alike 500 120000

made same-tag 20000
max_memory=150000
"$btfstage" base -o "$TMP/same-tag.base" "$TMP/same-tag"
refused "types: same-tag 20000" ".*/same-tag: too many types could be the same" \
	ko --base "$TMP/same-tag.base" --types "$TMP/same-tag" -o "$dir/out" \
	"$linked"
made alike 1500
"$btfstage" base -o "$TMP/alike.base" "$TMP/alike"
refused "types: alike 1500" ".*/alike: too many types could be the same" \
	ko --base "$TMP/alike.base" --types "$TMP/alike" -o "$dir/out" "$linked"
max_memory=65536
made long-names 100000
base "long-names 100000" ".*/long-names: BTF string .* is longer than" \
	"$TMP/long-names"
made claims 4294967280
base "claims 4 GB" ".*/claims: BTF types lie outside" "$TMP/claims"

made sections 65278
works "module: sections 65278" ko --base "$base" --types "$types" \
	-o "$dir/out" "$TMP/sections"
made sections 100000
works "module: sections 100000" ko --base "$base" --types "$types" \
	-o "$dir/out" "$TMP/sections"
made symbols 60000
refused "module: symbols 60000" ".*/symbols: symbol .* is too long" \
	ko --base "$base" --types "$types" -o "$dir/out" "$TMP/symbols"
made symbols 200
works "module: symbols 200" ko --base "$base" --types "$types" \
	-o "$dir/out" "$TMP/symbols"

# Holes: much to look at, and nothing there.
max_memory=6000000
if truncate -s 5G "$TMP/hole" 2>/dev/null; then
	cp "$linked" "$TMP/hole.ko"
	truncate -s 5G "$TMP/hole.ko"
	base "5 GB of zeros" ".*/hole: is not BTF" "$TMP/hole"
	refused "types: 5 GB of zeros" ".*/hole: is not BTF" ko --base "$base" \
		--types "$TMP/hole" -o "$dir/out" "$linked"
	refused "base of ko: 5 GB of zeros" ".*/hole: is not a prepared base" \
		ko --base "$TMP/hole" --types "$types" -o "$dir/out" "$linked"
	rm "$TMP/hole" "$TMP/hole.ko"
else
	skip "5 GB of zeros" "no such large files here"
fi
max_memory=65536

# --- Files of others
swapped=$TMP/swapped
printf '\353\237\001\000\000\000\000\030\000\000\000\000\000\000\000\020\000\000\000\020\000\000\000\005' >"$swapped"
printf '\000\000\000\001\001\000\000\000\000\000\000\004\000\000\000\040\000int\000' >>"$swapped"
works "base of the other byte order" base -o "$dir/out" "$swapped"
cp "$dir/out" "$TMP/swapped.base"
refused "types of the other byte order" ".*/swapped: has another byte order" \
	ko --base "$base" --types "$swapped" -o "$dir/out" "$linked"
refused "a base of the other byte order" \
	".*/ramfs.no-btf.ko.btf: has another byte order" \
	ko --base "$TMP/swapped.base" --types "$types" -o "$dir/out" "$linked"
works "a base of another kernel" ko --base "$TMP/small.base" --types "$types" \
	-o "$dir/out" "$linked"
if cmp -s "$dir/out" "$OUT/fs/ramfs.ko"; then
	fails "a base of another kernel: gives another module" true
else
	ok "a base of another kernel: gives another module" true
fi
refused "the final module for the linked one" ".*/ramfs.ko: has a .BTF section" \
	ko --base "$base" --types "$types" -o "$dir/out" "$OUT/fs/ramfs.ko"
refused "vmlinux for types" ".*/vmlinux: is not BTF" \
	ko --base "$base" --types "$OUT/vmlinux" -o "$dir/out" "$linked"

done_testing
