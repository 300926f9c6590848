#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# Apply to installed headers, run a command, revert, and check that every file is restored
#
#	in-headers.sh HEADERS VMLINUX COMMAND...
#
# Run it with private mounts over the headers' scripts and over /boot, where the vmlinux is
# copied: otherwise it changes the system.

set -e

apply=${0%/*}/../../tools/apply/apply.sh
headers=$1
vmlinux=$2
shift 2

kbuild=$(cd -P "$headers/scripts/.." && pwd)
files()
{
	(cd "$kbuild" && find . -type f -exec cksum {} + | sort -k3)
}

before=$(files)
cp "$vmlinux" /boot/
"$apply" apply "$headers"
status=0
"$@" || status=$?
"$apply" revert "$headers"
[ "$(files)" = "$before" ] || {
	echo "$kbuild: not as it was"
	exit 1
}
exit $status
