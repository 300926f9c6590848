#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# Which steps run when something has changed, in a real kernel tree: the table
# of tests/mini/rebuild.t again, and what only a kernel tree has, which is single
# targets, external modules, modules_install and "make clean".
#
# The tree is the one that kernel.t has built, of the release KERNEL_VERSION. It
# is reverted in the end, and sources that are edited here are put back, after
# an interrupted run by the next one.
#
# A row is one build. A step that it should have run and has not is run by the
# next row, and is found there.

# shellcheck disable=SC2119,SC2317 # functions called by name, or without arguments
# shellcheck source=tests/lib.sh
. "${0%/*}/../lib.sh"

version=${KERNEL_VERSION:-6.1}
dir=${KERNEL_BUILD:-$ROOT/build/kernel}/$version
tree=$dir/linux
saved=$dir/saved
base=$tree/.btf.vmlinux.base
OUT=$tree

# The number of a build is part of linux_banner[], and the type of that array
# another one from build 10 on.
export KBUILD_BUILD_VERSION=1

kbuild()
{
	make --no-print-directory -C "$tree" -j"$(nproc)" "$@" >"$LOG" 2>&1
	kbuild_status=$?
	sleep 0.03
	[ $kbuild_status -eq 0 ] || tail -n 30 "$LOG"
	return $kbuild_status
}

apply()
{
	"$ROOT/tools/apply/apply.sh" "$1" "$tree"
}

# edit_source SED-SCRIPT FILE, which restore_sources puts back
edit_source()
{
	if [ ! -f "$saved/$2" ]; then
		if ! { mkdir -p "$saved/${2%/*}" &&
		       cp "$tree/$2" "$saved/$2.tmp" &&
		       mv "$saved/$2.tmp" "$saved/$2"; }; then
			bail_out "$2 cannot be saved"
		fi
	fi
	edit "$1" "$tree/$2"
}

# As something new, so that what was built from the edited ones is not kept.
restore_sources()
{
	[ -f "$tree/vmlinux" ] || [ ! -f "$dir/vmlinux.away" ] ||
		mv "$dir/vmlinux.away" "$tree/vmlinux"
	[ -d "$saved" ] || return 0
	(cd "$saved" && find . -type f ! -name '*.tmp') |
	while read -r f; do
		cat "$saved/$f" >"$tree/$f" || return
	done
	rm -rf "$saved"
}

# modules, without suffix
modules()
{
	sed 's/\.k*o$//' "$tree/modules.order"
}

# Sums of all final modules, as a fingerprint of what was built
sums()
{
	modules | while read -r m; do
		echo "$m $(cksum <"$tree/$m.ko")"
	done
}

# row NAME MODULES STEP...: build the modules, and compare steps. What is built
# with is in $row_args, a word or nothing.
row()
{
	row_name=$1
	row_modules=$2
	shift 2
	ok "$row_name: builds" kbuild ${row_args:+"$row_args"} "${row_goal:-modules}"
	is "$row_name: the right steps" \
		"$(steps)" "$(steps_of "$row_modules" "$@")"
}
row_args=
row_goal=

# section FILE NAME OUT: empty when there is none
section()
{
	objcopy -O binary --only-section="$2" --set-section-flags "$2=alloc" \
		"$1" "$3" 2>/dev/null
}

# Type, address, flags and alignment: all but number, offset and size
section_kind()
{
	readelf -SW "$tree/vmlinux" | sed 's/^ *\[ *[0-9]*\] *//' |
	awk -v name="$1" '$1 == name { print $2, $7, $NF }'
}


trap 'restore_sources; rm -rf "$TMP"' EXIT
restore_sources
for f in vmlinux modules.order Module.symvers; do
	[ -f "$tree/$f" ] ||
		skip_all "linux $version is not built; kernel.t does that"
done
apply revert >/dev/null || bail_out "an earlier run cannot be reverted"

# --- vmlinux, by stock scripts. Its types are in the same order every time only
# without threads.
flags=$(make -s --no-print-directory -C "$tree" -f - print <<-'END'
	include Makefile
	print: ; @echo '$(filter-out -j%,$(PAHOLE_FLAGS))'
	END
) || bail_out "the flags for pahole cannot be found out"
rm -f "$tree/vmlinux"
ok "stock vmlinux: builds" kbuild PAHOLE_FLAGS="$flags" vmlinux
for s in .BTF .BTF_ids; do
	section "$tree/vmlinux" $s "$TMP/stock$s"
	section_kind $s >"$TMP/stock$s.kind"
done

# --- all of it
ok "apply" apply apply
ok "build" kbuild modules
all=$(modules)
like "build: vmlinux is linked" "$(cat "$LOG")" '^  LD      vmlinux$'
for s in .BTF .BTF_ids; do
	section "$tree/vmlinux" $s "$TMP/our"
	ok "vmlinux: $s as from stock scripts" cmp "$TMP/our" "$TMP/stock$s"
	is "vmlinux: $s is the same kind of section" \
		"$(section_kind $s)" "$(cat "$TMP/stock$s.kind")"
done
before=$(sums)
base_before=$(stamp "$base")
cp "$base" "$TMP/base"

# --- nothing
row "nothing" ""
unlike "nothing: not a line of a step" "$(cat "$LOG")" ' (LD|PAHOLE|BTF|BTFBASE|HOSTCC) '
is "nothing: the base is not written" "$(stamp "$base")" "$base_before"
is "nothing: the modules are the same" "$(sums)" "$before"

# --- a module source
edit_source 's/dev->min_mtu = 0;/dev->min_mtu = 1;/' drivers/net/dummy.c
row "a module source" drivers/net/dummy LD PAHOLE BTF
restore_sources
row "a module source, back again" drivers/net/dummy LD PAHOLE BTF
is "a module source, back again: as it was" "$(sums)" "$before"

# --- link flags
row_args=LDFLAGS_MODULE=--build-id=none
row "link flags" "$all" LD PAHOLE BTF
row_args=
row "link flags, back again" "$all" LD PAHOLE BTF
is "link flags, back again: as it was" "$(sums)" "$before"

# --- pahole flags
row_args=PAHOLE_FLAGS=--btf_gen_floats
row "pahole flags" "$all" PAHOLE BTF
row_args=
row "pahole flags, back again" "$all" PAHOLE BTF
is "pahole flags, back again: as it was" "$(sums)" "$before"

# --- btfstage
touch "$tree/tools/btfstage/btfstage"
row "btfstage is newer" "$all" BTF
touch "$tree/tools/btfstage/err.c"
row "btfstage's source" "$all" BTF
like "btfstage's source: it is compiled" "$(cat "$LOG")" \
	'^  HOSTCC  tools/btfstage/err\.o$'
is "btfstage: the base is not written" "$(stamp "$base")" "$base_before"

# --- vmlinux, the same types
vmlinux=$(cksum <"$tree/vmlinux")
edit_source 's/(val >> 4) \* 10;/(val >> 4) * 11;/' lib/bcd.c
row "a function body of vmlinux" ""
like "a function body of vmlinux: it is linked" "$(cat "$LOG")" \
	'^  LD      vmlinux$'
negate [ "$(cksum <"$tree/vmlinux")" = "$vmlinux" ]
result $? "a function body of vmlinux: it is another" </dev/null
is "a function body of vmlinux: the base is not written" \
	"$(stamp "$base")" "$base_before"
is "a function body of vmlinux: the modules are the same" "$(sums)" "$before"
restore_sources

# With threads, pahole 1.24 would write the types in another order.
for i in 1 2 3 4 5; do
	rm "$tree/vmlinux"
	row "relink $i of vmlinux" ""
	is "relink $i of vmlinux: the base is not written" \
		"$(stamp "$base")" "$base_before"
done

# --- vmlinux, types changed
edit_source 's/^\tswap_func_t swap;/&\n\tint priority;/' lib/sort.c
row "a type of vmlinux" "$all" BTF
like "a type of vmlinux: the base is written" "$(cat "$LOG")" '^  BTFBASE '
negate [ "$(stamp "$base")" = "$base_before" ]
result $? "a type of vmlinux: the base is new" </dev/null
restore_sources
row "a type of vmlinux, back again" "$all" BTF
ok "a type of vmlinux, back again: the base is as it was" cmp "$base" "$TMP/base"
is "a type of vmlinux, back again: the modules are as they were" \
	"$(sums)" "$before"

# --- files that are gone
rm "$tree/net/ipv4/tcp_bbr.ko"
row "foo.ko deleted" net/ipv4/tcp_bbr BTF
is "foo.ko deleted: it comes back as it was" "$(sums)" "$before"

# --- single targets
rm "$tree/fs/binfmt_misc.ko"
row_goal=fs/binfmt_misc.ko
row "single target" fs/binfmt_misc BTF
row "single target, nothing to do" ""

# --- no vmlinux
mv "$tree/vmlinux" "$dir/vmlinux.away"
rm "$tree/net/ipv4/tcp_bbr.ko"
row_goal=net/ipv4/tcp_bbr.ko
row "no vmlinux" net/ipv4/tcp_bbr NO_BTF
like "no vmlinux: it says why" "$(cat "$LOG")" \
	'^  NO BTF  net/ipv4/tcp_bbr\.ko: there is no vmlinux$'
ok "no vmlinux: the module is the linked one" \
	cmp "$tree/net/ipv4/tcp_bbr.ko" "$tree/net/ipv4/tcp_bbr.no-btf.ko"
ok "no vmlinux: modinfo reads it" modinfo "$tree/net/ipv4/tcp_bbr.ko"
mv "$dir/vmlinux.away" "$tree/vmlinux"
row "vmlinux is back" net/ipv4/tcp_bbr BTF
row_goal=
row "single targets leave the others alone" ""
is "single targets leave what was there" "$(sums)" "$before"

# --- BTF turned off, in the last step alone: with .config it would be most of the
# kernel that is compiled again
modfinal()
{
	kbuild -f - modfinal "$@" <<-'END'
	include Makefile
	modfinal: ; $(Q)$(MAKE) -f $(srctree)/scripts/Makefile.modfinal
	END
}
ok "BTF turned off: builds" modfinal CONFIG_DEBUG_INFO_BTF_MODULES=
is "BTF turned off: the right steps" "$(steps)" "$(steps_of "$all" LD_KO)"
section "$tree/fs/binfmt_misc.ko" .BTF "$TMP/none"
is "BTF turned off: there is none" "$(cat "$TMP/none")" ""
row "BTF turned on" "$all" BTF
is "BTF turned on: as it was" "$(sums)" "$before"

# --- an external module
ext=$TMP/ext
mkdir "$ext"
cat >"$ext/Makefile" <<'END'
obj-m := outside.o
END
cat >"$ext/outside.c" <<'END'
// SPDX-License-Identifier: GPL-2.0-only
#include <linux/bpf.h>
#include <linux/btf.h>
#include <linux/btf_ids.h>
#include <linux/module.h>

struct outside_state {
	struct list_head list;
	unsigned long hits;
};

static struct outside_state state;

noinline int outside_hit(struct outside_state *s, struct task_struct *task);
noinline int outside_hit(struct outside_state *s, struct task_struct *task)
{
	s->hits += task->pid;
	return 0;
}

BTF_SET8_START(outside_ids)
BTF_ID_FLAGS(func, outside_hit)
BTF_SET8_END(outside_ids)

static int __init outside_init(void)
{
	return outside_hit(&state, current) + outside_ids.cnt - 1;
}

static void __exit outside_exit(void)
{
}

module_init(outside_init);
module_exit(outside_exit);
MODULE_LICENSE("GPL");
END
ext_names()
{
	find "$ext" -mindepth 1 | sort
}
# The whole of it: count, flags, number and flags
ext_ids()
{
	section "$1" .BTF_ids "$TMP/ids" && od -An -v -td4 "$TMP/ids" | xargs
}
# What its types are split against: from 6.11 on, what it brings along
ext_base()
{
	section "$1" .BTF.base "$TMP/ext.base"
	if [ -s "$TMP/ext.base" ]; then
		echo "$TMP/ext.base"
	else
		echo "$tree/vmlinux"
	fi
}
ext_id()
{
	bpftool -B "$(ext_base "$1")" btf dump file "$1" |
	sed -n "s/^\[\([0-9]*\)] FUNC 'outside_hit'.*/\1/p"
}
ext_names >"$TMP/ext.before"

row_args=M=$ext
row "external module" "$ext/outside" LD PAHOLE BTF
unlike "external module: the tree's base is used" "$(cat "$LOG")" BTFBASE
like "external module: bpftool reads it" \
	"$(bpftool -B "$(ext_base "$ext/outside.ko")" btf dump file "$ext/outside.ko" format raw)" \
	"STRUCT 'outside_state' "
is "external module: .BTF_ids" "$(ext_ids "$ext/outside.ko")" \
	"1 0 $(ext_id "$ext/outside.ko") 0"
row "external module, nothing to do" ""
cp "$ext/outside.ko" "$TMP/outside.ko"
row_goal=clean
row "external module, clean" ""
ext_names >"$TMP/ext.after"
ok "external module, clean: nothing is left" cmp "$TMP/ext.before" "$TMP/ext.after"
row_goal=

# The tree can only be read: the base is the module's own.
read_only()
{
	# shellcheck disable=SC2016 # for the other shell
	unshare -m sh -c '
		mount --bind "$0" "$0" && mount -o remount,bind,ro "$0" &&
		! touch "$0/written" 2>/dev/null && "$@"' "$tree" "$@"
}
if read_only true >/dev/null 2>&1; then
	ok "external module, read-only tree: builds" \
		read_only make --no-print-directory -C "$tree" M="$ext" modules
	cp "$TMP/ok.log" "$LOG"
	is "external module, read-only tree: the right steps" \
		"$(steps)" "$(steps_of "$ext/outside" LD PAHOLE BTF)"
	like "external module, read-only tree: with a base of its own" \
		"$(cat "$LOG")" "^  BTFBASE $ext/"
	ok "external module, read-only tree: the same module" \
		cmp "$ext/outside.ko" "$TMP/outside.ko"
	kbuild "$row_args" clean
	ext_names >"$TMP/ext.after"
	ok "external module, read-only tree, clean: nothing is left" \
		diff "$TMP/ext.before" "$TMP/ext.after"
else
	skip "external module, read-only tree" "a mount cannot be made here"
fi
row_args=
row "external modules leave the tree's alone" ""

# --- modules_install
# install NAME ARG...: what is installed is in $inst, no more than it should be
install()
{
	install_name=$1
	shift
	rm -rf "$inst"
	ok "$install_name: runs" kbuild INSTALL_MOD_PATH="$inst" "$@" modules_install
	is "$install_name: the modules, and nothing else of them" \
		"$(cd "$inst"/lib/modules/*/kernel && find . -type f | sort)" \
		"$(modules | sed 's,.*,./&.ko,' | sort)"
}
same_btf()
{
	for m in $(modules); do
		section "$tree/$m.ko" .BTF "$TMP/was" &&
		section "$inst"/lib/modules/*/kernel/"$m.ko" .BTF "$TMP/is" &&
		[ -s "$TMP/is" ] && cmp "$TMP/was" "$TMP/is" || return
	done
}
same_files()
{
	for m in $(modules); do
		cmp "$tree/$m.ko" "$inst"/lib/modules/*/kernel/"$m.ko" || return
	done
}
inst=$TMP/inst
install "modules_install"
ok "modules_install: they are what was built" same_files
install "modules_install, stripped" INSTALL_MOD_STRIP=1
ok "modules_install, stripped: with .BTF as it was" same_btf
fails "modules_install, stripped: they are smaller" same_files
rm -rf "$inst"

# --- a signed module
if have openssl &&
   gcc -w -o "$TMP/sign-file" "$tree/scripts/sign-file.c" -lcrypto 2>/dev/null &&
   openssl req -new -x509 -newkey rsa:2048 -nodes -subj /CN=test -days 1 \
	-keyout "$TMP/key.pem" -out "$TMP/cert.pem" 2>/dev/null; then
	ok "sign-file signs a module" "$TMP/sign-file" sha256 "$TMP/key.pem" \
		"$TMP/cert.pem" "$tree/fs/binfmt_misc.ko" "$TMP/signed.ko"
	like "a signed module: modinfo sees it" "$(modinfo "$TMP/signed.ko")" \
		'^signer: +test$'
	section "$tree/fs/binfmt_misc.ko" .BTF "$TMP/was"
	section "$TMP/signed.ko" .BTF "$TMP/is"
	ok "a signed module: .BTF is as it was" cmp "$TMP/was" "$TMP/is"
else
	skip "a signed module" "openssl and its headers are not installed"
fi

# --- git. What a distribution adds below, for its own repository, is left out.
mkdir -p "$TMP/git/tools/btfstage"
sed '/^\/\*$/,$d' "$tree/.gitignore" >"$TMP/git/.gitignore"
cp "$tree/tools/btfstage/.gitignore" "$TMP/git/tools/btfstage"
ignored()
{
	git -C "$TMP/git" check-ignore --no-index -q "$1"
}
if have git && git -C "$TMP/git" init -q; then
	m=net/ipv4/tcp_bbr
	for f in $m.ko $m.no-btf.ko $m.ko.btf ${m%/*}/.tmp_tcp_bbr.ko.btf \
		 ${m%/*}/.tcp_bbr.ko.cmd ${m%/*}/.tcp_bbr.ko.btf.cmd \
		 ${m%/*}/.tcp_bbr.no-btf.ko.cmd .btf.vmlinux.base \
		 ..btf.vmlinux.base.cmd .btfstage \
		 tools/btfstage/btfstage tools/btfstage/main.o \
		 tools/btfstage/.main.o.d; do
		case $f in
		"$m.ko.btf") todo="no pattern of .gitignore covers it" ;;
		esac
		ok "git ignores $f" ignored "$f"
		todo=
	done
	fails "git does not ignore tools/btfstage/main.c" \
		ignored tools/btfstage/main.c
else
	skip "git ignores what is built" "git is not installed"
fi

# --- clean, in a copy. The files are the same ones, since clean only removes.
copy=$dir/copy
rm -rf "$copy"
if cp -al "$tree" "$copy" 2>/dev/null; then
	ok "clean: runs" make -s -C "$copy" clean
	is "clean: no file of a step is left" "$(cd "$copy" &&
		find . -name '*.ko' -o -name '*.ko.*' -o -name '.btf.*' \
			-o -name '..btf.*' -o -name '.tmp_*' | sort)" ""
	(cd "$tree/.btfstage/new" && find tools/btfstage -type f | sort) \
		>"$TMP/clean.want"
	(cd "$copy" && find tools/btfstage -type f | sort) >"$TMP/clean.got"
	todo="the tree's clean does not know the helper"
	ok "clean: in tools/btfstage are the sources, and nothing else" \
		diff "$TMP/clean.got" "$TMP/clean.want"
	todo=
else
	skip "clean" "no hard links can be made here"
fi
rm -rf "$copy"

# --- reverted. The scripts are newer now, so that stock kbuild makes vmlinux
# again, and with it the BTF of all modules.
ok "revert" apply revert
row "a build after that" "$all" LD_KO BTF
modules | sed 's/$/.ko/' >"$TMP/modules"
without_btf()
{
	while read -r m; do
		readelf -SW "$tree/$m" | grep -q ' \.BTF ' || echo "$m"
	done <"$TMP/modules"
}
is "a build after that: every module has BTF" "$(without_btf)" ""

done_testing
