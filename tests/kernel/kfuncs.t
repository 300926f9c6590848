#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# External modules with all kinds of kfuncs, from 7.0 on, where the tree's resolve_btfids
# rewrites their types: they are those of stock kbuild, and BPF programs can call them in
# the booted kernel.
#
# kernel.t has built the tree, of the release KERNEL_VERSION. It is reverted at the end.

# shellcheck disable=SC2154,SC2317 # variables of tree.sh, functions called by name
# shellcheck source=tests/kernel/tree.sh
. "${0%/*}/tree.sh"

tree_start
[ -f "$src/scripts/gen-btf.sh" ] ||
	skip_all "linux $version leaves the types of kfuncs to pahole"
here=${0%/*}

# ext_build NAME WORD...: modules in $TMP/NAME, with these words for make
ext_build()
{
	ext_name=$1
	shift
	[ -d "$TMP/$ext_name" ] || cp -R "$here/kfuncs" "$TMP/$ext_name" || return
	kbuild M="$TMP/$ext_name" "$@" modules
}

# functions TYPES: each with the names of its parameters and its tags
functions()
{
	awk -F "'" '
		/^\[/ {
			id = substr($1, 2) + 0
			split($3, words, /[ =]/)
			ref = words[3]
		}
		/^\[[0-9]*\] FUNC / { name[id] = $2; proto[id] = ref }
		/^\[[0-9]*\] DECL_TAG / { tags[ref] = tags[ref] " " $2 }
		/^\t/ { params[id] = params[id] " " $2 }
		END {
			for (id in name)
				print name[id] ":" params[proto[id]] ";" tags[id]
		}' "$1" | sort
}

# same_types MODULE: it has those that stock has. In 7.2, pahole does not find many in
# the sorted ones of vmlinux, and stock has all these in .BTF.base, so that numbers
# differ, too: of those in .BTF_ids the calls below make use.
same_types()
{
	if [ "$version" = 7.2 ]; then
		functions "$TMP/stock/$1.types" >"$TMP/stock.functions"
		functions "$TMP/ours/$1.types" | diff "$TMP/stock.functions" -
	else
		diff "$TMP/stock/$1.types" "$TMP/ours/$1.types"
	fi
}

good='flags same names'
objects='flags.o same.o names.o'
ok "stock: builds" ext_build stock KFUNCS="$objects"
ext_build stock-differ KFUNCS=differ.o >/dev/null
stock_differ=$?
grep 'differ' "$LOG" >"$TMP/stock-differ.log"

ok "apply" apply apply
ok "modules_prepare" kbuild modules_prepare
ok "builds" ext_build ours KFUNCS="$objects"
cp "$LOG" "$TMP/ours.log"
for m in $good; do
	for d in stock ours; do
		distilled_types "$TMP/$d/$m.ko" >"$TMP/$d/$m.types"
		section "$TMP/$d/$m.ko" .BTF_ids "$TMP/$d/$m.ids"
	done
	like "$m: has types" "$(cat "$TMP/ours/$m.types")" "^\[[0-9]*] FUNC '${m}_init'"
	ok "$m: types are stock's" same_types "$m"
	[ "$version" = 7.2 ] || ok "$m: .BTF_ids are stock's" \
		cmp "$TMP/stock/$m.ids" "$TMP/ours/$m.ids"
done

# The effect of each flag on the types
types=$(cat "$TMP/ours/flags.types")
# tags FUNC: its tags
tags()
{
	func=$(echo "$types" | sed -n "s/^\[\([0-9]*\)] FUNC '$1' .*/\1/p")
	echo "$types" | sed -n "s/^.* DECL_TAG '\(.*\)' type_id=$func .*/\1/p" | xargs
}
# params FUNC: names of its parameters
params()
{
	proto=$(echo "$types" | sed -n "s/^.* FUNC '$1' type_id=\([0-9]*\) .*/\1/p")
	echo "$types" | sed -n "/^\[$proto] /,/^\[/s/^	'\(.*\)' type_id.*/\1/p" | xargs
}
is "a kfunc: its tag" "$(tags flags_none)" bpf_kfunc
is "KF_FASTCALL: its tags" "$(tags flags_fastcall)" "bpf_fastcall bpf_kfunc"
is "KF_IMPLICIT_ARGS: what programs give it" "$(params flags_implicit)" n
is "KF_IMPLICIT_ARGS: what the function gets" "$(params flags_implicit_impl)" "n aux"
is "a legacy kfunc: what programs give it" "$(params flags_legacy)" n
is "a legacy kfunc: what the function gets" "$(params flags_legacy_impl)" "n aux"
like "arena pointers have attributes" "$types" "TYPE_TAG 'address_space\(1\)'"

like "a function of nobody: is said" "$(cat "$TMP/ours.log")" \
	'names.*names_of_nobody'

ext_build differ KFUNCS=differ.o >/dev/null
is "other flags in two sets: ends as with stock" $? $stock_differ
if [ $stock_differ -ne 0 ]; then
	like "other flags in two sets: is said" "$(cat "$LOG")" \
		'differ.*same_call'
	fails "other flags in two sets: no module" test -e "$TMP/differ/differ.ko"
fi

# --- booted, with any modules of the tree
need "${CC:-gcc}" bpftool
mkdir "$TMP/run"
for m in $good; do
	cp "$TMP/ours/$m.ko" "$TMP/run"
done
ok "a program that calls kfuncs" "${CC:-gcc}" -static -O2 \
	-o "$TMP/run/kfunc_call" "$here/kfunc_call.c"
cat >"$TMP/run/run" <<'END'
[ "$1" = after ] || exit 0
for m in flags same names; do
	insmod "$m.ko" && echo "$m: loaded"
done
for f in none fastcall implicit implicit_impl legacy; do
	./kfunc_call flags "flags_$f"
done
./kfunc_call same same_call
END
BOOT_RUN="$TMP/run" "$here/boot.sh" "$obj/arch/x86/boot/bzImage" "$obj/fs" \
	"$TMP/boot" >"$TMP/boot.log"
is "boot" $? 0
sed 's/^/# /' "$TMP/boot.log"
said=$(sed -n 's/^run: //p' "$TMP/boot/report")
is "all are loaded, and can be called, the implicit one with an argument less" \
	"$(echo "$said" | grep -E '^([a-z]+: loaded|-?[0-9]+)$' | xargs)" \
	"flags: loaded same: loaded names: loaded 41 42 43 44 45"
like "flags_implicit_impl is not to be called" "$said" \
	'cannot find address for kernel function flags_implicit_impl'

ok "revert" apply revert

done_testing
