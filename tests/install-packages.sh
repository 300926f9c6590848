#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# Install the Debian packages that are missing
#
#	install-packages.sh GROUP...
#
# If all are installed, it does nothing and needs no root. One with a question mark is
# optional: tests that need it skip if the suite does not have it.

set -ef

# packages GROUP
packages()
{
	case $1 in
	build)		# modules with btfstage
		echo gcc libc6-dev make binutils pahole libelf-dev pkg-config \
			zlib1g-dev liblzma-dev libzstd-dev liblz4-dev libbpf-dev ;;
	unit)		# tests in C
		echo libcmocka-dev elfutils perl ;;
	test)		# all that take minutes
		packages unit
		echo bpftool shellcheck mandoc clang libclang-rt-dev \
			xz-utils zstd lz4 patch git zsh rsync strace ccache gcc-s390x-linux-gnu
		packages source ;;
	source)		# kernels
		echo linux-source linux-source-6.1? linux-source-6.12? ;;
	linux-source-*)	# one of them
		echo "$1?" ;;
	browser)	# for the page of a report
		echo chromium-headless-shell ;;
	cross)		# other targets
		echo gcc-s390x-linux-gnu gcc-powerpc-linux-gnu \
			gcc-arm-linux-gnueabi gcc-aarch64-linux-gnu python3 ;;
	llvm)		# kernels with LLVM=1, and Rust in them
		echo clang lld llvm rustc rust-src bindgen? ;;
	remote)		# an executor of the Remote Execution API
		echo buildbox? ;;
	lint)		# what looks at the sources
		echo clang clang-tidy valgrind ;;
	kernel)		# building and booting real kernels
		echo bc bison flex cpio gzip kmod libssl-dev python3 rsync \
			busybox-static qemu-system-x86 ;;
	external)	# headers, and what makes packages of headers and modules
		echo linux-headers-amd64 linux-headers-6.12-amd64? \
			debhelper dpkg-dev fakeroot zstd ;;
	deb)		# a package of btfstage
		echo build-essential debhelper git libelf-dev pkg-config xz-utils \
			zlib1g-dev liblzma-dev libzstd-dev liblz4-dev libbpf-dev ;;
	lintian)	# looking at that
		echo lintian ;;
	dkms)		# looking at modules, and booting with them
		echo binutils busybox-static cpio gzip kmod perl \
			qemu-system-x86 xz-utils zstd ;;
	bench)		# measuring
		echo libbpf-dev zlib1g-dev xz-utils gnuplot-nox
		packages source ;;
	suites)		# systems of other suites
		echo debootstrap git ;;
	*)
		echo "usage: $0 GROUP..." >&2
		exit 2 ;;
	esac
}

# Removed packages have a state, too, but not "installed".
installed()
{
	case $(dpkg-query -W -f '${Status}' "$1" 2>/dev/null) in
	*' installed')	;;
	*)		return 1 ;;
	esac
}

# apt ARG...: wait up to ten minutes for a lock
apt()
{
	for try in $(seq 60); do
		${sudo} apt-get -qq "$@" >"${log}" 2>&1 && return
		grep -q 'lock' "${log}" || break
		[ "${try}" != 1 ] || echo 'Waiting for another apt'
		sleep 10
	done
	cat "${log}" >&2
	exit 1
}

[ $# -gt 0 ] || packages
missing=
optional=
for group; do
	list=$(packages "${group}")
	for package in ${list}; do
		installed "${package%\?}" || case ${package} in
		*\?)	optional="${optional} ${package%\?}" ;;
		*)	missing="${missing} ${package}" ;;
		esac
	done
done
[ -n "${missing}${optional}" ] || exit 0

if ! command -v apt-get >/dev/null; then
	[ -n "${missing}" ] || exit 0
	echo "$0: not a Debian system, please install:${missing}" >&2
	exit 1
fi
sudo=
if [ "$(id -u)" != 0 ]; then
	sudo=sudo
fi
export DEBIAN_FRONTEND=noninteractive
log=$(mktemp)
trap 'rm -f "${log}"' EXIT
trap 'exit 1' HUP INT TERM

# Missing packages that the lists of packages have
wanted()
{
	# shellcheck disable=SC2086 # a list of names
	printf '%s\n' ${missing}
	for package in ${optional}; do
		[ -z "$(apt-cache madison "${package}" 2>/dev/null)" ] ||
			echo "${package}"
	done
}

[ -n "$(wanted)" ] || exit 0
apt update
list=$(wanted)
# shellcheck disable=SC2086 # words
{
	echo Installing ${list}
	apt install --no-install-recommends ${list}
}
