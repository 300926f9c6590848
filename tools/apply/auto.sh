# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh disable=SC2154 # variables of apply.sh
#
# Hooks that add btfstage to headers when a package installs them, before DKMS uses them
#
#	ROOT/etc/kernel/header_postinst.d/btfstage	headers were installed
#	ROOT/etc/kernel/postinst.d/btfstage		a kernel was installed
#	ROOT/var/lib/btfstage/trees			applied headers, one on a line
#	ROOT/var/lib/btfstage/headers/RELEASE		shadows, with --shadow
#
# Hooks run in the order of their names, so these run before "dkms". They are not conffiles:
# "on" writes them, "off" removes them.
#
# With --shadow, no file of a package changes: dpkg diverts the link
# /lib/modules/RELEASE/build, and a link to the shadow replaces it. DKMS has no setting for
# that directory, and Makefiles of modules contain its name.

auto_usage()
{
	cat <<-END
	Usage: ${0##*/} --auto [--root DIR] [--shadow] on
	       ${0##*/} --auto [--root DIR] off|status

	  on      add btfstage to all installed headers, and to those that are installed
	          later, before DKMS builds with them
	  off     restore the headers, and remove the hooks
	  status  list the hooks and the changed headers

	      --root DIR  use the system below DIR
	      --shadow    change no file of a package: make shadows of headers in
	                  /var/lib/btfstage, and divert the links to headers
	      --help      show this text

	Exit status: 0 done, or on; 1 refused or failed, or off; 2 wrong usage
	END
}

auto_mark='# Written by "btfstage-apply --auto on", removed by "btfstage-apply --auto off"'

# Path of a hook, and whether it is ours
auto_hooks()
{
	for dir in header_postinst.d postinst.d; do
		hook=$sysroot/etc/kernel/$dir/btfstage
		if [ ! -e "$hook" ]; then
			echo "$hook: off"
		elif grep -qxF "$auto_mark" "$hook"; then
			echo "$hook: on"
		else
			echo "$hook: exists, and is not from btfstage"
		fi
	done
}

# The output of apply
auto_why()
{
	tail -n 1 said | sed 's/^apply: //'
}

auto_divert()
{
	dpkg-divert ${sysroot:+--root="$sysroot"} --quiet --rename "$@" >said 2>&1
}

# The names of a link; the package has one of them, since /usr can be merged
auto_links()
{
	echo "/lib/modules/$1/build /usr/lib/modules/$1/build"
}

auto_apply()
{
	tree=$(cd -P -- "$build/scripts/.." 2>said && pwd -P) || return
	# "off" must not revert what a user has applied.
	[ -d "$tree/.btfstage" ] || grep -qsxF "$tree" "$lib/trees" ||
		echo "$tree" >>"$lib/trees"
	"$me/apply.sh" apply "$build" >said 2>&1 || return
	! grep -Eq '^  (COPY|EDIT)' said || say AUTO "$release: $tree"
}

auto_shadow()
{
	shadow=$lib/headers/$release
	[ ! -L "$build.btfstage" ] || build=$build.btfstage
	"$me/apply.sh" shadow "$build" "$shadow" >said 2>&1 || return
	[ "$build" = "${build%.btfstage}" ] || return 0
	for link in $(auto_links "$release"); do
		! dpkg-query ${sysroot:+--root="$sysroot"} -S "$link" >said 2>&1 || break
	done
	auto_divert --package btfstage --divert "$link.btfstage" --add "$link" &&
	ln -s "$shadow" "$build" && say AUTO "$release: $shadow"
}

# Report what would leave all modules without BTF before they are built.
auto_needs()
{
	why=
	case $("$root/tools/btfstage/btfstage" find-base --release "$release" \
		--sysroot "$sysroot/" "$build" 2>&1) in
	none:*)
		if [ ! -e "$sysroot/boot/vmlinuz-$release" ] &&
		   [ ! -e "$sysroot/lib/modules/$release/vmlinuz" ]; then
			why="it is not installed itself"
		elif ! command -v btfinspect >/dev/null; then
			why="btfinspect is not in PATH, $PATH"
		fi ;;
	esac
	command -v pahole >/dev/null || why="pahole is not in PATH, $PATH"
	[ -z "$why" ] ||
		echo >&2 "btfstage-apply: kernel $release: modules get no BTF: $why"
}

auto_headers()
{
	build=$sysroot/lib/modules/$release/build
	# Not every kernel has headers, and source trees belong to users.
	[ -d "$build/scripts/" ] || return 0
	[ ! -e "$build/Kbuild" ] && [ ! -d "$build/source" ] ||
		[ -f "$build/.btfstage-shadow" ] || return 0
	if auto_"$mode"; then
		auto_needs
	else
		echo >&2 "btfstage-apply: kernel $release: its headers are left" \
			"as they are: $(auto_why)"
		failed=yes
	fi
}

# Also after the package was removed, when only our files are left
auto_revert()
{
	if [ -d "$1/.btfstage" ] && ! "$me/apply.sh" revert "$1" </dev/null >said 2>&1; then
		echo >&2 "btfstage-apply: cannot be restored: $(auto_why)"
		failed=yes
		echo "$1" >>kept
		return
	fi
	rmdir "$1/scripts" "$1" 2>/dev/null || :
	say RESTORE "$1"
}

auto_unshadow()
{
	build=$sysroot/lib/modules/$1/build
	for link in $(auto_links "$1"); do
		[ "$(dpkg-divert ${sysroot:+--root="$sysroot"} --listpackage "$link")" = \
			btfstage ] || continue
		rm -f "$sysroot$link"
		auto_divert --remove "$link" || {
			echo >&2 "btfstage-apply: cannot be restored: $(auto_why)"
			failed=yes
		}
		rmdir "${build%/build}" 2>/dev/null || :
	done
	rm -rf "${lib:?}/headers/$1"
	say RESTORE "$build"
}

# auto_restore WHICH: all, or what removed packages have left
auto_restore()
{
	: >kept
	[ ! -f "$lib/trees" ] || while read -r tree; do
		if [ "$1" = left ] && [ -f "$tree/scripts/Makefile.modfinal" ]; then
			echo "$tree" >>kept
		else
			auto_revert "$tree"
		fi
	done <"$lib/trees"
	if [ -s kept ]; then
		cmp -s kept "$lib/trees" || cp kept "$lib/trees"
	else
		rm -f "$lib/trees"
	fi
	for shadow in "$lib"/headers/*/; do
		release=$(basename "$shadow")
		[ -d "$shadow" ] || continue
		if [ "$1" != left ] || [ ! -e "$sysroot/lib/modules/$release/build.btfstage" ]
		then
			auto_unshadow "$release"
		fi
	done
}

auto_mode()
{
	mode=apply
	[ ! -d "$lib/headers" ] || mode=shadow
}

# auto_update [RELEASE]: called by the hooks
# shellcheck disable=SC2120 # by cmd_auto
auto_update()
{
	auto_hooks | grep -q ': on$' || return 0
	auto_mode
	auto_restore left
	for release in ${1:-$(ls "$sysroot/lib/modules" 2>/dev/null)}; do
		auto_headers
	done
}

auto_on()
{
	[ -L "$root/tools/btfstage/btfstage" ] ||
		die "$root: btfstage-apply is not installed for hooks: make install"
	case $me in
	*\'*)	die "$me: has a path that a shell script cannot contain" ;;
	esac
	! auto_hooks | grep ': exists, ' >said || die "$(auto_why)"
	[ -z "$shadows" ] || command -v dpkg-divert >/dev/null ||
		die "--shadow needs dpkg-divert"
	auto_mode
	[ "$mode" = "${shadows:-apply}" ] || auto_restore all
	cat >hook <<-END
	#!/bin/sh
	$auto_mark
	[ ! -x '$me/apply.sh' ] || '$me/apply.sh' --auto update "\$1" >&2
	exit 0
	END
	mkdir -p "$lib${shadows:+/headers}"
	[ -n "$shadows" ] || rmdir "$lib/headers" 2>/dev/null || :
	auto_hooks >hooks
	while IFS=: read -r file _; do
		mkdir -p "${file%/*}"
		cp hook "$file.new" && chmod 755 "$file.new" && mv "$file.new" "$file" ||
			exit 1
	done <hooks
	# shellcheck disable=SC2119 # all
	auto_update
}

auto_off()
{
	auto_hooks | sed -n 's/: on$//p' >hooks
	while read -r file; do
		rm "$file"
	done <hooks
	auto_restore all
	rmdir "$lib/headers" "$lib" 2>/dev/null || :
}

auto_status()
{
	auto_hooks | tee hooks
	[ ! -f "$lib/trees" ] || sed 's/$/: applied/' "$lib/trees"
	for shadow in "$lib"/headers/*/; do
		[ ! -d "$shadow" ] || echo "${shadow%/}: a shadow"
	done
	grep -q ': on$' hooks || failed=yes
}

cmd_auto()
{
	sysroot=
	shadows=
	failed=
	while :; do
		case ${1-} in
		--root)		[ $# -gt 1 ] || break
				sysroot=$(tree_path "$2") || exit
				[ "$sysroot" != / ] || sysroot=
				shift ;;
		--shadow)	shadows=shadow ;;
		*)		break ;;
		esac
		shift
	done
	case "${1-}-$#" in
	on-1)			;;
	off-1|status-1|update-[12])	[ -z "$shadows" ] ;;
	-h-*|--help-*)		auto_usage
				exit ;;
	*)			! : ;;
	esac || {
		auto_usage >&2
		exit 2
	}
	lib=$sysroot/var/lib/btfstage
	work_dir
	command=auto_$1
	shift
	"$command" "$@"
	[ -z "$failed" ]
}
