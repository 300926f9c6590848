#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# Our modules against pahole's: "encode alone, then deduplicate" has to leave the
# types that pahole leaves when it is given vmlinux.

# shellcheck disable=SC2119,SC2317 # functions called by name, or without arguments
# shellcheck source=tests/lib.sh
. "${0%/*}/../lib.sh"

have bpftool || skip_all "no bpftool"
"${HOSTCC:-cc}" -O2 -o "$TMP/btf_compare" \
	"$ROOT/tests/differential/btf_compare.c" -lbpf 2>"$TMP/cc.log" ||
	skip_all "btf_compare does not compile (libbpf-dev?)"

# repeated FILE: types in FILE that vmlinux has, too, and how many there are. Two
# types are the same when they say the same and what they refer to is the same;
# that is found by putting all types that say the same into one class and
# splitting classes until no members of a class refer to different ones.
repeated()
{
	{
		bpftool btf dump file "$OUT/vmlinux"
		echo ---
		bpftool -B "$OUT/vmlinux" btf dump file "$1"
	} | awk '
	/^---/		{ first = nr + 1; next }
	/^\[/		{ sub(/^\[[0-9]+] /, ""); nr++ }
	{
		# references out of the text, which is then what it says itself
		while (match($0, /type_id=[0-9]+/)) {
			at[nr, ++refs[nr]] = substr($0, RSTART + 8, RLENGTH - 8)
			$0 = substr($0, 1, RSTART - 1) "#" \
			     substr($0, RSTART + RLENGTH)
		}
		says[nr] = says[nr] "|" $0
	}
	END {
		for (i = 1; i <= nr; i++)
			class[i] = 0
		class[0] = -1
		do {
			before = classes
			classes = 0
			split("", known)
			for (i = 1; i <= nr; i++) {
				key = says[i]
				for (r = 1; r <= refs[i]; r++)
					key = key "," class[at[i, r]]
				if (!(key in known))
					known[key] = ++classes
				next_class[i] = known[key]
			}
			for (i = 1; i <= nr; i++)
				class[i] = next_class[i]
		} while (classes != before)

		for (i = 1; i < first; i++)
			base[class[i]] = 1
		for (i = first; i <= nr; i++)
			if (class[i] in base)
				print i
	}'
}

# What is different may only be this: pahole repeats types that vmlinux has.
# libbpf does not recognise all of them, for which ones it does depends on the
# order in which it comes upon them. We never repeat one.
same_types()
{
	[ -z "$(repeated "$2")" ] || {
		echo "types of vmlinux are repeated: $(repeated "$2")"
		return 1
	}
	"$TMP/btf_compare" "$OUT/vmlinux" "$1" "$2" >"$TMP/differences" &&
		return
	repeated "$1" >"$TMP/repeated"
	awk '
	NR == FNR	{ repeated[$1] = 1; next }
	/^  - \[/	{ id = $2; gsub(/[][]/, "", id)
			  if (id in repeated) { allowed++; next } }
	/^DIFFERENT/	{ next }
			{ other++ }
	END		{ exit !(allowed && !other) }
	' "$TMP/repeated" "$TMP/differences" || {
		cat "$TMP/differences"
		return 1
	}
}

# differential NAME: all modules. $objcopy knows the target's files.
objcopy=objcopy
differential()
{
	for m in $(mini_modules); do
		cp "$OUT/$m.no-btf.ko" "$TMP/pahole.ko"
		ok "$1: $m: pahole encodes it" \
			env LLVM_OBJCOPY="$objcopy" pahole -J --btf_gen_floats \
			--btf_base "$OUT/vmlinux" "$TMP/pahole.ko"
		ok "$1: $m: the same types" \
			same_types "$TMP/pahole.ko" "$OUT/$m.ko"
		ok "$1: $m: bpftool reads it" bpftool -B "$OUT/vmlinux" \
			btf dump file "$OUT/$m.ko"
		ok "$1: $m: bpftool makes C of it" bpftool -B "$OUT/vmlinux" \
			btf dump file "$OUT/$m.ko" format c
	done
}

# The check itself can fail: a module compared with another one, a module with
# all types of its own, and one with pahole's repetitions for ours.
self_test()
{
	fails "another module is not the same" \
		same_types "$OUT/fs/ramfs.ko" "$OUT/fs/idset.ko"
	cp "$OUT/fs/ramfs.no-btf.ko" "$TMP/pahole.ko"
	pahole -J --btf_gen_floats --btf_base "$OUT/vmlinux" "$TMP/pahole.ko"
	if [ -n "$(repeated "$TMP/pahole.ko")" ]; then
		fails "what pahole repeats we may not" \
			same_types "$OUT/fs/ramfs.ko" "$TMP/pahole.ko"
	else
		skip "what pahole repeats we may not" "this pahole does not"
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
	objcopy=s390x-linux-gnu-objcopy
	differential s390x
else
	skip s390x "no s390x-linux-gnu-gcc"
fi

done_testing
