#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# Boot a kernel under qemu, load all its modules, and check that the kernel accepted the BTF
# in each file.
#
# The kernel validates a module's BTF when it loads the module, against its own base, and
# then shows it in /sys/kernel/btf/NAME. If it rejects the BTF, loading can fail or not,
# depending on the release and CONFIG_MODULE_ALLOW_BTF_MISMATCH. A module without BTF loads.
# So check three things: insmod's status, the bytes in sysfs, and the kernel log.
#
# The guest has two serial ports: the console, and a second one for the report, because
# kernel messages can appear in the middle of lines on the console:
#
#	module NAME STATUS SIZE SHA256	one per module; STATUS is insmod's,
#					and SIZE and SHA256 are of the file in
#					sysfs, or "-" if there is none
#	run: ...			output of BOOT_RUN's program
#	end				after the last module
#
# Any other line is from a command that failed.

set -eu

LC_ALL=C
export LC_ALL
# modinfo is not in an ordinary user's path everywhere.
PATH=$PATH:/usr/sbin:/sbin

me=${0##*/}

usage() {
	cat <<-END
	Usage: $me BZIMAGE MODDIR OUTDIR

	Boot the x86_64 kernel BZIMAGE under qemu, insert every *.ko found
	under MODDIR (without *.no-btf.ko), and compare /sys/kernel/btf/NAME
	with the .BTF section of each. The result is printed as TAP. Logs and
	the initramfs are left in OUTDIR, which is created if need be.

	Environment:
	  QEMU          qemu-system-x86_64
	  BUSYBOX       a statically linked busybox
	  OBJCOPY       objcopy
	  BOOT_TIMEOUT  seconds after which the guest is killed (120)
	  BOOT_RUN      a directory that is in the guest, too; "sh run before"
	                runs there before the modules are inserted, and
	                "sh run after" then

	Exit status: 0 all ok, 1 something is not, 2 wrong usage or no way
	to run the test.
	END
}

die() {
	echo "$me: $*" >&2
	exit 2
}

# foo-bar.ko calls itself foo_bar, in sysfs and in other modules' depends.
module_name() {
	basename "$1" .ko | tr - _
}

# Write "NAME PATH" for each module under $1, dependencies first.
modules_list() {
	find "$1" -name '*.ko' ! -name '*.no-btf.ko' | sort >"$out/files"
	: >"$out/index"
	: >"$out/depends"
	while read -r ko; do
		name=$(module_name "$ko")
		echo "$name $ko" >>"$out/index"
		# An item paired with itself exists, and depends on nothing.
		echo "$name $name" >>"$out/depends"
		modinfo -F depends "$ko" >"$out/modinfo" ||
			die "$ko: cannot read its dependencies"
		for dep in $(tr ,- ' _' <"$out/modinfo"); do
			echo "$dep $name" >>"$out/depends"
		done
	done <"$out/files"

	twice=$(cut -d' ' -f1 "$out/index" | sort | uniq -d)
	[ -z "$twice" ] || die "$1: several modules of one name:" "$twice"

	tsort "$out/depends" >"$out/sorted" ||
		die "$1: modules depend on each other in a circle"
	# A dependency that is not there is left for insmod to complain about.
	awk 'NR == FNR { path[$1] = $2; next }
	     $1 in path { print $1, path[$1] }' "$out/index" "$out/sorted"
}

# The files of the guest, in $out/root. Modules have no suffix there, since OUTDIR can be
# below MODDIR.
root_fill() {
	rm -rf "$out/root"
	mkdir -p "$out/root/bin" "$out/root/modules" "$out/root/proc" \
		 "$out/root/sys" "$out/root/dev"

	cp "$busybox" "$out/root/bin/busybox"
	for applet in cat cut insmod mount reboot rmmod sed sh sha256sum wc; do
		ln -s busybox "$out/root/bin/$applet"
	done

	# DWARF is some 95 % of a module, and all of it would go through the
	# emulated CPU's gunzip. .BTF is no debug section to objcopy.
	while read -r name ko; do
		"$objcopy" --strip-debug "$ko" "$out/root/modules/$name"
		echo "$name"
	done <"$out/list" >"$out/root/list"
	if [ -n "${BOOT_RUN-}" ]; then
		cp -R "$BOOT_RUN" "$out/root/run"
		find "$out/root/run" -name '*.ko' -exec \
			"$objcopy" --strip-debug {} \;
	fi

	# The report is over when the port is closed, since close waits for
	# the UART to have sent everything and reboot does not.
	cat >"$out/root/init" <<-'END'
	#!/bin/sh
	PATH=/bin
	mount -t proc none /proc
	mount -t sysfs none /sys
	mount -t devtmpfs none /dev

	run() {
		[ ! -f /run/run ] || (cd /run && sh run $1 2>&1) |
			sed 's/^/run: /'
	}

	report() {
		run before
		while read -r name; do
			status=0
			insmod "/modules/$name" || status=$?
			size=-
			sum=-
			if [ -e "/sys/kernel/btf/$name" ]; then
				size=$(wc -c <"/sys/kernel/btf/$name")
				sum=$(sha256sum "/sys/kernel/btf/$name" |
				      cut -d' ' -f1)
			fi
			echo "module $name $status $size $sum"
		done </list
		run after
		echo end
	}

	report >/dev/ttyS1 2>&1
	reboot -f
	END
	chmod 755 "$out/root/init"
}

# The emulated CPU does the work of every instruction, so there is no gain in
# more of them than the one that loads the modules. A guest that panics
# restarts at once, and -no-reboot makes either kind of restart the end. On a busy
# machine the check of its timer fails.
guest_run() {
	timeout --foreground -k 10 "$seconds" "$qemu" \
		-accel tcg -cpu max -m 512M -no-reboot -nodefaults \
		-display none -monitor none -nic none \
		-serial "file:$out/console.log" \
		-serial "file:$out/report.raw" \
		-kernel "$bzimage" -initrd "$out/initramfs.gz" \
		-append "console=ttyS0 loglevel=8 panic=-1 no_timer_check rdinit=/init" \
		</dev/null >"$out/qemu.log" 2>&1
}

# Print why module $1, built as $2, is not what it should be; nothing if it is.
module_fault() {
	"$objcopy" -O binary --only-section=.BTF \
		--set-section-flags .BTF=alloc "$2" "$out/btf"
	if [ ! -s "$out/btf" ]; then
		echo "there is no .BTF in the file"
		return
	fi
	size=$(wc -c <"$out/btf")
	sum=$(sha256sum "$out/btf" | cut -d' ' -f1)

	line=$(grep "^module $1 " "$out/report") || line=
	case $line in
	"module $1 0 $size $sum")
		;;
	"")
		echo "the guest did not get to it"
		;;
	"module $1 0 - -")
		echo "loaded, but there is none in sysfs"
		;;
	"module $1 0 $size "*)
		# The kernel has put its own ids in.
		readelf -SW "$2" | grep -q ' \.BTF\.base ' ||
			echo "what is in sysfs differs"
		;;
	"module $1 0 "*)
		echo "what is in sysfs differs"
		;;
	*)
		echo "insmod failed$(sed -n "s,^insmod: .*/modules/$1'\(: .*\),\1,p" \
			"$out/report" | head -n 1)"
		;;
	esac
}

# result DESCRIPTION FAULT: one line of TAP, not ok if there is a fault.
result() {
	count=$((count + 1))
	if [ -z "$2" ]; then
		echo "ok $count - $1"
	else
		echo "not ok $count - $1: $2"
		failed=$((failed + 1))
	fi
}

case ${1-} in
-h|--help)
	usage
	exit 0
	;;
esac
if [ $# -ne 3 ]; then
	usage >&2
	exit 2
fi

bzimage=$1
moddir=$2
out=$3
qemu=${QEMU:-qemu-system-x86_64}
busybox=${BUSYBOX:-$(command -v busybox || :)}
objcopy=${OBJCOPY:-objcopy}
seconds=${BOOT_TIMEOUT:-120}

[ -f "$bzimage" ] || die "$bzimage: no such file"
[ -d "$moddir" ] || die "$moddir: no such directory"
for tool in "$qemu" "$objcopy" cpio gzip modinfo readelf sha256sum timeout \
	    tsort; do
	command -v "$tool" >/dev/null || die "$tool: command not found"
done
[ -n "$busybox" ] || die "busybox: command not found"
if readelf -lW "$busybox" | grep -q INTERP; then
	die "$busybox: not statically linked, would not run in the guest"
fi

mkdir -p "$out"
modules_list "$moddir" >"$out/list"
[ -s "$out/list" ] || die "$moddir: no modules"
root_fill
(cd "$out/root" && find . | sort | cpio -o -H newc -R 0:0 --quiet) |
	gzip -1 >"$out/initramfs.gz"

# Remove those of an earlier run.
rm -f "$out/console.log" "$out/report.raw"
status=0
guest_run || status=$?
touch "$out/console.log" "$out/report.raw"
# The line discipline made CRLF of every newline.
tr -d '\r' <"$out/report.raw" >"$out/report"

count=0
failed=0
echo "1..$(($(wc -l <"$out/list") + 2))"

while read -r name ko; do
	result "$name: kernel has the file's BTF" "$(module_fault "$name" "$ko")"
done <"$out/list"

unfinished=
if [ "$status" -eq 124 ]; then
	unfinished="killed after $seconds seconds"
elif [ "$status" -ne 0 ]; then
	unfinished="qemu's exit status is $status"
elif ! grep -qx end "$out/report"; then
	unfinished="it restarted before that"
fi
result "guest ran to its end" "$unfinished"
if [ -n "$unfinished" ]; then
	tail -n 20 "$out/qemu.log" "$out/console.log" | sed 's/^/# /'
fi

# The build host's name and paths are in the first lines of every log, and may
# well contain what is looked for.
fault=
if grep -vE 'Linux version |ommand line: ' "$out/console.log" |
   grep -iE 'btf|bpf:' >"$out/complaints"; then
	fault="$(wc -l <"$out/complaints") lines"
elif [ -n "$unfinished" ]; then
	fault="the log is not complete"
fi
result "kernel log has no BTF complaint" "$fault"
sed 's/^/# /' "$out/complaints"

# The messages of insmod
grep -vE '^(module .*|run: .*|end)$' "$out/report" | sed 's/^/# /'

[ "$failed" -eq 0 ]
