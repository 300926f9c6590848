#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# Cost of a module's types, with stock kbuild's commands and with ours
#
#	make bench VMLINUX=file MODULES=dir [N=60] [SEED=1] [ROUNDS=5]
#	make bench KERNEL=dir [...]
#
# In the second form, KERNEL is a built tree from 7.0 on. It has vmlinux, the modules, and
# the flags for pahole. Stock's command is scripts/gen-btf.sh, for which only the memory of
# the shell is measured.
#
# Draw N of the modules below MODULES, which need debug information, by SEED. Restore their
# state after the link: no .BTF, and .BTF_ids not filled in. In each round, run one command
# after the other for all of them, on the files of the previous round:
#
#	stock	pahole -J --btf_base VMLINUX, and resolve_btfids, on a copy
#		(making the copy is not counted)
#	encode	pahole -J --btf_encode_detached, and with KERNEL, for modules with
#		kfuncs, resolve_btfids --btf
#	ko	btfstage ko
#	cp	cp, the least that writing a file takes
#	base	btfstage base, which writes its file
#	again	the same, with the file up to date
#
# CPU time is user and system time of the whole process; a module's is the mean
# over the round. Results are medians of the rounds. An extra first round measures
# memory.
#
# BUILD/bench gets the results, ko.tsv, and the measurements, ko.times.tsv and
# ko.memory.tsv. Also from the environment: PAHOLE, PAHOLE_FLAGS, RESOLVE_BTFIDS, BTFSTAGE.

# shellcheck source=tests/bench/common.sh
. "${0%/*}/common.sh"

N=${N:-60}
ROUNDS=${ROUNDS:-5}
number N "$N"
number ROUNDS "$ROUNDS"
number SEED "$SEED"
own_flags=$PAHOLE_FLAGS
gen_btf=
if [ -z "$VMLINUX" ] && [ -n "$KERNEL" ]; then
	KERNEL=$(absolute "$KERNEL")
	VMLINUX=$KERNEL/vmlinux
	MODULES=$KERNEL
	gen_btf=$KERNEL/scripts/gen-btf.sh
	[ -f "$gen_btf" ] || die "$gen_btf: no such file"
	RESOLVE_BTFIDS=$KERNEL/tools/bpf/resolve_btfids/resolve_btfids
	PAHOLE_FLAGS=$(make -s --no-print-directory -C "$KERNEL" -f - print <<-'END'
	include Makefile
	print: ; @echo $(PAHOLE_FLAGS)
	END
	) || die "$KERNEL: its flags for pahole cannot be found out"
	own_flags=$(echo "$PAHOLE_FLAGS" |
		sed -E 's/(^| )-j[0-9]*//g; s/(^| )--btf_features=layout//')
	export PAHOLE PAHOLE_FLAGS RESOLVE_BTFIDS OBJCOPY
fi
if [ -z "$VMLINUX" ] || [ -z "$MODULES" ]; then
	die "needs VMLINUX=file and MODULES=dir, or KERNEL=dir"
fi
vmlinux=$(absolute "$VMLINUX")
dir=$(absolute "$MODULES")
[ -f "$vmlinux" ] || die "$vmlinux: no such file"
[ -d "$dir" ] || die "$dir: no such directory"
has_section "$vmlinux" .BTF || die "$vmlinux: has no .BTF"
for program in "$PAHOLE" "$BTFSTAGE" "$OBJCOPY"; do
	have "$program" || die "$program does not run"
done

compile measure
compile unfill_ids -lelf
modules "$dir" >"$work/all"
draw "$N" "$SEED" <"$work/all" >"$work/drawn"
nr=$(wc -l <"$work/drawn")
[ "$nr" -gt 0 ] || die "$dir: no modules below"

say "preparing $nr of $(wc -l <"$work/all") modules"
i=0
while read -r module; do
	i=$((i + 1))
	has_section "$dir/$module" .debug_info ||
		die "$dir/$module: has no debug information"
	run "$OBJCOPY" -R .BTF -R .BTF.base "$dir/$module" "$work/$i.linked.ko"
	run "$work/unfill_ids" "$work/$i.linked.ko"
done <"$work/drawn"

if [ -z "$RESOLVE_BTFIDS" ]; then
	release=$("$OBJCOPY" -O binary --only-section=.modinfo \
		"$work/1.linked.ko" /dev/stdout | tr '\0' '\n' |
		sed -n 's/^vermagic=\([0-9]*\.[0-9]*\).*/\1/p')
	RESOLVE_BTFIDS=$(BUILD="$BUILD" \
		"$ROOT/tests/bench/resolve_btfids.sh" "$release") ||
		exit
fi

base=$work/base
times=$work/times
memory=$work/memory

# measured NAME NUMBER COMMAND...: a round's one command for a module
measured()
{
	measured_label=$1$tab$2
	shift 2
	if [ "$round" -gt 0 ]; then
		run "$work/measure" -l "$round$tab$measured_label" \
			-o "$times" "$@"
	elif [ -f "$base" ]; then
		run "$work/measure" -m -s "$vmlinux" -s "$base" \
			-l "$measured_label" -o "$memory" "$@"
	else
		run "$work/measure" -m -s "$vmlinux" \
			-l "$measured_label" -o "$memory" "$@"
	fi
}

# step NAME NUMBER
# shellcheck disable=SC2086 # flags
step()
{
	m=$work/$2
	case $1 in
	stock)
		run cp "$m.linked.ko" "$m.stock.ko"
		if [ -n "$gen_btf" ]; then
			measured stock "$2" sh "$gen_btf" \
				--btf_base "$vmlinux" "$m.stock.ko"
			return
		fi
		measured stock "$2" "$PAHOLE" -J $PAHOLE_FLAGS \
			--btf_base "$vmlinux" "$m.stock.ko"
		measured stock "$2" "$RESOLVE_BTFIDS" -b "$vmlinux" \
			"$m.stock.ko"
		;;
	encode)
		rm -f "$m.types"
		measured encode "$2" "$PAHOLE" -J $own_flags \
			--btf_encode_detached="$m.types" "$m.linked.ko"
		# pahole writes no file when there are no types.
		[ -f "$m.types" ] || : >"$m.types"
		if [ -n "$gen_btf" ] && "$READELF" -sW "$m.linked.ko" |
		   grep -q __BTF_ID__set8__; then
			measured encode "$2" "$RESOLVE_BTFIDS" \
				--btf "$m.types" "$m.linked.ko"
			run mv "$m.linked.ko.BTF" "$m.types"
			rm -f "$m.linked.ko.BTF_ids"
		fi
		;;
	ko)	measured ko "$2" "$BTFSTAGE" ko --base "$base" \
			--types "$m.types" -o "$m.ko" "$m.linked.ko" ;;
	cp)	measured cp "$2" cp "$m.linked.ko" "$m.cp.ko" ;;
	esac
}

round=0
while [ "$round" -le "$ROUNDS" ]; do
	if [ "$round" -gt 0 ]; then
		say "round $round of $ROUNDS"
	else
		say "memory"
	fi
	for i in 1 2 3 4 5; do
		rm -f "$base"
		measured base "$i" "$BTFSTAGE" base -o "$base" "$vmlinux"
		measured again "$i" "$BTFSTAGE" base -o "$base" "$vmlinux"
	done
	for name in stock encode ko cp; do
		i=0
		while [ "$i" -lt "$nr" ]; do
			i=$((i + 1))
			step "$name" "$i"
		done
	done
	round=$((round + 1))
done

# All of them got what was measured?
i=0
while read -r module; do
	i=$((i + 1))
	printf '%s\t%s\t%s\t%s\n' "$i" "$module" \
		"$(stat -c %s "$work/$i.linked.ko")" \
		"$(stat -c %s "$work/$i.types")" >>"$work/modules"
	[ -s "$work/$i.types" ] || continue
	has_section "$work/$i.stock.ko" .BTF || die "$module: no types from pahole"
	has_section "$work/$i.ko" .BTF || die "$module: no types from btfstage"
done <"$work/drawn"

{
	machine
	printf 'resolve_btfids\t%s\n' "$RESOLVE_BTFIDS"
	printf 'gen_btf\t%s\n' "$gen_btf"
	printf 'pahole_flags\t%s\n' "$PAHOLE_FLAGS"
	printf 'source\t%s\n' "${SOURCE:-$vmlinux, $dir}"
	printf 'nr_modules\t%s\n' "$nr"
	printf 'seed\t%s\n' "$SEED"
	printf 'rounds\t%s\n' "$ROUNDS"
	awk -f "$ROOT/tests/bench/ko.awk" "$work/modules" "$memory" "$times"
} >"$work/results" || exit

mv "$times" "$out/ko.times.tsv"
mv "$memory" "$out/ko.memory.tsv"
mv "$work/modules" "$out/ko.modules.tsv"
mv "$work/results" "$out/ko.tsv"
awk -F "$tab" -f "$ROOT/tests/bench/ko_table.awk" "$out/ko.tsv"
