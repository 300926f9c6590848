# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh disable=SC2154 # variables of apply.sh
#
# In the current directory, make a/ with the tree's files without btfstage, and b/ with
# these and our files with it. The file "keep" lists files that stay as they are, and why.

edit_all()
{
	mkdir -p a/scripts/package b/scripts/package
	: > keep
	for file in $edited; do
		edit_one "$file"
	done
	if is_headers; then
		add_headers
		return
	fi
	cp -- "$root/scripts/Makefile.btf-extmod" b/scripts || exit 1
	mkdir -p b/scripts/btfstage
	(cd "$root/tools/btfstage" &&
	 find . \( -name '*.[ch]' -o -name Makefile -o -name .gitignore \) \
		-exec cp --parents -t "$work/b/scripts/btfstage" -- {} +) || exit 1
}

# edit_one FILE: a/FILE to b/FILE. Our file of the same name has the text.
edit_one()
{
	if [ ! -f "$kernel/$1" ]; then
		echo "$1: there is none" >> keep
		return
	fi
	original "$1" "a/$1"
	# shellcheck disable=SC2094 # nothing is written
	tr -d '\000\r' < "a/$1" | cmp -s - "a/$1" ||
		die "$kernel/$1: has carriage returns or zero bytes"
	cp -p -- "a/$1" "b/$1"

	ours=$root/$1
	case $1 in
	scripts/*)	[ -f "$ours" ] || ours=/dev/null ;;
	*)		ours=/dev/null ;;
	esac
	status=0
	LC_ALL=C awk -v file="$1" -f "$me/shapes.awk" -f "$me/edit.awk" \
		ours=1 "$ours" ours= "a/$1" > "b/$1" 2> message || status=$?
	case $status in
	0)
		# awk ends every line
		if [ -n "$(tail -c 1 "a/$1")" ]; then
			printf %s "$(cat "b/$1")" > whole
			cat whole > "b/$1"
		fi
		;;
	3)
		rm -f "a/$1" "b/$1"
		cat message >> keep
		;;
	*)
		die "$kernel/$(cat message)"
		;;
	esac
}

# Nothing is built in headers, so copy the helper: the installed one, or the one that make
# builds here.
add_headers()
{
	[ -L "$root/tools/btfstage/btfstage" ] ||
		make -s -C "$root" btfstage >&2 || exit 1
	mkdir -p b/scripts/btfstage
	cp -- "$root/scripts/Makefile.btf-extmod" b/scripts &&
	cp -- "$root/tools/btfstage/btfstage" b/scripts/btfstage || exit 1
}
