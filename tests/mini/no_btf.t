#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# Modules that get no BTF: for each reason, one line, a plain copy of the linked module, and
# BTF as soon as the reason is gone. A pahole that fails ends the build.

# shellcheck disable=SC2119 # mini_first needs no argument
# shellcheck source=tests/lib.sh
. "${0%/*}/../lib.sh"

# A pahole that does what "$0.mode" says, for the file that is named there
# (MODE FILE), and else what pahole does
cat >"$TMP/pahole" <<END
#!/bin/sh
mode=
[ ! -f "\$0.mode" ] || read -r mode file <"\$0.mode"
case "\$mode \$* " in
"old --version ")	echo v1.21; exit ;;
*" --version ")		exec pahole --version ;;
esac
case " \$* " in
*" \${file:-none} "*)	;;
*)			exec pahole "\$@" ;;
esac
for arg; do
	case \$arg in
	--btf_encode_detached=*) out=\${arg#*=} ;;
	esac
done
case \$mode in
garbage)
	echo "these are no types" >"\$out"
	;;
truncated)
	pahole "\$@" && cp "\$out" "\$0.whole" &&
	head -c 1000 "\$0.whole" >"\$out"
	;;
killed)
	head -c 100000 /dev/zero >"\$out"
	kill -s KILL \$\$
	;;
fails)
	echo >&2 "pahole: broken on purpose"
	exit 1
	;;
esac
END
chmod +x "$TMP/pahole"
args="PAHOLE=$TMP/pahole"

# build ARG...: with that pahole
build()
{
	# shellcheck disable=SC2086 # a list of words
	mini $args "$@"
}

# From nothing, undisturbed: what everything has to come back to
mini_copy
btfstage_get
build -j2 || bail_out "the mini kernel does not build"
all=$(mini_modules)
kos=$(echo "$all" | sed 's/$/.ko/')
before=$(mini_sums)
no_btf_sums=$(cd "$OUT" && cksum fs/ramfs.no-btf.ko)

# as_linked NAME MODULES: these are their linked modules
as_linked()
{
	for m in $2; do
		ok "$1: $m.ko is the linked module" \
			cmp "$OUT/$m.ko" "$OUT/$m.no-btf.ko"
		is "$1: $m.ko has its mode" "$(stat -c %a "$OUT/$m.ko")" \
			"$(stat -c %a "$OUT/$m.no-btf.ko")"
	done
}

# says NAME LINE...: these lines, sorted, and no other about a step for modules
says()
{
	says_name=$1
	shift
	is "$says_name: a line for each module says why" \
		"$(grep -E '^  (KEPT|NO BTF|LD \[M]|PAHOLE|BTF)' "$LOG" | sort)" \
		"$(printf '%s\n' "$@" | grep . | sort)"
}

# about WHAT MODULES REASON
about()
{
	for m in $2; do
		printf '  %-7s %s.ko: %s\n' "$1" "$m" "$3"
	done
}

kos_stamp()
{
	# shellcheck disable=SC2086 # a list of words
	(cd "$OUT" && stamp $kos)
}

# quiet ARG...: with -s; what is printed to stdout goes to $TMP/stdout
quiet()
{
	# shellcheck disable=SC2086 # a list of words
	make -s --no-print-directory -C "$SRC/examples/mini" O="$OUT" $args \
		"$@" >"$TMP/stdout" 2>"$LOG"
}

# reason NAME TEXT [ARG...]: no BTF can be made, and all modules have BTF. They keep it as
# long as they do not change. The arguments are those of make.
others=$(echo "$all" | grep -vx fs/ramfs)
reason()
{
	name=$1
	text=$2
	shift 2
	stamps=$(kos_stamp)
	ok "$name: builds" build "$@"
	says "$name" "$(about KEPT "$all" "$text")"
	ok "$name, -s: builds" quiet "$@"
	is "$name, -s: it is said on standard error" \
		"$(sort "$LOG")" "$(about KEPT "$all" "$text" | sort)"
	is "$name, -s: and nothing on standard output" "$(cat "$TMP/stdout")" ""
	is "$name: the modules were not touched" \
		"$(kos_stamp)" "$stamps"

	touch "$SRC/examples/mini/fs/ramfs.c"
	ok "$name, one has changed: builds" build "$@"
	says "$name, one has changed" "  LD [M]  fs/ramfs.no-btf.ko" \
		"$(about "NO BTF" fs/ramfs "$text")" \
		"$(about KEPT "$others" "$text")"
	as_linked "$name, one has changed" fs/ramfs
	ok "$name, once more: builds" build "$@"
	says "$name, once more" "$(about KEPT "$others" "$text")"

	rm "$OUT/fs/ramfs.ko"
	ok "$name, one is deleted, -s: builds" quiet "$@"
	like "$name, one is deleted, -s: it is said on standard error" \
		"$(cat "$LOG")" "^  NO BTF  fs/ramfs\.ko: $text\$"
	as_linked "$name, one is deleted, -s" fs/ramfs
}

# gone NAME MODULES STEP...: the reason is
gone()
{
	name="$1 no more"
	shift
	ok "$name: builds" build
	is "$name: the steps" "$(steps)" "$(steps_of "$@")"
	is "$name: the modules are the same" "$(mini_sums)" "$before"
	build
	is "$name: then nothing more" "$(lines)" ""
}

# --- no vmlinux, nor what was prepared from it. vmlinux is not made for single
# modules.
mkdir "$TMP/away"
mv "$OUT/vmlinux" "$OUT/.btf.vmlinux.base" "$TMP/away"
# shellcheck disable=SC2086
reason "no vmlinux" "there is no vmlinux" $kos
fails "no vmlinux: there is none afterwards" test -e "$OUT/vmlinux"

# --- another reason is said, too
# shellcheck disable=SC2086
ok "two reasons: builds" build fs/ramfs.ko
says "the same reason"
mv "$TMP/away/vmlinux" "$OUT"
for path in /nowhere/pahole /nowhere/else/pahole; do
	ok "another reason, $path: builds" build PAHOLE=$path fs/ramfs.ko
	says "another reason, $path" \
		"$(about "NO BTF" fs/ramfs "$path not found")"
	ok "the same again, $path: builds" build PAHOLE=$path fs/ramfs.ko
	says "the same again, $path"
done
mv "$TMP/away/.btf.vmlinux.base" "$OUT"
gone "no vmlinux" fs/ramfs PAHOLE BTF

# --- what was prepared is enough
mv "$OUT/vmlinux" "$TMP/away"
touch "$SRC/examples/mini/fs/ramfs.c"
# shellcheck disable=SC2086
ok "no vmlinux, but a base: builds" build $kos
is "no vmlinux, but a base: the steps" \
	"$(steps)" "$(steps_of fs/ramfs LD PAHOLE BTF)"
is "no vmlinux, but a base: the modules are the same" "$(mini_sums)" "$before"
mv "$TMP/away/vmlinux" "$OUT"
gone "no vmlinux, but a base" ""

# From scratch: in the place of "BTF [M]"
rm -r "$OUT"
# shellcheck disable=SC2086
ok "no vmlinux ever: builds" build $kos
is "no vmlinux ever: a module's lines" "$(grep 'fs/ramfs\.[^ ]*ko' "$LOG")" "\
  LD [M]  fs/ramfs.no-btf.ko
  NO BTF  fs/ramfs.ko: there is no vmlinux"
is "no vmlinux ever: the steps" "$(steps)" "$(steps_of "$all" LD NO_BTF)"
as_linked "no vmlinux ever" "$all"
gone "no vmlinux ever" "$all" PAHOLE BTF

# One module with it, the others later
rm -r "$OUT"
btfstage_get
build fs/ramfs.ko
ok "vmlinux appears: builds" build vmlinux
ok "vmlinux appears: a module is built" build fs/ramfs.ko
is "vmlinux appears: not linked again" \
	"$(steps)" "$(steps_of fs/ramfs PAHOLE BTF)"
ok "vmlinux appears: all are built" build
is "vmlinux appears: the steps for the others" "$(steps)" \
	"$(steps_of "$others" LD PAHOLE BTF)"
is "vmlinux appears: the modules are the same" "$(mini_sums)" "$before"

# --- vmlinux without BTF is an error, as in stock kbuild: the build that makes a
# good one is "make vmlinux".
without_btf()
{
	fails "$1: fails" build fs/ramfs.ko
	is "$1: one line says why" "$(grep -v '^  ' "$LOG" | grep -v '^make')" \
		"btfstage: vmlinux: has no .BTF section (built without CONFIG_DEBUG_INFO_BTF?)"
	is "$1: the modules are the same" "$(mini_sums)" "$before"
}
cp "$OUT/vmlinux" "$TMP/vmlinux"
objcopy -R .BTF "$OUT/vmlinux"
without_btf "vmlinux without .BTF"
cp "$TMP/vmlinux" "$OUT/vmlinux"
gone "vmlinux without .BTF" ""

# A stripped module is enough.
strip "$OUT/vmlinux"
ok "a stripped vmlinux: builds" build
is "a stripped vmlinux: no step, as the types are the same" "$(steps)" ""
rm "$OUT/.btf.vmlinux.base"
ok "a stripped vmlinux: builds the base" build
is "a stripped vmlinux: the modules are the same" "$(mini_sums)" "$before"

# One that is linked without BTF: by another configuration
build O="$TMP/without" BTF=n vmlinux
cp "$TMP/without/vmlinux" "$OUT/vmlinux"
without_btf "vmlinux linked without BTF"
rm "$OUT/vmlinux"
gone "vmlinux linked without BTF" ""

# --- pahole
# shellcheck disable=SC2086
reason "no pahole" "/nowhere/pahole not found" PAHOLE=/nowhere/pahole $kos
gone "no pahole" fs/ramfs PAHOLE BTF

# Not in PATH any more: the name of the command is the same.
mkdir "$TMP/bin"
for tool in make sh sed mkdir cat cp mv rm printf touch sleep find; do
	ln -s "$(command -v $tool)" "$TMP/bin"
done
args=PAHOLE=pahole
build || bail_out "the mini kernel does not build"
touch "$OUT/fs/ramfs.ko"
stamps=$(kos_stamp)
path=$PATH
PATH=$TMP/bin
# shellcheck disable=SC2086
build $kos
is "pahole out of PATH: builds" $? 0
PATH=$path
says "pahole out of PATH" "$(about KEPT "$all" "pahole not found")"
is "pahole out of PATH: the modules were not touched" \
	"$(kos_stamp)" "$stamps"
args="PAHOLE=$TMP/pahole"
build

echo old >"$TMP/pahole.mode"
# shellcheck disable=SC2086
reason "an old pahole" "pahole is older than 1.22" $kos
rm "$TMP/pahole.mode"
gone "an old pahole" fs/ramfs PAHOLE BTF

# --- a module without debug information
# as_ever NAME: the others still have BTF
as_ever()
{
	is "$1: the others have BTF as ever" "$(mini_sums | grep -v ramfs)" \
		"$(echo "$before" | grep -v ramfs)"
}
without="built without debug information"
ok "-g0: builds" build KCFLAGS=-g0 fs/ramfs.ko
is "-g0: its lines" "$(grep 'fs/ramfs\.[^ ]*ko' "$LOG")" "\
  LD [M]  fs/ramfs.no-btf.ko
  PAHOLE  fs/ramfs.no-btf.ko.btf
  NO BTF  fs/ramfs.ko: $without"
as_linked "-g0" fs/ramfs
as_ever "-g0"
build KCFLAGS=-g0 fs/ramfs.ko
is "-g0: then nothing more" "$(lines)" ""
touch "$OUT/scripts/btfstage/btfstage"
quiet KCFLAGS=-g0 fs/ramfs.ko
says "-g0, staged again" "$(about "NO BTF" fs/ramfs "$without")"
as_linked "-g0, staged again" fs/ramfs
ok "-g0 no more: builds" build
is "-g0 no more: the steps" "$(steps)" "$({
	steps_of fs/ramfs LD PAHOLE
	steps_of "$all" BTF
} | sort)"
is "-g0 no more: the modules are the same" "$(mini_sums)" "$before"

objcopy -g "$OUT/fs/ramfs.no-btf.ko"
ok "objcopy -g: builds" build
is "objcopy -g: the steps" "$(steps)" "$(steps_of fs/ramfs PAHOLE NO_BTF)"
like "objcopy -g: a line says why" "$(cat "$LOG")" \
	"^  NO BTF  fs/ramfs\.ko: $without\$"
as_linked "objcopy -g" fs/ramfs
as_ever "objcopy -g"
build
is "objcopy -g: then nothing more" "$(lines)" ""
rm "$OUT/fs/ramfs.no-btf.ko"
ok "objcopy -g no more: builds" build
is "objcopy -g no more: the steps" \
	"$(steps)" "$(steps_of fs/ramfs LD PAHOLE BTF)"
is "objcopy -g no more: it is linked as before" \
	"$(cd "$OUT" && cksum fs/ramfs.no-btf.ko)" "$no_btf_sums"
is "objcopy -g no more: the modules are the same" "$(mini_sums)" "$before"

# A module that has the words only
echo 'const char ramfs_words[] = ".debug_info .zdebug_info ";' \
	>>"$SRC/examples/mini/fs/ramfs.c"
ok "-g0 and the words .debug_info: builds" build KCFLAGS=-g0 fs/ramfs.ko
like "-g0 and the words .debug_info: a line says why" "$(cat "$LOG")" \
	"^  NO BTF  fs/ramfs\.ko: $without\$"
edit '/ramfs_words/d' "$SRC/examples/mini/fs/ramfs.c"
ok "the words are gone: builds" build
is "the words are gone: the modules are the same" "$(mini_sums)" "$before"

# --- a pahole that is there and does not work is no reason to go without
# broken NAME MODE FILE MESSAGE: the module's source is newer, so it is called
broken()
{
	touch "$SRC/examples/mini/fs/ramfs.c"
	echo "$2 $3" >"$TMP/pahole.mode"
	fails "$1: the build fails" build
	is "$1: one line names the file" "$(grep -Ec "$4" "$LOG")" 1
	unlike "$1: no module goes without" "$(cat "$LOG")" 'NO BTF'
	is "$1: the modules are the old ones" "$(mini_sums)" "$before"
	fails "$1: the build fails again" build
	fails "$1: the build fails with -s" build -s
	is "$1: -s prints the error alone" \
		"$(grep -c . "$LOG")" "$(grep -Ec "$4|^make|^pahole|^Killed" "$LOG")"
	rm "$TMP/pahole.mode"
	ok "$1, and works again: builds" build
	is "$1, and works again: the steps" "$(steps | tail -n 1)" \
		"PAHOLE fs/ramfs.no-btf.ko.btf"
	is "$1, and works again: the modules are the same" \
		"$(mini_sums)" "$before"
	rm -f "$OUT/fs/ramfs.no-btf.ko.btf"
	ok "$1: after that: builds" build
	is "$1, after that: the modules are the same" "$(mini_sums)" "$before"
	is "$1, after that: nothing is left behind" \
		"$(find "$OUT" -name '.tmp_*' ! -name .tmp_vmlinux.btf)" ""
}
error='^make.*: fs/ramfs\.no-btf\.ko\.btf\] (Error|Killed)'
broken "a pahole that fails" fails fs/ramfs.no-btf.ko "$error"
broken "a pahole that is killed" killed fs/ramfs.no-btf.ko "$error"
error='^btfstage: fs/ramfs\.no-btf\.ko\.btf: '
broken "a pahole that writes no BTF" garbage fs/ramfs.no-btf.ko "$error"
broken "a pahole that writes half of it" truncated fs/ramfs.no-btf.ko "$error"

# The same for vmlinux. Half of its types look like types until they are read,
# which is after the link.
broken_vmlinux()
{
	name="a pahole that writes $1 types for vmlinux"
	touch "$SRC/examples/mini/kernel/mm.c"
	echo "$1 .tmp_vmlinux.btf" >"$TMP/pahole.mode"
	fails "$name: the build fails" build
	is "$name: one line names the file" "$(grep -c "$2" "$LOG")" 1
	is "$name: the modules are the old ones" "$(mini_sums)" "$before"
	rm "$TMP/pahole.mode"
}
broken_vmlinux garbage '^BTF: \.tmp_vmlinux\.btf: pahole has not written any BTF$'
ok "$name, and works again: builds" build
is "$name, and works again: the modules are the same" "$(mini_sums)" "$before"
broken_vmlinux truncated '^btfstage: vmlinux: '
rm "$OUT/vmlinux"
ok "$name, and vmlinux is removed: builds" build
is "$name, and vmlinux is removed: the modules are the same" \
	"$(mini_sums)" "$before"

done_testing
