#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# The fuzz targets: seeds and earlier findings, then new inputs for a short time. "make
# fuzz" runs longer.
#
#	FUZZ_TIME=60	seconds, for all targets together

# shellcheck source=tests/lib.sh
. "${0%/*}/../lib.sh"

fuzz=$ROOT/tests/fuzz
build=$fuzz/build
targets='base btf check elf ids image ko'

# Each finding has a line in findings/README, and vice versa.
is "findings/README lists all findings" \
	"$(sed -n 's/^\([a-z]*\/[^ ]*\).*/\1/p' "$fuzz/findings/README" | sort)" \
	"$(cd "$fuzz/findings" && find . -type f ! -name README |
		sed 's/^\.\///' | sort)"

ok "the seeds are made" "$build/make_corpus" "$TMP/corpus"
# A prepared base is in the byte order of the machine.
if [ "$(printf '\001' | od -An -tu2 -v | tr -d ' ')" = 1 ] ||
   [ "$(printf '\001\000' | od -An -tu2 | tr -d ' ')" = 1 ]; then
	ok "they are those in corpus/ (if not: make -C tests/fuzz corpus)" \
		diff -r "$TMP/corpus" "$fuzz/corpus"
else
	skip "they are those in corpus/" "other byte order"
fi

for t in $targets; do
	# shellcheck disable=SC2046 # our own names
	ok "$t: seeds and findings" env "TMPDIR=$TMP" "$build/cc/$t" \
		"$fuzz/corpus/$t"/* \
		$(find "$fuzz/findings/$t" -type f 2>/dev/null)
done

if [ -e "$build/clang.log" ]; then
	skip "libFuzzer" "clang cannot link it: $(tail -n 1 "$build/clang.log")"
	done_testing
fi
for t in $targets; do
	mkdir "$TMP/$t"
	ok "$t: libFuzzer" env "TMPDIR=$TMP" "$build/clang/$t" -max_len=16384 \
		-timeout=60 -rss_limit_mb=2048 -print_final_stats=1 \
		-max_total_time=$(((${FUZZ_TIME:-60} + 6) / 7)) \
		-artifact_prefix="$build/$t." "$TMP/$t" "$fuzz/corpus/$t"
	echo "# $t: $(sed -n 's/^stat::number_of_executed_units: *//p' \
		"$TMP/ok.log") executions"
done

done_testing
