#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# An external module loads into another kernel, with one more type that changes all ids.
# With .BTF.base the kernel finds the module's types. Without, it takes them for others, and
# refuses the module when it registers kfuncs.
#
# kernel.t has built the tree, of the release KERNEL_VERSION. It is reverted at the end, and
# edited sources are restored, after an interrupted run by the next one.

# shellcheck disable=SC2317 # functions are called by "ok" and "trap"
# shellcheck source=tests/lib.sh
. "${0%/*}/../lib.sh"
# shellcheck source=tests/differential/libbpf.sh
. "${0%/*}/../differential/libbpf.sh"

version=${KERNEL_VERSION:-6.1}
dir=${KERNEL_BUILD:-$ROOT/build/kernel}/$version
tree=$dir/linux
edited=$tree/init/main.c
saved=$dir/main.c.saved

# The number of a build is part of linux_banner[], whose length is a type.
export KBUILD_BUILD_VERSION=1

apply()
{
	"$ROOT/tools/apply/apply.sh" "$1" "$tree"
}

kbuild()
{
	make --no-print-directory -C "$tree" -j"$(nproc)" "$@" >"$LOG" 2>&1 &&
		return
	tail -n 30 "$LOG"
	return 1
}

# As something new, so that what was built from the edited one is not kept
restore()
{
	[ ! -f "$saved" ] || { cat "$saved" >"$edited" && rm "$saved"; }
}

# same_types NAME STOCK OURS. In 7.2, pahole does not find many types in vmlinux, where they
# are sorted, and stock has them all in .BTF.base: no name is missing here.
same_types()
{
	if [ "$version" = 7.2 ]; then
		is "$1, but for those of vmlinux" "$(sed -n \
			"s/^\[[0-9]*\] \(FUNC '[^']*'\).*/\1/p" "$3" | sort)" \
			"$(sed -n "s/^\[[0-9]*\] \(FUNC '[^']*'\).*/\1/p" "$2" | sort)"
	else
		ok "$1" diff "$2" "$3"
	fi
}

# Number of a struct in vmlinux
struct_id()
{
	bpftool btf dump file "$tree/vmlinux" |
	sed -n "s/^\[\([0-9]*\)] STRUCT '$1' .*/\1/p" | head -n 1
}

# boot NAME: $report is what it says of the modules, $console the kernel's log.
# boot.sh's own result counts for nothing: it looks for what is in the file, not
# for what the kernel makes of it.
boot()
{
	"${0%/*}/boot.sh" "$tree/arch/x86/boot/bzImage" "$ext" "$TMP/boot" \
		>"$TMP/boot.log" 2>&1
	report=$(cat "$TMP/boot/report")
	console=$(grep -vE 'Linux version |ommand line: ' \
		"$TMP/boot/console.log")
	like "$1: the guest ran to its end" "$(cat "$TMP/boot.log")" \
		'^ok [0-9]* - guest ran to its end$'
}

# loaded NAME MODULE FILE: it is, with the types that are in the file
loaded()
{
	is "$1: $2 is loaded, with the right types" \
		"$(echo "$report" | grep "^module $2 ")" \
		"module $2 0 $(wc -c <"$3") $(sha256sum <"$3" | cut -d' ' -f1)"
	unlike "$1: the kernel does not complain of $2" "$console" "BTF.*$2|$2.*BTF"
}

case $version in
6.1)	skip_all "linux $version knows no .BTF.base" ;;
esac
for f in vmlinux modules.order Module.symvers; do
	[ -f "$tree/$f" ] ||
		skip_all "linux $version is not built; kernel.t does that"
done
trap 'restore; rm -rf "$TMP"' EXIT
restore || bail_out "$edited is not as it was"
if [ -d "$tree/.btfstage" ]; then
	apply revert >/dev/null || bail_out "an earlier run cannot be reverted"
fi
libbpf_program "$tree/tools/lib/bpf" \
	"$ROOT/tests/differential/distill_compare.c" "$TMP/distill_compare" ||
	bail_out "distill_compare does not compile: $(tail -n 1 "$TMP/cc.log")"

# --- the same module three times: as the build makes it, without .BTF.base, and
# by pahole, if it can.
ext=$TMP/ext
mkdir "$ext"
cat >"$ext/Makefile" <<'END'
obj-m := distilled.o plain.o
END
cat >"$ext/distilled.c" <<'END'
// SPDX-License-Identifier: GPL-2.0-only
#include <linux/bpf.h>
#include <linux/btf.h>
#include <linux/btf_ids.h>
#include <linux/fs.h>
#include <linux/module.h>

struct distilled_state {
	struct list_head list;
	struct task_struct *task;
	struct kobject kobj;
	const struct file_operations *fops;
	struct {
		atomic_long_t hits;
		enum pid_type type;
	} stats[2];
	int (*call)(struct distilled_state *state, struct file *file);
};

static struct distilled_state state;

__bpf_kfunc_start_defs();

__bpf_kfunc int distilled_hit(struct distilled_state *s, struct file *file)
{
	atomic_long_inc(&s->stats[0].hits);
	return s->call ? s->call(s, file) : 0;
}

__bpf_kfunc struct task_struct *distilled_task(struct distilled_state *s)
{
	return s->task;
}

__bpf_kfunc_end_defs();

BTF_KFUNCS_START(distilled_ids)
BTF_ID_FLAGS(func, distilled_hit, KF_SLEEPABLE)
BTF_ID_FLAGS(func, distilled_task)
BTF_KFUNCS_END(distilled_ids)

static const struct btf_kfunc_id_set distilled_set = {
	.owner = THIS_MODULE,
	.set = &distilled_ids,
};

static int __init distilled_init(void)
{
	INIT_LIST_HEAD(&state.list);
	/* It looks up every function by its id, and wants to find one. */
	return register_btf_kfunc_id_set(BPF_PROG_TYPE_SYSCALL, &distilled_set);
}

static void __exit distilled_exit(void)
{
}

module_init(distilled_init);
module_exit(distilled_exit);
MODULE_DESCRIPTION("Types of its own, and of the kernel");
MODULE_LICENSE("GPL");
END
# From 7.0 on no two modules may have a kfunc of one name.
sed 's/distilled_/plain_/g' "$ext/distilled.c" >"$ext/plain.c"

# From 7.0 on, resolve_btfids distills, and it makes .BTF_ids from the result.
if [ -f "$tree/scripts/gen-btf.sh" ]; then
	ok "stock: builds" kbuild M="$ext" modules
	mv "$ext/distilled.ko" "$TMP/stock.ko"
	ok "stock: clean" kbuild M="$ext" clean
fi

btf_compare_build
ok "apply" apply apply
ok "build" kbuild bzImage modules
btfstage=$tree/scripts/btfstage/btfstage

"$btfstage" base -o "$TMP/old.base" "$tree/vmlinux"
cp "$tree/vmlinux" "$TMP/old.vmlinux"
ok "external modules: build" kbuild M="$ext" modules
for m in distilled plain; do
	section "$ext/$m.ko" .BTF.base "$TMP/$m.base"
	ok "$m: has a .BTF.base" test -s "$TMP/$m.base"
done
ok "plain: staged without one" "$btfstage" ko --base "$TMP/old.base" \
	--types "$ext/plain.ko.no-btf.btf" -o "$ext/plain.ko" "$ext/plain.ko.no-btf"
ok "distilled: staged without one, to compare" "$btfstage" ko \
	--base "$TMP/old.base" --types "$ext/distilled.ko.no-btf.btf" \
	-o "$TMP/distilled.plain" "$ext/distilled.ko.no-btf"
section "$ext/distilled.ko" .BTF "$TMP/distilled.btf"
section "$ext/distilled.ko" .BTF_ids "$TMP/distilled.ids"
ok "there are .BTF_ids" test -s "$TMP/distilled.ids"
if [ -f "$TMP/stock.ko" ]; then
	distilled_types "$TMP/stock.ko" >"$TMP/stock.types"
	distilled_types "$ext/distilled.ko" >"$TMP/our.types"
	like "there are types" "$(cat "$TMP/our.types")" "FUNC 'distilled_init'"
	same_types "types are stock's" "$TMP/stock.types" "$TMP/our.types"
	section "$TMP/stock.ko" .BTF_ids "$TMP/ref.ids"
	[ "$version" = 7.2 ] ||
		ok ".BTF_ids are stock's" cmp "$TMP/ref.ids" "$TMP/distilled.ids"
else
	ok "distilled: as from libbpf, and back" "$TMP/distill_compare" \
		"$TMP/old.vmlinux" "$TMP/distilled.plain" "$ext/distilled.ko"
	objcopy --add-section .BTF="$TMP/distilled.btf" \
		--add-section .BTF.base="$TMP/distilled.base" \
		"$ext/distilled.ko.no-btf" "$TMP/ids.ko"
	ok "resolve_btfids takes it" \
		"$tree/tools/bpf/resolve_btfids/resolve_btfids" \
		-b "$tree/vmlinux" "$TMP/ids.ko"
	section "$TMP/ids.ko" .BTF_ids "$TMP/ref.ids"
	ok ".BTF_ids as from resolve_btfids" cmp "$TMP/distilled.ids" "$TMP/ref.ids"
	if pahole --supported_btf_features 2>/dev/null | grep -q distilled_base; then
		cp "$ext/distilled.ko.no-btf" "$TMP/pahole.ko"
		ok "pahole makes one" pahole_in_place \
			--btf_features=default,distilled_base \
			--btf_base "$tree/vmlinux" "$TMP/pahole.ko"
		ok "pahole's is ours" "$TMP/distill_compare" "$TMP/old.vmlinux" \
			"$TMP/distilled.plain" "$TMP/pahole.ko"
	else
		skip "pahole makes one" "pahole $(pahole --version) can not"
	fi
fi

# --- into the kernel that they were built for
relocated()
{
	"$TMP/distill_compare" --relocate "$tree/vmlinux" "$ext/distilled.ko" \
		"$TMP/relocated.btf"
}
boot "the same kernel"
ok "the same kernel: relocate" relocated
loaded "the same kernel" distilled "$TMP/relocated.btf"
section "$ext/plain.ko" .BTF "$TMP/plain.btf"
loaded "the same kernel" plain "$TMP/plain.btf"

# --- into the next one
sums=$(cksum "$ext/distilled.ko" "$ext/plain.ko")
before=$(struct_id list_head)
cp "$edited" "$saved.tmp" && mv "$saved.tmp" "$saved"
sed -i '0,/^#include/s//struct a_type_more {\n\tshort nr;\n\tstruct a_type_more *next;\n};\nextern struct a_type_more a_type_more;\nstruct a_type_more a_type_more;\n\n&/' \
	"$edited"
ok "a kernel with a type more: builds" kbuild bzImage
like "a kernel with a type more: it is there" "$(struct_id a_type_more)" '[0-9]'
negate [ "$(struct_id list_head)" = "$before" ]
result $? "a kernel with a type more: others have new ids" </dev/null
is "the modules are the old ones" \
	"$(cksum "$ext/distilled.ko" "$ext/plain.ko")" "$sums"

boot "a kernel with a type more"
ok "a kernel with a type more: relocate" relocated
fails "a kernel with a type more: other bytes than in the file" \
	cmp "$TMP/relocated.btf" "$TMP/distilled.btf"
loaded "a kernel with a type more" distilled "$TMP/relocated.btf"
unlike "a kernel with a type more: plain is not loaded" "$report" \
	'^module plain 0 '
like "a kernel with a type more: plain has no types" "$report" \
	'^module plain [1-9][0-9]* - -$'

"$btfstage" base -o "$TMP/new.base" "$tree/vmlinux"
"$BTFINSPECT" check --base "$TMP/new.base" "$ext/plain.ko" >"$TMP/check.txt" 2>&1
is "a kernel with a type more: check finds plain bad" $? 1
like "a kernel with a type more: check says why" "$(cat "$TMP/check.txt")" \
	'plain\.ko: error: .*register_btf_kfunc_id_set\(\) fails'
ok "a kernel with a type more: check finds distilled good" \
	"$BTFINSPECT" check --base "$TMP/new.base" --strict "$ext/distilled.ko"

# The kernel's relocation gives the same types as staging it for this kernel.
ok "staged for this kernel" "$btfstage" ko --base "$TMP/new.base" \
	--types "$ext/distilled.ko.no-btf.btf" -o "$TMP/distilled.plain" \
	"$ext/distilled.ko.no-btf"
section "$TMP/distilled.plain" .BTF "$TMP/staged.btf"
ok "the same types, by their new ids" "$TMP/btf_compare" "$tree/vmlinux" \
	"$TMP/staged.btf" "$TMP/relocated.btf"

# The next test may boot it with its modules.
restore
ok "the kernel as it was: builds" kbuild bzImage modules
ok "revert" apply revert

done_testing
