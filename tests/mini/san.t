#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# With SAN=1, btfstage in builds of the mini kernel has sanitizers, and a report of them
# fails the test.

# shellcheck source=tests/lib.sh
. "${0%/*}/../lib.sh"

[ -n "${SAN-}" ] || skip_all "not with SAN=1"

# A test of a build in which "btfstage base" begins with $fault. All that it
# looks at is made without btfstage.
cat >"$TMP/test" <<'END'
. "$ROOT/tests/lib.sh"
mini_copy
sed -i "/^int cmd_base(/,/^{/s/^{/{ $fault/" "$SRC/tools/btfstage/cmd_base.c"
mini
ok "vmlinux is there" test -x "$OUT/vmlinux"
done_testing
END

# faulty NAME STATEMENT REGEX: what the statement does is reported in this way
faulty()
{
	# shellcheck disable=SC2016 # for the other shell
	fault=$2 sh -c '. "$1"' "$ROOT/tests/mini/faulty" "$TMP/test" \
		>"$TMP/said" 2>&1
	is "$1: the test fails" $? 1
	like "$1: for this reason" "$(cat "$TMP/said")" \
		'^not ok 2 - sanitizers have nothing to report'
	like "$1: the report is shown" "$(cat "$TMP/said")" "^# .*$3"
}

faulty "a read behind the end" \
	"char *volatile p = malloc(1); if (p[argc]) return 1;" \
	"heap-buffer-overflow"
faulty "a leak" \
	"char *volatile p = malloc(77); p[0] = 1; p = NULL;" \
	"detected memory leaks"
faulty "an overflow" \
	"volatile int i = 0x7fffffff; i = i + argc;" \
	"signed integer overflow"

done_testing
