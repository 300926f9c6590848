#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# A step that fails: the build fails, with one message, and the old module stays.

# shellcheck source=tests/lib.sh
. "${0%/*}/../lib.sh"

failing_program pahole "$(command -v pahole)"
failing_program ld "$(command -v ld)"
fakes="PAHOLE=$TMP/pahole LD=$TMP/ld"

# shellcheck disable=SC2086 # two words
mini_first $fakes
cp "$OUT/scripts/btfstage/btfstage" "$TMP/btfstage.real"
failing_program btfstage "$TMP/btfstage.real"
cp "$TMP/btfstage" "$OUT/scripts/btfstage/btfstage"
build()
{
	# shellcheck disable=SC2086
	mini $fakes
}
ok "builds with programs that can fail" build
before=$(mini_sums)

failing()
{
	echo "$3" >"$2"
	touch "$SRC/examples/mini/fs/ramfs.c"
	fails "$1 fails: the build fails" build
	is "$1 fails: one line from it" "$(grep -c 'on purpose' "$LOG")" 1
	is "$1 fails: and one from each make" \
		"$(grep -Evc '^  |on purpose|Nothing to be done' "$LOG")" \
		"$(grep -c '^make.*\*\*\*' "$LOG")"
	is "$1 fails: the modules are the old ones" "$(mini_sums)" "$before"
	fails "$1 fails: the build fails again" build
	# shellcheck disable=SC2086
	fails "$1 fails: with -k, too" mini $fakes -k
	is "$1 fails: the modules are still the old ones" \
		"$(mini_sums)" "$before"
	rm "$2"
	ok "$1 works again: builds" build
	is "$1 works again: what was finished before stays" \
		"$(steps | cut -d' ' -f1 | xargs)" "$4"
	is "$1 works again: the modules are the same" "$(mini_sums)" "$before"
	is "$1 works again: nothing is left behind" \
		"$(find "$OUT" -name '.tmp_*' ! -name .tmp_vmlinux.btf)" ""
	build
	is "$1 works again: then nothing more" "$(steps)" ""
}

failing ld "$TMP/ld.fail" fs/.tmp_ramfs.no-btf.ko "BTF LD PAHOLE"
failing pahole "$TMP/pahole.fail" fs/ramfs.no-btf.ko "BTF PAHOLE"
failing btfstage "$OUT/scripts/btfstage/btfstage.fail" "-o fs/ramfs.ko" BTF

# --- vmlinux's types can not be encoded
vmlinux_failing()
{
	echo .tmp_vmlinux.btf >"$TMP/$1.fail"
	touch "$SRC/examples/mini/kernel/mm.c"
	fails "$1 fails for vmlinux: the build fails" build
	is "$1 fails for vmlinux: it says so" "$(grep -v '^  ' "$LOG" |
		grep -vc '^make')" 2
	like "$1 fails for vmlinux: in kbuild's words" "$(cat "$LOG")" \
		'^Failed to generate BTF for vmlinux$'
	is "$1 fails for vmlinux: the modules are the old ones" \
		"$(mini_sums)" "$before"
	rm "$TMP/$1.fail"
	ok "$1 works for vmlinux again: builds" build
	is "$1 works for vmlinux again: no step for modules" "$(steps)" ""
	is "$1 works for vmlinux again: the modules are the same" \
		"$(mini_sums)" "$before"
}
vmlinux_failing pahole
vmlinux_failing ld

done_testing
