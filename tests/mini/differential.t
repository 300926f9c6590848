#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# Our modules against pahole's: "encode alone, then deduplicate" has to leave the
# types that pahole leaves when it is given vmlinux.

# shellcheck disable=SC2119,SC2317 # functions called by name, or without arguments
# shellcheck source=tests/lib.sh
. "${0%/*}/../lib.sh"

need bpftool pahole
btf_compare_build

# same_types OURS PAHOLES
same_types()
{
	"$TMP/btf_compare" "$OUT/vmlinux" "$1" "$2"
}

# differential NAME: all modules. $OBJCOPY knows the target's files.
OBJCOPY=objcopy
differential()
{
	for m in $(mini_modules); do
		cp "$OUT/$m.no-btf.ko" "$TMP/pahole.ko"
		ok "$1: $m: pahole encodes it" pahole_in_place \
			--btf_gen_floats --btf_base "$OUT/vmlinux" "$TMP/pahole.ko"
		ok "$1: $m: the same types" \
			same_types "$OUT/$m.ko" "$TMP/pahole.ko"
		ok "$1: $m: bpftool reads it" bpftool -B "$OUT/vmlinux" \
			btf dump file "$OUT/$m.ko"
		ok "$1: $m: bpftool makes C of it" bpftool -B "$OUT/vmlinux" \
			btf dump file "$OUT/$m.ko" format c
	done
}

# The check itself can fail: for another module, and when it is us who repeat
# what vmlinux has.
self_test()
{
	same_types "$OUT/fs/ramfs.ko" "$OUT/fs/idset.ko" >"$TMP/said"
	is "another module is not the same: status" $? 1
	cp "$OUT/net/loop.no-btf.ko" "$TMP/pahole.ko"
	ok "pahole encodes loop" pahole_in_place --btf_gen_floats \
		--btf_base "$OUT/vmlinux" "$TMP/pahole.ko"
	ok "loop: the same types" same_types "$OUT/net/loop.ko" "$TMP/pahole.ko"
	if grep -q ' \([0-9]*\) and \1 types' "$TMP/ok.log"; then
		skip "what pahole repeats we may not" "this pahole does not"
	else
		same_types "$TMP/pahole.ko" "$OUT/net/loop.ko" >"$TMP/said"
		is "what pahole repeats we may not: status" $? 1
	fi
}

mini_first
self_test
differential "as it is"

# No other module of a kernel is as different as this one: a kernel that has
# almost nothing.
sed -i '/^vmlinux-objs/,/string\.o$/c\
vmlinux-objs := lib/string.o' "$SRC/examples/mini/Makefile"
ok "a kernel with next to no types builds" mini -j2
differential "next to no types"

# The modules' own types in the kernel: nearly all of them are found.
mini_copy
sed -i 's,lib/string\.o$,lib/string.o fs/extra.o,' \
	"$SRC/examples/mini/Makefile"
sed '/BTF_\|^#.*module\.h/d; s/&__this_module/NULL/; s/init_module/extra_init/; s/cleanup_module/extra_exit/' \
	"$SRC/examples/mini/fs/ramfs.c" >"$SRC/examples/mini/fs/extra.c"
ok "a kernel with a module's types builds" mini -j2
differential "a module's types"

# Other kinds of differences between a module and its kernel: the kernel has
# twice what a module has once, and the other way round.
mini_copy
sed -i 's,lib/string\.o$,lib/string.o fs/extra.o,' \
	"$SRC/examples/mini/Makefile"
cat >"$SRC/examples/mini/fs/extra.c" <<'END'
#include <mini/types.h>

/* <mini/fs.h> says something else */
struct inode {
	int other;
};

struct dentry {
	struct inode *inode;
	struct dentry *parent;
};

struct remote {
	struct net_device *dev;
};

struct inode *extra(struct dentry *dentry, struct remote *remote)
{
	return remote->dev ? dentry->parent->inode : dentry->inode;
}
END
ok "a kernel with two structs of one name builds" mini -j2
differential "two structs of one name"

# The other byte order
if have s390x-linux-gnu-gcc; then
	mini_copy
	rm -r "$OUT"
	ok "s390x builds" mini -j2 CROSS_COMPILE=s390x-linux-gnu-
	OBJCOPY=s390x-linux-gnu-objcopy
	differential s390x
else
	skip s390x "no s390x-linux-gnu-gcc"
fi

done_testing
