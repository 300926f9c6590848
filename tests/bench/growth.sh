#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# How the CPU time of "btfstage ko" grows with a module, and with the base
#
#	make bench BENCH=growth VMLINUX=file MODULES=dir [N=60] [ROUNDS=5]
#
# Left: N modules of all sizes against VMLINUX, and cp of them. Larger sizes are synthetic
# types, none of which are in the base, for the smallest module.
#
# Right: one module of middle size against bases of 10,000 to 200,000 types. A base has
# the module's types, and unrelated ones from grow_btf, so the same types are found in each.
# VMLINUX itself is shown beside them.
#
# Each figure is the median of ROUNDS rounds. A round takes the median of 5 runs of each
# command.
#
# BUILD/bench gets growth.modules.tsv, growth.bases.tsv and growth.svg.

# shellcheck source=tests/bench/common.sh
. "${0%/*}/common.sh"

N=${N:-60}
ROUNDS=${ROUNDS:-5}
number N "$N"
number ROUNDS "$ROUNDS"
[ "$N" -gt 1 ] || die "N=$N: one module does not grow"
if [ -z "$VMLINUX" ] || [ -z "$MODULES" ]; then
	die "needs VMLINUX=file and MODULES=dir"
fi
vmlinux=$(absolute "$VMLINUX")
dir=$(absolute "$MODULES")
[ -f "$vmlinux" ] || die "$vmlinux: no such file"
[ -d "$dir" ] || die "$dir: no such directory"
has_section "$vmlinux" .BTF || die "$vmlinux: has no .BTF"
for program in "$PAHOLE" "$BTFSTAGE" "$OBJCOPY" gnuplot; do
	have "$program" || die "$program does not run"
done

compile measure
compile grow_btf -lbpf

# From the smallest to the largest, each larger than the one before by one factor
modules "$dir" | while read -r module; do
	printf '%s %s\n' "$(stat -c %s "$dir/$module")" "$module"
done | sort -n >"$work/all"
[ "$(wc -l <"$work/all")" -gt 1 ] || die "$dir: no modules below"
awk -v n="$N" '
	{ size[NR] = $1; name[NR] = $2 }
	END {
		if (n > NR)
			n = NR
		j = 0
		for (i = 0; i < n; i++) {
			want = size[1] * exp(log(size[NR] / size[1]) * i / (n - 1))
			# Leave enough for the rest.
			for (j++; size[j] < want && NR - j > n - 1 - i; )
				j++
			print name[j]
		}
	}' "$work/all" >"$work/drawn"
nr=$(wc -l <"$work/drawn")

say "preparing $nr modules"
run "$BTFSTAGE" base -o "$work/base" "$vmlinux"
i=0
# shellcheck disable=SC2086 # PAHOLE_FLAGS
while read -r module; do
	i=$((i + 1))
	has_section "$dir/$module" .debug_info ||
		die "$dir/$module: has no debug information"
	run "$OBJCOPY" -R .BTF -R .BTF.base "$dir/$module" "$work/$i.linked.ko"
	run "$PAHOLE" -J $PAHOLE_FLAGS \
		--btf_encode_detached="$work/$i.types" "$work/$i.linked.ko"
	[ -f "$work/$i.types" ] || : >"$work/$i.types"
done <"$work/drawn"

# case_ko NAME BASE TYPES MODULE: something to measure; its count of types is
# what btfstage says of it
: >"$work/cases"
case_ko()
{
	"$BTFSTAGE" ko -v --base "$2" --types "$3" -o "$work/$1.ko" "$4" \
		>"$work/said" 2>"$work/run.log" || {
		cat "$work/run.log" >&2
		die "btfstage ko: failed for $3"
	}
	echo "$1 $(sed -n 's/.*: \([0-9]*\) types kept, \([0-9]*\) found.*/\1 \2/p' \
		"$work/said")" >>"$work/cases"
	ln -sf "$2" "$work/$1.use.base"
	ln -sf "$3" "$work/$1.use.types"
	ln -sf "$4" "$work/$1.use.ko"
}

i=0
while [ "$i" -lt "$nr" ]; do
	i=$((i + 1))
	case_ko "module-$i" "$work/base" "$work/$i.types" "$work/$i.linked.ko"
done
for types in 20000 30000 50000 70000 100000; do
	run "$work/grow_btf" "$types" "$work/grown.$types"
	case_ko "synthetic-$types" "$work/base" "$work/grown.$types" \
		"$work/1.linked.ko"
done

middle=$(((nr + 1) / 2))
for types in 10000 25000 50000 75000 100000 150000 200000; do
	run "$work/grow_btf" "$types" "$work/$types.btf" "$work/$middle.types"
	run "$BTFSTAGE" base -o "$work/$types.base" "$work/$types.btf"
	case_ko "base-$types" "$work/$types.base" "$work/$middle.types" \
		"$work/$middle.linked.ko"
done
case_ko base-vmlinux "$work/base" "$work/$middle.types" \
	"$work/$middle.linked.ko"

round=0
while [ "$round" -lt "$ROUNDS" ]; do
	round=$((round + 1))
	say "round $round of $ROUNDS"
	while read -r name _; do
		run "$work/measure" -n 5 -l "$name$tab$round" \
			-o "$work/times" "$BTFSTAGE" ko \
			--base "$work/$name.use.base" \
			--types "$work/$name.use.types" \
			-o "$work/$name.ko" "$work/$name.use.ko"
		run "$work/measure" -n 5 -l "cp-$name$tab$round" \
			-o "$work/times" cp "$work/$name.use.ko" "$work/cp.ko"
	done <"$work/cases"
done

# result NAME PREFIX: median of the rounds' medians, in ms
result()
{
	round=0
	while [ "$round" -lt "$ROUNDS" ]; do
		round=$((round + 1))
		awk -F "$tab" -v name="$2$1" -v round="$round" '
			$1 == name && $2 == round { print $3 / 1000 }
		' "$work/times" | median
	done | median
}

printf '# types\tko_ms\tcp_ms\tname\n' >"$work/modules.tsv"
printf '# types\tko_ms\tcp_ms\tname\n' >"$work/bases.tsv"
vmlinux_types=$("$work/grow_btf" 0 /dev/null "$vmlinux") || exit
while read -r name kept found; do
	types=$((kept + found))
	file=$work/modules.tsv
	title=$name
	case $name in
	module-*)
		title=$(sed -n "${name#*-}p" "$work/drawn")
		;;
	base-*)	file=$work/bases.tsv
		types=${name#*-}
		if [ "$types" = vmlinux ]; then
			types=$vmlinux_types
		fi
		;;
	esac
	printf '%s\t%.3f\t%.3f\t%s\n' "$types" "$(result "$name" '')" \
		"$(result "$name" cp-)" "$title" >>"$file"
done <"$work/cases"

middle_name=$(sed -n "${middle}p" "$work/drawn")
middle_types=$(sed -n "s/^module-$middle //p" "$work/cases" |
	awk '{ print $1 + $2 }')
run gnuplot -e "output = '$work/growth.svg'" \
	-e "modules = '$work/modules.tsv'; bases = '$work/bases.tsv'" \
	-e "middle = '${middle_name##*/}'; types = $middle_types" \
	-e "cpu = '$(machine | sed -n "s/^cpu$tab//p" | tr -d \')'" \
	"$ROOT/tests/bench/growth.gp"
mv "$work/growth.svg" "$out/growth.svg"
machine >"$out/growth.machine.tsv"
mv "$work/modules.tsv" "$out/growth.modules.tsv"
mv "$work/bases.tsv" "$out/growth.bases.tsv"

echo "$nr modules; ${middle_name##*/}, of $middle_types types, against bases of all sizes"
echo
echo '| types in the base | btfstage ko, CPU ms | cp, CPU ms |'
echo '|---|---|---|'
sed 1d "$out/growth.bases.tsv" |
	awk -F "$tab" '{
		name = $4 == "base-vmlinux" ? " (the kernel'\''s own)" : ""
		printf "| %d%s | %.2f | %.2f |\n", $1, name, $2, $3
	}'
