# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh disable=SC2154 # variables of apply.sh
#
# A tree of links to build external modules, for headers that must not be changed
#
#	OUT/.btfstage-shadow	name of the tree
#	OUT/*			links to its files
#	OUT/scripts/		the same, with our files
#
# Headers of Debian, and build directories of O=, are two trees: the Makefile of one
# includes that of the other. Then OUT/source is the shadow of the other one, and
# OUT/Makefile is the first one's with names of the shadow.
#
# Only links are replaced, and our files if their contents differ. So this can be repeated,
# also after SIGKILL.

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

# The directory must be empty, or the shadow of the same tree.
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
			die "$out: exists, and is not from btfstage"
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
		die "$out: is inside of the tree" ;;
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
			die "$name: exists, and is not from btfstage"
		ln -sfn -- "$file" "$name"
	done
}

# shadow_file FROM NAME: copy our file if it has changed
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

# Build a module to test the shadow. Without the compiler of the headers, only run make -n.
shadow_try()
{
	try=$out/.btfstage-try
	rm -rf "$try"
	mkdir "$try"
	echo 'obj-m := try.o' > "$try/Makefile"
	printf '#include <linux/module.h>\nMODULE_LICENSE("GPL");\n' > "$try/try.c"

	# This make must not see the options of "make shadow".
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
