#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# Files of a tree that get a few lines: .gitignore, two Makefiles and the script that packs
# headers. Where the lines go, when a file is left alone or refused, and later runs

# shellcheck disable=SC2016 # make's variables, to be looked for
# shellcheck disable=SC1003 # ... and backslashes
# shellcheck disable=SC2154 # variables of tree.sh
# shellcheck source=/dev/null
. "${0%/*}/tree.sh"

pristine=$TMP/pristine
tree=$TMP/tree

tree_get 6.12 "$pristine" || skip_all 'linux-source-6.12 is not installed'
project_make "$TMP/project"
apply=$TMP/project/tools/apply/apply.sh

# fresh [FILE SED-SCRIPT]: an untouched tree, with one file edited
fresh()
{
	tree_link "$pristine" "$tree"
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

# round_trip NAME: apply, again, diff, revert. The output of apply is in $TMP/said, and
# FILE after apply in $TMP/made/FILE.
round_trip()
{
	snapshot "$tree" > "$TMP/list"
	rm -rf "$TMP/patched"
	cp -Rp "$tree" "$TMP/patched"
	ok "$1" "$apply" apply "$tree"
	cp "$TMP/ok.log" "$TMP/said"
	tree_link "$tree" "$TMP/made"
	snapshot_times "$tree" > "$TMP/times"
	ok "$1: again" "$apply" apply "$tree"
	ok "$1: ... touches nothing" same "$TMP/times" snapshot_times "$tree"
	"$apply" diff "$tree" > "$TMP/diff"
	ok "$1: the patch can be applied" \
		patch -s -p1 -d "$TMP/patched" -i "$TMP/diff"
	for file in .gitignore Makefile scripts/Makefile; do
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
		"$(grep -c '^  EDIT ' "$TMP/said")" 5
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
is '.gitignore: the place' "$(around .gitignore '\*\.ko\.\*')" \
	'*.ko
*.ko.*
*.lex.c'
fresh .gitignore '/^\*\.lex\.c/,$d'
printf %s "$(cat "$tree/.gitignore")" > "$tree/cut"
cat "$tree/cut" > "$tree/.gitignore"
rm "$tree/cut"
round_trip '*.ko is the last line, and has no end'
is '.gitignore: nothing but that line is added' \
	"$(tail -c 12 "$TMP/made/.gitignore" | od -An -c)" \
	"$(printf '\n*.ko\n*.ko.*' | od -An -c)"

fresh
rm "$tree/.gitignore"
keeps 'no .gitignore' .gitignore 'there is none'
keeps 'a .gitignore without *.ko' .gitignore 'has no line *.ko' \
	.gitignore '/^\*\.ko$/d'
keeps 'an empty .gitignore' .gitignore 'has no line *.ko' .gitignore d
keeps '*.ko.* is there' .gitignore 'has *.ko.*' \
	.gitignore 's/^\*\.ko$/&\n*.ko.*/'
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

# --- scripts/Makefile
fresh
round_trip 'an untouched tree'
is 'scripts/Makefile: the place' "$(around scripts/Makefile '.*+= btfstage')" \
	"$(grep '^subdir-$(CONFIG_' "$pristine/scripts/Makefile" | tail -n 1)
"'subdir-$(CONFIG_DEBUG_INFO_BTF_MODULES) += btfstage'
# The directories that make enters, with and without the option
for config in y ''; do
	{ echo "CONFIG_DEBUG_INFO_BTF_MODULES := $config"
	  cat "$TMP/made/scripts/Makefile"
	  echo 'subdirs: ; @echo $(subdir-y); echo clean: $(subdir-)'; } >"$TMP/list.mk"
	is "scripts/Makefile: make with the option '$config'" \
		"$(make -sf "$TMP/list.mk" subdirs 2>/dev/null |
		   tr ' ' '\n' | grep -e btfstage -e clean: | xargs)" \
		"$([ -n "$config" ] && echo btfstage clean: || echo clean: btfstage)"
done
fresh
printf %s "$(cat "$pristine/scripts/Makefile")" > "$TMP/cut"
rm "$tree/scripts/Makefile"
cp "$TMP/cut" "$tree/scripts/Makefile"
round_trip 'a Makefile without an end of line'
is '... it does not get one' "$(tail -c 1 "$TMP/made/scripts/Makefile")" \
	"$(tail -c 1 "$TMP/cut")"
keeps 'btfstage is there' scripts/Makefile \
	'has subdir-$(CONFIG_DEBUG_INFO_BTF_MODULES) += btfstage' \
	scripts/Makefile '$a subdir-$(CONFIG_DEBUG_INFO_BTF_MODULES) += btfstage'
refuses 'no subdir of an option' \
	'scripts/Makefile: no subdir-\$\(CONFIG_\.\.\.\) \+=' \
	scripts/Makefile '/^subdir-$(CONFIG_/d'
refuses 'a Makefile with carriage returns' \
	'scripts/Makefile: has carriage returns' scripts/Makefile 's/$/\r/'
fresh
mv "$tree/scripts/Makefile" "$tree/scripts/GNUmakefile.in"
ln -s GNUmakefile.in "$tree/scripts/Makefile"
ok 'a Makefile that is a link' refused 'scripts/Makefile: not a regular file' \
	"$tree" "$apply" apply "$tree"
rm "$tree/scripts/Makefile"
ok 'no Makefile' refused 'scripts/Makefile: not a regular file' \
	"$tree" "$apply" apply "$tree"

# --- Makefile
fresh
round_trip 'an untouched tree'
is 'Makefile: one line is edited' \
	"$(diff "$tree/Makefile" "$TMP/made/Makefile" | grep '^>')" \
	"$(sed -n "s/^\(.*find \. -name '\*\.ko'\)/> \1 ! -name '*.no-btf.ko'/p" \
		"$tree/Makefile")"
keeps 'no checkstack' Makefile "has no find . -name '*.ko'" Makefile \
	"s/find \. -name '\*\.ko'/cat modules.list/"

# --- the script that packs headers: what it lists of a build tree
# listed DIR SCRIPT: what the script would pack from DIR
# shellcheck disable=SC2034,SC2317 # variables and functions of the script
listed()
{
	awk '/^[ \t]*\{$/ { on = 1; next } on && /^[ \t]*\}/ { exit } on' \
		"$2" >"$TMP/list"
	(
		cd "$1" || exit
		SRCARCH=x86
		is_enabled() { [ "$1" = CONFIG_OBJTOOL ]; }
		find_in_scripts() { find scripts -type f; }
		. "$TMP/list"
	) | grep -e base$ -e objtool$ -e btfstage/btfstage$ | xargs
}
for version in 6.1 6.12; do
	rm -rf "$tree"
	if ! tree_get $version "$tree"; then
		skip "$version: what headers have" "linux-source-$version is not installed"
		continue
	fi
	"$apply" apply "$tree" >/dev/null
	mkdir -p "$tree/arch/x86/include" "$tree/include"
	: >"$tree/scripts/btfstage/btfstage"
	: >"$tree/Module.symvers"
	ok "$version: the script is one" sh -n "$tree/$package"
	is "$version: headers have the helper, as one of scripts" \
		"$(listed "$tree" "$tree/$package")" \
		'tools/objtool/objtool scripts/btfstage/btfstage'
	: >"$tree/.btf.vmlinux.base"
	is "$version: ... and the prepared base where there is one" \
		"$(listed "$tree" "$tree/$package")" \
		'tools/objtool/objtool .btf.vmlinux.base scripts/btfstage/btfstage'
done

# For another architecture, the script has kbuild build the programs in scripts again.
programs()
{
	echo 'print: ; @echo $(hostprogs-always-y)' |
	make -s HOSTPKG_CONFIG=pkg-config HOSTCC="${HOSTCC:-cc}" "$@" \
		-f "$ROOT/tools/btfstage/Makefile" -f - print
}
printf '#!/bin/sh\ncase "$*" in *gelf*) exit 1 ;; esac\nexec %s "$@"\n' \
	"${HOSTCC:-cc}" >"$TMP/cc"
chmod +x "$TMP/cc"
is 'the helper is built in a tree' "$(programs HOSTCC="$TMP/cc")" btfstage
is '... again for headers, if the compiler has libelf' \
	"$(programs KBUILD_EXTMOD=headers)" btfstage
is '... and if not, not' "$(programs KBUILD_EXTMOD=headers HOSTCC="$TMP/cc")" ''

# --- what comes after apply
applied()
{
	fresh
	"$apply" apply "$tree" > /dev/null
}

# A tree lives on: a pattern of one's own, another folder.
applied
sed -i '$a /mine' "$tree/.gitignore"
sed -i '$a subdir-y += mine' "$tree/scripts/Makefile"
snapshot_times "$tree" > "$TMP/times"
ok 'edited elsewhere: apply' "$apply" apply "$tree"
ok '... touches nothing' same "$TMP/times" snapshot_times "$tree"
ok '... revert' "$apply" revert "$tree"
is '... keeps what is edited, and nothing else' \
	"$(diff -r "$pristine" "$tree" | grep '^[<>]')" \
	'> /mine
> subdir-y += mine'

applied
sed -i '/^\*\.ko\.\*$/d' "$tree/.gitignore"
ok 'the line taken out: apply' "$apply" apply "$tree"
ok '... puts it in again' grep -qx '\*\.ko\.\*' "$tree/.gitignore"
sed -i '/^\*\.ko\.\*$/d' "$tree/.gitignore"
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

# A project of ours that does not know of one of the files
project=$TMP/older
cp -R "$TMP/project" "$project"
sed -i 's, scripts/Makefile Makefile .gitignore",",' "$project/tools/apply/tree.sh"
fresh
snapshot "$tree" > "$TMP/list"
older=$project/tools/apply/apply.sh
"$older" apply "$tree" > "$TMP/said"
is 'an older version edits three files' "$(grep -c '^  EDIT ' "$TMP/said")" 3
ok '... update' "$apply" apply "$tree"
is '... edits three more' "$(grep '^  ' "$TMP/ok.log")" \
	'  EDIT    .gitignore
  EDIT    Makefile
  EDIT    scripts/Makefile'
ok '... and back' "$older" apply "$tree"
is '... takes the lines out again' "$(grep '^  ' "$TMP/ok.log")" \
	'  RESTORE .gitignore
  RESTORE Makefile
  RESTORE scripts/Makefile'
for file in .gitignore Makefile scripts/Makefile; do
	ok "... $file" cmp "$pristine/$file" "$tree/$file"
done
"$apply" apply "$tree" > /dev/null
ok '... update, revert' "$apply" revert "$tree"
ok '... everything is as it was' same "$TMP/list" snapshot "$tree"

# A newer release is checked out, in which a file is edited in another way.
applied
sed '/^gen_btf()/,/^}/d; s,if ! gen_btf,if ! ${srctree}/scripts/gen-btf.sh,' \
	"$pristine/scripts/link-vmlinux.sh" > "$TMP/link-vmlinux.new"
cp --remove-destination "$TMP/link-vmlinux.new" "$tree/scripts/link-vmlinux.sh"
cp "$tree/scripts/link-vmlinux.sh" "$TMP/link-vmlinux.sh"
ok 'a release with gen-btf.sh checked out: apply' "$apply" apply "$tree"
is '... adds a line before the last link' \
	"$(diff "$TMP/link-vmlinux.sh" "$tree/scripts/link-vmlinux.sh" | grep '^[<>] [^#]')" \
	'> rm -f .vmlinux.cmd'
ok '... revert' "$apply" revert "$tree"
ok '... gives it back' \
	cmp "$TMP/link-vmlinux.sh" "$tree/scripts/link-vmlinux.sh"

done_testing
