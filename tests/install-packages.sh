#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# Install the Debian packages that are missing
#
#	install-packages.sh build|test|browser|cross|lint|kernel|external|deb|lintian|bench...
#
# build is what it takes to build modules with btfstage, test what the tests
# need besides, browser those that look at a page, cross those of other targets,
# lint what looks at the sources, kernel what building and booting real kernels
# needs, external headers and what makes packages of headers and modules, deb what
# makes a package of btfstage, lintian what looks at that, bench what the
# benchmarks need. Does nothing, and needs no root, when all of them are
# there.

set -e

build='gcc libc6-dev make binutils pahole libelf-dev pkg-config'
test='libcmocka-dev libbpf-dev zlib1g-dev bpftool perl elfutils shellcheck mandoc
      clang libclang-rt-14-dev xz-utils patch git zsh gcc-s390x-linux-gnu
      linux-source-6.1 linux-source-6.12'
browser='chromium-headless-shell'
cross='gcc-s390x-linux-gnu gcc-powerpc-linux-gnu gcc-arm-linux-gnueabi
       gcc-aarch64-linux-gnu python3'
lint='clang clang-tidy valgrind'
kernel='bc bison flex cpio gzip kmod libssl-dev
        python3 rsync busybox-static qemu-system-x86'
external='linux-headers-amd64 linux-headers-6.12-amd64 dkms debhelper dpkg-dev
          fakeroot zstd'
deb='debhelper dpkg-dev git xz-utils'
lintian='lintian'
bench='libbpf-dev zlib1g-dev xz-utils gnuplot-nox
       linux-source-6.1 linux-source-6.12'

missing=
for group; do
	case "${group}" in
	build)	list=${build} ;;
	test)	list=${test} ;;
	browser) list=${browser} ;;
	cross)	list=${cross} ;;
	lint)	list=${lint} ;;
	kernel)	list=${kernel} ;;
	external) list=${external} ;;
	deb)	list=${deb} ;;
	lintian) list=${lintian} ;;
	bench)	list=${bench} ;;
	*)	echo "usage: $0 build|test|browser|cross|lint|kernel|\
external|deb|lintian|bench..." >&2
		exit 2 ;;
	esac
	for package in ${list}; do
		# "installed" is the state; removed packages have one too
		case "$(dpkg-query -W -f '${Status}' "${package}" 2>/dev/null)" in
		*' installed')	;;
		*)		missing="${missing} ${package}" ;;
		esac
	done
done

[ -n "${missing}" ] || exit 0

if ! command -v apt-get >/dev/null; then
	echo "$0: not a Debian system, please install:${missing}" >&2
	exit 1
fi
sudo=
if [ "$(id -u)" != 0 ]; then
	sudo=sudo
fi
echo "Installing${missing}"
export DEBIAN_FRONTEND=noninteractive
${sudo} apt-get -qq update
# shellcheck disable=SC2086 # a list of names
${sudo} apt-get -qq install --no-install-recommends ${missing} >/dev/null
