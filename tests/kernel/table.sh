# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh disable=SC2034,SC2154 # variables of tree.sh
#
# The table of docs/rebuild.md, row by row, with every way to call make
#
#	make dir/foo.ko		one module of the tree
#	make M=dir		an external module
#	make -jN modules	all the rest
#	make -j1		the same, with vmlinux
#	scripts/Makefile.modfinal	only the last step
#
# A change is built in this order, and undone in reverse order, so that each has something to
# do once, and must leave the rest alone. The tree is applied and built, and so is the
# external module. If a step did not run, a later build runs it, and the test finds it there.

one=fs/binfmt_misc
ext_mod=$ext/outside
there="single ext modules"
back="plain ext single"
ways=$there

# Print those words of standard input that are in LIST
among()
{
	grep -xF -e "$1"
}

# every NAME MODULES STEP...: all ways to build, one after the other, with
# $every_args: each does these steps for those of MODULES that it is to build
every()
{
	every_name=$1
	every_left=$2
	shift 2
	for way in $ways; do
		row_goal=
		row_args=$every_args
		case $way in
		single)
			reach=$one
			row_goal=$one.ko
			;;
		ext)
			reach=$ext_mod
			row_args="$row_args M=$ext"
			;;
		modules)
			reach=$all
			row_goal=modules
			;;
		plain)
			reach=$all
			row_args="$row_args -j1"
			;;
		last)
			reach=$all
			row_args="$row_args -f $TMP/last.mk"
			row_goal=last
			# A single target removes it.
			cp -p "$TMP/modules.order" "$obj"
			;;
		esac
		row "$every_name, $way" \
			"$(echo "$every_left" | among "$reach")" "$@"
		every_left=$(echo "$every_left" | grep -vxF -e "$reach")
		cp "$LOG" "$TMP/log.$way"
	done
	row_goal=modules
	row_args=
}
every_args=

turn()
{
	if [ "$ways" = "$there" ]; then
		ways=$back
	else
		ways=$there
	fi
}

# there_and_back NAME ARG STEP...: with ARG for make all modules are done again,
# and without it as well
there_and_back()
{
	tab_name=$1
	every_args=$2
	shift 2
	ways=$there
	every "$tab_name" "$everything" "$@"
	turn
	every_args=
	every "$tab_name, back again" "$everything" "$@"
	as_before "$tab_name, back again"
	ways=$there
}

# The same with every module's link and BTF, whatever else may have been done.
as_before()
{
	# shellcheck disable=SC2086 # a list of words
	is "$1: the modules are as they were" "$(sums $everything)" "$before"
}

# The sources of two modules, changed so that their types change too
edit_modules()
{
	edit_source "\$astruct edited { int a[7]; } edited_$1;" $one.c
	edit "\$astruct edited { int a[7]; } edited_$1;" "$ext/outside.c"
}
restore_modules()
{
	restore_sources
	edit '/^struct edited /d' "$ext/outside.c"
}

table()
{
	cat >"$TMP/last.mk" <<-'END'
	include Makefile
	last: ; $(Q)$(MAKE) -f $(srctree)/scripts/Makefile.modfinal
	END
	cp -p "$obj/modules.order" "$TMP"
	all=$(modules)
	other=$(echo "$all" | grep -vxF $one | tail -n 1)
	everything="$all
$ext_mod"
	row_goal=
	row "plain make, after make modules" ""
	row_args=M=$ext
	row "external module" "$ext_mod" LD PAHOLE BTF
	row_args=
	row_goal=modules
	# shellcheck disable=SC2086 # a list of words
	before=$(sums $everything)
	base_before=$(stamp "$base")

	table_nothing
	table_source
	there_and_back "link flags" LDFLAGS_MODULE=--build-id=none LD PAHOLE BTF
	there_and_back "pahole flags" PAHOLE_FLAGS=--btf_gen_floats PAHOLE BTF
	table_pahole
	table_btfstage
	table_vmlinux
	table_types
	table_deleted
	table_killed
	table_no_vmlinux
	table_config
}

table_nothing()
{
	for _ in 1 2; do
		every "nothing" "" LD PAHOLE BTF
		for way in $ways; do
			unlike "nothing, $way: not a line of a step" \
				"$(cat "$TMP/log.$way")" \
				' (LD|PAHOLE|BTF|BTFBASE|NO BTF|KEPT|HOSTCC) '
		done
		turn
	done
	is "nothing: the base is not written" "$(stamp "$base")" "$base_before"
	as_before "nothing"

	# make -n and make -q, and what they leave to do
	edit_modules 1
	for arg in -n -q; do
		# shellcheck disable=SC2086 # a list of words
		stamps=$(stamps_of $everything)
		kbuild $arg modules >/dev/null
		kbuild $arg M="$ext" >/dev/null
		# shellcheck disable=SC2086 # a list of words
		is "make $arg: nothing is touched" "$(stamps_of $everything)" \
			"$stamps"
	done
	restore_modules
	every "make -n and -q" "$one
$ext_mod" LD PAHOLE BTF
	as_before "make -n and -q"
}

# stamps_of MODULE...: of each file of a step, and of the base
stamps_of()
{
	for m; do
		stamp "$(ko "$m")" "$(linked "$m")" "$(linked "$m").btf"
	done
	stamp "$base"
}

table_source()
{
	edit_modules 1
	every "a module's source" "$one
$ext_mod" LD PAHOLE BTF
	# shellcheck disable=SC2086 # lists of words
	edited=$(sums $everything)
	is "a module's source: these modules are others" \
		"$(printf '%s\n%s\n' "$before" "$edited" | sort | uniq -u |
			cut -d' ' -f1 | sort -u)" \
		"$(printf '%s\n' "$one" "$ext_mod" | sort)"
	restore_modules
	turn
	every "a module's source, back again" "$one
$ext_mod" LD PAHOLE BTF
	as_before "a module's source, back again"
	turn
}

# Another pahole: a newer file, which is found first. Then the old one again.
table_pahole()
{
	mkdir -p "$TMP/bin"
	path=$PATH
	PATH=$TMP/bin:$PATH
	for _ in 1 2; do
		printf '#!/bin/sh\nexec %s "$@"\n' "$(PATH=$path command -v pahole)" \
			>"$TMP/bin/pahole"
		chmod +x "$TMP/bin/pahole"
		every "another pahole" "$everything" PAHOLE BTF
		turn
	done
	PATH=$path
	rm "$TMP/bin/pahole"
	every "an older pahole" "" PAHOLE BTF
	as_before "another pahole"
}

table_btfstage()
{
	touch "$obj/scripts/btfstage/btfstage"
	every "btfstage is newer" "$everything" BTF
	touch "$src/scripts/btfstage/io/err.c"
	turn
	every "btfstage's source" "$everything" BTF
	like "btfstage's source: it is compiled" "$(cat "$TMP/log.plain")" \
		'^  HOSTCC  scripts/btfstage/io/err\.o$'
	turn
	is "btfstage: the base is not written" "$(stamp "$base")" "$base_before"
	as_before "btfstage"
}

table_vmlinux()
{
	name="a function body of vmlinux"
	vmlinux=$(cksum <"$obj/vmlinux")
	edit_source 's/(val >> 4) \* 10;/(val >> 4) * 11;/' lib/bcd.c
	every "$name" "" BTF
	like "$name: it is linked" "$(cat "$TMP/log.modules")" \
		"^  LD      $last_link\$"
	negate [ "$(cksum <"$obj/vmlinux")" = "$vmlinux" ]
	result $? "$name: it is another" </dev/null
	restore_sources
	turn
	every "$name, back again" "" BTF
	like "$name, back again: it is linked" "$(cat "$TMP/log.plain")" \
		"^  LD      $last_link\$"
	turn
	is "$name: the base is not written" "$(stamp "$base")" "$base_before"
	as_before "$name"
}

table_types()
{
	name="a type of vmlinux"
	cp "$base" "$TMP/base"
	edit_source 's/^\tswap_func_t swap;/&\n\tint priority;/' lib/sort.c
	row_goal=vmlinux
	row "$name, vmlinux" ""
	every "$name" "$everything" BTF
	like "$name: the base is written" "$(cat "$TMP/log.single")" \
		'^  BTFBASE '
	negate [ "$(stamp "$base")" = "$base_before" ]
	result $? "$name: the base is new" </dev/null
	restore_sources
	turn
	every "$name, back again" "$everything" BTF
	turn
	ok "$name, back again: the base is as it was" cmp "$base" "$TMP/base"
	as_before "$name, back again"
	base_before=$(stamp "$base")
}

table_deleted()
{
	for _ in 1 2; do
		rm "$(ko $one)" "$(ko "$other")" "$(ko "$ext_mod")"
		every "foo.ko deleted" "$one
$other
$ext_mod" BTF
		turn
	done
	as_before "foo.ko deleted"
}

# ended SIGNAL NAME MODULE TOOL WHEN WORDS ARG...: a build of the edited sources,
# with these arguments, is ended in this step of this module; then it is done again
ended()
{
	ended_name="SIG$1, $2"
	ended_module=$3
	killing "$4" "$1" "$5" "$6"
	ended_tool=$4
	shift 6
	ok "$ended_name: the build ends there" killed "$ended_tool" "$@"
	is "$ended_name: the module is the one of before" \
		"$(sums "$ended_module")" \
		"$(echo "$before" | grep -F "$ended_module ")"
	ok "$ended_name: the next build succeeds" kbuild "$@"
	steps >"$TMP/steps"
	ok "$ended_name: it runs what was left" \
		grep -qx "$(steps_of "$ended_module" PAHOLE)" "$TMP/steps"
	is "$ended_name: the module is the new one" "$(sums "$ended_module")" \
		"$(echo "$edited" | grep -F "$ended_module ")"
}

table_killed()
{
	if ! have setsid; then
		skip "SIGKILL" "no setsid"
		return
	fi
	edit_modules 1
	ended KILL "pahole, single" $one pahole before $one.no-btf.ko $one.ko
	ended KILL "pahole, ext" "$ext_mod" pahole before \
		"$ext_called.ko.no-btf" "M=$ext"
	restore_modules
	every "SIGKILL, back again" "$one
$ext_mod" LD PAHOLE BTF

	edit_modules 1
	ended KILL "the linker, modules" $one ld half \
		"-o ${one%/*}/.tmp_${one##*/}.no-btf.ko" modules
	restore_modules
	turn
	every "SIGKILL, back again" "$one
$ext_mod" LD PAHOLE BTF
	turn
	as_before "SIGKILL, back again"

	edit_modules 1
	ended TERM "pahole, plain" $one pahole before $one.no-btf.ko -j1
	restore_modules
	every "SIGTERM, back again" "$one
$ext_mod" LD PAHOLE BTF
	as_before "SIGTERM, back again"

	# vmlinux is linked in place. The next build must not accept half of it.
	name="SIGKILL, the last link of vmlinux"
	touch "$src/lib/bcd.c"
	killing ld KILL half "-o $last_link"
	ok "$name: the build ends there" killed ld modules
	is "$name: it is half a file" "$(cat "$obj/$last_link")" half
	if [ "$last_link" = vmlinux ]; then
		fails "$name, a single target: fails" kbuild $one.ko
		like "$name, a single target: it says why" "$(cat "$LOG")" \
			'^btfstage: vmlinux: BTF is truncated: 5 bytes'
	fi
	turn
	every "$name, done again" "" BTF
	turn
	like "$name: it is linked again" "$(cat "$TMP/log.plain")" \
		"^  LD      $last_link\$"
	is "$name: the base is not written" "$(stamp "$base")" "$base_before"
	as_before "$name"
	[ "$last_link" = vmlinux ] || table_killed_strip
}

# vmlinux is made of the linked one by two objcopy, the second one in place.
table_killed_strip()
{
	name="SIGKILL, objcopy of vmlinux"
	vmlinux=$(stamp "$obj/vmlinux")
	touch "$src/lib/bcd.c"
	killing objcopy KILL before --remove-section=.modinfo
	ok "$name: the build ends there" killed objcopy modules
	is "$name: vmlinux is the one of before" "$(stamp "$obj/vmlinux")" \
		"$vmlinux"
	turn
	every "$name, done again" "" BTF
	turn
	negate [ "$(stamp "$obj/vmlinux")" = "$vmlinux" ]
	result $? "$name: vmlinux is made again" </dev/null
	unlike "$name: the section is removed" "$(readelf -SW "$obj/vmlinux")" \
		' \.modinfo '
	as_before "$name"
}

# The prepared base is enough. Without it, modules with BTF keep it.
table_no_vmlinux()
{
	name="no vmlinux"
	both="$one
$ext_mod"
	ways="single ext"
	mv "$obj/vmlinux" "$dir/vmlinux.away"
	rm "$(ko $one)" "$(ko "$ext_mod")"
	every "$name" "$both" BTF
	unlike "$name: the base is left alone" \
		"$(cat "$TMP/log.single" "$TMP/log.ext")" BTFBASE
	as_before "$name"

	name="no vmlinux, no base"
	mv "$base" "$dir/base.away"
	every "$name" "$both" KEPT
	as_before "$name"
	rm "$(ko $one)" "$(ko "$ext_mod")"
	every "$name, deleted" "$both" NO_BTF
	like "$name: it says why" "$(cat "$TMP/log.single")" \
		"^  NO BTF  $one\\.ko: there is no vmlinux\$"
	like "$name, ext: it says why" "$(cat "$TMP/log.ext")" \
		"^  NO BTF  $ext_mod\\.ko: no BTF of kernel "
	every "$name, once more" "" NO_BTF
	for m in $one "$ext_mod"; do
		ok "$name: ${m##*/} is the linked one" \
			cmp "$(ko "$m")" "$(linked "$m")"
		ok "$name: modinfo reads ${m##*/}" modinfo "$(ko "$m")"
	done
	mv "$dir/base.away" "$base"
	mv "$dir/vmlinux.away" "$obj/vmlinux"
	ways=$there
	every "vmlinux is back" "$both" BTF
	as_before "vmlinux is back"
}

# By an argument: with .config it would be most of the kernel that is compiled
# again. Some modules are made of other objects then, so that it is only given to
# the last step, unless $last_way says that it can be another one.
table_config()
{
	last_way=${last_way:-last}
	ways="single ext $last_way"
	name="BTF turned off"
	remark='(no BTF: CONFIG_DEBUG_INFO_BTF_MODULES is not set)'
	every_args=CONFIG_DEBUG_INFO_BTF_MODULES=
	every "$name" "$everything" LD_KO
	is "$name: the line of an external module says why" \
		"$(sed -n 's/^  LD \[M]  //p' "$TMP/log.ext")" \
		"$ext_mod.ko $remark"
	# shellcheck disable=SC2086 # a list of words
	is "$name: there is none" "$(without_btf $everything)" "$everything"
	ways="$last_way ext single"
	every "$name, once more" "" LD_KO
	every_args=
	for arg in V=1 V=2 -s; do
		# shellcheck disable=SC2046 # a list of words
		stamps=$(stamp $(ko $one) $(ko "$ext_mod"))
		row_args="CONFIG_DEBUG_INFO_BTF_MODULES= $arg"
		row_goal=$one.ko
		row "$name, $arg" ""
		row_args="$row_args M=$ext"
		row_goal=
		row "$name, $arg, ext" ""
		# shellcheck disable=SC2046 # a list of words
		is "$name, $arg: nothing is written" \
			"$(stamp $(ko $one) $(ko "$ext_mod"))" "$stamps"
	done
	row_args="CONFIG_DEBUG_INFO_BTF_MODULES= -s"
	row_goal=$one.ko
	rm "$(ko $one)"
	row "$name, deleted, -s" ""
	ok "$name, deleted, -s: it is made" test -f "$(ko $one)"
	unlike "$name, deleted, -s: nothing is said of it" "$(cat "$LOG")" \
		'LD|BTF'
	row_args=
	row_goal=modules
	ways=$back
	every "BTF turned on" "$everything" BTF
	ways=$there
	as_before "BTF turned on"
}
