# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh disable=SC2154 # variables of apply.sh
#
# A light tree to build external modules in, for those who can not or will not
# change the headers that a package has installed
#
#	OUT/.btfstage-shadow	of which tree this is the shadow
#	OUT/*			links to what that tree has
#	OUT/scripts/		the same, with our files
#
# Headers of Debian, and what is built with O=, are two trees: one has a Makefile
# that includes that of the other one. Then the same is done for the other one in
# OUT/source, and OUT/Makefile is the first one's, with the shadow's names in it.
#
# Nothing is replaced but links, and files with another content than ours have.
# So this can be repeated, also when it was killed.

# The tree whose Makefile the one of $kernel includes, or $kernel itself
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

# shadow_links FROM TO NAME...: link to everything but these
shadow_links()
{
	from=$1
	to=$2
	shift 2
	mkdir -p -- "$to"
	find "$to" -maxdepth 1 -xtype l -delete
	for file in "$from"/* "$from"/.[!.]*; do
		name=$to/${file##*/}
		case " $* .git .btfstage $mark " in
		*" ${file##*/} "*)
			continue ;;
		esac
		[ -e "$file" ] || continue
		[ "$(readlink -- "$name")" != "$file" ] || continue
		[ -L "$name" ] || [ ! -e "$name" ] ||
			die "$name: is there already, and not from here"
		ln -sfn -- "$file" "$name"
	done
}

# shadow_file FROM NAME: our file; its time tells when it has changed
shadow_file()
{
	! cmp -s -- "$1" "$2" || return 0
	mkdir -p "${2%/*}" && cp -p -- "$1" "$2.tmp" &&
	mv -f -- "$2.tmp" "$2" || exit 1
}

# shadow_tree FROM TO
shadow_tree()
{
	shadow_links "$1" "$2" Makefile scripts source
	shadow_links "$1/scripts" "$2/scripts" Makefile.modfinal \
		Makefile.btf-extmod btfstage
	for file in $(list b); do
		shadow_file "b/$file" "$2/$file"
	done
}

# A module is built before the shadow is called done, or, without the compiler that
# the headers want, it is found out how.
shadow_try()
{
	try=$out/.btfstage-try
	rm -rf "$try"
	mkdir "$try"
	echo 'obj-m := try.o' > "$try/Makefile"
	printf '#include <linux/module.h>\nMODULE_LICENSE("GPL");\n' > "$try/try.c"

	# What "make shadow" was called with is not for this make.
	unset MAKEFLAGS MFLAGS MAKELEVEL MAKEOVERRIDES
	make -C "$out" M="$try" modules > log 2>&1 || {
		grep -Eq ': [^/ ]+: (command )?not found$' log &&
		make -n -C "$out" M="$try" try.o > log 2>&1
	} || {
		rm -rf "$try"
		why=$(grep -m 1 -e 'error:' -e '\*\*\*' -e 'not found' log) ||
			why=$(tail -n 1 log)
		die "$out: no module can be built with it: $why"
	}
	rm -rf "$try"
}

cmd_shadow()
{
	mark=.btfstage-shadow
	asked=$kernel
	shadow_source
	[ -f "$source/scripts/Makefile.modfinal" ] ||
		die "$source: has no scripts/Makefile.modfinal"
	shadow_dir "$1"

	mkdir -p a/scripts b/scripts
	kernel=$source
	edited=scripts/Makefile.modfinal
	if is_edited $edited; then
		# good as it is
		cp -- "$kernel/$edited" b/scripts
	else
		edit_one $edited
	fi
	add_headers
	kernel=$asked

	echo "$kernel" > mark
	shadow_file mark "$out/$mark"
	shadow_tree "$kernel" "$out"
	if [ "$source" = "$kernel" ]; then
		ln -sfn -- "$kernel/Makefile" "$out/Makefile"
	else
		shadow_tree "$source" "$out/source"
		ln -sfn -- "$source/Makefile" "$out/source/Makefile"
		OUT=$out awk '
		/^(export )?KBUILD_OUTPUT *:?=/ { sub(/[^= ]+$/, ENVIRON["OUT"]) }
		/^include .*\/Makefile$/ { $0 = "include " ENVIRON["OUT"] "/source/Makefile" }
		{ print }' "$kernel/Makefile" > makefile
		shadow_file makefile "$out/Makefile"
	fi
	shadow_try
	say SHADOW "$out"
}
