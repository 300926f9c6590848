#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# Each call that can fail fails once; SIGKILL arrives before and after each call that
# changes a file; the file system is full; two processes work on the same module. The output
# is always the old or the new file, complete.

# shellcheck disable=SC2119 # functions called without arguments
# shellcheck disable=SC2317 # functions called by name
# shellcheck disable=SC2012 # our own file names
# shellcheck source=tests/lib.sh
. "${0%/*}/../lib.sh"

# shellcheck source=tests/faults/lib.sh
. "${0%/*}/lib.sh"

echo "the old output" >"$TMP/plain.old"
mkdir "$TMP/modules"
cp "$OUT/fs/idset.ko" "$OUT/fs/ramfs.ko" "$TMP/modules"

# Commands: exit status after a failure, previous contents of ./out, NAME, arguments,
# which write ./out.
cat >"$TMP/commands" <<END
1 plain.old base base -o out $OUT/vmlinux
1 plain.old ko ko --base $OUT/.btf.vmlinux.base --types $OUT/fs/idset.no-btf.ko.btf -o out $OUT/fs/idset.no-btf.ko
3 plain.old report report --base $OUT/.btf.vmlinux.base --html out $TMP/modules
END

is_old_or_new()
{
	cmp -s out "$TMP/$name.old" || cmp -s out "$TMP/$name.new"
}

# One module cannot be read, and a page of all of them says so.
is_page_of_unreadable()
{
	[ "$name" = report ] && [ ! -s "$TMP/stderr" ] &&
		grep -q '"status":"unreadable"' out &&
		[ "$(tail -n 1 out)" = '</html>' ] && [ "$(ls -A)" = out ]
}

# After one run with a fault: $status, $TMP/stderr, ./out
check_failed()
{
	case $status in
	0)	cmp -s out "$TMP/$name.new" || wrong "not the new output"
		cmp -s "$TMP/stderr" "$TMP/$name.warnings" ||
			wrong "a message with status 0"
		;;
	"$failed") ! is_page_of_unreadable || return
		cmp -s out "$TMP/$name.old" ||
			wrong "the old output was touched"
		case $(grep -v ': warning: ' "$TMP/stderr") in
		*'
'*)			wrong "more than one line" ;;
		btf*': '*) ;;
		*)		wrong "no line that tells" ;;
		esac
		;;
	*)	wrong "status $status" ;;
	esac
	[ "$(ls -A)" = out ] || wrong "litter: $(ls -A)"
}

# SIGKILL leaves at most one temporary file, which the next run removes.
check_killed()
{
	[ "$status" -eq 137 ] || wrong "status $status"
	is_old_or_new || wrong "neither old nor new"
	case $(ls -A | tr '\n' ' ') in
	'out '|'.tmp_out out ') ;;
	*)	wrong "litter: $(ls -A)" ;;
	esac
	case $(ls -A) in
	.tmp*)	left=$((left + 1)) ;;
	*)	return ;;
	esac
	# For base, the same types again are no reason to write.
	cp -p "$TMP/$name.old" out
	# shellcheck disable=SC2086 # no spaces in these names
	"$(program $command)" $command >/dev/null 2>&1
	cmp -s out "$TMP/$name.new" || wrong "the next run gives something else"
	[ "$(ls -A)" = out ] || wrong "the next run leaves: $(ls -A)"
}

good=0
while read -r failed old name command; do
	cp -p "$TMP/$old" "$TMP/$name.old"
	cp -p "$TMP/$old" out
	: >"$TMP/$name.stdin"
	# shellcheck disable=SC2086
	"$(program $command)" $command >/dev/null 2>"$TMP/$name.warnings"
	is "$name: works" $? 0
	cmp -s out "$TMP/$name.old"
	is "$name: writes something else" $? 1
	mv out "$TMP/$name.new"

	FAULT_DO=fail
	for always in '' map 'clone copy' 'map clone copy lock'; do
		FAULT_ALWAYS=$always
		for FAULT_CALL in alloc open read write clone copy sync \
			truncate map rename close stat chmod lock; do
			case " $always " in
			*" $FAULT_CALL "*) continue ;;
			esac
			FAULT_ERROR=0
			each_call "$FAULT_CALL fails${always:+, without $always}" \
				check_failed
			# EINTR, EIO, ENOSPC, EDQUOT
			case $FAULT_CALL in
			read|write|clone|copy) errors='4 5 28 122' ;;
			*)	errors= ;;
			esac
			for FAULT_ERROR in $errors; do
				each_call "$FAULT_CALL: error $FAULT_ERROR${always:+, without $always}" \
					check_failed
			done
		done
		FAULT_DO=short
		for FAULT_CALL in read write copy; do
			each_call "$FAULT_CALL is short${always:+, without $always}" \
				check_failed
		done
		FAULT_DO=fail
	done
	FAULT_ERROR=0
	litters=0
	for FAULT_ALWAYS in '' 'clone copy'; do
		for FAULT_CALL in open write clone copy sync truncate \
			rename close chmod lock; do
			for FAULT_DO in before after; do
				each_call "SIGKILL $FAULT_DO $FAULT_CALL${FAULT_ALWAYS:+, without $FAULT_ALWAYS}" \
					check_killed
				litters=$((litters + left))
			done
		done
	done
	[ $litters -gt 0 ]
	result $? "$name: SIGKILL left $litters files, for the next run to remove" \
		</dev/null
done <"$TMP/commands"
echo "# $total faults"
unset FAULT_CALL FAULT_NR FAULT_DO FAULT_ERROR FAULT_ALWAYS

# --- A limit on file size, which raises a signal by default
while read -r failed old name command; do
	: >"$TMP/wrong"
	cp -p "$TMP/$old" out
	blocks=0
	done=
	while [ -z "$done" ] && [ $blocks -lt 2000 ]; do
		# shellcheck disable=SC2086
		status=$(
			exec 3>&1
			{
				(ulimit -f $blocks; exec "$(program $command)" $command) \
					2>&1 >/dev/null
				echo $? >&3
			} | cat >"$TMP/stderr" 3>&-
		)
		check_failed >>"$TMP/wrong"
		[ "$status" -ne 0 ] || done=yes
		blocks=$((blocks + 3))
	done
	is "$name: ulimit -f, up to $blocks" "$(head -n 20 "$TMP/wrong")" ""
	is "$name: ulimit -f: works in the end" "$done" yes
	[ $blocks -gt 3 ]
	result $? "$name: ulimit -f: fails at first" </dev/null
done <"$TMP/commands"

# --- A full file system, of every size
cat >"$TMP/full.sh" <<'END'
# full.sh SHIM KIB OLD NEW BTFSTAGE ARG...: with SHIM, in a file system of that size
mkdir -p full || exit 99
mount -t tmpfs -o size="$2k" none full || exit 99
cd full || exit 99
shim=$1 old=$3 new=$4
shift 4
cp -p "$old" out
LD_PRELOAD=$shim FAULT_ALWAYS=$ALWAYS "$@"
status=$?
left=$(ls -A)
if [ $status -eq 0 ]; then
	cmp out "$new" >&2
else
	cmp -s out "$old" || echo "old output: touched" >&2
fi
[ "$left" = out ] || echo "litter: $left" >&2
exit $status
END
if [ "$(id -u)" = 0 ] && mkdir "$TMP/mount" && cd "$TMP/mount" &&
   unshare -m sh "$TMP/full.sh" "" 64 "$TMP/plain.old" /dev/null true 2>"$TMP/stderr"; [ $? -ne 99 ] &&
   [ "$(id -u)" = 0 ] && grep -q 'differ\|EOF' "$TMP/stderr"; then
	while read -r failed old name command; do
		for ALWAYS in '' 'clone copy'; do
			export ALWAYS
			: >"$TMP/wrong"
			kib=4
			failures_seen=0
			while [ $kib -lt 2000 ]; do
				# shellcheck disable=SC2086
				unshare -m sh "$TMP/full.sh" "$TMP/shim.so" $kib \
					"$TMP/$old" "$TMP/$name.new" \
					"$(program $command)" $command \
					>/dev/null 2>"$TMP/stderr"
				status=$?
				grep -v ': warning: ' "$TMP/stderr" >"$TMP/errors"
				case $status in
				0)	[ ! -s "$TMP/errors" ] ||
						cat "$TMP/errors" >>"$TMP/wrong"
					break
					;;
				"$failed")
					failures_seen=$((failures_seen + 1))
					case $(cat "$TMP/errors") in
					*'
'*)						cat "$TMP/errors" >>"$TMP/wrong" ;;
					btf*': out: cannot '*': No space left on device') ;;
					*)	cat "$TMP/errors" >>"$TMP/wrong" ;;
					esac
					;;
				*)	echo "$kib: status $status" >>"$TMP/wrong" ;;
				esac
				kib=$((kib + 4))
			done
			is "$name: full up to $kib KiB${ALWAYS:+, without $ALWAYS}" \
				"$(head -n 20 "$TMP/wrong")" ""
			[ $failures_seen -gt 0 ] && [ "$status" -eq 0 ]
			result $? "$name: fails $failures_seen times, then works" \
				</dev/null
		done
	done <"$TMP/commands"
	unset ALWAYS
else
	skip "a full file system" "cannot mount one here"
fi
cd "$dir" || bail_out "no directory"

# --- Several at once
rounds=${ROUNDS:-150}
stage()
{
	"$btfstage" ko --base "$OUT/.btf.vmlinux.base" \
		--types "$OUT/fs/$1.no-btf.ko.btf" -o out "$OUT/fs/$1.no-btf.ko" \
		2>>"$TMP/messages"
}
repeat()
{
	repeat_left=$rounds
	while [ "$repeat_left" -gt 0 ]; do
		"$@" || echo "failed: $*" >>"$TMP/wrong"
		repeat_left=$((repeat_left - 1))
	done
}
look()
{
	cat out >"$TMP/seen" || return
	cmp -s "$TMP/seen" "$OUT/fs/idset.ko" || cmp -s "$TMP/seen" "$OUT/fs/ramfs.ko"
}
# Ends with its work half done, before the file gets its name or after that.
killed()
{
	LD_PRELOAD=$TMP/shim.so FAULT_CALL=rename FAULT_NR=1 FAULT_DO=before \
		stage idset
	[ $? -eq 137 ]
}
for always in '' 'clone copy'; do
	rm -f out .tmp*
	: >"$TMP/wrong"
	: >"$TMP/messages"
	stage ramfs
	(
		export LD_PRELOAD="$TMP/shim.so" FAULT_ALWAYS="$always"
		repeat stage ramfs &
		repeat stage idset &
		repeat stage idset &
		wait
	) &
	repeat killed &
	repeat look
	wait
	stage ramfs
	at_once="four at once, one of them killed${always:+, without $always}"
	is "$at_once" "$(sort "$TMP/wrong" | uniq -c)" ""
	is "$at_once: no errors" \
		"$(grep -vx -e '.*: warning: .*' -e 'Killed *' "$TMP/messages" |
			sort | uniq -c)" ""
	is "$at_once: nothing is left" "$(find . -mindepth 1)" ./out
done

done_testing
