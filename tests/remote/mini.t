#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# PAHOLE and BTF [M] of the mini kernel by a remote executor: the same bytes, and from
# its cache where nothing of what they are made from has changed

# shellcheck disable=SC2034,SC2119,SC2154,SC2317 # variables of lib.sh; called by "ok"
# shellcheck source=tests/lib.sh
. "${0%/*}/../lib.sh"
# shellcheck source=tests/remote/lib.sh
. "${0%/*}/lib.sh"

trap 'remote_end; rm -rf "$TMP"' EXIT
remote_start
mini_first
all=$(mini_modules)
nr=$(echo "$all" | wc -l)

# there NAME RAN KNOWN: both steps of all modules
there()
{
	cd "$OUT" || exit
	# shellcheck disable=SC2086 # a list of words
	ok "$1: the same bytes" steps_of_all "" $all
	is "$1: run, and from the cache" "$ran $known" "$2 $3"
}
there "first" $((nr * 2)) 0
there "again" 0 $((nr * 2))

# By contents, not by times
touch "$SRC/examples/mini/fs/ramfs.c" "$SRC/examples/mini/kernel/mm.c"
mini
there "nothing but times has changed" 0 $((nr * 2))

echo 'struct remote_new { int a[7]; } remote_new;' >>"$SRC/examples/mini/fs/ramfs.c"
mini
there "a module has changed" 2 $((nr * 2 - 2))
echo 'struct remote_new { int a[7]; } remote_new;' >>"$SRC/examples/mini/kernel/mm.c"
mini
there "a type of vmlinux has changed" "$nr" "$nr"

# It gets what it is given and nothing else.
cd "$OUT" || exit
fails "without the types: fails" step fs/ramfs.ko fs/ramfs.no-btf.ko .btf.vmlinux.base \
	scripts/btfstage/btfstage
fails "without the linked module: fails" step fs/ramfs.no-btf.ko.btf
done_testing
