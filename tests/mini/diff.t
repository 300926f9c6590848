#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# btfinspect diff: what has changed between two kernels, modules and builds, and which
# modules of the old one fit the new one.

# shellcheck disable=SC2119 # functions called without arguments
# shellcheck disable=SC2016 # dollars of Perl
# shellcheck source=tests/lib.sh
. "${0%/*}/../lib.sh"

mini_first KERNELRELEASE=6.12.0
inc=$SRC/examples/mini/include/mini

# diff STATUS NAME ARG...: exit status, with what is printed in $TMP/stdout, stderr
diff()
{
	diff_status=$1
	diff_name=$2
	shift 2
	"$BTFINSPECT" diff "$@" >"$TMP/stdout" 2>"$TMP/stderr"
	is "$diff_name: status" $? "$diff_status"
}

# keep NAME: the build, as it is now
keep()
{
	rm -rf "${TMP:?}/$1"
	cp -R "$OUT" "$TMP/$1" || bail_out "the build can not be copied"
}

# The lines for what is new, gone or changed, without the details
heads()
{
	grep '^[-+!]' "$TMP/stdout"
}

keep old

# --- the same
nr=$(mini_modules | wc -l | tr -d ' ')
for what in vmlinux .btf.vmlinux.base fs/ramfs.no-btf.ko.btf; do
	diff 0 "$what: the same" "$TMP/old/$what" "$OUT/$what"
	is "$what: the same: nothing but sums" "$(heads)" ''
done
diff 0 "prepared or not" "$TMP/old/vmlinux" "$OUT/.btf.vmlinux.base"
diff 0 "a build: the same" "$TMP/old" "$OUT"
like "a build: the same: all can stay" "$(cat "$TMP/stdout")" \
	"^ +$nr of $nr old ones fit the new kernel"
is "a build: the same: nothing else is said" "$(cat "$TMP/stderr")" ''
diff 0 "a module: the same" --old-base "$OUT/vmlinux" --new-base "$OUT/vmlinux" \
	"$TMP/old/drivers/probe.ko" "$OUT/drivers/probe.ko"
like "a module: the same: it fits" "$(cat "$TMP/stdout")" '^the old one fits'
like "a module: its kfuncs are counted" "$(cat "$TMP/stdout")" \
	'^kfuncs .*; there were 5, there are 5$'

# --- images that boot
image=$ROOT/tests/mini/image.pl
"${OBJCOPY:-objcopy}" --strip-all "$OUT/vmlinux" "$TMP/stripped"
gzip -c "$TMP/stripped" | perl "$image" bzimage 6.12.0 >"$TMP/vmlinuz"
diff 0 "a bzImage: the same" "$TMP/vmlinuz" "$OUT/vmlinux"
is "a bzImage: the same: nothing but sums" "$(heads)" ''
diff 0 "a module of it: the same" --old-base "$TMP/vmlinuz" --new-base "$TMP/vmlinuz" \
	"$TMP/old/drivers/probe.ko" "$OUT/drivers/probe.ko"
gzip -c "$OUT/vmlinux" >"$TMP/vmlinux.gz"
diff 0 "vmlinux, compressed: the same" "$OUT/vmlinux" "$TMP/vmlinux.gz"
is "vmlinux, compressed: the same: nothing but sums" "$(heads)" ''
head -c 5000 /dev/zero | gzip >"$TMP/Image.gz"
diff 3 "an Image without types" "$TMP/Image.gz" "$OUT/vmlinux"
like "an Image without types: one line" "$(cat "$TMP/stderr")" \
	"^btfinspect: $TMP/Image.gz: contains no BTF of a kernel"
head -c 5000 "$TMP/vmlinuz" >"$TMP/cut"
diff 3 "half a bzImage" "$TMP/cut" "$OUT/vmlinux"
like "half a bzImage: one line" "$(cat "$TMP/stderr")" \
	"^btfinspect: $TMP/cut: kernel lies outside the image"

# --- other kernel types
m=$OUT/drivers/probe.no-btf.ko
"$BTFSTAGE" ko --distill-base --base "$OUT/.btf.vmlinux.base" --types "$m.btf" \
	-o "$TMP/probe-own-base.ko" "$m" 2>"$TMP/stderr" ||
	bail_out "no .BTF.base: $(cat "$TMP/stderr")"
edit 's/^struct load_weight {/&\n\tunsigned int first, second:3;/' "$inc/task.h"
edit 's/^	TASK_DEAD = 0x80/	TASK_LOST = 7,\n	TASK_DEAD = 0x90/' "$inc/task.h"
edit 's/^struct inode {/&\n\tlong first;/' "$inc/fs.h"
edit 's/KF_ACQUIRE | KF_RET_NULL/KF_RET_NULL/
	/^noinline int probe_hit/s/struct task/const struct task/
	s/^\/\* kfuncs.*/struct probe_more { int more; } probe_more;/
	s/point, task)/point, (struct task *)task)/' \
	"$SRC/examples/mini/drivers/probe.c"
ok "the kernel changes" mini -j2 KERNELRELEASE=6.12.0

diff 1 "kernels" "$TMP/old/vmlinux" "$OUT/vmlinux"
is "kernels: a struct" "$(sed -n '/^! struct load_weight/,/^[-+!]/p' "$TMP/stdout" |
	grep '^    ')" \
"    16 bytes -> 24
    ! long unsigned int weight at 0 -> at 8
    ! u32 inv_weight at 8 -> at 16
    + unsigned int first at 0
    + unsigned int second:3 at 4"
is "kernels: an enum" "$(sed -n '/^! enum task_state/,/^[-+!]/p' "$TMP/stdout" |
	grep '^    ')" \
"    ! TASK_DEAD = 128 -> 144
    + TASK_LOST = 7"
like "kernels: one that has moved inside" "$(cat "$TMP/stdout")" '^! struct sched_entity$'
like "kernels: members that have moved" "$(cat "$TMP/stdout")" \
	'^    ! [0-9]+ members, [a-z_.]+ to [a-z_.]+: moved by \+8$'
unlike "kernels: what points to one is the same" "$(heads)" 'struct sched_class'
like "kernels: sums" "$(head -n 1 "$TMP/stdout")" \
	"^types +0 new, 0 gone, $(heads | grep -c -e struct -e union -e enum) changed; "
cp "$TMP/stdout" "$TMP/all"
diff 1 "a name" "$TMP/old/vmlinux" "$OUT/vmlinux" task_state nosuch
is "a name: only that" "$(heads)" '! enum task_state'
diff 0 "a name that is not there" "$TMP/old/vmlinux" "$OUT/vmlinux" nosuch
diff 1 "brief" --brief "$TMP/old/vmlinux" "$OUT/vmlinux"
is "brief: no more than names" "$(heads)" "$(grep '^[-+!]' "$TMP/all")"
unlike "brief: no more than names, and no less" "$(cat "$TMP/stdout")" '^    '

diff 1 "JSON" --json "$TMP/old/vmlinux" "$OUT/vmlinux"
is "JSON: all of it" "$(json 'scalar @{$d->{differences}}')" \
	"$(grep -c '^[-+!]' "$TMP/all")"
is "JSON: a member" "$(json 'my ($s) = grep { $_->{name} eq "load_weight" } @{$d->{differences}};
	join " ", map { my $c = $_; $c->{name} . ":" . join("-", map { $_ ? $_->{type} . "\@" . $_->{offset_bits} : "none" } $c->{old}, $c->{new}) }
	grep { $_->{what} eq "member" } @{$s->{changes}}')" \
	"weight:long unsigned int@0-long unsigned int@64 inv_weight:u32@64-u32@128 first:none-unsigned int@0 second:none-unsigned int@32"
is "JSON: sums" "$(json '$d->{summary}{types}{changed} . " " . $d->{ids}')" \
	"$(sed -n 's/^types .* \([0-9]*\) changed.*/\1/p' "$TMP/all") changed"

# --- modules
diff 1 "a module" --old-base "$TMP/old/vmlinux" --new-base "$OUT/vmlinux" \
	"$TMP/old/drivers/probe.ko" "$OUT/drivers/probe.ko"
is "a module: what is its own" "$(sed -n '/^the old/,$p' "$TMP/stdout")" \
"the old one does not fit the new kernel: the kernel's types have other ids, and there is no .BTF.base
+ struct probe_more, 4 bytes
! kfunc probe_acquire
    flags 0x5 -> 0x4
! kfunc probe_hit
    int probe_hit(struct probe_point *point, struct task *task) -> int probe_hit(struct probe_point *point, const struct task *task)"
diff 3 "a module without its base" "$TMP/old/drivers/probe.ko" "$OUT/drivers/probe.ko"
is "a module without its base: that is said" "$(cat "$TMP/stderr")" \
	"btfinspect: $TMP/old/drivers/probe.ko: its types need those of a kernel, and none was given"
xz -k "$TMP/old/drivers/probe.ko" && gzip -k "$OUT/drivers/probe.ko"
diff 0 "compressed" --old-base "$TMP/old/vmlinux" --new-base "$TMP/old/vmlinux" \
	"$TMP/old/drivers/probe.ko" "$TMP/old/drivers/probe.ko.xz"
rm "$TMP/old/drivers/probe.ko.xz" "$OUT/drivers/probe.ko.gz"

# With types of its own to be found in the kernel: by name, and size where it counts
diff 0 "a .BTF.base" --new-base "$OUT/vmlinux" \
	"$TMP/probe-own-base.ko" "$TMP/probe-own-base.ko"
like "a .BTF.base: it fits" "$(cat "$TMP/stdout")" '^the old one fits the new kernel'

# --- builds
mv "$OUT/fs/idset.ko" "$OUT/fs/other.ko"
cp "$OUT/net/loop.no-btf.ko" "$OUT/net/loop.ko"
diff 1 "builds" "$TMP/old" "$OUT"
like "builds: sums" "$(cat "$TMP/stdout")" \
	'^modules +1 new, 1 gone, [1-9] changed; '
like "builds: none fits" "$(cat "$TMP/stdout")" '^ +0 of [0-9]+ old ones fit'
is "builds: which" "$(heads | grep -e '^[-+] module' -e probe, -e loop,)" \
"- module idset, $TMP/old/fs/idset.ko
! module loop, $OUT/net/loop.ko
+ module other, $OUT/fs/other.ko
! module probe, $OUT/drivers/probe.ko"
like "builds: no BTF" "$(cat "$TMP/stdout")" '^    has no BTF any more$'
like "builds: the kernel's too" "$(cat "$TMP/stdout")" '^! struct load_weight$'
like "builds: and the module's" "$(cat "$TMP/stdout")" '^    \+ struct probe_more, 4 bytes$'
diff 1 "builds, JSON" --json "$TMP/old" "$OUT"
is "builds, JSON: modules" "$(json 'join " ", map { "$_->{name}:$_->{is}" }
	grep { $_->{name} =~ /idset|loop|probe|other/ } @{$d->{modules}{list}}')" \
	"idset:gone loop:changed other:new probe:changed"
is "builds, JSON: none fits" "$(json '$d->{modules}{summary}{fits}{yes}')" 0
is "builds, JSON: the kernel" "$(json '$d->{kernel}{ids}')" changed
head -c 3000 "$TMP/old/fs/ramfs.ko" >"$OUT/fs/ramfs.ko"
diff 3 "builds: one is cut" "$TMP/old" "$OUT"
like "builds: one is cut: that is said" "$(cat "$TMP/stderr")" \
	"^btfinspect: $OUT/fs/ramfs.ko: "
like "builds: one is cut: the others are told of" "$(heads)" '^! module probe'

# --- a struct that a module has inside one of its own
# Last: its initializers have no names, and gcc 14 does not make a long of a pointer.
edit '/^struct list_head {/,/^}/s/^}/\tlong more;\n&/' "$inc/types.h"
ok "struct list_head gets larger" mini KERNELRELEASE=6.12.0 vmlinux
diff 0 "a .BTF.base of another size" --new-base "$OUT/vmlinux" \
	"$TMP/probe-own-base.ko" "$TMP/probe-own-base.ko"
like "a .BTF.base of another size: why not" "$(cat "$TMP/stdout")" \
	'^the old one does not fit the new kernel: the base has no STRUCT list_head of 16 bytes$'
diff 0 "its JSON" --json --new-base "$OUT/vmlinux" \
	"$TMP/probe-own-base.ko" "$TMP/probe-own-base.ko"
is "its JSON: why not" "$(json '"$d->{fits}: $d->{why}"')" \
	"no: the base has no STRUCT list_head of 16 bytes"

# --- usage, and what cannot be compared
for args in '' 'a' '--nosuch a b' '--old-base'; do
	# shellcheck disable=SC2086 # a list of words
	"$BTFINSPECT" diff $args >"$TMP/stdout" 2>"$TMP/stderr"
	is "'diff $args' is wrong usage" $? 2
done
diff 3 "a directory and a file" "$TMP/old" "$OUT/vmlinux"
is "a directory and a file: why" "$(cat "$TMP/stderr")" \
	"btfinspect: $OUT/vmlinux: is not a directory, but $TMP/old is"
diff 3 "a kernel and a module" --new-base "$OUT/vmlinux" "$OUT/vmlinux" "$OUT/drivers/probe.ko"
is "a kernel and a module: why" "$(cat "$TMP/stderr")" \
	"btfinspect: $OUT/vmlinux: and $OUT/drivers/probe.ko are neither two kernels nor two modules"
diff 3 "a module for a kernel" --new-base "$TMP/probe-own-base.ko" "$OUT/vmlinux" "$OUT/vmlinux"
is "a module for a kernel: why" "$(cat "$TMP/stderr")" \
	"btfinspect: $TMP/probe-own-base.ko: is a module, not a kernel"
diff 3 "a module without BTF" "$OUT/net/loop.ko" "$OUT/net/loop.ko"
is "a module without BTF: why" "$(cat "$TMP/stderr")" \
	"btfinspect: $OUT/net/loop.ko: has no BTF"
diff 3 "not there" "$TMP/nosuch" "$OUT/vmlinux"
like "not there: why" "$(cat "$TMP/stderr")" '/nosuch: cannot open'

done_testing
