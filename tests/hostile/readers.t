#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# Commands that read modules and bases, with files that are crafted as a whole. hostile.t
# changes files byte by byte.

# shellcheck disable=SC2119 # functions called without arguments
# shellcheck disable=SC3045 # limits: every shell has them
# shellcheck source=tests/lib.sh
. "${0%/*}/../lib.sh"

btfstage=$ROOT/tools/btfstage/btfstage
btfinspect=$ROOT/tools/btfinspect/btfinspect
cases=$ROOT/tests/hostile/build/cases
for program in "$btfstage" "$btfinspect" "$cases"; do
	[ -x "$program" ] || bail_out "$program is not built"
done
mini_first
base=$OUT/.btf.vmlinux.base
good=$OUT/fs/ramfs.ko
linked=$OUT/fs/ramfs.no-btf.ko
dir=$TMP/dir
mkdir "$dir"

# run ARG...: the program that has this command, with limits; status and what it
# prints go to files
max_memory=65536
run()
{
	case $1 in
	find-base)	program=$btfstage ;;
	*)		program=$btfinspect ;;
	esac
	(
		ulimit -c 0
		ulimit -v "$max_memory"
		ulimit -t 30
		exec timeout -k 1 600 "$program" "$@"
	) </dev/null >"$TMP/stdout" 2>"$TMP/stderr"
	status=$?
}

# tells NAME STATUS REGEX ARG...: only a line on standard error
tells()
{
	tells_name=$1
	tells_status=$2
	tells_want=$3
	shift 3
	echo precious >"$dir/out"
	before=$(stamp "$dir/out")
	run "$@"
	is "$tells_name: status" "$status" "$tells_status"
	like "$tells_name: says it" "$(cat "$TMP/stderr")" "^btfinspect: $tells_want"
	is "$tells_name: in one line" "$(wc -l <"$TMP/stderr"; cat "$TMP/stdout")" 1
	is "$tells_name: the old output stays" \
		"$(cat "$dir/out") $(stamp "$dir/out") $(ls -A "$dir")" \
		"precious $before out"
}

# finds NAME STATUS REGEX ARG...: what it prints has such a line
finds()
{
	finds_name=$1
	finds_status=$2
	finds_want=$3
	shift 3
	rm -f "$dir/out"
	run "$@"
	is "$finds_name: status" "$status" "$finds_status"
	like "$finds_name: found" "$(cat "$TMP/stdout")" "$finds_want"
}

# --- Directories, devices and FIFOs in place of each input
# unusable NAME REGEX FILE
unusable()
{
	tells "check: module: $1" 3 "$2" check --base "$base" "$3"
	tells "check: base: $1" 3 "$2" check --base "$3" "$good"
	finds "check --json: module: $1" 3 '"status":"unreadable"' \
		check --json --base "$base" "$3"
	tells "show: module: $1" 3 "$2" show "$3"
	tells "show: base: $1" 3 "$2" show --base "$3" "$good"
	finds "report: module: $1" 3 '^unreadable ' report "$3"
	tells "report: base: $1" 3 "$2" report --base "$3" --html "$dir/out" "$good"
	finds "find-base: $1" 1 "^none: $2" find-base --base "$3"
	is "find-base: $1: no more" "$(wc -l <"$TMP/stdout")" 1
}
: >"$TMP/empty"
mkfifo "$TMP/fifo"
ln -s loop "$TMP/loop"
unusable "FIFO" ".*/fifo: is not a regular file" "$TMP/fifo"
unusable "device" "/dev/full: is not a regular file" /dev/full
unusable "no file" ".*/none: cannot open: No such file" "$TMP/none"
unusable "link to itself" ".*/loop: cannot open: Too many levels" "$TMP/loop"
unusable "no name" ": cannot open: No such file" ""
unusable "empty file" ".*/empty: (BTF is truncated|is empty|is not an ELF file)" "$TMP/empty"
unusable "long name" ".*/0*: cannot open: File name too long" \
	"$TMP/$(printf '%0300d' 0)"
mkdir "$TMP/folder"
for command in check report; do
	tells "$command: empty directory" 3 ".*/folder: contains no modules" \
		$command --base "$base" "$TMP/folder"
done
tells "check: a directory for a base" 3 ".*/folder: is not a regular file" \
	check --base "$TMP/folder" "$good"
tells "show: directory" 3 ".*/folder: is not a regular file" show "$TMP/folder"
mkfifo "$TMP/folder/fifo.ko"
ln -s . "$TMP/folder/again"
ln -s none "$TMP/folder/none.ko"
cp "$good" "$TMP/folder/good.ko"
finds "check: a directory of all sorts" 3 '^$' check --base "$base" "$TMP/folder"
is "check: a directory of all sorts: each once" \
	"$(sed "s,$TMP/,," "$TMP/stderr")" \
	"btfinspect: folder/fifo.ko: is not a regular file
btfinspect: folder/none.ko: cannot open: No such file or directory
3 modules: 1 good, 0 bad, 0 without BTF, 2 unreadable; 0 warnings"
"$btfinspect" check --base "$base" - <"$TMP/folder" >"$TMP/stdout" 2>&1
is "check: names from a directory: status" $? 3
is "check: names from a directory" "$(cat "$TMP/stdout")" \
	"btfinspect: standard input: cannot read: Is a directory"

# --- Names
newline='two
lines'
for name in "with space" "$newline" "$(printf 'a\tb\033[31mc\177')" '%s%n' \
	'<script>"&' "$(printf 'caf\351')"; do
	shown=$(printf '%s' "$name" | tr '\011\001-\010\012-\037\177' ' ?' |
		sed 's/[][?%]/\\&/g')
	said=$(printf '%s' "$name" | tr '\001-\037\177' '?' |
		sed 's/[][?%]/\\&/g')
	rm -rf "$TMP/names"
	mkdir "$TMP/names"
	cp "$TMP/empty" "$TMP/names/$name.ko"
	run check --base "$base" "$TMP/names"
	is "check: name '$shown': status" "$status" 3
	is "check: name '$shown': one line" "$(wc -l <"$TMP/stderr")" 1
	like "check: name '$shown': in it" "$(cat "$TMP/stderr")" \
		"/($shown|$said)\.ko: is not an ELF file"
	cp "$good" "$TMP/names/$name.ko"
	run check --strict --base "$base" "$TMP/names"
	is "check: name '$shown': good" "$status $(cat "$TMP/stdout" "$TMP/stderr")" \
		"0 "
	for command in check show report; do
		rm -f "$dir/out"
		run $command --json --base "$base" "$TMP/names/$name.ko"
		is "$command --json: name '$shown': status" "$status" 0
		ok "$command --json: name '$shown': JSON" perl -MJSON::PP -e '
			local $/; JSON::PP->new->utf8->decode(<STDIN>)' \
			<"$TMP/stdout"
	done
	run report --html "$dir/out" "$TMP/names"
	is "report --html: name '$shown': status" "$status" 0
	is "report --html: name '$shown': no markup" \
		"$(grep -c '<script' "$dir/out")" 2
	run find-base --base "$TMP/names/$name.ko"
	is "find-base: name '$shown': one line" "$(wc -l <"$TMP/stdout")" 1
done

# --- Outputs
for option in --json --strict; do
	"$btfinspect" check $option --base "$TMP/empty" "$good" >/dev/full 2>&1
	is "check $option: no base, a full standard output" $? 3
done
for out in /dev/full "$TMP/fifo"; do
	tells "report --html: to ${out##*/}" 3 "$out: is not a regular file" \
		report --html "$out" "$good"
done
# --- Permissions
open=$TMP/open
mkdir "$open"
cp "$btfinspect" "$open/btfinspect"
cp "$base" "$open/base"
cp "$good" "$open/good.ko"
chmod -R a+rX "$open"
chmod a+x "$TMP"
if nobody "$open/btfinspect" --version >/dev/null; then
	cp "$good" "$TMP/secret.ko"
	chmod 0 "$TMP/secret.ko"
	mkdir -p "$TMP/locked/sub"
	chmod 0 "$TMP/locked/sub"
	for command in check show report; do
		nobody "$open/btfinspect" $command --base "$open/base" \
			"$TMP/secret.ko" >"$TMP/stdout" 2>"$TMP/stderr"
		is "$command: no permission: status" $? 3
		like "$command: no permission" "$(cat "$TMP/stdout" "$TMP/stderr")" \
			'/?secret.ko: cannot open: Permission denied$'
	done
	nobody "$open/btfinspect" check --base "$open/base" "$open" "$TMP/locked" \
		>"$TMP/stdout" 2>"$TMP/stderr"
	is "check: a locked directory: status" $? 3
	is "check: a locked directory" "$(cat "$TMP/stderr" "$TMP/stdout")" \
		"btfinspect: $TMP/locked/sub: cannot read: Permission denied"
	chmod 700 "$TMP/locked/sub"
else
	skip "no permission" "cannot become another user"
fi

# --- Large files that are hostile as a whole
# made OUT ARG...: a file of "cases"
made()
{
	made_out=$1
	shift
	"$cases" "$@" >"$made_out" || bail_out "cases $*: exit status $?"
}
made "$TMP/small.btf" deep 10
ok "a small base" "$btfstage" base -o "$TMP/small.base" "$TMP/small.btf"
made "$TMP/none.btf" none

# sections OUT FILE [BASE]: a module with the file for .BTF
sections()
{
	"${OBJCOPY:-objcopy}" --add-section .BTF="$2" \
		${3+--add-section .BTF.base="$3"} "$linked" "$1" ||
		bail_out "objcopy fails"
}

# hostile CASE NR KIB STATUS REGEX: as a module's types, on 11 types of a base
hostile()
{
	made "$TMP/split.btf" "$1" "$2" 11 12
	sections "$TMP/hostile.ko" "$TMP/split.btf"
	max_memory=$3
	finds "check: $1 $2, in $3 KiB" "$4" "$5" \
		check --base "$TMP/small.base" "$TMP/hostile.ko"
	run show --base "$TMP/small.base" "$TMP/hostile.ko"
	is "show: $1 $2, in $3 KiB" "$status" "$4"
	run report --base "$TMP/small.base" --html "$dir/out" "$TMP/hostile.ko"
	is "report: $1 $2, in $3 KiB" "$status" "$4"
	max_memory=65536
}
chain='more than 32 modifiers'
hostile deep 1000000 120000 0 '^$'
hostile deep-down 1000000 120000 1 "$chain"
hostile cycle 1000000 120000 1 "$chain"
hostile knot 65535 24000 1 'member at bit 65 of 8 bytes'
hostile long-names 4000 24000 0 'names start inside others'
hostile collide 5000 24000 1 'its name is not an identifier'
hostile same-tag 20000 24000 0 '^$'
hostile alike 1500 24000 0 '^$'
hostile claims 4294967280 24000 1 'error: '

# distilled CASE NR STATUS REGEX: in .BTF.base, on a base of the same
distilled()
{
	made "$TMP/split.btf" "$1" "$2"
	sections "$TMP/hostile.ko" "$TMP/none.btf" "$TMP/split.btf"
	max_memory=120000
	finds "check: .BTF.base: $1 $2" "$3" "$4" \
		check --base "$TMP/split.btf" "$TMP/hostile.ko"
	max_memory=65536
}
distilled deep-down 1000000 1 "$chain"
distilled knot 65535 1 'member at bit 65 of 8 bytes'
distilled same-tag 20000 1 'PTR cannot be in .BTF.base'
distilled tags 2000 0 'note: has no type of its own with a name: no function of it is in C$'
# Each was compared with each: minutes.
distilled tags 100000 1 'too many types are called same$'
is "check: .BTF.base: tags 100000: once" "$(grep -c 'too many types' "$TMP/stdout")" 1

for sections in 65278 100000; do
	made "$TMP/sections" sections $sections
	finds "check: sections $sections" 0 'has no BTF$' \
		check --base "$base" "$TMP/sections"
	finds "report: sections $sections" 0 '^no-btf ' report "$TMP/sections"
done
made "$TMP/symbols" symbols 60000
finds "show: symbols 60000" 0 'symbol .* is too long' show "$TMP/symbols"
max_memory=6000000
if cp "$good" "$TMP/hole.ko" && truncate -s 5G "$TMP/hole.ko" 2>/dev/null; then
	finds "check: 5 GB, nearly all of it zeros" 0 '^$' \
		check --base "$base" "$TMP/hole.ko"
	truncate -s 0 "$TMP/hole.ko"
	truncate -s 5G "$TMP/hole.ko"
	tells "check: 5 GB of zeros" 3 '.*/hole.ko: is not an ELF file' \
		check --base "$base" "$TMP/hole.ko"
	rm "$TMP/hole.ko"
else
	skip "5 GB of zeros" "no such large files here"
fi

done_testing
