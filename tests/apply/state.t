#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# After apply: edits, updates, commits, SIGKILL

# shellcheck disable=SC2016 # $ of sed
# shellcheck disable=SC2154 # variables of tree.sh
# shellcheck source=/dev/null
. "${0%/*}/tree.sh"

pristine=$TMP/pristine
tree=$TMP/tree
modfinal=scripts/Makefile.modfinal
vmlinux=scripts/link-vmlinux.sh

tree_get 6.12 "$pristine" || skip_all 'linux-source-6.12 is not installed'
snapshot "$pristine" > "$TMP/pristine.list"

# Two projects, of which the newer one has other text, and another source
project=$TMP/project
project_make "$project"
cp -R "$project" "$TMP/project.new"
apply=$project/tools/apply/apply.sh
new=$TMP/project.new
newer=$new/tools/apply/apply.sh
sed -i 's/^# Why there is no BTF\./# Why there is none./' "$new/$modfinal"
! cmp -s "$new/$modfinal" "$project/$modfinal" || bail_out 'the text is the same'
echo 'int x;' > "$new/tools/btfstage/x.c"
rm "$new/tools/btfstage/main.c"

fresh()
{
	tree_link "$pristine" "$tree"
	"$apply" apply "$tree" >/dev/null
}

# mine SED-SCRIPT FILE: edit a file of the tree, as a user
mine()
{
	sed -i "$1" "$tree/$2"
}

reverted()
{
	"$apply" revert "$tree" && same "$TMP/pristine.list" snapshot "$tree"
}

# Update

fresh
cp "$tree/$modfinal" "$TMP/old"
stat -c %y "$tree/$vmlinux" > "$TMP/time"
ok 'update' "$newer" apply "$tree"
ok '... the text is the new one' grep -q 'Why there is none' "$tree/$modfinal"
ok '... and only that has changed' test \
	"$(diff "$TMP/old" "$tree/$modfinal" | grep -c '^[<>]')" -eq 2
ok '... a file with the same text is not written' \
	same "$TMP/time" stat -c %y "$tree/$vmlinux"
ok '... a new source has come' test -f "$tree/scripts/btfstage/x.c"
ok '... an old one has gone' test ! -e "$tree/scripts/btfstage/main.c"
snapshot_times "$tree" > "$TMP/times"
ok '... again' "$newer" apply "$tree"
ok '... touches nothing' same "$TMP/times" snapshot_times "$tree"
ok '... and back' "$apply" apply "$tree"
ok '... is as before' cmp "$TMP/old" "$tree/$modfinal"
ok '... revert' reverted

# Edits after apply

fresh
mine '$a # mine' "$modfinal"
mine '1a # mine' "$vmlinux"
snapshot_times "$tree" > "$TMP/times"
ok 'edited elsewhere: apply leaves it alone' "$apply" apply "$tree"
ok '... nothing was touched' same "$TMP/times" snapshot_times "$tree"
ok '... update' "$newer" apply "$tree"
ok '... has both' test "$(grep -c -e 'Why there is none' -e '^# mine' "$tree/$modfinal")" -eq 2
ok '... revert' "$apply" revert "$tree"
sed '1a# mine' "$pristine/$vmlinux" > "$TMP/mine"
ok '... only the edit stays' cmp "$TMP/mine" "$tree/$vmlinux"
ok '... in both files' sh -c "{ cat '$pristine/$modfinal'; echo '# mine'; } | cmp - '$tree/$modfinal'"
ok '... with its mode' test -x "$tree/$vmlinux"

fresh
mine 's/^linked-ko := .*/& # mine/' "$modfinal"
ok 'our text edited: revert' refused "$modfinal: was edited" \
	"$tree" "$apply" revert "$tree"
fresh
mine 's/^# Why there is no BTF/& or not/' "$modfinal"
ok '... update' refused "$modfinal: was edited" "$tree" "$newer" apply "$tree"
fresh
mine '$a /* mine */' scripts/btfstage/main.c
for command in revert apply; do
	ok "the helper edited: $command" refused \
		'main.c: is not from btfstage, or was edited since' \
		"$tree" "$apply" $command "$tree"
done

fresh
cp -p --remove-destination "$pristine/$modfinal" "$tree/$modfinal"
ok 'one file taken back: apply' "$apply" apply "$tree"
ok '... writes it again' grep -q '^linked-ko' "$tree/$modfinal"
cp -p --remove-destination "$pristine/$modfinal" "$tree/$modfinal"
ok '... revert' reverted

fresh
rm "$tree/$modfinal"
{ cat "$pristine/$modfinal"; echo '# next release'; } > "$tree/$modfinal"
ok 'a new release checked out: apply' "$apply" apply "$tree"
ok '... has it' test "$(grep -c -e '^linked-ko := %.ko' -e '^# next' "$tree/$modfinal")" -eq 2
ok '... revert' "$apply" revert "$tree"
ok '... restores the new one' test "$(tail -n 1 "$tree/$modfinal")" = '# next release'

fresh
: > "$tree/scripts/btfstage/notes.txt"
ok 'a file of the user beside the helper' "$apply" revert "$tree"
ok '... stays' test -f "$tree/scripts/btfstage/notes.txt"

# Committed and cloned

fresh
rm -rf "$tree/.btfstage"
snapshot_times "$tree" > "$TMP/times"
ok 'a clone: apply' "$apply" apply "$tree"
ok '... touches nothing' same "$TMP/times" snapshot_times "$tree"
ok '... revert' refused 'came with a commit' "$tree" "$apply" revert "$tree"
ok '... diff' refused 'came with a commit' "$tree" "$apply" diff "$tree"
rm -rf "$tree/scripts/btfstage"
ok '... without the helper' refused 'scripts/btfstage is missing' \
	"$tree" "$apply" apply "$tree"

# Killed. Each command that may change the tree is preceded by a count; when it
# reaches $KILL_AT, the shell that called is killed: before the command, or when it
# is done.

mkdir "$TMP/bin"
for name in mkdir mv cp rm rmdir touch find; do
	cat > "$TMP/bin/$name" <<-END
		#!/bin/sh
		case " \$*" in
		*" $tree"*)
			read -r n <"$TMP/count"
			echo \$((n + 1)) >"$TMP/count"
			if [ \$n -eq \$KILL_AT ]; then
				kill -9 \$PPID
				exit 1
			fi
			;;
		esac
		exec $(command -v $name) "\$@"
	END
	chmod +x "$TMP/bin/$name"
done

# killed_at N COMMAND...: false when the command was done before
killed_at()
{
	echo 0 > "$TMP/count"
	KILL_AT=$1
	export KILL_AT
	shift
	rc=0
	TMPDIR=$TMP PATH=$TMP/bin:$PATH "$@" >/dev/null 2>&1 || rc=$?
	[ $rc -ne 0 ]
}

# whole BEFORE AFTER: every file of the tree is one of these, as a whole
whole()
{
	for file in $(cd "$1" && find . -name .btfstage -prune -o -type f -print) \
		    $(cd "$2" && find . -name .btfstage -prune -o -type f -print); do
		cmp -s "$tree/$file" "$1/$file" ||
		cmp -s "$tree/$file" "$2/$file" || {
			[ ! -e "$tree/$file" ] &&
			{ [ ! -e "$1/$file" ] || [ ! -e "$2/$file" ]; }
		} || { echo "$file is neither"; return 1; }
	done
}

# The files of a tree with btfstage; a state can have any number.
snapshot_applied()
{
	snapshot "$1" | sed 's,\./\.btfstage/[0-9]*,./.btfstage/N,' | sort
}

# Two attempts from the state that the kill left behind: on, and back.
recovered()
{
	tree_link "$tree" "$TMP/other"
	"$1" apply "$tree" && same "$2" snapshot_applied "$tree" &&
	"$1" revert "$TMP/other" &&
	same "$TMP/pristine.list" snapshot "$TMP/other"
}

# kill_all START END APPLY COMMAND: kill it everywhere, beginning with START. What
# a kill leaves behind is often what an earlier one did; then it has been tried.
kill_all()
{
	tree_link "$2" "$tree"
	"$3" apply "$tree"
	snapshot_applied "$tree" >"$TMP/applied.list"
	n=0
	: >"$TMP/tried"
	while :; do
		tree_link "$1" "$tree"
		killed_at $n "$3" "$4" "$tree" || break
		n=$((n + 1))
		whole "$1" "$2" || { echo "killed at $n"; return 1; }
		now=$(snapshot "$tree" | cksum)
		! grep -qxF "$now" "$TMP/tried" || continue
		echo "$now" >>"$TMP/tried"
		recovered "$3" "$TMP/applied.list" ||
			{ echo "killed at $n"; return 1; }
	done
	echo "$n points, $(wc -l <"$TMP/tried") of them different"
	[ $n -gt 20 ] && [ "$(wc -l <"$TMP/tried")" -gt 10 ]
}

fresh
tree_link "$tree" "$TMP/applied"
"$newer" apply "$tree" >/dev/null
tree_link "$tree" "$TMP/updated"
ok 'apply killed anywhere' kill_all "$pristine" "$TMP/applied" "$apply" apply
sed 's/^/# /' "$TMP/ok.log" | tail -n 1
ok 'revert killed anywhere' kill_all "$TMP/applied" "$pristine" "$apply" revert
sed 's/^/# /' "$TMP/ok.log" | tail -n 1
ok 'update killed anywhere' kill_all "$TMP/applied" "$TMP/updated" "$newer" apply
sed 's/^/# /' "$TMP/ok.log" | tail -n 1

tree_link "$pristine" "$tree"
"$apply" apply "$tree" | true
snapshot "$TMP/applied" >"$TMP/applied.list"
ok 'nobody reads what apply says' same "$TMP/applied.list" snapshot "$tree"

# Edited between being killed and the next attempt
n=0
until grep -q '^linked-ko' "$tree/$modfinal" && ! grep -q btf_object "$tree/$vmlinux"; do
	n=$((n + 1))
	tree_link "$pristine" "$tree"
	killed_at $n "$apply" apply "$tree" || bail_out 'no point between two files'
done
mine '$a # mine' "$modfinal"
mine '$a # mine' "$vmlinux"
ok 'edited after being killed: diff' "$apply" diff "$tree"
ok '... apply' "$apply" apply "$tree"
is '... keeps what was edited' "$(cat "$tree/$modfinal" "$tree/$vmlinux" | grep -c '^# mine')" 2
ok '... revert' "$apply" revert "$tree"
is '... leaves that alone' "$(diff -r "$pristine" "$tree" | grep '^[<>]')" \
	'> # mine
> # mine'

# A disk that is full before anything is written, for one
fresh
"$apply" revert "$tree" >/dev/null
: >"$tree/.btfstage"
ok 'no place for the originals' refused 'nothing was changed: mkdir: .*\.btfstage' \
	"$tree" "$apply" apply "$tree"

done_testing
