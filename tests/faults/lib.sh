# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh
#
# Both programs with the shim, in an empty directory, for the tests here. ./out is the file
# that a command writes, $TMP/$name.old its previous contents.

# shellcheck disable=SC2119,SC2154 # mini_first needs no argument; $name, $command
mini_first
# With the shared libraries, as the shim is one of them: linked again, of the objects
# that there are.
btfstage=$TMP/tool/btfstage/btfstage
btfinspect=$TMP/tool/btfinspect/btfinspect
cp -a "$ROOT/tools" "$TMP/tool"
rm -f "$btfstage"
ok "both programs build" make -s -C "$TMP/tool" STATIC=n
ok "the shim builds" "${CC:-cc}" -shared -fPIC -O2 -Wall -Wextra -D_GNU_SOURCE \
	-o "$TMP/shim.so" "$ROOT/tests/faults/shim.c" -ldl

dir=$TMP/dir
mkdir "$dir"
cd "$dir" || bail_out "no directory"
total=0

# program COMMAND...: the one that has it
program()
{
	case $1 in
	check|show|report) echo "$btfinspect" ;;
	*)	echo "$btfstage" ;;
	esac
}

# The shim's settings go to the command alone.
faulty()
{
	FAULT_HIT=$TMP/hit timeout -k 1 600 \
		env LD_PRELOAD="$TMP/shim.so" "$(program "$@")" "$@"
}

wrong()
{
	echo "$FAULT_DO $FAULT_CALL $FAULT_NR $FAULT_ERROR $FAULT_ALWAYS: $1"
	head -n 3 "$TMP/stderr"
}

# each_call WHAT CHECK [PREPARE]: fault number 1, 2, ... until there are no more
each_call()
{
	FAULT_NR=0
	# shellcheck disable=SC2034 # counted by CHECK
	left=0
	: >"$TMP/wrong"
	export FAULT_CALL FAULT_NR FAULT_DO FAULT_ERROR FAULT_ALWAYS
	while [ $FAULT_NR -lt 3000 ]; do
		FAULT_NR=$((FAULT_NR + 1))
		rm -rf "$dir/.tmp"* "$TMP/hit"
		cp -p "$TMP/$name.old" out
		[ -z "${3-}" ] || "$3"
		# shellcheck disable=SC2086 # no spaces in these names
		faulty $command <"$TMP/$name.stdin" >"$TMP/stdout" 2>"$TMP/stderr"
		status=$?
		[ -e "$TMP/hit" ] || break
		"$2" >>"$TMP/wrong"
	done
	calls=$((FAULT_NR - 1))
	total=$((total + calls))
	[ "$status" -eq "$good" ] || [ "$calls" -gt 0 ] ||
		echo "without a fault: $status" >>"$TMP/wrong"
	is "$name: $1: $calls calls" "$(head -n 20 "$TMP/wrong")" ""
	rm -rf "$dir/.tmp"*
}
