#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# Headers for external modules: apply follows the links of Debian's layout, and
# shadow makes a tree of links

# shellcheck disable=SC2016 # make's variables, to be looked for
# shellcheck disable=SC2153,SC2154 # variables of tree.sh
# shellcheck source=/dev/null
. "${0%/*}/tree.sh"

make -s -C "$ROOT" btfstage || bail_out 'the helper does not build'

# Names of the files that are no links
no_links()
{
	(cd "$1" && find . -type f | sort)
}

modfinal=scripts/Makefile.modfinal

# Both trees of a shadow, or the one that it is
shadow_files()
{
	for dir in "$@"; do
		echo "$dir/$modfinal"
		echo "$dir/scripts/Makefile.btf-extmod"
		echo "$dir/scripts/btfstage/btfstage"
	done
}

test_debian()
{
	root=$TMP/$1
	debian_headers "$1" "$root"
	mkdir -p "$root/lib/modules/$1-amd64"
	ln -s "$flavour" "$root/lib/modules/$1-amd64/build"
	build=$root/lib/modules/$1-amd64/build
	snapshot "$root" >"$TMP/pristine"
	snapshot_times "$root" >"$TMP/times"
	no_links "$root" >"$TMP/names"

	ok "$1: diff" "$apply" diff "$build"
	ok "$1: diff writes nothing" same "$TMP/times" snapshot_times "$root"
	ok "$1: apply" "$apply" apply "$build"
	cp "$TMP/ok.log" "$TMP/said"
	is "$1: it says what it touches" "$(cat "$TMP/said")" \
"  TREE    $kbuild: the scripts of $flavour, and of all that link to it
  COPY    scripts/Makefile.btf-extmod
  EDIT    $modfinal
  COPY    scripts/btfstage/btfstage"
	ok "$1: scripts are edited" grep -q '^linked-ko := ' "$kbuild/$modfinal"
	ok "$1: the helper runs" "$flavour/scripts/btfstage/btfstage" --version
	is "$1: nothing else has come" "$(no_links "$root" | grep -v /.btfstage/)" \
		"$({ cat "$TMP/names"
		echo "./usr/lib/linux-kbuild-$1/scripts/Makefile.btf-extmod"
		echo "./usr/lib/linux-kbuild-$1/scripts/btfstage/btfstage"; } | sort)"
	snapshot_times "$root" >"$TMP/times"
	ok "$1: apply again" "$apply" apply "$common"
	like "$1: apply again: says so" "$(cat "$TMP/ok.log")" "APPLIED $kbuild"
	ok "$1: nothing was touched" same "$TMP/times" snapshot_times "$root"
	ok "$1: revert" "$apply" revert "$build"
	ok "$1: everything is as it was" same "$TMP/pristine" snapshot "$root"

	# A shadow
	out=$TMP/shadow-$1
	snapshot_times "$root" >"$TMP/times"
	ok "$1: shadow" "$apply" shadow "$build" "$out"
	ok "$1: shadow writes nothing into the headers" \
		same "$TMP/times" snapshot_times "$root"
	is "$1: shadow: what is not a link" "$(no_links "$out")" "$({
		echo ./.btfstage-shadow
		echo ./Makefile
		shadow_files . ./source
	} | sort)"
	is "$1: shadow: its Makefile" "$(cat "$out/Makefile")" \
		"include $out/source/Makefile"
	is "$1: shadow: a module was built with it" "$(cat "$TMP/built")" \
		"$out $out/source"
	for file in .config .kernelvariables include/config/auto.conf \
		    source/Makefile source/include/linux/list.h \
		    scripts/basic/fixdep source/scripts/Kbuild.include \
		    tools/objtool/objtool; do
		ok "$1: shadow has $file" test -e "$out/$file"
	done
	ok "$1: shadow: its script is edited" \
		grep -q '^linked-ko := ' "$out/source/$modfinal"
	snapshot_times "$out" >"$TMP/times"
	ok "$1: shadow again" "$apply" shadow "$flavour" "$out"
	ok "$1: nothing was touched" same "$TMP/times" snapshot_times "$out"

	# what an interrupted one has left, and headers that have changed
	rm "$out/Makefile" "$out/source/scripts/Kbuild.include"
	: >"$out/scripts/btfstage/btfstage"
	: >"$flavour/Module.symvers"
	rm -r "$flavour/arch"
	ok "$1: shadow of other headers" "$apply" shadow "$build" "$out"
	ok "$1: ... what was missing is there" \
		test -s "$out/Makefile" -a -e "$out/source/scripts/Kbuild.include"
	ok "$1: ... the helper is whole" "$out/scripts/btfstage/btfstage" --version
	ok "$1: ... a new file is there" test -e "$out/Module.symvers"
	fails "$1: ... one that is gone is not" test -L "$out/arch"

	# of headers that are applied
	"$apply" apply "$build" >/dev/null
	ok "$1: shadow of applied headers" "$apply" shadow "$build" "$TMP/of-$1"
	ok "$1: ... has the same script" \
		cmp "$kbuild/$modfinal" "$TMP/of-$1/source/$modfinal"
}

releases=$(kernel_sources)
[ -n "$releases" ] || skip_all 'no linux-source package is installed'
for release in $releases; do
	test_debian "$release"
done

# From 6.13 on a build directory names itself, in Debian's headers and in what kbuild
# writes there.
for line in KBUILD_OUTPUT= 'export KBUILD_OUTPUT = '; do
	rm -rf "$TMP/output" "$TMP/shadow-output" "$TMP/built"
	debian_headers "$release" "$TMP/output" "$line"
	ok "$line: shadow" "$apply" shadow "$flavour" "$TMP/shadow-output"
	is '... its Makefile' "$(sed 's/ *= */ = /' "$TMP/shadow-output/Makefile")" \
		"$(echo "$line" | sed 's/ *= *$//') = $TMP/shadow-output
include $TMP/shadow-output/source/Makefile"
	is '... builds in the shadow' "$(cat "$TMP/built")" \
		"$TMP/shadow-output $TMP/shadow-output/source"
done

# The module that a shadow is tried with: with nothing else set, with a compiler that
# is not there, with headers that are broken
out=$TMP/shadow-output
ok 'shadow: by way of make' make -j2 shadow KERNEL="$flavour" OUT="$out" srctree=/none
is '... leaves nothing behind' "$(find "$out" -name '*try*')" ''
cat >>"$common/Makefile" <<-'END'
override SHELL := /bin/sh
modules: compiled
compiled: ; @set -e; none-such-gcc -c
try.o: ; @echo would be compiled
END
ok 'shadow: no compiler' "$apply" shadow "$flavour" "$out"
fails '... is not there' make -C "$out" M="$TMP" modules
sed -i 's/^try\.o:.*/& ; none-such-as/; s/^compiled:.*/compiled: ; @set -e; none-such.d\/fixdep/' \
	"$common/Makefile"
ok 'shadow: headers without a tool' refused \
	'output: no module can be built with it: .*fixdep: not found' \
	"$TMP/output" "$apply" shadow "$flavour" "$out"
sed -i 's/^compiled:.*/compiled: ; $(error is broken)/' "$common/Makefile"
ok 'shadow: headers that do not build' refused \
	'output: no module can be built with it: .*\*\*\* is broken' \
	"$TMP/output" "$apply" shadow "$flavour" "$out"

# Headers in one directory, as "make bindeb-pkg" packs them
flat=$TMP/flat
flat_get()
{
	rm -rf "$flat"
	tree_get "$release" "$flat"
	rm -r "$flat/Kbuild" "$flat/scripts/link-vmlinux.sh" "$flat/scripts/package"
	kernel_makefile >"$flat/Makefile"
}
flat_get
snapshot "$flat" >"$TMP/pristine"
ok 'one directory: apply' "$apply" apply "$flat"
ok '... the helper runs' "$flat/scripts/btfstage/btfstage" --version
ok '... without its sources' test ! -e "$flat/scripts/btfstage/main.c"
ok '... apply again' "$apply" apply "$flat"
ok '... revert' "$apply" revert "$flat"
ok '... everything is as it was' same "$TMP/pristine" snapshot "$flat"
ok '... shadow' "$apply" shadow "$flat" "$TMP/shadow"
is '... what is not a link' "$(no_links "$TMP/shadow")" "$({
	echo ./.btfstage-shadow
	shadow_files .
} | LC_ALL=C sort)"
ok '... its Makefile is a link' test "$(readlink "$TMP/shadow/Makefile")" = "$flat/Makefile"

"$apply" apply "$flat" >/dev/null
rm -r "$flat/.btfstage"
like 'headers that a package has applied' "$("$apply" apply "$flat")" \
	'APPLIED .*, by a commit: left as it is'
rm -r "$flat/scripts/btfstage"
ok '... without the helper' refused 'scripts/btfstage is missing' \
	"$flat" "$apply" apply "$flat"

# shadow refuses

flat_get
mkdir "$TMP/full" "$TMP/in the way" "$TMP/other"
: >"$TMP/full/file"
ok 'shadow: a directory with files' refused 'full: exists, and is not from btfstage' \
	"$TMP/full" "$apply" shadow "$flat" "$TMP/full"
ok 'shadow: a file' refused 'file: not a directory' \
	"$TMP/full" "$apply" shadow "$flat" "$TMP/full/file"
ok 'shadow: a path with spaces' refused 'without spaces' \
	"$TMP/in the way" "$apply" shadow "$flat" "$TMP/in the way"
ok 'shadow: of another tree' refused 'the shadow of another tree' \
	"$TMP/shadow-$release" "$apply" shadow "$flat" "$TMP/shadow-$release"
ok 'shadow: inside of the tree' refused 'is inside of the tree' \
	"$flat" "$apply" shadow "$flat" "$flat/new"
ok 'shadow: no tree' refused 'not a kernel tree' \
	"$TMP/other" "$apply" shadow "$TMP/other" "$TMP/new"
ok 'shadow: no directory' refused 'none: no such directory' \
	"$TMP/other" "$apply" shadow "$TMP/none" "$TMP/new"
echo "include /nowhere/Makefile" >"$TMP/other/Makefile"
ok 'shadow: half a tree' refused 'includes a Makefile that is not there' \
	"$TMP/other" "$apply" shadow "$TMP/other" "$TMP/new"
sed -i 's/^%\.ko: /%.ok: /' "$flat/$modfinal"
ok 'shadow: unknown text' refused 'no rule for %.ko' \
	"$flat" "$apply" shadow "$flat" "$TMP/new"
ok 'shadow: no OUT' status 2 "$apply" shadow "$flat"
ok 'apply: of a shadow' refused 'a shadow of .*flat' \
	"$TMP/shadow" "$apply" apply "$TMP/shadow"

# apply refuses in headers

debian_headers "$release" "$TMP/split"
rm "$common/scripts" "$common/tools"
mkdir "$common/scripts"
cp "$kbuild"/scripts/[MK]* "$common/scripts"
rm "$common/scripts/Makefile.modfinal"
ln -s "../../../lib/linux-kbuild-$release/scripts/Makefile.modfinal" \
	"$common/scripts"
ok 'a script that is a link' refused 'a link to another place; try make shadow' \
	"$TMP/split" "$apply" apply "$common"

done_testing
