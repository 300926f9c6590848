#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# Builds with nothing to do start no process; "make -n" and "make -q" touch nothing.

# shellcheck disable=SC2119 # mini_first needs no argument
# shellcheck source=tests/lib.sh
. "${0%/*}/../lib.sh"

mini_first
all=$(mini_modules)

# programs: those that are run from the last step on
programs()
{
	strace -f -qq -s 1000 -e trace=execve -e signal=none -o "$TMP/strace" \
		make --no-print-directory -C "$SRC/examples/mini" O="$OUT" \
		>"$LOG" 2>&1
	sed -n '/Makefile\.modfinal/,$p' "$TMP/strace" | sed 1d |
		grep -v ENOENT | sed 's/^[0-9]* *//; s/, 0x[0-9a-f]* .*//'
}

# no_process NAME
no_process()
{
	is "$1: no process" "$(programs)" ""
	ok "$1: the last step was looked at" \
		grep -q "execve(.*Makefile\.modfinal" "$TMP/strace"
	is "$1: and nothing done" "$(cat "$LOG")" ""
}

if strace -qq -f -o /dev/null true 2>/dev/null; then
	no_process "after the first build"
	touch "$SRC/examples/mini/kernel/mm.c"
	mini
	is "vmlinux with the same types: no step for modules" "$(steps)" ""
	no_process "vmlinux with the same types"
	touch "$OUT/scripts/btfstage/btfstage"
	mini
	no_process "after another btfstage"
	rm "$OUT/.btf.vmlinux.base"
	mini
	no_process "after another base"
else
	skip "no process" "strace cannot be used"
fi

# --- how much is printed makes no difference
for arg in -s '' V=1 '' V=2 -s V=1; do
	mini ${arg:+"$arg"}
	unlike "make $arg: nothing is done" "$(cat "$LOG")" \
		'^  |btfstage (ko|base)|pahole'
done
touch "$SRC/examples/mini/kernel/mm.c"
mini -s
for arg in '' V=1 -s ''; do
	mini ${arg:+"$arg"}
	unlike "after another vmlinux, make $arg: nothing is done" \
		"$(cat "$LOG")" '^  |btfstage (ko|base)|pahole'
done

# --- -n and -q
state()
{
	find "$OUT" -printf '%P %i %T@\n' | sort
}
# touches_nothing NAME: with -n, and with -q
touches_nothing()
{
	before=$(state)
	for arg in -n -q; do
		mini $arg
		is "$1, $arg: nothing is touched" "$(state)" "$before"
	done
}
touches_nothing "nothing to do"
mini
is "nothing to do: nor afterwards" "$(cat "$LOG")" ""

touch "$SRC/examples/mini/fs/ramfs.c"
touches_nothing "a module's source"
mini -n
like "a module's source, -n: its link is printed" "$(cat "$LOG")" \
	'ld .*fs/\.tmp_ramfs\.no-btf\.ko'
mini
is "a module's source: its steps, afterwards" \
	"$(steps)" "$(steps_of fs/ramfs LD PAHOLE BTF)"

echo 'struct noop { int a; } noop;' >>"$SRC/examples/mini/kernel/mm.c"
touches_nothing "a type of vmlinux"
mini
is "a type of vmlinux: the steps, afterwards" "$(steps)" "$(steps_of "$all" BTF)"
mv "$OUT/vmlinux" "$OUT/.btf.vmlinux.base" "$TMP"
before=$(state)
mini -n fs/ramfs.ko
is "no vmlinux, -n: nothing is touched" "$(state)" "$before"
mv "$TMP/vmlinux" "$TMP/.btf.vmlinux.base" "$OUT"
mini
is "no vmlinux, -n: nor afterwards" "$(steps)" ""

done_testing
