#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# The page of btfinspect report in a real browser: it sorts after a click and by its
# address, filters, does not execute names of modules, and logs no errors.

# shellcheck disable=SC2119 # functions called without arguments
# shellcheck source=tests/lib.sh
. "${0%/*}/../lib.sh"

for browser in chromium-headless-shell chromium chromium-browser; do
	have "$browser" && break
	browser=
done
[ -n "$browser" ] || skip_all "there is no chromium"

mini_first
d=$TMP/modules
mkdir -p "$d/<script>document.title='pwned'<"
for m in $(mini_modules); do
	cp "$OUT/$m.ko" "$d/${m##*/}.ko"
done
cp "$OUT/fs/ramfs.no-btf.ko" "$d/no-btf.ko"
cp "$OUT/fs/ramfs.no-btf.ko" "$d/<script>document.title='pwned'</script>.ko"
cp "$OUT/fs/ramfs.no-btf.ko" \
	"$d/\"'><img src=x onerror=document.title='pwned'>&lt;$(printf '\n\377').ko"
"$BTFINSPECT" report --sort name --html "$TMP/page.html" "$d" >"$TMP/stdout" ||
	bail_out "no report"
nr=$(($(mini_modules | wc -l) + 3))

# browse ADDRESS SCRIPT: write the final page to $TMP/dom, and the browser's console to
# $TMP/console. SCRIPT runs after that of the page; its calls of say() are lines in
# $TMP/said.
browse()
{
	cat "$TMP/page.html" - >"$TMP/$1" <<-END
	<pre id="said"></pre>
	<script>
	function say(s) {
		document.getElementById('said').textContent += s + '\\n';
	}
	function names() {
		return Array.from(document.querySelectorAll('#modules tbody tr'))
			.filter(row => !row.hidden)
			.map(row => row.cells[0].textContent);
	}
	function sizes() {
		return Array.from(document.querySelectorAll('#modules tbody tr'))
			.map(row => Number(row.cells[2].dataset.v));
	}
	function click(key) {
		document.querySelector('th[data-key=' + key + '] button').click();
	}
	function is_sorted(list, down) {
		return list.every((v, i) => !i ||
			(down ? list[i - 1] >= v : list[i - 1] <= v));
	}
	$3
	</script>
	END
	timeout 600 "$browser" --headless --no-sandbox --disable-gpu \
		--user-data-dir="$TMP/profile" --enable-logging=stderr \
		--virtual-time-budget=5000 --dump-dom "file://$TMP/$1$2" \
		>"$TMP/dom" 2>"$TMP/log"
	is "$1$2: the browser's status" $? 0
	is "$1$2: nothing on its console" "$(grep ':CONSOLE' "$TMP/log")" ''
	sed -n '/<pre id="said">/,/<\/pre>/p' "$TMP/dom" |
		sed 's/<pre id="said">//; s/<\/pre>.*//; /^$/d' >"$TMP/said"
}

browse plain.html '' "
	say(names().length);
	say(document.title);
	say(document.querySelectorAll('script').length);
	say(document.querySelectorAll('img').length);
	say(is_sorted(sizes(), true) || is_sorted(sizes(), false));
	say(document.getElementById('shown').textContent);"
is "as it is opened" "$(cat "$TMP/said")" "$nr
BTF of $d
3
0
false
$nr of $nr"

browse clicks.html '' "
	click('size');
	say(is_sorted(sizes(), true) && !is_sorted(sizes(), false));
	say(location.hash);
	click('size');
	say(is_sorted(sizes(), false) && !is_sorted(sizes(), true));
	say(location.hash);
	say(document.querySelector('th[aria-sort]').dataset.key);
	click('name');
	say(is_sorted(names(), false));
	click('name');
	say(is_sorted(names(), true));
	say(names().length);"
is "clicks on heads sort" "$(cat "$TMP/said")" "true
#sort=size
true
#sort=-size
size
true
true
$nr"

browse sorted.html '#sort=size' "
	say(is_sorted(sizes(), true) && !is_sorted(sizes(), false));"
is "sorted by the address" "$(cat "$TMP/said")" true

browse part.html '#show=not-encoded' "
	say(names().length);
	say(document.getElementById('shown').textContent);
	document.querySelector('a[href=\"#show=good\"]').click();
	addEventListener('hashchange', () => say(names().length));"
is "a part, and another by a click" "$(cat "$TMP/said")" "3
3 of $nr
$((nr - 3))"

browse found.html '#find=RAMFS' "
	say(names());
	find.value = 'no such';
	find.dispatchEvent(new Event('input'));
	say(names().length);"
is "by a part of the name" "$(cat "$TMP/said")" "ramfs.ko
0"

browse nonsense.html '#sort=nosuch&show=%22%3E&find=%3Cimg%20src=x%3E' "
	say(names().length);
	say(document.querySelectorAll('img').length);"
is "an address that makes no sense" "$(cat "$TMP/said")" "0
0"

browse names.html '' "
	say(names().filter(n => n.includes('\\u240a\\u00ff')).length);
	say(names().includes(\"<script>document.title='pwned'<\" +
			     '/script>.ko'));"
is "names are as they are" "$(cat "$TMP/said")" "1
true"

done_testing
