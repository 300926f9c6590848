#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# "make bench" on the mini kernel: the output, and that a failing command ends it. The
# figures are not checked.

# shellcheck disable=SC2119,SC2317 # functions called by name, or without arguments
# shellcheck source=tests/lib.sh
. "${0%/*}/../lib.sh"

need gcc pahole objcopy readelf
mini_first

# Measured programs are traced, and LeakSanitizer does not work then.
[ -z "${SAN-}" ] || ASAN_OPTIONS=$ASAN_OPTIONS:detect_leaks=0

# bench NAME VARIABLE=VALUE...
bench()
{
	bench_name=$1
	shift
	env BUILD="$TMP/build" VMLINUX="$OUT/vmlinux" MODULES="$OUT" \
		BTFSTAGE="$OUT/scripts/btfstage/btfstage" RESOLVE_BTFIDS=true \
		N=3 ROUNDS=2 "$@" \
		"$ROOT/tests/bench/bench.sh" "$bench_name" \
		>"$TMP/stdout" 2>"$TMP/stderr"
}

# value NAME: of the results
value()
{
	sed -n "s/^$1$(printf '\t')//p" "$TMP/build/bench/ko.tsv"
}

number()
{
	printf '%s\n' "$1" | grep -Eqx '[0-9]+(\.[0-9]+)?'
}

ok "bench" bench ko
for step in 'pahole --btf_base + resolve_btfids' 'pahole --btf_encode_detached' \
	'btfstage ko' cp 'btfstage base' 'btfstage base, nothing to do'; do
	like "a row for $step" "$(cat "$TMP/stdout")" \
		"^\| $(echo "$step" | sed 's/+/\\+/') +\| +[0-9.]+ \|"
done
for ratio in 'stock / ko' 'ko / cp' 'stock / \(encode \+ ko\)' 'ko, own memory' \
	base 'base, nothing to do'; do
	like "a row for $ratio" "$(cat "$TMP/stdout")" \
		"^\| $ratio +\| .* \| [<>]= [0-9.]+( M?i?[Bm]s?)? +\| (met|missed) +\|$"
done
for name in stock_ms encode_ms ko_ms cp_ms base_ms again_ms ko_own_kib \
	ko_rss_kib ratio_stock_ko ratio_ko_cp ratio_stock_ours; do
	ok "ko.tsv has $name" number "$(value "$name")"
done
is "ko.tsv has the seed" "$(value seed)" 1
is "and how many modules" "$(value nr_modules)" 3
is "nothing is left behind" "$(find "$TMP/build/bench" -name 'work.*')" ''

# --- The same seed draws the same modules.
cut -f 2 "$TMP/build/bench/ko.modules.tsv" >"$TMP/drawn"
ok "bench again" bench ko ROUNDS=1
is "the same seed: the same modules" \
	"$(cut -f 2 "$TMP/build/bench/ko.modules.tsv")" "$(cat "$TMP/drawn")"
others=
for seed in 2 3 4 5; do
	bench ko ROUNDS=1 SEED=$seed
	cut -f 2 "$TMP/build/bench/ko.modules.tsv" | cmp -s - "$TMP/drawn" ||
		others="$others $seed"
done
like "another seed: others" "$others" '[2-5]'

# --- A command that fails is the end.
# fails_with NAME REGEX VARIABLE=VALUE...
fails_with()
{
	fails_name=$1
	fails_regex=$2
	shift 2
	rm -rf "$TMP/build"
	fails "$fails_name: it stops" bench "$@"
	like "$fails_name: it says why" "$(cat "$TMP/stderr")" "$fails_regex"
	is "$fails_name: no table" "$(cat "$TMP/stdout")" ''
	is "$fails_name: no results" \
		"$(find "$TMP/build" -name '*.tsv' 2>/dev/null)" ''
}
fails_with "resolve_btfids fails" 'ko\.sh: failed with status 1: .*false -b ' \
	ko RESOLVE_BTFIDS=false

# One that fails only now and then: the fifth time
cat >"$TMP/sometimes" <<'END'
#!/bin/sh
echo >>"$0.count"
[ "$(wc -l <"$0.count")" != 5 ] || { echo "sometimes: no more" >&2; exit 3; }
END
chmod +x "$TMP/sometimes"
fails_with "a late failure" 'failed with status 3' \
	ko RESOLVE_BTFIDS="$TMP/sometimes"
like "a late failure: its own message" "$(cat "$TMP/stderr")" \
	'^sometimes: no more$'
printf '#!/bin/sh\nkill -9 $$\n' >"$TMP/killed"
chmod +x "$TMP/killed"
fails_with "killed" 'killed by signal 9' ko BTFSTAGE="$TMP/killed"
fails_with "no vmlinux" 'none: no such file' ko VMLINUX="$TMP/none"
fails_with "a vmlinux without types" 'has no \.BTF$' ko VMLINUX=/bin/sh
fails_with "no modules" 'no modules below' ko MODULES="$ROOT/docs"
fails_with "not a number" 'ROUNDS=0: has to be a number' ko ROUNDS=0
fails_with "not a benchmark" 'BENCH=none: has to be ko, ' none

mkdir "$TMP/bare"
"${OBJCOPY:-objcopy}" --strip-debug "$OUT/fs/ramfs.ko" "$TMP/bare/ramfs.ko"
fails_with "no debug information" 'ramfs\.ko: has no debug information' \
	ko MODULES="$TMP/bare"

done_testing
