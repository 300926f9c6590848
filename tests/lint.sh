#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# Static checks: shellcheck on shell; on C clang-tidy (see .clang-tidy), gcc's analyzer
# and the kernel's checkpatch
#
#	lint.sh [KERNEL]	a kernel tree, for its scripts/checkpatch.pl

cd "${0%/*}/.." || exit
kernel=$1
status=0

# Our file names have no spaces.
# shellcheck disable=SC2046
shellcheck -x $(git ls-files '*.sh' '*.t' .ci/run) || status=1

# each NAME COMMAND...: run the command on each C file, in parallel. With several files,
# clang-tidy 14 reports errors that do not exist.
flags='-std=gnu11 -D_GNU_SOURCE -D_FILE_OFFSET_BITS=64'
# tests include headers by their names alone
for room in tools/btfstage/*/ tools/btfinspect/*/; do
	flags="$flags -I${room%/}"
done
each()
{
	each_name=$1
	shift
	# distill_compare.c only compiles with a kernel tree's libbpf.
	git ls-files 'tools/*.c' 'tests/unit/*.c' \
		'tests/differential/*.c' \
		':!tests/differential/distill_compare.c' |
	xargs -P "$(nproc)" -n 1 "$@" >"$log" 2>&1 && return
	echo "lint: $each_name has found:"
	cat "$log"
	status=1
}

log=$(mktemp) || exit
trap 'rm -f "$log"' EXIT
# The rest of its output counts warnings in system headers.
# shellcheck disable=SC2016 # for the inner shell
each clang-tidy sh -c '
	clang-tidy --quiet "$2" -- $1 2>/dev/null' clang-tidy "$flags"

# Its search for leaks loses track of nested structs. LeakSanitizer finds leaks while the
# tests run.
# shellcheck disable=SC2016
each "gcc -fanalyzer" sh -c '
	gcc $1 -O2 -Wall -Wextra -Werror -fanalyzer -Wno-analyzer-malloc-leak \
		-c -o /dev/null "$2"' gcc "$flags"

if [ -z "$kernel" ]; then
	echo "lint: no checkpatch without KERNEL=dir"
	exit $status
fi

# A program for the host uses types of stdint.h, names of libelf, and attributes for which
# the kernel has macros; a list of words can have one twice. checkpatch's helper for license
# tags needs a Python module.
not_here=PREFER_KERNEL_TYPES,CAMELCASE,PREFER_DEFINED_ATTRIBUTE_MACRO
not_here=$not_here,REPEATED_WORD
files=$(git ls-files 'tools/*.[ch]' 'tests/differential/*.c' \
	'tests/bench/*.c' '*.sh')
for file in $files; do
	"$kernel/scripts/checkpatch.pl" --root="$kernel" --strict --no-summary \
		--terse --ignore "$not_here" -f "$file" 2>/dev/null || status=1
done

exit $status
