#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# Measure the tables of docs/speed.md
#
#	make bench BENCH=docs VMLINUX=file MODULES=dir KERNEL=dir
#
# Runs ko, growth, noop and vmlinux with their defaults. Then replaces the tables between
# the marks in docs/speed.md, and the picture beside it.

# shellcheck source=tests/bench/common.sh
. "${0%/*}/common.sh"

if [ -z "$VMLINUX" ] || [ -z "$MODULES" ] || [ -z "$KERNEL" ]; then
	die "needs VMLINUX=file, MODULES=dir and KERNEL=dir"
fi
export BUILD
for name in ko growth noop vmlinux; do
	say "$name"
	"$ROOT/tests/bench/$name.sh" >"$work/$name.md" || exit
	cat "$work/$name.md"
done

# Replace what is between "<!-- NAME -->" and "<!-- end -->", for the names above.
doc=$ROOT/docs/speed.md
awk -v dir="$work" '
	/^<!-- end -->$/ { skip = 0 }
	!skip
	/^<!-- (ko|growth|noop|vmlinux) -->$/ {
		file = dir "/" $2 ".md"
		while ((status = (getline line <file)) > 0)
			print line
		if (status < 0) {
			print "docs.sh: nothing for " $2 >"/dev/stderr"
			exit 1
		}
		skip = 1
	}' "$doc" >"$work/speed.md" || exit
cat "$work/speed.md" >"$doc"
cp "$out/growth.svg" "$ROOT/docs"
say "docs/speed.md is new"
