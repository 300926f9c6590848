#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# "make M=dir": common uses of *.ko in a directory that also has linked modules. BTF=n
# represents stock kbuild, which has only *.ko.

# shellcheck disable=SC2119,SC2317 # functions called by name, or without arguments
# shellcheck source=tests/lib.sh
. "${0%/*}/../lib.sh"

mod=$TMP/mod
release=6.0.0-mini

# fresh DIR: two modules, one of two objects
fresh()
{
	rm -rf "$1"
	mkdir "$1"
	cat >"$1/Kbuild" <<-'END'
	obj-m := led-demo.o pulse.o
	led-demo-y := main.o part.o
	ccflags-y := -DLED=1
	END
	echo 'struct led { int a; };
		int part(struct led *l) { return l->a + LED; }' >"$1/part.c"
	echo 'struct led; int part(struct led *l);
		int led_init(struct led *l) { return part(l); }' >"$1/main.c"
	echo 'struct pulse { int a; };
		int pulse(struct pulse *p) { return p->a; }' >"$1/pulse.c"
}
all="$mod/led-demo
$mod/pulse"

# steps_ext STEP...: what steps prints when these are run for both
steps_ext()
{
	steps_of "$all" "$@"
}

btf_of()
{
	for m in led-demo pulse; do
		section_hex "$1/$m.ko" .BTF
	done
}

mini_first
fresh "$mod"
sources=$(cd "$mod" && find . | sort)
ok "M=: builds" mini M="$mod"
is "M=: the steps" "$(steps)" "$(steps_ext LD PAHOLE BTF)"
ok "M=: builds again" mini M="$mod"
is "M=: then nothing more" "$(cat "$LOG")" ""
is "M=: what is called *.ko" "$(cd "$mod" && echo *.ko)" "led-demo.ko pulse.ko"
btf=$(btf_of "$mod")
like "M=: they have BTF" "$btf" '^9feb.*9feb'

# --- PAHOLE is for a shell, and its version may be any text.
mkdir "$TMP/my tools"
cat >"$TMP/my tools/pahole" <<END
#!/bin/sh
[ "\$*" != --version ] || { echo "v1.30 (it's a; custom build)"; exit; }
exec $(command -v pahole) "\$@"
END
chmod +x "$TMP/my tools/pahole"
ln -s "my tools" "$TMP/tools"
for pahole in "$TMP/tools/pahole" "'$TMP/tools/pahole'" "'$TMP/my tools/pahole'" \
	"\"$TMP/my tools/pahole\"" "env A=b pahole"; do
	ok "PAHOLE=$pahole: builds" mini M="$mod" PAHOLE="$pahole"
	is "PAHOLE=$pahole: the steps" "$(steps)" "$(steps_ext PAHOLE BTF)"
	is "PAHOLE=$pahole: the same BTF" "$(btf_of "$mod")" "$btf"
	mini M="$mod" PAHOLE="$pahole"
	is "PAHOLE=$pahole: then nothing more" "$(steps)" ""
done
mini M="$mod"

# --- installed
stock=$TMP/stock
mini_stock()
{
	make -s --no-print-directory -C "$SRC/examples/mini" O="$TMP/stock.out" \
		BTF=n M="$stock" "$@"
}
fresh "$stock"
make -s -C "$SRC/examples/mini" O="$TMP/stock.out" BTF=n modules_prepare
mini_stock || bail_out "the modules do not build without BTF"

by_find()
{
	find "$1" -name '*.ko' -exec install -m 644 {} "$2" \;
}
by_cp()
{
	cp "$1"/*.ko "$2"
}
by_rsync()
{
	rsync -a --include='*.ko' --exclude='*' "$1/" "$2"
}
by_modules_install()
{
	if [ "$1" = "$stock" ]; then
		mini_stock INSTALL_MOD_PATH="$root" modules_install
	else
		mini INSTALL_MOD_PATH="$root" M="$1" modules_install
	fi
}

# installed BY DIR: the files, and what depmod and modprobe make of them
installed()
{
	root=$TMP/root
	rm -rf "$root"
	mkdir -p "$root/lib/modules/$release/updates"
	: >"$root/lib/modules/$release/modules.order"
	: >"$root/lib/modules/$release/modules.builtin"
	"by_$1" "$2" "$root/lib/modules/$release/updates" || return
	(cd "$root" && find . -name '*.ko*')
	have depmod || return 0
	depmod -b "$root" $release
	for m in led-demo pulse; do
		modprobe -d "$root" -S $release --show-depends $m
	done
}
for by in find cp rsync modules_install; do
	if [ $by = rsync ] && ! have rsync; then
		skip "installed by $by" "no rsync"
		continue
	fi
	is "installed by $by: as with stock" \
		"$(installed $by "$mod" 2>&1 | sort)" \
		"$(installed $by "$stock" 2>&1 | sort)"
	installed $by "$mod" >"$TMP/installed" 2>&1
	is "installed by $by: what is loaded has BTF" \
		"$(btf_of "$TMP/root/lib/modules/$release/updates")" "$btf"
done

# --- signed, and stripped, in place
strip_debug()
{
	strip --strip-debug "$mod"/*.ko
}
sign()
{
	for f in "$mod"/*.ko; do
		printf '~Module signature appended~\n' >>"$f"
	done
}
for change in strip_debug sign; do
	$change
	before=$(stamp "$mod"/*.ko)
	ok "$change in place: builds" mini M="$mod"
	is "$change in place: no step undoes it" "$(steps)" ""
	is "$change in place: the modules are as they were left" \
		"$(stamp "$mod"/*.ko)" "$before"
	is "$change in place: they have their BTF" "$(btf_of "$mod")" "$btf"
done
touch "$mod/pulse.c"
ok "a source is newer: builds" mini M="$mod"
is "a source is newer: its module is made again" "$(steps)" \
	"$(steps_ext LD PAHOLE BTF | grep pulse)"
is "a source is newer: the other one is still signed" \
	"$(tail -c 28 "$mod/led-demo.ko")" "~Module signature appended~"

# --- without a vmlinux in the tree
# kept NAME REASON-REGEX ARG...: both modules stay
kept()
{
	name=$1
	regex=$2
	shift 2
	before=$(stamp "$mod"/*.ko)
	ok "$name: builds" mini M="$mod" -s "$@"
	is "$name: both modules are kept, for this reason" \
		"$(grep -c "^  KEPT    $mod/[a-z-]*\.ko: $regex" "$LOG")" 2
	is "$name: nothing else is said" "$(wc -l <"$LOG")" 2
	is "$name: they were not touched" "$(stamp "$mod"/*.ko)" "$before"
}
kept "no pahole" "/nowhere/pahole not found" PAHOLE=/nowhere/pahole
kept "a base that is none" "/nowhere/base: cannot open" BTF_BASE=/nowhere/base
mv "$OUT/scripts/btfstage/btfstage" "$TMP/btfstage.away"
if have btfstage; then
	skip "no helper" "one is installed"
else
	kept "no helper" "btfstage is not installed, nor in $OUT/scripts/btfstage"
fi
mv "$TMP/btfstage.away" "$OUT/scripts/btfstage/btfstage"
mkdir "$TMP/away"
mv "$OUT/vmlinux" "$OUT/.btf.vmlinux.base" "$TMP/away"
mkdir "$TMP/empty"
kept "no vmlinux" "no BTF of kernel $release in $OUT, " BTF_SYSROOT="$TMP/empty"

# Two wrong files, one after the other
fresh "$mod"
for base in /nowhere/one /nowhere/two; do
	ok "BTF_BASE=$base: builds" mini M="$mod" BTF_BASE=$base
	is "BTF_BASE=$base: it is said" \
		"$(grep -c "^  NO BTF  .*: $base: cannot open" "$LOG")" 2
done

# A prepared base is used as long as it exists, for its release.
ok "BTF_BASE: builds" mini M="$mod" BTF_BASE="$TMP/away/vmlinux"
is "BTF_BASE: the steps" "$(steps)" "$(steps_ext PAHOLE BTF)"
touch "$mod/pulse.c"
ok "a prepared base: builds" mini M="$mod" BTF_SYSROOT="$TMP/empty"
is "a prepared base: it is used" "$(steps)" \
	"$(steps_ext LD PAHOLE BTF | grep pulse)"
is "a prepared base: the same BTF" "$(btf_of "$mod")" "$btf"
touch "$mod/pulse.c"
mini M="$mod" BTF_SYSROOT="$TMP/empty" KERNELRELEASE=6.0.1-mini
like "another release: it is not used" "$(cat "$LOG")" \
	"^  NO BTF  $mod/pulse\.ko: no BTF of kernel 6\.0\.1-mini in "
mini M="$mod" BTF_SYSROOT="$TMP/empty" KERNELRELEASE=
like "KERNELRELEASE=: the tree's release is taken" "$(steps)" \
	"^BTF \[M] $mod/pulse\.ko\$"

# --- what is prepared with "make modules_prepare" alone
rm -r "$OUT"
ok "modules_prepare" mini modules_prepare
fresh "$mod"
ok "modules_prepare and a vmlinux: M= builds" mini M="$mod" \
	BTF_BASE="$TMP/away/vmlinux"
is "modules_prepare and a vmlinux: the steps" \
	"$(steps)" "$(steps_ext LD PAHOLE BTF)"
is "modules_prepare and a vmlinux: the same BTF" "$(btf_of "$mod")" "$btf"

ok "clean" mini M="$mod" clean
is "clean: only the sources are left" "$(cd "$mod" && find . | sort)" "$sources"

done_testing
