#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# Run scripts/checkpatch.pl --strict of a kernel tree on a series from patches.sh
#
#	checkpatch.sh KERNELDIR DIR

set -eu

[ $# -eq 2 ] || { echo >&2 "usage: $0 KERNELDIR DIR"; exit 2; }
kernel=$(cd -P -- "$1" && pwd -P)
dir=$(cd -P -- "$2" && pwd -P)

# checkpatch writes a cache to the current directory.
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
trap 'exit 1' HUP INT PIPE TERM
cd "$work"

# What checkpatch cannot know:
#
# CAMELCASE			libelf's names and inttypes.h's
# PREFER_DEFINED_ATTRIBUTE_MACRO  a program for the host has no __printf()
# PREFER_KERNEL_TYPES		and no u32, which checkpatch knows of tools/ only
status=0
for patch in "$dir"/00[0-9][1-9]-*.patch; do
	case $patch in
	*-btfstage-add-*)
		ignore=CAMELCASE,PREFER_DEFINED_ATTRIBUTE_MACRO,PREFER_KERNEL_TYPES ;;
	*)	ignore= ;;
	esac
	"$kernel/scripts/checkpatch.pl" --root="$kernel" --strict --terse \
		--no-summary ${ignore:+--ignore "$ignore"} "$patch" \
		>"$work/all" 2>"$work/errors" && continue
	if [ ! -s "$work/all" ]; then
		cat "$work/errors" >&2
		status=1
	else
		cat "$work/all"
		status=1
	fi
done
exit $status
