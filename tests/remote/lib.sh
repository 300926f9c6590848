# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh disable=SC2154 # variables of tests/lib.sh
#
# Each step is one command that makes one file from others. So another machine can run
# it, which is given these files and has nothing else of the build: here an executor of
# the Remote Execution API on this one, that runs each command in a directory of its
# own and keeps what it gave by the contents of what it was given.

# Stops what was started, and removes all as tests/lib.sh does
remote_end()
{
	[ -z "$remote_pid" ] || kill "$remote_pid" 2>/dev/null
	wait
}
remote_pid=
remote=unix:$TMP/executor
remote_out=$TMP/remote

# remote_start: or all tests are skipped
remote_start()
{
	for remote_tool in buildbox-casd buildbox-run-hosttools trexe; do
		have $remote_tool || skip_all "no $remote_tool"
	done
	mkdir "$TMP/cas" "$remote_out"
	buildbox-casd --bind="$remote" --jobs="$(nproc)" --log-level=warning \
		--buildbox-run="$(command -v buildbox-run-hosttools)" \
		"$TMP/cas" >"$TMP/casd.log" 2>&1 &
	remote_pid=$!
	for _ in $(seq 50); do
		sleep 0.2
		trexe --remote="$remote" true >/dev/null 2>&1 && return
	done
	bail_out "the executor does not answer: $(tail -n 1 "$TMP/casd.log")"
}

# saved TARGET: the command that has made it, as make reads it from its .cmd file
saved()
{
	saved_cmd=${1%/*}/.${1##*/}.cmd
	[ -f "$saved_cmd" ] || return
	{
		printf 'pound := \\#\ninclude %s\n' "$saved_cmd"
		printf "\$(info \$(or \$(savedcmd_%s),\$(cmd_%s)))\nall:;@:\n" "$1" "$1"
	} | make -s -f -
}

# step TARGET INPUT...: run there what has made the target from these files. kbuild runs
# all commands with "set -e". What comes back has to be the target, byte for byte, and is
# in $remote_out. Sets $cached to true or false.
step()
{
	step_target=$1
	shift
	step_inputs=
	for step_input; do
		step_inputs="$step_inputs --input-path=$step_input:$step_input"
	done
	rm -rf "${remote_out:?}/$step_target" "$TMP/remote.json"
	step_command=$(saved "$step_target") && [ -n "$step_command" ] || return
	# shellcheck disable=SC2086 # names without spaces
	trexe --remote="$remote" --d="$remote_out" $step_inputs \
		--output-path="$step_target" --env=PATH="$PATH" \
		--result-metadata-file="$TMP/remote.json" \
		sh -ec "$step_command" || return
	cached=$(sed -n 's/.*"cachedResult":\([a-z]*\).*/\1/p' "$TMP/remote.json")
	cmp "$step_target" "$remote_out/$step_target"
}

# steps_of_all RESOLVE_BTFIDS MODULE...: both steps of each. Counts those that were run,
# and those from the cache.
# shellcheck disable=SC2034 # for the caller
steps_of_all()
{
	all_tool=$1
	shift
	ran=0
	known=0
	for m; do
		step "$m.no-btf.ko.btf" "$m.no-btf.ko" ${all_tool:+"$all_tool"} ||
			return
		count
		step "$m.ko" "$m.no-btf.ko" "$m.no-btf.ko.btf" .btf.vmlinux.base \
			scripts/btfstage/btfstage || return
		count
	done
}

count()
{
	case $cached in
	true)	known=$((known + 1)) ;;
	false)	ran=$((ran + 1)) ;;
	esac
}
