# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh disable=SC2154 # variables of apply.sh
#
# A light tree to build external modules in, for those who can not or will not
# change the headers that a package has installed
#
#	OUT/.btfstage-shadow		of which tree this is the shadow
#	OUT/*				links to what that tree has
#	OUT/scripts/, OUT/tools/	directories of links, with our files
#
# A tree whose Makefile only includes another one's, as Debian's headers or what
# is built with O=, is two trees. Then the same is done for that one in
# OUT/source, and OUT/Makefile includes its Makefile: that is what srctree is
# made from.
#
# Nothing is replaced but links, and files with another content than ours have.
# So this can be repeated, also when it was killed.

# The tree that the Makefile includes, or $kernel itself
shadow_source()
{
	source=$kernel
	[ -f "$kernel/Makefile" ] ||
		die "$kernel: not a kernel tree, and no headers of one"
	! grep -q '^PATCHLEVEL = ' "$kernel/Makefile" || return 0

	source=$(sed -n 's,^include \(.*\)/Makefile$,\1,p' "$kernel/Makefile")
	source=$(cd -P -- "$kernel" && cd -P -- "${source:-.}" 2>/dev/null && pwd -P) ||
		die "$kernel/Makefile: includes a Makefile that is not there"
	grep -q '^PATCHLEVEL = ' "$source/Makefile" 2>/dev/null ||
		die "$kernel: not a kernel tree, and no headers of one"
}

# The directory is empty, or the shadow of the same tree.
shadow_dir()
{
	case $1 in
	/*)	out=$1 ;;
	*)	out=$start/$1 ;;
	esac
	if [ -e "$out" ] || [ -L "$out" ]; then
		[ -d "$out" ] || die "$out: not a directory"
		if [ -f "$out/$mark" ]; then
			[ "$(cat "$out/$mark")" = "$kernel" ] ||
				die "$out: the shadow of another tree," \
				    "$(cat "$out/$mark")"
		elif [ -n "$(ls -A "$out")" ]; then
			die "$out: is there already, and not from here"
		fi
	else
		mkdir -p -- "$out" || exit 1
	fi
	out=$(cd -P -- "$out" && pwd -P) || exit 1
	case $out/ in
	*[[:space:]:]*)
		die "$out: make needs a path without spaces and colons" ;;
	"$kernel"/*|"$source"/*)
		rmdir "$out" 2>/dev/null || :
		die "$out: lies inside of the tree" ;;
	esac
	[ -w "$out" ] || die "$out: not writable"
}

# shadow_link TARGET NAME
shadow_link()
{
	[ "$(readlink -- "$2")" != "$1" ] || return 0
	[ -L "$2" ] || [ ! -e "$2" ] ||
		die "$2: is there already, and not from here"
	ln -sfn -- "$1" "$2"
}

# shadow_links FROM TO NAME...: link to everything but these
shadow_links()
{
	from=$1
	to=$2
	shift 2
	mkdir -p -- "$to"
	for file in "$to"/* "$to"/.[!.]*; do
		if [ -L "$file" ] && [ ! -e "$file" ]; then
			rm -f -- "$file"
		fi
	done
	for file in "$from"/* "$from"/.[!.]*; do
		[ -e "$file" ] || continue
		case " $* .git .btfstage $mark " in
		*" ${file##*/} "*)	;;
		*)	shadow_link "$file" "$to/${file##*/}" ;;
		esac
	done
}

# shadow_file FROM NAME: our file; its time tells when it has changed
shadow_file()
{
	! cmp -s -- "$1" "$2" || return 0
	cp -- "$1" "$2.tmp" && mv -f -- "$2.tmp" "$2" || exit 1
}

# shadow_tree FROM TO: our files are in scripts and tools
shadow_tree()
{
	shadow_links "$1" "$2" Makefile scripts tools source
	shadow_links "$1/scripts" "$2/scripts" Makefile.modfinal
	shadow_links "$1/tools" "$2/tools" btfstage
	mkdir -p "$2/tools/btfstage"
	shadow_file built/btfstage "$2/tools/btfstage/btfstage"
	if [ -e "$1/scripts/Makefile.modfinal" ]; then
		shadow_file modfinal "$2/scripts/Makefile.modfinal"
	fi
}

cmd_shadow()
{
	mark=.btfstage-shadow
	shadow_source
	[ -f "$source/scripts/Makefile.modfinal" ] ||
		die "$source: has no scripts/Makefile.modfinal"
	shadow_dir "$1"
	build_helper

	# What has our text already is good as it is.
	tree=$kernel
	kernel=$source
	mkdir -p a/scripts b/scripts part
	if is_edited scripts/Makefile.modfinal; then
		cp -- "$kernel/scripts/Makefile.modfinal" modfinal
	else
		edit_modfinal
		cp -- b/scripts/Makefile.modfinal modfinal
	fi
	kernel=$tree

	echo "$kernel" > mark
	shadow_file mark "$out/$mark"
	if [ "$source" = "$kernel" ]; then
		shadow_tree "$kernel" "$out"
		shadow_link "$kernel/Makefile" "$out/Makefile"
	else
		shadow_tree "$source" "$out/source"
		shadow_link "$source/Makefile" "$out/source/Makefile"
		shadow_tree "$kernel" "$out"
		echo "include $out/source/Makefile" > makefile
		shadow_file makefile "$out/Makefile"
	fi
	say SHADOW "$out"
}
