# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh disable=SC2154 # variables of apply.sh
#
# KERNELDIR/.btfstage, where apply keeps what revert needs
#
#	N/a/	the tree's files that are edited, as they were
#	N/b/	these as they were edited, and ours
#
# N is a number; the newest state has the highest one. A state gets its number when it is
# complete, before any file of the tree is written. Then a rename replaces each file. So
# whenever apply or revert is killed, each file is that of a state, before or after the
# edit, and the next apply or revert continues. States are removed when all files are done.

# The numbers, the newest first
state_read()
{
	# shellcheck disable=SC2010 # numbers
	states=$(ls "$state" 2>/dev/null | grep -x '[0-9][0-9]*' | sort -rn)
}

# Remove what a killed run has left.
state_tidy()
{
	[ -d "$state" ] || return 0
	rm -rf "$state"/*.tmp
	rmdir "$state" 2>/dev/null || :
}

# Names of the files in a directory
list()
{
	(cd "$1" && find . -type f) | sed 's,^\./,,' | sort
}

# True if the tree's FILE is missing, or from apply.
is_ours()
{
	[ -e "$kernel/$1" ] || return 0
	for n in $states; do
		! cmp -s "$kernel/$1" "$state/$n/b/$1" || return 0
	done
	return 1
}

# original FILE OUT: the tree's FILE before apply, with later edits by others
original()
{
	cp -p -- "$kernel/$1" "$2"
	is_edited "$1" || return 0
	for n in $states; do
		if cmp -s "$2" "$state/$n/b/$1"; then
			cp -p -- "$state/$n/a/$1" "$2"
			return
		fi
	done
	status=0
	for n in $states; do
		[ -f "$state/$n/a/$1" ] || continue
		diff -u "$state/$n/b/$1" "$state/$n/a/$1" > change || status=$?
		! patch -s -F0 -r - --no-backup-if-mismatch "$2" change \
			>/dev/null 2>&1 || return 0
		cp -p -- "$kernel/$1" "$2"
	done
	[ $status -eq 0 ] ||
		die "$kernel/$1: was edited after apply, in the same lines"
}

# List what to do to get the files in want/ into the tree: "put FILE" and "remove FILE"
plan()
{
	for n in $states; do
		# Edited by an earlier version, but not by this one
		for file in $(list "$state/$n/a"); do
			[ ! -f "want/$file" ] || continue
			[ -f "$kernel/$file" ] || continue
			mkdir -p "want/${file%"${file##*/}"}"
			original "$file" "want/$file"
		done
	done
	for file in $(list want); do
		cmp -s "$kernel/$file" "want/$file" || echo "put $file"
	done > plan
	for n in $states; do
		for file in $(list "$state/$n/b"); do
			[ -e "want/$file" ] || [ ! -e "$kernel/$file" ] ||
				echo "remove $file"
		done
	done | sort -u >> plan
	while read -r action file; do
		[ "$action" = remove ] || is_added "$file" || continue
		is_ours "$file" ||
			die "$kernel/$file: is not from btfstage, or was edited since"
	done < plan
}

# True for files that only we have
is_added()
{
	[ -f "b/$1" ] && [ ! -f "a/$1" ]
}

# Set $now to the state that equals a/ and b/, if any
state_find()
{
	for now in $states; do
		diff -r a "$state/$now/a" >/dev/null &&
			diff -r b "$state/$now/b" >/dev/null && return
	done
	now=
}

state_write()
{
	now=$((${states%%[!0-9]*} + 1))
	if ! { mkdir -p "$state/new.tmp" && cp -Rp a b "$state/new.tmp" &&
	       mv "$state/new.tmp" "$state/$now"; } 2>why; then
		state_tidy
		die "$kernel: nothing was changed: $(tail -n 1 why)"
	fi
	state_read
}

# Run the plan. Each step can be repeated.
plan_do()
{
	trap '' PIPE
	# make must see that they are new.
	find want -type f -exec touch {} +
	while read -r action file; do
		if [ "$action" = remove ]; then
			say REMOVE "$file"
			rm -f "$kernel/$file"
		else
			if is_added "$file"; then
				say COPY "$file"
			elif [ -f "b/$file" ]; then
				say EDIT "$file"
			else
				say RESTORE "$file"
			fi
			dir=$kernel/${file%"${file##*/}"}
			[ -d "$dir" ] || mkdir -p "$dir"
			cp -p -- "want/$file" "$state/put.tmp" &&
			mv -f "$state/put.tmp" "$kernel/$file"
		fi || die "$kernel/$file: cannot $action; run this again"
	done < plan
}

# Remove all states but one, or all.
state_forget()
{
	for n in $states; do
		[ "$n" = "${1-}" ] || mv "$state/$n" "$state/$n.tmp"
	done
	state_tidy
}
