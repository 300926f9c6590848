#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# btfinspect report: the modules of a build without BTF, and why; lines, JSON and a page,
# for any names of modules.

# shellcheck disable=SC2119 # functions called without arguments
# shellcheck disable=SC2016 # dollars of Perl
# shellcheck source=tests/lib.sh
. "${0%/*}/../lib.sh"

need bpftool

mini_first
base=$OUT/.btf.vmlinux.base

# report STATUS NAME ARG...: exit status, with what is printed in $TMP/stdout, stderr
report()
{
	report_status=$1
	report_name=$2
	shift 2
	"$BTFINSPECT" report "$@" >"$TMP/stdout" 2>"$TMP/stderr"
	is "$report_name: status" $? "$report_status"
}

# The table's last part, without its head and what it says of a module
rows()
{
	awk '/^ *BYTES/ { on = 1; next } on' "$TMP/stdout" | sed 's/: .*//'
}

# --- a good build
nr=$(mini_modules | wc -l | tr -d ' ')
report 0 "a build" --base "$base" "$OUT"
is "a build: nothing else is said" "$(cat "$TMP/stderr")" ''
is "a build: numbers come first" "$(head -n 1 "$TMP/stdout")" \
	"$nr modules: $nr with BTF, 0 without, 0 bad, 0 unreadable"
is "a build: each module once" "$(rows | awk '{ print $6 }' | sort)" \
	"$(mini_modules | sed 's/$/.ko/' | sort)"
is "a build: largest first" "$(rows | awk '{ print $1 }')" \
	"$(rows | awk '{ print $1 }' | sort -rn)"
report 0 "by name" --sort name "$OUT"
is "by name: their order" "$(rows | awk '{ print $6 }')" \
	"$(mini_modules | sed 's/$/.ko/' | sort)"
is "all of it is aligned" "$(rows | sed -E 's/[^ ]+$//; s/[0-9-]/x/g' |
	awk '{ print length($0) }' | sort -u | wc -l | tr -d ' ')" 1
report 0 "JSON" --json "$OUT"
for m in $(mini_modules); do
	all=$(bpftool btf dump file "$OUT/$m.no-btf.ko.btf" 2>"$TMP/err" | grep -c '^\[')
	is "$m: types of its own and found are all" \
		"$(json "my (\$m) = grep { \$_->{file} eq '$OUT/$m.ko' } @{\$d->{modules}}; \$m->{types} + \$m->{types_found}")" \
		"$all"
done
(cd "$OUT" && "$BTFINSPECT" report - <modules.order) >"$TMP/stdout"
like "modules.order" "$(cat "$TMP/stdout")" "^$nr modules: $nr with BTF"

# --- one that has all there can be
d="$TMP/many modules"
mkdir -p "$d/a/b" "$d/<script>alert(1)<"
none=$OUT/fs/ramfs.no-btf.ko
cp "$OUT/fs/ramfs.ko" "$OUT/net/loop.ko" "$d/a/b"
cp "$OUT/fs/ramfs.no-btf.ko" "$d/a/b/x.no-btf.ko"
cp "$none" "$d/a/not-encoded.ko"
"${OBJCOPY:-objcopy}" --strip-debug "$none" "$d/a/stripped.ko"
cp "$none" "$d/a/marked.ko"
echo '# no BTF: built without debug information' >"$d/a/marked.no-btf.ko.btf"
cp "$none" "$d/a/not-added.ko"
cp "$OUT/fs/ramfs.no-btf.ko.btf" "$d/a/not-added.no-btf.ko.btf"
cp "$OUT/drivers/probe.no-btf.ko" "$d/a/ids.ko"
cp "$none" "$d/<script>alert(1)</script>&\"'.ko"
cp "$none" "$d/$(printf 'new\nline\033[31m\377\302\233.ko')"
head -c 3000 "$OUT/fs/ramfs.ko" >"$d/cut.ko"
printf '\375\067\172\130\132\000' >"$d/packed.ko.xz"
ln -s nowhere "$d/dangling.ko"

report 3 "many" "$d"
is "many: numbers" "$(sed -n '1,/^BTF:/p' "$TMP/stdout" | grep -v ^BTF)" \
	"12 modules: 2 with BTF, 7 without, 1 bad, 2 unreadable
  1 without: built without debug information
  1 without: has no debug information: built without, or stripped
  4 without: has debug information, but no BTF was made from it
  1 without: its types were encoded, but not added (no vmlinux?)"
for line in 'no-btf +a/marked\.ko: built without' \
	    'no-btf +a/stripped\.ko: has no debug' \
	    'no-btf +a/not-encoded\.ko: has debug' \
	    'no-btf +a/not-added\.ko: its types were' \
	    'bad +cut\.ko: section header' \
	    'unreadable +packed\.ko\.xz: is compressed with xz, and truncated$' \
	    'unreadable +dangling\.ko: cannot open' \
	    'no-btf +<script>alert\(1\)</script>&"'"'"'\.ko: ' \
	    'no-btf +new\?line\?\[31m'; do
	like "many: $line" "$(cat "$TMP/stdout")" "^$line"
done
like "many: ids" "$(cat "$TMP/stdout")" \
	'^\.BTF_ids: 5 ids, 5 unresolved in 1 modules$'
cp "$TMP/stdout" "$TMP/piped"
if have script; then
	script -qec "'$BTFINSPECT' report '$d'" "$TMP/typescript" \
		</dev/null 2>&1 | tr -d '\r' >"$TMP/terminal"
	ok "the same on a terminal" cmp "$TMP/terminal" "$TMP/piped"
else
	skip "the same on a terminal" "no script"
fi
rm "$d/packed.ko.xz" "$d/dangling.ko"
report 1 "a bad one" "$d"
rm "$d/cut.ko"
report 0 "none is bad" "$d"

report 0 "many, JSON" --json --base "$base" "$d"
is "many, JSON: numbers" \
	"$(json 'my $s = $d->{summary}; join " ", map { $s->{$_} } qw(modules good no_btf ids_unresolved)')" \
	"9 2 7 5"
is "many, JSON: why" \
	"$(json 'my $w = $d->{summary}{no_btf_why}; join ",", map { "$_=$w->{$_}" } sort keys %$w')" \
	"built-without-debug-info=1,no-debug-info=1,not-added=1,not-encoded=4"
is "many, JSON: names of any bytes" \
	"$(json 'scalar grep { $_->{file} =~ /new\nline\e\[31m\xff\x{9b}\.ko$/ || $_->{file} =~ m,/<script>alert\(1\)</script>&"\x27\.ko$, } @{$d->{modules}}')" 2

# --- the page
report 0 "a page" --html "$TMP/page.html" "$d"
is "a page: only numbers besides" "$(grep -c MODULE "$TMP/stdout")" 0
report 0 "what is in a page" --json "$d"
is "a page: the report that --json prints is in it" \
	"$(perl -e 'local $/; my ($page, $json) = map { open my $f, "<", $_ or die; <$f> } @ARGV;
	   print index($page, $json) > 0 ? "yes" : "no"' "$TMP/page.html" "$TMP/stdout")" yes
is "a page: data and script" "$(grep -c '<script' "$TMP/page.html")" 2
is "a page: nothing from elsewhere" \
	"$(grep -Eic 'src=|https?:|url\(|@import' "$TMP/page.html")" 0
ok "a page: UTF-8" perl -e 'local $/; open my $f, "<", $ARGV[0] or die;
	my $s = <$f>; utf8::decode($s) or die; $s =~ /[\x00-\x09\x0b-\x1f\x7f-\x9f]/ and die' \
	"$TMP/page.html"
is "a page: by umask" "$(umask 027; "$BTFINSPECT" report --html "$TMP/mode.html" \
	"$d" >"$TMP/stdout"; stat -c %a "$TMP/mode.html")" 640
cp "$TMP/page.html" "$TMP/good.html"
report 0 "a page, again" --html "$TMP/page.html" "$d"
ok "a page, again: the same bytes" cmp "$TMP/good.html" "$TMP/page.html"
report 3 "a page that cannot be written" --html "$TMP/nosuch/page.html" "$d"
like "a page that cannot be written: why" "$(cat "$TMP/stderr")" \
	'^btfinspect: .*/nosuch/page\.html: cannot create'
report 0 "a page and JSON" --json --html "$TMP/page.html" "$d"
is "a page and JSON: both" "$(json '$d->{summary}{modules}')" 9

# --- usage, and what cannot be read
for args in '' '--sort x y' '--nosuch x' '--base'; do
	# shellcheck disable=SC2086 # a list of words
	"$BTFINSPECT" report $args >"$TMP/stdout" 2>"$TMP/stderr"
	is "'report $args' is wrong usage" $? 2
done
mkdir "$TMP/empty"
report 3 "no modules" "$TMP/empty"
like "no modules: why" "$(cat "$TMP/stderr")" 'empty: contains no modules$'
report 3 "no base" --base "$TMP/nosuch" "$d"
like "no base: why" "$(cat "$TMP/stderr")" '/nosuch: cannot open: No such file'
if [ -c /dev/full ]; then
	"$BTFINSPECT" report "$d" >/dev/full 2>"$TMP/stderr"
	is "a full disk: status" $? 3
	is "a full disk: why" "$(cat "$TMP/stderr")" \
		"btfinspect: standard output: cannot write: No space left on device"
fi

done_testing
