#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# Random kills:
#
#	kills.sh [N [SEED]]
#
# N times: change something, build, and send a signal to the whole build (at any time, or
# while a tool runs), to one of its makes, or to a linker, pahole or btfstage. Then:
#
# - every module, and the base, is that of an undisturbed build before or after the change.
#   None has disappeared.
# - the next build succeeds, with the result of an undisturbed build.
#
# The undisturbed build has its own directory. SEED determines the changes and their order,
# but not at which instruction a signal arrives.

# shellcheck source=tests/lib.sh
. "${0%/*}/../lib.sh"

kills=${1:-12}
seed=${2:-1}

need setsid
# A shell has what it starts in the background ignore SIGINT.
env --default-signal=INT true 2>/dev/null ||
	skip_all "env has no --default-signal"
[ -r /proc/self/stat ] || skip_all "no /proc"

REF=$TMP/ref
mini=$SRC/examples/mini

# make_wrapper NAME REAL: a program that is killed when there is $TMP/kill.NAME,
# which tells SIGNAL, DELAY and whether all of the build is killed with it; once,
# as the first one takes it away.
make_wrapper()
{
	cat >"$TMP/bin/$1" <<-END
	#!/bin/sh
	case " \$* " in
	" --version ")
		if [ "$1" = pahole ]; then
			exec cat "$TMP/pahole.version"
		fi
		;;
	*)
		if [ -e "$TMP/kill.$1" ] &&
		   mv "$TMP/kill.$1" "$TMP/killed.\$\$" 2>/dev/null; then
			read -r signal delay all <"$TMP/killed.\$\$"
			mv "$TMP/killed.\$\$" "$TMP/killed"
			env --default-signal=INT,QUIT $2 "\$@" &
			pid=\$!
			sleep "\$delay"
			[ -z "\$all" ] || kill -s "\$signal" 0
			kill -s "\$signal" \$pid 2>/dev/null
			wait \$pid
			status=\$?
			[ \$status -le 128 ] || kill -s "\$signal" \$\$
			exit \$status
		fi
		;;
	esac
	exec $2 "\$@"
	END
	chmod +x "$TMP/bin/$1"
}

# build DIR ARG...: undisturbed
build()
{
	build_dir=$1
	shift
	# shellcheck disable=SC2086 # lists of words
	make --no-print-directory -C "$mini" O="$build_dir" $fakes $args "$@" \
		>"$LOG" 2>&1
	build_status=$?
	tick
	return $build_status
}

# first_build DIR: from nothing, with a btfstage that can be killed
first_build()
{
	rm -rf "$1"
	build "$1" -j2 || return
	cp "$1/scripts/btfstage/btfstage" "$TMP/btfstage"
	cp "$TMP/bin/btfstage" "$1/scripts/btfstage/btfstage"
	build "$1" -j2
}

# Sums of what must be good at any moment. No find: what it lists while files are
# renamed is not certain.
sums()
{
	# shellcheck disable=SC2086
	(cd "$1" && cksum $kos .btf.vmlinux.base 2>/dev/null)
}

# The processes of the session that the build is
session()
{
	cat /proc/[0-9]*/stat 2>/dev/null |
		sed -n "s/^\([0-9]*\) (\(.*\)) [^XZ] [0-9]* [0-9]* $session .*/\1 \2/p"
}

now()
{
	echo $(($(date +%s%N) / 1000000))
}

# pick NUMBER WORD...
pick()
{
	pick_n=$(($1 % ($# - 1) + 1))
	shift $pick_n
	echo "$1"
}

# another WORD WORD...: those that are not the first
another()
{
	another=$1
	shift
	printf '%s\n' "$@" | grep -vxF -e "$another"
}

# seconds MILLISECONDS
seconds()
{
	printf '%d.%03d\n' $(($1 / 1000)) $(($1 % 1000))
}

wrong()
{
	echo "$*" >>"$TMP/wrong"
}

# --- what is changed: $what says it

# source_variant FILE VARIANT: 0 is the file as it was
source_variant()
{
	cp "$ROOT/examples/mini/$1" "$mini/$1"
	[ "$2" -eq 0 ] ||
		echo "struct kills_$2 { int a[$2]; struct kills_$2 *next; } $(
			basename "$1" .c)_kills;" >>"$mini/$1"
}

# gone NAME...: files that are deleted in both directories
gone()
{
	for f; do
		rm -f "$OUT/$f" "$REF/$f"
	done
}

# change KIND NUMBER NUMBER
change()
{
	# shellcheck disable=SC2046,SC2086 # lists of words
	case $(($1 % 16)) in
	0|1|2|3)
		f=$(pick "$2" fs/ramfs.c fs/idset.c drivers/probe.c \
			drivers/clash.c drivers/remote.c lib/counter.c \
			net/loop_main.c net/loop_dev.c)
		what="${what:+$what, }$f, variant $(($3 % 4))"
		source_variant "$f" $(($3 % 4))
		;;
	4|5|6)
		what="${what:+$what, }kernel/mm.c, variant $(($3 % 4))"
		source_variant kernel/mm.c $(($3 % 4))
		;;
	7)
		ldflags=$(pick "$2" $(another "$ldflags" LDFLAGS_MODULE= \
			LDFLAGS_MODULE=--build-id=md5 \
			LDFLAGS_MODULE=--build-id=none))
		what="${what:+$what, }link flags $ldflags"
		;;
	8)
		pahole_flags=$(pick "$2" $(another "$pahole_flags" PAHOLE_FLAGS= \
			PAHOLE_FLAGS=--skip_encoding_btf_vars \
			MODULE_PAHOLE_FLAGS=--skip_encoding_btf_vars))
		what="${what:+$what, }pahole flags $pahole_flags"
		;;
	9)
		# two of them, which no rule of ours treats differently
		version=$(another "$version" "$real_version" v1.25)
		echo "$version" >"$TMP/pahole.version"
		what="${what:+$what, }pahole $version"
		;;
	10)
		touch "$OUT/scripts/btfstage/btfstage" \
			"$REF/scripts/btfstage/btfstage"
		what="${what:+$what, }btfstage is newer"
		;;
	11)
		f=$(pick "$2" $kos)
		what="${what:+$what, }$f is deleted"
		gone "$f"
		;;
	12)
		what="${what:+$what, }all modules are deleted"
		gone $kos
		;;
	13)
		f=$(pick "$2" $kos)
		f=${f%.ko}.no-btf.ko
		f=$(pick "$3" "$f" "$f.btf" .btf.vmlinux.base vmlinux)
		what="${what:+$what, }$f is deleted"
		gone "$f"
		;;
	14)
		f=$(pick "$2" include/mini/types.h include/mini/fs.h)
		what="${what:+$what, }$f is newer"
		touch "$mini/$f"
		;;
	15)
		what="${what:+$what, }nothing"
		;;
	esac
	args="$ldflags $pahole_flags"
}

# --- checks

# check_good WHEN: every file is a good one, and none is missing
check_good()
{
	sums "$OUT" >"$TMP/sums"
	for line in $(grep -vxF -f "$TMP/good" "$TMP/sums" | tr ' ' ':'); do
		wrong "$1: neither old nor new: $line"
	done
	for f in $present; do
		[ -e "$OUT/$f" ] || wrong "$1: $f is missing"
	done
}

# Names that a killed step may leave. They are used again, and gone, when that
# step runs again; it need not, so btfstage's are removed here. There are any only
# after SIGKILL to all, or a kill of the tool that writes there.
litter()
{
	find "$OUT" -name '.tmp_*' ! -name .tmp_vmlinux.btf
}
check_litter()
{
	for f in $(litter); do
		case ${f##*/} in
		.tmp_*.ko.[0-9][0-9]|.tmp_.btf.vmlinux.base.[0-9][0-9])
			litters=$((litters + 1))
			rm "$f"
			[ -n "$had_kill" ] || wrong "litter: $f"
			;;
		.tmp_*.no-btf.ko|.tmp_*.no-btf.ko.btf|.tmp_*.ko)
			# Left when what was changed is changed back before the
			# step runs again
			litters=$((litters + 1))
			[ "$piled" -gt 1 ] || [ "$litter_before" = yes ] ||
				wrong "litter: $f"
			;;
		*)
			wrong "litter: $f"
			;;
		esac
	done
	litter_before=
	[ -z "$(litter)" ] || litter_before=yes
}

# --- one kill

# send SIGNAL TO: $hit says whether there was something to be killed
send()
{
	hit=
	case $2 in
	all)
		kill -s "$1" -- "-$session" 2>/dev/null && hit=yes
		;;
	make)
		# shellcheck disable=SC2046
		set -- "$1" $(session | sed -n 's/ make$//p')
		[ $# -lt 2 ] ||
			{ kill -s "$1" "$(pick "$random" "$@")" 2>/dev/null &&
			  hit=yes; }
		;;
	*)
		tool=${2#all in }
		all=
		[ "$tool" = "$2" ] || all=all
		case $tool in
		pahole)		life=12 ;;
		ld)		life=6 ;;
		btfstage)	life=3 ;;
		esac
		echo "$1 $(seconds $((random % life))) $all" >"$TMP/kill.tmp"
		mv "$TMP/kill.tmp" "$TMP/kill.$tool"
		;;
	esac
}

# one NUMBER RANDOM...
one()
{
	number=$1
	: >"$TMP/wrong"
	what=
	change "$2" "$3" "$4"
	[ $(($2 / 16 % 2)) -eq 0 ] || change $(($3 / 8)) "$4" "$2"
	[ $(($2 / 32 % 4)) -ne 0 ] || change $(($4 / 8)) "$2" "$3"
	jobs=$((1 + number % 3))
	signal=$(pick "$5" INT TERM HUP KILL)
	to=$(pick "$6" all all all make make pahole ld btfstage \
		"all in pahole" "all in ld" "all in btfstage")
	random=$7
	[ "$signal" != KILL ] || had_kill=yes

	# undisturbed, and how long that takes
	started=$(now)
	if ! build "$REF" -j$jobs; then
		sed 's/^/# /' "$LOG"
		bail_out "the undisturbed build fails ($what)"
	fi
	took=$(($(now) - started))
	sums "$REF" >"$TMP/want"
	cat "$TMP/want" >>"$TMP/good"
	present=
	for f in $kos .btf.vmlinux.base; do
		[ ! -e "$OUT/$f" ] || present="$present $f"
	done
	piled=$((piled + 1))

	delay=$(($8 * took / 10000))
	[ "$delay" -lt 2000 ] || delay=2000
	case $to in
	*pahole|*ld|*btfstage)	delay=$((delay / 2)) ;;
	esac
	rm -f "$TMP/killed"
	# shellcheck disable=SC2086
	setsid env --default-signal=INT,QUIT make -j$jobs --no-print-directory \
		-C "$mini" O="$OUT" $fakes $args >"$TMP/killed.log" 2>&1 &
	session=$!
	sleep "$(seconds $delay)"
	send "$signal" "$to"
	check_good "at once"
	wait $session 2>/dev/null
	killed_status=$?
	# Tools whose make was killed run to their end.
	waits=0
	while [ -n "$(session)" ]; do
		sleep 0.02
		waits=$((waits + 1))
		if [ $waits -gt 15000 ]; then
			session | sed 's/^/# /'
			bail_out "the killed build does not end"
		fi
	done
	rm -f "$TMP"/kill.*
	[ ! -e "$TMP/killed" ] || hit=yes
	check_good "after the kill"
	if [ -z "$hit" ]; then
		ended="too late"
	elif [ $killed_status -eq 0 ]; then
		ended="built all the same"
	else
		ended="ended"
		nr_ended=$((nr_ended + 1))
	fi
	step=$(sed -n 's/^  //p' "$TMP/killed.log" | tail -n 1)
	name="kill $number: $what: SIG$signal to $to at $delay of $took ms"
	name="$name, -j$jobs: $ended after ${step:-nothing}"

	# Some kills in a row, now and then
	if [ "$9" -lt 2500 ] && [ "$number" -lt "$kills" ]; then
		name="$name; one more"
	else
		build "$OUT" || wrong "the next build fails: $(cat "$LOG")"
		cp "$LOG" "$TMP/next.log"
		sums "$OUT" >"$TMP/got"
		diff "$TMP/want" "$TMP/got" >"$TMP/diff" ||
			wrong "the next build is not as undisturbed: $(cat "$TMP/diff")"
		build "$OUT" || wrong "the build after that fails"
		! grep -q '^  ' "$LOG" ||
			wrong "then something is left to do: $(cat "$LOG")"
		check_litter
		cp "$TMP/want" "$TMP/good"
		piled=0
		had_kill=
	fi

	[ ! -s "$TMP/wrong" ]
	good=$?
	result $good "$name" <<-END
	$(cat "$TMP/wrong")
	--- the build that was killed (exit status $killed_status):
	$(cat "$TMP/killed.log")
	--- the next one:
	$(cat "$TMP/next.log" 2>/dev/null)
	END
	[ $good -eq 0 ] && return
	# for the next kill, from nothing
	first_build "$OUT" || bail_out "no way back"
	cp "$TMP/want" "$TMP/good"
	piled=0
	litter_before=
}

mini_copy
mkdir "$TMP/bin"
make_wrapper pahole "$(command -v pahole)"
make_wrapper ld "$(command -v ld)"
make_wrapper btfstage "$TMP/btfstage"
real_version=$(pahole --version)
version=$real_version
echo "$real_version" >"$TMP/pahole.version"
fakes="PAHOLE=$TMP/bin/pahole LD=$TMP/bin/ld"
args=
ldflags=
pahole_flags=
for dir in "$REF" "$OUT"; do
	first_build "$dir" || bail_out "the mini kernel does not build"
done
kos=$(mini_modules | sed 's/$/.ko/')
sums "$REF" >"$TMP/good"
[ "$(sums "$OUT")" = "$(cat "$TMP/good")" ] ||
	bail_out "two undisturbed builds differ"

nr_ended=0
litters=0
piled=0
had_kill=
litter_before=
begin=$(now)
awk -v n="$kills" -v seed="$seed" 'BEGIN {
	srand(seed)
	for (i = 1; i <= n; i++) {
		printf "%d", i
		for (j = 0; j < 8; j++)
			printf " %d", int(rand() * 10000)
		print ""
	}
}' >"$TMP/plan"
exec 3<"$TMP/plan"
while read -r plan <&3; do
	# shellcheck disable=SC2086
	one $plan
done
echo "# seed $seed: $nr_ended of $kills builds ended by the kill," \
	"$litters temporary files left, $(seconds $(($(now) - begin))) s"

# --- at the end
first_build "$REF" || bail_out "the undisturbed build fails"
is "a build from nothing is the same" "$(sums "$OUT")" "$(sums "$REF")"
: >"$OUT/fs/.tmp_ramfs.ko.0123ab"
build "$OUT" clean
is "make clean removes every file" "$(find "$OUT" -type f)" ""

done_testing
