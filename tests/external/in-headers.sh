#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# Apply to installed headers, run a command, revert, and see whether every file
# of theirs is as it was
#
#	in-headers.sh HEADERS VMLINUX COMMAND...
#
# To be run with mounts of its own over the headers' scripts and over /boot,
# where the vmlinux is put: what is done here is done to the system.

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
