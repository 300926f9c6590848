#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# Cost of a build with nothing to do, in a tree of thousands of modules
#
#	make bench BENCH=noop KERNEL=dir [N=4000] [PAIRS=7] [JOBS=2]
#
# KERNEL is a built stock tree. Two copies of it get N more modules: make builds one, and
# the others are copies of its files. btfstage is applied to one copy. Then "make modules"
# runs in both in turns, and so does the modfinal step alone. A run that does anything is
# an error.
#
# BUILD/bench gets noop.tsv, the results, and noop.times.tsv.

# shellcheck source=tests/bench/common.sh
. "${0%/*}/common.sh"
# shellcheck source=tests/bench/trees.sh
. "${0%/*}/trees.sh"

N=${N:-4000}
PAIRS=${PAIRS:-7}
number N "$N"
number PAIRS "$PAIRS"

# As in a distribution's kernel
per_dir=5

# add_first TREE: drivers/many with the first module
add_first()
{
	mkdir -p "$1/drivers/many/d0"
	echo 'obj-m += many/' >>"$1/drivers/Makefile"
	echo 'obj-m += d0/' >"$1/drivers/many/Makefile"
	echo 'obj-m += many0.o' >"$1/drivers/many/d0/Makefile"
	printf '%s\n' '#include <linux/module.h>' '' 'int many0_value;' '' \
		'MODULE_DESCRIPTION("One of many");' 'MODULE_LICENSE("GPL");' \
		>"$1/drivers/many/d0/many0.c"
	# The last rule of "make modules", by itself
	# shellcheck disable=SC2016 # make's variables
	printf '%s\n' '' 'ifdef sub_make_done' 'PHONY += bench-modfinal' \
		'bench-modfinal:' \
		'	$(Q)$(MAKE) -f $(srctree)/scripts/Makefile.modfinal' \
		'endif' >>"$1/Makefile"
}

# add_others TREE: what make would leave for the others. A binary is the same
# file under another name; text speaks of the other module.
add_others()
(
	cd "$1/drivers/many" || exit
	awk -v n="$N" -v per_dir="$per_dir" 'BEGIN {
		for (i = 0; i < n; i++) {
			dir = "d" int(i / per_dir)
			if (i % per_dir == 0) {
				print "obj-m += " dir "/" >"Makefile"
				system("mkdir -p " dir)
			}
			file = dir "/Makefile"
			print "obj-m += many" i ".o" >file
			if (i % per_dir == per_dir - 1)
				close(file)
		}
	}'
	(cd d0 && find . -name '*many0*' -type f -printf '%T@ %P\n') |
		sort -n | sed 's/^[^ ]* //' >"$work/files"
	while read -r file; do
		if grep -qI . "d0/$file"; then
			awk -v n="$N" -v per_dir="$per_dir" -v name="$file" '
			{ text = text $0 "\n" }
			END {
				for (i = 1; i < n; i++) {
					dir = "d" int(i / per_dir)
					copy = text
					gsub(/many\/d0\//, "many/" dir "/", copy)
					gsub(/many0/, "many" i, copy)
					to = name
					sub(/many0/, "many" i, to)
					printf "%s", copy >(dir "/" to)
					close(dir "/" to)
				}
			}' "d0/$file"
		else
			i=1
			while [ "$i" -lt "$N" ]; do
				to=${file%%many0*}many$i${file#*many0}
				echo "ln -f d0/$file d$((i / per_dir))/$to"
				i=$((i + 1))
			done | sh -e
		fi || exit
		# In the order of their times, which make compares
		pattern=$(echo "$file" | sed 's/\./\\./g; s/many0/many[0-9]+/')
		find . -regextype posix-extended -regex ".*/$pattern" \
			-exec touch -r "d0/$file" {} + || exit
	done <"$work/files"
)

# settle TREE: until there is nothing to do
settle()
{
	for try in 1 2 3; do
		build "$1" modules
		[ "$(steps)" != 0 ] || return 0
	done
	grep '^  ' "$work/build.log" | head -n 20 >&2
	die "$1: not even the ${try}rd build has nothing to do"
}

copy_trees
for tree in stock ours; do
	say "$tree: $N more modules"
	add_first "$work/$tree"
	build "$work/$tree" modules
	add_others "$work/$tree" || die "$work/$tree: no others"
	settle "$work/$tree"
	nr=$(wc -l <"$work/$tree/modules.order")
	[ "$nr" -gt "$N" ] || die "$work/$tree: $nr modules only"
done

# pair NUMBER GOAL...: both trees, in turns
pair()
{
	number=$1
	shift
	first=stock
	second=ours
	if [ $((number % 2)) = 0 ]; then
		first=ours
		second=stock
	fi
	for tree in $first $second; do
		make_costs "$number$tab$*$tab$tree" "$work/$tree" "$@"
		[ "$(steps)" = 0 ] || die "$tree: there was something to do"
	done
}

# Not counted: the first ones
pair 1 modules
pair 1 bench-modfinal
rm -f "$work/times"
i=0
while [ "$i" -lt "$PAIRS" ]; do
	i=$((i + 1))
	say "pair $i of $PAIRS"
	pair "$i" bench-modfinal
	pair "$i" modules
done

# of GOAL TREE FIELD: CPU time (4) or elapsed (5) in ms, all pairs
of()
{
	awk -F "$tab" -v goal="$1" -v tree="$2" -v field="$3" '
		$2 == goal && $3 == tree { print $field / 1000 }' "$work/times"
}

# ratios GOAL FIELD: one for each pair
ratios()
{
	of "$1" stock "$2" >"$work/a"
	of "$1" ours "$2" >"$work/b"
	paste "$work/a" "$work/b" | awk '{ print $2 / $1 }'
}

{
	machine
	printf 'source\t%s\n' "$kernel"
	printf 'release\t%s\n' "$(make -s -C "$work/stock" kernelversion)"
	printf 'nr_modules\t%s\n' "$nr"
	printf 'pairs\t%s\n' "$PAIRS"
	printf 'jobs\t%s\n' "$JOBS"
	for goal in bench-modfinal modules; do
		name=${goal#bench-}
		for tree in stock ours; do
			printf '%s_%s_cpu_ms\t%s\n' "$name" "$tree" \
				"$(of "$goal" "$tree" 4 | median)"
			printf '%s_%s_wall_ms\t%s\n' "$name" "$tree" \
				"$(of "$goal" "$tree" 5 | median)"
		done
		printf '%s_ratio\t%s\n' "$name" "$(ratios "$goal" 4 | median)"
		printf '%s_ratio_min\t%s\n' "$name" \
			"$(ratios "$goal" 4 | sort -g | head -n 1)"
		printf '%s_ratio_max\t%s\n' "$name" \
			"$(ratios "$goal" 4 | sort -g | tail -n 1)"
	done
} >"$work/results"
mv "$work/times" "$out/noop.times.tsv"
mv "$work/results" "$out/noop.tsv"

awk -F "$tab" '
	{ v[$1] = $2 }
	function row(text, name)
	{
		printf "| %s | %.2f s | %.2f s | %.3f | %.3f .. %.3f ", text,
			v[name "_stock_cpu_ms"] / 1000,
			v[name "_ours_cpu_ms"] / 1000, v[name "_ratio"],
			v[name "_ratio_min"], v[name "_ratio_max"]
		printf "| <= 1.05 | %s |\n",
			v[name "_ratio"] <= 1.05 ? "met" : "missed"
	}
	END {
		printf "Linux %s, %d modules, %d pairs, %s, %s\n\n", v["release"],
			v["nr_modules"], v["pairs"], v["cpu"], v["make"]
		print "| nothing to do, CPU time | stock | ours | ratio | pairs | target | |"
		print "|---|---|---|---|---|---|---|"
		row("make modules", "modules")
		row("modfinal alone", "modfinal")
	}' "$out/noop.tsv"
