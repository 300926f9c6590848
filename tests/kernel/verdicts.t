#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# Compare "btfinspect check" with the kernel on damaged modules: each case breaks one rule in
# the BTF of a real module (verdicts.cases, damage.c). All modules are loaded under qemu.
# Whether the kernel refuses a module, the error, and the log must be as check predicts.
#
# It needs the tree that kernel.t has built in KERNEL_BUILD.

# shellcheck disable=SC2317 # functions are called by "ok"
# shellcheck source=tests/lib.sh
. "${0%/*}/../lib.sh"

version=${KERNEL_VERSION:-6.1}
dir=${KERNEL_BUILD:-$ROOT/build/kernel}/$version
tree=$dir/linux
bzimage=$tree/arch/x86/boot/bzImage
here=$ROOT/tests/kernel

[ -f "$bzimage" ] || bail_out "$bzimage is not there, kernel.t builds it"
# rows.t leaves a vmlinux of its own.
if [ -n "$(find "$tree/vmlinux" -newer "$bzimage")" ]; then
	make -C "$tree" -j"$(nproc)" bzImage modules >"$TMP/build" 2>&1 ||
		bail_out "the kernel does not build"
fi
make -s -C "$ROOT/tools" || bail_out "the tools do not compile"
gcc -O2 -Wall -Wextra -o "$TMP/damage" "$here/damage.c" ||
	bail_out "damage does not compile"
busybox=$(command -v busybox) || bail_out "there is no busybox"

# section_get FILE NAME OUT, section_put FILE NAME IN
section_get()
{
	objcopy --dump-section "$2=$3" "$1" "$TMP/unused"
}

section_put()
{
	objcopy --update-section "$2=$3" "$1"
}

# put_word FILE OFFSET NUMBER
put_word()
{
	w=$(($3))
	# shellcheck disable=SC2059 # the format is what is to be written
	printf "$(printf '\\%03o\\%03o\\%03o\\%03o' $((w & 255)) \
		$((w >> 8 & 255)) $((w >> 16 & 255)) $((w >> 24 & 255)))" |
	dd of="$1" bs=1 seek=$(($2)) conv=notrunc 2>/dev/null
}

get_word()
{
	od -An -tu4 -j$(($2)) -N4 "$1" | tr -d ' '
}

# ids MODULE "OFFSET NUMBER" | "OFFSET =KIND.NAME" | "swap OFFSET OFFSET" | ""
ids()
{
	section_get "$1" .BTF_ids "$TMP/ids"
	# shellcheck disable=SC2086 # a list of words
	set -- "$1" $2
	case ${2-}${3-} in
	'')	;;
	swap*)	a=$(get_word "$TMP/ids" "$3")
		b=$(get_word "$TMP/ids" "$4")
		put_word "$TMP/ids" "$3" "$b"
		put_word "$TMP/ids" "$4" "$a" ;;
	*=*)	put_word "$TMP/ids" "$2" \
			"$("$TMP/damage" "$TMP/base.btf" "${3#=}")" ;;
	*)	put_word "$TMP/ids" "$2" "$3" ;;
	esac
	section_put "$1" .BTF_ids "$TMP/ids"
}

long_name()
{
	printf "type 'a%0*d %s" $(($1 - 1)) 0 "$2"
}

# CONSTs in a row that end at an int: each but the last leads to the next
chain()
{
	i=1
	while [ "$i" -lt "$1" ]; do
		printf 'type 0 CONST.0 @%d; ' "$i"
		i=$((i + 1))
	done
	printf 'type 0 CONST.0 =INT.int'
}

# make_case FILE WHAT: the module, damaged
make_case()
{
	case $2 in
	ids*)
		cp "$TMP/tcp_bbr.ko" "$1"
		ids "$1" "${2#ids}"
		return ;;
	remove)
		objcopy -R .BTF "$TMP/test_module.ko" "$1"
		return ;;
	truncate*)
		cp "$TMP/test_module.ko" "$1"
		head -c "${2#* }" "$TMP/module.btf" >"$TMP/out.btf"
		section_put "$1" .BTF "$TMP/out.btf"
		return ;;
	'long '*)
		what=${2#* }
		what=$(long_name "${what%% *}" "${what#* }") ;;
	'chain '*)
		what=$(chain "${2#* }") ;;
	*)
		what=$2 ;;
	esac
	cp "$TMP/test_module.ko" "$1"
	rm -f "$TMP/distilled.btf"
	"$TMP/damage" "$TMP/base.btf" "$TMP/module.btf" "$TMP/out.btf" \
		"$TMP/distilled.btf" "$what" &&
	section_put "$1" .BTF "$TMP/out.btf" || return 1
	[ ! -f "$TMP/distilled.btf" ] ||
		objcopy --add-section .BTF.base="$TMP/distilled.btf" "$1"
}

# Numbers, because case names do not make file names.
make_cases()
{
	nr=0
	: >"$TMP/names"
	while IFS='|' read -r name what; do
		case $name in
		'#'*)	continue ;;
		esac
		nr=$((nr + 1))
		name=$(echo "$name" | sed 's/[[:space:]]*$//')
		echo "$nr $name" >>"$TMP/names"
		make_case "$TMP/root/cases/$nr" "${what# }" ||
			bail_out "case '$name' cannot be made"
		module=test_module
		case $what in
		' ids'*) module=tcp_bbr ;;
		esac
		echo "$nr $module" >>"$TMP/root/list"
	done <"$here/verdicts.cases"
}

# The guest: each module in its turn, with a line in the log before it. What it
# finds goes to the second serial port, with the log at last.
guest_make()
{
	mkdir -p "$TMP/root/bin" "$TMP/root/cases" "$TMP/root/proc" \
		"$TMP/root/sys" "$TMP/root/dev"
	cp "$busybox" "$TMP/root/bin/busybox"
	for applet in dmesg insmod mount reboot rmmod sh sha256sum; do
		ln -s busybox "$TMP/root/bin/$applet"
	done
	cat >"$TMP/root/init" <<-'END'
	#!/bin/sh
	PATH=/bin
	mount -t proc none /proc
	mount -t sysfs none /sys
	mount -t devtmpfs none /dev
	report() {
		sha256sum </sys/kernel/btf/vmlinux
		while read -r nr name; do
			echo "<4>verdict-case $nr" >/dev/kmsg
			status=0
			insmod "/cases/$nr" 2>/dev/null || status=$?
			btf=-
			[ ! -e "/sys/kernel/btf/$name" ] || btf=btf
			echo "case $nr $status $btf"
			rmmod "$name" 2>/dev/null
		done </list
		echo "<4>verdict-case end" >/dev/kmsg
		echo end
		dmesg
	}
	report >/dev/ttyS1 2>&1
	reboot -f
	END
	chmod 755 "$TMP/root/init"
}

guest_run()
{
	(cd "$TMP/root" && find . | cpio -o -H newc -R 0:0 --quiet) |
		gzip -1 >"$TMP/initramfs.gz"
	timeout --foreground -k 10 "${BOOT_TIMEOUT:-300}" \
		"${QEMU:-qemu-system-x86_64}" \
		-accel tcg -cpu max -m 512M -no-reboot -nodefaults \
		-display none -monitor none -nic none \
		-serial "file:$TMP/console" -serial "file:$TMP/report.raw" \
		-kernel "$bzimage" -initrd "$TMP/initramfs.gz" \
		-append "console=ttyS0 loglevel=4 log_buf_len=4M panic=-1 rdinit=/init" \
		</dev/null >"$TMP/qemu" 2>&1
	tr -d '\r' <"$TMP/report.raw" >"$TMP/report"
	grep -qx end "$TMP/report"
}

# What was logged about case $1, up to the end of the first try: busybox's insmod
# has two ways to load a module, and tries both.
case_log()
{
	sed -n "/verdict-case $1\$/,/verdict-case /p" "$TMP/report" |
	sed -E '/failed to validate module|already present in vmlinux/q'
}

# As one word, less that it was refused: the kernel breaks its lines in many
# places. A very long one counts up to 300 characters.
logged()
{
	case_log "$1" |
	sed -En -e 's/^\[[ 0-9.]*\] //' -e 's/^BPF:[[:space:]]*//p' \
		-e '/^(distilled base BTF|type \[|string |kfunc )/p' |
	tr '[:cntrl:]' '[?*]' | tr '?' ' ' | squeeze
}

refused()
{
	case_log "$1" | sed -En 's/.*(failed to validate module .*)/\1/p'
}

squeeze()
{
	tr -d ' \n' | cut -c1-300
}

kernel_verdict()
{
	echo "refused: $(refused "$1")"
	echo "log: $(logged "$1")"
}

# The same by check, from the first error's part that is the kernel's
check_verdict()
{
	sed -n 's/^[^:]*: error: .* \[kernel: \(.*\)\]$/\1/p' "$1" | head -n 1 \
		>"$TMP/first"
	echo "refused: $(sed -En 's/.*(failed to validate module .*)/\1/p' "$TMP/first")"
	echo "log: $(sed -E -e 's/;? ?failed to validate module .*//' \
		-e 's/;? ?error [0-9]+$//' "$TMP/first" | tr '?' ' ' | squeeze)"
}

section_get "$tree/vmlinux" .BTF "$TMP/base.btf" ||
	bail_out "vmlinux has no BTF"
"$BTFSTAGE" base -o "$TMP/base" "$TMP/base.btf" || bail_out "no base"
for m in lib/test_module net/ipv4/tcp_bbr; do
	objcopy --strip-debug "$tree/$m.ko" "$TMP/${m##*/}.ko" ||
		bail_out "no $m.ko in $tree"
done
section_get "$TMP/test_module.ko" .BTF "$TMP/module.btf" ||
	bail_out "$tree/lib/test_module.ko has no BTF"
guest_make
make_cases
ok "$version: the guest runs to its end" guest_run
is "the guest's types are those of vmlinux" \
	"$(sed 's/ .*//;q' "$TMP/report")" \
	"$(sha256sum <"$TMP/base.btf" | sed 's/ .*//')"

nr_refused=0
nr_taken=0
while read -r nr name; do
	line=$(grep "^case $nr " "$TMP/report")
	case $line in
	"case $nr 0 "*)	nr_taken=$((nr_taken + 1)) ;;
	*)		nr_refused=$((nr_refused + 1)) ;;
	esac

	(cd "$TMP/root/cases" &&
	 "$BTFINSPECT" check --base "$TMP/base" "$nr") >"$TMP/check.$nr" 2>&1
	status=$?
	case "$line/$status" in
	"case $nr 0 btf/0"|"case $nr 0 -/0"|"case $nr "[1-9]*" -/1")
		agree=yes ;;
	*)
		agree="kernel (insmod's status, BTF): $line; check's status: $status" ;;
	esac
	is "$name: same verdict" "$agree" yes
	# Without BTF in sysfs after a load there was none in the module.
	case $line in
	"case $nr 0 -")
		like "$name: without BTF" "$(cat "$TMP/check.$nr")" 'has no BTF' ;;
	esac
	is "$name: same reason" "$(check_verdict "$TMP/check.$nr")" \
		"$(kernel_verdict "$nr")"
done <"$TMP/names"

# A test in which all are refused, or all are taken, would show nothing.
ok "the kernel refuses many ($nr_refused)" test "$nr_refused" -ge 100
ok "the kernel takes many ($nr_taken)" test "$nr_taken" -ge 30

done_testing
