#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# What comes after apply: edits, updates, commits, and being killed

# shellcheck disable=SC2154 # variables of tree.sh
# shellcheck source=/dev/null
. "${0%/*}/tree.sh"

pristine=$TMP/pristine
tree=$TMP/tree
modfinal=scripts/Makefile.modfinal
vmlinux=scripts/link-vmlinux.sh

tree_get 6.12 "$pristine" || skip_all 'linux-source-6.12 is not installed'
snapshot "$pristine" > "$TMP/pristine.list"

# A project of our own, so that its text can change: the helper has two files.
project=$TMP/project
mkdir -p "$project/tools/btfstage"
cp -R scripts "$project"
cp -R tools/apply "$project/tools"
echo 'all:' > "$project/tools/btfstage/Makefile"
echo 'int main(void) {}' > "$project/tools/btfstage/main.c"
cp -R "$project" "$TMP/project.new"
apply=$project/tools/apply/apply.sh
new=$TMP/project.new
newer=$new/tools/apply/apply.sh
sed -i 's/^# The helper, built on demand\.$/# The helper, built when needed./' \
	"$new/$modfinal"
echo 'int x;' > "$new/tools/btfstage/x.c"
rm "$new/tools/btfstage/main.c"

fresh()
{
	rm -rf "$tree"
	cp -Rp "$pristine" "$tree"
	"$apply" apply "$tree" >/dev/null
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
ok '... the text is the new one' grep -q 'built when needed' "$tree/$modfinal"
ok '... and only that has changed' test \
	"$(diff "$TMP/old" "$tree/$modfinal" | grep -c '^[<>]')" -eq 2
ok '... a file with the same text is not written' \
	same "$TMP/time" stat -c %y "$tree/$vmlinux"
ok '... a new source has come' test -f "$tree/tools/btfstage/x.c"
ok '... an old one has gone' test ! -e "$tree/tools/btfstage/main.c"
snapshot_times "$tree" > "$TMP/times"
ok '... again' "$newer" apply "$tree"
ok '... touches nothing' same "$TMP/times" snapshot_times "$tree"
ok '... and back' "$apply" apply "$tree"
ok '... is as before' cmp "$TMP/old" "$tree/$modfinal"
ok '... revert' reverted

# Edits after apply

fresh
echo '# mine' >> "$tree/$modfinal"
sed -i '1a# mine' "$tree/$vmlinux"
snapshot_times "$tree" > "$TMP/times"
ok 'edited elsewhere: apply leaves it alone' "$apply" apply "$tree"
ok '... nothing was touched' same "$TMP/times" snapshot_times "$tree"
ok '... update' "$newer" apply "$tree"
ok '... has both' test "$(grep -c -e 'built when needed' -e '^# mine' "$tree/$modfinal")" -eq 2
ok '... revert' "$apply" revert "$tree"
sed '1a# mine' "$pristine/$vmlinux" > "$TMP/mine"
ok '... only the edit stays' cmp "$TMP/mine" "$tree/$vmlinux"
ok '... in both files' sh -c "{ cat '$pristine/$modfinal'; echo '# mine'; } | cmp - '$tree/$modfinal'"
ok '... with its mode' test -x "$tree/$vmlinux"

fresh
sed -i 's/^linked-ko := .*/& # mine/' "$tree/$modfinal"
ok 'our text edited: revert' refused "$modfinal: was edited" \
	"$tree" "$apply" revert "$tree"
fresh
sed -i 's/^# The helper, built on demand/& or not/' "$tree/$modfinal"
ok '... update' refused "$modfinal: was edited" "$tree" "$newer" apply "$tree"
fresh
echo '/* mine */' >> "$tree/tools/btfstage/main.c"
ok 'the helper edited: revert' refused 'main.c: was edited' \
	"$tree" "$apply" revert "$tree"

fresh
cp -p "$pristine/$modfinal" "$tree/$modfinal"
ok 'one file taken back: apply' "$apply" apply "$tree"
ok '... writes it again' grep -q '^linked-ko' "$tree/$modfinal"
cp -p "$pristine/$modfinal" "$tree/$modfinal"
ok '... revert' reverted

fresh
{ cat "$pristine/$modfinal"; echo '# next release'; } > "$tree/$modfinal"
ok 'a new release checked out: apply' "$apply" apply "$tree"
ok '... has it' test "$(grep -c -e '^linked-ko := %.ko' -e '^# next' "$tree/$modfinal")" -eq 2
ok '... revert' "$apply" revert "$tree"
ok '... restores the new one' test "$(tail -n 1 "$tree/$modfinal")" = '# next release'

fresh
: > "$tree/tools/btfstage/notes.txt"
ok 'a file of the user beside the helper' "$apply" revert "$tree"
ok '... stays' test -f "$tree/tools/btfstage/notes.txt"

# Committed and cloned

fresh
rm -rf "$tree/.btfstage"
snapshot_times "$tree" > "$TMP/times"
ok 'a clone: apply' "$apply" apply "$tree"
ok '... touches nothing' same "$TMP/times" snapshot_times "$tree"
ok '... revert' refused 'came with a commit' "$tree" "$apply" revert "$tree"
ok '... diff' refused 'came with a commit' "$tree" "$apply" diff "$tree"
rm -rf "$tree/tools/btfstage"
ok '... without the helper' refused 'tools/btfstage is missing' \
	"$tree" "$apply" apply "$tree"

# Killed. Each command that changes a file is preceded by a count; when it
# reaches $KILL_AT, the shell that called is killed.

mkdir "$TMP/bin"
for name in mkdir mv cp rm rmdir touch; do
	cat > "$TMP/bin/$name" <<-END
		#!/bin/sh
		n=\$((\$(cat "$TMP/count") + 1))
		echo \$n > "$TMP/count"
		if [ \$n -eq \$KILL_AT ]; then
			kill -9 \$PPID
			exit 1
		fi
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

# Every file is the old one or the new one.
whole()
{
	for file in $modfinal $vmlinux .gitignore Makefile; do
		cmp -s "$tree/$file" "$pristine/$file" ||
		cmp -s "$tree/$file" "$TMP/applied/$file" || return
	done
}

fresh
rm -rf "$TMP/applied"
cp -Rp "$tree" "$TMP/applied"
snapshot "$tree" > "$TMP/applied.list"

# Two attempts from the state that the kill left behind: on, and back.
recovered()
{
	whole || return
	cp -Rp "$tree" "$TMP/other"
	"$apply" apply "$tree" && same "$TMP/applied.list" snapshot "$tree" &&
	"$apply" revert "$TMP/other" &&
	same "$TMP/pristine.list" snapshot "$TMP/other"
}

# kill_all START COMMAND: kill it everywhere, beginning with a copy of START
kill_all()
{
	n=0
	while :; do
		n=$((n + 1))
		rm -rf "$tree" "$TMP/other"
		cp -Rp "$1" "$tree"
		killed_at $n "$apply" "$2" "$tree" || break
		recovered || { echo "killed at $n"; return 1; }
	done
	echo "$n points"
	[ $n -gt 20 ]
}

ok 'apply killed anywhere' kill_all "$pristine" apply
ok 'revert killed anywhere' kill_all "$TMP/applied" revert

rm -rf "$tree"
cp -Rp "$pristine" "$tree"
"$apply" apply "$tree" | true
ok 'nobody reads what apply says' same "$TMP/applied.list" snapshot "$tree"

# Edited between being killed and the next attempt.
n=0
until [ -d "$tree/.btfstage/todo" ]; do
	n=$((n + 1))
	rm -rf "$tree"
	cp -Rp "$pristine" "$tree"
	killed_at $n "$apply" apply "$tree" || break
done
echo '# mine' >> "$tree/$vmlinux"
ok 'edited after being killed' refused 'was edited after apply was interrupted' \
	"$tree" "$apply" apply "$tree"
ok '... diff still works' "$apply" diff "$tree"

done_testing
