#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# Put btfstage into a kernel tree, and take it out again
#
# tree.sh	what is looked at in the tree before anything is done
# shadow.sh	a tree of links instead, for headers that are not to be changed
# edit.sh	the tree's files as they stand, and as they shall be
# state.sh	KERNELDIR/.btfstage, and how it survives being killed
#
# tools/patches has the series of commits.

set -eu

# The command btfstage-apply, when it is installed, is a link to this.
me=$(dirname -- "$(readlink -f -- "$0")")
# shellcheck disable=SC2034 # used in edit.sh
root=${me%/*/*}

usage()
{
	program=${0##*/}
	cat <<-END
	Usage: $program apply|revert|diff KERNELDIR
	       $program shadow KERNELDIR OUT
	       $program patches [--author AUTHOR] KERNELDIR OUT
	       $program export KERNELDIR OUT [PART]...

	  apply    put btfstage into the kernel tree, or into headers
	  revert   restore the tree's files as they were before
	  diff     print what apply does, as a patch, and write nothing
	  shadow   make a tree of links to KERNELDIR, with btfstage, in OUT
	  patches  write it to OUT as a series for "git am", with documentation
	  export   copy the tree's files that apply edits to OUT/a, as they are without
	           btfstage, and to OUT/b, as they are with it, but for the parts named

	Exit status: 0 done, 1 refused or failed, 2 wrong usage
	END
}

# Nobody listening is no reason to stop half way.
say()
{
	printf '  %-7s %s\n' "$1" "$2" 2>/dev/null || :
}

die()
{
	echo >&2 "apply: $*"
	exit 1
}

# shellcheck source=/dev/null
. "$me/tree.sh"
# shellcheck source=/dev/null
. "$me/edit.sh"
# shellcheck source=/dev/null
. "$me/state.sh"
# shellcheck source=/dev/null
. "$me/shadow.sh"

# Files whose text changes, see also tree_files
edited="scripts/Makefile.modfinal scripts/link-vmlinux.sh .gitignore Makefile"

cmd_apply()
{
	say_tree
	todo_finish

	if is_cloned; then
		say APPLIED "$kernel, by a commit: left as it is"
		return
	fi
	edit_all
	for file in $edited; do
		[ ! -f "b/$file" ] || plan_edit "$file"
	done
	while read -r why; do
		say KEEP "$why"
	done < keep
	! grep -qs 'gen-btf\.sh' a/scripts/Makefile.modfinal ||
		say NOTE "resolve_btfids of this release also sorts types and rewrites \
kfuncs with KF_IMPLICIT_ARGS; btfstage does not"
	for file in $(helper_files); do
		plan_copy "$file"
	done
	for file in $(state_files); do
		[ -f "b/$file" ] || plan_undo "$file"
	done

	if [ ! -s plan ] && state_is b; then
		say APPLIED "$kernel"
		return
	fi
	todo_commit apply
	todo_finish
}

cmd_revert()
{
	say_tree
	todo_finish
	[ "$finished" != revert ] || return 0

	if ! state_exists; then
		! is_edited scripts/Makefile.modfinal ||
			die "$kernel: btfstage came with a commit or a patch:" \
			    "there is no .btfstage to restore files from"
		say REVERTED "$kernel"
		return
	fi
	for file in $(state_files); do
		plan_undo "$file"
	done
	todo_commit revert
	todo_finish
}

cmd_diff()
{
	! is_cloned ||
		die "$kernel: btfstage came with a commit or a patch:" \
		    "the files as they were before are not known"
	edit_all
	for file in $edited; do
		[ -f "b/$file" ] || continue
		# without the time stamps
		diff -u "a/$file" "b/$file" | sed "1,2s/$(printf '\t').*//"
	done
	echo 'Only in b/tools: btfstage'
}

cmd_export()
{
	! is_headers ||
		die "$kernel: headers for external modules, not a source tree"
	! is_cloned ||
		die "$kernel: btfstage came with a commit or a patch:" \
		    "the files as they were before are not known"
	case $1 in
	/*)	out=$1 ;;
	*)	out=$start/$1 ;;
	esac
	shift
	without=$*
	edit_all
	[ -d "$state/new" ] || [ ! -e "$kernel/tools/btfstage" ] ||
		die "$kernel/tools/btfstage: is there already, and not from here"
	while read -r why; do
		say KEEP "$why"
	done < keep
	mkdir -p -- "$out" && cp -Rp a b "$out"
}

case "${1-}" in
-h|--help)
	usage
	exit
	;;
patches)
	shift
	exec "$root/tools/patches/patches.sh" "$@"
	;;
esac
case "${1-}-$#" in
apply-2|revert-2|diff-2|shadow-3|export-[3-9])
	;;
*)
	usage >&2
	exit 2
	;;
esac

# shellcheck disable=SC2034 # used in edit.sh
without=
start=$PWD
kernel=$(tree_path "$2")
if [ "$1" != shadow ]; then
	tree_follow
	tree_files
	tree_check
fi
# shellcheck disable=SC2034 # used in state.sh
state=$kernel/.btfstage
finished=

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
trap 'exit 1' HUP INT PIPE TERM
cd "$work"
: > plan

command=$1
shift 2
"cmd_$command" "$@"
