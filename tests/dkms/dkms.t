#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# Modules of DKMS in a system that "make check-dkms" has made: drivers that Debian packages,
# for a kernel that is installed when all is set up. Nothing is typed for that kernel.
# First as without btfstage, then with "btfstage-apply --auto on"; then what the hooks of
# "btfinspect hook on" say of two faults, and whether all is as it was when btfstage is
# removed. The kernel is booted with the modules.
#
# Lines with "|" are those of the table in docs/external-modules.md.

# shellcheck disable=SC2016 # variables of DKMS
# shellcheck disable=SC2317 # functions are called by "ok"
# shellcheck source=tests/lib.sh
. "${0%/*}/../lib.sh"

[ -n "${SUITE-}" ] ||
	bail_out "changes the system: only in one that make check-dkms has made"
need apt-get dpkg-deb modprobe readelf xz perl qemu-system-x86_64
set -- "$ROOT"/build/btfstage_*.deb
[ -f "$1" ] || bail_out "no package of btfstage"
deb=$1

drivers='acpi-call bbswitch ddcci dm-writeboost evdi tp-smapi v4l2loopback'

# No initial RAM disk is needed, and making them takes longer than all else.
export DEBIAN_FRONTEND=noninteractive INITRD=No
! have debconf-set-selections ||
	echo man-db man-db/auto-update boolean false | debconf-set-selections

apt()
{
	apt-get -q -y --no-install-recommends "$@" >"$TMP/apt.log" 2>&1 </dev/null
	apt_status=$?
	cat "$TMP/apt.log" >>"$TMP/all.log"
	[ $apt_status -eq 0 ] || tail -n 20 "$TMP/apt.log"
	return $apt_status
}

# releases: kernels that have headers and an image, the oldest first
releases()
{
	apt-cache pkgnames linux-headers- | sed -n 's/^linux-headers-\([0-9].*-amd64\)$/\1/p' |
	grep -v -e -cloud- -e -rt- | sort -V | while read -r release; do
		[ -z "$(apt-cache madison "linux-image-$release")" ] || echo "$release"
	done
}

# What the suite installs, and the one before it; or that, and the one after it
new=$(apt-cache depends linux-image-amd64 | sed -n 's/^ *Depends: linux-image-//p' | head -n 1)
old=$(releases | grep -x -B 1 -e "$new" | head -n 1)
if [ "$old" = "$new" ]; then
	new=$(releases | grep -x -A 1 -e "$old" | tail -n 1)
fi
[ "$old" != "$new" ] || bail_out "$SUITE has no two kernels"
echo "# kernels: $old, then $new"

# packages RELEASE: of a kernel, with its headers, as far as they are installed
packages()
{
	base=${1%-amd64}
	dpkg-query -W -f '${db:Status-Abbrev} ${Package}\n' "linux-headers-$1" \
		"linux-headers-$base-common" "linux-kbuild-$base" "linux-image-$1" \
		"linux-base-$1" 2>/dev/null | sed -n 's/^ii  *//p'
}

# built RELEASE DIR: what DKMS has built for it, unpacked, as DIR/DRIVER,VERSION/NAME.ko
built()
{
	rm -rf "$2"
	for file in /var/lib/dkms/*/*/"$1"/*/module/*.ko*; do
		[ -f "$file" ] || continue
		driver=$(echo "$file" | cut -d/ -f5,6 | tr / ,)
		mkdir -p "$2/$driver"
		unpack "$file" "$2/$driver"
	done
}

# unpack FILE DIR
unpack()
{
	unpacked=$2/$(basename "$1" | sed 's/\.ko\..*/.ko/')
	case $1 in
	*.xz)	xz -dc "$1" >"$unpacked" ;;
	*.zst)	zstd -qdc "$1" >"$unpacked" ;;
	*)	cp "$1" "$unpacked" ;;
	esac
}

# count SECTION DIR: modules that have it
count()
{
	for ko in "$2"/*.ko; do
		readelf -SW "$ko" 2>/dev/null
	done | grep -c " \\$1 "
}

# total SECTION DIR: the same, of all drivers
total()
{
	for driver in "$2"/*,*/; do
		count "$1" "$driver"
	done | awk '{ sum += $1 } END { print sum + 0 }'
}

# boots NAME RELEASE DIR: the kernel loads what is below DIR, and what of its own that
# needs, which is put there. What it says goes to $TMP/NAME.tap
# shellcheck disable=SC2094 # nothing is written to $TMP/names
boots()
{
	find "$3" -name '*.ko' | sed 's,.*/,,; s,\.ko$,,' >"$TMP/names"
	mkdir -p "$3/kernel"
	xargs -n 1 modprobe -S "$2" --show-depends <"$TMP/names" 2>/dev/null | sed -n 's/^insmod \([^ ]*\).*/\1/p' | sort -u |
	while read -r file; do
		# One of DKMS may take the place of the kernel's.
		name=$(basename "$file" | sed 's/\.ko.*//')
		grep -qxF "$name" "$TMP/names" || unpack "$file" "$3/kernel"
	done
	BOOT_TIMEOUT=${BOOT_TIMEOUT:-1200} sh "$ROOT/tests/kernel/boot.sh" \
		"/boot/vmlinuz-$2" "$3" "$TMP/boot" >"$TMP/$1.tap" 2>&1
	sed 's/^/# /' "$TMP/$1.tap"
	like "$1: the kernel boots" "$(cat "$TMP/$1.tap")" '^ok .* guest ran to its end'
	like "$1: it has nothing against BTF" "$(cat "$TMP/$1.tap")" \
		'^ok .* no BTF complaint'
}

# loaded NAME DIR: of how many modules in DIR the kernel has shown the BTF, and of how many
# it could not, as there is no such device, or none for the module whose symbols it needs
loaded()
{
	shown=0
	devices=0
	for ko in "$2"/*.ko; do
		name=$(basename "$ko" .ko | tr - _)
		if grep -q "^ok [0-9]* - $name: " "$TMP/$1.tap"; then
			shown=$((shown + 1))
		elif grep -q "^not ok [0-9]* - $name: .*No such device" "$TMP/$1.tap"; then
			devices=$((devices + 1))
			needed=$name
		fi
	done
	for ko in "$2"/*.ko; do
		name=$(basename "$ko" .ko | tr - _)
		[ $devices -eq 0 ] || ! modinfo -F depends "$ko" | tr , '\n' | grep -qx "$needed" ||
			! grep -q "^not ok [0-9]* - $name: .*unknown symbol" "$TMP/$1.tap" ||
			devices=$((devices + 1))
	done
	echo "$shown$([ $devices -eq 0 ] || echo " ($devices without the device)")"
}

# --- without btfstage
apt update
ok "stock: $new" apt install "linux-headers-$new" "linux-image-$new"
ok "stock: DKMS" apt install dkms
installed=
for driver in $drivers; do
	if apt install "$driver-dkms" >"$TMP/log"; then
		installed="$installed $driver-dkms"
	else
		echo "# $driver-dkms: does not build with $new, or is not in $SUITE"
		apt purge "$driver-dkms" >"$TMP/log"
	fi
done
is "five drivers of Debian, or more, build" \
	"$(test "$(echo "$installed" | wc -w)" -ge 5 || echo "$installed")" ''
built "$new" "$TMP/stock"
nr_stock=$(find "$TMP/stock" -name '*.ko' | wc -l)
: >"$TMP/stock.tap"
[ "$(total .BTF "$TMP/stock")" = 0 ] || boots stock "$new" "$TMP/stock"
# shellcheck disable=SC2046,SC2086 # lists of words
ok "stock: all of that goes" apt purge $installed dkms $(packages "$new")
rm -rf "/lib/modules/$new"

# --- with it: set up, on a system with another kernel
ok "btfstage is installed" apt install "$deb" pahole
ok "auto on" btfstage-apply --auto on
ok "hook on" btfinspect hook on
ok "$old" apt install "linux-headers-$old" "linux-image-$old"
# shellcheck disable=SC2086 # a list of words
ok "DKMS and drivers" apt install dkms $installed
# DKMS brings the directory for its hook.
ok "hook on, with DKMS" btfinspect hook on
built "$old" "$TMP/old"
is "$old: all modules have BTF" "$(total .BTF "$TMP/old")" "$nr_stock"

# --- a kernel comes. Nothing else is typed.
ok "$new" apt install "linux-headers-$new" "linux-image-$new"
cp "$TMP/apt.log" "$TMP/new.log"
built "$new" "$TMP/ours"
is "$new: what stock has built" \
	"$(cd "$TMP/ours" && find . -name '*.ko' | sort)" \
	"$(cd "$TMP/stock" && find . -name '*.ko' ! -path './kernel/*' | sort)"
unlike "$new: the hooks have nothing to say" "$(cat "$TMP/new.log")" '^btf(inspect|stage)[:-]'
if [ -f /etc/dkms/framework.conf.d/btfinspect.conf ] &&
   dpkg --compare-versions "$(dpkg-query -W -f '${Version}' dkms)" ge 3.1; then
	ok "$new: DKMS has called the hook" test -f /var/lib/dkms/post_transaction.log
	unlike "$new: which has nothing to say" \
		"$(cat /var/lib/dkms/post_transaction.log)" '^(btfinspect|Usage|tee):'
fi
boots ours "$new" "$TMP/ours"

case $new in
6.[0-9].*|6.10.*)	distilled= ;;
*)			distilled=yes ;;
esac
echo "| suite | kernel | driver | modules | stock: BTF | in the kernel | btfstage: BTF | .BTF.base | in the kernel |"
for dir in "$TMP"/ours/*,*/; do
	driver=$(basename "$dir")
	nr=$(find "$dir" -name '*.ko' | wc -l)
	is "$driver: BTF" "$(count .BTF "$dir")" "$nr"
	is "$driver: .BTF.base" "$(count .BTF.base "$dir")" "${distilled:+$nr}${distilled:-0}"
	ok "$driver: it fits the image" btfinspect check --require-btf \
		--base "/boot/vmlinuz-$new" "$dir"/*.ko
	in_kernel=$(loaded ours "$dir")
	is "$driver: /sys/kernel/btf, but for devices that are not there" \
		"$(echo "$in_kernel" | awk '{ print $1 + substr($2, 2) }')" "$nr"
	echo "| $SUITE | $new | $(echo "$driver" | tr , ' ') | $nr" \
		"| $(count .BTF "$TMP/stock/$driver") | $(loaded stock "$TMP/stock/$driver")" \
		"| $(count .BTF "$dir") | $(count .BTF.base "$dir") | $in_kernel |"
done

# --- two faults, and what is said before they are booted
# by_dkms NAME REGEX: DKMS installs a module. Since 3.1 it calls the hook.
by_dkms()
{
	if dpkg --compare-versions "$(dpkg-query -W -f '${Version}' dkms)" ge 3.1; then
		ok "$1: dkms install" dkms install --force -m demo-store -v 1.0 -k "$new"
		like "$1: DKMS's log has it" "$(cat /var/lib/dkms/post_transaction.log)" "$2"
	else
		ok "$1: dkms install" dkms install --force -m demo-store -v 1.0 -k "$new"
	fi
	ok "$1: the kernel's package is configured" dpkg-reconfigure "linux-image-$new"
	like "$1: it is said" "$(cat "$TMP/ok.log")" "$2"
}

# DKMS would build all of them again, each time.
# shellcheck disable=SC2086 # a list of words
ok "the drivers go" apt purge $installed
store=/usr/src/demo-store-1.0
cp -R "$ROOT/examples/external/store" $store
cat >$store/dkms.conf <<'END'
PACKAGE_NAME="demo-store"
PACKAGE_VERSION="1.0"
BUILT_MODULE_NAME[0]="demo_store"
DEST_MODULE_LOCATION[0]="/updates/dkms"
MAKE[0]="make -C $kernel_source_dir M=$dkms_tree/$PACKAGE_NAME/$PACKAGE_VERSION/build && sh $dkms_tree/$PACKAGE_NAME/$PACKAGE_VERSION/build/strip.sh"
CLEAN="true"
AUTOINSTALL="yes"
END
echo 'objcopy -R .BTF -R .BTF.base "${0%/*}/demo_store.ko"' >$store/strip.sh
ok "a module that loses its BTF" dkms add -m demo-store -v 1.0
by_dkms "stripped" '^btfinspect: kernel .*: 1 of [0-9]+ modules have no BTF: demo_store$'
: >$store/strip.sh
ok "once more, with its BTF" dkms build --force -m demo-store -v 1.0 -k "$new"

# An image that says that it is this kernel, with the types of the other one
mv "/boot/vmlinuz-$new" "$TMP/vmlinuz"
btfinspect extract -o "$TMP/old.btf" "/boot/vmlinuz-$old" &&
	echo "Linux version $new (me@here) (gcc) #1" >"$TMP/banner" &&
	: | gcc -c -x c -o "$TMP/empty.o" - &&
	objcopy --add-section .BTF="$TMP/old.btf" --add-section .rodata="$TMP/banner" \
		"$TMP/empty.o" "$TMP/vmlinux" &&
	gzip -c "$TMP/vmlinux" | perl "$ROOT/tests/mini/image.pl" bzimage "$new" \
		>"/boot/vmlinuz-$new"
ok "an image of another build" btfinspect extract -r "$new" -o "$TMP/x.btf" \
	"/boot/vmlinuz-$new"
by_dkms "another build" \
	"^btfinspect: kernel $new: [0-9]+ of [0-9]+ modules do not fit /boot/vmlinuz-$new: "
mv "$TMP/vmlinuz" "/boot/vmlinuz-$new"
ok "both are mended: the kernel's package is configured" dpkg-reconfigure "linux-image-$new"
ok "both are mended: dkms install" dkms install --force -m demo-store -v 1.0 -k "$new"
ok "the kernel's package is configured" dpkg-reconfigure "linux-image-$new"
unlike "nothing is said then" "$(cat "$TMP/ok.log")" '^btf'

# --- shadows
# has_btf: what DKMS builds now
has_btf()
{
	dkms build --force -m demo-store -v 1.0 -k "$new" >"$TMP/log" 2>&1 || {
		cat "$TMP/log"
		return 1
	}
	built "$new" "$TMP/now"
	[ "$(count .BTF "$TMP/now/demo-store,1.0")" = 1 ]
}
ok "applied: DKMS builds with BTF" has_btf
# shellcheck disable=SC2046 # a list of words
like "... dpkg sees the script" "$(dpkg --verify $(packages "$new") $(dpkg-query -W -f '${Package}\n' 'linux-kbuild-*'))" 'scripts/Makefile.modfinal$'
ok "shadows" btfstage-apply --auto --shadow on
# Not the images: DKMS puts modules of theirs aside.
verify()
{
	# shellcheck disable=SC2046 # lists of words
	dpkg --verify $({ packages "$new"; packages "$old"; } | grep -v ^linux-image-) \
		$(dpkg-query -W -f '${db:Status-Abbrev} ${Package}\n' 'linux-kbuild-*' |
			sed -n 's/^ii *//p')
}
is "shadows: no file of a package has changed" "$(verify)" ''
ok "shadows: DKMS builds with BTF" has_btf
ok "back from shadows" btfstage-apply --auto on
ok "... DKMS builds with BTF" has_btf

# --- headers go, btfstage goes
# shellcheck disable=SC2046 # a list of words
ok "$old is removed" apt purge $(packages "$old")
is "nothing of ours is left of it" "$(find /usr/src /usr/lib/linux-kbuild-* -path "*${old%-amd64}*")" ''
ok "btfstage is removed" apt remove btfstage
is "each file of packages is as it was" "$(verify)" ''
is "nothing of ours is left" "$(find /etc/kernel /etc/dkms /usr/src /usr/lib/linux-kbuild-* \
	/var/lib/btfstage \( -name '*btfstage*' -o -name '*btfinspect*' -o -name '*.btf-extmod' \) \
	2>/dev/null)" ''
is "... and no diversion" "$(dpkg-divert --list btfstage)" ''

done_testing
