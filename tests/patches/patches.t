#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# make patches: "git am" accepts the series, it does what apply does, and the tree's
# checkpatch is quiet
#
# tests/kernel/patches.t builds the commits.

# shellcheck disable=SC2016 # for an inner shell
# shellcheck disable=SC2154 # variables of tree.sh
# shellcheck disable=SC2317 # functions are called by "ok"
# shellcheck source=/dev/null
. "${0%/*}/../apply/tree.sh"

have git || skip_all 'no git'
patches=$ROOT/tools/patches/patches.sh
checkpatch=$ROOT/tools/patches/checkpatch.sh

# Who this is, and nothing else that is set on this machine
HOME=$TMP/home
mkdir "$HOME"
git config --global user.name 'Test Author'
git config --global user.email author@test.example
GIT_CONFIG_NOSYSTEM=1
SOURCE_DATE_EPOCH=1700000000
export HOME GIT_CONFIG_NOSYSTEM SOURCE_DATE_EPOCH
unset EMAIL GIT_AUTHOR_NAME GIT_AUTHOR_EMAIL GIT_COMMITTER_NAME GIT_COMMITTER_EMAIL
me='Test Author <author@test.example>'

git_init()
{
	git -C "$1" init -q && git -C "$1" add -Af . &&
	git -C "$1" commit -q -m 'as it is' && git -C "$1" tag base
}

# touched COMMIT: files, without what is in it of the helper
touched()
{
	git -C "$tree" show --format= --name-only "$1" |
	sed 's,^scripts/btfstage/.*,scripts/btfstage/,' | sort -u | xargs
}

test_release()
{
	tree="$TMP/linux $1"
	out=$TMP/patches-$1
	if ! tree_get "$1" "$tree" MAINTAINERS Documentation/kbuild/index.rst \
			scripts/checkpatch.pl scripts/spelling.txt \
			scripts/const_structs.checkpatch; then
		skip "$1" "linux-source-$1 is not installed"
		return
	fi
	tree_link "$tree" "$TMP/applied"
	snapshot_times "$tree" >"$TMP/times"
	ok "$1: patches" "$patches" "$tree" "$out"
	is "$1: it tells their names" "$(cat "$TMP/ok.log")" \
		"$(find "$out" -name '*.patch' | sort)"
	ok "$1: the tree is not written to" same "$TMP/times" snapshot_times "$tree"
	is "$1: six of them, and a cover letter" "$(find "$out" -type f | wc -l)" 7

	git_init "$tree"
	ok "$1: git am" git -C "$tree" am -q "$out"/000[1-9]-*.patch
	is "$1: git am has no remarks" "$(cat "$TMP/ok.log")" ''
	is "$1: nothing is left over" "$(git -C "$tree" status --porcelain)" ''
	is "$1: the commits" "$(git -C "$tree" log --format=%s --reverse base..)" \
"kbuild: link a module to a file of its own
kbuild: encode the types of vmlinux into a file of their own
btfstage: add BTF to a linked module
kbuild: add BTF to modules with btfstage
kbuild: pack vmlinux's types with the headers for external modules
Documentation: kbuild: describe the BTF of modules"
	is "$1: what they touch" "$(for i in 5 4 3 2 1 0; do touched HEAD~$i; done)" \
".gitignore Makefile scripts/Makefile.modfinal
scripts/link-vmlinux.sh
MAINTAINERS scripts/Makefile scripts/btfstage/
MAINTAINERS scripts/Makefile.btf-extmod scripts/Makefile.modfinal
$package
Documentation/kbuild/btfstage.rst Documentation/kbuild/index.rst MAINTAINERS"

	# The first one alone: the tree's own commands, done to a copy
	first=$TMP/first
	git -C "$tree" show HEAD~5:scripts/Makefile.modfinal >"$first"
	is "$1: the first patch calls the tree's own tools, but for a file's name" \
		"$(sed -n '/PAHOLE) -J/p; /RESOLVE_BTFIDS)/p' "$first" |
		   sed 's/\$(tmp-target)/$@/; s/[[:space:]]*\\*$//; s/^[[:space:]]*//')" \
		"$(sed -n '/PAHOLE) -J/p; /RESOLVE_BTFIDS)/p' "$TMP/applied/scripts/Makefile.modfinal" |
		   sed 's/[[:space:]]*\\*$//; s/^[[:space:]]*//')"
	fails "$1: ... knows nothing of btfstage" grep -q btfstage "$first"
	is "$1: ... has no place that was not filled" "$(grep '@[A-Z]' "$first")" ''

	# The sizes in the cover letter
	is "$1: the cover letter has the size of each patch" \
		"$(sed -n 's/^ *[0-9]  *+\([0-9]*\)  *-\([0-9]*\)  [^ ].*/\1 \2/p' \
			"$out/0000-cover-letter.patch")" \
		"$(for i in 5 4 3 2 1 0; do
			git -C "$tree" show --format= --numstat HEAD~$i |
			awk '{ a += $1; r += $2 } END { print a, r }'
		done)"
	is "$1: ... and nothing that is to be filled in" \
		"$(grep -F '***' "$out/0000-cover-letter.patch")" ''

	is "$1: by whom" \
		"$(git -C "$tree" log --format='%an <%ae>, %(trailers:key=Signed-off-by,valueonly)' base.. | sed '/^$/d' | sort -u)" \
		"$me, $me"

	# The same as apply, but for what only the series has
	ok "$1: apply" "$apply" apply "$TMP/applied"
	is "$1: the result is that of apply" \
		"$(diff -r -x .git -x .btfstage "$TMP/applied" "$tree" | grep -v '^[<>0-9-]' |
		   sed "s,$TMP/,,g; s/[\"']//g")" \
"Only in linux $1/Documentation/kbuild: btfstage.rst
diff -r -x .git -x .btfstage applied/Documentation/kbuild/index.rst linux $1/Documentation/kbuild/index.rst
diff -r -x .git -x .btfstage applied/MAINTAINERS linux $1/MAINTAINERS"
	is "$1: modes are as they were" \
		"$(git -C "$tree" diff --summary base | grep -v 'create mode 100644')" ''
	is "$1: MAINTAINERS has an entry more, and nothing less" \
		"$(git -C "$tree" diff base -- MAINTAINERS | grep '^[+-]' | sed 1,2d)" \
"+BTFSTAGE (BTF OF MODULES)
+M:	$me
+L:	linux-kbuild@vger.kernel.org
+L:	bpf@vger.kernel.org
+S:	Maintained
+F:	Documentation/kbuild/btfstage.rst
+F:	scripts/Makefile.btf-extmod
+F:	scripts/btfstage/
+"
	is "$1: in the order of the alphabet" \
		"$(awk '/^Maintainers List/ { on = 1 }
			on && was == "" && /^[0-9A-Z]/ && /^B[RST]/ { print }
			{ was = $0 }' "$tree/MAINTAINERS" | grep -A1 -B1 '^BTFSTAGE' |
		   LC_ALL=C sort -c 2>&1)" ''
	is "$1: the index has the page, once" \
		"$(git -C "$tree" diff base -- Documentation/kbuild/index.rst |
		   grep '^[+-] ')" '+    btfstage'
	# Of a tree that apply was used on
	ok "$1: patches of an applied tree" \
		"$patches" "$TMP/applied" "$TMP/again"
	ok "$1: ... are the same" diff -r "$out" "$TMP/again"
	ok "$1: of one with the series they are refused" refused \
		'btfstage came with a commit' "$tree" "$patches" "$tree" "$TMP/none"
	fails "$1: ... and there are none" test -e "$TMP/none"
	rm -rf "$TMP/applied" "$TMP/again"
}

test_release 6.1
test_release 6.12
linux="$TMP/linux 6.12"
[ -d "$linux" ] || done_testing

git -C "$linux" checkout -q base
rm -rf "$linux/.git"
# By these it knows a kernel tree.
for file in COPYING CREDITS README; do
	: >"$linux/$file"
done
for dir in arch include drivers fs init ipc kernel lib; do
	mkdir "$linux/$dir"
done
is 'checkpatch --strict is quiet' \
	"$("$checkpatch" "$linux" "$out" 2>&1 || echo "exit status $?")" ''
sed '/^Signed-off-by/d' "$out"/0006-* >"$TMP/0006-unsigned.patch"
fails '... not always' "$checkpatch" "$linux" "$TMP"

# --- the messages
message()
{
	sed -n '/^Subject:/,/^---$/p' "$1"/0003-*
}
for step in 'pahole --btf_base + resolve_btfids' 'pahole --btf_encode_detached'; do
	figure=$(sed -n "/^<!-- ko -->/,/^<!-- end/s/^| $step *| *\([0-9.]*\) .*/\1/p" \
		docs/speed.md)
	like "the figure for $step is in a document" "$figure" '^[0-9]+\.[0-9]+$'
	is '... and in the message' \
		"$(message "$out" | grep -c "^  $step  *$figure\$")" 1
done
# patches.sh refuses a message with a name that is left, see below.
like 'the cover letter has figures' \
	"$(sed -n '/^For kbuild/,/^Lines added/p' "$out/0000-cover-letter.patch")" \
	'take [0-9,]+ KB instead of [0-9,]+'
project=$TMP/project
mkdir -p "$project/tools"
cp -R scripts docs "$project"
cp -R tools/apply tools/btfstage tools/patches "$project/tools"
sed -i '/^| pahole --btf_base + res/s/|  *[0-9.]* |/| 1234.5 |/' \
	"$project/docs/speed.md"
other=$project/tools/patches/patches.sh
ok 'another figure in the document' "$other" "$linux" "$TMP/other"
like '... is another one in the message' "$(message "$TMP/other")" ' 1234\.5$'
sed -i '/^| pahole --btf_base + res/d' "$project/docs/speed.md"
ok '... and none is refused' refused 'docs: no figure for @stock@' "$linux" \
	"$other" "$linux" "$TMP/none"

# --- whose
ok 'an author' "$patches" --author "Jo O'Hara <jo@test.example>" "$linux" "$TMP/jo"
is '... is in all of them' "$(grep -c "Jo O'Hara <jo@test.example>" "$TMP"/jo/* |
	sed 's/.*://' | xargs)" '1 2 2 3 3 2 3'
for author in Jo '<jo@test.example>' 'Jo <jo>' 'jo@test.example'; do
	ok "an author is not: $author" refused 'an author is NAME <ADDRESS>' \
		"$linux" "$patches" --author "$author" "$linux" "$TMP/none"
done
rm "$HOME/.gitconfig"
cd "$TMP" || exit
ok 'nobody is made up' refused 'git does not know who you are' "$linux" \
	"$patches" "$linux" "$TMP/none"
cd "$ROOT" || exit

# --- where to
by="Jo <jo@test.example>"
fails 'what is refused leaves nothing' test -e "$TMP/none"
: >"$TMP/jo/0099-old.patch"
ok 'an earlier series' "$patches" --author "$by" "$linux" "$TMP/jo"
is '... is replaced' "$(find "$TMP/jo" -type f | wc -l)" 7
: >"$TMP/jo/file"
ok 'another file there' refused 'jo: has files that are no patches' \
	"$TMP/jo" "$patches" --author "$by" "$linux" "$TMP/jo"
ok 'a file in its place' refused 'file: not a directory' \
	"$TMP/jo" "$patches" --author "$by" "$linux" "$TMP/jo/file"
ok 'a relative name' sh -c 'cd "$1" && "$2" --author "$3" "$4" series' sh \
	"$TMP/home" "$patches" "$by" "$linux"
is '... counts from here' "$(find "$TMP/home/series" -type f | wc -l)" 7
ok 'by way of make' make patches KERNEL="$linux" OUT="$TMP/by make" AUTHOR="$by"
ok '... is the same' diff -r "$TMP/home/series" "$TMP/by make"
ok 'no OUT' status 2 "$patches" "$linux"

# --- a release in which vmlinux's types are in a file of their own already
cp "$linux/scripts/link-vmlinux.sh" "$TMP/saved"
sed -i '/^gen_btf()/,/^}/d; s,if ! gen_btf,if ! ${srctree}/scripts/gen-btf.sh,' \
	"$linux/scripts/link-vmlinux.sh"
ok 'a release with gen-btf.sh' "$patches" --author "$by" "$linux" "$TMP/home/series"
is '... has a patch for the last link alone' \
	"$(find "$TMP/home/series" -name '*.patch' -printf '%f\n' | sort | cut -c -25)" \
"0000-cover-letter.patch
0001-kbuild-link-a-module
0002-kbuild-link-vmlinux-
0003-btfstage-add-BTF-to-
0004-kbuild-add-BTF-to-mo
0005-kbuild-pack-vmlinux-
0006-Documentation-kbuild"
is '... which adds as much' "$(sed -n 's/^ *2  *\(+[0-9]* *-[0-9]*\)  .*/\1/p' \
	"$TMP/home/series/0000-cover-letter.patch" | xargs)" '+4 -0'
cp "$TMP/saved" "$linux/scripts/link-vmlinux.sh"

# --- what is refused
refuses()
{
	ok "$1" refused "$2" "$linux" "$patches" --author "$by" "$linux" "$TMP/none"
}
mv "$linux/MAINTAINERS" "$TMP/saved"
refuses 'no MAINTAINERS' 'MAINTAINERS: there is none; is this a kernel source tree'
echo 'nothing' >"$linux/MAINTAINERS"
refuses 'not those of a kernel' 'MAINTAINERS: has no place for us'
mv "$TMP/saved" "$linux/MAINTAINERS"
mv "$linux/Kbuild" "$TMP/saved"
refuses 'headers' 'headers for external modules, not a source tree'
mv "$TMP/saved" "$linux/Kbuild"
mkdir -p "$linux/scripts/btfstage"
echo mine >"$linux/scripts/btfstage/main.c"
refuses 'a helper of others' 'btfstage/main.c: is not from btfstage, or was edited since'
rm -r "$linux/scripts/btfstage"
sed -i 's/^%\.ko: /%.ok: /' "$linux/scripts/Makefile.modfinal"
refuses 'unknown text' 'no rule for %.ko'
ok 'no tree' status 1 "$patches" --author "$by" "$TMP/nowhere" "$TMP/none"
fails 'nothing is left of what was refused' test -e "$TMP/none"

done_testing
