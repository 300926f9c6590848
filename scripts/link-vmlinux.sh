#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# Link vmlinux, with its BTF
#
# Arguments: LD KBUILD_LDFLAGS LDFLAGS_vmlinux
#
# The lines between "btfstage: begin" and "btfstage: end" are copied into the script
# of this name in a kernel tree. The rest is the least that is needed to use it
# without one, for examples/mini: a vmlinux without kallsyms.
#
# vmlinux is linked twice. The first one is only read, for its debug
# information; the second one gets the types as an object more.

# shellcheck disable=SC2086 # commands and flags are lists of words
# shellcheck disable=SC2153,SC2154 # most variables come from make
# shellcheck disable=SC3043 # the shells that build kernels have "local"

set -e

LD="$1"
KBUILD_LDFLAGS="$2"
LDFLAGS_vmlinux="$3"

# Use "make V=1" to see the commands
case "${KBUILD_VERBOSE}" in
*1*)
	set -x
	;;
esac

is_enabled() {
	grep -q "^$1=y" include/config/auto.conf
}

# Nice output in kbuild format, suppressed by "make -s"
info()
{
	if [ "${quiet}" != silent_ ]; then
		printf '  %-7s %s\n' "${1}" "${2}"
	fi
}

# Link vmlinux
# ${1} - output file
# ${2} - object with the BTF, or nothing
vmlinux_link()
{
	info LD "${1}"

	${LD} ${KBUILD_LDFLAGS} ${LDFLAGS_vmlinux} -T "${KBUILD_LDS}"	\
		-o "${1}" ${KBUILD_VMLINUX_OBJS} ${2}
}

# btfstage: begin btf_object
# Encode the types of ${1} into ${2}, an object with nothing but .BTF. pahole
# writes them to a file of their own, so that ${1}, which can have hundreds of
# megabytes, is not rewritten only to have them copied out of it again. The
# assembler makes the object: it knows the class and byte order of the target.
# ${1} - vmlinux image
# ${2} - object file to make
btf_object()
{
	local raw="${2%.o}.raw"
	local flags="${PAHOLE_FLAGS}"

	# Before 1.29, threads write the types in another order each time, and
	# all modules would be done again although no type has changed.
	case "$(${PAHOLE} --version) ${flags}" in
	v1.1[0-9]*|v1.2[01]*)
		echo >&2 "BTF: ${1}: pahole is older than 1.22"
		return 1
		;;
	*+reproducible_build*)
		;;
	v1.2[2-8]*)
		flags=$(echo "${flags}" | sed -E 's/(^| )-j[0-9]*//g')
		;;
	esac

	rm -f "${raw}"
	${PAHOLE} -J ${flags} --btf_encode_detached="${raw}" "${1}" || return 1

	# the magic, in either byte order
	case "$(od -An -tx1 -N2 "${raw}" 2>/dev/null)" in
	*9f*eb*|*eb*9f*)
		;;
	*)
		echo >&2 "BTF: ${1}: pahole has not written any BTF"
		return 1
		;;
	esac

	printf '.section .BTF, "a"\n.incbin "%s"\n' "${raw}" |
	${CC} ${NOSTDINC_FLAGS} ${LINUXINCLUDE} ${KBUILD_CPPFLAGS}	\
	      ${KBUILD_AFLAGS} ${KBUILD_AFLAGS_KERNEL}			\
	      -c -x assembler-with-cpp -o "${2}" -
}

# btfstage: end btf_object

# Generate BTF from the debug information
# ${1} - vmlinux image
# ${2} - object file with the BTF
gen_btf()
{
	vmlinux_link "${1}" || return

	info BTF "${2}"
	btf_object "${1}" "${2}" || return
}

btf_vmlinux_bin_o=
if is_enabled CONFIG_DEBUG_INFO_BTF; then
	btf_vmlinux_bin_o=.btf.vmlinux.bin.o
	if ! gen_btf .tmp_vmlinux.btf ${btf_vmlinux_bin_o}; then
		echo >&2 "Failed to generate BTF for vmlinux"
		exit 1
	fi
fi

# btfstage: begin last_link
# Remove the saved command of the last build: if this build is killed from here on,
# the next one must not accept half a vmlinux.
rm -f .vmlinux.cmd
# btfstage: end last_link

vmlinux_link vmlinux "${btf_vmlinux_bin_o}"
