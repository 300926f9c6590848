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

# Debian's headers have scripts and tools in a directory of another package,
# which the headers of all flavours link to: that is what is edited.
tree_follow()
{
	asked=$kernel
	[ -L "$kernel/scripts" ] || return 0
	kernel=$(cd -P -- "$kernel/scripts" && cd .. && pwd -P) || exit 1
	[ "$(cd -P -- "$asked/tools" 2>/dev/null && cd .. && pwd -P)" = "$kernel" ] ||
		die "$asked/scripts: a link to another place, where tools is not"
}

say_tree()
{
	[ "$asked" = "$kernel" ] ||
		say TREE "$kernel: the scripts of $asked, and of all that link to it"
}

# Headers for external modules, without the sources. What is to be run there
# has to come with them.
is_headers()
{
	[ ! -e "$kernel/Kbuild" ]
}

# shellcheck disable=SC2034 # used in edit.sh
# Which files are edited: headers are only there to build modules with. In a full
# tree, the script that lists what goes into headers is one of them.
tree_files()
{
	package=
	if is_headers; then
		edited=scripts/Makefile.modfinal
		return
	fi
	for file in scripts/package/install-extmod-build scripts/package/builddeb; do
		if [ -f "$kernel/$file" ]; then
			package=$file
			edited="$edited $file"
			return
		fi
	done
}

tree_check()
{
	[ ! -f "$kernel/.btfstage-shadow" ] ||
		die "$kernel: a shadow of $(cat "$kernel/.btfstage-shadow")"
	if [ -f "$kernel/Makefile" ] && [ ! -e "$kernel/Kbuild" ] &&
	   [ -d "$kernel/source" ]; then
		die "$kernel: a build directory; give the source tree," \
		    "$(cd -P -- "$kernel/source" && pwd -P)"
	fi
	[ ! -L "$kernel/tools" ] || die "$kernel/tools: a link to another place"
	grep -q -e '^PATCHLEVEL = ' -e '^include .*/Makefile$' \
		"$asked/Makefile" 2>/dev/null ||
		die "$asked: not a kernel source tree, and no headers of one"
	for file in $edited scripts/Kbuild.include; do
		[ ! -L "$kernel/$file" ] || ! is_headers ||
			die "$kernel/$file: a link to another place; try" \
			    "make shadow"
		[ -e "$kernel/$file" ] || [ -L "$kernel/$file" ] ||
			[ "$file" != .gitignore ] || continue
		if [ -L "$kernel/$file" ] || [ ! -f "$kernel/$file" ]; then
			die "$kernel/$file: not a regular file"
		fi
	done
	for macro in comma space dot-target tmp-target kecho cmd if_changed; do
		grep -q "^ *${macro}[[:space:]]*:*=" "$kernel/scripts/Kbuild.include" ||
			die "$kernel/scripts/Kbuild.include: no macro $macro"
	done
}

# Files are replaced by renaming, so it is the directories that count. A file
# that is made read-only is meant to stay.
tree_writable()
{
	for file in . scripts scripts/package $edited tools tools/btfstage; do
		[ ! -e "$kernel/$file" ] || [ -w "$kernel/$file" ] ||
			die "$kernel/$file: not writable"
	done
}

# Does the tree's file have our text in it?
is_edited()
{
	case "$1" in
	.gitignore)	grep -qxF -e "$ignored" "$kernel/$1" ;;
	Makefile)	grep -qxF -e "$cleaned" "$kernel/$1" ;;
	*)		grep -Eq '^(linked-ko :=|btf_object\(\)|.* tools/btfstage/btfstage )' \
				"$kernel/$1" ;;
	esac 2>/dev/null
}

# Edited, but by somebody who has not left the originals here.
is_cloned()
{
	! orig_of scripts/Makefile.modfinal >/dev/null &&
		is_edited scripts/Makefile.modfinal || return 1

	[ -f "$kernel/tools/btfstage/Makefile" ] ||
		{ is_headers && [ -f "$kernel/tools/btfstage/btfstage" ]; } ||
		die "$kernel: scripts/Makefile.modfinal is applied," \
		    "tools/btfstage is missing, and there is no .btfstage" \
		    "to go by"
	is_edited scripts/link-vmlinux.sh ||
		! grep -qs '^gen_btf()' "$kernel/scripts/link-vmlinux.sh" ||
		die "$kernel: scripts/Makefile.modfinal is applied," \
		    "scripts/link-vmlinux.sh is not, and there is no" \
		    ".btfstage to go by"
}
