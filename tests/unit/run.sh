#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# Run a test program, and record its skips for tests/skips.sh
#
#	run.sh [COMMAND...] PROGRAM	its output is TAP

for program; do :; done
tap=$program.tap
CMOCKA_MESSAGE_OUTPUT=TAP "$@" >"$tap"
status=$?
cat "$tap"
sed -n "s,^# SKIP ,tests/unit/${program##*/}.c: ,p" "$tap" >>"${SKIPS:-/dev/null}"
exit $status
