# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh disable=SC2154 # variables of tests/lib.sh
#
# Functions for tests of external modules with real headers: the modules of
# examples/external, and Debian's headers

# shellcheck source=/dev/null
. "${0%/*}/../lib.sh"

# Big files are kept here for another run.
cache=${EXTERNAL_BUILD:-$ROOT/build/external}
# shellcheck disable=SC2034 # used in the tests
apply=$ROOT/tools/apply/apply.sh

# debian_releases [SERIES...]: Debian's kernels for PCs whose headers are installed,
# the newest of each series
debian_releases()
{
	for series in 6.1.0- 6.12. "$@"; do
		for dir in /usr/src/linux-headers-"$series"*-amd64; do
			[ -e "$dir/Module.symvers" ] || continue
			release=${dir#/usr/src/linux-headers-}
			case $release in
			*-cloud-*|*-rt-*) ;;
			*)	echo "$release" ;;
			esac
		done | sort -V | tail -n 1
	done
}

# debian_image RELEASE: put boot/vmlinuz-RELEASE and boot/vmlinux-RELEASE into
# the cache, the second one with all that is in the first
debian_image()
{
	[ ! -s "$cache/boot/vmlinux-$1" ] || return 0
	mkdir -p "$cache/boot" &&
	(
		cd "$TMP" && apt-get -qq download "linux-image-$1" &&
		dpkg-deb --fsys-tarfile "linux-image-$1"_*.deb |
			tar -xf - -C "$cache" "./boot/vmlinuz-$1" &&
		rm "linux-image-$1"_*.deb &&
		source=linux-source-$(kernel_sources | tail -n 1) &&
		tar -xf "/usr/src/$source.tar.xz" \
			"$source/scripts/extract-vmlinux" &&
		sh "$source/scripts/extract-vmlinux" \
			"$cache/boot/vmlinuz-$1" >"$cache/boot/vmlinux.tmp" &&
		mv "$cache/boot/vmlinux.tmp" "$cache/boot/vmlinux-$1"
	) >"$LOG" 2>&1
}

# fresh DIR: the sources of both modules
fresh()
{
	rm -rf "$1"
	cp -R "$ROOT/examples/external" "$1" ||
		bail_out "the example can not be copied"
}

# build HEADERS DIR ARG...: both modules. What is compared are types split against
# the kernel's own, with nothing asked of btfstage besides.
build()
{
	build_headers=$1
	build_dir=$2
	shift 2
	for m in store client; do
		make -C "$build_dir/$m" KERNEL="$build_headers" \
			btfstage-flags= "$@" || return
	done >"$LOG" 2>&1
}

# same_types MODULE BASE-VMLINUX: the types that pahole gives it. The flags are
# those that kernels give pahole 1.24, less the threads.
same_types()
{
	cp "$1.ko.no-btf" "$TMP/ref.ko" &&
	pahole_in_place --btf_gen_floats --lang_exclude=rust --btf_base "$2" \
		"$TMP/ref.ko" &&
	section "$TMP/ref.ko" .BTF "$TMP/ref.btf" &&
	section "$1.ko" .BTF "$TMP/our.btf" &&
	objcopy --dump-section .BTF="$TMP/base.btf" "$2" "$TMP/unused" &&
	"$TMP/btf_compare" "$TMP/base.btf" "$TMP/our.btf" "$TMP/ref.btf"
}

# boots NAME BZIMAGE DIR: a kernel loads all modules of DIR and shows their BTF.
# boot.sh speaks TAP itself.
boots()
{
	BOOT_TIMEOUT=${BOOT_TIMEOUT:-300} \
		sh "$ROOT/tests/kernel/boot.sh" "$2" "$3" "$TMP/boot" \
		>"$TMP/boot.tap" 2>&1
	boots_status=$?
	results_of "$1" "$TMP/boot.tap"
	is "$1" "$boots_status" 0
}

# True if this system can run commands with private mounts.
can_mount()
{
	mkdir -p "$TMP/try/lower" "$TMP/try/upper" "$TMP/try/work" &&
	unshare -m mount -t overlay overlay -o "lowerdir=$TMP/try/lower,\
upperdir=$TMP/try/upper,workdir=$TMP/try/work" "$TMP/try/lower" 2>/dev/null
}

# privately DIR... -- COMMAND...: run it with private, temporary copies of these
# directories
privately()
{
	cat >"$TMP/privately" <<-'END'
	n=0
	while [ "$1" != -- ]; do
		n=$((n + 1))
		mkdir -p "$OVERLAYS/$n/upper" "$OVERLAYS/$n/work" &&
		mount -t overlay overlay -o \
		"lowerdir=$1,upperdir=$OVERLAYS/$n/upper,workdir=$OVERLAYS/$n/work" \
			"$1" || exit
		shift
	done
	shift
	"$@"
	END
	rm -rf "$TMP/overlays"
	OVERLAYS="$TMP/overlays" unshare -m sh "$TMP/privately" "$@"
}

btf_compare_build
