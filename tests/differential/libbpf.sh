# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh
#
# Build a program with the libbpf of a kernel tree, for tests that need a newer one than is
# installed.

# libbpf_get RELEASE: tools/lib/bpf of the package linux-source-RELEASE. Unpacking
# takes 12 s, so it is done once: build/libbpf has it, until another package is
# installed.
libbpf_get()
{
	libbpf_tar=/usr/src/linux-source-$1.tar.xz
	libbpf_dir=${LIBBPF_BUILD:-$ROOT/build/libbpf}
	libbpf_got=$libbpf_dir/$1-$(stat -c %s-%Y "$libbpf_tar") || return
	if [ ! -d "$libbpf_got" ]; then
		rm -rf "$libbpf_dir/$1"-*
		libbpf_new=$libbpf_dir/.$1-$$
		mkdir -p "$libbpf_new" &&
		tar -C "$libbpf_new" --strip-components=2 -xf "$libbpf_tar" \
			--wildcards '*/tools/lib/bpf/*' '*/tools/include/*' \
			'*/tools/arch/*' || return
		# Another test may have been faster.
		mv -T "$libbpf_new" "$libbpf_got" || rm -rf "$libbpf_new"
	fi
	echo "$libbpf_got/lib/bpf"
}

# libbpf_program LIBBPF_SRC SOURCE OUT: not by libbpf's own Makefile, which
# wants more of the tree. What the compiler says goes to $TMP/cc.log.
libbpf_program()
{
	libbpf_tools=$1/../..
	libbpf_flags="-w -D_GNU_SOURCE -D_FILE_OFFSET_BITS=64
		      -include sys/syscall.h"
	mkdir -p "$TMP/libbpf" || return
	(
		cd "$TMP/libbpf" || exit
		for libbpf_c in "$1"/*.c "$2"; do
			# shellcheck disable=SC2086 # a list of flags
			"${HOSTCC:-cc}" $libbpf_flags -I"$1" \
				-I"$libbpf_tools/include" \
				-I"$libbpf_tools/include/uapi" \
				-c "$libbpf_c" || exit
		done
		"${HOSTCC:-cc}" -o "$3" ./*.o -lelf -lz
	) >"$TMP/cc.log" 2>&1
}
