#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# Style: shellcheck on all shell, and on the C the kernel's own checkpatch
#
#	lint.sh [KERNEL]	a kernel tree, for its scripts/checkpatch.pl

cd "${0%/*}/.." || exit
kernel=$1
status=0

# The names are ours: no spaces in them.
# shellcheck disable=SC2046
shellcheck -x $(git ls-files '*.sh' '*.t' .ci/run) || status=1

if [ -z "$kernel" ]; then
	echo "lint: no checkpatch without KERNEL=dir"
	exit $status
fi

# A program for the host has stdint.h's types, libelf's names, and attributes
# that the kernel has macros for; a list of words may have one twice. checkpatch's
# own helper for license tags needs a Python module, and complains without it.
not_here=PREFER_KERNEL_TYPES,CAMELCASE,PREFER_DEFINED_ATTRIBUTE_MACRO
not_here=$not_here,REPEATED_WORD
files=$(git ls-files 'tools/btfstage/*.[ch]' 'tests/differential/*.c' '*.sh')
for file in $files; do
	"$kernel/scripts/checkpatch.pl" --root="$kernel" --strict --no-summary \
		--terse --ignore "$not_here" -f "$file" 2>/dev/null || status=1
done

exit $status
