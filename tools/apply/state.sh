# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh disable=SC2154 # variables of apply.sh
#
# KERNELDIR/.btfstage
#
#	orig/		the tree's files as they were before
#	new/		all files as apply has made them
#	todo/		what is being done; only there until it is done
#	    kind	apply or revert
#	    plan	"put FILE" and "remove FILE"
#	    put/	files to be put into the tree
#	    was/	what the tree has in their place, and what is removed
#	    orig/ new/	for after apply
#
# Everything is decided and written to todo.tmp/ first. Renaming that to todo/
# is the moment from which on it will be done: if killed, by the next apply or
# revert. Each step can be repeated. Before that moment, nothing has changed.

# Where the original of a file is kept, if it is.
orig_of()
{
	for dir in todo/orig orig; do
		if [ -f "$kernel/.btfstage/$dir/$1" ]; then
			echo "$kernel/.btfstage/$dir/$1"
			return 0
		fi
	done
	return 1
}

state_exists()
{
	[ -d "$state/orig" ] && [ -d "$state/new" ]
}

# What was not committed, when killed, or was already done, goes.
state_tidy()
{
	[ -d "$state" ] || return 0
	for dir in todo.tmp done.tmp put.tmp; do
		[ ! -e "$state/$dir" ] || rm -rf "${state:?}/$dir"
	done
	state_exists || rmdir "$state" 2>/dev/null || :
}

# Names of the files that apply has made.
state_files()
{
	[ ! -d "$state/new" ] || (cd "$state/new" && find . -type f) | sed 's,^\./,,' | sort
}

# Is what is known about the last apply the same as in a/ and b/?
state_is()
{
	diff -r "$state/new" "b" >/dev/null 2>&1 &&
		diff -r "$state/orig" a >/dev/null 2>&1
}

# Deciding. In the current directory: plan, and put/.

# plan_put FILE FROM
plan_put()
{
	mkdir -p "$(dirname "put/$1")"
	cp -p -- "$2" "put/$1"
	echo "put $1" >> plan
}

# A file of the tree shall become b/FILE.
plan_edit()
{
	if is_edited "$1"; then
		plan_change "$1" "b/$1"
	else
		plan_put "$1" "b/$1"
	fi
}

# What apply has made of FILE goes. One of the tree's becomes what it was, unless
# it has already been replaced.
plan_undo()
{
	if [ ! -f "$state/orig/$1" ]; then
		plan_remove "$1"
	elif is_edited "$1"; then
		plan_change "$1" "$state/orig/$1"
	fi
}

# A source of the helper shall become b/FILE.
plan_copy()
{
	if [ ! -e "$kernel/$1" ]; then
		plan_put "$1" "b/$1"
	elif [ -f "$state/new/$1" ]; then
		plan_change "$1" "b/$1"
	elif ! cmp -s "$kernel/$1" "b/$1"; then
		die "$kernel/$1: is there already, and not from here"
	fi
}

# plan_change FILE TO: from new/FILE to TO, and what the user has changed stays.
plan_change()
{
	if cmp -s "$kernel/$1" "$2" || cmp -s "$state/new/$1" "$2"; then
		return
	fi
	if cmp -s "$kernel/$1" "$state/new/$1"; then
		plan_put "$1" "$2"
		return
	fi
	cp -p -- "$kernel/$1" merged
	diff -u "$state/new/$1" "$2" > change || :
	patch -s -F0 -r - --no-backup-if-mismatch merged change >/dev/null 2>&1 ||
		die "$kernel/$1: was edited after apply, and what apply did" \
		    "cannot be told from it"
	plan_put "$1" merged
}

plan_remove()
{
	[ -e "$kernel/$1" ] || return 0
	cmp -s "$kernel/$1" "$state/new/$1" ||
		die "$kernel/$1: was edited after apply, and would be removed"
	echo "remove $1" >> plan
}

# todo_commit KIND: from here on it will be done.
todo_commit()
{
	tree_writable
	if ! { mkdir -p "$state" && todo_write "$1"; }; then
		state_tidy
		die "$kernel: cannot write to .btfstage; nothing was changed"
	fi
}

todo_write()
{
	mkdir "$state/todo.tmp" "$state/todo.tmp/put" "$state/todo.tmp/was" &&
	cp plan "$state/todo.tmp/plan" &&
	echo "$1" > "$state/todo.tmp/kind" || return

	while read -r _ file; do
		for dir in put was; do
			from=$dir/$file
			[ $dir = put ] || from=$kernel/$file
			[ -f "$from" ] || continue
			mkdir -p "$(dirname "$state/todo.tmp/$dir/$file")" &&
			cp -p -- "$from" "$state/todo.tmp/$dir/$file" || return
		done
	done < plan

	if [ "$1" = apply ]; then
		cp -Rp a "$state/todo.tmp/orig" &&
		cp -Rp b "$state/todo.tmp/new" || return
	fi
	mv "$state/todo.tmp" "$state/todo"
}

# Doing. Nothing to do is fine; $finished tells what was done.

todo_finish()
{
	finished=
	state_tidy
	if [ ! -d "$state/todo" ]; then
		return
	fi
	finished=$(cat "$state/todo/kind")
	tree_writable
	trap '' PIPE
	while read -r _ file; do
		todo_check "$file"
	done < "$state/todo/plan"
	while read -r action file; do
		"todo_$action" "$file" ||
			die "$kernel/$file: cannot $action; run this again"
	done < "$state/todo/plan"
	"todo_end_$finished"
}

# Between being killed and now, somebody may have been at work.
todo_check()
{
	if [ -e "$kernel/$1" ] &&
	   ! cmp -s "$kernel/$1" "$state/todo/put/$1" &&
	   ! cmp -s "$kernel/$1" "$state/todo/was/$1"; then
		die "$kernel/$1: was edited after $finished was interrupted"
	fi
}

todo_put()
{
	! cmp -s "$kernel/$1" "$state/todo/put/$1" || return 0

	case "$finished-$1" in
	apply-tools/*)  say COPY "$1" ;;
	apply-*)        say EDIT "$1" ;;
	revert-*)       say RESTORE "$1" ;;
	esac
	mkdir -p "$(dirname "$kernel/$1")" &&
	cp -p -- "$state/todo/put/$1" "$state/put.tmp" &&
	touch "$state/put.tmp" &&
	mv -f "$state/put.tmp" "$kernel/$1"
}

todo_remove()
{
	[ -e "$kernel/$1" ] || return 0
	say REMOVE "$1"
	rm -f "$kernel/$1"
}

todo_end_apply()
{
	for dir in orig new; do
		if [ -d "$state/todo/$dir" ]; then
			rm -rf "${state:?}/$dir"
			mv "$state/todo/$dir" "$state/$dir"
		fi
	done
	todo_end
}

todo_end_revert()
{
	dir=$kernel/tools/btfstage
	if [ -d "$dir" ]; then
		rm -f "$dir"/*.o "$dir"/.*.d "$dir"/.*.cmd "$dir/btfstage"
		rmdir "$dir" 2>/dev/null ||
			say KEEP "tools/btfstage: has files that are not from here"
	fi
	rm -rf "$state/orig" "$state/new"
	todo_end
	state_tidy
}

todo_end()
{
	mv "$state/todo" "$state/done.tmp"
	rm -rf "$state/done.tmp"
}
