#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# The mini kernel with LLVM's tools: DWARF 4 and 5, debug sections that are compressed,
# bitcode of which the linker makes the code (LTO). Modules have the types of pahole.

# shellcheck disable=SC2086,SC2119 # lists of words; no arguments
# shellcheck source=tests/lib.sh
. "${0%/*}/../lib.sh"

for tool in clang ld.lld llvm-objcopy llvm-readelf; do
	have $tool || skip_all "no $tool"
done
btf_compare_build
OBJCOPY='llvm-objcopy'
llvm="CC=clang LD=ld.lld OBJCOPY=llvm-objcopy READELF=llvm-readelf"
mini_copy
btfstage_get

# what the linker takes
takes()
{
	echo 'int a;' | clang -g -c -o "$TMP/a.o" -x c - &&
	ld.lld -r "$@" -o "$TMP/b.o" "$TMP/a.o"
} 2>/dev/null

# build NAME ARG...: all of it, from other objects
build()
{
	name=$1
	shift
	ok "$name: builds" mini -j2 $llvm "$@"
	all=$(mini_modules)
	is "$name: the right steps" "$(steps)" "$(steps_of "$all" LD PAHOLE BTF)"
	mini_compare "$name"
	ok "$name: what the kernel would say" "$BTFINSPECT" check --require-btf \
		--base "$OUT/vmlinux" "$OUT"
	mini $llvm "$@"
	is "$name: then nothing more" "$(lines)" ""
}

# compressed TYPE: ch_type of .debug_info, by readelf of binutils
compressed()
{
	is "$1: .debug_info is compressed" "$(readelf -tW "$OUT/fs/ramfs.no-btf.ko" |
		grep -A3 ' \.debug_info$' | grep -oE 'ZLIB|ZSTD')" "$2"
}

build dwarf-4 KCFLAGS=-gdwarf-4
build dwarf-5 KCFLAGS=-gdwarf-5
for type in zlib zstd; do
	flag=--compress-debug-sections=$type
	if ! takes $flag; then
		skip "$type" "$(ld.lld --version | cut -d' ' -f1-3) does not take $flag -r"
		continue
	fi
	build $type KCFLAGS="-gdwarf-5 -gz=$type" LDFLAGS_MODULE=$flag
	compressed $type "$(echo $type | tr '[:lower:]' '[:upper:]')"
done
build thinlto KCFLAGS="-gdwarf-5 -flto=thin"
like "thinlto: the objects are bitcode" "$(od -An -tx1 -N4 "$OUT/fs/ramfs.o")" \
	'^ (42 43 c0 de|de c0 17 0b)$'

done_testing
