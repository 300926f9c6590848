#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# Run goals of make in minimal systems of Debian suites, in a clone of what is committed
#
#	suites.sh DIR			as root; all files are below DIR
#	SUITES="bookworm trixie sid"	which suites
#	SUITE_GOALS="demo check deb"	which goals, in this order
#	SUITE_KEEP=NAME			keep the system as DIR/SUITE-NAME
#	KERNEL_VERSIONS, KERNEL_TESTS	for the goal check-kernel
#	ROWS, KERNEL_VERSION		for the goal check-toolchains
#
# A minimal system is kept as DIR/SUITE.tar for a week, and its packages in DIR/SUITE.debs.
# It is unpacked each time; with SUITE_KEEP only after a month, so build/ in the clone is
# kept, too. Packages come from this machine's mirror. A suite that is not available is
# skipped. DIR/SUITE-GOAL.log has the output of a goal.

set -eu

usage()
{
	echo >&2 "usage: $0 DIR"
	exit 2
}

die()
{
	echo >&2 "suites: $*"
	exit 1
}

# mirror END: which one ends like that, main's or that of security updates
mirror()
{
	# shellcheck disable=SC2016 # for apt
	apt-get indextargets --format '$(SITE) $(COMPONENT) $(CREATED_BY)' |
	awk -v end="$1\$" '
		$2 == "main" && $3 == "Packages" && $1 ~ end { print $1; exit }'
}

# namespace COMMAND...: its mounts and processes end with it, or when this is
# interrupted. What a shell has in the background ignores SIGINT, and must not here.
namespace()
{
	env --default-signal=INT,QUIT \
		unshare --mount --pid --fork --kill-child "$@" </dev/null &
	namespace=$!
	wait $namespace && status=0 || status=$?
	namespace=
	return "$status"
}
namespace=
trap '[ -z "$namespace" ] || kill -s KILL $namespace 2>/dev/null; exit 1' HUP INT TERM

# minimal_system SUITE: $dir/SUITE.tar. What is wrong is on the last line of the log.
minimal_system()
{
	[ -z "$(find "$dir/$1.tar" -mtime -7 2>/dev/null)" ] || return 0
	rm -rf "${dir:?}/$1"
	mkdir -p "$dir/$1.debs/partial"
	namespace debootstrap --variant=minbase --include=make \
		--cache-dir="$dir/$1.debs" "$1" "$dir/$1" "$main" || return

	tar -C "$dir/$1" --one-file-system --numeric-owner -cf "$dir/$1.tar.tmp" . &&
	mv "$dir/$1.tar.tmp" "$dir/$1.tar" || return
	rm -rf "${dir:?}/$1"
}

# sources SUITE: where packages of it come from, as after an installation. What is in
# experimental is only installed when no other suite has it.
sources()
{
	echo "deb $main $1 main"
	if [ "$1" = sid ]; then
		echo "deb $main experimental main"
	else
		echo "deb $main $1-updates main"
		[ -z "$security" ] || echo "deb $security $1-security main"
	fi
}

# unpack SUITE: a new $system. The clock of this machine may be off, and what is gone
# with the system need not be flushed to the disk.
unpack()
{
	rm -rf "$system" "$system.new"
	mkdir "$system.new"
	tar -C "$system.new" --numeric-owner -xf "$dir/$1.tar"
	sources "$1" >"$system.new/etc/apt/sources.list"
	echo 'Acquire::Check-Valid-Until "false";' \
		>"$system.new/etc/apt/apt.conf.d/99clock"
	echo force-unsafe-io >"$system.new/etc/dpkg/dpkg.cfg.d/unsafe-io"
	# where users without rights can read it
	git clone -q "file://$root" "$system.new/srv/btfstage"
	mv "$system.new" "$system"
}

# kept: $system is one of this month
kept()
{
	[ -n "$SUITE_KEEP" ] &&
	[ -n "$(find "$system/srv" -maxdepth 0 -mtime -30 2>/dev/null)" ]
}

# make_goal SUITE GOAL: in $system
# shellcheck disable=SC2016 # for the inner shells
make_goal()
{
	namespace sh -c '
		set -e
		root=$1 debs=$2 goal=$3
		shift 3
		# Only in a mount can tests make mounts of their own.
		mount --bind "$root" "$root"
		mount --rbind /dev "$root/dev"
		mount -t proc proc "$root/proc"
		mount -t sysfs -o ro sysfs "$root/sys"
		mount -t tmpfs -o mode=1777 tmpfs "$root/tmp"
		mount --bind "$debs" "$root/var/cache/apt/archives"
		exec chroot "$root" env -i HOME=/root TERM=dumb PATH="$PATH" \
			DEBFULLNAME="Test Author" DEBEMAIL=author@test.example "$@" \
			sh -c "cd /srv/btfstage && make \"\$1\"" sh "$goal"
	' sh "$system" "$dir/$1.debs" "$2" "SUITE=$1" \
		${KERNEL_VERSIONS:+"KERNEL_VERSIONS=$KERNEL_VERSIONS"} \
		${KERNEL_TESTS:+"KERNEL_TESTS=$KERNEL_TESTS"} \
		${KERNEL_VERSION:+"KERNEL_VERSION=$KERNEL_VERSION"} \
		${ROWS:+"ROWS=$ROWS"}
}

# say NAME VERDICT TEXT: a line of the summary
say()
{
	printf '%-20s %-8s%s\n' "$1" "$2" "$3" | tee -a "$summary"
}

# goal SUITE GOAL: what it takes, and what its tests skip
goal()
{
	log=$dir/$1-$2.log
	start=$(date +%s)
	if make_goal "$1" "$2" >"$log" 2>&1; then
		verdict=passed
	else
		verdict=FAILED
		failed=yes
		{
			grep '^not ok ' "$log" || :
			tail -n 30 "$log"
		} | sed "s/^/$1: /"
	fi
	say "$1: make $2" $verdict "$(($(date +%s) - start)) s"
	# as tests/kernel/check.sh, tests/toolchains/check.sh, tests/dkms and
	# tests/skips.sh name them
	sed -n 's/^Kernel: /    /p; s/^Row: /    &/p; /^| /p' "$log" | tee -a "$summary"
	sed -n "/^Skipped:\$/,/^[^S ]/s/^  /$1: /p" "$log" >>"$SKIPS"
}

suite()
{
	start=$(date +%s)
	system=$dir/$1${SUITE_KEEP:+-$SUITE_KEEP}
	log=$system-system.log
	if kept; then
		git -C "$system/srv/btfstage" fetch -q origin HEAD
		git -C "$system/srv/btfstage" reset -q --hard FETCH_HEAD
		say "$1: system" kept ""
	elif minimal_system "$1" >"$log" 2>&1; then
		unpack "$1"
		say "$1: system" made "$(($(date +%s) - start)) s"
	else
		why=$(tail -n 1 "$log")
		say "$1" skipped "$why"
		echo "tests/suites: $1: $why" >>"$SKIPS"
		return
	fi
	mkdir -p "$dir/$1.debs/partial"
	cp -L /etc/resolv.conf "$system/etc"
	for goal in $SUITE_GOALS; do
		goal "$1" "$goal"
	done
	[ -n "$SUITE_KEEP" ] || rm -rf "$system"
}

[ $# -eq 1 ] || usage
[ "$(id -u)" = 0 ] || die "only root can make systems"
SUITES=${SUITES:-bookworm trixie sid}
SUITE_GOALS=${SUITE_GOALS:-demo check deb}
: "${SUITE_KEEP=}" "${SKIPS:=/dev/null}"
root=$(cd "${0%/*}/../.." && pwd -P)
mkdir -p "$1"
dir=$(cd "$1" && pwd -P)
for program in apt-get debootstrap git unshare; do
	command -v $program >/dev/null || die "$program is not there"
done
main=$(mirror /debian)
security=$(mirror /debian-security)
[ -n "$main" ] || die "apt has no mirror of Debian"
[ -z "$(git -C "$root" status --porcelain)" ] ||
	echo >&2 "suites: what is not committed is not tested"

summary=$dir/summary
: >"$summary"
failed=
for suite in $SUITES; do
	suite "$suite"
done
echo
cat "$summary"
[ -z "$failed" ]
