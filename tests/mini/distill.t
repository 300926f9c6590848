#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# .BTF.base is for external modules, and for kernels from 6.11 on, no others.

# shellcheck disable=SC2119 # mini_first needs no argument
# shellcheck source=tests/lib.sh
. "${0%/*}/../lib.sh"

need bpftool eu-elflint objcopy readelf

unset VERSION PATCHLEVEL KBUILD_EXTMOD

# A pahole that notes the features it is asked for, which it may not know
cat >"$TMP/pahole" <<'END'
#!/bin/sh
n=$#
while [ "$n" -gt 0 ]; do
	case $1 in
	--btf_features=*)	echo "$1" >>"$0.log" ;;
	*)			set -- "$@" "$1" ;;
	esac
	shift
	n=$((n - 1))
done
exec pahole "$@"
END
chmod +x "$TMP/pahole"
: >"$TMP/pahole.log"

# with_base: the modules that have a .BTF.base
with_base()
{
	for m in $all; do
		readelf -SW "$OUT/$m.ko" | grep -q ' \.BTF\.base ' && echo "$m"
	done
}

# external VERSION PATCHLEVEL [ARG...]: the modules as external ones
external()
{
	external_version="VERSION=$1 PATCHLEVEL=$2"
	shift 2
	# shellcheck disable=SC2086 # lists of words
	mini PAHOLE="$TMP/pahole" KBUILD_EXTMOD=. $external_version "$@" $kos
}

mini_copy
btfstage_get
mini -j2 PAHOLE="$TMP/pahole" VERSION=6 PATCHLEVEL=12 ||
	bail_out "the mini kernel does not build"
all=$(mini_modules)
kos=$(echo "$all" | sed 's/$/.ko/')
is "the kernel's own modules have none" "$(with_base)" ""
before=$(mini_sums)

for release in 6.11 6.12 6.19 6.100 7.0 10.1; do
	ok "$release: builds" external "${release%.*}" "${release#*.}"
	is "$release: external modules have one" "$(with_base)" "$all"
done
after=$(mini_sums)
for release in 5.19 6.0 6.1 6.2 6.9 6.10 2.6 4.11; do
	ok "$release: builds" external "${release%.*}" "${release#*.}"
	is "$release: external modules have none" "$(with_base)" ""
	is "$release: they are the kernel's own" "$(mini_sums)" "$before"
done
ok "no release: builds" external '' ''
is "no release: external modules have none" "$(with_base)" ""

# Another command: staged again, from the types that are there.
ok "6.12 again: builds" external 6 12
is "6.12 again: the steps" "$(steps)" "$(steps_of "$all" BTF)"
is "6.12 again: the same bytes" "$(mini_sums)" "$after"
external 6 12
is "6.12 again: then nothing more" "$(steps)" ""

sections=$(readelf -SW "$OUT/fs/ramfs.ko" | sed -n 's/^ *\[ *[0-9]*\] //p')
for name in '\.BTF' '\.BTF\.base'; do
	like "$name is not allocated, as objcopy adds it" "$sections" \
		"^$name +PROGBITS +0+ [0-9a-f]+ [0-9a-f]+ 00 +0 +0 +1\$"
done
ok "bpftool reads .BTF.base" objcopy -O binary --only-section=.BTF.base \
	--set-section-flags .BTF.base=alloc "$OUT/fs/ramfs.ko" "$TMP/base"
like "it is BTF by itself" "$(bpftool btf dump file "$TMP/base")" \
	"^\[[0-9]*\] STRUCT '[a-z_]+' size=[0-9]+ vlen=0\$"
eu-elflint --gnu-ld -q "$OUT/fs/ramfs.ko" >"$TMP/lint" 2>&1
is "eu-elflint finds no more than in the linked module" "$(cat "$TMP/lint")" \
	"$(eu-elflint --gnu-ld -q "$OUT/fs/ramfs.ko.no-btf" 2>&1)"

# features FLAGS: what reaches pahole of MODULE_PAHOLE_FLAGS
features()
{
	: >"$TMP/pahole.log"
	external 6 12 MODULE_PAHOLE_FLAGS="$1" || echo "failed"
	sort -u "$TMP/pahole.log"
}
f=--btf_features=
is "distilled_base alone" "$(features ${f}distilled_base)" ""
is "+distilled_base" "$(features ${f}+distilled_base)" ""
is "first of several" "$(features ${f}distilled_base,var)" "${f}var"
is "first of several, added" "$(features ${f}+distilled_base,var)" "${f}+var"
is "last of several" "$(features ${f}var,distilled_base)" "${f}var"
is "in the middle" "$(features ${f}var,distilled_base,enum64)" "${f}var,enum64"
is "another one of that beginning" \
	"$(features "${f}distilled_base2,var")" "${f}distilled_base2,var"
is "layout, which is for vmlinux" "$(features "${f}layout,var ${f}float,layout")" \
	"${f}float
${f}var"
is "pahole has not added any" "$(with_base)" "$all"
is "the modules are the same" "$(mini_sums)" "$after"

# --- .BTF_ids, in the new numbering: the lowest id of that name, in .BTF.base
# and then in .BTF
ids()
{
	objcopy -O binary --only-section=.BTF_ids --set-section-flags \
		.BTF_ids=alloc "$OUT/$1.ko" "$TMP/ids"
	od -An -v -t u4 -w4 "$TMP/ids"
}
mini_section()
{
	objcopy -O binary --only-section="$2" --set-section-flags "$2=alloc" \
		"$OUT/$1.ko" "$TMP/$2"
}
type_id()
{
	mini_section "$1" .BTF.base
	mini_section "$1" .BTF
	{
		bpftool btf dump file "$TMP/.BTF.base"
		bpftool -B "$TMP/.BTF.base" btf dump file "$TMP/.BTF"
	} | sed -n "s/^\[\([0-9]*\)] $2 '$3'.*/\1/p" | head -n 1
}
# task_get is vmlinux's function: .BTF.base can not have it, and resolve_btfids
# does not look any further.
is "probe: the ids of its set8, with their flags" \
	"$(ids drivers/probe | tr -s ' \n' ' ')" " 5 0 $(while read -r func flags; do
		id=$(type_id drivers/probe FUNC "$func")
		echo "${id:-0} $flags"
	done <<-END | sort -n | tr '\n' ' '
	probe_release 2
	probe_hit 48
	task_get 1
	probe_acquire 5
	probe_allowed 0
	END
)"
rm "$OUT/drivers/probe.ko"
external 6 12
is "probe: one warning" "$(grep -c 'probe.*warning' "$LOG")" 1
like "probe: for the one function" "$(cat "$LOG")" \
	"^btfstage: drivers/probe.ko.no-btf: warning: no type called task_get \(\.BTF_ids\)\$"

is "idset: what it lists" "$(ids fs/idset | head -n 8 | tr -s ' \n' ' ')" \
	" $(while read -r kind name; do
		id=$(type_id fs/idset "$kind" "$name")
		echo "${id:-0}"
	done <<-END | tr '\n' ' '
	STRUCT task
	STRUCT idset_entry
	UNION sigval
	UNION idset_value
	TYPEDEF pid_t
	TYPEDEF idset_value_t
	FUNC task_put
	FUNC idset_find
	END
)"

# --- what has one is not staged again
cp "$OUT/fs/ramfs.ko" "$TMP/ramfs.ko"
objcopy --remove-section=.BTF "$TMP/ramfs.ko"
"$OUT/scripts/btfstage/btfstage" ko --base "$OUT/.btf.vmlinux.base" \
	--types "$OUT/fs/ramfs.no-btf.ko.btf" -o "$TMP/out.ko" "$TMP/ramfs.ko" \
	2>"$TMP/err"
is "a module with a .BTF.base: status" $? 1
is "a module with a .BTF.base: one line" "$(cat "$TMP/err")" \
	"btfstage: $TMP/ramfs.ko: has a .BTF.base section already"
fails "a module with a .BTF.base: nothing is written" test -e "$TMP/out.ko"

done_testing
