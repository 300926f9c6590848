#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# Write what apply does to a kernel tree as a series of patches for "git am"
#
#	patches.sh [--author "NAME <ADDRESS>"] KERNELDIR OUT
#
# The files come from "apply.sh export". The patches are made in a repository of these
# files alone, so the tree is not written to, and need not be a git repository.
#
# first.mk	the rules of the first patch, for the tree's own tools
# NAME.msg	messages, with @NAME@ for a figure; cover.msg is for the cover letter
# figures.awk	the figures, from docs/
# btfstage.rst	becomes Documentation/kbuild/btfstage.rst
# checkpatch.sh	runs the tree's checkpatch on the series

set -eu

me=$(cd -P -- "$(dirname -- "$0")" && pwd -P)
root=${me%/*/*}
apply=$root/tools/apply/apply.sh

usage()
{
	cat <<-END
	Usage: patches.sh [--author "NAME <ADDRESS>"] KERNELDIR OUT

	Write a series of patches for "git am" to the directory OUT. It does to
	KERNELDIR what "apply.sh apply" does, and adds documentation.

	      --author AUTHOR  author, also for Signed-off-by and MAINTAINERS (default:
	                       that of git)

	Exit status: 0 done, 1 refused or failed, 2 wrong usage
	END
}

die()
{
	echo >&2 "patches: $*"
	exit 1
}

author=
case "${1-}" in
-h|--help)
	usage
	exit
	;;
--author)
	author=${2-}
	[ -n "$author" ] || { usage >&2; exit 2; }
	shift 2
	;;
esac
[ $# -eq 2 ] || { usage >&2; exit 2; }

command -v git >/dev/null || die "needs git"

# Do not let git make up an address from the name of the machine.
if [ -z "$author" ]; then
	author=$(git -c user.useConfigOnly=true var GIT_AUTHOR_IDENT 2>/dev/null) ||
		die "git does not know who you are: git config user.name and" \
		    "user.email, or name an author"
	author=${author%>*}\>
fi
name=${author% <*}
address=${author##*<}
address=${address%>}
case $author in
?*" <"?*@?*">")	;;
*)		die "$author: an author is NAME <ADDRESS>" ;;
esac

[ -d "$1" ] || die "$1: no such directory"
kernel=$(cd -P -- "$1" && pwd -P)
case $2 in
/*)	out=$2 ;;
*)	out=$PWD/$2 ;;
esac
for file in MAINTAINERS Documentation/kbuild/index.rst; do
	[ -f "$kernel/$file" ] ||
		die "$kernel/$file: there is none; is this a kernel source tree?"
done
# Replace an earlier series, and nothing else.
if [ -e "$out" ]; then
	[ -d "$out" ] || die "$out: not a directory"
	[ -z "$(find "$out" -mindepth 1 ! -name '00[0-9][0-9]-*.patch')" ] ||
		die "$out: has files that are no patches"
fi

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
trap 'exit 1' HUP INT PIPE TERM

"$apply" export "$kernel" "$work/full"
new=$work/full/b

# Ignore all other settings.
GIT_CONFIG_GLOBAL=/dev/null
GIT_CONFIG_NOSYSTEM=1
GIT_AUTHOR_NAME=$name
GIT_AUTHOR_EMAIL=$address
GIT_AUTHOR_DATE="${SOURCE_DATE_EPOCH:-$(date +%s)} +0000"
GIT_COMMITTER_NAME=$name
GIT_COMMITTER_EMAIL=$address
GIT_COMMITTER_DATE=$GIT_AUTHOR_DATE
export GIT_CONFIG_GLOBAL GIT_CONFIG_NOSYSTEM
export GIT_AUTHOR_NAME GIT_AUTHOR_EMAIL GIT_AUTHOR_DATE
export GIT_COMMITTER_NAME GIT_COMMITTER_EMAIL GIT_COMMITTER_DATE
unset GIT_DIR GIT_WORK_TREE GIT_INDEX_FILE

mkdir "$work/tree"
cd "$work/tree"
cp -Rp "$work/full/a/." .
mkdir -p Documentation/kbuild
cp "$kernel/MAINTAINERS" .
cp "$kernel/Documentation/kbuild/index.rst" Documentation/kbuild
git init -q --template= .
git add -Af .
git commit -q -m 'The tree as it is'

awk -f "$me/figures.awk" "$root/docs/speed.md" "$root/docs/comparison.md" \
	>"$work/figures"

# put FILE...: copy those of them that apply edits or adds in this tree
put()
{
	for file; do
		[ -e "$new/$file" ] || continue
		mkdir -p "$(dirname "$file")"
		cp -Rp "$new/$file" "$(dirname "$file")"
	done
}

# put_first: add the rules of the first patch
put_first()
{
	file=scripts/Makefile.modfinal
	awk -v file=$file -f "$root/tools/apply/shapes.awk" \
		-f "$root/tools/apply/edit.awk" \
		ours=1 "$me/first.mk" ours= "$work/full/a/$file" >"$work/edited" ||
		die "$kernel/$file: cannot be edited for the first patch"
	cat "$work/edited" >$file
}

# edit FILE PROGRAM [VARIABLE=VALUE]...
edit()
{
	file=$1
	program=$2
	shift 2
	LC_ALL=C awk -f "$me/$program" "$@" "$file" >"$work/edited" ||
		die "$kernel/$file: has no place for us"
	cat "$work/edited" >"$file"
}

# message NAME: insert figures
message()
{
	sed -f "$work/figures" "$me/$1" >"$work/message"
	missing=$(grep -o '@[a-z_]*@' "$work/message" | sort -u | tr '\n' ' ')
	[ -z "$missing" ] || die "docs: no figure for $missing"
}

# commit MESSAGE: unless there is nothing to commit
commit()
{
	git add -Af .
	! git diff --cached --quiet || return 0
	message "$1"
	git commit -q -s -F "$work/message"
}

maintainers()
{
	edit MAINTAINERS maintainers.awk "who=$name <$address>" "file=$1"
}

# The tree builds after each of these commits.
put_first
put .gitignore Makefile
commit first.msg
put scripts/link-vmlinux.sh scripts/Makefile.vmlinux
# In trees with gen-btf.sh, vmlinux's types already are in a file of their own.
if grep -q '^btf_object()' scripts/link-vmlinux.sh; then
	commit vmlinux.msg
else
	commit last_link.msg
fi
put scripts/btfstage scripts/Makefile
maintainers scripts/btfstage/
commit tool.msg
put scripts/Makefile.modfinal scripts/Makefile.btf-extmod
maintainers scripts/Makefile.btf-extmod
commit rules.msg
put scripts/package
commit headers.msg
cp "$me/btfstage.rst" Documentation/kbuild
edit Documentation/kbuild/index.rst index.awk
maintainers Documentation/kbuild/btfstage.rst
commit documentation.msg

base=$(git rev-list --max-parents=0 HEAD)
git format-patch -q --zero-commit --no-signature --cover-letter -o "$work/patches" "$base"

# The number of lines that each of them adds and removes
message cover.msg
echo >>"$work/message"
git log --reverse --numstat --format='%n%s' "$base.." | awk '
	/^[0-9]+\t/ { added += $1; removed += $2; next }
	NF { print_one(); subject = $0 }
	END { print_one() }
	function print_one()
	{
		if (subject != "")
			printf "  %2d  %5s  %4s  %s\n", ++n, "+" added, "-" removed, subject
		added = removed = 0
	}' >>"$work/message"
cover=$work/patches/0000-cover-letter.patch
awk '
	NR == FNR && NR == 1 { subject = $0 }
	NR == FNR { if (NR > 2) text = text $0 "\n"; next }
	sub(/\*\*\* SUBJECT HERE \*\*\*/, "") { $0 = $0 subject }
	/\*\*\* BLURB HERE \*\*\*/ { printf "%s", text; next }
	{ print }' "$work/message" "$cover" >"$work/cover"
cat "$work/cover" >"$cover"

# Remove the old series after the new one is complete.
mkdir -p -- "$out"
new=$(mktemp -d -- "$out/.new.XXXXXX")
trap 'rm -rf "$work" "$new"' EXIT
cp "$work"/patches/*.patch "$new"
rm -f -- "$out"/00[0-9][0-9]-*.patch
mv -f -- "$new"/*.patch "$out"
for file in "$work"/patches/*.patch; do
	echo "$out/${file##*/}"
done
