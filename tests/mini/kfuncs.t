#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# Modules with kfuncs, in a tree whose resolve_btfids rewrites types: it runs for these
# modules only. The one here renames a struct.

# shellcheck disable=SC2119,SC2120 # build needs no argument
# shellcheck source=tests/lib.sh
. "${0%/*}/../lib.sh"

need setsid bpftool

# It does what "$0.mode" says, for the only module with a set8, and logs to "$0.log".
tool=$TMP/resolve_btfids
cat >"$tool" <<'END'
#!/bin/sh
echo "$*" >>"$0.log"
[ $# -eq 3 ] && [ "$1" = --btf ] || exit 9
mode=
[ ! -f "$0.mode" ] || mode=$(cat "$0.mode")
echo >&2 "WARN: resolve_btfids: unresolved symbol task_get"
echo >&2 "WARN: resolve_btfids: no BTF func for kfunc task_get in probe_kfuncs"
echo >&2 "WARN: multiple IDs found for 'task': 7, 9 - using 7"
sed 's/probe_point/probe_POINT/' "$2" >"$3.BTF"
echo ids >"$3.BTF_ids"
case $mode in
warns)	printf >&2 '%s\n' 'WARN: resolve_btfids: \no such thing & more' ;;
fails)	echo >&2 "ERROR: resolve_btfids: kfunc probe_hit: arena type is not a pointer"
	exit 2 ;;
empty)	rm "$3.BTF" ;;
[A-Z]*)	kill -s "$mode" 0; sleep 10 ;;
esac
exit 0
END
chmod +x "$tool"
probe=drivers/probe

build()
{
	mini RESOLVE_BTFIDS="$tool" "$@"
}

# asked: the modules that it was called for, since this was last asked
asked()
{
	sed 's/^.* //' "$tool.log" 2>/dev/null
	rm -f "$tool.log"
}

# litter: what was left beside the modules
litter()
{
	(cd "$OUT" && find . -name '*.BTF*' -o -name '.tmp_*probe*')
}

structs()
{
	mini_types $probe | grep -o "STRUCT 'probe_[a-zA-Z]*'"
}

# warnings: lines of the log that name it
warnings()
{
	grep -i -e warn -e error -e resolve_btfids "$LOG" | grep -v 'make.*Error'
}

rewritten="STRUCT 'probe_POINT'"
plain="STRUCT 'probe_point'"

# --- a tree without gen-btf.sh
mini_copy
btfstage_get
ok "6.x: builds" build -j2
is "6.x: it is not asked" "$(asked)" ""
is "6.x: the types" "$(structs)" "$plain"
plain_sums=$(mini_sums)

# --- and one with it
: >"$SRC/scripts/gen-btf.sh"
ok "7.x: builds" build -j2
is "7.x: encoded again" "$(steps | grep -c PAHOLE)" "$(mini_modules | wc -l)"
is "7.x: it is asked for the module with a set8" "$(asked)" $probe.no-btf.ko
is "7.x: the types" "$(structs)" "$rewritten"
is "7.x: what only vmlinux has is no warning" "$(warnings)" ""
is "7.x: nothing is left" "$(litter)" ""
is "7.x: the other modules are as they were" \
	"$(mini_sums | grep -v $probe)" "$(echo "$plain_sums" | grep -v $probe)"
good=$(mini_sums)
build
is "7.x, again: nothing to do" "$(lines)" ""

touch "$tool"
ok "another resolve_btfids: builds" build
is "another resolve_btfids: the steps" "$(steps)" \
	"$(steps_of "$(mini_modules)" PAHOLE BTF)"
is "another resolve_btfids: the modules are the same" "$(mini_sums)" "$good"

# one MODE: encode the module again
one()
{
	echo "$1" >"$tool.mode"
	rm -f "$OUT"/$probe.no-btf.ko.btf
	asked >/dev/null
}

one warns
ok "another warning: builds" build
is "another warning: is passed on" "$(warnings)" \
	"$probe.no-btf.ko: WARN: resolve_btfids: \\no such thing & more"

# wrong NAME
wrong()
{
	is "$1: nothing is left" "$(litter)" ""
	is "$1: the modules are as they were" "$(mini_sums)" "$good"
	rm "$tool.mode"
	ok "$1: the next build succeeds" build
	is "$1: the steps" "$(steps)" "$(steps_of $probe PAHOLE BTF)"
	is "$1: the types are good" "$(mini_sums)" "$good"
}

one fails
fails "an error: ends the build" build
is "an error: one line says so" "$(warnings)" \
	"$probe.no-btf.ko: ERROR: resolve_btfids: kfunc probe_hit: arena type is not a pointer"
wrong "an error"

one empty
fails "no output: ends the build" build
wrong "no output"

for signal in INT TERM HUP; do
	one $signal
	fails "SIG$signal: ends the build" in_session make -C "$SRC/examples/mini" \
		O="$OUT" RESOLVE_BTFIDS="$tool"
	wrong "SIG$signal"
done

one KILL
fails "SIGKILL: ends the build" in_session make -C "$SRC/examples/mini" \
	O="$OUT" RESOLVE_BTFIDS="$tool"
rm "$tool.mode"
ok "SIGKILL: the next build succeeds" build
is "SIGKILL: nothing is left" "$(litter)" ""
is "SIGKILL: the modules" "$(mini_sums)" "$good"

# --- headers that have none
mv "$tool" "$TMP/away"
ok "none: builds" build
like "none: the module with kfuncs says why" "$(cat "$LOG")" \
	"^  NO BTF  $probe.ko: has kfuncs, and there is no $tool\$"
ok "none: it is the linked module" cmp "$OUT/$probe.ko" "$OUT/$probe.no-btf.ko"
is "none: the others have BTF" \
	"$(mini_sums | grep -v $probe)" "$(echo "$good" | grep -v $probe)"
build
is "none, again: nothing to do" "$(lines)" ""
touch -d '1 hour ago' "$TMP/away"
mv "$TMP/away" "$tool"
ok "there again, and older: builds" build
is "there again, and older: the modules" "$(mini_sums)" "$good"

done_testing
