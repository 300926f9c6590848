#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# pahole before 1.22 can only write types into the file that it reads them
# from. A pahole that says it is 1.21 and refuses what 1.21 does not know:

# shellcheck disable=SC2119 # mini_first needs no argument
# shellcheck source=tests/lib.sh
. "${0%/*}/../lib.sh"

have bpftool || skip_all "no bpftool"
real=$(command -v pahole)
cat >"$TMP/pahole" <<END
#!/bin/sh
case " \$* " in
" --version ")
	echo v1.21
	exit
	;;
*" --btf_encode_detached"*|*" -j"*)
	echo >&2 "pahole: unrecognized option"
	exit 64
	;;
esac
exec $real "\$@"
END
chmod +x "$TMP/pahole"

mini_first
for f in vmlinux $(mini_modules | sed 's/$/.ko/'); do
	bpftool -B "$OUT/vmlinux" btf dump file "$OUT/$f" >"$TMP/${f##*/}.txt"
	cksum <"$OUT/$f" >"$TMP/${f##*/}.sum"
done

ok "builds with pahole 1.21" mini PAHOLE="$TMP/pahole"
all=$(mini_modules)
is "types are encoded again, nothing is linked" \
	"$(steps)" "$(steps_of "$all" PAHOLE BTF)"
for f in vmlinux $(echo "$all" | sed 's/$/.ko/'); do
	bpftool -B "$OUT/vmlinux" btf dump file "$OUT/$f" >"$TMP/types"
	ok "$f: the same types" cmp "$TMP/types" "$TMP/${f##*/}.txt"
done
for f in $(echo "$all" | sed 's/$/.ko/'); do
	is "$f: the same bytes" "$(cksum <"$OUT/$f")" "$(cat "$TMP/${f##*/}.sum")"
done
is "a module without types" "$(stat -c %s "$OUT/lib/plain.ko.btf")" 0
is "nothing is left behind" \
	"$(find "$OUT" -name '.tmp_*' ! -name .tmp_vmlinux.btf)" ""
mini PAHOLE="$TMP/pahole"
is "then nothing more" "$(grep '^  ' "$LOG")" ""
ok "/dev/null is still what it was" test -c /dev/null

# From nothing
rm -r "$OUT"
ok "builds from scratch with pahole 1.21" mini -j2 PAHOLE="$TMP/pahole"
is "all steps" "$(steps)" "$(steps_of "$all" LD PAHOLE BTF)"

# A failure of it
cat >"$TMP/pahole2" <<END
#!/bin/sh
case "\$*" in
*ramfs*)	echo >&2 "broken on purpose"; exit 1 ;;
esac
exec "$TMP/pahole" "\$@"
END
chmod +x "$TMP/pahole2"
before=$(mini_sums)
fails "a failing pahole 1.21: the build fails" mini PAHOLE="$TMP/pahole2"
like "a failing pahole 1.21: its message" "$(cat "$LOG")" '^broken on purpose$'
is "a failing pahole 1.21: the module is the old one" \
	"$(mini_sums | grep ramfs)" "$(echo "$before" | grep ramfs)"

done_testing
