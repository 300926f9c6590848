# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh disable=SC2154 # variables of common.sh
#
# Two built copies of the kernel tree KERNEL, to measure "make" in them: $work/stock
# unchanged, and $work/ours with btfstage applied
#
#	. "${0%/*}/common.sh"
#	. "${0%/*}/trees.sh"

JOBS=${JOBS:-2}
number JOBS "$JOBS"
[ -n "$KERNEL" ] || die "needs KERNEL=dir, a built kernel tree"
kernel=$(cd "$(absolute "$KERNEL")" && pwd -P) || die "$KERNEL: no such directory"
[ -f "$kernel/vmlinux" ] || die "$kernel: has no vmlinux, build it first"
[ -f "$kernel/modules.order" ] ||
	die "$kernel: has no modules.order, build it first"
[ ! -e "$kernel/.btfstage" ] ||
	die "$kernel: btfstage is applied; this needs a stock tree"
grep -q '^CONFIG_DEBUG_INFO_BTF_MODULES=y' "$kernel/.config" ||
	die "$kernel: CONFIG_DEBUG_INFO_BTF_MODULES is not set"

# The builds must not see the benchmark's variables.
for name in BUILD KERNEL MODULES N PAHOLE_FLAGS VMLINUX; do
	eval "value=\$$name; unset $name; $name=\$value"
done

# The number of a build is part of a type of vmlinux, see docs/rebuild.md.
export KBUILD_BUILD_VERSION=1

# build TREE GOAL...
build()
{
	build_tree=$1
	shift
	make --no-print-directory -C "$build_tree" -j"$JOBS" "$@" \
		>"$work/build.log" 2>&1 && return
	tail -n 30 "$work/build.log" >&2
	die "failed: make -C $build_tree $*"
}

# make_costs LABEL TREE GOAL...: "label, CPU time, elapsed time" to $work/times
make_costs()
{
	costs_label=$1
	costs_tree=$2
	shift 2
	"$work/measure" -l "$costs_label" -o "$work/times" \
		make --no-print-directory -C "$costs_tree" -j"$JOBS" "$@" \
		>"$work/build.log" 2>&1 && return
	tail -n 30 "$work/build.log" >&2
	die "failed: make -C $costs_tree $*"
}

# steps: how many the last build ran
steps()
{
	grep -c -e '^  CC ' -e '^  LD ' -e '^  PAHOLE ' -e '^  BTF ' \
		-e '^  BTFBASE ' -e '^  AR ' "$work/build.log"
}

# Programs of the kernel's tools/ save commands with the directory in them. One
# that is made again, such as objtool, has all of the kernel made again.
move_tools()
{
	old=$(printf '%s\n' "$kernel/" | sed 's/[][\\.*^$|]/\\&/g')
	new=$(printf '%s\n' "$1/" | sed 's/[\\&|]/\\&/g')
	find "$1/tools" -name '.*.cmd' -type f -exec sed -i "s|$old|$new|g" {} +
}

copy_trees()
{
	for tree in stock ours; do
		say "copying $kernel to $tree"
		mkdir "$work/$tree"
		run cp -a --reflink=auto "$kernel/." "$work/$tree"
		move_tools "$work/$tree"
	done
	run "$ROOT/tools/apply/apply.sh" apply "$work/ours"
}

compile measure
