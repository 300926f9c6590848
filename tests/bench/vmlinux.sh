#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# Cost of a build after an edit that changes vmlinux's types
#
#	make bench BENCH=vmlinux KERNEL=dir [ROUNDS=3] [JOBS=2]
#
# KERNEL is a built stock tree. In two copies of it, one with btfstage applied, a struct in
# a source file of vmlinux gets one more member, so little is compiled and all modules get
# BTF again. "make modules" is measured in turns, and then again in two parts, "make
# vmlinux" and "make modules". Each edit adds a member of another name.
#
# BUILD/bench gets vmlinux.tsv, the results, and vmlinux.times.tsv.

# shellcheck source=tests/bench/common.sh
. "${0%/*}/common.sh"
# shellcheck source=tests/bench/trees.sh
. "${0%/*}/trees.sh"

ROUNDS=${ROUNDS:-3}
number ROUNDS "$ROUNDS"

# A struct of all releases that no header knows
source=kernel/kthread.c
struct='struct kthread {'

# edit TREE NUMBER
edit()
{
	edit_file=$work/$1/$source
	grep -qx "$struct" "$edit_file" || die "$edit_file: has no $struct"
	sed -i "s/^$struct\$/&\\n\\tint bench_$2;/" "$edit_file"
}

# all_staged TREE: the last build gave all modules BTF
all_staged()
{
	nr=$(wc -l <"$work/$1/modules.order")
	[ "$(grep -c '^  BTF \[M\] ' "$work/build.log")" = "$nr" ] ||
		die "$1: not all of $nr modules got BTF"
}

copy_trees
for tree in stock ours; do
	say "$tree: first build"
	build "$work/$tree" modules
done

edits=0
round=0
while [ "$round" -lt "$ROUNDS" ]; do
	round=$((round + 1))
	say "round $round of $ROUNDS"
	turns='stock ours'
	[ $((round % 2)) = 1 ] || turns='ours stock'
	edits=$((edits + 1))
	for tree in $turns; do
		edit "$tree" "$edits"
		make_costs "all$tab$tree" "$work/$tree" modules
		all_staged "$tree"
	done
	edits=$((edits + 1))
	for tree in $turns; do
		edit "$tree" "$edits"
		make_costs "vmlinux$tab$tree" "$work/$tree" vmlinux
		make_costs "modules$tab$tree" "$work/$tree" modules
		all_staged "$tree"
	done
done

# of PART TREE FIELD: median of CPU time (3) or elapsed time (4) in ms
of()
{
	awk -F "$tab" -v part="$1" -v tree="$2" -v field="$3" '
		$1 == part && $2 == tree { print $field / 1000 }' "$work/times" |
		median
}

{
	machine
	printf 'source\t%s\n' "$kernel"
	printf 'release\t%s\n' "$(make -s -C "$work/stock" kernelversion)"
	printf 'nr_modules\t%s\n' "$nr"
	printf 'rounds\t%s\n' "$ROUNDS"
	printf 'jobs\t%s\n' "$JOBS"
	for part in all vmlinux modules; do
		for tree in stock ours; do
			printf '%s_%s_cpu_ms\t%s\n' "$part" "$tree" \
				"$(of "$part" "$tree" 3)"
			printf '%s_%s_wall_ms\t%s\n' "$part" "$tree" \
				"$(of "$part" "$tree" 4)"
		done
	done
} >"$work/results"
mv "$work/times" "$out/vmlinux.times.tsv"
mv "$work/results" "$out/vmlinux.tsv"

awk -F "$tab" '
	{ v[$1] = $2 }
	function row(text, part)
	{
		printf "| %s | %.1f s | %.1f s | %.2f | %.1f s | %.1f s | %.2f |\n",
			text, v[part "_stock_wall_ms"] / 1000,
			v[part "_ours_wall_ms"] / 1000,
			v[part "_stock_wall_ms"] / v[part "_ours_wall_ms"],
			v[part "_stock_cpu_ms"] / 1000,
			v[part "_ours_cpu_ms"] / 1000,
			v[part "_stock_cpu_ms"] / v[part "_ours_cpu_ms"]
	}
	END {
		printf "Linux %s, %d modules, %d rounds, -j%d, %s\n\n", v["release"],
			v["nr_modules"], v["rounds"], v["jobs"], v["cpu"]
		print "| | stock, elapsed | ours | ratio | stock, CPU | ours | ratio |"
		print "|---|---|---|---|---|---|---|"
		row("make modules, all of it", "all")
		row("in two parts: make vmlinux", "vmlinux")
		row("then make modules", "modules")
	}' "$out/vmlinux.tsv"
