#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# Which steps run after a change, in a real kernel tree: the table of docs/rebuild.md, and
# modules_install, signed modules, git and "make clean".
#
# kernel.t has built the tree, of the release KERNEL_VERSION. It is reverted at the end, and
# edited sources are restored, after an interrupted run by the next one.

# shellcheck disable=SC2154,SC2317 # functions called by name, variables of tree.sh
# shellcheck source=tests/kernel/tree.sh
. "${0%/*}/tree.sh"
# shellcheck source=tests/kernel/table.sh
. "${0%/*}/table.sh"

base=$obj/.btf.vmlinux.base
OUT=$obj

# Type, address, flags and alignment: all but number, offset and size
section_kind()
{
	readelf -SW "$obj/vmlinux" | sed 's/^ *\[ *[0-9]*\] *//' |
	awk -v name="$1" '$1 == name { print $2, $7, $NF }'
}

tree_start

# --- vmlinux, by stock scripts. Its types are in the same order every time only
# without threads.
flags=$(make -s --no-print-directory -C "$obj" -f - print <<-'END'
	include Makefile
	print: ; @echo '$(filter-out -j%,$(PAHOLE_FLAGS))'
	END
) || bail_out "the flags for pahole cannot be found out"
rm -f "$obj/vmlinux" "$obj/$last_link"
ok "stock vmlinux: builds" kbuild PAHOLE_FLAGS="$flags" vmlinux
for s in .BTF .BTF_ids; do
	section "$obj/vmlinux" $s "$TMP/stock$s"
	section_kind $s >"$TMP/stock$s.kind"
done

# --- all of it
ok "apply" apply apply
ok "build" kbuild modules
all=$(modules)
like "build: vmlinux is linked" "$(cat "$LOG")" "^  LD      $last_link\$"
for s in .BTF .BTF_ids; do
	section "$obj/vmlinux" $s "$TMP/our"
	ok "vmlinux: $s as from stock scripts" cmp "$TMP/our" "$TMP/stock$s"
	is "vmlinux: $s is the same kind of section" \
		"$(section_kind $s)" "$(cat "$TMP/stock$s.kind")"
done

# --- row by row
ext_make
(cd "$ext" && find . | sort) >"$TMP/ext.before"
table

# With threads, pahole 1.24 would write the types in another order.
for i in 1 2 3; do
	rm "$obj/vmlinux"
	row "relink $i of vmlinux" ""
	is "relink $i of vmlinux: the base is not written" \
		"$(stamp "$base")" "$base_before"
done

# --- what btfinspect says of it
report_is()
{
	"$BTFINSPECT" report --base "$obj/vmlinux" "$1" | head -n 1
}
nr=$(modules | wc -l)
is "report: all modules are good" "$(report_is "$obj")" \
	"$nr modules: $nr with BTF, 0 without, 0 bad, 0 unreadable"

# --- an external module
ext_names()
{
	(cd "$ext" && find . | sort)
}
# The whole of it: count, flags, number and flags
ext_ids()
{
	section "$1" .BTF_ids "$TMP/ids" && od -An -v -td4 "$TMP/ids" | xargs
}
# The base of its types: from 6.11 on, its own .BTF.base
ext_base()
{
	section "$1" .BTF.base "$TMP/ext.base"
	if [ -s "$TMP/ext.base" ]; then
		echo "$TMP/ext.base"
	else
		echo "$obj/vmlinux"
	fi
}
ext_id()
{
	bpftool -B "$(ext_base "$1")" btf dump file "$1" |
	sed -n "s/^\[\([0-9]*\)] FUNC 'outside_hit'.*/\1/p"
}
row_args=M=$ext
row_goal=
rm "$ext/outside.ko.no-btf.btf"
row "external module" "$ext/outside" PAHOLE BTF
unlike "external module: the tree's base is used" "$(cat "$LOG")" BTFBASE
like "external module: bpftool reads it" \
	"$(bpftool -B "$(ext_base "$ext/outside.ko")" btf dump file "$ext/outside.ko" format raw)" \
	"STRUCT 'outside_state' "
is "external module: .BTF_ids" "$(ext_ids "$ext/outside.ko")" \
	"1 0 $(ext_id "$ext/outside.ko") 0"
row "external module, nothing to do" ""
cp "$ext/outside.ko" "$TMP/outside.ko"
is "external module, report: this module, which is good" "$(report_is "$ext")" \
	"1 modules: 1 with BTF, 0 without, 0 bad, 0 unreadable"
row_goal=clean
row "external module, clean" ""
ext_names >"$TMP/ext.after"
ok "external module, clean: nothing is left" cmp "$TMP/ext.before" "$TMP/ext.after"
row_goal=

# read_only NAME: the external module in a tree that can only be read. What is
# printed goes to $TMP/read-only.log.
read_only()
{
	run="$TMP/read-only $obj"
	ok "$1: builds" kbuild M="$ext" modules
	run=
	cp "$LOG" "$TMP/read-only.log"
	is "$1: the right steps" \
		"$(steps)" "$(steps_of "$ext/outside" LD PAHOLE BTF)"
	ok "$1: the same module" cmp "$ext/outside.ko" "$TMP/outside.ko"
	kbuild M="$ext" clean
	ext_names >"$TMP/ext.after"
	ok "$1, clean: nothing is left" diff "$TMP/ext.before" "$TMP/ext.after"
}
if "$TMP/read-only" "$obj" true >/dev/null 2>&1; then
	read_only "external module, read-only tree"
	unlike "external module, read-only tree: its base is used" \
		"$(cat "$TMP/read-only.log")" BTFBASE
	mv "$base" "$dir/base.away"
	read_only "external module, read-only tree without a base"
	like "external module, read-only tree without a base: has its own" \
		"$(cat "$TMP/read-only.log")" "^  BTFBASE ($ext/)?\.tmp_vmlinux"
	mv "$dir/base.away" "$base"
else
	skip "external module, read-only tree" "a mount cannot be made here"
fi
row_args=
row_goal=modules
row "external modules leave the tree's alone" ""

# --- modules_install
# install NAME ARG...: what is installed is in $inst, no more than it should be
install()
{
	install_name=$1
	shift
	rm -rf "$inst"
	ok "$install_name: runs" kbuild INSTALL_MOD_PATH="$inst" "$@" modules_install
	is "$install_name: the modules, and nothing else of them" \
		"$(cd "$inst"/lib/modules/*/kernel && find . -type f | sort)" \
		"$(modules | sed 's,.*,./&.ko,' | sort)"
}
same_btf()
{
	for m in $(modules); do
		section "$obj/$m.ko" .BTF "$TMP/was" &&
		section "$inst"/lib/modules/*/kernel/"$m.ko" .BTF "$TMP/is" &&
		[ -s "$TMP/is" ] && cmp "$TMP/was" "$TMP/is" || return
	done
}
same_files()
{
	for m in $(modules); do
		cmp "$obj/$m.ko" "$inst"/lib/modules/*/kernel/"$m.ko" || return
	done
}
inst=$TMP/inst
install "modules_install"
ok "modules_install: they are what was built" same_files
install "modules_install, stripped" INSTALL_MOD_STRIP=1
ok "modules_install, stripped: with .BTF as it was" same_btf
fails "modules_install, stripped: they are smaller" same_files
rm -rf "$inst"

# --- a signed module
if have openssl &&
   gcc -w -o "$TMP/sign-file" "$obj/scripts/sign-file.c" -lcrypto 2>/dev/null &&
   openssl req -new -x509 -newkey rsa:2048 -nodes -subj /CN=test -days 1 \
	-keyout "$TMP/key.pem" -out "$TMP/cert.pem" 2>/dev/null; then
	ok "sign-file signs a module" "$TMP/sign-file" sha256 "$TMP/key.pem" \
		"$TMP/cert.pem" "$obj/fs/binfmt_misc.ko" "$TMP/signed.ko"
	like "a signed module: modinfo sees it" "$(modinfo "$TMP/signed.ko")" \
		'^signer: +test$'
	section "$obj/fs/binfmt_misc.ko" .BTF "$TMP/was"
	section "$TMP/signed.ko" .BTF "$TMP/is"
	ok "a signed module: .BTF is as it was" cmp "$TMP/was" "$TMP/is"
else
	skip "a signed module" "openssl and its headers are not installed"
fi

# --- git: whatever a build makes is ignored. What a distribution adds to
# .gitignore, for its own repository, is left out; Debian also leaves out what
# makes git see a .gitignore. tools/bpf and tools/objtool are the kernel's, and
# not all that they make is ignored, or removed by "make mrproper".
(cd "$obj" && find . -name .btfstage -prune -o \( -type f -o -type l \) -print) |
	sed 's,^\./,,' | sort >"$TMP/files"
tar -tf "$tarball" | sed -n 's,^[^/]*/\(.*[^/]\)$,\1,p' | sort |
	comm -12 - "$TMP/files" >"$TMP/sources"
(cd "$obj"/.btfstage/[0-9]*/b && find . -type f | sed 's,^\./,,') |
	sort -u - "$TMP/sources" >"$TMP/with-helper"
if have git && git init -q "$TMP/git"; then
	(cd "$obj" && grep '\(^\|/\)\.gitignore$' "$TMP/with-helper" |
		cpio -pdm --quiet "$TMP/git")
	sed -i '/^\/\*$/,$d' "$TMP/git/.gitignore"
	comm -23 "$TMP/files" "$TMP/with-helper" |
		grep -v '^tools/\(bpf\|objtool\)/' >"$TMP/built"
	ok "git: the build has made files of every kind" test "$(
		grep -Ec '\.no-btf\.ko$|\.ko\.btf$|\.vmlinux\.base$|/btfstage$' \
			"$TMP/built")" -gt 50
	git -C "$TMP/git" check-ignore --no-index --stdin <"$TMP/built" |
		sort >"$TMP/ignored"
	ok "git ignores every file that is built" \
		diff "$TMP/built" "$TMP/ignored"
	for f in .btfstage fs/.tmp_binfmt_misc.no-btf.ko.btf; do
		ok "git ignores $f" \
			git -C "$TMP/git" check-ignore --no-index -q "$f"
	done
	grep '^scripts/btfstage/[^.]' "$TMP/with-helper" |
		git -C "$TMP/git" check-ignore --no-index --stdin >"$TMP/ignored"
	is "git ignores no source of the helper" "$(cat "$TMP/ignored")" ""
else
	skip "git ignores what is built" "git is not installed"
fi

# --- clean, in a copy. The files are the same ones, since clean only removes.
copy=$dir/copy
# what is left of the helper, and anywhere of the steps
left()
{
	(cd "$copy" && find scripts/btfstage -type f ! -name '.*.cmd' ! -name '*.o' &&
		find . -name '*.ko' -o -name '*.ko.*' -o -name '.btf.*' \
			-o -name '..btf.*' -o -name '.tmp_*') | sort
}
all_left()
{
	(cd "$copy" && find . -name .btfstage -prune \
		-o \( -type f -o -type l \) -print) | sed 's,^\./,,' |
		sort | comm -23 - "$TMP/objtool"
}
rm -rf "$copy"
comm -23 "$TMP/files" "$TMP/sources" | grep '^tools/objtool/' >"$TMP/objtool"
if cp -al "$obj" "$copy" 2>/dev/null; then
	{
		grep '^scripts/btfstage/' "$TMP/with-helper"
		echo scripts/btfstage/btfstage
	} | sort >"$TMP/helper"
	ok "clean: runs" make -C "$copy" clean
	left >"$TMP/left"
	ok "clean: the helper is left, and nothing of a step" \
		diff "$TMP/helper" "$TMP/left"
	for goal in mrproper distclean; do
		ok "$goal: runs" make -s -C "$copy" $goal
		all_left >"$TMP/left"
		ok "$goal: the sources are left, and nothing else" \
			diff "$TMP/with-helper" "$TMP/left"
	done
	ok "distclean, revert" "$ROOT/tools/apply/apply.sh" revert "$copy"
	all_left >"$TMP/left"
	ok "distclean, revert: the sources are left, and nothing else" \
		diff "$TMP/sources" "$TMP/left"
	fails "distclean, revert: nothing of apply" test -e "$copy/.btfstage"
else
	skip "clean" "no hard links can be made here"
fi
rm -rf "$copy"

# --- reverted. The scripts are newer now, so that stock kbuild makes vmlinux
# again, and with it the BTF of all modules.
ok "revert" apply revert
row "a build after that" "$all" LD_KO BTF
# shellcheck disable=SC2046 # a list of words
is "a build after that: every module has BTF" "$(without_btf $(modules))" ""

done_testing
