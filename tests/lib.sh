# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh
#
# Functions for tests in shell, which print TAP:
#
#	. "${0%/*}/../lib.sh"
#	is "what is tested" "$got" "$want"
#	done_testing
#
# $ROOT is the source tree, which tests never write to. $TMP is an empty directory of
# this test, removed at its end. $BTFSTAGE is the command that was built before.

ROOT=$(cd "${0%/*}/../.." && pwd -P) || exit
TMPDIR=$("$ROOT/tests/tmpdir.sh") || exit
TMP=$(mktemp -d "$TMPDIR/btfstage-test.XXXXXX") || exit
trap 'rm -rf "$TMP"' EXIT
trap 'exit 1' HUP INT TERM
BTFSTAGE=${BTFSTAGE:-$ROOT/tools/btfstage/btfstage}
BTFINSPECT=${BTFINSPECT:-$ROOT/tools/btfinspect/btfinspect}
export ROOT TMP TMPDIR
export LC_ALL=C

# With SAN set, every btfstage is built with sanitizers. Their reports go to files, since
# not all tests look at the output, and done_testing looks for these files. They exit with a
# status that btfstage does not use.
if [ -n "${SAN-}" ]; then
	mkdir "$TMP/san" || exit
	chmod 1777 "$TMP/san"
	ASAN_OPTIONS=log_path=$TMP/san/report:exitcode=99
	UBSAN_OPTIONS=$ASAN_OPTIONS:print_stacktrace=1
	export SAN ASAN_OPTIONS UBSAN_OPTIONS
fi
PATH=$PATH:/usr/sbin:/sbin

# Builds in tests must not see the options of "make check".
unset MAKEFLAGS MFLAGS MAKELEVEL MAKEOVERRIDES GNUMAKEFLAGS
unset V O ARCH CROSS_COMPILE KCFLAGS KAFLAGS BTF LDFLAGS_MODULE
unset PAHOLE_FLAGS MODULE_PAHOLE_FLAGS KBUILD_VERBOSE quiet Q
unset mini_sub_make srctree objtree KERNELRELEASE BTF_BASE BTF_SYSROOT BUILD

tests=0
failures=0

# Mark tests as known failures while $todo has a reason
todo=

# result STATUS NAME: standard input has details of a failure
result()
{
	tests=$((tests + 1))
	if [ "$1" -eq 0 ]; then
		echo "ok $tests - $2${todo:+ # TODO $todo}"
	else
		echo "not ok $tests - $2${todo:+ # TODO $todo}"
		[ -n "$todo" ] || failures=$((failures + 1))
		sed 's/^/# /'
	fi
}

# ok NAME COMMAND...: the command succeeds
ok()
{
	ok_name=$1
	shift
	"$@" >"$TMP/ok.log" 2>&1
	ok_status=$?
	{
		echo "failed: $*"
		cat "$TMP/ok.log"
	} >"$TMP/ok.txt"
	result $ok_status "$ok_name" <"$TMP/ok.txt"
}

# fails NAME COMMAND...: the command does not
fails()
{
	fails_name=$1
	shift
	ok "$fails_name" negate "$@"
}

negate()
{
	! "$@"
}

# is NAME GOT WANT
is()
{
	[ "$2" = "$3" ]
	result $? "$1" <<-END
	got:
	$2
	want:
	$3
	END
}

# like NAME GOT REGEX: some line matches
like()
{
	printf '%s\n' "$2" | grep -Eq -e "$3"
	result $? "$1" <<-END
	no line matches: $3
	$2
	END
}

# unlike NAME GOT REGEX: no line does
unlike()
{
	! printf '%s\n' "$2" | grep -Eq -e "$3"
	result $? "$1" <<-END
	a line matches: $3
	$2
	END
}

# skip NAME WHY: tests/skips.sh lists it at the end
skip()
{
	tests=$((tests + 1))
	echo "ok $tests - $1 # SKIP $2"
	[ -z "$SKIPS" ] || echo "${0#"$ROOT/"}: $1: $2" >>"$SKIPS"
}

# skip_all WHY: before the first test
skip_all()
{
	[ $tests -eq 0 ] || bail_out "skip_all after a test: $1"
	echo "1..0 # SKIP $1"
	[ -z "$SKIPS" ] || echo "${0#"$ROOT/"}: all: $1" >>"$SKIPS"
	exit 0
}

have()
{
	command -v "$1" >/dev/null 2>&1
}

# need TOOL...: fail without these
need()
{
	for need; do
		have "$need" || bail_out \
			"no $need: tests/install-packages.sh build test"
	done
}

bail_out()
{
	echo "Bail out! $1"
	exit 1
}

done_testing()
{
	if [ -n "${SAN-}" ]; then
		todo=
		cat "$TMP"/san/report.* >"$TMP/reports" 2>/dev/null
		[ ! -s "$TMP/reports" ]
		result $? "sanitizers have nothing to report" <"$TMP/reports"
	fi
	echo "1..$tests"
	[ $failures -eq 0 ]
	exit
}

# ---------------------------------------------------------------------------
# The mini kernel
#
# $SRC is a copy of the sources, which the test can change, and $OUT the build directory.

SRC=$TMP/src
OUT=$TMP/out
LOG=$TMP/log

mini_copy()
{
	rm -rf "$SRC"
	if ! { mkdir -p "$SRC/examples" "$SRC/tools" &&
	       cp -R "$ROOT/scripts" "$SRC" &&
	       cp -R "$ROOT/examples/mini" "$SRC/examples" &&
	       cp -R "$ROOT/tools/Makefile" "$ROOT/tools/btfstage" \
		  "$SRC/tools" &&
	       find "$SRC/tools" -name '*.o' -delete; }; then
		bail_out "the sources cannot be copied"
	fi
}

# tick: wait until a new file is newer than all existing ones
tick()
{
	: >"$TMP/tick.before"
	until [ -n "$(find "$TMP/tick" -newer "$TMP/tick.before" 2>/dev/null)" ]; do
		sleep 0.01
		: >"$TMP/tick"
	done
}

# mini ARG...: build, with the output in $LOG. Files that the test changes afterwards are
# newer than those that were built.
mini()
{
	make --no-print-directory -C "$SRC/examples/mini" O="$OUT" "$@" \
		>"$LOG" 2>&1
	build_status=$?
	tick
	return $build_status
}

# btfstage_get: copy the existing command to $OUT, unless its sources have changed since.
# Tests that change the sources test its build.
btfstage_get()
{
	[ -x "$BTFSTAGE" ] &&
	[ -z "$(find "$ROOT/tools/btfstage" -name '*.[ch]' -newer "$BTFSTAGE")" ] ||
		return
	mkdir -p "$OUT/scripts/btfstage" &&
	cp "$BTFSTAGE" "$OUT/scripts/btfstage/btfstage"
}

# The first build of a test
mini_first()
{
	mini_copy
	btfstage_get
	mini -j2 "$@" && return
	sed 's/^/# /' "$LOG"
	bail_out "the mini kernel does not build"
}

# All lines of the last build about steps
lines()
{
	[ "$build_status" -eq 0 ] || echo "the build fails"
	grep '^  ' "$LOG"
}

# The modules, without .ko
mini_modules()
{
	sed 's/\.o$//' "$OUT/modules.order"
}

# The steps of the last build, from linked objects to modules
steps()
{
	[ "$build_status" -eq 0 ] || echo "the build fails"
	steps_words='LD \[M]|PAHOLE|BTF \[M]|NO BTF|KEPT'
	sed -En "s/^  ($steps_words)  *([^ :]*\.ko(\.no-btf)?(\.btf)?).*/\1 \2/p" \
		"$LOG" | sort
}

# steps_of MODULES STEP...: the output of "steps" if these steps run for these modules.
# LD_KO is a link straight to the final name. External modules have absolute names.
steps_of()
{
	steps_modules=$1
	shift
	for step; do
		for m in $steps_modules; do
			case $m in
			/*)	steps_linked=$m.ko.no-btf ;;
			*)	steps_linked=$m.no-btf.ko ;;
			esac
			case $step in
			LD_KO)	echo "LD [M] $m.ko" ;;
			LD)	echo "LD [M] $steps_linked" ;;
			PAHOLE)	echo "PAHOLE $steps_linked.btf" ;;
			BTF)	echo "BTF [M] $m.ko" ;;
			NO_BTF)	echo "NO BTF $m.ko" ;;
			KEPT)	echo "KEPT $m.ko" ;;
			esac
		done
	done | sort
}

# Checksums of all final modules
mini_sums()
{
	(cd "$OUT" && find . -name '*.ko' ! -name '*.no-btf.ko' \
		! -name '.tmp_*' -exec cksum {} + | sort -k3)
}

# mini_types MODULE: its types, from bpftool
mini_types()
{
	bpftool -B "$OUT/vmlinux" btf dump file "$OUT/$1.ko"
}

# mini_type_id MODULE KIND NAME: id of a type, of vmlinux or of the module
mini_type_id()
{
	{
		bpftool btf dump file "$OUT/vmlinux"
		mini_types "$1"
	} | sed -n "s/^\[\([0-9]*\)] $2 '$3'.*/\1/p" | head -n 1
}

# The expected set8 of drivers/probe.c: count, flags, ids and flags
mini_probe_set8()
{
	echo "5 0 $(while read -r func flags; do
		echo "$(mini_type_id drivers/probe FUNC "$func") $flags"
	done <<-END | sort -n | tr '\n' ' '
	probe_release 2
	probe_hit 48
	task_get 1
	probe_acquire 5
	probe_allowed 0
	END
	)"
}

# Changes when one of the files is written or replaced. Missing files equal nothing.
stamp()
{
	stat -c '%i %.Y' "$@" || echo "no stamp $(date +%s.%N)"
}

# json PERL: run a program on the JSON document in $TMP/stdout, as $d
# shellcheck disable=SC2016 # dollars of Perl
json()
{
	perl -MJSON::PP -e '
		binmode STDOUT, ":utf8";
		local $/;
		my $d = JSON::PP->new->utf8->decode(<STDIN>);
		print eval $ARGV[0], "\n"; die $@ if $@' "$1" <"$TMP/stdout"
}

# section FILE NAME OUT: an empty file if there is none
section()
{
	"${OBJCOPY:-objcopy}" -O binary --only-section="$2" \
		--set-section-flags "$2=alloc" "$1" "$3" 2>/dev/null
}

# distilled_types MODULE: those of .BTF.base and .BTF, as bpftool prints them
distilled_types()
{
	section "$1" .BTF.base "$TMP/types.base" &&
	bpftool btf dump file "$TMP/types.base" &&
	bpftool -B "$TMP/types.base" btf dump file "$1"
}

# ids_by_name IDS DUMP: the words of .BTF_ids, with the names of the types that are in
# bpftool's dump in place of their numbers
ids_by_name()
{
	od -An -v -w4 -tu4 "$1" | awk '
		NR == FNR {
			if (/^\[/)
				name[substr($1, 2) + 0] = $2 " " $3
			next
		}
		{ print $1 in name ? name[$1] : $1 }' "$2" -
}

# results_of NAME TAP: the results in this file become results of the test
results_of()
{
	while read -r results_line; do
		case $results_line in
		'ok '*)		result 0 "$1: ${results_line#*- }" </dev/null ;;
		'not ok '*)	result 1 "$1: ${results_line#*- }" </dev/null ;;
		[0-9]*..*)	;;
		*)		echo "# $results_line" ;;
		esac
	done <"$2"
}

# failing_program NAME PROGRAM: $TMP/NAME, which is PROGRAM, but fails after it has
# written half of the types when its arguments have a line of NAME.fail beside it
failing_program()
{
	cat >"$TMP/$1" <<-END
	#!/bin/sh
	[ ! -f "\$0.fail" ] || while read -r fail; do
		case "\$* " in
		*"\$fail "*)
			for arg; do
				case \$arg in
				--btf_encode_detached=*) echo half >"\${arg#*=}" ;;
				esac
			done
			echo >&2 "$1: \$fail: broken on purpose"
			exit 1
			;;
		esac
	done <"\$0.fail"
	exec $2 "\$@"
	END
	chmod +x "$TMP/$1"
}

# btf_compare_build: $TMP/btf_compare
btf_compare_build()
{
	"${HOSTCC:-cc}" -O2 -o "$TMP/btf_compare" \
		"$ROOT/tests/differential/btf_compare.c" -lbpf \
		>"$TMP/cc.log" 2>&1 && return
	sed 's/^/# /' "$TMP/cc.log"
	bail_out "btf_compare does not compile"
}

# elf_faults FILE: errors from readelf
elf_faults()
{
	# shellcheck disable=SC2069 # standard error alone
	readelf -aW "$1" 2>&1 >/dev/null || echo "readelf: exit status $?"
}

# pahole_in_place ARG...: pahole -J in place, for which it runs llvm-objcopy by default
pahole_in_place()
{
	LLVM_OBJCOPY=${OBJCOPY:-objcopy} pahole -J "$@"
}

# mini_compare NAME: "encode alone, then deduplicate" must keep the same types as pahole
# with vmlinux. libbpf reads both.
mini_compare()
{
	for m in $(mini_modules); do
		cp "$OUT/$m.no-btf.ko" "$TMP/pahole.ko"
		ok "$1: $m: pahole encodes it" pahole_in_place \
			--btf_gen_floats --btf_base "$OUT/vmlinux" "$TMP/pahole.ko"
		ok "$1: $m: the same types" "$TMP/btf_compare" \
			"$OUT/vmlinux" "$OUT/$m.ko" "$TMP/pahole.ko"
		ok "$1: $m: bpftool makes C of it" bpftool -B "$OUT/vmlinux" \
			btf dump file "$OUT/$m.ko" format c
	done
}

# kernel_sources: releases whose linux-source is installed, the oldest first
kernel_sources()
{
	for tarball in /usr/src/linux-source-*.tar.xz; do
		[ ! -f "$tarball" ] || basename "${tarball#*-source-}" .tar.xz
	done | sort -V
}

# in_session COMMAND...: a build in its own session, which a signal to its process group
# ends. Reset ignored signals: a shell ignores SIGINT in the background, nohup SIGHUP.
in_session()
{
	setsid -w env --default-signal=HUP,INT,QUIT,TERM "$@"
}

# nobody COMMAND...: run it as a user without rights
nobody()
{
	if [ "$(id -u)" = 0 ]; then
		setpriv --reuid=65534 --regid=65534 --clear-groups "$@"
	else
		"$@"
	fi
}

# edit SED-SCRIPT FILE, which must change it
edit()
{
	sed -e "$1" "$2" >"$TMP/edited" || bail_out "sed: $1"
	! cmp -s "$TMP/edited" "$2" || bail_out "nothing to edit in $2: $1"
	cat "$TMP/edited" >"$2"
}

# section FILE NAME: bytes of a section, in hex
section_hex()
{
	rm -f "$TMP/section"
	"${OBJCOPY:-objcopy}" -O binary --only-section="$2" \
		--set-section-flags "$2=alloc" "$1" "$TMP/section" &&
	od -An -v -tx1 "$TMP/section" | tr -d ' \n'
}
