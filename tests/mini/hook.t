#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# btfinspect hook: messages about the modules of an installed kernel, in directories with
# small systems.

# shellcheck disable=SC2016 # what is for other shells
# shellcheck source=tests/lib.sh
. "${0%/*}/../lib.sh"

need zstd xz shellcheck bash

R=6.12.0-mini
mini_first KERNELRELEASE=$R
root=$TMP/root
mods=$root/lib/modules/$R

# install_kernel: the mini kernel, with a debug package
install_kernel()
{
	rm -rf "$root"
	mkdir -p "$mods/kernel/drivers" "$root/boot" "$root/usr/lib/debug/boot" \
		"$root/etc/kernel" "$root/etc/dkms"
	for m in $(mini_modules); do
		cp "$OUT/$m.ko" "$mods/kernel/drivers/"
	done
	cp "$OUT/vmlinux" "$root/usr/lib/debug/boot/vmlinux-$R"
}

# check STATUS NAME ARG...: exit status, with what is printed in $TMP/stdout, stderr
check()
{
	check_status=$1
	check_name=$2
	shift 2
	"$BTFINSPECT" hook --root "$root" check "$@" >"$TMP/stdout" 2>"$TMP/stderr"
	is "$check_name: status" $? "$check_status"
}

# said: all of it
said()
{
	cat "$TMP/stdout" "$TMP/stderr"
}

# --- all is good
install_kernel
nr=$(mini_modules | wc -l | tr -d ' ')
check 0 "good" $R
is "good: nothing is said" "$(said)" ''
zstd -q --rm "$mods/kernel/drivers/probe.ko"
xz "$mods/kernel/drivers/loop.ko"
gzip "$mods/kernel/drivers/ramfs.ko"
check 0 "compressed" $R
is "compressed: nothing is said" "$(said)" ''
check 0 "an image by its name" $R "$OUT/vmlinux"
is "an image by its name: nothing is said" "$(said)" ''

mkdir -p "$root/lib/modules/6.12.0-other"
cp "$mods/kernel/drivers/"*.ko "$root/lib/modules/6.12.0-other"
cp "$root/usr/lib/debug/boot/vmlinux-$R" "$TMP/vmlinuz"
check 3 "an image of another release" 6.12.0-other "$TMP/vmlinuz"
is "an image of another release: one line" "$(said)" \
	"btfinspect: $TMP/vmlinuz: is of kernel $R, not of 6.12.0-other"
cp "$TMP/vmlinuz" "$root/boot/vmlinuz-6.12.0-other"
mv "$root/usr/lib/debug/boot/vmlinux-$R" "$root/usr/lib/debug/boot/vmlinux-6.12.0-other"
check 3 "the image is of another release" 6.12.0-other
is "the image is of another release: what else there is does not count" "$(said)" \
	"btfinspect: $root/boot/vmlinuz-6.12.0-other: is of kernel $R, not of 6.12.0-other"

# --- without BTF
install_kernel
"${OBJCOPY:-objcopy}" -R .BTF "$OUT/fs/idset.ko" "$mods/kernel/drivers/idset.ko"
check 1 "stripped of .BTF" $R
is "stripped of .BTF: that is said" "$(said)" \
"btfinspect: kernel $R: 1 of $nr modules have no BTF: idset
btfinspect: kernel $R: they are loaded, but nobody can trace them by type: build them with BTF, and keep .BTF when they are stripped"
: >"$root/boot/config-$R"
check 0 "a kernel whose modules have none" $R
is "a kernel whose modules have none: nothing is said" "$(said)" ''
echo CONFIG_DEBUG_INFO_BTF_MODULES=y >"$root/boot/config-$R"
check 1 "a kernel whose modules have some" $R

# --- what is loaded is what depmod has chosen
install_kernel
mkdir -p "$mods/updates/dkms"
mv "$mods/kernel/drivers/idset.ko" "$mods/updates/dkms"
cp "$OUT/fs/idset.no-btf.ko" "$mods/kernel/drivers/idset.ko"
(cd "$mods" && find . -name '*.ko' | sed 's,^\./,,; s/$/: kernel\/drivers\/probe.ko/' |
	grep -v kernel/drivers/idset) >"$mods/modules.dep"
echo "kernel/gone.ko:" >>"$mods/modules.dep"
check 0 "one of two" $R
is "one of two: the other is not loaded" "$(said)" ''
: >"$mods/modules.dep"
check 1 "depmod has not run" $R
like "depmod has not run: all are looked at" "$(said)" \
	" 1 of $((nr + 1)) modules have no BTF: idset$"

# --- half a module
install_kernel
echo no >"$mods/kernel/drivers/x.ko"
check 1 "none" $R
is "none: what to do" "$(said)" \
"btfinspect: kernel $R: 1 cannot be read: x
btfinspect: kernel $R: the files are damaged: install them again"
head -c 2000 "$OUT/fs/idset.ko" | zstd -q >"$mods/kernel/drivers/idset.ko.zst"
rm "$mods/kernel/drivers/idset.ko"
check 1 "half of one, and none" $R
like "half of one, and none: these are named" "$(said)" \
	": 1 of $((nr + 1)) modules do not fit $root/usr/lib/debug/boot/vmlinux-$R: idset; it refuses 1$"
like "half of one, and none: who is unreadable" "$(said)" ': 1 cannot be read: x$'
is "half of one, and none: three lines" "$(said | wc -l | tr -d ' ')" 3

# --- modules of one build, a kernel of another
install_kernel
cat >"$TMP/first.c" <<'ENDC'
struct aaaa_first { int aaaa_number; struct aaaa_first *aaaa_next; } aaaa_first;
ENDC
cat "$SRC/examples/mini/kernel/ids.c" >>"$TMP/first.c"
cat "$TMP/first.c" >"$SRC/examples/mini/kernel/ids.c"
cp "$OUT/vmlinux" "$TMP/vmlinux.old"
ok "another kernel of the same release" mini KERNELRELEASE=$R vmlinux
cp "$OUT/vmlinux" "$root/usr/lib/debug/boot/vmlinux-$R"
check 1 "another build" $R
like "another build: how many" "$(said)" \
	"^btfinspect: kernel $R: [0-9]+ of $nr modules do not fit .*/vmlinux-$R: ([a-z_]+, ){4}[a-z_]+( and [0-9]+ more)?; it (refuses [0-9]+|takes them with wrong types)$"
is "another build: what to do" "$(said | tail -n 1)" \
	"btfinspect: kernel $R: the kernel and its modules are of two builds: install both again before it boots"
printf '%s\n' CONFIG_DEBUG_INFO_BTF_MODULES=y CONFIG_MODULE_ALLOW_BTF_MISMATCH=y \
	>"$root/boot/config-$R"
check 1 "another build, allowed" $R
like "another build, allowed: what the kernel does" "$(said)" \
	'; it (loads [0-9]+ without BTF|takes them with wrong types)$'
mkdir -p "$mods/updates/dkms"
mv "$mods/kernel/drivers/probe.ko" "$mods/updates/dkms/my-probe.ko"
rm -r "$mods/kernel"
check 1 "one of DKMS" $R
is "one of DKMS: what to do" "$(said | tail -n 1)" \
	"btfinspect: kernel $R: build them again for this kernel before it boots: dkms install --force -k $R MODULE/VERSION"
like "one of DKMS: its name" "$(said)" ': my-probe; '

# --- nothing to check against, nothing to check
rm "$root/usr/lib/debug/boot/vmlinux-$R"
check 3 "no types" $R
is "no types: one line" "$(said)" \
	"btfinspect: $mods/vmlinuz: cannot open: No such file or directory"
check 3 "no such kernel" 6.13.0
is "no such kernel: one line" "$(said)" \
	"btfinspect: $root/lib/modules/6.13.0: cannot read: No such file or directory"

# --- on, status, off
hook()
{
	"$BTFINSPECT" hook --root "$root" "$@" >"$TMP/stdout" 2>"$TMP/stderr"
}
ok "its modules" mini KERNELRELEASE=$R
install_kernel
debian=$root/etc/kernel/postinst.d/zz-btfinspect
systemd=$root/etc/kernel/install.d/95-btfinspect.install
dkms=$root/etc/dkms/framework.conf.d/btfinspect.conf
hook status
is "status, off: exit status" $? 1
is "status, off" "$(said)" "$debian: off
$systemd: off
$dkms: off"
echo '  post_transaction="dracut -f"' >"$root/etc/dkms/framework.conf"
ok "on, DKMS has another" hook on
like "on, DKMS has another: that stays" "$(said)" "^$dkms: left out"
echo '# post_transaction=""' >"$root/etc/dkms/framework.conf"
ok "on" hook on
ok "on, once more" hook on
ok "status, on" hook status
is "status, on: all are" "$(said)" "$debian: on
$systemd: on
$dkms: on"
ok "the scripts are good" shellcheck "$debian" "$systemd"
ok "the scripts can be run" test -x "$debian" -a -x "$systemd" -a ! -x "$dkms"

# Their effect in the small system
for f in "$debian" "$systemd" "$dkms"; do
	edit "s,hook check,hook --root '$root' check,g" "$f"
done
# The value is in quotes itself.
edit "s,--root '[^']*',--root $root," "$dkms"
run()
{
	run_name=$1
	shift
	"$@" >"$TMP/stdout" 2>"$TMP/stderr" </dev/null
	is "$run_name: it does not fail" $? 0
}
run "postinst.d, good" "$debian" $R
is "postinst.d, good: nothing is said" "$(said)" ''
"${OBJCOPY:-objcopy}" -R .BTF "$OUT/fs/idset.ko" "$mods/kernel/drivers/idset.ko"
run "postinst.d" "$debian" $R
like "postinst.d: it is said" "$(cat "$TMP/stderr")" 'have no BTF: idset$'
is "postinst.d: debconf's output is left alone" "$(cat "$TMP/stdout")" ''
run "postinst.d, with its image" "$debian" $R "$TMP/vmlinux.old"
like "postinst.d, with its image: it is that one" "$(cat "$TMP/stderr")" \
	"do not fit $TMP/vmlinux.old: "
run "postinst.d, an old way to call it" "$debian"
run "postinst.d, no such kernel" "$debian" 6.13.0
run "kernel-install" "$systemd" add $R /boot/entry "$OUT/vmlinux"
if [ -x /etc/kernel/postinst.d/zz-btfinspect ]; then
	skip "kernel-install: it is said" "this system has the hooks"
else
	like "kernel-install: it is said" "$(cat "$TMP/stderr")" 'have no BTF: idset$'
fi
run "kernel-install remove" "$systemd" remove $R
is "kernel-install remove: nothing is said" "$(said)" ''
# As DKMS reads a setting, and runs it
run "DKMS" setsid bash -c 'kernelver=("$2" "$2"); . "$1"
	eval "post_transaction=\"$post_transaction\""; (eval "$post_transaction")' \
	bash "$dkms" $R
is "DKMS: it is said, of each kernel" "$(grep -c 'have no BTF: idset$' "$TMP/stdout")" 2
edit "s,$BTFINSPECT,/nosuch/program,g" "$debian"
run "btfinspect is gone" "$debian" $R
is "btfinspect is gone: nothing is said" "$(said)" ''

echo '# mine' >"$systemd"
hook on
is "on, over another's file: status" $? 3
is "on, over another's file: why" "$(cat "$TMP/stderr")" \
	"btfinspect: $systemd: exists, and is not from btfinspect"
ok "off" hook off
is "off: what there was" "$(said)" "$debian: removed
$dkms: removed"
is "off: another's file stays" "$(cat "$systemd")" '# mine'
ok "off, once more" hook off
is "off, once more: nothing to do" "$(said)" ''
rm -r "${root:?}/etc"
hook on
is "neither kernels nor DKMS: status" $? 3
is "neither kernels nor DKMS: why" "$(said)" \
	"btfinspect: $root: has neither /etc/kernel nor /etc/dkms"

for args in '' nosuch 'on off' check 'check a/b' 'check a b c' '--base x on'; do
	# shellcheck disable=SC2086 # a list of words
	hook $args
	is "'hook $args' is wrong usage" $? 2
done

done_testing
