# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh disable=SC2154 # variables of tests/lib.sh
#
# What the tests of tools/apply share
#
# The few files that apply looks at are taken out of Debian's linux-source
# packages; a release whose package is not installed is skipped.

# shellcheck source=/dev/null
. "${0%/*}/../lib.sh"

# shellcheck disable=SC2034 # used in the tests
apply=$ROOT/tools/apply/apply.sh

# tree_get RELEASE DIR [FILE...]: these too; false when the package is not installed
tree_get()
{
	tar=/usr/src/linux-source-$1.tar.xz
	dir=linux-source-$1
	[ -f "$tar" ] || return 1
	case $1 in
	6.1)	package=scripts/package/builddeb ;;
	*)	package=scripts/package/install-extmod-build ;;
	esac
	to=$2
	shift 2
	for file; do
		shift
		set -- "$@" "$dir/$file"
	done
	mkdir -p "$to/tools"
	tar -C "$to" --strip-components=1 --occurrence=1 -xf "$tar" \
		"$@" "$dir/.gitignore" "$dir/Makefile" "$dir/Kbuild" \
		"$dir/scripts/Kbuild.include" \
		"$dir/scripts/Makefile.modfinal" "$dir/scripts/link-vmlinux.sh" \
		"$dir/$package" ||
		bail_out "$tar cannot be unpacked"
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
