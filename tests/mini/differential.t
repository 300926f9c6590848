#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# Compare our modules with pahole's, on several kinds of kernels. arch.t has other targets.

# shellcheck disable=SC2119 # functions called without arguments
# shellcheck source=tests/lib.sh
. "${0%/*}/../lib.sh"

need bpftool pahole
btf_compare_build

mini_first
mini_compare "as it is"

# The comparison can fail: when it is us who repeat what vmlinux has. All else that it
# has to see is in tests/differential/compare.t.
cp "$OUT/net/loop.no-btf.ko" "$TMP/pahole.ko"
ok "pahole encodes loop" pahole_in_place --btf_gen_floats \
	--btf_base "$OUT/vmlinux" "$TMP/pahole.ko"
if "$TMP/btf_compare" "$OUT/vmlinux" "$OUT/net/loop.ko" "$TMP/pahole.ko" |
   grep -q ' \([0-9]*\) and \1 types'; then
	skip "what pahole repeats we may not" "this pahole does not"
else
	"$TMP/btf_compare" "$OUT/vmlinux" "$TMP/pahole.ko" "$OUT/net/loop.ko" \
		>"$TMP/said"
	is "what pahole repeats we may not: status" $? 1
fi

# No other module of a kernel is as different as this one: a kernel that has
# almost nothing.
sed -i '/^vmlinux-objs/,/string\.o$/c\
vmlinux-objs := lib/string.o' "$SRC/examples/mini/Makefile"
ok "a kernel with next to no types builds" mini -j2
mini_compare "next to no types"

# The modules' own types in the kernel: nearly all of them are found.
mini_copy
btfstage_get
sed -i 's,lib/string\.o$,lib/string.o fs/extra.o,' \
	"$SRC/examples/mini/Makefile"
sed '/BTF_\|^#.*module\.h/d; s/&__this_module/NULL/; s/init_module/extra_init/; s/cleanup_module/extra_exit/' \
	"$SRC/examples/mini/fs/ramfs.c" >"$SRC/examples/mini/fs/extra.c"
ok "a kernel with a module's types builds" mini -j2
mini_compare "a module's types"

# Other kinds of differences between a module and its kernel: the kernel has
# twice what a module has once, and the other way round.
mini_copy
btfstage_get
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
mini_compare "two structs of one name"

done_testing
