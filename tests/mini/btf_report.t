#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# make btf-report: what a build has, by way of the tree's own Makefile

# shellcheck disable=SC2119 # functions called without arguments
# shellcheck source=tests/lib.sh
. "${0%/*}/../lib.sh"

mini_first
nr=$(mini_modules | wc -l | tr -d ' ')

# The table, without what make says
table()
{
	grep -v '^  [A-Z]' "$LOG"
}

ok "report" mini btf-report
is "report: all modules" "$(head -n 1 "$LOG")" \
	"$nr modules: $nr with BTF, 0 without, 0 bad, 0 unreadable"
is "report: it has run nothing else" "$(grep -c '^  [A-Z]' "$LOG")" 0
like "report: with the types of vmlinux" "$(cat "$LOG")" \
	'^checked against \./\.btf\.vmlinux\.base: 0 modules'
is "report: as the command itself prints it" "$(table)" \
	"$(cd "$OUT" && sed 's/o$/ko/' modules.order |
	   tools/btfstage/btfstage report --base ./.btf.vmlinux.base -)"
ok "flags" mini btf-report BTF_REPORT_FLAGS='--sort name --html page.html'
is "flags: only the sums" "$(grep -c '^BYTES' "$LOG")" 0
ok "flags: the page is in the build directory" test -s "$OUT/page.html"

rm "$OUT/tools/btfstage/btfstage"
ok "no helper" mini btf-report
like "no helper: it is built" "$(cat "$LOG")" '^  HOSTLD '
is "no helper: the report is there" "$(table | head -n 1)" \
	"$nr modules: $nr with BTF, 0 without, 0 bad, 0 unreadable"

ok "together with modules" mini -j4 btf-report modules
echo 'int ramfs_more = 1;' >>"$SRC/examples/mini/fs/ramfs.c"
ok "together with modules that change" mini -j4 btf-report modules
is "... the report comes last" "$(sed -n '/^BTF: /,$p' "$LOG" | grep -c '^  [A-Z]')" 0

rm "$OUT/fs/ramfs.ko"
fails "a module is gone" mini btf-report
like "a module is gone: it says which" "$(cat "$LOG")" 'fs/ramfs\.ko'
mini modules
objcopy --remove-section .BTF --add-section .BTF="$SRC/examples/mini/fs/ramfs.c" \
	"$OUT/fs/ramfs.ko" 2>"$TMP/objcopy"
fails "a bad module" mini btf-report
like "a bad module: it is in the table" "$(cat "$LOG")" ', 1 bad, '

# What is there is looked at, also where a build could do nothing
rm "$OUT/fs/ramfs.ko"
mini modules
rm "$OUT/vmlinux"
ok "no vmlinux" mini btf-report
like "no vmlinux: with the types of the last build" "$(cat "$LOG")" \
	'^checked against'
rm "$OUT/.btf.vmlinux.base"
ok "no types either" mini btf-report
unlike "no types either: modules for themselves" "$(cat "$LOG")" \
	'^checked against'
fails "BTF turned off" mini BTF=n btf-report
like "BTF turned off: it says so" "$(cat "$LOG")" \
	'CONFIG_DEBUG_INFO_BTF_MODULES is not set'
mini clean
fails "nothing is built" mini btf-report
like "nothing is built: it says so" "$(cat "$LOG")" 'no modules are built'

done_testing
