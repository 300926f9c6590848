# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh disable=SC2034,SC2154 # variables of tests/lib.sh and tests
#
# Functions for tests that build in a real kernel tree, which is already built
#
#	$version	its release
#	$dir		directory that is kept between runs
#	$src $obj	sources and build directory, the same without O=
#	$ext		an external module, outside.ko
#	$last_link	the output of the last link of vmlinux

# shellcheck source=tests/lib.sh
. "${0%/*}/../lib.sh"

version=${KERNEL_VERSION:-6.1}
dir=${KERNEL_BUILD:-$ROOT/build/kernel}/$version
tarball=/usr/src/linux-source-$version.tar.xz
case $version in
[0-6].*)	last_link=vmlinux ;;
*)		last_link=vmlinux.unstripped ;;
esac
src=$dir/linux
obj=$src
saved=$dir/saved
series=$dir/series.git
ext=$TMP/ext
# Its name in a build: from 6.13 on that runs in the module's directory.
case $version in
6.1|6.12)	ext_called=$ext/outside ;;
*)		ext_called=outside ;;
esac
out_arg=
run=

# The number of a build is part of linux_banner[], and the type of that array
# another one from build 10 on.
export KBUILD_BUILD_VERSION=1

# kbuild ARG...: what it prints goes to $LOG, with the full name of an external
# module. make is run by $run, if that is a command.
kbuild()
{
	# shellcheck disable=SC2086 # lists of words
	$run make --no-print-directory -C "$src" $out_arg -j"$(nproc)" "$@" \
		>"$LOG" 2>&1
	build_status=$?
	sed -i "s, outside\.ko, $ext/outside.ko," "$LOG"
	tick
	[ $build_status -eq 0 ] || tail -n 30 "$LOG"
	return $build_status
}

apply()
{
	"$ROOT/tools/apply/apply.sh" "$1" "$src"
}

# tree_start: the tree as it was before any test, or the test is skipped
tree_start()
{
	trap 'restore_sources; rm -rf "$TMP"' EXIT
	restore_sources
	for f in vmlinux modules.order Module.symvers; do
		[ -f "$obj/$f" ] ||
			skip_all "linux $version is not built; kernel.t does that"
	done
	apply revert >/dev/null ||
		bail_out "an earlier run cannot be reverted"
}

# edit_source SED-SCRIPT FILE, which restore_sources puts back
edit_source()
{
	if [ ! -f "$saved/$2" ]; then
		if ! { mkdir -p "$saved/${2%/*}" &&
		       cp "$src/$2" "$saved/$2.tmp" &&
		       mv "$saved/$2.tmp" "$saved/$2"; }; then
			bail_out "$2 cannot be saved"
		fi
	fi
	edit "$1" "$src/$2"
}

# in_series ARG...: git, on the few files of the tree that patches.t commits to
in_series()
{
	git --git-dir="$series" --work-tree="$src" -c core.bare=false \
		-c gc.auto=0 "$@"
}

series_remove()
{
	[ -d "$series" ] || return 0
	(cd "$src" && in_series checkout -q -f base) || return
	rm -rf "$src/scripts/btfstage" "$src/scripts/Makefile.btf-extmod" "$series"
}

# As something new, so that what was built from the edited ones is not kept.
restore_sources()
{
	[ -f "$obj/vmlinux" ] || [ ! -f "$dir/vmlinux.away" ] ||
		mv "$dir/vmlinux.away" "$obj/vmlinux"
	series_remove || return
	[ -d "$saved" ] || return 0
	(cd "$saved" && find . -type f ! -name '*.tmp') |
	while read -r f; do
		cat "$saved/$f" >"$src/$f" || return
	done
	rm -rf "$saved"
}

# The tree's modules, without suffix
modules()
{
	sed 's/\.k*o$//' "$obj/modules.order"
}

# Path of a module
ko()
{
	case $1 in
	/*)	echo "$1.ko" ;;
	*)	echo "$obj/$1.ko" ;;
	esac
}

# Its linked module
linked()
{
	case $1 in
	/*)	echo "$1.ko.no-btf" ;;
	*)	echo "$obj/$1.no-btf.ko" ;;
	esac
}

# sums MODULE...: a fingerprint of what was built
sums()
{
	for m; do
		echo "$m $(cksum <"$(ko "$m")")"
	done
}

# row NAME MODULES STEP...: a build of $row_goal with $row_args, both words or
# nothing, and a comparison of steps
row()
{
	row_name=$1
	row_modules=$2
	shift 2
	# shellcheck disable=SC2086 # lists of words
	ok "$row_name: builds" kbuild $row_args $row_goal
	is "$row_name: the right steps" \
		"$(steps)" "$(steps_of "$row_modules" "$@")"
}
row_args=
row_goal=modules

# without_btf MODULE...: those of them that have none
without_btf()
{
	for m; do
		readelf -SW "$(ko "$m")" | grep -q ' \.BTF ' || echo "$m"
	done
}

# killing TOOL SIGNAL WHEN WORDS: the next TOOL with these words in its arguments kills its
# process group, the build: before it runs, or half way, with garbage in its output. It has
# the tool's name and is an old file, so it changes no saved command.
killing()
{
	mkdir -p "$TMP/bin"
	cat >"$TMP/bin/$1" <<-END
	#!/bin/sh
	case " \$* " in
	*" $4 "*)
		if rm "$TMP/kill.$1" 2>/dev/null; then
			for arg; do
				[ "\$last" != -o ] || out=\$arg
				last=\$arg
			done
			[ $3 = before ] || echo half >"\$out"
			kill -s $2 0
			sleep 10
			exit 1
		fi
		;;
	esac
	exec $(command -v "$1") "\$@"
	END
	chmod +x "$TMP/bin/$1"
	touch -d 2000-01-01 "$TMP/bin/$1"
	: >"$TMP/kill.$1"
}

# killed TOOL ARG...: a build that is ended so
killed()
{
	killed_tool=$1
	shift
	# shellcheck disable=SC2086 # lists of words
	PATH=$TMP/bin:$PATH in_session $run make --no-print-directory \
		-C "$src" $out_arg -j"$(nproc)" "$@" >"$LOG" 2>&1
	[ ! -e "$TMP/kill.$killed_tool" ]
}

# ext_make: the sources of an external module
ext_make()
{
	mkdir "$ext"
	echo 'obj-m := outside.o' >"$ext/Makefile"
	cat >"$ext/outside.c" <<-'END'
	#include <linux/bpf.h>
	#include <linux/btf.h>
	#include <linux/btf_ids.h>
	#include <linux/module.h>

	struct outside_state {
		struct list_head list;
		unsigned long hits;
	};

	static struct outside_state state;

	noinline int outside_hit(struct outside_state *s, struct task_struct *task);
	noinline int outside_hit(struct outside_state *s, struct task_struct *task)
	{
		s->hits += task->pid;
		return 0;
	}

	BTF_SET8_START(outside_ids)
	BTF_ID_FLAGS(func, outside_hit)
	BTF_SET8_END(outside_ids)

	static int __init outside_init(void)
	{
		return outside_hit(&state, current) + outside_ids.cnt - 1;
	}

	static void __exit outside_exit(void)
	{
	}

	module_init(outside_init);
	module_exit(outside_exit);
	MODULE_LICENSE("GPL");
	END
}

# "$TMP/read-only DIR COMMAND..." runs a command that cannot write below DIR: for
# root, and for a user who may have a name space of his own.
cat >"$TMP/read-only" <<'END'
#!/bin/sh
map=
[ "$(id -u)" = 0 ] || map=-r
exec unshare -m $map sh -c '
	mount --bind "$0" "$0" && mount -o remount,bind,ro "$0" &&
	! touch "$0/written" 2>/dev/null && cd / && exec "$@"' "$@"
END
chmod +x "$TMP/read-only"
