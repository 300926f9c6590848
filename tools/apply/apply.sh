#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# Add btfstage to a kernel tree, and remove it again
#
# tree.sh	checks of the tree before anything is changed
# edit.sh	the tree's files, before and after
# state.sh	KERNELDIR/.btfstage, and recovery after SIGKILL
# shadow.sh	a tree of links, for headers that must not be changed
# auto.sh	apply and shadow whenever headers are installed
#
# tools/patches has the series of commits.

set -eu

# The installed command btfstage-apply is a link to this script.
me=$(dirname -- "$(readlink -f -- "$0")")
root=${me%/*/*}

usage()
{
	program=${0##*/}
	cat <<-END
	Usage: $program apply|revert|diff KERNELDIR
	       $program shadow KERNELDIR OUT
	       $program patches [--author AUTHOR] KERNELDIR OUT
	       $program export KERNELDIR OUT
	       $program --auto [--shadow] on|off|status

	  apply    add btfstage to the kernel tree or headers
	  revert   restore the tree's files
	  diff     print what apply would do as a patch
	  shadow   make OUT, a tree of links to KERNELDIR, with btfstage
	  patches  write a series of patches for "git am" to OUT
	  export   copy the files that apply edits to OUT/a without btfstage, and to
	           OUT/b with it, together with the files that it adds
	  --auto   apply to all headers when they are installed, for DKMS

	Exit status: 0 done, 1 refused or failed, 2 wrong usage
	END
}

# Do not stop half way if nobody reads the output.
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
# shellcheck source=/dev/null
. "$me/auto.sh"

work_dir()
{
	work=$(mktemp -d)
	trap 'rm -rf "$work"' EXIT
	trap 'exit 1' HUP INT PIPE TERM
	cd "$work"
}

say_kept()
{
	while read -r why; do
		say KEEP "$why"
	done < keep
}

cmd_apply()
{
	say_tree
	state_tidy
	if is_cloned; then
		say APPLIED "$kernel, by a commit: left as it is"
		return
	fi
	edit_all
	cp -Rp b want
	plan
	say_kept

	if [ ! -s plan ] && [ "$(echo "$states" | wc -l)" -eq 1 ]; then
		say APPLIED "$kernel"
		return
	fi
	tree_writable
	state_find
	[ -n "$now" ] || state_write
	plan_do
	state_forget "$now"
}

cmd_revert()
{
	say_tree
	state_tidy
	if [ -z "$states" ]; then
		! is_edited scripts/Makefile.modfinal ||
			die "$kernel: btfstage came with a commit or a patch:" \
			    "there is no .btfstage to restore files from"
		say REVERTED "$kernel"
		return
	fi
	mkdir want
	plan
	tree_writable
	plan_do
	if [ -d "$kernel/scripts/btfstage" ]; then
		find "$kernel/scripts/btfstage" \( -name '*.o' -o -name '.*.cmd' -o \
			-name '.*.d' -o -path '*/btfstage/btfstage' \) -type f -delete
		find "$kernel/scripts/btfstage" -depth -type d -empty -delete
		[ ! -d "$kernel/scripts/btfstage" ] ||
			say KEEP "scripts/btfstage: has files that are not from btfstage"
	fi
	state_forget
}

refuse_cloned()
{
	! is_cloned ||
		die "$kernel: btfstage came with a commit or a patch:" \
		    "the files as they were before are not known"
}

cmd_diff()
{
	refuse_cloned
	edit_all
	# without the time stamps
	diff -ruN -x btfstage a b | sed "/^[-+][-+][-+] /s/$(printf '\t').*//"
	echo 'Only in b/scripts: btfstage'
}

cmd_export()
{
	! is_headers ||
		die "$kernel: headers for external modules, not a source tree"
	refuse_cloned
	case $1 in
	/*)	out=$1 ;;
	*)	out=$start/$1 ;;
	esac
	edit_all
	cp -Rp b want
	plan
	say_kept
	mkdir -p -- "$out" && cp -Rp a b "$out"
}

case "${1-}" in
-h|--help)
	usage
	exit
	;;
--auto)
	shift
	cmd_auto "$@"
	exit
	;;
patches)
	shift
	exec "$root/tools/patches/patches.sh" "$@"
	;;
esac
case "${1-}-$#" in
apply-2|revert-2|diff-2|shadow-3|export-3)
	;;
*)
	usage >&2
	exit 2
	;;
esac

# shellcheck disable=SC2034 # used in shadow.sh
start=$PWD
kernel=$(tree_path "$2")
if [ "$1" != shadow ]; then
	tree_follow
	tree_files
	# Its package can have been removed.
	if [ "$1" != revert ] || [ ! -d "$kernel/.btfstage" ]; then
		tree_check
	fi
fi
# shellcheck disable=SC2034 # used in state.sh
state=$kernel/.btfstage
state_read

work_dir

command=$1
shift 2
"cmd_$command" "$@"
