#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# btfinspect check: good and bad modules, lines and JSON, exit statuses.
# tests/kernel/verdicts.t compares its verdicts with the kernel's.

# shellcheck disable=SC2119 # functions called without arguments
# shellcheck disable=SC2016 # dollars of Perl
# shellcheck source=tests/lib.sh
. "${0%/*}/../lib.sh"

mini_first
base=$OUT/.btf.vmlinux.base

# check STATUS NAME ARG...: exit status, with what is printed in $TMP/stdout, err
check()
{
	check_status=$1
	check_name=$2
	shift 2
	"$BTFINSPECT" check --base "$base" "$@" >"$TMP/stdout" 2>"$TMP/stderr"
	is "$check_name: status" $? "$check_status"
}

out()
{
	cat "$TMP/stdout"
}

err()
{
	cat "$TMP/stderr"
}

# --- what was just built is good
nr=$(mini_modules | wc -l)
check 0 "one module" "$OUT/fs/ramfs.ko"
is "one module: silence" "$(cat "$TMP/stdout" "$TMP/stderr")" ''
check 0 "all modules" --strict --require-btf "$OUT"
is "all modules: no problem" "$(out | grep -v '/plain\.ko: note: ')" ''
is "all modules: a line in the end" "$(err)" \
	"$nr modules: $nr good, 0 bad, 0 without BTF, 0 unreadable; 0 warnings"
(cd "$OUT" && "$BTFINSPECT" check --base "$base" - <modules.order) \
	>"$TMP/stdout" 2>"$TMP/stderr"
is "modules.order: status" $? 0
like "modules.order: all of them" "$(err)" "^$nr modules: $nr good"
"${OBJCOPY:-objcopy}" --dump-section .BTF="$TMP/raw" "$OUT/vmlinux" "$TMP/copy"
for other in "$OUT/vmlinux" "$TMP/raw"; do
	"$BTFINSPECT" check --strict --base "$other" "$OUT" >"$TMP/stdout" 2>&1
	is "base from ${other##*/}" $? 0
done

# --- a release after all that are known
check 0 "a newer release" --release 99.0 "$OUT"
is "a newer release: it is said once" "$(grep -v "^$nr modules" "$TMP/stderr")" \
	"btfinspect: $OUT/$(mini_modules | sort | head -n 1).ko: warning: is for a release newer than 7.3, whose rules are used"
check 0 "a newer release, -j" -j3 --release 99.0 "$OUT"
is "a newer release, -j: it is said once" \
	"$(grep -c 'is for a release newer' "$TMP/stderr")" 1

# --- modules without BTF, and files that are no modules
mkdir "$TMP/m"
cp "$OUT/fs/ramfs.no-btf.ko" "$TMP/m/none.ko"
check 0 "no BTF" "$TMP/m/none.ko"
is "no BTF: that is said" "$(out)" "$TMP/m/none.ko: note: has no BTF"
check 1 "no BTF, but required" --require-btf "$TMP/m/none.ko"
is "no BTF, but required: that is said" "$(out)" \
	"$TMP/m/none.ko: error: has no BTF"

check 3 "a file that is not there" "$TMP/m/nosuch.ko"
like "a file that is not there: why" "$(err)" \
	'^btfinspect: .*/nosuch\.ko: cannot open: No such file'
check 3 "no ELF file" "$base"
like "no ELF file: why" "$(err)" '^btfinspect: .*: is not an ELF file$'
check 3 "a vmlinux" "$OUT/vmlinux"
like "a vmlinux: why" "$(err)" '^btfinspect: .*: is not a kernel module$'

# --- compressed: the same result; a truncated one is unreadable
mkdir "$TMP/z"
for how in 'gz gzip' 'xz xz' 'zst zstd'; do
	ext=${how% *}
	how=${how#* }
	for m in fs/ramfs drivers/probe; do
		"$how" -c <"$OUT/$m.ko" >"$TMP/z/${m##*/}.ko.$ext"
	done
	m=$TMP/z/ramfs.ko.$ext
	head -c 2000 "$m" >"$TMP/m/cut.ko.$ext"
	check 3 "$how: cut short" "$TMP/m/cut.ko.$ext"
	is "$how: cut short: why" "$(err)" \
		"btfinspect: $TMP/m/cut.ko.$ext: is compressed with $how, and truncated"
	echo more >>"$TMP/m/more"
	cat "$m" "$TMP/m/more" >"$TMP/m/more.ko.$ext"
	check 3 "$how: more" "$TMP/m/more.ko.$ext"
	is "$how: more: why" "$(err)" \
		"btfinspect: $TMP/m/more.ko.$ext: is compressed with $how, and has trailing data"
	"$how" -c <"$OUT/vmlinux" >"$TMP/m/vmlinux.$ext"
	check 3 "$how: a vmlinux" "$TMP/m/vmlinux.$ext"
	like "$how: a vmlinux: why" "$(err)" 'vmlinux.*: is not a kernel module$'
	head -c 1100M /dev/zero | "$how" -1 -c >"$TMP/m/bomb.ko.$ext"
	check 3 "$how: a bomb" "$TMP/m/bomb.ko.$ext"
	is "$how: a bomb: why" "$(err)" \
		"btfinspect: $TMP/m/bomb.ko.$ext: is compressed with $how, and unpacks to more than 1024 MiB"
	rm "$TMP/m/bomb.ko.$ext"
done
check 0 "compressed ones in a directory" "$TMP/z"
is "compressed ones in a directory: numbers" "$(err)" \
	'6 modules: 6 good, 0 bad, 0 without BTF, 0 unreadable; 0 warnings'

head -c 3000 "$OUT/fs/ramfs.ko" >"$TMP/m/cut.ko"
check 1 "half a module" "$TMP/m/cut.ko"
like "half a module: why" "$(out)" '/cut\.ko: error: .* \[kernel: error 8\]$'
check 3 "bad and unreadable" "$TMP/m/cut.ko" "$TMP/m/nosuch.ko" \
	"$OUT/fs/ramfs.ko"
is "bad and unreadable: numbers" "$(tail -n 1 "$TMP/stderr")" \
	'3 modules: 1 good, 1 bad, 0 without BTF, 1 unreadable; 0 warnings'
mkdir "$TMP/m/empty"
check 3 "a directory without modules" "$TMP/m/empty"
like "a directory without modules: why" "$(err)" 'empty: contains no modules$'

# --- damage
# put FILE SECTION OFFSET BYTES: as for printf
put()
{
	"${OBJCOPY:-objcopy}" --dump-section "$2=$TMP/sec" "$1" "$TMP/copy"
	# shellcheck disable=SC2059 # the bytes are a format
	printf "$4" | dd of="$TMP/sec" bs=1 seek="$3" conv=notrunc 2>"$TMP/dd"
	"${OBJCOPY:-objcopy}" --update-section "$2=$TMP/sec" "$1"
}
m=$TMP/m/bad-magic.ko
cp "$OUT/fs/ramfs.ko" "$m"
put "$m" .BTF 0 '\000'
check 1 "magic" "$m"
is "magic: file, section, offset, and the kernel's words" "$(out)" \
	"$m: error: .BTF+0x0: is not BTF [kernel: Invalid magic; failed to validate module [ramfs] BTF: -22]"

m=$TMP/m/name.ko
cp "$OUT/fs/ramfs.ko" "$m"
"${OBJCOPY:-objcopy}" --dump-section ".BTF=$TMP/sec" "$m" "$TMP/copy"
off=$(grep -abo ramfs_info "$TMP/sec" | head -n 1 | cut -d: -f1)
put "$m" .BTF "$off" '\001"\n\134'
check 1 "name" "$m"
like "name: the type" "$(out)" \
	"^$m: error: \.BTF\+0x[0-9a-f]+: type [0-9]+: STRUCT .*: its name is not an identifier \[kernel: \[[0-9]+] STRUCT .* Invalid name; failed to validate module \[ramfs] BTF: -22]\$"
is "name: it breaks no line" "$(grep -vc "^$m: " "$TMP/stdout")" 0
check 1 "name, in JSON" --json "$m"
like "name, in JSON: as bytes" \
	"$(json '$d->{modules}[0]{problems}[0]{message} =~ /\x01"\n\\/ ? "found" : "lost"')" \
	found

m=$TMP/m/ids.ko
cp "$OUT/drivers/probe.ko" "$m"
put "$m" .BTF_ids 8 '\000\000\000\000'
check 0 "an id of 0" --release 6.1 "$m"
like "an id of 0: a warning" "$(out)" \
	"^$m: warning: \.BTF_ids\+0x[0-9a-f]+: the id of FUNC [a-z_]+ is 0"
check 1 "an id of 0, strictly" --strict --release 6.1 "$m"
cp "$OUT/drivers/probe.ko" "$m"
put "$m" .BTF_ids 0 '\003'
check 0 "a wrong count" "$m"
like "a wrong count: a warning" "$(out)" 'probe_kfuncs has the count 3, but 5 ids'
cp "$OUT/drivers/probe.no-btf.ko" "$m"
"${OBJCOPY:-objcopy}" --dump-section ".BTF=$TMP/sec" "$OUT/drivers/probe.ko" \
	"$TMP/copy"
"${OBJCOPY:-objcopy}" --add-section ".BTF=$TMP/sec" "$m"
check 1 "ids that were never filled in" --strict "$m"
is "ids that were never filled in: all are told" \
	"$(grep -c 'is 0: no such type was found' "$TMP/stdout")" 5

# Another base: a type and some strings more, before those that were there
cat >"$TMP/first" <<'END'
struct aaaa_first { int aaaa_number; struct aaaa_first *aaaa_next; } aaaa_first;
END
cat "$SRC/examples/mini/kernel/ids.c" >>"$TMP/first"
cat "$TMP/first" >"$SRC/examples/mini/kernel/ids.c"
cp -R "$OUT" "$TMP/old"
ok "the kernel changes" mini -j2
check 1 "modules of another base" --strict "$TMP/old/fs/ramfs.ko"
like "modules of another base: that is said" "$(out)" \
	'made for another base than .*\?$'
check 0 "modules of this base" --strict "$OUT"

# --- many lines, many files
rm -rf "$TMP/many"
mkdir -p "$TMP/many/a/b" "$TMP/many/c d"
for i in 1 2 3 4 5; do
	cp "$OUT/fs/ramfs.ko" "$TMP/many/a/b/good$i.ko"
	cp "$TMP/old/net/loop.ko" "$TMP/many/c d/other$i.ko" 2>"$TMP/cp" ||
		cp "$TMP/old/fs/ramfs.ko" "$TMP/many/c d/other$i.ko"
	cp "$TMP/m/bad-magic.ko" "$TMP/many/a/magic$i.ko"
done
cp "$TMP/m/none.ko" "$TMP/many/none.ko"
cp "$TMP/m/cut.ko" "$TMP/many/cut.ko"
cp "$OUT/fs/ramfs.no-btf.ko" "$TMP/many/x.no-btf.ko"
printf '\375\067\172\130\132\000' >"$TMP/many/packed.ko.xz"
ln -s a "$TMP/many/link"
printf 'a name that is no \377\376 UTF-8' >"$TMP/many/$(printf 'w\377"\\.ko')"
check 3 "a directory" "$TMP/many"
cp "$TMP/stdout" "$TMP/serial"
cp "$TMP/stderr" "$TMP/serial.err"
is "a directory: neither links nor what is not final" \
	"$(tail -n 1 "$TMP/stderr" | cut -d: -f1)" '19 modules'
is "a directory: in the order of names" \
	"$(sed -n 's/: .*//p' "$TMP/stdout" | uniq)" \
	"$(sed -n 's/: .*//p' "$TMP/stdout" | sort -u)"
is "a directory: no more than 20 lines for one" \
	"$(sed 's/: .*//' "$TMP/stdout" | sort | uniq -c | awk '$1 > 21')" ''
for j in 2 3 7 50; do
	check 3 "-j$j" -j$j "$TMP/many"
	ok "-j$j: the same lines" cmp "$TMP/stdout" "$TMP/serial"
	ok "-j$j: the same messages" cmp "$TMP/stderr" "$TMP/serial.err"
done
find "$TMP/many" -name '*[0-9].ko' | sort -r >"$TMP/names"
"$BTFINSPECT" check --base "$base" -j3 - <"$TMP/names" >"$TMP/stdout" 2>"$TMP/stderr"
is "names on standard input: their order" \
	"$(sed 's/: .*//' "$TMP/stdout" | uniq)" "$(grep -v good "$TMP/names")"

"$BTFINSPECT" check --base "$base" - </dev/null >"$TMP/stdout" 2>"$TMP/stderr"
is "no names on standard input: status" $? 3
is "no names on standard input: why" "$(err)" \
	"btfinspect: standard input: names no modules"

check 3 "JSON" --json "$TMP/many"
cp "$TMP/stdout" "$TMP/serial"
is "JSON: nothing else is printed" "$(err)" ''
is "JSON: modules" "$(json 'scalar @{$d->{modules}}')" 19
is "JSON: numbers" "$(json 'join " ", map { $d->{summary}{$_} } qw(modules good bad no_btf unreadable)')" \
	"19 5 11 1 2"
is "JSON: status of all" \
	"$(json 'join " ", sort map { $_->{status} } @{$d->{modules}}' |
	   tr ' ' '\n' | uniq -c | awk '{ printf "%s %s,", $1, $2 }')" \
	"11 bad,5 good,1 no-btf,2 unreadable,"
is "JSON: a name of any bytes" \
	"$(json '(grep { $_->{file} =~ m,many/w, } @{$d->{modules}})[0]{file}')" \
	"$TMP/many/wÿ\"\\.ko"
is "JSON: what the kernel logs" \
	"$(json 'my ($m) = grep { $_->{file} =~ /magic1/ } @{$d->{modules}};
		 join "|", map { $m->{problems}[0]{$_} } qw(severity section offset errno kernel_log)')" \
	"error|.BTF|0|-22|Invalid magic"
check 3 "JSON with -j" --json -j4 "$TMP/many"
ok "JSON with -j: the same" cmp "$TMP/stdout" "$TMP/serial"
check 0 "JSON of no problem" --json "$OUT/fs/ramfs.ko"
is "JSON of no problem: empty" "$(json 'scalar @{$d->{modules}[0]{problems}}')" 0

# --- usage, and what cannot be written
for args in "" "--base $base" "$OUT/fs/ramfs.ko" "--base $base -j0 x" \
	    "--base $base -jx x" "--base $base --release new x" \
	    "--base $base --nosuch x"; do
	# shellcheck disable=SC2086 # a list of words
	"$BTFINSPECT" check $args >"$TMP/stdout" 2>"$TMP/stderr"
	is "'check $args' is wrong usage" $? 2
done
"$BTFINSPECT" check --base "$TMP/nosuch" "$OUT/fs/ramfs.ko" 2>"$TMP/stderr"
is "no base: status" $? 3
like "no base: why" "$(err)" '^btfinspect: .*/nosuch: cannot open: No such file'
if [ -c /dev/full ]; then
	"$BTFINSPECT" check --base "$base" "$TMP/many" >/dev/full 2>"$TMP/stderr"
	is "a full disk: status" $? 3
	like "a full disk: why" "$(err)" \
		'standard output: cannot write: No space left'
fi

# On a terminal there is a line of progress when it takes longer than a second,
# and in the end it is gone.
if have script; then
	yes "$OUT/fs/ramfs.ko" | head -n 40000 >"$TMP/names"
	script -qec "'$BTFINSPECT' check --base '$base' - <'$TMP/names'" \
		"$TMP/typescript" </dev/null >"$TMP/terminal" 2>&1
	like "a terminal: the numbers in the end" \
		"$(tail -n 1 "$TMP/terminal" | tr -d '\r')" \
		'40000 modules: 40000 good'
	if grep -q ' of 40000 modules' "$TMP/terminal"; then
		is "a terminal: progress, erased before that" \
			"$(tr '\r' '\n' <"$TMP/terminal" |
			   grep '40000 good' | tr -d '\033')" \
			"[K40000 modules: 40000 good, 0 bad, 0 without BTF, 0 unreadable; 0 warnings"
	else
		skip "a terminal: progress" "it took less than a second"
	fi
else
	skip "a terminal" "no script"
fi

done_testing
