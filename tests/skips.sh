#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# Run tests, and list at the end what they have skipped, and why
#
#	skips.sh COMMAND...		the exit status is that of the command
#
# Tests append lines to the file $SKIPS. In a nested skips.sh, only the outer one lists
# them.

[ -z "${SKIPS-}" ] || exec "$@"

SKIPS=$(mktemp) || exit
export SKIPS
trap 'rm -f "$SKIPS"' EXIT
trap 'exit 1' HUP INT TERM

"$@"
status=$?
if [ -s "$SKIPS" ]; then
	echo 'Skipped:'
	sed 's/^/  /' "$SKIPS"
fi
exit $status
