#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# The series of "make patches" in a real kernel tree: "git am" accepts it, the tree's
# checkpatch is quiet, and the tree builds after each commit, finally to the same modules as
# after apply.
#
# kernel.t has built the tree, of the release KERNEL_VERSION. The git directory is outside of
# the tree, since .git would change the kernel's release. tree.sh removes the commits, also
# after an interrupted run.

# shellcheck disable=SC2154,SC2317 # functions called by name, variables of tree.sh
# shellcheck source=tests/kernel/tree.sh
. "${0%/*}/tree.sh"

have git || skip_all "no git"
tree_start
OUT=$obj
helper=$obj/scripts/btfstage/btfstage
GIT_AUTHOR_NAME="Test Author"
GIT_AUTHOR_EMAIL=author@test.example
GIT_COMMITTER_NAME=$GIT_AUTHOR_NAME
GIT_COMMITTER_EMAIL=$GIT_AUTHOR_EMAIL
# Ignore the settings of the user
GIT_CONFIG_GLOBAL=/dev/null
GIT_CONFIG_NOSYSTEM=1
export GIT_CONFIG_GLOBAL GIT_CONFIG_NOSYSTEM
export GIT_AUTHOR_NAME GIT_AUTHOR_EMAIL GIT_COMMITTER_NAME GIT_COMMITTER_EMAIL

patches()
{
	"$ROOT/tools/patches/patches.sh" \
		--author "$GIT_AUTHOR_NAME <$GIT_AUTHOR_EMAIL>" "$src" "$TMP/patches"
}

# Only the files that the series touches: a kernel has 80,000.
tracked='.gitignore MAINTAINERS Makefile Documentation/kbuild/index.rst
	scripts/Makefile scripts/Makefile.modfinal scripts/Makefile.vmlinux
	scripts/link-vmlinux.sh
	scripts/package/builddeb scripts/package/install-extmod-build'
series_start()
{
	series_dir=$series
	series=$series.tmp
	git init -q --bare --template= "$series" &&
	for f in $tracked; do
		[ ! -f "$src/$f" ] || (cd "$src" && in_series add -f "$f") || return
	done &&
	(cd "$src" && in_series commit -q -m "$version") &&
	in_series tag base &&
	series=$series_dir &&
	mv "$series.tmp" "$series"
}

# Run git am in the tree.
am()
{
	(cd "$src" && in_series am -q "$1")
}

builds()
{
	ok "$1: builds" kbuild modules
	# shellcheck disable=SC2046 # a list of words
	is "$1: every module has BTF" "$(without_btf $(modules))" ""
	is "$1: and it is good" "$(checked)" "0 bad"
	row "$1: again, nothing to do" ""
}
checked()
{
	"$BTFINSPECT" report --base "$obj/vmlinux" "$obj" |
	grep -o '[0-9]* bad' | head -n 1
}

rm -rf "$series.tmp"
ok "patches" patches
is "checkpatch --strict is quiet" \
	"$("$ROOT/tools/patches/checkpatch.sh" "$src" "$TMP/patches" 2>&1)" ""
ok "a repository" series_start

# As stock makes them. An earlier run may have left what is linked already.
ok "an untouched tree builds" kbuild modules
find "$obj" -name '*.no-btf.ko*' -delete
all=$(modules)

for patch in "$TMP"/patches/000[1-9]-*.patch; do
	name=$(sed -n 's/^Subject: \[PATCH \(.\).*/\1/p' "$patch")
	name="commit $name"
	ok "$name: git am" am "$patch"
	is "$name: git has no remarks" "$(cat "$TMP/ok.log")" ""
	case $patch in
	*/0001-*)
		row "$name: all modules are linked to files of their own" "$all" LD BTF
		builds "$name"
		touch "$obj/vmlinux"
		row "$name: vmlinux touched" "$all" BTF
		row_args=LDFLAGS_MODULE=--build-id=none
		row "$name: link flags" "$all" LD BTF
		row "$name: again, nothing to do" ""
		row_args=
		row "$name: link flags as they were" "$all" LD BTF
		builds "$name"
		;;
	*/0002-*)
		ok "$name: builds" kbuild modules
		like "$name: vmlinux is linked" "$(cat "$LOG")" \
			"^  LD      $last_link\$"
		is "$name: no module is linked" "$(steps | grep ^LD)" ""
		builds "$name"
		;;
	*-btfstage-add-*)
		row "$name: nothing in the build uses it" ""
		ok "$name: the helper is built, and runs" "$helper" --version
		;;
	*-with-btfstage.patch)
		row "$name: no module is linked, but encoded by itself" "$all" PAHOLE BTF
		builds "$name"
		;;
	*)
		builds "$name"
		;;
	esac
done

# The same files after apply
like "apply leaves alone what came with a commit" "$(apply apply)" \
	'APPLIED .*, by a commit: left as it is'
mkdir "$TMP/base" "$TMP/tree"
in_series archive base | tar -C "$TMP/base" -x
in_series archive HEAD | tar -C "$TMP/tree" -x
cp "$src/Kbuild" "$src/Makefile" "$TMP/base"
cp "$src/scripts/Kbuild.include" "$TMP/base/scripts"
ok "apply to the same files" "$ROOT/tools/apply/apply.sh" apply "$TMP/base"
is "the series is what apply does, and documentation" \
	"$(diff -rq -x .btfstage -x Kbuild -x Makefile -x Kbuild.include "$TMP/base" "$TMP/tree" |
	   sed "s,$TMP/,,g")" \
"Only in tree/Documentation/kbuild: btfstage.rst
Files base/Documentation/kbuild/index.rst and tree/Documentation/kbuild/index.rst differ
Files base/MAINTAINERS and tree/MAINTAINERS differ"

restore_sources
ok "the commits are gone" test ! -e "$series" -a ! -e "$src/scripts/btfstage"
ok "and the text is as it was" \
	sh -c "! grep -q btfstage '$src/scripts/Makefile' '$src/scripts/Makefile.modfinal'"

done_testing
