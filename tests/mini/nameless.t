#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# A module that is not in C has a .BTF that the kernel takes, and nothing in it that
# anybody can ask for: btfinspect says so, and why.

# shellcheck disable=SC2016,SC2119 # dollars of Perl; mini_first needs no argument
# shellcheck source=tests/lib.sh
. "${0%/*}/../lib.sh"

mini_first
base=$OUT/.btf.vmlinux.base
mkdir "$TMP/m"
cp "$OUT/lib/plain.ko" "$OUT/fs/ramfs.ko" "$TMP/m"
# As rustc names a function
rust="--add-symbol _RNvCs1234_4demo4init=.text:0,function,global"
# shellcheck disable=SC2086 # words
"${OBJCOPY:-objcopy}" $rust "$OUT/lib/plain.ko" "$TMP/m/rusty.ko"
# shellcheck disable=SC2086
"${OBJCOPY:-objcopy}" $rust "$OUT/fs/ramfs.ko" "$TMP/m/both.ko"

no_c='no function of it is in C'
in_rust='its functions are in Rust, of which pahole encodes nothing'
what='has no type of its own with a name'

# inspect ARG...: its status; what it prints goes to $TMP/stdout
inspect()
{
	(cd "$TMP/m" && "$BTFINSPECT" "$@" >"$TMP/stdout" 2>"$TMP/stderr")
}
ok "check: no fault, for --require-btf and --strict, too" inspect check --base "$base" \
	--require-btf --strict both.ko plain.ko ramfs.ko rusty.ko
is "check: a note for each of the two" "$(cat "$TMP/stdout")" \
"plain.ko: note: $what: $no_c
rusty.ko: note: $what: $in_rust"
ok "check, without the types of vmlinux: no fault" inspect show plain.ko
ok "report" inspect report --base "$base" .
is "report: how many, and why" "$(sed '/^BTF:/,$d' "$TMP/stdout")" \
"4 modules: 4 with BTF, 0 without, 0 bad, 0 unreadable
  1 with no type of its own that has a name: $in_rust
  1 with no type of its own that has a name: $no_c"
is "report: which" "$(grep '\.ko: ' "$TMP/stdout" | sed 's/^.* //; s/^//' | sort)" \
	"$(printf '%s\n' C nothing)"
ok "report --json" inspect report --json --base "$base" .
is "report --json: sums" "$(json '
	join " ", map { "$_=$d->{summary}{nameless}{$_}" } sort keys %{$d->{summary}{nameless}}')" \
	"no-c=1 rust=1"
is "report --json: each" "$(json '
	join " ", sort map { "$_->{file}:$_->{nameless}" } grep { $_->{nameless} } @{$d->{modules}}')" \
	"./plain.ko:no-c ./rusty.ko:rust"
ok "report --html" inspect report --html "$TMP/page" .
like "report --html: the page says why" "$(cat "$TMP/page")" "\"rust\":\"$in_rust\""
for m in plain:"$no_c" rusty:"$in_rust"; do
	ok "show ${m%%:*}" inspect show --base "$base" "${m%%:*}.ko"
	is "show ${m%%:*}: in the place of its verdict" \
		"$(grep '^BTF ' "$TMP/stdout")" "BTF        $what: ${m#*:}"
done
for m in both ramfs; do
	ok "show $m" inspect show --base "$base" $m.ko
	is "show $m: good" "$(grep '^BTF ' "$TMP/stdout")" "BTF        good"
done

# Bad or missing BTF needs no such reason.
"${OBJCOPY:-objcopy}" --remove-section .BTF "$TMP/m/plain.ko" "$TMP/m/none.ko"
printf '\0' | dd of="$TMP/bad" 2>/dev/null
"${OBJCOPY:-objcopy}" --update-section .BTF="$TMP/bad" "$TMP/m/plain.ko" "$TMP/m/bad.ko"
for m in none bad; do
	inspect check --base "$base" $m.ko
	unlike "check: $m: no note of names" "$(cat "$TMP/stdout")" "$what"
done
done_testing
