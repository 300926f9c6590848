#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# Contents of a module: the unchanged linked module, .BTF, and .BTF_ids with the right ids.

# shellcheck disable=SC2119 # mini_first needs no argument
# shellcheck source=tests/lib.sh
. "${0%/*}/../lib.sh"

need bpftool readelf
mini_first

# --- every module: .BTF and nothing else is new
sections()
{
	readelf -SW "$1" | sed -n 's/^  \[ *[0-9]*\] \([^ ]*\) .*/\1/p'
}
contents()
{
	for s in $(sections "$1" | grep -Ev '^\.(BTF|BTF_ids|shstrtab|rel.*|symtab|strtab)$' |
		   sort -u); do
		echo "$s $(section_hex "$1" "$s" | cksum)"
	done
}
for m in $(mini_modules); do
	like "$m: readelf lists sections" "$(sections "$OUT/$m.ko")" '^\.BTF$'
	is "$m: one section more, .BTF" \
		"$(sections "$OUT/$m.ko" | grep -vx '\.BTF')" \
		"$(sections "$OUT/$m.no-btf.ko")"
	is "$m: the contents of the others" "$(contents "$OUT/$m.ko")" \
		"$(contents "$OUT/$m.no-btf.ko")"
	like "$m: readelf lists symbols" "$(readelf -sW "$OUT/$m.ko")" \
		' __this_module$'
	is "$m: symbols" "$(readelf -sW "$OUT/$m.ko")" \
		"$(readelf -sW "$OUT/$m.no-btf.ko")"
	is "$m: relocations" "$(readelf -rW "$OUT/$m.ko" | grep -v offset)" \
		"$(readelf -rW "$OUT/$m.no-btf.ko" | grep -v offset)"
	is "$m: mode" "$(stat -c %a "$OUT/$m.ko")" \
		"$(stat -c %a "$OUT/$m.no-btf.ko")"
	is "$m: readelf finds no fault" \
		"$(elf_faults "$OUT/$m.ko")" ""
done

# Another umask at another time: the mode comes from the linked module.
chmod 600 "$OUT/fs/ramfs.no-btf.ko"
rm "$OUT/fs/ramfs.ko"
mini
is "mode of an unusual linked module" "$(stat -c %a "$OUT/fs/ramfs.ko")" 600

# --- what bpftool sees
own()
{
	mini_types "$1" | sed -n "s/^\[\([0-9]*\)] \($2\)\( .*\)*\$/\2/p"
}
like "ramfs: a struct of its own" "$(own fs/ramfs "STRUCT 'ramfs_info'")" .
is "ramfs: vmlinux's are not repeated" "$(own fs/ramfs "STRUCT 'inode'")" ""
like "clash: its own device_stats" \
	"$(mini_types drivers/clash)" "^\[[0-9]+] STRUCT 'device_stats' size=40 vlen=3"
like "clash: its own task_state" \
	"$(mini_types drivers/clash)" "^\[[0-9]+] ENUM 'task_state' .*vlen=2"
is "clash: but vmlinux's kuid_t" "$(own drivers/clash "TYPEDEF 'kuid_t'")" ""
is "remote: vmlinux's struct for a declaration" \
	"$(own drivers/remote "FWD 'net_device'")" ""
like "remote: nobody has a definition" \
	"$(own drivers/remote "FWD 'remote_secret'")" .
is "loop: a struct that other objects only declare" \
	"$(own net/loop "(FWD|STRUCT) 'loop_stats'")" ""
is "loop: is there once, defined" "$(mini_types net/loop |
	grep -Ec "^\[[0-9]+] (STRUCT|FWD) 'loop_stats'")" 1
is "counter: per-CPU variables" "$(mini_types lib/counter |
	sed -n "s/.*(VAR '\(.*\)').*/\1/p" | sort | tr '\n' ' ')" \
	"counter_batch counter_flags counters "

# --- no types
is "plain: has debug information" "$(readelf -SW "$OUT/lib/plain.ko" |
	grep -c ' \.debug_info ')" 1
is "plain: pahole found nothing" "$(stat -c %s "$OUT/lib/plain.no-btf.ko.btf")" 0
is "plain: .BTF is a header alone" "$(section_hex "$OUT/lib/plain.ko" .BTF)" \
	"$(printf '%s' 9feb 01 00 18000000 00000000 00000000 00000000 00000000)"

# --- .BTF_ids
# ids_at MODULE SYMBOL BYTES: decimal words at a symbol in .BTF_ids
ids_at()
{
	start=$(readelf -sW "$OUT/$1.ko" | awk -v s="$2" '$8 == s { print $2 }')
	section_hex "$OUT/$1.ko" .BTF_ids >/dev/null &&
	od -An -v -td4 -w4 -j $((0x$start)) -N "$3" "$TMP/section" |
		tr -d ' ' | tr '\n' ' '
}

want=
for t in "STRUCT task" "STRUCT idset_entry" "UNION sigval" \
	 "UNION idset_value" "TYPEDEF pid_t" "TYPEDEF idset_value_t" \
	 "FUNC task_put" "FUNC idset_find"; do
	id=$(mini_type_id fs/idset "${t% *}" "${t#* }")
	ok "idset: there is a type $t" test -n "$id"
	want="$want$id "
done
is "idset: the list has these numbers" "$(ids_at fs/idset idset_ids 32)" "$want"

want=$(for f in idset_find schedule idset_add alloc_page; do
	mini_type_id fs/idset FUNC $f
done | sort -n | tr '\n' ' ')
is "idset: the set is counted and sorted" \
	"$(ids_at fs/idset idset_allowed 20)" "4 $want"

want=$(mini_probe_set8)
is "probe: the set8 is counted and sorted, its flags too" \
	"$(ids_at drivers/probe probe_kfuncs 48)" "$want"
is "probe: five different functions" "$(echo "$want" | tr -s ' ' '\n' |
	awk 'NR > 2 && NR % 2 { print $1 }' | sort -u | grep -c .)" 5

# A second time gives the same: the linked module is not what is sorted.
before=$(ids_at drivers/probe probe_kfuncs 48)
touch "$OUT/scripts/btfstage/btfstage"
mini
is "probe: the same when staged again" \
	"$(ids_at drivers/probe probe_kfuncs 48)" "$before"

# --- a name without a type
echo '
#include <mini/btf_ids.h>
BTF_ID_LIST(lost_ids)
BTF_ID(struct, no_such_struct)' >>"$SRC/examples/mini/fs/ramfs.c"
ok "a name that is nobody's: builds" mini
like "a name that is nobody's: a warning" "$(cat "$LOG")" \
	'^btfstage: .*ramfs.*: warning: .*no_such_struct'
is "a name that is nobody's: number 0" "$(ids_at fs/ramfs lost_ids 4)" "0 "

done_testing
