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
	if (split_make(&result, btf, &base, base.sorted, &err)) {
		fuzz_check_message(err.msg);
	} else {
		struct bytes b = { result.data, result.size };

		fuzz_check(oracle_split_btf(b, btf->swapped, base.nr_types,
					    base.strs_len,
					    base.sorted ? base.strs : NULL));
		distil(&result, btf, &base);
		split_free(&result);
	}
	base_close(&base);
}

/* A kernel's types, and some of a module, in this machine's byte order or not. */
static struct {
	struct bytes base, types;
	struct btf btf;
} other[2];

static void open_others(void)
{
	struct err err;
	int i;

	for (i = 0; i < 2; i++) {
		struct bytes b = seed_types(i ? SEED_64BE : SEED_64LE);

		other[i].base = seed_base(i ? SEED_64BE : SEED_64LE);
		other[i].types = b;
		if (btf_open(&other[i].btf, "in", b.data, b.size, &err) ||
		    btf_check(&other[i].btf, &err))
			abort();
	}
}

static void use(const struct btf *btf)
{
	const struct btf *module = btf;
	struct err err;
	uint8_t *data;
	size_t size;

	if (!other[0].base.data)
		open_others();
	/* Types of an unknown kind are for a base alone. */
	if (btf->unknown)
		module = &other[btf->swapped].btf;
	else
		split(btf, other[btf->swapped].base.data,
		      other[btf->swapped].base.size);
	if (base_build(btf, &data, &size, &err)) {
		fuzz_check_message(err.msg);
		return;
	}
	fuzz_check(oracle_base((struct bytes){ data, size }));
	split(module, data, size);
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
	if (btf_open(&btf, "in", copy, size, &err) ||
	    btf_check_base(&btf, &err))
		fuzz_check_message(err.msg);
	else
		use(&btf);
	btf_free(&btf);
	free(copy);
	return 0;
}
