# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh disable=SC2154 # variables of apply.sh
#
# Make a/, the tree's files without btfstage, and b/, the same with it, in the
# current directory. What is left as it is, and why, is in keep.

# Lines for .gitignore and for CLEAN_FILES in Makefile
ignored='*.ko.btf'
# shellcheck disable=SC1003 # make's backslash
cleaned='	       tools/btfstage/btfstage \'

edit_all()
{
	mkdir -p a/scripts/package b/scripts/package b/tools/btfstage part
	: > keep

	edit_modfinal
	if is_headers; then
		build_helper
		cp -- built/btfstage b/tools/btfstage
		return
	fi

	take_part link-vmlinux.sh btf_object
	take_part link-vmlinux.sh last_link
	printf '%s\n' "$ignored" > part/ignored
	printf '%s\n' "$cleaned" > part/cleaned
	edit_one scripts/link-vmlinux.sh link-vmlinux.awk btf_object last_link
	edit_one .gitignore gitignore.awk ignored
	take_part Makefile.top help
	take_part Makefile.top target
	edit_one Makefile makefile.awk cleaned help target
	if [ -n "$package" ]; then
		take_part package/install-extmod-build headers
		edit_one "$package" headers.awk headers
	fi

	for file in $(helper_files); do
		cp -- "$root/$file" "b/$file"
	done
}

edit_modfinal()
{
	take_part Makefile.modfinal link
	take_part Makefile.modfinal commands
	take_part Makefile.modfinal rules
	take_part Makefile.modfinal report
	edit_one scripts/Makefile.modfinal modfinal.awk link commands rules report
}

# The helper itself, as built/btfstage, for where nothing is built: the one that is
# installed with this, or that "make" has made here, or else one made in the
# current directory.
build_helper()
{
	mkdir -p built
	if [ -L "$root/tools/btfstage/btfstage" ]; then
		cp -- "$root/tools/btfstage/btfstage" built || exit 1
	elif make -sq -C "$root/tools/btfstage" btfstage 2>/dev/null; then
		cp -- "$root/tools/btfstage/btfstage" built
	else
		make -s -C "$root/tools/btfstage" OUTPUT="$PWD/built/" >&2 ||
			exit 1
	fi
}

# take_part SCRIPT PART: from our script into part/PART
take_part()
{
	PART=$2 awk -f "$me/part.awk" "$root/scripts/$1" > "part/$2" || exit 1
}

# edit_one FILE PROGRAM PART...: a/FILE to b/FILE, if there is anything to edit.
# Parts in $without are left out.
edit_one()
{
	file=$1
	program=$2
	shift 2

	if [ ! -f "$kernel/$file" ]; then
		echo "$file: there is none" >> keep
		return
	fi
	if orig=$(orig_of "$file") && is_edited "$file"; then
		cp -p -- "$orig" "a/$file"
	else
		cp -p -- "$kernel/$file" "a/$file"
	fi
	# shellcheck disable=SC2094 # nothing is written
	tr -d '\000\r' < "a/$file" | cmp -s - "a/$file" ||
		die "$kernel/$file: has carriage returns or zero bytes"
	cp -p -- "a/$file" "b/$file"

	for part in "$@"; do
		shift
		case " $without " in
		*" $part "*)	;;
		*)		set -- "$@" "part=$part" "part/$part" ;;
		esac
	done
	status=0
	LC_ALL=C awk -v file="$file" -f "$me/shapes.awk" -f "$me/lines.awk" \
		-f "$me/$program" "$@" part= "a/$file" > "b/$file" 2> message || status=$?
	case $status in
	0)
		# awk ends every line
		if [ -n "$(tail -c 1 "a/$file")" ]; then
			printf %s "$(cat "b/$file")" > whole
			cat whole > "b/$file"
		fi
		;;
	3)
		rm -f "a/$file" "b/$file"
		cat message >> keep
		;;
	*)
		die "$kernel/$(cat message)"
		;;
	esac
}

# The helper, by its files' names in a kernel tree: the sources
helper_files()
{
	if is_headers; then
		echo tools/btfstage/btfstage
		return
	fi
	for file in "$root"/tools/btfstage/*.[ch] \
		    "$root"/tools/btfstage/Makefile \
		    "$root"/tools/btfstage/btfstage.1 \
		    "$root"/tools/btfstage/.gitignore; do
		[ ! -f "$file" ] || echo "tools/btfstage/${file##*/}"
	done
}
