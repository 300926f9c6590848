#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# Other targets than this machine: 32 bit, and the other byte order if there is a
# compiler.

# shellcheck source=tests/lib.sh
. "${0%/*}/../lib.sh"

need bpftool pahole
btf_compare_build

# arch NAME CLASS-AND-DATA ARG...: $OBJCOPY and od's $endian are the target's
arch()
{
	arch=$1
	ident=$2
	shift 2
	rm -rf "$OUT"
	btfstage_get
	ok "$arch: builds" mini -j2 "$@"
	all=$(mini_modules)
	is "$arch: all steps" "$(steps)" "$(steps_of "$all" LD PAHOLE BTF)"
	for m in $all; do
		is "$arch: $m: class and byte order" \
			"$(od -An -tx1 -j 4 -N 2 "$OUT/$m.ko")" " $ident"
		is "$arch: $m: readelf finds no fault" \
			"$(elf_faults "$OUT/$m.ko")" ""
	done
	mini_compare "$arch"
	section_hex "$OUT/drivers/probe.ko" .BTF_ids >/dev/null
	is "$arch: the set8 of probe is counted and sorted" \
		"$(od --endian=$endian -An -v -td4 -w4 "$TMP/section" |
		   tr -d ' ' | tr '\n' ' ')" "$(mini_probe_set8)"
	mini "$@"
	is "$arch: then nothing more" "$(lines)" ""
}

mini_copy
OBJCOPY=objcopy
endian=little
echo 'int f(void) { return 0; }' >"$TMP/a.c"
if gcc -m32 -c -o "$TMP/a.o" "$TMP/a.c" 2>/dev/null; then
	arch i386 "01 01" ARCH=i386
else
	skip i386 "no 32 bit compiler"
fi
if have s390x-linux-gnu-gcc; then
	OBJCOPY=s390x-linux-gnu-objcopy
	endian=big
	arch s390x "02 02" CROSS_COMPILE=s390x-linux-gnu-
else
	skip s390x "no s390x-linux-gnu-gcc"
fi

done_testing
