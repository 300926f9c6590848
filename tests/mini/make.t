#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# The modules do not depend on make's options: steps in random order, output in blocks, a
# job server with a named pipe, a compiler of two words, and -k with failing steps.

# shellcheck disable=SC2016 # addresses of sed
# shellcheck source=tests/lib.sh
. "${0%/*}/../lib.sh"

# pahole, which keeps what make calls it with
cat >"$TMP/logged" <<END
#!/bin/sh
echo "\$MAKEFLAGS" >>"$TMP/makeflags"
exec $(command -v pahole) "\$@"
END
chmod +x "$TMP/logged"
failing_program pahole "$TMP/logged"
failing_program ld "$(command -v ld)"
fakes="PAHOLE=$TMP/pahole LD=$TMP/ld"

# build ARG...: with programs that can fail
build()
{
	# shellcheck disable=SC2086 # two words
	mini $fakes "$@"
}

# takes ARG...: this make does
takes()
{
	make "$@" --version >/dev/null 2>&1
}

mini_copy
btfstage_get
build -j2 || bail_out "the mini kernel does not build"
all=$(mini_modules)
before=$(mini_sums)

# anew ARG...: build again, except for the helper and compiled objects
anew()
{
	(cd "$OUT" && find . \( -name '*.ko*' -o -name '.btf.*' -o -name '..btf.*' \) \
		-delete && rm -f vmlinux)
	build "$@"
}

# same NAME ARG...: all steps, the same modules, and nothing that is left to do
same()
{
	same_name=$1
	shift
	ok "$same_name: builds" anew "$@"
	is "$same_name: the right steps" "$(steps)" \
		"$(steps_of "$all" LD PAHOLE BTF)"
	cp "$LOG" "$TMP/$same_name.log"
	is "$same_name: the same modules" "$(mini_sums)" "$before"
	build "$@"
	is "$same_name: then nothing more" "$(lines)" ""
}

# --- the order in which make runs what is ready
if takes --shuffle; then
	for seed in reverse 1 2 3; do
		same "shuffle-$seed" -j4 --shuffle=$seed
	done
	build --shuffle=none
	is "shuffle: nothing is made again without it" "$(lines)" ""
else
	skip "shuffle" "$(make --version | head -n 1) does not have it"
fi

# --- what is printed stays together, for each step or for each make
for mode in target line recurse; do
	same "output-$mode" -j4 -O$mode
	is "output-$mode: the lines of a plain build" \
		"$(grep '^  ' "$TMP/output-$mode.log" | sort)" \
		"$(anew -j2 >/dev/null; grep '^  ' "$LOG" | sort)"
done
rm "$OUT/fs/ramfs.ko"
make -Otarget -s -j4 --no-print-directory -C "$SRC/examples/mini" O="$OUT" \
	PAHOLE=/nowhere/pahole LD="$TMP/ld" fs/ramfs.ko >"$TMP/stdout" 2>"$LOG"
is "output-target: a reason goes to standard error" "$(cat "$LOG")" \
	"  NO BTF  fs/ramfs.ko: /nowhere/pahole not found"
is "output-target: and nothing to standard output" "$(cat "$TMP/stdout")" ""
build

# --- the job server
for style in fifo pipe; do
	takes "--jobserver-style=$style" || {
		skip "jobserver-$style" \
			"$(make --version | head -n 1) cannot be asked for it"
		continue
	}
	rm -f "$TMP/makeflags"
	same "jobserver-$style" -j4 "--jobserver-style=$style"
	unlike "jobserver-$style: every make finds it" \
		"$(cat "$TMP/jobserver-$style.log")" 'jobserver'
	auth='auth=[0-9]+,[0-9]+'
	[ $style = pipe ] || auth='auth=fifo:/'
	is "jobserver-$style: and each step can" \
		"$(grep -Ec "$auth" "$TMP/makeflags")" \
		"$(wc -l <"$TMP/makeflags")"
done

# --- a compiler of two words
if have ccache; then
	export CCACHE_DIR="$TMP/ccache"
	for run in first cached; do
		(cd "$OUT" && find . -name '*.o' -delete)
		same "ccache-$run" -j2 CC="ccache ${CC:-gcc}"
	done
	like "ccache: it is used" "$(ccache -s -v)" '^ *Hits: +[1-9]'
	anew
else
	skip "ccache" "it is not installed"
fi

# --- make -k: a module that is not linked, and one that pahole does not encode
echo 'fs/.tmp_ramfs.no-btf.ko' >"$TMP/ld.fail"
echo 'drivers/probe.no-btf.ko' >"$TMP/pahole.fail"
good=$(echo "$all" | grep -vxE 'fs/ramfs|drivers/probe')
fails "make -k: fails" anew -k -j4
is "make -k: two lines say why" "$(grep -c 'on purpose' "$LOG")" 2
build_status=0
is "make -k: all other steps are done" "$(steps | grep -v ' fs/ramfs\.\| drivers/probe\.')" \
	"$(steps_of "$good" LD PAHOLE BTF)"
is "make -k: no others but those that fail" \
	"$(steps | grep ' fs/ramfs\.\| drivers/probe\.')" \
	"LD [M] drivers/probe.no-btf.ko
LD [M] fs/ramfs.no-btf.ko
PAHOLE drivers/probe.no-btf.ko.btf"
is "make -k: the two modules are not there" \
	"$(ls "$OUT/fs/ramfs.ko" "$OUT/drivers/probe.ko" 2>/dev/null)" ""
fails "make -k again: fails" build -k -j4
build_status=0
is "make -k again: only what failed is tried" "$(steps)" \
	"$(printf '%s\n' "LD [M] fs/ramfs.no-btf.ko" "PAHOLE drivers/probe.no-btf.ko.btf")"
rm "$TMP/ld.fail" "$TMP/pahole.fail"
ok "make -k, repaired: builds" build -k -j4
is "make -k, repaired: what was missing" "$(steps)" \
	"$({ steps_of fs/ramfs LD PAHOLE BTF; steps_of drivers/probe PAHOLE BTF; } | sort)"
is "make -k, repaired: the same modules" "$(mini_sums)" "$before"

# An object that does not compile: its module stays as it was, and so do the others.
edit '$a#error broken on purpose' "$SRC/examples/mini/fs/ramfs.c"
fails "make -k, an object: fails" build -k -j4
is "make -k, an object: the modules are the old ones" "$(mini_sums)" "$before"
edit '$d' "$SRC/examples/mini/fs/ramfs.c"
ok "make -k, an object, repaired: builds" build -k -j4
is "make -k, an object, repaired: the same modules" "$(mini_sums)" "$before"

done_testing
