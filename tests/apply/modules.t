#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# Scripts that search a built tree for modules find each module once, and nothing else.
# The tree is the mini kernel's, the scripts are from real releases.

# shellcheck disable=SC2016 # text for make and bash in single quotes
# shellcheck disable=SC2154 # variables of tree.sh
# shellcheck source=/dev/null
. "${0%/*}/tree.sh"

need bash perl readelf addr2line

mini_first
mini_modules | sed 's/$/.ko/' | sort >"$TMP/modules"

test_release()
{
	tree="$TMP/linux $1"
	if ! tree_get "$1" "$tree" scripts/checkstack.pl \
		scripts/decode_stacktrace.sh; then
		skip "$1" "linux-source-$1 is not installed"
		return
	fi
	ok "$1: apply" "$apply" apply "$tree"

	# make checkstack, with a disassembler that says which files it gets
	sed -n '/^checkstack:/,/^$/p' "$tree/Makefile" >"$TMP/checkstack.mk"
	is "$1: checkstack: each module once" \
		"$(cd "$OUT" && make -sf "$TMP/checkstack.mk" OBJDUMP=echo PERL='cat;:' |
		   tr ' ' '\n' | sed -n 's,^\./,,p' | sort)" "$(cat "$TMP/modules")"

	# decode_stacktrace.sh: what it finds of each module, and what it makes of a line
	find=$(sed -n 's/.*\$(\(find .*-name "\${module.*"\)).*/\1/p' \
		"$tree/scripts/decode_stacktrace.sh")
	is "$1: decode_stacktrace.sh: each module once" \
		"$(cd "$OUT" && for m in $(mini_modules); do
			dir=. modpath=. module=${m##*/} bash -c "$find"
		   done | sed 's,^\./,,' | sort)" "$(cat "$TMP/modules")"
	(cd "$OUT" && echo "[    1.000000] probe_hit+0x0/0x10 [probe]" |
		bash "$tree/scripts/decode_stacktrace.sh" vmlinux . .) \
		>"$TMP/stdout" 2>"$TMP/stderr"
	like "$1: decode_stacktrace.sh: finds the line" "$(cat "$TMP/stdout")" \
		'probe_hit.*\(.*probe\.c:[0-9]+\).*probe'
	is "$1: decode_stacktrace.sh: complains of nothing" "$(cat "$TMP/stderr")" ''

	# Without the edit, checkstack finds both: the test can fail
	sed -n '/^checkstack:/,/^$/p' "$unpacked/Makefile" >"$TMP/checkstack.mk"
	like "$1: checkstack as it was: sees the linked ones" \
		"$(cd "$OUT" && make -sf "$TMP/checkstack.mk" OBJDUMP=echo PERL='cat;:')" \
		'/probe\.no-btf\.ko'
}

for release in 6.1 6.12 7.2 7.3; do
	test_release $release
done
done_testing
