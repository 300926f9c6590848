# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh disable=SC2034,SC2154 # variables of apply.sh
#
# Check that this is a kernel tree that can be edited

# The real name of the directory
tree_path()
{
	[ -d "$1" ] || die "$1: no such directory"
	cd -P -- "$1" || exit 1
	pwd -P
}

# In Debian's headers, scripts is a link to a directory of another package, which the
# headers of all flavours share. Edit that one.
tree_follow()
{
	asked=$kernel
	[ -L "$kernel/scripts" ] || return 0
	is_headers || die "$kernel/scripts: a link to another place"
	kernel=$(cd -P -- "$kernel/scripts" && cd .. && pwd -P) || exit 1
}

say_tree()
{
	[ "$asked" = "$kernel" ] ||
		say TREE "$kernel: the scripts of $asked, and of all that link to it"
}

# Headers for external modules have no sources, so they need the helper.
is_headers()
{
	[ ! -e "$kernel/Kbuild" ]
}

# The files to edit. Headers only build modules. In a source tree, also edit the script
# that packs headers.
tree_files()
{
	edited=scripts/Makefile.modfinal
	! is_headers || return 0
	edited="$edited scripts/link-vmlinux.sh scripts/Makefile Makefile .gitignore"
	! grep -qs '^ *cmd_strip_relocs' "$kernel/scripts/Makefile.vmlinux" ||
		edited="$edited scripts/Makefile.vmlinux"
	for file in scripts/package/install-extmod-build scripts/package/builddeb; do
		if [ -f "$kernel/$file" ]; then
			edited="$edited $file"
			return
		fi
	done
}

tree_check()
{
	[ ! -f "$kernel/.btfstage-shadow" ] ||
		die "$kernel: a shadow of $(cat "$kernel/.btfstage-shadow")"
	if [ -f "$kernel/Makefile" ] && is_headers && [ -d "$kernel/source" ]; then
		die "$kernel: a build directory; give the source tree," \
		    "$(cd -P -- "$kernel/source" && pwd -P)"
	fi
	grep -q -e '^PATCHLEVEL = ' -e '^include .*/Makefile$' \
		"$asked/Makefile" 2>/dev/null ||
		die "$asked: not a kernel source tree, and no headers of one"
	for file in $edited scripts/Kbuild.include; do
		[ ! -L "$kernel/$file" ] || ! is_headers ||
			die "$kernel/$file: a link to another place; try" \
			    "make shadow"
		# There may be no .gitignore.
		[ "$file" != .gitignore ] || [ -e "$kernel/$file" ] ||
			[ -L "$kernel/$file" ] || continue
		if [ -L "$kernel/$file" ] || [ ! -f "$kernel/$file" ]; then
			die "$kernel/$file: not a regular file"
		fi
	done
	macros=$(sed -n 's/^ *\([a-z_-]*\)[[:space:]]*:*=.*/\1/p' \
		"$kernel/scripts/Kbuild.include" | tr '\n' ' ')
	for macro in comma space pound tmp-target escsq newer-prereqs cmd if_changed; do
		case " $macros" in
		*" $macro "*)	;;
		*)	die "$kernel/scripts/Kbuild.include: no macro $macro" ;;
		esac
	done
}

# Files are replaced by a rename, so the directories must be writable. Do not replace
# read-only files.
tree_writable()
{
	for file in . scripts scripts/package scripts/btfstage $edited; do
		[ ! -e "$kernel/$file" ] || [ -w "$kernel/$file" ] ||
			die "$kernel/$file: not writable"
	done
}

# True if the tree's file contains our text.
is_edited()
{
	grep -Eqs -e '^linked-ko :=|^btf_object\(\)|\+= btfstage$' \
		-e "! -name '\*\.no-btf\.ko'" \
		-e '^\*\.ko\.\*$|echo \.btf\.vmlinux\.base$' \
		-e '^rm -f "?\.(\$\{VMLINUX}|vmlinux)\.cmd"?$|mv -f \$\(tmp-target\) \$@$' \
		"$kernel/$1"
}

# Edited, but not by apply: there are no originals
is_cloned()
{
	[ -z "$states" ] && is_edited scripts/Makefile.modfinal || return 1
	[ -f "$kernel/scripts/btfstage/main.c" ] ||
		[ -f "$kernel/scripts/btfstage/btfstage" ] ||
		die "$kernel: scripts/Makefile.modfinal is applied," \
		    "scripts/btfstage is missing, and there is no .btfstage" \
		    "to go by"
}
