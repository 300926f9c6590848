#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# Each command in README.md, CONTRIBUTING.md, CHANGELOG.md and docs/ works
#
# All code blocks there have a language: ```sh for commands, ```console for commands after
# "$ " with their output. Each command runs here in a sandbox, or must be in another test.
# A new command in the documents needs a place in test_command() below.
#
# The sandbox is a $HOME with a kernel tree of the files that apply reads, and the mini
# kernel from "make demo". Nothing is installed. If a command runs with something replaced,
# the name of the test says so.

# shellcheck disable=SC2016 # what is for the shell of a command
# shellcheck disable=SC2088 # a tilde that is meant to be one

# shellcheck source=tests/lib.sh
. "${0%/*}/../lib.sh"

texts="$ROOT/README.md $ROOT/CONTRIBUTING.md $ROOT/CHANGELOG.md"
for text in "$ROOT"/docs/*.md; do
	texts="$texts $text"
done
case $ROOT in
*[[:space:]]*)	skip_all "a path with spaces" ;;
esac

# blocks MODE ARG...: see there; of all texts when there is no ARG
blocks()
{
	blocks_mode=$1
	shift
	# shellcheck disable=SC2086 # a list of words
	[ $# -gt 0 ] || set -- $texts
	perl "$ROOT/tests/docs/blocks.pl" "$blocks_mode" "$@"
}

# ---------------------------------------------------------------------------
# The sandbox

HOME=$TMP/home
BUILD=$TMP/build
export HOME BUILD
mini=$BUILD/mini
foo=$TMP/foo
linux=$HOME/linux
mkdir -p "$HOME" "$BUILD" "$TMP/bin" "$TMP/boot" "$foo"
# Another user can own the sources.
printf '[safe]\n\tdirectory = *\n' >"$HOME/.gitconfig"

release=$(kernel_sources | tail -n 1)
[ -n "$release" ] || skip_all "no linux-source package is installed"
sources=/usr/src/linux-source-$release.tar.xz
mkdir -p "$linux/tools"
(
	set -- .gitignore Makefile Kbuild scripts/Kbuild.include \
		scripts/Makefile scripts/Makefile.modfinal scripts/link-vmlinux.sh \
		scripts/package/install-extmod-build
	for f; do
		set -- "$@" "linux-source-$release/$f"
		shift
	done
	tar -C "$linux" --strip-components=1 --occurrence=1 -xf "$sources" "$@"
) || bail_out "$sources cannot be unpacked"
cp -R "$linux" "$TMP/untouched"
# Stands in for headers: a module is built with a shadow before it is done.
cp -R "$linux" "$TMP/headers"
printf 'PATCHLEVEL = 1\nmodules: ; @:\n' >"$TMP/headers/Makefile"

# Whatever a command may want to install is there, and nothing else is.
stand_in()
{
	printf '#!/bin/sh\n%s\n' "$2" >"$TMP/$1"
	chmod +x "$TMP/$1"
}
stand_in bin/dpkg-query 'echo "install ok installed"'
stand_in bin/apt-get 'echo "$0: not in a test" >&2; exit 1'
stand_in bin/apt-cache 'echo "$0: not in a test" >&2; exit 1'
stand_in bin/sudo 'echo "$0: not in a test" >&2; exit 1'
ln -s "$BTFSTAGE" "$BTFINSPECT" "$TMP/bin"
PATH=$TMP/bin:$PATH

# run DIR COMMAND...: what it prints goes to $TMP/printed. Only the command itself is
# the one with sanitizers, when there is one.
run()
{
	(
		cd "$1" || exit
		shift
		unset SAN
		"$@"
	) >"$TMP/printed" 2>&1
	run_status=$?
	[ $run_status -eq 0 ] || sed 's/^/# /' "$TMP/printed"
	return $run_status
}

# here DIR COMMAND [WITH]: it is run there, and prints what the text says
here()
{
	ok "$at: $2${3:+ (with $3)}" run "$1" sh -ec "${4:-$2}"
	blocks output "$file" "$2" | grep -v '^ *\.\.\.$' >"$TMP/said"
	[ ! -s "$TMP/said" ] ||
		is "$at: it prints what is said there" \
			"$(numbers <"$TMP/said" | grep -vxF "$(numbers <"$TMP/printed")")" ''
}

# Numbers, which differ with the compiler, and the room for them
numbers()
{
	sed -E 's/[0-9]+/N/g; s/ +/ /g; /^$/d'
}

# instead COMMAND TEXT BY [TEXT BY]...: the command with something put in
instead()
{
	instead=$1
	shift
	while [ $# -gt 0 ]; do
		case $instead in
		*"$1"*)	instead=${instead%%"$1"*}$2${instead#*"$1"} ;;
		*)	bail_out "no $1 in $instead" ;;
		esac
		shift 2
	done
	printf '%s\n' "$instead"
}

# elsewhere GOAL FILE TEXT...: "make GOAL" runs the file, which has all of these
# lines or parts of lines
elsewhere()
{
	elsewhere_name="$at: $command: run by make $1, in $2"
	elsewhere_goal=$1
	elsewhere_file=$2
	shift 2
	{
		! is_goal "$elsewhere_goal" && echo "no goal $elsewhere_goal"
		case $elsewhere_file in
		tests/*)
			recipe "$elsewhere_goal" | grep -qwF "${elsewhere_file%/*}" ||
				echo "it does not run ${elsewhere_file%/*}"
		esac
		for text; do
			grep -qF -e "$text" "$ROOT/$elsewhere_file" ||
				echo "no $text there"
		done
	} >"$TMP/missing" 2>&1
	is "$elsewhere_name" "$(cat "$TMP/missing")" ''
}

is_goal()
{
	grep -qx -e "$1" "$TMP/goals"
}

# The rule of a goal, with those that it depends on
recipe()
{
	sed -n "s/^$1: */$1 /p" "$ROOT/Makefile" | tr ' ' '\n' |
	while read -r goal; do
		sed -n "/^$goal:/,/^\$/p" "$ROOT/Makefile"
	done
}

# suite: the command is itself a run of tests. That there is the goal, and that all
# that it runs is there, is what can be looked at here.
suite()
{
	suite_goal=${command#make }
	suite_goal=${suite_goal%% *}
	ok "$at: $command: tests by themselves; there is the goal" \
		is_goal "$suite_goal"
	ok "$at: $command: make knows what to do" \
		run "$ROOT" sh -c "$command -n"
	grep -oE 'tests/[a-z./-]*[a-z]' "$TMP/printed" | while read -r dir; do
		[ -e "$ROOT/$dir" ] || echo "$dir"
	done >"$TMP/missing"
	is "$at: $command: what it runs is there" "$(cat "$TMP/missing")" ''
}

# by_hand TEXT: a measurement that takes long, or what no test can have. It is
# started with the names in the text, which are of nothing, and says so.
by_hand()
{
	run "$ROOT" sh -c "$(bare "$command")" >"$TMP/ignored"
	like "$at: $command: measured by hand; here it only starts" \
		"$(cat "$TMP/printed")" "$1"
}

# Remove optional parts in brackets
bare()
{
	printf '%s\n' "$1" | sed 's/ *\[[^]]*\]//g'
}

# The goals of the top Makefile
sed -n 's/^\.PHONY: //p' "$ROOT/Makefile" | tr ' ' '\n' >"$TMP/goals"

# ---------------------------------------------------------------------------
# Inputs of the commands

# foo.ko, as the build leaves it, and all that it was made of
foo_get()
{
	for suffix in no-btf.ko no-btf.ko.btf ko; do
		cp -p "$mini/fs/ramfs.$suffix" "$foo/foo.$suffix"
	done
	cp -p "$mini/vmlinux" "$mini/.btf.vmlinux.base" "$foo"
}

# lint COMMAND: which programs it runs on how many files
lint()
{
	mkdir "$TMP/lint" "$linux/scripts/checkpatch" 2>/dev/null
	for program in shellcheck clang-tidy gcc; do
		stand_in "lint/$program" "echo $program >>'$TMP/linted'"
	done
	stand_in home/linux/scripts/checkpatch.pl "echo checkpatch >>'$TMP/linted'"
	: >"$TMP/linted"
	here "$ROOT" "$1" "stand-ins for the programs" "PATH='$TMP/lint':\$PATH $1"
	is "$at: it runs all programs" \
		"$(sort -u "$TMP/linted" | tr '\n' ' ')" 'checkpatch clang-tidy gcc shellcheck '
	rm -r "$linux/scripts/checkpatch" "$linux/scripts/checkpatch.pl"
}

# same_tree NAME: ~/linux is as it was
same_tree()
{
	ok "$1" diff -r "$TMP/untouched" "$linux"
}

headers='/lib/modules/$(uname -r)/build'

# test_command: $command of the text $file, at $at
test_command()
{
	case $command in
	# --- this repository's make
	make)
		here "$ROOT" "$command"
		;;
	'make help')
		here "$ROOT" "$command"
		like "$at: it lists goals" "$(cat "$TMP/printed")" '^  apply +- '
		;;
	'make demo')
		is "$at: $command" "$demo_status" 0
		;;
	'make check')
		elsewhere check .ci/run 'make check'
		;;
	'make check-cross')
		elsewhere check-cross .ci/run 'make check-cross'
		;;
	'make check-'*|'make check SAN=1')
		suite
		;;
	'prove --exec sh tests/mini/rebuild.t')
		elsewhere check-shell tests/mini/rebuild.t 'steps_of'
		;;
	'make lint KERNEL=~/linux')
		[ -e "$ROOT/.git" ] || {
			skip "$at: $command" "it asks git for the files, and there is no git"
			return
		}
		lint "$command"
		;;
	'make soak KILLS=200')
		elsewhere check-shell tests/mini/kills.t 'kills.sh" 12 1'
		suite
		;;
	'make fuzz TIME=3600')
		elsewhere check-hostile tests/fuzz/fuzz.t '-max_total_time'
		suite
		;;
	'make bench VMLINUX=file MODULES=dir'|'make bench VMLINUX=file MODULES=dir ['*)
		# Measured programs are traced, which does not work with sanitizers.
		bench=$(instead "$(bare "$command")" \
			VMLINUX=file "VMLINUX='$mini/vmlinux'" \
			MODULES=dir "MODULES='$mini' N=2 ROUNDS=1")
		here "$ROOT" "$command" "2 modules of the mini kernel" \
			"BTFSTAGE='$mini/scripts/btfstage/btfstage' RESOLVE_BTFIDS=true $bench"
		;;
	'make bench BENCH=growth '*|'make bench BENCH=docs '*)
		by_hand '(file|dir|vmlinux-with-types): no such (file|directory)'
		;;
	'make bench BENCH=noop '*|'make bench BENCH=vmlinux '*|'make bench KERNEL=dir '*)
		by_hand 'dir.*: (no such (directory|file)|.*not)'
		;;
	'make bench BENCH=debian')
		by_hand 'apt-(get|cache): not in a test'
		;;

	# --- a kernel tree
	'make apply KERNEL=~/linux')
		here "$ROOT" "$command"
		like "$at: it says so" "$(cat "$TMP/printed")" \
			'^  EDIT    scripts/Makefile.modfinal$'
		fails "$at: the tree has changed" cmp \
			"$linux/scripts/Makefile.modfinal" \
			"$TMP/untouched/scripts/Makefile.modfinal"
		;;
	'make revert KERNEL=~/linux')
		here "$ROOT" "$command"
		same_tree "$at: every file is as it was"
		;;
	'make diff KERNEL=~/linux')
		here "$ROOT" "$command"
		like "$at: it prints a patch" "$(cat "$TMP/printed")" \
			'^\+\+\+ b/scripts/Makefile.modfinal$'
		same_tree "$at: and changes nothing"
		;;
	'make -C ~/linux modules')
		elsewhere check-kernel tests/kernel/kernel.t \
			'make -C "$tree" -j"$(nproc)" "$@" $KERNEL_MAKE' 'build modules'
		;;

	# --- headers
	'btfstage-apply --auto on')
		elsewhere dkms-system tests/dkms/dkms.t "$command"
		;;
	'make install')
		here "$ROOT" "$command" "a DESTDIR" "DESTDIR='$TMP/root' $command"
		ok "$at: the command is there" \
			"$TMP/root/usr/local/bin/btfstage" --version
		;;
	"make shadow KERNEL=$headers OUT="*)
		rm -rf "$HOME/headers"
		here "$ROOT" "$command" "the tree for $headers" \
			"$(instead "$command" "$headers" "'$TMP/headers'")"
		ok "$at: it has the helper" \
			"$HOME/headers/scripts/btfstage/btfstage" --version
		;;
	'make -C ~/headers M=$PWD'|'make -C $HOME/headers M=$HOME/demo_store')
		elsewhere check-external tests/external/debian.t \
			'"$apply" shadow "$headers" "$shadow"' 'build "$shadow" "$mod"'
		is "$at: and from there by the module's Makefile" \
			"$(grep -cF '$(MAKE) -C $(KERNEL) M=$(CURDIR) $@' \
			   "$ROOT/examples/external/store/Makefile")" 1
		;;
	'tools/btfinspect/btfinspect show --base /sys/kernel/btf/vmlinux '*)
		mkdir -p "$HOME/demo_store"
		cp "$mini/drivers/probe.ko" "$HOME/demo_store/demo_store.ko"
		here "$TMP" "$command" "a module of the mini kernel" \
			"$(instead "$command" tools/btfinspect/btfinspect btfinspect \
				/sys/kernel/btf/vmlinux "'$mini/vmlinux'")"
		like "$at: it names the kfuncs" "$(cat "$TMP/printed")" \
			'FUNC probe_hit, its own, flags 0x30$'
		;;
	"btfstage find-base --release \$(uname -r) $headers")
		if [ ! -r /sys/kernel/btf/vmlinux ]; then
			skip "$at: $command" "the running kernel has no types"
			return
		fi
		here "$TMP" "$command" "a directory for $headers" \
			"$(instead "$command" "$headers" "'$TMP/boot'")"
		;;
	'btfinspect extract -o vmlinux.btf /boot/vmlinuz-6.1.0-56-amd64')
		gzip -c "$mini/vmlinux" >"$TMP/boot/vmlinuz-6.1.0-56-amd64"
		here "$TMP/boot" "$command" "an image made of the mini kernel" \
			"$(instead "$command" /boot "'$TMP/boot'")"
		ok "$at: it has the types" "$BTFSTAGE" base \
			-o "$TMP/boot/base" "$TMP/boot/vmlinux.btf"
		;;

	# --- modules
	'btfinspect report ~/linux')
		here "$TMP" "$command" "a tree that was built" \
			"$(instead "$command" '~/linux' "'$mini'")"
		;;
	'btfinspect diff ~/linux.old ~/linux')
		here "$TMP" "$command" "a tree that was built, twice" \
			"$(instead "$command" '~/linux.old' "'$mini'" \
			   '~/linux' "'$mini'")"
		;;
	'btfinspect check '*|'btfinspect report '*|'btfinspect show '*)
		here "$mini" "$command"
		rm -f "$mini/report.html"
		;;
	'pahole -J '*' foo.no-btf.ko'|'cp foo.no-btf.ko stock.ko')
		[ -e "$foo/foo.ko" ] || foo_get
		here "$foo" "$command"
		;;
	'LLVM_OBJCOPY=objcopy pahole -J '*' --btf_base vmlinux stock.ko')
		here "$foo" "$command"
		ok "$at: it has types" bpftool -B "$mini/vmlinux" \
			btf dump file "$foo/stock.ko"
		;;
	'btfstage ko --base .btf.vmlinux.base --types foo.no-btf.ko.btf -o foo.ko '*)
		rm -f "$foo/foo.ko"
		here "$foo" "$command"
		ok "$at: foo.ko is what the build makes" \
			cmp "$foo/foo.ko" "$mini/fs/ramfs.ko"
		;;
	*)
		is "$at: a command that is new here, and not tested" "$command" ''
		;;
	esac
}

# ---------------------------------------------------------------------------

is "all code says what it is, and commands stand in sh or console" \
	"$(blocks unknown 2>&1)" ''

run "$ROOT" make demo
demo_status=$?
cp "$TMP/printed" "$TMP/demo"
[ $demo_status -eq 0 ] || bail_out "make demo fails: $(tail -n 1 "$TMP/demo")"
cp "$mini/fs/ramfs.no-btf.ko" "$TMP/linked"
foo_get

blocks commands >"$TMP/commands"
tab=$(printf '\t')
while IFS=$tab read -r at command <&3; do
	file=$ROOT/${at%%:*}
	test_command
done 3<"$TMP/commands"
[ "$tests" -gt 50 ] || bail_out "no commands are found"

# The picture in README: each line of it is one that the demo prints. Its first two
# lines are the command and "...".
sed -n 's/^<text[^>]*>\(.*\)<\/text>$/\1/p' "$ROOT/docs/demo.svg" | sed 1,2d |
	sed 's/<[^>]*>//g; s/&lt;/</g; s/&gt;/>/g; s/&amp;/\&/g' >"$TMP/said"
like "docs/demo.svg: lines of the demo" "$(cat "$TMP/said")" '^  BTFBASE '
is "docs/demo.svg: as they are printed" "$(grep -vxF -f "$TMP/demo" "$TMP/said")" ''

# ---------------------------------------------------------------------------
# Commands in the text: goals, sub-commands and options that there are

kernel_goals='modules vmlinux clean bindeb-pkg binrpm-pkg modules_install modules_prepare checkstack'
blocks words >"$TMP/words"
while IFS=$tab read -r at word; do
	# shellcheck disable=SC2086 # words
	case $word in
	'make '*)
		set -f
		set -- ${word#make }
		set +f
		while [ $# -gt 0 ]; do
			case $1 in
			-C|-f)	shift ;;
			-*|*=*|*.ko)	;;
			*)	case " $kernel_goals " in
				*" $1 "*) ;;
				*)	is_goal "$1" || echo "$at: $word: no goal $1" ;;
				esac
				;;
			esac
			shift
		done
		;;
	'btfstage '[a-z-]*|'btfinspect '[a-z-]*)
		set -f
		set -- $word
		set +f
		program=$TMP/bin/$1
		shift
		case $1 in
		-*)	sub= ;;
		*)	sub=$1 ;;
		esac
		[ -z "$sub" ] || "$program" --help | grep -Eq "^  $sub  " ||
			echo "$at: $word: no sub-command $sub"
		"$program" $sub --help >"$TMP/sub" 2>/dev/null
		for option; do
			case $option in
			-*)	grep -qFe "$option" "$TMP/sub" ||
					echo "$at: $word: no option $option" ;;
			esac
		done
		;;
	esac
done <"$TMP/words" >"$TMP/unknown"
is "goals, sub-commands and options in the texts are real" \
	"$(cat "$TMP/unknown")" ''

# --- files that are linked to, from the text's own folder
blocks links | while IFS=$tab read -r at link; do
	case $at in
	docs/*)	from=$ROOT/docs ;;
	*)	from=$ROOT ;;
	esac
	[ -e "$from/$link" ] || echo "$at: $link"
done >"$TMP/broken"
is "what is linked to is there" "$(cat "$TMP/broken")" ''

# anchors FILE: those of its headings
anchors()
{
	sed -n 's/^##* //p' "$1" | tr '[:upper:]' '[:lower:]' |
	sed 's/[^a-z0-9 _-]//g; s/ /-/g'
}
blocks anchors | while IFS=$tab read -r at link; do
	case $at in
	docs/*)	from=$ROOT/docs ;;
	*)	from=$ROOT ;;
	esac
	to=${link%%#*}
	case $to in
	'')	to=$ROOT/${at%%:*} ;;
	*.md)	to=$from/$to ;;
	*)	continue ;;
	esac
	anchors "$to" | grep -qx -e "${link#*#}" || echo "$at: $link"
done >"$TMP/broken"
like "links have anchors" "$(blocks anchors)" '#[a-z-]+$'
is "their headings are there" "$(cat "$TMP/broken")" ''
for text in "$ROOT"/docs/*.md; do
	text=${text##*/}
	like "README links to docs/$text" "$(blocks links "$ROOT/README.md")" \
		"${tab}docs/$text\$"
done

done_testing
