#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# The two files of a tree that get a line or some, .gitignore and the top-level
# Makefile: where these go, when they are left alone, and what is refused

# shellcheck disable=SC2016 # make's variables, to be looked for
# shellcheck disable=SC1003 # ... and backslashes
# shellcheck disable=SC2154 # variables of tree.sh
# shellcheck source=/dev/null
. "${0%/*}/tree.sh"

pristine=$TMP/pristine
tree=$TMP/tree

tree_get 6.12 "$pristine" || skip_all 'linux-source-6.12 is not installed'

# fresh [FILE SED-SCRIPT]: an untouched tree, with one file edited
fresh()
{
	rm -rf "$tree"
	cp -Rp "$pristine" "$tree"
	[ $# -eq 0 ] && return
	sed -i "$2" "$tree/$1"
	! cmp -s "$tree/$1" "$pristine/$1" || bail_out "sed did not change $1"
}

# refuses NAME MESSAGE FILE SED-SCRIPT
refuses()
{
	fresh "$3" "$4"
	ok "$1" refused "$2" "$tree" "$apply" apply "$tree"
}

# round_trip NAME: apply, again, diff, revert, from the tree as it stands. What
# apply says is in $TMP/said, and FILE as it was made in $TMP/made/FILE.
round_trip()
{
	snapshot "$tree" > "$TMP/list"
	rm -rf "$TMP/patched" "$TMP/made"
	cp -Rp "$tree" "$TMP/patched"
	ok "$1" "$apply" apply "$tree"
	cp "$TMP/ok.log" "$TMP/said"
	cp -Rp "$tree" "$TMP/made"
	snapshot_times "$tree" > "$TMP/times"
	ok "$1: again" "$apply" apply "$tree"
	ok "$1: ... touches nothing" same "$TMP/times" snapshot_times "$tree"
	"$apply" diff "$tree" > "$TMP/diff"
	ok "$1: the patch can be applied" \
		patch -s -p1 -d "$TMP/patched" -i "$TMP/diff"
	for file in .gitignore Makefile; do
		[ ! -f "$tree/$file" ] ||
			ok "$1: ... and does the same to $file" \
				cmp "$TMP/patched/$file" "$tree/$file"
	done
	ok "$1: revert" "$apply" revert "$tree"
	ok "$1: ... everything is as it was" same "$TMP/list" snapshot "$tree"
}

# keeps NAME FILE REASON [FILE SED-SCRIPT]: the other files are edited
keeps()
{
	keeps_name=$1
	keeps_file=$2
	keeps_why=$3
	shift 3
	[ $# -eq 0 ] || fresh "$@"
	round_trip "$keeps_name"
	is "$keeps_name: it is said" "$(grep KEEP "$TMP/said")" \
		"  KEEP    $keeps_file: $keeps_why"
	is "$keeps_name: the others are edited" \
		"$(grep -c '^  EDIT ' "$TMP/said")" 4
	if [ -f "$tree/$keeps_file" ]; then
		ok "$keeps_name: the file is as it was" \
			cmp "$tree/$keeps_file" "$TMP/made/$keeps_file"
	else
		fails "$keeps_name: the file is not made" \
			test -e "$TMP/made/$keeps_file"
	fi
}

# around FILE REGEX: the line that matches, and its neighbours
around()
{
	grep -x -B1 -A1 -e "$2" "$TMP/made/$1"
}

# --- .gitignore
fresh
round_trip 'an untouched tree'
is '.gitignore: the place' "$(around .gitignore '\*\.ko\.btf')" \
	'*.ko
*.ko.btf
*.lex.c'
fresh .gitignore 's/^\*\.ko$/&\n*.ko.asc\n*.ko.zst/'
round_trip 'other suffixes of modules'
is '.gitignore: in the order of the alphabet' \
	"$(around .gitignore '\*\.ko\.btf')" \
	'*.ko.asc
*.ko.btf
*.ko.zst'
fresh .gitignore '/^\*\.lex\.c/,$d'
printf %s "$(cat "$tree/.gitignore")" > "$tree/cut"
cat "$tree/cut" > "$tree/.gitignore"
rm "$tree/cut"
round_trip '*.ko is the last line, and has no end'
is '.gitignore: nothing but that line is added' \
	"$(tail -c 14 "$TMP/made/.gitignore" | od -An -c)" \
	"$(printf '\n*.ko\n*.ko.btf' | od -An -c)"

fresh
rm "$tree/.gitignore"
keeps 'no .gitignore' .gitignore 'there is none'
keeps 'a .gitignore without *.ko' .gitignore 'has no line *.ko' \
	.gitignore '/^\*\.ko$/d'
keeps 'an empty .gitignore' .gitignore 'has no line *.ko' .gitignore d
keeps '*.ko.btf is there' .gitignore 'has *.ko.btf' \
	.gitignore 's/^\*\.ko$/&\n*.ko.btf/'
keeps '*.ko.* is there' .gitignore 'has *.ko.*' \
	.gitignore 's/^\*\.ko$/&\n*.ko.*/'
refuses '*.ko twice' '\.gitignore:[0-9]+: \*\.ko again, first in line [0-9]+' \
	.gitignore 's/^\*\.ko$/&\n*.lex.c\n&/'
refuses 'a .gitignore with carriage returns' \
	'\.gitignore: has carriage returns' .gitignore 's/$/\r/'
refuses 'a .gitignore with one carriage return' \
	'\.gitignore: has carriage returns' .gitignore 's/^\*\.ko$/&\r/'
refuses 'a .gitignore with a zero byte' \
	'\.gitignore: has .*zero bytes' .gitignore 's/^\*\.zst$/&\x00/'
fresh
mv "$tree/.gitignore" "$tree/ignore"
ln -s ignore "$tree/.gitignore"
ok 'a .gitignore that is a link' refused '\.gitignore: not a regular file' \
	"$tree" "$apply" apply "$tree"
ln -sf nowhere "$tree/.gitignore"
ok '... to nowhere' refused '\.gitignore: not a regular file' \
	"$tree" "$apply" apply "$tree"
rm "$tree/.gitignore"
mkdir "$tree/.gitignore"
ok 'a .gitignore that is a directory' \
	refused '\.gitignore: not a regular file' "$tree" "$apply" apply "$tree"

# --- Makefile
fresh
round_trip 'an untouched tree'
ok 'Makefile: make reads the list' test -n "$(
	sed -n '/^CLEAN_FILES/,/[^\\]$/p' "$TMP/made/Makefile" > "$TMP/list.mk"
	echo 'all: ; @echo $(CLEAN_FILES)' >> "$TMP/list.mk"
	make -f "$TMP/list.mk" | tr ' ' '\n' | grep -x tools/btfstage/btfstage)"
is 'Makefile: nothing is lost' \
	"$(diff "$pristine/Makefile" "$TMP/made/Makefile" | grep '^<')" ''
is 'Makefile: the line of help is behind that of nsdeps' \
	"$(around Makefile ".*'  btf-report .*" | sed -n "s/ *- .*//; s/.*'  //p" |
	   head -n 2 | xargs)" 'nsdeps btf-report'
# What the rule does, in a tree of a Makefile and one line
mkdir "$TMP/top" "$TMP/top/scripts"
sed -n '/^PHONY += btf-report/,/^$/p' "$TMP/made/Makefile" > "$TMP/top/Makefile"
echo 'modules: ; @echo modules
	.PHONY: $(PHONY)' | sed 's/^	//' >> "$TMP/top/Makefile"
echo 'btf-report: ; @echo report' > "$TMP/top/scripts/Makefile.modfinal"
is 'Makefile: make btf-report' \
	"$(make -s -C "$TMP/top" Q=@ srctree=. btf-report)" report
is 'Makefile: make -j btf-report modules, in the right order' \
	"$(make -s -j4 -C "$TMP/top" Q=@ srctree=. btf-report modules | xargs)" \
	'modules report'
fresh
printf %s "$(cat "$pristine/Makefile")" > "$tree/Makefile"
round_trip 'a Makefile without an end of line'
is 'Makefile: it does not get one' "$(tail -c 1 "$TMP/made/Makefile")" \
	"$(tail -c 1 "$tree/Makefile")"
keeps 'no rule for clean' Makefile 'has no rule for clean' \
	Makefile '/^clean:/d'
refuses 'another rule for clean' \
	'Makefile: no clean: rm-files := \$\(CLEAN_FILES\)' \
	Makefile 's/^clean: private rm-files := $(CLEAN_FILES)/& more/'
refuses 'no list of files' 'Makefile: no CLEAN_FILES \+=' \
	Makefile 's/^CLEAN_FILES +=/MY_FILES +=/'
refuses 'two lists of files' 'Makefile:[0-9]+: CLEAN_FILES \+= again, first in' \
	Makefile 's/^# Directories & files removed with .make mrproper.*/CLEAN_FILES += mine\n&/'
refuses 'a list in one line' 'Makefile:[0-9]+: unknown form of CLEAN_FILES' \
	Makefile '/^CLEAN_FILES +=/{ :a; /\\$/{ N; s/\\\n//; ba; }; }'
refuses 'a list that comes too late' \
	'Makefile:[0-9]+: CLEAN_FILES is used before it is set' \
	Makefile '/^CLEAN_FILES +=/i clean: private rm-files := $(CLEAN_FILES)
		/^clean: private rm-files := $(CLEAN_FILES)/d'
refuses 'no nsdeps in help' \
	'Makefile: no line for nsdeps in the recipe of help' \
	Makefile "/'  nsdeps  /d"
refuses 'nsdeps in help twice' \
	'Makefile:[0-9]+: line for nsdeps in the recipe of help again' \
	Makefile "s/.*'  nsdeps  .*/&\\n&/"
refuses 'nsdeps in help goes on' \
	'Makefile:[0-9]+: unknown line behind nsdeps in the recipe of help: more' \
	Makefile "s/.*'  nsdeps  .*/&\\n\tmore/"
refuses 'no rule for nsdeps' 'Makefile: no nsdeps: modules' \
	Makefile 's/^nsdeps: modules/& vmlinux/'
refuses 'something behind the rule for nsdeps' \
	'Makefile:[0-9]+: unknown line behind the recipe of nsdeps: endif' \
	Makefile '/^nsdeps: modules/,/^$/s/^$/endif/'
refuses 'a Makefile with carriage returns' 'Makefile: has carriage returns' \
	Makefile '/^PATCHLEVEL/!s/$/\r/'
fresh
mv "$tree/Makefile" "$tree/GNUmakefile.in"
ln -s GNUmakefile.in "$tree/Makefile"
ok 'a Makefile that is a link' refused 'Makefile: not a regular file' \
	"$tree" "$apply" apply "$tree"

# --- what comes after apply
applied()
{
	fresh
	"$apply" apply "$tree" > /dev/null
}

# A tree lives on: another sublevel, a pattern of one's own.
applied
sed -i 's/^SUBLEVEL = .*/SUBLEVEL = 999/' "$tree/Makefile"
echo '/mine' >> "$tree/.gitignore"
snapshot_times "$tree" > "$TMP/times"
ok 'edited elsewhere: apply' "$apply" apply "$tree"
ok '... touches nothing' same "$TMP/times" snapshot_times "$tree"
ok '... revert' "$apply" revert "$tree"
is '... keeps what is edited' "$(diff -r "$pristine" "$tree" | grep '^[<>]')" \
	"$({ diff "$pristine/.gitignore" "$tree/.gitignore"
	     diff "$pristine/Makefile" "$tree/Makefile"; } | grep '^[<>]')"
is '... and nothing else' "$(diff -r "$pristine" "$tree" | grep '^>')" \
	'> /mine
> SUBLEVEL = 999'

applied
sed -i '/^\*\.ko\.btf$/d' "$tree/.gitignore"
ok 'the line taken out: apply' "$apply" apply "$tree"
ok '... puts it in again' grep -qx '\*\.ko\.btf' "$tree/.gitignore"
sed -i '/^\*\.ko\.btf$/d' "$tree/.gitignore"
ok '... revert' "$apply" revert "$tree"
ok '... leaves the file alone' cmp "$pristine/.gitignore" "$tree/.gitignore"

applied
rm "$tree/.gitignore"
ok 'the file deleted: apply' "$apply" apply "$tree"
like '... is said to be left alone' "$(cat "$TMP/ok.log")" \
	'^  KEEP    \.gitignore: there is none$'
fails '... it is not made' test -e "$tree/.gitignore"
ok '... revert' "$apply" revert "$tree"
fails '... does not make it either' test -e "$tree/.gitignore"

applied
sed -i 's/^\*\.ko$/*.ko.old/' "$tree/.gitignore"
ok 'edited beside our line: revert' refused '\.gitignore: was edited' \
	"$tree" "$apply" revert "$tree"

# A project of ours that does not know of the two files yet
project=$TMP/project
mkdir -p "$project/tools"
cp -R scripts "$project"
cp -R tools/apply tools/btfstage "$project/tools"
sed -i 's/^\(edited="scripts[^ ]* scripts[^ ]*\).*/\1"/' \
	"$project/tools/apply/apply.sh"
sed -i '/^	edit_one \(\.gitignore\|Makefile\) /d' \
	"$project/tools/apply/edit.sh"
fresh
snapshot "$tree" > "$TMP/list"
older=$project/tools/apply/apply.sh
"$older" apply "$tree" > "$TMP/said"
is 'an older version edits three files' "$(grep -c '^  EDIT ' "$TMP/said")" 3
ok '... update' "$apply" apply "$tree"
is '... edits two more' "$(grep '^  ' "$TMP/ok.log")" \
	'  EDIT    .gitignore
  EDIT    Makefile'
ok '... and back' "$older" apply "$tree"
is '... takes the lines out again' "$(grep '^  ' "$TMP/ok.log")" \
	'  EDIT    .gitignore
  EDIT    Makefile'
for file in .gitignore Makefile; do
	ok "... $file" cmp "$pristine/$file" "$tree/$file"
done
"$apply" apply "$tree" > /dev/null
ok '... update, revert' "$apply" revert "$tree"
ok '... everything is as it was' same "$TMP/list" snapshot "$tree"

# A newer release is checked out, in which a file is not edited.
applied
sed '/^gen_btf()/,/^}/d; s,if ! gen_btf,if ! ${srctree}/scripts/gen-btf.sh,' \
	"$pristine/scripts/link-vmlinux.sh" > "$tree/scripts/link-vmlinux.sh"
cp "$tree/scripts/link-vmlinux.sh" "$TMP/link-vmlinux.sh"
ok 'a release with gen-btf.sh checked out: apply' "$apply" apply "$tree"
ok '... leaves the script alone' \
	cmp "$TMP/link-vmlinux.sh" "$tree/scripts/link-vmlinux.sh"
ok '... revert' "$apply" revert "$tree"
ok '... leaves it alone' \
	cmp "$TMP/link-vmlinux.sh" "$tree/scripts/link-vmlinux.sh"

done_testing
