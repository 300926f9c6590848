#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# Distilled bases compared with those of libbpf, which makes them from 1.5 on. It is built
# from LIBBPF_SRC=dir, a kernel tree's tools/lib/bpf, or the newest linux-source package.

# shellcheck disable=SC2119,SC2317 # functions called by name, or without arguments
# shellcheck source=tests/lib.sh
. "${0%/*}/../lib.sh"
# shellcheck source=tests/differential/libbpf.sh
. "${0%/*}/libbpf.sh"

need pahole
release=$(kernel_sources | tail -n 1)

if [ -z "$LIBBPF_SRC" ]; then
	[ -n "$release" ] || skip_all "no LIBBPF_SRC=dir, no linux-source package"
	LIBBPF_SRC=$(libbpf_get "$release") ||
		bail_out "linux-source-$release cannot be unpacked"
fi
grep -q btf__distill_base "$LIBBPF_SRC/btf.h" ||
	skip_all "$LIBBPF_SRC is before 1.5"

libbpf_program "$LIBBPF_SRC" "$ROOT/tests/differential/distill_compare.c" \
	"$TMP/distill_compare" ||
	bail_out "distill_compare does not compile: $(tail -n 1 "$TMP/cc.log")"

# same VMLINUX PLAIN DISTILLED...
same()
{
	"$TMP/distill_compare" "$@"
}

# accepted BASE MODULE: by "btfinspect check", which has code of its own for this
accepted()
{
	"$BTFINSPECT" check --base "$1" --release 6.12 --require-btf "$2"
}

# stage MODULE TYPES OUT: OUT.plain and OUT.distilled, with $base
stage()
{
	"$BTFSTAGE" ko --base "$base" --types "$2" -o "$3.plain" "$1" &&
	"$BTFSTAGE" ko --distill-base --base "$base" --types "$2" \
		-o "$3.distilled" "$1"
}

# --- the mini kernel
mini_first
base=$OUT/.btf.vmlinux.base
for m in $(mini_modules); do
	name=$(echo "$m" | tr / _)
	ok "$m: is staged" stage "$OUT/$m.no-btf.ko" "$OUT/$m.no-btf.ko.btf" \
		"$TMP/$name" 2>/dev/null
	ok "$m: as from libbpf, and back" \
		same "$OUT/vmlinux" "$TMP/$name.plain" "$TMP/$name.distilled"
	ok "$m: is accepted" accepted "$base" "$TMP/$name.distilled"
done
same "$OUT/vmlinux" "$TMP/fs_ramfs.plain" "$TMP/fs_idset.distilled" >"$TMP/said"
is "another module is not the same: status" $? 1

# --- all that can be referred to
cd "$TMP" || exit
cat >kernel.h <<'END'
struct list { struct list *next, *prev; };
struct embedded { int a; struct list list; char name[8]; };
union either { int i; float f; struct list list; };
enum colour { RED, GREEN = 5, BLUE };
enum wide { LOW, HIGH = 1ull << 40 };
typedef struct { unsigned long bits[2]; struct list *list; } mask_t;
typedef struct { volatile int counter; } atomic;
typedef int (*callback)(struct embedded *, const atomic *, enum colour);
struct hidden;
struct ops {
	callback call;
	void (*free)(struct hidden *hidden);
	struct {
		union { mask_t mask; double real; };
		enum { ONE = 1, TWO } number;
	} inner[3];
	mask_t *masks;
	_Bool flag : 1;
};
struct container { struct ops ops; struct { struct container *self; } up; };
extern struct ops *const *volatile restrict_me;
END
cat >kernel.c <<'END'
#include "kernel.h"
struct embedded embedded; union either either; enum colour colour;
enum wide wide; mask_t mask; struct ops ops; struct container container;
struct hidden *hidden; const struct ops *const_ops;
int function(struct container *c, const char *restrict name, ...)
{
	return c->ops.flag + *name;
}
END
cat >module.c <<'END'
#include "kernel.h"

struct mine {
	struct embedded embedded;
	struct embedded *pointer;
	struct list lists[4][2];
	const union either either;
	enum colour colour;
	enum wide *wide;
	mask_t mask;
	callback callback;
	struct hidden *hidden;
	struct { struct container *container; mask_t *mask; } inner;
	const struct ops *ops;
	int (*call)(struct mine *mine, struct container *c, float f);
	unsigned bits : 3, more : 5;
	char list, container[3];
};
struct list_of_mine { struct mine *mine; struct list list; };
typedef struct list list;

int module_function(struct mine *mine, list *l, const char *restrict name)
{
	return mine->bits + *name + !l;
}
struct mine mine;
struct list_of_mine list_of_mine;
END
echo 'char nothing[3];' >small.c
echo 'struct alone { struct alone *self; void *data; } alone;' >alone.c

# encode NAME: NAME.btf, all types of NAME.c
encode()
{
	gcc -g -Werror -c "$1.c" &&
	pahole -J --btf_gen_floats --btf_encode_detached="$1.btf" "$1.o"
}
for f in kernel module small alone; do
	encode $f || bail_out "$f.c is not encoded"
done
"$BTFSTAGE" base -o base kernel.btf || bail_out "there is no base"
base=base
for f in module small alone; do
	ok "$f: is staged" stage $f.o $f.btf $f
	ok "$f: as from libbpf, and back" \
		same kernel.btf $f.plain $f.distilled
done
: >none.btf
ok "no types: is staged" stage small.o none.btf none
ok "no types: as from libbpf, and back" \
	same kernel.btf none.plain none.distilled

# differs NAME SED-SCRIPT: what is distilled from another source is not the same
differs()
{
	sed "$2" module.c >changed.c
	! cmp -s module.c changed.c || bail_out "nothing changed: $2"
	encode changed || bail_out "changed.c is not encoded"
	stage changed.o changed.btf changed || bail_out "it is not staged"
	same kernel.btf module.plain changed.distilled >"$TMP/said"
	is "$1: status" $? 1
}
differs "a member's name" 's/lists\[4]/others[4]/'
differs "another type of the kernel" 's/struct embedded \*pointer/struct list *pointer/'
differs "a reference less" 's/const struct ops \*ops/struct ops *ops/'
differs "a type less" '/list_of_mine/d'

# kernel NAME SOURCE SOURCE: one of these two parts, and its base
kernel()
{
	if ! { gcc -g -c "$2.c" && gcc -g -c "$3.c" &&
	       ld -r -o "$1.o" "$2.o" "$3.o" &&
	       pahole -J --btf_gen_floats --btf_encode_detached="$1.btf" \
			"$1.o" &&
	       "$BTFSTAGE" base -o "$1" "$1.btf"; }; then
		bail_out "there is no base $1"
	fi
	base=$1
}

# --- two types of the kernel have one name: libbpf's result cannot be relocated
cat >second.c <<'END'
struct list { struct embedded *head; int nr; };
struct list second;
END
kernel both kernel second
ok "two of one name: is staged" stage module.o module.btf two
same both.btf two.plain two.distilled >two.txt
is "two of one name: status" $? 0
ok "two of one name: ours is accepted" accepted both two.distilled
like "two of one name: only ours comes back" "$(cat two.txt)" \
	'^ambiguous two\.distilled: '

# --- a kernel with a type more, before all others: other ids, the same types
cat >first.c <<'END'
struct brand_new { short nr; struct brand_new *next; };
struct brand_new brand_new;
END
kernel newer first kernel
stage module.o module.btf newer.module || bail_out "it is not staged"
ok "staged for another kernel, it becomes this one's" \
	same newer.btf newer.module.plain module.distilled
ok "and is accepted" accepted newer module.distilled
same newer.btf module.plain newer.module.distilled >newer.txt 2>&1
is "without .BTF.base it is refused: status" $? 2
like "without .BTF.base it is refused" "$(cat newer.txt)" \
	'^distill_compare: module\.plain: split BTF: Invalid argument$'

done_testing
