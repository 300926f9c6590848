#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# The mini kernel for other targets, of both classes and byte orders: the modules have the
# types of pahole and the ids of resolve_btfids.
#
# resolve_btfids is built from Debian's linux-source packages, and kept in CROSS_BUILD.

# shellcheck disable=SC2317 # functions are called by "ok"
# shellcheck source=tests/lib.sh
. "${0%/*}/../lib.sh"

need bpftool pahole readelf
btf_compare_build

releases='6.1 6.12'
stock=${CROSS_BUILD:-$TMP/stock}
mkdir -p "$stock" || bail_out "$stock can not be made"

# build_resolve_btfids RELEASE: as $stock/resolve_btfids-RELEASE
build_resolve_btfids()
{
	tarball=/usr/src/linux-source-$1.tar.xz
	top=linux-source-$1
	program=$stock/resolve_btfids-$1
	[ -z "$(find "$program" -newer "$tarball" 2>/dev/null)" ] || return 0
	rm -rf "$TMP/linux"
	mkdir "$TMP/linux" &&
	tar -C "$TMP/linux" --strip-components=1 -xf "$tarball" \
		"$top/tools/arch" "$top/tools/bpf/resolve_btfids" \
		"$top/tools/build" "$top/tools/include" "$top/tools/lib" \
		"$top/tools/scripts" "$top/scripts/bpf_doc.py" &&
	(
		# those of btfstage
		unset HOSTCFLAGS HOSTLDFLAGS
		make -j2 -C "$TMP/linux/tools/bpf/resolve_btfids"
	) &&
	mv "$TMP/linux/tools/bpf/resolve_btfids/resolve_btfids" "$program.tmp" &&
	touch "$program.tmp" &&
	mv "$program.tmp" "$program"
}

# All modules in the words of the ELF header: e_ident[EI_CLASS], [EI_DATA]
# and e_machine
ident()
{
	od -An -tx1 -j 4 -N 2 "$1"
	od -An -tx2 --endian=$endian -j 18 -N 2 "$1"
}

# The places of a section in its file: offset and size, in hex
section_place()
{
	readelf -SW "$1" | sed -n 's/^ *\[ *[0-9]*] //p' |
	awk -v s="$2" '$1 == s { print $4, $5 }'
}

# Which bytes of the linked module, up to the end of its last section, are others
# in the final one. The ELF header may change, as the table of sections is behind
# that and moves, and so may .BTF_ids. Relocations, symbols and code may not.
changed_bytes()
{
	end=$(readelf -SW "$OUT/$1.no-btf.ko" | sed -n 's/^ *\[ *[0-9]*] //p' |
	      awk '$2 != "NOBITS" { print $4, $5 }' |
	      while read -r offset size; do
			echo $((0x$offset + 0x$size))
	      done | sort -n | tail -n 1)
	ehsize=$(readelf -hW "$OUT/$1.no-btf.ko" |
		 sed -n 's/.*Size of this header: *\([0-9]*\).*/\1/p')
	ids=$(section_place "$OUT/$1.no-btf.ko" .BTF_ids)
	ids_start=0
	ids_size=0
	if [ -n "$ids" ]; then
		ids_start=$((0x${ids% *}))
		ids_size=$((0x${ids#* }))
	fi
	# cmp counts from one
	cmp -l -n "$end" "$OUT/$1.no-btf.ko" "$OUT/$1.ko" |
	awk -v ehsize="$ehsize" -v start=$ids_start -v size=$ids_size '
		$1 <= ehsize ||
		($1 > start && $1 <= start + size) { next }
		{ print }'
}

sections()
{
	readelf -SW "$1" | sed -n 's/^ *\[ *[0-9]*] //p' |
	grep -v -e '^\.BTF ' -e '^\.shstrtab '
}

# same_types OURS PAHOLES
same_types()
{
	"$TMP/btf_compare" "$OUT/vmlinux" "$1" "$2"
}

# same_ids MODULE RELEASE: .BTF_ids as that release's resolve_btfids writes it,
# given the .BTF that we made, so that the numbers are the same
same_ids()
{
	section_hex "$OUT/$1.ko" .BTF >/dev/null &&
	"$OBJCOPY" --add-section .BTF="$TMP/section" "$OUT/$1.no-btf.ko" \
		"$TMP/ids.ko" &&
	"$stock/resolve_btfids-$2" -b "$OUT/vmlinux" "$TMP/ids.ko" &&
	section_hex "$TMP/ids.ko" .BTF_ids >"$TMP/stock.ids" &&
	section_hex "$OUT/$1.ko" .BTF_ids >"$TMP/our.ids" &&
	test -s "$TMP/our.ids" &&
	diff "$TMP/our.ids" "$TMP/stock.ids"
}

# spoils_flags RELEASE: what docs/kbuild.md says of a set8 that resolve_btfids is
# given again, after same_ids
spoils_flags()
{
	"$stock/resolve_btfids-$1" -b "$OUT/vmlinux" "$TMP/ids.ko" &&
	section_hex "$TMP/ids.ko" .BTF_ids >"$TMP/again.ids" &&
	! cmp "$TMP/stock.ids" "$TMP/again.ids"
}

# .BTF_ids of a module, as decimal words
words()
{
	section_hex "$1" .BTF_ids >/dev/null &&
	od --endian=$endian -An -v -td4 -w4 "$TMP/section" |
		tr -d ' ' | tr '\n' ' '
}

# what fs/idset.c asks for: four lists of two, and a set
idset_words()
{
	for t in "STRUCT task" "STRUCT idset_entry" "UNION sigval" \
		 "UNION idset_value" "TYPEDEF pid_t" "TYPEDEF idset_value_t" \
		 "FUNC task_put" "FUNC idset_find"; do
		mini_type_id fs/idset "${t% *}" "${t#* }"
	done | tr '\n' ' '
	printf '4 '
	for f in idset_find schedule idset_add alloc_page; do
		mini_type_id fs/idset FUNC $f
	done | sort -n | tr '\n' ' '
}

# module MODULE: what is asked of each
module()
{
	is "$target: $1: class, byte order, machine" \
		"$(ident "$OUT/$1.ko")" "$(ident "$OUT/kernel/main.o")"
	is "$target: $1: nothing else has changed" "$(changed_bytes "$1")" ""
	is "$target: $1: no other section has moved" \
		"$(sections "$OUT/$1.ko")" "$(sections "$OUT/$1.no-btf.ko")"
	is "$target: $1: readelf finds no fault" \
		"$(elf_faults "$OUT/$1.ko")" ""
	is "$target: $1: byte order of .BTF" \
		"$(section_hex "$OUT/$1.ko" .BTF | cut -c 1-4)" "$magic"
	ok "$target: $1: bpftool reads it" mini_types "$1"

	cp "$OUT/$1.no-btf.ko" "$TMP/pahole.ko"
	ok "$target: $1: pahole encodes it" pahole_in_place \
		--btf_gen_floats --btf_base "$OUT/vmlinux" "$TMP/pahole.ko"
	ok "$target: $1: the same types" \
		same_types "$OUT/$1.ko" "$TMP/pahole.ko"
	if [ -n "$(section_place "$OUT/$1.ko" .BTF_ids)" ]; then
		with_ids=$((with_ids + 1))
		for release in $releases; do
			ok "$target: $1: .BTF_ids as from $release" \
				same_ids "$1" "$release"
			[ "$1" != drivers/probe ] ||
				ok "$target: $1: stock: spoilt by $release run again" \
					spoils_flags "$release"
		done
	fi
}

# cross TARGET COMPILER-PREFIX IDENT ARG...: build and look at all modules.
# IDENT is what ident() says, in one line.
cross()
{
	target=$1
	prefix=$2
	want=$3
	shift 3
	if ! have "${prefix}gcc"; then
		skip "$target" "no ${prefix}gcc"
		return
	fi
	OBJCOPY=${prefix}objcopy
	endian=little
	magic=9feb
	case $want in
	' '??' 02 '*)
		endian=big
		magic=eb9f
		;;
	esac

	rm -rf "$OUT"
	ok "$target: builds" mini -j2 CROSS_COMPILE="$prefix" "$@"
	all=$(mini_modules)
	is "$target: all steps" "$(steps)" "$(steps_of "$all" LD PAHOLE BTF)"
	is "$target: it is one" "$(ident "$OUT/vmlinux" | tr -d '\n')" "$want"
	with_ids=0
	for m in $all; do
		module "$m"
	done
	is "$target: modules with .BTF_ids" $with_ids 2
	is "$target: the numbers of idset" \
		"$(words "$OUT/fs/idset.ko")" "$(idset_words)"
	is "$target: the set8 of probe is counted and sorted" \
		"$(words "$OUT/drivers/probe.ko")" "$(mini_probe_set8)"
	mini CROSS_COMPILE="$prefix" "$@"
	is "$target: then nothing more" "$(lines)" ""
}

found=
for release in $releases; do
	if [ -f "/usr/src/linux-source-$release.tar.xz" ]; then
		ok "resolve_btfids of $release" build_resolve_btfids "$release"
		found="$found $release"
	else
		skip "resolve_btfids of $release" \
			"linux-source-$release is not installed"
	fi
done
releases=$found

# class, byte order and machine: EM_S390, EM_PPC, EM_ARM, EM_AARCH64, EM_386
mini_copy
cross s390x s390x-linux-gnu- ' 02 02 0016'
cross powerpc powerpc-linux-gnu- ' 01 02 0014'
cross arm arm-linux-gnueabi- ' 01 01 0028' ARCH=arm
cross arm64 aarch64-linux-gnu- ' 02 01 00b7' ARCH=arm64
cross i386 '' ' 01 01 0003' ARCH=i386

done_testing
