# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh disable=SC2154 # variables of tests/lib.sh
#
# Functions for the tests of tools/apply
#
# The few files that apply reads come from Debian's linux-source packages. A release
# without an installed package is skipped. apply replaces files and never writes into one,
# so trees are hard links unless something else writes to them.

# shellcheck source=/dev/null
. "${0%/*}/../lib.sh"

# shellcheck disable=SC2034 # used in the tests
apply=$ROOT/tools/apply/apply.sh

# Unpacking takes 12 s, so it is done once: build/trees has these files, until
# another package is installed or a file is missing.
trees=${TREES_BUILD:-$ROOT/build/trees}

# tree_unpack RELEASE: $unpacked is the name of the directory
tree_unpack()
{
	tar=/usr/src/linux-source-$1.tar.xz
	[ -f "$tar" ] || return 1
	unpacked=$trees/$1-$(stat -c %s-%Y "$tar")
	[ ! -f "$unpacked/scripts/decode_stacktrace.sh" ] ||
		[ ! -f "$unpacked/scripts/Makefile.vmlinux" ] || return 0
	rm -rf "$trees/$1"-*
	unpacking=$trees/tmp-$1-$$
	if ! (
		mkdir -p "$unpacking" || exit
		cd "$unpacking" || exit
		for file in .gitignore Makefile Kbuild MAINTAINERS		\
			Documentation/kbuild/index.rst scripts/Kbuild.include	\
			scripts/Makefile scripts/Makefile.modfinal		\
			scripts/Makefile.vmlinux				\
			scripts/link-vmlinux.sh scripts/decode_stacktrace.sh	\
			scripts/checkstack.pl scripts/checkpatch.pl		\
			scripts/spelling.txt scripts/const_structs.checkpatch	\
			"$(package_of "$1")"; do
			echo "linux-source-$1/$file"
		done >names &&
		tar --strip-components=1 --occurrence=1 -T names -xf "$tar" &&
		rm names
	); then
		bail_out "$tar cannot be unpacked"
	fi
	# Another test may have been faster.
	mv -T "$unpacking" "$unpacked" 2>/dev/null || rm -rf "$unpacking"
}

# package_of RELEASE: the script that lists what headers have
package_of()
{
	case $1 in
	6.1)	echo scripts/package/builddeb ;;
	*)	echo scripts/package/install-extmod-build ;;
	esac
}

# tree_get RELEASE DIR [FILE...]: what apply looks at, and these; false when the
# package is not installed
tree_get()
{
	tree_unpack "$1" || return 1
	package=$(package_of "$1")
	to=$2
	shift 2
	mkdir -p "$to"
	(cd "$unpacked" && cp -p --parents -t "$to" "$@" .gitignore Makefile	\
		Kbuild scripts/Kbuild.include scripts/Makefile			\
		scripts/Makefile.modfinal scripts/Makefile.vmlinux		\
		scripts/link-vmlinux.sh "$package") ||
		bail_out "$unpacked cannot be copied"
}

# A stub for the Makefile of a kernel: it writes its build directory and sources to
# $TMP/built. From 6.13 on, KBUILD_OUTPUT must be set before.
kernel_makefile()
{
	cat <<-END
	PATCHLEVEL = 1
	srctree := \$(patsubst %/,%,\$(dir \$(lastword \$(MAKEFILE_LIST))))
	modules: ; @test -f \$(M)/try.c -a -f \$(srctree)/scripts/Makefile.btf-extmod && \\
		grep -q '^linked-ko :=' \$(srctree)/scripts/Makefile.modfinal && \\
		\$(or \$(KBUILD_OUTPUT),.)/scripts/btfstage/btfstage --version >/dev/null && \\
		echo '\$(or \$(KBUILD_OUTPUT),\$(CURDIR)) \$(srctree)' >$TMP/built
	END
}

# debian_headers RELEASE DIR [LINE]: three packages, as they are installed. With LINE
# above the include.
debian_headers()
{
	[ -d "$TMP/source-$1" ] || tree_get "$1" "$TMP/source-$1"
	kbuild=$2/usr/lib/linux-kbuild-$1
	common=$2/usr/src/linux-headers-$1-common
	flavour=$2/usr/src/linux-headers-$1-amd64
	mkdir -p "$kbuild/scripts/basic" "$kbuild/tools/objtool" \
		"$common/include/linux" "$common/arch/x86" \
		"$flavour/include/config" "$flavour/arch/x86"
	cp "$TMP/source-$1/scripts/Makefile.modfinal" \
		"$TMP/source-$1/scripts/Kbuild.include" "$kbuild/scripts"
	: >"$kbuild/scripts/basic/fixdep"
	: >"$kbuild/tools/objtool/objtool"
	kernel_makefile >"$common/Makefile"
	: >"$common/include/linux/list.h"
	: >"$flavour/.config"
	: >"$flavour/include/config/auto.conf"
	echo "override KERNELRELEASE = $1-amd64" >"$flavour/.kernelvariables"
	{ [ $# -lt 3 ] || echo "$3$flavour"
	  echo "include $common/Makefile"; } >"$flavour/Makefile"
	for dir in "$common" "$flavour"; do
		ln -s "../../lib/linux-kbuild-$1/scripts" "$dir/scripts"
		ln -s "../../lib/linux-kbuild-$1/tools" "$dir/tools"
	done
}

# tree_link FROM TO: a tree of hard links in its place
tree_link()
{
	rm -rf "$2"
	cp -al "$1" "$2"
}

# project_make DIR: a project like ours, whose helper has two files. Most tests do
# not need more.
project_make()
{
	mkdir -p "$1/tools/btfstage"
	cp -R "$ROOT/scripts" "$1"
	cp -R "$ROOT/tools/apply" "$1/tools"
	echo 'all:' >"$1/tools/btfstage/Makefile"
	echo 'int main(void) {}' >"$1/tools/btfstage/main.c"
}

# Names, modes and contents of everything in a tree
snapshot()
{
	(
		cd "$1" || exit
		find . -exec stat -c '%A %n' {} + | sort
		find . -type f -exec cksum {} + | sort
	)
}

# ... and when it was last written
snapshot_times()
{
	snapshot "$1"
	(cd "$1" && find . -type f -exec stat -c '%y %n' {} + | sort)
}

# same FILE COMMAND...: the command prints what the file holds
same()
{
	expected=$1
	shift
	"$@" | diff "$expected" -
}

# status NUMBER COMMAND...: the command exits with that
status()
{
	expected=$1
	shift
	rc=0
	"$@" || rc=$?
	[ $rc -eq "$expected" ] || {
		echo "exit status $rc instead of $expected"
		return 1
	}
}

# refused MESSAGE TREE COMMAND...: exit status 1, one line on stderr that matches,
# and nothing has changed in the tree
refused()
{
	message=$1
	tree=$2
	shift 2
	snapshot_times "$tree" > "$TMP/before"
	status 1 "$@" 2> "$TMP/message" || return
	cat "$TMP/message"
	[ "$(wc -l < "$TMP/message")" -eq 1 ] &&
	grep -Eq -e "$message" "$TMP/message" &&
	same "$TMP/before" snapshot_times "$tree"
}
