#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# btfstage-apply --auto, in a directory with a small system: headers are installed and
# removed as packages do, and the hooks run as from run-parts.

# shellcheck disable=SC2016 # what is for other shells
# shellcheck disable=SC2153,SC2154 # variables of tree.sh
# shellcheck source=/dev/null
. "${0%/*}/tree.sh"

need dpkg-divert dpkg-query run-parts shellcheck
make -s -C "$ROOT" btfstage btfinspect || bail_out 'the tools do not build'
release=$(kernel_sources | tail -n 1)
[ -n "$release" ] || skip_all 'no linux-source package is installed'

# Hooks call what is installed.
make -s -C "$ROOT" install DESTDIR="$TMP/dest" PREFIX=/usr >"$TMP/log" 2>&1 ||
	bail_out "make install fails: $(cat "$TMP/log")"
apply=$TMP/dest/usr/bin/btfstage-apply
PATH=$TMP/dest/usr/bin:$PATH
root=$TMP/root
lib=$root/var/lib/btfstage
headers_hook=$root/etc/kernel/header_postinst.d/btfstage
kernel_hook=$root/etc/kernel/postinst.d/btfstage

# auto ARG...: what it prints goes to $TMP/stdout and stderr
auto()
{
	"$apply" --auto --root "$root" "$@" >"$TMP/stdout" 2>"$TMP/stderr"
}

# said: without the system's place
said()
{
	cat "$TMP/stdout" "$TMP/stderr" | sed "s,$root/,/,g"
}

# installed RELEASE: by dpkg, before its hooks run
installed()
{
	debian_headers "$1" "$root"
	mkdir -p "$root/lib/modules/$1-amd64" "$root/boot" "$root/var/lib/dpkg/info"
	ln -sfn "$flavour" "$root/lib/modules/$1-amd64/build"
	: >"$root/boot/vmlinuz-$1-amd64"
	cat >>"$root/var/lib/dpkg/status" <<-END
	Package: linux-headers-$1-amd64
	Status: install ok installed
	Version: 1
	Architecture: all
	Maintainer: nobody <nobody@test.example>
	Description: headers

	END
	printf '%s\n' /. /lib /lib/modules "/lib/modules/$1-amd64" \
		"/lib/modules/$1-amd64/build" \
		>"$root/var/lib/dpkg/info/linux-headers-$1-amd64.list"
}

# removed RELEASE: what dpkg does, which only knows its own files
removed()
{
	rm -rf "$root/usr/src/linux-headers-$1-amd64" "$root/usr/src/linux-headers-$1-common" \
		"$root/boot/vmlinuz-$1-amd64"
	rm -f "$root/lib/modules/$1-amd64/build" "$root/lib/modules/$1-amd64/build.btfstage"
	rmdir "$root/lib/modules/$1-amd64" 2>/dev/null
	(
		cd "$root/usr/lib/linux-kbuild-$1" || exit
		rm -f scripts/Makefile.modfinal scripts/Kbuild.include \
			scripts/basic/fixdep tools/objtool/objtool
		find . -depth -type d -empty -delete
	)
}

# hooks DIR RELEASE: run-parts, of the system below $root
hooks()
{
	run-parts --exit-on-error --arg="$2" "$root/etc/kernel/$1" \
		>"$TMP/stdout" 2>"$TMP/stderr"
}

# The hooks are for the system that runs; these are for that below $root. What DKMS
# would build with goes to $TMP/dkms.
hooks_here()
{
	edit "s,--auto update,--auto --root '$root' update," "$headers_hook"
	edit "s,--auto update,--auto --root '$root' update," "$kernel_hook"
	for dir in header_postinst.d postinst.d; do
		cat >"$root/etc/kernel/$dir/dkms" <<-END
		#!/bin/sh
		cd $root/lib/modules/\$1/build/scripts 2>/dev/null || exit 0
		grep -qs '^linked-ko :=' Makefile.modfinal \\
			../source/scripts/Makefile.modfinal
		echo "\$1 \$?" >>"$TMP/dkms"
		END
		chmod +x "$root/etc/kernel/$dir/dkms"
	done
	rm -f "$TMP/dkms"
}

# All that packages have
before()
{
	snapshot "$root/usr" &&
	(cd "$root" && find lib var/lib/dpkg/info -printf '%p %l\n' | sort)
}

one=$release
two=$(kernel_sources | grep -vxF "$one" | tail -n 1)
two=${two:-6.99}
# On a machine with one linux-source the other's text is the same.
tree_get "$two" "$TMP/source-$two" || tree_get "$one" "$TMP/source-$two"

# --- what is refused
mkdir "$root"
auto on
is "on: status" $? 0
rm -r "${root:?}"
mkdir -p "$root/etc/kernel/postinst.d"
echo '# mine' >"$kernel_hook"
ok "on, over another's file" refused "^apply: $kernel_hook: exists, and is not from btfstage" \
	"$root" "$apply" --auto --root "$root" on
ok "on, from a checkout" refused '^apply: .*: btfstage-apply is not installed for hooks' \
	"$root" "$ROOT/tools/apply/apply.sh" --auto --root "$root" on
auto off
is "off: status" $? 0
is "off: another's file stays" "$(cat "$kernel_hook")" '# mine'
for args in '' nosuch 'on off' --root '--shadow off' 'update a b'; do
	# shellcheck disable=SC2086 # a list of words
	auto $args
	is "'--auto $args' is wrong usage" $? 2
done
rm -r "${root:?}"/*

# --- headers that are there already, and others that come
installed "$one"
before >"$TMP/before"
auto status
is "status, off" "$? $(said)" "1 /etc/kernel/header_postinst.d/btfstage: off
/etc/kernel/postinst.d/btfstage: off"
auto on
is "on" "$? $(said)" "0   AUTO    $one-amd64: /usr/lib/linux-kbuild-$one"
ok "headers that were there have it" grep -q '^linked-ko := ' \
	"$root/usr/lib/linux-kbuild-$one/scripts/Makefile.modfinal"
auto status
is "status, on" "$? $(said)" "0 /etc/kernel/header_postinst.d/btfstage: on
/etc/kernel/postinst.d/btfstage: on
/usr/lib/linux-kbuild-$one: applied"
auto on
is "on, once more" "$? $(said)" "0 "
ok "the hooks are good" shellcheck "$headers_hook" "$kernel_hook"
hooks_here

installed "$two"
hooks header_postinst.d "$two-amd64"
is "headers come" "$? $(said)" "0   AUTO    $two-amd64: /usr/lib/linux-kbuild-$two"
is "... DKMS has the rules" "$(cat "$TMP/dkms")" "$two-amd64 0"
hooks postinst.d "$two-amd64"
is "their kernel comes: nothing is to be done" "$? $(said)" "0 "

# An upgrade brings the script anew.
cp "$TMP/source-$two/scripts/Makefile.modfinal" "$root/usr/lib/linux-kbuild-$two/scripts/new"
mv "$root/usr/lib/linux-kbuild-$two/scripts/new" \
	"$root/usr/lib/linux-kbuild-$two/scripts/Makefile.modfinal"
rm "$TMP/dkms"
hooks header_postinst.d "$two-amd64"
is "upgrade in place" "$? $(cat "$TMP/dkms")" "0 $two-amd64 0"

# --- what fails never fails the installation
modfinal=$root/usr/lib/linux-kbuild-$two/scripts/Makefile.modfinal
sed 's/^quiet_cmd_btf_ko/quiet_cmd_btf/' "$TMP/source-$two/scripts/Makefile.modfinal" >"$TMP/unknown"
cp "$TMP/unknown" "$modfinal"
hooks header_postinst.d "$two-amd64"
is "a script that is not known: status" $? 0
is "... one line" "$(said)" "btfstage-apply: kernel $two-amd64: its headers are left as they are: /usr/lib/linux-kbuild-$two/scripts/Makefile.modfinal: no quiet_cmd_btf_ko"
ok "... it is as it was" cmp "$TMP/unknown" "$modfinal"
cp "$TMP/source-$two/scripts/Makefile.modfinal" "$modfinal"
rm "$root/boot/vmlinuz-$two-amd64"
hooks header_postinst.d "$two-amd64"
is "no kernel yet" "$? $(grep -v AUTO "$TMP/stderr")" \
	"0 btfstage-apply: kernel $two-amd64: modules get no BTF: it is not installed itself"
mkdir "$TMP/bin"
ln -s /usr/bin/* "$TMP/bin"
rm -f "$TMP/bin/pahole"
PATH=$TMP/bin hooks postinst.d "$one-amd64"
like "no pahole" "$? $(said)" \
	"^0 btfstage-apply: kernel $one-amd64: modules get no BTF: pahole is not in PATH"
ln -s "$(command -v pahole)" "$TMP/bin"
rm -f "$TMP/bin/btfinspect"
PATH=$TMP/bin hooks postinst.d "$one-amd64"
like "no btfinspect, which has to unpack the image" "$? $(said)" \
	"^0 btfstage-apply: kernel $one-amd64: modules get no BTF: btfinspect is not in PATH"
hooks header_postinst.d 6.99-none
is "a kernel without headers" "$? $(said)" "0 "
mkdir -p "$root/lib/modules/6.99-own/build/scripts"
: >"$root/lib/modules/6.99-own/build/Kbuild"
hooks postinst.d 6.99-own
is "a kernel's own sources are left alone" "$? $(said)" "0 "
rm -r "$root/lib/modules/6.99-own"

# --- a package is removed, with what it knows of
removed "$two"
ok "our files are left then" test -d "$root/usr/lib/linux-kbuild-$two/.btfstage"
hooks header_postinst.d "$one-amd64"
is "the next hook removes them" "$? $(said)" "0   RESTORE /usr/lib/linux-kbuild-$two"
fails "... all of them" test -e "$root/usr/lib/linux-kbuild-$two"

# --- off
auto off
is "off" "$? $(said)" "0   RESTORE /usr/lib/linux-kbuild-$one"
rm "$root"/etc/kernel/*/dkms "$root/var/lib/dpkg/info/linux-headers-$two-amd64.list"
ok "everything is as it was" same "$TMP/before" before
is "nothing is left" "$(find "$root/etc/kernel" "$root/var/lib/btfstage" -type f 2>&1 |
	sed 's/.*No such.*//')" ''
auto off
is "off, once more" "$? $(said)" "0 "

# Edited after apply: revert refuses, and says so.
auto on
sed -i 's/^quiet_cmd_btf_ko/not_&/; /linked-ko := /d' \
	"$root/usr/lib/linux-kbuild-$one/scripts/Makefile.modfinal"
cp "$root/usr/lib/linux-kbuild-$one/scripts/Makefile.modfinal" "$TMP/edited"
auto off
is "off, edited since: status" $? 1
like "... it is said" "$(cat "$TMP/stderr")" '^btfstage-apply: cannot be restored: .*Makefile.modfinal: was edited after apply'
ok "... and kept" cmp "$TMP/edited" "$root/usr/lib/linux-kbuild-$one/scripts/Makefile.modfinal"
rm -r "$root/usr/lib/linux-kbuild-$one/.btfstage" "$lib"

# --- what somebody has applied to by hand stays
rm -r "${root:?}"/*
installed "$one"
"$apply" apply "$root/lib/modules/$one-amd64/build" >"$TMP/log"
before >"$TMP/before"
auto on
is "applied by hand: nothing to do" "$? $(said)" "0 "
auto off
ok "... and it stays" same "$TMP/before" before

# --- shadows
rm -r "${root:?}"/*
installed "$one"
before >"$TMP/before"
snapshot "$root/usr" >"$TMP/usr"
auto --shadow on
is "shadows" "$? $(said)" "0   AUTO    $one-amd64: /var/lib/btfstage/headers/$one-amd64"
ok "... nothing in packages has changed" same "$TMP/usr" snapshot "$root/usr"
is "... the link leads there" "$(readlink "$root/lib/modules/$one-amd64/build")" \
	"$lib/headers/$one-amd64"
is "... dpkg knows of it" "$(dpkg-divert --root="$root" --list)" \
	"diversion of /lib/modules/$one-amd64/build to /lib/modules/$one-amd64/build.btfstage by btfstage"
auto status
is "... status" "$? $(said | tail -n 1)" "0 /var/lib/btfstage/headers/$one-amd64: a shadow"
hooks_here
installed "$two"
hooks header_postinst.d "$two-amd64"
is "headers come" "$? $(cat "$TMP/dkms")" "0 $two-amd64 0"
hooks header_postinst.d "$two-amd64"
is "... once more: nothing to do" "$? $(said)" "0 "
removed "$two"
hooks header_postinst.d "$one-amd64"
is "they are removed: the link, too" "$? $(said)" "0   RESTORE /lib/modules/$two-amd64/build"
fails "... nothing is left" test -e "$root/lib/modules/$two-amd64" -o \
	-L "$root/lib/modules/$two-amd64/build" -o -e "$lib/headers/$two-amd64"
auto on
is "on without shadows: the headers themselves" "$? $(said)" \
"0   RESTORE /lib/modules/$one-amd64/build
  AUTO    $one-amd64: /usr/lib/linux-kbuild-$one"
auto --shadow on
is "and back" "$? $(said)" "0   RESTORE /usr/lib/linux-kbuild-$one
  AUTO    $one-amd64: /var/lib/btfstage/headers/$one-amd64"
auto off
rm -rf "$root/usr/lib/linux-kbuild-$two" "$root"/etc/kernel/*/dkms
rm -f "$root/var/lib/dpkg/info/linux-headers-$two-amd64.list"
ok "off: everything is as it was" same "$TMP/before" before
is "... no diversion is left" "$(dpkg-divert --root="$root" --list)" ''

done_testing
