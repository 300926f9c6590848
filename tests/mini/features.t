#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# What pahole encodes does not depend on vmlinux: for each feature, and for all of them, the
# modules have the types that pahole encodes with a base, with and without a build date.

# shellcheck disable=SC2086,SC2317 # lists of words; called by "ok"
# shellcheck source=tests/lib.sh
. "${0%/*}/../lib.sh"

all=$(pahole --supported_btf_features 2>/dev/null) ||
	skip_all "pahole $(pahole --version) has no --btf_features"
btf_compare_build
unset KBUILD_BUILD_TIMESTAMP SOURCE_DATE_EPOCH

# those that kernels ask for
usual=encode_force,var,float,enum64,decl_tag,type_tag,optimized_func,consistent_func

# encoded FLAGS: each module has the types of pahole with vmlinux
encoded()
{
	for m in $(mini_modules); do
		cp "$OUT/$m.no-btf.ko" "$TMP/pahole.ko" &&
		pahole_in_place $1 --btf_base "$OUT/vmlinux" "$TMP/pahole.ko" &&
		"$TMP/btf_compare" "$OUT/vmlinux" "$OUT/$m.ko" "$TMP/pahole.ko" ||
			return
	done
}

# feature NAME FEATURES: the usual ones and those. A .BTF.base is for external modules
# and is not asked of pahole.
feature()
{
	flags=--btf_features=$usual${2:+,$2}
	ok "$1: builds" mini PAHOLE_FLAGS="$flags"
	flags=$(echo "$flags" | sed 's/,distilled_base//')
	ok "$1: the types of pahole with a base" encoded "$flags"
	"${OBJCOPY:-objcopy}" --dump-section .BTF="$TMP/btf" "$OUT/vmlinux" "$TMP/unused"
	echo "$(cksum <"$TMP/btf") $(mini_sums | cksum)" >"$TMP/sums.$1"
}

# A set8 of kfuncs has a flag that says so, for decl_tag_kfuncs.
mini_copy
edit '/define BTF_SET8_START/s/"0, 0"/"0, 1"/' \
	"$SRC/examples/mini/include/mini/btf_ids.h"
btfstage_get
mini -j2 || bail_out "the mini kernel does not build"
for date in '' '@1700000000'; do
	if [ -n "$date" ]; then
		export KBUILD_BUILD_TIMESTAMP="$date"
	fi
	feature "usual${date:+-dated}" ''
	for f in $(echo "$all" | tr , ' '); do
		feature "$f${date:+-dated}" "$f"
	done
	feature "all${date:+-dated}" "$all"
done

# Were the features used? The mini kernel shows what they add.
for f in decl_tag_kfuncs global_var all; do
	case ,$all,all, in
	*,$f,*)	fails "$f: there is something of it" \
			cmp -s "$TMP/sums.usual" "$TMP/sums.$f" ;;
	esac
done

done_testing
