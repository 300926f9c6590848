#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# apply refuses unknown text, with file and line, and changes nothing. Text of releases
# without a package is made from that of 6.12.

# shellcheck disable=SC2016 # make's and the shell's variables, to be looked for
# shellcheck disable=SC1003 # ... and their backslashes
# shellcheck disable=SC2154 # variables of tree.sh
# shellcheck source=/dev/null
. "${0%/*}/tree.sh"

pristine=$TMP/pristine
tree=$TMP/tree
modfinal=scripts/Makefile.modfinal
vmlinux=scripts/link-vmlinux.sh

tree_get 6.12 "$pristine" || skip_all 'linux-source-6.12 is not installed'
project_make "$TMP/project"
apply=$TMP/project/tools/apply/apply.sh

# tree_edit FILE SED-SCRIPT: a fresh tree, with one file edited
tree_edit()
{
	tree_link "$pristine" "$tree"
	sed -i "$2" "$tree/$1"
	! cmp -s "$tree/$1" "$pristine/$1" || bail_out "sed did not change $1"
}

# try NAME MESSAGE FILE SED-SCRIPT
try()
{
	tree_edit "$3" "$4"
	ok "$1" refused "$2" "$tree" "$apply" apply "$tree"
}

# Number of the first line that matches.
line_of()
{
	grep -n -e "$2" "$tree/$1" | sed 's/:.*//; q'
}

try 'a line more in the recipe' "$modfinal:[0-9]+: unknown line: @echo" \
	$modfinal '/+$(call if_changed_except/a\	@echo hello'
at=$(line_of $modfinal '@echo hello')
ok '... its number is right' grep -q "modfinal:$at:" "$TMP/message"
try 'a line after endif' "$modfinal:[0-9]+: unknown line: @echo" \
	$modfinal '/call cmd,btf_ko/,/^endif/ s/^endif/&\n\t@echo hello/'
try 'a line after a blank one' "$modfinal:[0-9]+: unknown line: @echo" \
	$modfinal '/call cmd,btf_ko/,/^endif/ s/^endif/&\n\n\t@echo hello/'
try 'another condition in the recipe' "$modfinal:[0-9]+: unknown line: ifdef CONFIG_X" \
	$modfinal '/call cmd,btf_ko/,/^endif/ s/^endif/&\nifdef CONFIG_X\n\t@:\nendif/'
try 'a recipe without BTF' "$modfinal:[0-9]+: unknown order" \
	$modfinal '/call cmd,btf_ko/d'
try 'a line more in cmd_btf_ko' "$modfinal:[0-9]+: unknown line: echo" \
	$modfinal '/$(RESOLVE_BTFIDS)/i\		echo hello;	\\'
try 'a line less in cmd_btf_ko' "$modfinal:[0-9]+: unknown order" \
	$modfinal '/$(RESOLVE_BTFIDS)/d'
try 'another flag for pahole' "$modfinal:[0-9]+: unknown line: .*--extra" \
	$modfinal 's/--btf_base vmlinux/--extra &/'
try 'no rule' "$modfinal: no rule for %.ko" $modfinal 's/^%\.ko: /%.ok: /'
try 'two rules' "$modfinal:[0-9]+: rule for %.ko again, first in line [0-9]+" \
	$modfinal '/^targets +=/i\%.ko: %.x FORCE\n'
try 'another form of rule' "$modfinal:[0-9]+: unknown form" \
	$modfinal 's/^%\.ko: /$(some): &/'
try 'no vmlinux in the rule' "$modfinal:[0-9]+: .* vmlinux" \
	$modfinal 's/$(and $(CONFIG_DEBUG_INFO_BTF_MODULES)[^ ]* //'
try 'another command after the linker' \
	"$modfinal:[0-9]+: unknown line in cmd_ld_ko_o: strip" \
	$modfinal 's/-o $@ $(filter %.o, $^)/&; \\\n\tstrip $@/'
try 'another command before the linker' \
	"$modfinal:[0-9]+: unknown line in cmd_ld_ko_o: rm" \
	$modfinal '/cmd_ld_ko_o =/a\	rm -f $@; \\'
try 'a linker with other arguments' "$modfinal:[0-9]+: unknown line in cmd_ld_ko_o" \
	$modfinal 's/-o $@ $(filter %.o, $^)/& extra.o/'
try 'a linker that runs twice' "$modfinal:[0-9]+: cmd_ld_ko_o links twice" \
	$modfinal 's/-T $(ARCH_MODULE_LDS) -o $@ $(filter %.o, $^)/&; \\\n&/'
try 'a linker without output' "$modfinal:[0-9]+: cmd_ld_ko_o has no -o" \
	$modfinal 's/-o $@ $(filter %.o, $^)/$(filter %.o, $^)/'
try 'something between the commands and the rule' \
	"$modfinal:[0-9]+: unknown line: flags := x" \
	$modfinal '/^# Re-generate module/i\flags := x\n'
try 'the rule first' "$modfinal:[0-9]+: the rule for %.ko is above quiet_cmd_btf_ko" \
	$modfinal '/^quiet_cmd_ld_ko_o/i\%.ko: x\n
		/^%\.ko: %\.o/d'
try 'a removed macro used elsewhere' "$modfinal:[0-9]+: .*if_changed_except is used" \
	$modfinal '/^targets +=/i\x: FORCE\n\t$(call if_changed_except,x,y)\n'
try 'no tmp-target' 'Kbuild.include: no macro tmp-target' \
	scripts/Kbuild.include 's/^tmp-target = /temporary = /'

try 'a line more in gen_btf' "$vmlinux:[0-9]+: unknown line in gen_btf: strip" \
	$vmlinux '/--strip-all ${1}/a\	strip ${1}'
try 'a line less in gen_btf' "$vmlinux:[0-9]+: unknown order" \
	$vmlinux '/^	${OBJCOPY} --only-section/,/--strip-all/d'
try 'pahole run twice' "$vmlinux:[0-9]+: gen_btf runs pahole twice" \
	$vmlinux '/${PAHOLE} -J/p'
try 'no gen_btf' "$vmlinux: no function gen_btf" $vmlinux 's/^gen_btf()/make_btf()/'

headers=scripts/package/install-extmod-build
try 'headers without objtool' "$headers: no echo tools/objtool/objtool" \
	$headers '/objtool\/objtool/d'
try 'headers with objtool in any case' \
	"$headers:[0-9]+: tools/objtool/objtool is listed in an unknown way" \
	$headers 's/if is_enabled CONFIG_OBJTOOL; then/if true; then/'
try 'no last link' "$vmlinux: no vmlinux_link vmlinux" \
	$vmlinux 's/^vmlinux_link vmlinux$/vmlinux_link linux/'
try 'two last links' "$vmlinux:[0-9]+: vmlinux_link vmlinux again" \
	$vmlinux 's/^vmlinux_link vmlinux$/&\n&/'

tree_link "$pristine" "$tree"
mv "$tree/$modfinal" "$tree/modfinal"
ln -s ../modfinal "$tree/$modfinal"
ok 'a file that is a link' refused "$modfinal: not a regular file" \
	"$tree" "$apply" apply "$tree"
cp -Rp "$pristine" "$TMP/elsewhere"
rm -rf "$tree/scripts"
ln -s ../elsewhere/scripts "$tree/scripts"
ok 'scripts is a link' refused 'scripts: a link to another place' \
	"$tree" "$apply" apply "$tree"

mkdir -p "$TMP/empty" "$TMP/build"
ok 'no kernel tree' refused 'empty: not a kernel source tree' \
	"$TMP/empty" "$apply" apply "$TMP/empty"
ok 'no directory' refused 'none: no such directory' \
	"$TMP/empty" "$apply" apply "$TMP/none"
: > "$TMP/build/Makefile"
ln -s ../pristine "$TMP/build/source"
ok 'a build directory' refused 'a build directory; .*pristine' \
	"$TMP/build" "$apply" apply "$TMP/build"

tree_link "$pristine" "$tree"
mkdir "$tree/scripts/btfstage"
echo mine > "$tree/scripts/btfstage/main.c"
ok 'scripts/btfstage of somebody else' refused \
	'main.c: is not from btfstage, or was edited since' \
	"$tree" "$apply" apply "$tree"

# Root may write everywhere.
user=
[ "$(id -u)" -ne 0 ] || user='setpriv --reuid=65534 --regid=65534 --clear-groups'
chmod 755 "$TMP"
rm -rf "$tree"
cp -Rp "$pristine" "$tree"
chmod -R a-w "$tree"
if $user "$apply" diff "$tree" >/dev/null 2>&1; then
	# shellcheck disable=SC2086 # a command and its arguments
	ok 'a tree that is read-only' refused 'not writable' \
		"$tree" $user "$apply" apply "$tree"
else
	skip 'a tree that is read-only' 'no other user to try with'
fi
chmod -R u+w "$tree"

ok 'no command' status 2 "$apply"
ok 'an unknown command' status 2 "$apply" install "$tree"
ok 'no directory given' status 2 "$apply" apply
ok '--help' "$apply" --help

# Releases from 6.13 on, as far as the scripts' text is concerned.

objtree='s,\(except.*\|BUILTIN)\|-b\|base\|-f\)\([ ,]\)vmlinux,\1\2$(objtree)/vmlinux,'
tree_edit $modfinal "$objtree; s,\$(ARCH_MODULE_LDS),\$(objtree)/scripts/module.lds,"
ok 'vmlinux in $(objtree): the tree has it' test \
	"$(grep -c '$(objtree)/vmlinux' "$tree/$modfinal")" -ge 5
ok 'vmlinux in $(objtree)' "$apply" apply "$tree"
ok '... the rule has its other prerequisites' grep -q -x -e \
	'$(linked-ko): %.o %.mod.o $(extmod_prefix).module-common.o $(objtree)/scripts/module.lds FORCE' \
	"$tree/$modfinal"

tree_edit $modfinal '/call cmd,btf_ko/,/^endif/ s/^endif/&\n\t+$(call cmd,check_tracepoint)/'
ok 'check_tracepoint' "$apply" apply "$tree"
at=$(line_of $modfinal '^$(linked-ko): ')
ok '... stays in the rule that links' test \
	"$(sed -n "$((at + 2))p" "$tree/$modfinal")" = '	+$(call cmd,check_tracepoint)'

tree_edit $modfinal 's,LLVM_OBJCOPY=.*--btf_base,$(CONFIG_SHELL) $(srctree)/scripts/gen-btf.sh --btf_base,; /$(RESOLVE_BTFIDS)/d'
ok 'cmd_btf_ko with gen-btf.sh' "$apply" apply "$tree"

tree_edit $modfinal '/^# Same as/,/^# Re-gen/ { /^# Re-gen/!d; }; s/if_changed_except,ld_ko_o,vmlinux/if_changed,ld_ko_o/'
ok 'if_changed instead of if_changed_except' "$apply" apply "$tree"

tree_edit $vmlinux 's/^vmlinux_link vmlinux$/vmlinux_link "${VMLINUX}"/'
ok 'vmlinux.unstripped' "$apply" apply "$tree"
ok '... its command is the one that is forgotten' \
	grep -q -x 'rm -f "\.${VMLINUX}\.cmd"' "$tree/$vmlinux"

tree_edit $vmlinux '/^gen_btf()/,/^}/d; s,if ! gen_btf,if ! ${srctree}/scripts/gen-btf.sh,'
sed '/^vmlinux_link vmlinux/i\
# Remove the saved command of the last build: if this build is killed from here on,\
# the next one must not accept half a vmlinux.\
rm -f .vmlinux.cmd\
' "$tree/$vmlinux" >"$TMP/link-vmlinux.sh"
ok 'link-vmlinux.sh with gen-btf.sh' "$apply" apply "$tree"
ok '... gets the line before the last link' \
	cmp "$TMP/link-vmlinux.sh" "$tree/$vmlinux"
ok '... apply again' "$apply" apply "$tree"
ok '... diff' "$apply" diff "$tree"
ok '... revert' "$apply" revert "$tree"
ok '... everything is as it was' cmp "$pristine/$modfinal" "$tree/$modfinal"

done_testing
