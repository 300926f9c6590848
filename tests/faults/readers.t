#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# Commands that only read, with each call that can fail failing once: the result is as
# without the failure, or a line says why there is none. Then files that are truncated while
# any command reads them.

# shellcheck disable=SC2119 # functions called without arguments
# shellcheck disable=SC2317 # functions called by name
# shellcheck source=tests/lib.sh
. "${0%/*}/../lib.sh"

# shellcheck source=tests/faults/lib.sh
. "${0%/*}/lib.sh"

base=$OUT/.btf.vmlinux.base
modules=$TMP/modules
mkdir -p "$modules/sub"
cp "$OUT/fs/idset.ko" "$modules"
cp "$OUT/fs/ramfs.ko" "$modules/sub"
printf '%s\n' "$OUT/fs/idset.o" "$OUT/fs/ramfs.ko" >"$TMP/names"
# A base that these modules were not made for
ok "another base" "$btfstage" base -o "$TMP/other.base" "$OUT/fs/ramfs.no-btf.ko.btf"
root=$TMP/root
mkdir -p "$root/boot"
release=$(LC_ALL=C grep -a -o 'Linux version [^ ]*' "$OUT/vmlinux" |
	sed -n '1s/.* //p')
like "the kernel has a release" "$release" '^[0-9]'
cp "$OUT/vmlinux" "$root/boot/vmlinux-$release"
mkdir "$TMP/tree"

# The status when it fails, that when it does not, a NAME and arguments. A name
# that ends in -stdin gets $TMP/names there.
cat >"$TMP/commands" <<END
3 0 check check --base $base $OUT/fs/idset.ko
3 0 check-dir check --strict --base $base $modules
3 0 check-stdin check --base $base -
3 0 check-json check --json --base $base $modules
3 0 check-raw check --base $OUT/vmlinux $OUT/fs/ramfs.ko
3 1 check-bad check --base $TMP/other.base $OUT/fs/idset.ko
3 0 show show --base $base $modules/idset.ko
3 0 show-alone show $modules/idset.ko
3 0 show-json show --json --base $base $modules/idset.ko
3 1 show-bad show --base $TMP/other.base $modules/idset.ko
3 0 report report --base $base $modules
3 0 report-json report --json --base $base $modules
1 0 find-base find-base --release $release --sysroot $root $OUT
1 0 find-base-boot find-base --release $release --sysroot $root $TMP/tree
1 0 find-base-given find-base --base $OUT/vmlinux
END

# Lines on standard error, without those of a run without failures
errors()
{
	grep -vxF -f "$TMP/$name.stderr" "$TMP/stderr" |
		grep -v '^[0-9]* modules: '
}

is_same_answer()
{
	cmp -s "$TMP/stdout" "$TMP/$name.stdout" &&
		cmp -s "$TMP/stderr" "$TMP/$name.stderr"
}

# After one run with a fault. What is not known is not printed; what was found of
# other modules before may be.
check_answer()
{
	if [ "$status" -eq "$good" ]; then
		is_same_answer || wrong "another answer with the same status"
		return
	fi
	[ "$status" -eq "$failed" ] || wrong "status $status"
	case $(errors) in
	*'
'*)		wrong "more than one line" ;;
	btf*': '*) ;;
	'')		case $name in
		*-json)	told_in_json || wrong "no word of it" ;;
		report)	grep -q '^unreadable ' "$TMP/stdout" ||
				wrong "no word of it" ;;
		find-base-given)
			grep -q '^none: ' "$TMP/stdout" ||
				wrong "no word of it" ;;
		*)	wrong "no word of it" ;;
		esac ;;
	*)		wrong "no line that tells" ;;
	esac
}

told_in_json()
{
	grep -q '"status":"unreadable"' "$TMP/stdout" &&
		perl -MJSON::PP -e 'local $/; JSON::PP->new->utf8->decode(<STDIN>)' \
			<"$TMP/stdout" 2>/dev/null
}

# One of several right answers, whatever was said of other files on the way
check_found()
{
	case $status in
	0)	answer=$(cat "$TMP/stdout")
		case $answer in
		"prepared $base"|"types $OUT/vmlinux"|"types $root/boot/vmlinux-$release") ;;
		*)	wrong "another answer: $answer" ;;
		esac ;;
	1)	grep -q '^none: ' "$TMP/stdout" ||
			grep -q '^btfstage: .*: ' "$TMP/stderr" ||
			wrong "no word of it" ;;
	*)	wrong "status $status" ;;
	esac
	if grep -qv '^btfstage: .*: ' "$TMP/stderr"; then
		wrong "no line of btfstage"
	fi
}

while read -r failed good name command; do
	: >"$TMP/$name.old"
	case $name in
	*-stdin) cp "$TMP/names" "$TMP/$name.stdin" ;;
	*)	: >"$TMP/$name.stdin" ;;
	esac
	# shellcheck disable=SC2086 # no spaces in these names
	"$(program $command)" $command <"$TMP/$name.stdin" >"$TMP/$name.stdout" \
		2>"$TMP/$name.stderr"
	is "$name: works" $? "$good"
	case $name in
	find-base|find-base-boot) check=check_found ;;
	*)	check=check_answer ;;
	esac
	FAULT_DO=fail
	FAULT_ERROR=0
	FAULT_ALWAYS=
	for FAULT_CALL in alloc open read map stat close; do
		each_call "$FAULT_CALL fails" $check
	done
	# Files are read into memory then.
	FAULT_ALWAYS=map
	for FAULT_CALL in alloc read; do
		each_call "$FAULT_CALL fails, without map" $check
	done
	FAULT_ERROR=4
	each_call "read: interrupted, without map" $check
	FAULT_ERROR=0
	FAULT_DO=short
	each_call "read is short, without map" $check
done <"$TMP/commands"

# --- Several processes: one that fails reports its modules
check_jobs()
{
	case $status in
	0)	check_answer ;;
	3)	! grep -qvE '^btfinspect: .*: |^[0-9]* modules: ' "$TMP/stderr" ||
			wrong "no line of btfinspect"
		grep -q '^btfinspect: ' "$TMP/stderr" || wrong "no word of it" ;;
	*)	wrong "status $status" ;;
	esac
}
name="check-jobs"
good=0
command="check -j2 --base $base $modules $OUT/net"
: >"$TMP/$name.old"
: >"$TMP/$name.stdin"
# shellcheck disable=SC2086 # no spaces in these names
"$(program $command)" $command >"$TMP/$name.stdout" 2>"$TMP/$name.stderr"
is "$name: works" $? 0
FAULT_DO=fail
FAULT_ALWAYS=
FAULT_ERROR=0
for FAULT_CALL in alloc open read map stat close fork; do
	each_call "$FAULT_CALL fails" check_jobs
done
echo "# $total faults"

# --- A file is truncated after it was opened
files="$TMP/in/vmlinux $TMP/in/base $TMP/in/types $TMP/in/linked.ko $TMP/in/mod.ko"
mkdir "$TMP/in" "$TMP/pristine"
cp "$OUT/vmlinux" "$TMP/pristine/vmlinux"
cp "$base" "$TMP/pristine/base"
cp "$OUT/fs/idset.no-btf.ko.btf" "$TMP/pristine/types"
cp "$OUT/fs/idset.no-btf.ko" "$TMP/pristine/linked.ko"
cp "$OUT/fs/idset.ko" "$TMP/pristine/mod.ko"
echo "the old output" >"$TMP/plain.old"
cat >"$TMP/commands" <<END
1 base base -o out $TMP/in/vmlinux
1 ko ko --base $TMP/in/base --types $TMP/in/types -o out $TMP/in/linked.ko
1 ko-distilled ko --distill-base --base $TMP/in/base --types $TMP/in/types -o out $TMP/in/linked.ko
3 check check --base $TMP/in/base $TMP/in/mod.ko
3 check-raw check --base $TMP/in/vmlinux $TMP/in/mod.ko
3 check-jobs check -j2 --base $TMP/in/base $TMP/in/mod.ko $TMP/in/linked.ko
3 show show --base $TMP/in/base $TMP/in/mod.ko
3 report report --base $TMP/in/base --html out $TMP/in/mod.ko
1 find-base find-base --base $TMP/in/vmlinux
END

cp_pristine()
{
	# shellcheck disable=SC2086 # no spaces in these names
	rm -f $files
	cp -p "$TMP/pristine/"* "$TMP/in"
}

# A line about one of the inputs, and nothing else is any different.
check_cut()
{
	case $status in
	"$failed") ;;
	0)	# It was cut when all had been read.
		is_same_answer || wrong "another answer"
		cmp -s out "$TMP/$name.new" || wrong "another output"
		return ;;
	*)	wrong "status $status" ;;
	esac
	nr_cut=$((nr_cut + $(grep -c "^btf[a-z]*: [^ ]*: was truncated while" \
		"$TMP/stderr")))
	case $(errors) in
	*'
'*)		# Each process has its own fault.
		[ "$name" = check-jobs ] || wrong "more than one line" ;;
	'btfstage: out: was truncated'*)
		# base reads its old output: here the shim has cut that.
		cp "$TMP/plain.old" out ;;
	btf*": $TMP/in/"*': '*) ;;
	*)		wrong "no line that tells" ;;
	esac
	cmp -s out "$TMP/plain.old" || wrong "the old output was touched"
	[ "$(ls -A)" = out ] || wrong "litter: $(ls -A)"
}

good=0
FAULT_DO="cut"
FAULT_CALL=map
while read -r failed name command; do
	cp "$TMP/plain.old" "$TMP/$name.old"
	: >"$TMP/$name.stdin"
	cp "$TMP/plain.old" out
	cp_pristine
	# shellcheck disable=SC2086 # no spaces in these names
	"$(program $command)" $command >"$TMP/$name.stdout" 2>"$TMP/$name.stderr"
	is "$name: works" $? 0
	cp out "$TMP/$name.new"
	for FAULT_ALWAYS in '' 'tmpfile clone copy'; do
		nr_cut=0
		each_call "a file is cut short${FAULT_ALWAYS:+, without $FAULT_ALWAYS}" \
			check_cut cp_pristine
		[ $nr_cut -gt 0 ]
		result $? "$name: a file was truncated${FAULT_ALWAYS:+, without $FAULT_ALWAYS}" \
			</dev/null
	done
done <"$TMP/commands"
cd "$TMP" || bail_out "no directory"


done_testing
