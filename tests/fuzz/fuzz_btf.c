// SPDX-License-Identifier: GPL-2.0-only
/*
 * BTF: the checks, making a base of it, deduplicating it against that base and
 * against another one, and distilling both.
 */
#include <stdlib.h>
#include <string.h>

#include "base.h"
#include "btf.h"
#include "distill.h"
#include "fuzz.h"
#include "oracle.h"
#include "split.h"

/* Split against what is left of the base, in a section of its own. */
static void distil(const struct split *split, const struct btf *btf,
		   const struct base *base)
{
	struct distilled d;
	struct err err;

	if (distill(&d, split, base, "in", &err)) {
		fuzz_check_message(err.msg);
		return;
	}
	fuzz_check(oracle_distilled((struct bytes){ d.base, d.base_size },
				    (struct bytes){ d.split, d.split_size },
				    btf->swapped));
	distilled_free(&d);
}

static void split(const struct btf *btf, const void *data, size_t size)
{
	struct split result;
	struct base base;
	struct err err;

	if (base_open(&base, fuzz_file(FUZZ_BASE, data, size), &err))
		fuzz_check(err.msg);
	if (split_make(&result, btf, &base, &err)) {
		fuzz_check_message(err.msg);
	} else {
		struct bytes b = { result.data, result.size };

		fuzz_check(oracle_split_btf(b, btf->swapped, base.nr_types,
					    base.strs_len));
		distil(&result, btf, &base);
		split_free(&result);
	}
	base_close(&base);
}

static void use(const struct btf *btf)
{
	static struct bytes other[2];
	struct err err;
	uint8_t *data;
	size_t size;

	if (!other[0].data) {
		other[0] = seed_base(SEED_64LE);
		other[1] = seed_base(SEED_64BE);
	}
	split(btf, other[btf->swapped].data, other[btf->swapped].size);
	if (base_build(btf, &data, &size, &err)) {
		fuzz_check_message(err.msg);
		return;
	}
	fuzz_check(oracle_base((struct bytes){ data, size }));
	split(btf, data, size);
	free(data);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	uint8_t *copy = malloc(size);
	struct btf btf = { 0 };
	struct err err;

	/* The exact size, for ASan. */
	if (size)
		memcpy(copy, data, size);
	if (btf_open(&btf, "in", copy, size, &err) || btf_check(&btf, &err))
		fuzz_check_message(err.msg);
	else
		use(&btf);
	btf_free(&btf);
	free(copy);
	return 0;
}
