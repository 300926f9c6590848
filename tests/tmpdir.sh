#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# Print the directory for temporary files of tests: TMPDIR, or else /dev/shm if it has
# room and is not mounted noexec, or else /tmp. Tests write thousands of small files, and
# take twice as long on a disk.

# KiB. All of "make check" takes less at a time.
room=1500000
memory=/dev/shm

is_roomy()
{
	[ "$(df -Pk "$1" | awk 'NR == 2 { print $4 }')" -ge $room ]
}

# Containers often mount it with noexec.
runs_programs()
{
	probe=$(mktemp "$1/btfstage-test.XXXXXX") || return
	echo '#!/bin/sh' >"$probe"
	chmod +x "$probe"
	"$probe" 2>/dev/null
	set -- $?
	rm -f "$probe"
	return "$1"
}

if [ -z "${TMPDIR-}" ]; then
	TMPDIR=/tmp
	if [ -d $memory ] && [ -w $memory ] && is_roomy $memory &&
	   runs_programs $memory; then
		TMPDIR=$memory
	fi
fi
echo "$TMPDIR"
