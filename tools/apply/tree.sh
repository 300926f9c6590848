# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh disable=SC2154 # variables of apply.sh
#
# Is this a kernel tree that can be edited?

# The directory's real name.
tree_path()
{
	[ -d "$1" ] || die "$1: no such directory"
	cd -P -- "$1" || exit 1
	pwd -P
}

tree_check()
{
	if [ -f "$kernel/Makefile" ] && [ ! -e "$kernel/Kbuild" ] &&
	   [ -d "$kernel/source" ]; then
		die "$kernel: a build directory; give the source tree," \
		    "$(cd -P -- "$kernel/source" && pwd -P)"
	fi
	for dir in scripts tools; do
		[ ! -L "$kernel/$dir" ] ||
			die "$kernel/$dir: a link to another place; trees of" \
			    "headers are not supported"
	done
	grep -q '^PATCHLEVEL = ' "$kernel/Makefile" 2>/dev/null ||
		die "$kernel: not a kernel source tree"
	for file in $edited scripts/Kbuild.include; do
		if [ -L "$kernel/$file" ] || [ ! -f "$kernel/$file" ]; then
			die "$kernel/$file: not a regular file"
		fi
	done
	for macro in comma dot-target tmp-target kecho cmd if_changed; do
		grep -q "^ *${macro}[[:space:]]*:*=" "$kernel/scripts/Kbuild.include" ||
			die "$kernel/scripts/Kbuild.include: no macro $macro"
	done
}

# Files are replaced by renaming, so it is the directories that count. A file
# that is made read-only is meant to stay.
tree_writable()
{
	for file in . scripts $edited; do
		[ -w "$kernel/$file" ] || die "$kernel/$file: not writable"
	done
	for file in tools tools/btfstage; do
		[ ! -e "$kernel/$file" ] || [ -w "$kernel/$file" ] ||
			die "$kernel/$file: not writable"
	done
}

# Does the tree's file have our text in it?
is_edited()
{
	grep -Eq '^(linked-ko :=|btf_object\(\))' "$kernel/$1"
}

# Edited, but by somebody who has not left the originals here.
is_cloned()
{
	! orig_of scripts/Makefile.modfinal >/dev/null &&
		is_edited scripts/Makefile.modfinal || return 1

	[ -f "$kernel/tools/btfstage/Makefile" ] ||
		die "$kernel: scripts/Makefile.modfinal is applied," \
		    "tools/btfstage is missing, and there is no .btfstage" \
		    "to go by"
	is_edited scripts/link-vmlinux.sh ||
		! grep -q '^gen_btf()' "$kernel/scripts/link-vmlinux.sh" ||
		die "$kernel: scripts/Makefile.modfinal is applied," \
		    "scripts/link-vmlinux.sh is not, and there is no" \
		    ".btfstage to go by"
}
