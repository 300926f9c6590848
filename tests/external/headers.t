#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# Daily use of an external module with a shadow of Debian's headers: build it again without
# pahole, with -s, -n or -q, install, strip and sign it, link vmlinux to that of the running
# kernel. The types are the mini kernel's, so no image is needed.

# shellcheck disable=SC2154 # variables of lib.sh
# shellcheck source=/dev/null
. "${0%/*}/lib.sh"

releases=$(debian_releases 7.)
[ -n "$releases" ] || skip_all "no headers of Debian are installed"
need depmod modprobe
mini_first
mod=$TMP/mod
ko=$mod/demo_store.ko

# made ARG...: the module, with the mini kernel's types
made()
{
	make --no-print-directory -C "$shadow" M="$mod" \
		BTF_BASE="$OUT/vmlinux" "$@" >"$TMP/stdout" 2>"$TMP/stderr"
	made_status=$?
	tick
	return $made_status
}

# The steps of the last build, and its standard error
did()
{
	cat "$TMP/stdout" "$TMP/stderr" |
		sed -En 's/^ *(LD \[M]|PAHOLE|BTF \[M]|BTFBASE|NO BTF|KEPT) .*\.(ko|base).*/\1/p' | xargs
}

said()
{
	sed -n 's/^  \([A-Z][A-Z ]*[A-Z]\)  */\1 /p' "$TMP/stderr" |
		sed "s,$mod/,,"
}

files()
{
	(cd "$mod" && stat -c '%n %i %.Y' demo_store.ko* .demo_store.ko*)
}

# installed BY COMMAND: what modprobe loads of what the command put into extra/
installed()
{
	rm -rf "$TMP/root"
	extra=$TMP/root/lib/modules/$release/extra
	mkdir -p "$extra"
	: >"$extra/../modules.order"
	: >"$extra/../modules.builtin"
	(cd "$mod" && eval "$2")
	depmod -b "$TMP/root" "$release" 2>/dev/null
	is "$release: by $1: modprobe loads it" "$(modprobe -d "$TMP/root" \
		-S "$release" --show-depends demo_store | xargs)" \
		"insmod $extra/demo_store.ko"
	is "$release: by $1: nothing else is there" "$(ls "$extra")" demo_store.ko
	ok "$release: by $1: it has BTF" has_btf "$extra/demo_store.ko"
}

has_btf()
{
	readelf -SW "$1" | grep -q ' \.BTF '
}

strip_debug()
{
	find "$mod" -name '*.ko' -exec strip --strip-debug {} +
}

sign()
{
	find "$mod" -name '*.ko' | while read -r file; do
		printf '~Module signature appended~\n' >>"$file"
	done
}

test_release()
{
	release=$1
	shadow=$TMP/shadow-$1
	rm -rf "$mod"
	cp -R "$ROOT/examples/external/store" "$mod"
	ok "$1: a shadow of the headers" "$apply" shadow \
		"/lib/modules/$1/build" "$shadow"
	ok "$1: builds" made
	is "$1: the steps" "$(did)" "LD [M] PAHOLE BTFBASE BTF [M]"
	ok "$1: the module has BTF" has_btf "$ko"

	files >"$TMP/files"
	for args in -n -q -s V=1 ''; do
		made $args
		is "$1: make $args: nothing is done" "$(did)" ''
		is "$1: make $args: no file is written" "$(files)" \
			"$(cat "$TMP/files")"
	done
	echo '/* newer */' >>"$mod/store.c"
	made -n
	made -q
	is "$1: a source is newer: -n and -q write nothing" "$(files)" \
		"$(cat "$TMP/files")"
	ok "$1: a source is newer: builds" made

	# shellcheck disable=SC2016 # for eval
	for by in 'find -exec install -m 644 {} "$extra"' 'cp *.ko "$extra"' \
		'rsync -a --include="*.ko" --exclude="*" ./ "$extra/"'; do
		case $by in
		find*)	installed find "find . -name '*.ko' ${by#find} \\;" ;;
		*)	installed "${by%% *}" "$by" ;;
		esac
	done

	files >"$TMP/files"
	ok "$1: without pahole: builds" made -s PAHOLE=/nonexistent
	is "$1: without pahole: a line says why" "$(said)" \
		"KEPT demo_store.ko: /nonexistent not found"
	is "$1: without pahole: the module stays" "$(files)" "$(cat "$TMP/files")"

	for change in strip_debug sign; do
		$change
		before=$(cksum <"$ko")
		tick
		ok "$1: $change: builds" made
		is "$1: $change: the module is left alone" "$(cksum <"$ko")" "$before"
		ok "$1: $change: it has BTF" has_btf "$ko"
	done

	# Without types, and with another reason
	rm -f "$mod"/*.ko*
	ok "$1: no base: builds" made -s BTF_BASE="$TMP/none"
	is "$1: no base: it is said" "$(said)" \
		"NO BTF demo_store.ko: $TMP/none: cannot open: No such file or directory"
	echo 'no BTF at all, and more than a header' >"$TMP/none"
	ok "$1: another reason: builds" made -s BTF_BASE="$TMP/none"
	is "$1: another reason: it is said" "$(said)" \
		"NO BTF demo_store.ko: $TMP/none: is not BTF (magic 0x6f6e)"
	rm -f "$TMP/none"

	# The types of the kernel that runs, which is another one
	if [ ! -e /sys/kernel/btf/vmlinux ] || [ "$(uname -r)" = "$1" ] ||
	   [ -e "/lib/modules/$1/build/vmlinux" ] || [ -e "/boot/vmlinux-$1" ] ||
	   [ -d "/usr/lib/debug/lib/modules/$1" ]; then
		skip "$1: vmlinux of the running kernel" \
			"it has no BTF or is this one, or there are types of this one"
		return
	fi
	rm -f "$mod"/*.ko* "$mod"/.tmp_vmlinux*
	ln -sf /sys/kernel/btf/vmlinux "$shadow/vmlinux"
	made -s BTF_BASE=
	like "$1: vmlinux is a link to that of another kernel" "$(said)" \
		"^NO BTF demo_store\.ko: .*/sys/kernel/btf/vmlinux \(is "
	fails "$1: its types are not taken" has_btf "$ko"
}

for release in $releases; do
	test_release "$release"
done
done_testing
