#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# Tests have their files in memory, unless TMPDIR is set, there is no room, or it is
# mounted noexec.

# shellcheck source=tests/lib.sh
. "${0%/*}/../lib.sh"

tmpdir=$ROOT/tests/tmpdir.sh

# with OPTIONS: the answer where /dev/shm is mounted in this way, and what is left there
with()
{
	# shellcheck disable=SC2016 # for the other shell
	unshare -rm sh -c 'mount -t tmpfs -o "$2" none /dev/shm && "$1" && ls -A /dev/shm' \
		sh "$tmpdir" "$1" 2>&1
}

is "TMPDIR is taken" "$(TMPDIR=/some/where "$tmpdir")" /some/where
unset TMPDIR
if unshare -rm mount -t tmpfs none /dev/shm 2>/dev/null; then
	is "it is in memory" "$(with size=2G)" /dev/shm
	is "no room: on disk" "$(with size=64M)" /tmp
	is "programs cannot be run: on disk" "$(with size=2G,noexec)" /tmp
	is "not to be written: on disk" "$(with size=2G,ro)" /tmp
else
	skip "in memory" "no mount can be made here"
fi

done_testing
