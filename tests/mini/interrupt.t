#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# A signal ends a build in each step, before and after the step has written its file: every
# module is the old one or the new one, and the next build finishes the work.
#
# With link and BTF in one rule, a module without BTF is accepted, or a good one is deleted.

# shellcheck source=tests/lib.sh
. "${0%/*}/../lib.sh"

need setsid

# A program that ends all of its process group, which is the build, at the
# arguments that "$0.kill" tells: SIGNAL WHEN WHAT
make_wrapper()
{
	cat >"$TMP/$1" <<-END
	#!/bin/sh
	what=
	[ ! -f "\$0.kill" ] || read -r signal when what <"\$0.kill"
	case "\$what: \$* " in
	:*)	exec $2 "\$@" ;;
	*":"*"\$what "*) ;;
	*)	exec $2 "\$@" ;;
	esac
	rm "\$0.kill"
	case \$when in
	half)
		for arg; do
			case \$arg in
			--btf_encode_detached=*)
				# longer than what it should be: who does not
				# remove it first, keeps the end of it
				head -c 100000 /dev/zero >"\${arg#*=}"
				;;
			*.tmp_*.ko|vmlinux) echo half >"\$arg" ;;
			esac
		done
		;;
	after)	$2 "\$@" || exit ;;
	esac
	kill -s "\$signal" 0
	sleep 10
	exit 1
	END
	chmod +x "$TMP/$1"
}

make_wrapper pahole "$(command -v pahole)"
make_wrapper ld "$(command -v ld)"
make_wrapper btfstage "$TMP/btfstage.real"
fakes="PAHOLE=$TMP/pahole LD=$TMP/ld"

build()
{
	# shellcheck disable=SC2086 # two words
	mini $fakes "$@"
}

# A wrapper ends this one, even where signals are ignored.
ended_build()
{
	# shellcheck disable=SC2086 # two words
	(
		trap '' HUP INT
		in_session make -C "$SRC/examples/mini" O="$OUT" $fakes
	) >"$LOG" 2>&1
}

mini_copy
build -j2 || bail_out "the mini kernel does not build"
cp "$OUT/scripts/btfstage/btfstage" "$TMP/btfstage.real"
cp "$TMP/btfstage" "$OUT/scripts/btfstage/btfstage"
build -j2 || bail_out "the mini kernel does not build"
old_source=$(cat "$SRC/examples/mini/fs/ramfs.c")
old=$(mini_sums)
old_ko=$(cksum <"$OUT/fs/ramfs.ko")
echo 'struct ramfs_more { int a; } ramfs_more;' \
	>>"$SRC/examples/mini/fs/ramfs.c"
new_source=$(cat "$SRC/examples/mini/fs/ramfs.c")
build
new=$(mini_sums)
new_ko=$(cksum <"$OUT/fs/ramfs.ko")
new_types=$(cksum <"$OUT/fs/ramfs.no-btf.ko.btf")
negate [ "$new" = "$old" ]
result $? "the change of the source changes the module" </dev/null

# killed SIGNAL WHEN TOOL WHAT
killed()
{
	echo "$old_source" >"$SRC/examples/mini/fs/ramfs.c"
	build
	[ "$(mini_sums)" = "$old" ] || bail_out "no way back"
	echo "$new_source" >"$SRC/examples/mini/fs/ramfs.c"

	name="SIG$1 $2 ${3##*/}"
	echo "$1 $2 $4" >"$3.kill"
	ended_build
	negate [ $? -eq 0 ]
	result $? "$name: the build ends" <"$LOG"
	fails "$name: it ends there" test -e "$3.kill"
	case $(cksum <"$OUT/fs/ramfs.ko") in
	"$old_ko"|"$new_ko")	result 0 "$name: the module is a good one" ;;
	*)	result 1 "$name: the module is a good one" </dev/null ;;
	esac
	is "$name: the other modules are as they were" \
		"$(mini_sums | grep -v ramfs)" "$(echo "$old" | grep -v ramfs)"
	ok "$name: the next build succeeds" build
	is "$name: the modules are the new ones" "$(mini_sums)" "$new"
	is "$name: its types are the new ones" \
		"$(cksum <"$OUT/fs/ramfs.no-btf.ko.btf")" "$new_types"
	build
	is "$name: then nothing more" "$(steps)" ""
}

for signal in INT TERM HUP KILL; do
	killed $signal half "$TMP/ld" fs/.tmp_ramfs.no-btf.ko
	killed $signal half "$TMP/pahole" fs/ramfs.no-btf.ko
	killed $signal before "$OUT/scripts/btfstage/btfstage" "-o fs/ramfs.ko"
	killed $signal after "$OUT/scripts/btfstage/btfstage" "-o fs/ramfs.ko"
done

# vmlinux, which is linked in place: half of it is not what the next build takes
# for all of it.
for when in half after; do
	touch "$SRC/examples/mini/kernel/mm.c"
	echo "KILL $when -o vmlinux" >"$TMP/ld.kill"
	ended_build
	name="SIGKILL $when the last link of vmlinux"
	fails "$name: the build ends there" test -e "$TMP/ld.kill"
	[ $when = after ] || is "$name: it is half a file" "$(cat "$OUT/vmlinux")" half
	ok "$name: the next build succeeds" build
	like "$name: it links vmlinux" "$(cat "$LOG")" '^  LD      vmlinux$'
	is "$name: no step for modules" "$(steps)" ""
	is "$name: the modules are the same" "$(mini_sums)" "$new"
	build
	is "$name: then nothing more" "$(lines)" ""
done

# The base: a good one is not deleted, as all modules would be made again.
base=$(stamp "$OUT/.btf.vmlinux.base")
touch "$SRC/examples/mini/kernel/mm.c"
for when in before after; do
	echo "INT $when .btf.vmlinux.base vmlinux" \
		>"$OUT/scripts/btfstage/btfstage.kill"
	ended_build
	is "SIGINT $when btfstage base: the base is as it was" \
		"$(stamp "$OUT/.btf.vmlinux.base")" "$base"
done
build
is "SIGINT in btfstage base: no step for modules" "$(steps)" ""

done_testing
