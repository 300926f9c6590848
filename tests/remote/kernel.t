#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# The same for the modules of a real kernel: the tree of the release KERNEL_VERSION that
# tests/kernel/kernel.t has built. It is reverted in the end.

# shellcheck disable=SC2154,SC2317 # variables of lib.sh and tree.sh; called by "ok"
# shellcheck source=tests/kernel/tree.sh
. "${0%/*}/../kernel/tree.sh"
# shellcheck source=tests/remote/lib.sh
. "${0%/*}/lib.sh"

tree_start
trap 'remote_end; restore_sources; rm -rf "$TMP"' EXIT
remote_start
ok "apply" apply apply
ok "build" kbuild modules
nr=$(modules | wc -l)
tool=tools/bpf/resolve_btfids/resolve_btfids
[ -f "$obj/scripts/gen-btf.sh" ] || tool=

cd "$obj" || exit
# seconds and milliseconds
now()
{
	date +%s%3N
}
# shellcheck disable=SC2046 # a list of words
for run in "$((nr * 2)) 0" "0 $((nr * 2))"; do
	start=$(now)
	ok "$nr modules: the same bytes" steps_of_all "$tool" $(modules)
	is "$nr modules: run, and from the cache" "$ran $known" "$run"
	echo "# $((($(now) - start) / nr / 2)) ms for each step"
done

# The inputs of the programs that run there
here()
{
	for m in $(modules); do
		rm "$m.ko" "$m.no-btf.ko.btf"
		sh -ec "$(saved "$m.no-btf.ko.btf")" 2>/dev/null &&
			sh -ec "$(saved "$m.ko")" || return
	done
}
start=$(now)
ok "$nr modules: the saved commands by themselves" here
echo "# $((($(now) - start) / nr / 2)) ms for each step"
cd / || exit
ok "revert" apply revert
done_testing
