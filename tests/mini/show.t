#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# btfinspect show agrees with readelf and bpftool.

# shellcheck disable=SC2119 # functions called without arguments
# shellcheck disable=SC2016 # dollars of Perl
# shellcheck source=tests/lib.sh
. "${0%/*}/../lib.sh"

need bpftool readelf

mini_first
base=$OUT/.btf.vmlinux.base

# show STATUS NAME ARG...: exit status, with what is printed in $TMP/stdout, stderr
show()
{
	show_status=$1
	show_name=$2
	shift 2
	"$BTFINSPECT" show "$@" >"$TMP/stdout" 2>"$TMP/stderr"
	is "$show_name: status" $? "$show_status"
}

# --- a good one, by other programs' words
m=$OUT/drivers/probe.ko
show 0 "a module" --base "$base" "$m"
is "a module: nothing else is said" "$(cat "$TMP/stderr")" ''
size_of()
{
	readelf -SW "$1" | sed 's/^ *\[ *[0-9]*] *//' |
	awk -v name="$2" '$1 == name { print $5 }'
}
for s in .BTF .BTF_ids; do
	is "a module: size of $s" \
		"$(awk -v s=$s '$1 == s { print $2 }' "$TMP/stdout")" \
		"$(printf %d "0x$(size_of "$m" $s)")"
done
nr_base=$(bpftool btf dump file "$OUT/vmlinux" | grep -c '^\[')
is "a module: types by kind" \
	"$(sed -nE 's/^ {2,}([0-9]+) ([A-Z_0-9]+)$/\1 \2/p' "$TMP/stdout" | sort -k2)" \
	"$(mini_types drivers/probe |
	   awk -F'[][]' -v nr="$nr_base" '/^\[/ && $2 > nr' |
	   awk '{ print $2 }' | sort | uniq -c | awk '{ print $1, $2 }' | sort -k2)"
is "a module: its set of kfuncs" \
	"$(sed -nE 's/^      ([0-9]+) FUNC [a-z_]+, (its own|the base.s)(, flags (0x[0-9a-f]+))?$/\1 \4/p' \
	   "$TMP/stdout" | while read -r id flags; do
		echo "$id $((flags))"
	   done | tr '\n' ' ')" \
	"$(mini_probe_set8 | cut -d' ' -f3-)"
like "a module: whose a type is" "$(cat "$TMP/stdout")" \
	'^      [0-9]+ FUNC task_get, the base.s, flags 0x1$'
like "a module: the base fits" "$(cat "$TMP/stdout")" '^base .*: fits$'
like "a module: debug information" "$(cat "$TMP/stdout")" \
	'^\.debug_\* +[0-9]+ bytes in [0-9]+ sections$'

for other in "$OUT/vmlinux" "$TMP/raw"; do
	cp "$TMP/stdout" "$TMP/first"
	"${OBJCOPY:-objcopy}" --dump-section .BTF="$TMP/raw" "$OUT/vmlinux" \
		"$TMP/copy"
	show 0 "base from ${other##*/}" --base "$other" "$m"
	is "base from ${other##*/}: the same" \
		"$(grep -v '^base' "$TMP/stdout")" "$(grep -v '^base' "$TMP/first")"
done

show 0 "without a base" "$m"
like "without a base: that is said" "$(cat "$TMP/stdout")" '^base +not given'
is "without a base: names of the set" \
	"$(sed -n 's/^      of func //p' "$TMP/stdout" | sort | tr '\n' ' ')" \
	"probe_acquire probe_allowed probe_hit probe_release task_get "

show 0 "JSON" --json --base "$base" "$m"
is "JSON: of the module" "$(json '"$d->{module} $d->{status} $d->{ids}"')" \
	"probe good 5"
is "JSON: kinds add up" \
	"$(json 'my $n = 0; $n += $_ for values %{$d->{kinds}}; $n == $d->{types} ? "yes" : $n')" yes
is "JSON: its set" \
	"$(json 'my $s = $d->{btf_ids_entries}[0]; join " ", $s->{kind}, $s->{name}, map { "$_->{type}{name}=$_->{flags}" } @{$s->{ids}}')" \
	"$(json 'my $s = $d->{btf_ids_entries}[0]; my %f = (probe_release => 2, probe_hit => 48, task_get => 1, probe_acquire => 5, probe_allowed => 0); join " ", "set8 probe_kfuncs", map { "$_->{type}{name}=$f{$_->{type}{name}}" } sort { $a->{id} <=> $b->{id} } @{$s->{ids}}')"

# --- its types as C
bpftool btf dump file "$OUT/vmlinux" format c >"$TMP/vmlinux.h"
for module in $(mini_modules); do
	show 0 "$module, C" --types --base "$base" "$OUT/$module.ko"
	cat "$TMP/vmlinux.h" "$TMP/stdout" >"$TMP/all.c"
	ok "$module, C: it compiles after the kernel's" \
		"${CC:-cc}" -w -fsyntax-only "$TMP/all.c"
	is "$module, C: each function" \
		"$(sed -nE 's/.*[ *]([a-z_0-9]+)\(.*\);$/\1/p' "$TMP/stdout" |
		   grep -c .)" \
		"$(mini_types "$module" | awk -F'[][]' -v nr="$nr_base" \
		   '/^\[/ && $2 > nr' | grep -c '] FUNC ')"
done
show 0 "C" --types --base "$base" "$m"
is "C: its struct" "$(sed -n '/^struct probe_point {/,/^}/p' "$TMP/stdout")" \
"$(sed -n '/^struct probe_point {/,/^}/p' "$SRC/examples/mini/drivers/probe.c" |
	sed 's/unsigned long/long unsigned int/; s/point, struct task \*task/, struct task */
		s/struct probe_point \*,/struct probe_point *,/')"
unlike "C: none of the kernel's" "$(cat "$TMP/stdout")" '^struct (task|list_head)'
like "C: a function" "$(cat "$TMP/stdout")" \
	'^static struct probe_point \*probe_acquire\(long unsigned int addr\);$'
show 3 "C without a base" --types "$m"
is "C without a base: why not" "$(cat "$TMP/stdout" "$TMP/stderr")" \
	"btfinspect: $m: has no .BTF.base: name its kernel with --base"
"$BTFSTAGE" ko --distill-base --base "$base" -o "$TMP/own-base.ko" \
	--types "$OUT/drivers/probe.no-btf.ko.btf" "$OUT/drivers/probe.no-btf.ko" \
	2>"$TMP/stderr"
cp "$TMP/stdout" "$TMP/first"
"$BTFINSPECT" show --types --base "$base" "$m" >"$TMP/first"
show 0 "C, with .BTF.base" --types "$TMP/own-base.ko"
is "C, with .BTF.base: the same" \
	"$(grep -e '^struct probe' -e '^static' "$TMP/stdout")" \
	"$(grep -e '^struct probe' -e '^static' "$TMP/first")"
show 1 "C, without BTF" --types "$OUT/drivers/probe.no-btf.ko"
is "C, without BTF: that is said" "$(cat "$TMP/stdout" "$TMP/stderr")" \
	"btfinspect: $OUT/drivers/probe.no-btf.ko: has no BTF"

# --- without BTF, bad, and no module
show 0 "not encoded" "$OUT/drivers/probe.no-btf.ko"
like "not encoded: why" "$(cat "$TMP/stdout")" \
	'^BTF +no-btf: has debug information'
like "not encoded: unresolved" "$(cat "$TMP/stdout")" '^ids +5, 5 unresolved$'
"${OBJCOPY:-objcopy}" --strip-debug "$OUT/drivers/probe.no-btf.ko" "$TMP/s.ko"
show 0 "stripped" "$TMP/s.ko"
like "stripped: why" "$(cat "$TMP/stdout")" 'no-btf: has no debug information'

head -c 3000 "$m" >"$TMP/cut.ko"
show 1 "half a module" "$TMP/cut.ko"
is "half a module: one line" "$(wc -l <"$TMP/stderr" | tr -d ' ')" 1
like "half a module: why" "$(cat "$TMP/stderr")" '^btfinspect: .*/cut\.ko: section header'
show 1 "half a module, JSON" --json "$TMP/cut.ko"
is "half a module, JSON: all is in there" "$(cat "$TMP/stderr")" ''
is "half a module, JSON: status" "$(json '$d->{status}')" bad
show 3 "not there" "$TMP/nosuch.ko"
is "not there: one line" "$(cat "$TMP/stdout" "$TMP/stderr")" \
	"btfinspect: $TMP/nosuch.ko: cannot open: No such file or directory"
show 3 "not there, JSON" --json "$TMP/nosuch.ko"
is "not there, JSON: status" "$(json '$d->{status}')" unreadable
show 3 "no base" --base "$TMP/nosuch" "$m"
like "no base: why" "$(cat "$TMP/stderr")" '^btfinspect: .*/nosuch: cannot open'

# A name that would break a line
n="$TMP/$(printf 'a\n\033[31m<b>\377.ko')"
cp "$m" "$n"
show 0 "a hostile name" "$n"
is "a hostile name: one line of it" \
	"$(head -n 1 "$TMP/stdout")" "$TMP/$(printf 'a??[31m<b>\377.ko')"
show 0 "a hostile name, JSON" --json "$n"
is "a hostile name, JSON" "$(json '$d->{file} =~ /\/a\n\e\[31m<b>\xff\.ko$/ ? "found" : "lost"')" found

# --- another base
cat >"$TMP/first.c" <<'END'
struct aaaa_first { int aaaa_number; struct aaaa_first *aaaa_next; } aaaa_first;
END
cat "$SRC/examples/mini/kernel/ids.c" >>"$TMP/first.c"
cat "$TMP/first.c" >"$SRC/examples/mini/kernel/ids.c"
cp "$m" "$TMP/old-ids.ko"
cp "$OUT/fs/ramfs.ko" "$TMP/old.ko"
ok "the kernel changes" mini -j2
"$BTFINSPECT" show --base "$base" "$TMP/old.ko" >"$TMP/stdout" 2>"$TMP/stderr"
status=$?
like "a module of another base: that is said" "$(cat "$TMP/stdout")" \
	'made for another base'
# The compiler decides which type has that id now.
like "a module of another base: it does not fit" \
	"$status $(grep '^base ' "$TMP/stdout")" \
	'^(0 base .*: taken, with warnings|1 base .*: not taken)$'
show 1 "kfuncs of another base" --base "$base" "$TMP/old-ids.ko"
like "kfuncs of another base: refused" "$(cat "$TMP/stdout")" \
	'^base .*: not taken$'
is "kfuncs of another base: one line of why" "$(wc -l <"$TMP/stderr" | tr -d ' ')" 1

# --- usage, and what cannot be written
for args in '' '--base' 'a b' '--nosuch x' '--json --types x'; do
	# shellcheck disable=SC2086 # a list of words
	"$BTFINSPECT" show $args >"$TMP/stdout" 2>"$TMP/stderr"
	is "'show $args' is wrong usage" $? 2
done
if [ -c /dev/full ]; then
	"$BTFINSPECT" show "$m" >/dev/full 2>"$TMP/stderr"
	is "a full disk: status" $? 3
	is "a full disk: why" "$(cat "$TMP/stderr")" \
		"btfinspect: standard output: cannot write: No space left on device"
fi

done_testing
