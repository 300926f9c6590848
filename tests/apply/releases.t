#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# apply, diff and revert on files of real releases, and make on the result

# shellcheck disable=SC1003 # make's backslash
# shellcheck disable=SC2016 # text for make in single quotes
# shellcheck disable=SC2154 # variables of tree.sh

# shellcheck source=/dev/null
. "${0%/*}/tree.sh"

# Besides the scripts, a build needs just enough to link two modules from existing
# objects. The linker, pahole and btfstage are stubs.
build_prepare()
{
	mkdir -p include/config scripts/basic scripts/btfstage bin || return
	: > scripts/Makefile.lib
	: > scripts/module-common.c
	: > scripts/module.lds
	echo 'a.ko b.ko' > modules.order.ko
	echo 'a.o b.o' > modules.order.o
	for file in a.o a.mod.c b.o b.mod.c; do
		echo "$file" > $file
	done
	cat > scripts/basic/fixdep <<-'END'
		#!/bin/sh
		echo "savedcmd_$2 := $3"
		echo "cmd_$2 := $3"
	END
	cat > bin/ld <<-'END'
		#!/bin/sh
		for arg; do
			[ "$last" != -o ] || echo linked > "$arg"
			last=$arg
		done
	END
	cp bin/ld scripts/btfstage/btfstage
	cat > bin/pahole <<-'END'
		#!/bin/sh
		for arg; do
			case "$arg" in
			--btf_encode_detached=*) echo types > "${arg#*=}" ;;
			esac
		done
	END
	cat > bin/readelf <<-'END'
		#!/bin/sh
		echo '  [ 1] .debug_info PROGBITS'
	END
	chmod +x scripts/btfstage/btfstage
	chmod +x scripts/basic/fixdep bin/*
}

# build CONFIG [VARIABLE=VALUE]...: the modules, the names of the commands on stdout
build()
{
	echo "$1" > include/config/auto.conf
	shift
	list=o
	! grep -q 'modules:\.ko=' scripts/Makefile.modfinal || list=ko
	cp modules.order.$list modules.order
	make -rR -f scripts/Makefile.modfinal srctree=. objtree=. quiet=quiet_	\
		Q=@ MODORDER=modules.order SRCARCH=none LD=bin/ld		\
		PAHOLE=bin/pahole READELF=bin/readelf KBUILD_BUILTIN=1		\
		extmod_prefix= "$@"						\
		read-file='$(shell cat $1)' cmd_cc_o_c='cp $< $@; : > $(depfile)' \
		rule_cc_o_c='$(call cmd_and_fixdep,cc_o_c)'
}

# built CONFIG LINES [VARIABLE=VALUE]...: what make prints, sorted, without CC
built()
{
	built_lines=$2
	built_config=$1
	shift 2
	build "$built_config" "$@" > log 2>&1 || { cat log; return 1; }
	grep -v ' CC ' log | grep '^  [A-Z]' | sed 's/  */ /g; s/^ //' | LC_ALL=C sort > lines
	echo "$built_lines" | tr ';' '\n' | sed '/^$/d' | diff - lines
}

snapshot_edited()
{
	(cd "$1" && rm -rf "$TMP/edited" && mkdir "$TMP/edited" &&
		cp -Rp .gitignore Makefile scripts "$TMP/edited" &&
		rm -rf "$TMP/edited/scripts/btfstage") &&
	snapshot "$TMP/edited"
}

btf='CONFIG_DEBUG_INFO_BTF_MODULES=y'

test_release()
{
	tree="$TMP/linux $1"
	if ! tree_get "$1" "$tree"; then
		skip "$1" "linux-source-$1 is not installed"
		return
	fi
	cp -Rp "$tree" "$TMP/patched"
	tree_link "$tree" "$TMP/pristine.tree"
	snapshot "$tree" > "$TMP/pristine"
	snapshot_times "$tree" > "$TMP/times"

	ok "$1: diff" "$apply" diff "$tree"
	cp "$TMP/ok.log" "$TMP/diff"
	ok "$1: diff writes nothing" same "$TMP/times" snapshot_times "$tree"
	ok "$1: revert of an untouched tree" "$apply" revert "$tree"
	ok "$1: revert wrote nothing" same "$TMP/times" snapshot_times "$tree"

	ok "$1: apply" "$apply" apply "$tree"
	# From 7.x on, vmlinux is made of a vmlinux.unstripped.
	strips=
	! grep -q strip_relocs "$tree/scripts/Makefile.vmlinux" ||
		strips='scripts/Makefile.vmlinux '
	is "$1: the files that are said to be edited" \
		"$(sed -n 's/^  EDIT    //p' "$TMP/ok.log" | xargs)" \
		".gitignore Makefile scripts/Makefile scripts/Makefile.modfinal ${strips}scripts/link-vmlinux.sh $package"
	snapshot_times "$tree" > "$TMP/times"
	ok "$1: apply again" "$apply" apply "$tree"
	ok "$1: nothing was touched" same "$TMP/times" snapshot_times "$tree"
	ok "$1: diff of an applied tree" same "$TMP/diff" "$apply" diff "$tree"
	ok "$1: patch -p1 does the same" patch -s -p1 -d "$TMP/patched" \
		-i "$TMP/diff"
	snapshot_edited "$TMP/patched" > "$TMP/list"
	ok "$1: ... contents and modes" same "$TMP/list" \
		snapshot_edited "$tree"
	is "$1: two files get a line more, and lose none" \
		"$(for f in .gitignore scripts/Makefile; do
			diff "$TMP/pristine.tree/$f" "$tree/$f" | grep '^[<>]'
		done)" \
'> *.ko.*
> subdir-$(CONFIG_DEBUG_INFO_BTF_MODULES) += btfstage'
	ok "$1: link-vmlinux.sh is a shell script" \
		sh -n "$tree/scripts/link-vmlinux.sh"
	ok "$1: ... and executable" test -x "$tree/scripts/link-vmlinux.sh"
	ok "$1: our marks are not in the tree" \
		status 1 grep -rE 'btfstage: (begin|end)' "$tree/scripts"
	ok "$1: what was replaced is gone" status 1 \
		grep -E 'if_changed_except|prereqs_except|et_rel|--btf_base' \
		"$tree/scripts/Makefile.modfinal" "$tree/scripts/link-vmlinux.sh"
	is "$1: the helper's sources" \
		"$(diff -r tools/btfstage "$tree/scripts/btfstage" | grep '^diff')" ''
	is "$1: ... all that its Makefile names, and nothing that was built" \
		"$(cd "$tree/scripts/btfstage" &&
		   find . -type f ! -name '*.h' ! -name Makefile ! -name .gitignore |
		   sed 's,^\./,,; s/\.c$/.o/' | sort | xargs)" \
		"$(echo 'print: ; @echo $(sort $(btfstage-objs))' |
		   make -s HOSTPKG_CONFIG=: -f tools/btfstage/Makefile -f - print)"

	(cd "$tree" && tar cf - .) | (mkdir "$TMP/build" && cd "$TMP/build" && tar xf -)
	cd "$TMP/build" || exit
	build_prepare

	ok "$1: make without BTF" built '' ';LD [M] a.ko;LD [M] b.ko'
	ok "$1: ... again" built '' ''
	ok "$1: make with BTF, without vmlinux" built "$btf" \
		'LD [M] a.no-btf.ko;LD [M] b.no-btf.ko;NO BTF a.ko: there is no vmlinux;NO BTF b.ko: there is no vmlinux'
	ok "$1: ... again" built "$btf" ''
	: > vmlinux
	ok "$1: make with BTF" built "$btf" \
		'BTF [M] a.ko;BTF [M] b.ko;PAHOLE a.no-btf.ko.btf;PAHOLE b.no-btf.ko.btf'
	ok "$1: ... has made the base" test -f .btf.vmlinux.base
	ok "$1: ... again" built "$btf" ''
	echo >> a.o
	stat -c '%n %y' ./*.ko ./.*.ko* > "$TMP/times"
	build "$btf" -n >/dev/null
	ok "$1: make -n after one object changed writes nothing" \
		same "$TMP/times" stat -c '%n %y' ./*.ko ./.*.ko*
	ok "$1: make after one object changed" built "$btf" \
		'BTF [M] a.ko;LD [M] a.no-btf.ko;PAHOLE a.no-btf.ko.btf'
	# A step of some architectures runs make: in some releases it is in the rule.
	mkdir -p arch/none
	echo '%.ko: FORCE ; @echo "  POST $@" && sleep 0.1
FORCE:' > arch/none/Makefile.postlink
	if grep -q ARCH_POSTLINK scripts/Makefile.modfinal; then
		post='POST a.no-btf.ko POST b.no-btf.ko'
	else
		post=
	fi
	rm ./*.no-btf.ko
	build "$btf" -j2 > log 2>&1
	is "$1: a step after the link" "$(grep POST log | sort | xargs)" "$post"
	unlike "$1: ... has a job server" "$(cat log)" jobserver
	rm -r arch/none
	ok "$1: make without BTF again" built '' ';LD [M] a.ko;LD [M] b.ko'
	cd "$OLDPWD" || exit

	for file in main.o .main.o.cmd io/err.o io/.err.o.cmd io/.err.o.d btfstage; do
		: > "$tree/scripts/btfstage/$file"
	done
	ok "$1: revert" "$apply" revert "$tree"
	ok "$1: everything is as it was" same "$TMP/pristine" snapshot "$tree"
	rm -rf "$TMP/build" "$TMP/patched" "$TMP/pristine.tree"
}

# The oldest and the newest of 7.x that there are
newer=$(kernel_sources | grep '^7\.' | sed -n '1p; $p' | uniq)
for release in 6.1 6.12 ${newer:-7.x}; do
	test_release "$release"
done
done_testing
