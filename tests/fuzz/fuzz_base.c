// SPDX-License-Identifier: GPL-2.0-only
/* A prepared base: lookups, and matching a module's types. */
#include <stdlib.h>
#include <string.h>

#include "base.h"
#include "btf.h"
#include "fuzz.h"
#include "oracle.h"
#include "split.h"

static void look_up(const struct base *base)
{
	static const char *const names[] = { "int", "task", "", "twice" };
	struct err err;
	uint32_t found;
	size_t i;

	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		size_t len = strlen(names[i]);

		if (base_find_str(base, names[i], len, &found, &err) < 0)
			fuzz_check_message(err.msg);
		if (base_find_name(base, BTF_KIND_STRUCT, BTF_SPACE_STRUCT,
				   names[i], len, &found, &err) < 0)
			fuzz_check_message(err.msg);
	}
	for (i = 0; i <= base->nr_types && i < 100; i++) {
		const struct btf_type *t = base_type(base, i, &err);

		if (t)
			found += strlen(base_str(base, t->name_off)) +
				 base_equal(base, i);
	}
}

static void split(const struct base *base)
{
	static struct bytes types[2];
	struct bytes *t = &types[base->swapped];
	struct split result;
	struct err err;
	struct btf btf;

	if (!types[0].data) {
		types[0] = seed_types(SEED_64LE);
		types[1] = seed_types(SEED_64BE);
	}
	if (btf_open(&btf, "types", t->data, t->size, &err) ||
	    btf_check(&btf, &err))
		fuzz_check(err.msg);
	if (split_make(&result, &btf, base, base->sorted, &err)) {
		fuzz_check_message(err.msg);
	} else {
		struct bytes b = { result.data, result.size };

		fuzz_check(oracle_split_btf(b, btf.swapped, base->nr_types,
					    base->strs_len,
					    base->sorted ? base->strs : NULL));
		split_free(&result);
	}
	btf_free(&btf);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct base base;
	struct err err;

	if (base_open(&base, fuzz_file(FUZZ_BASE, data, size), &err)) {
		fuzz_check_message(err.msg);
		return 0;
	}
	look_up(&base);
	split(&base);
	base_close(&base);
	return 0;
}
