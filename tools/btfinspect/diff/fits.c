// SPDX-License-Identifier: GPL-2.0-only
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../check/base_load.h"
#include "../check/check.h"
#include "fits.h"
#include "same.h"

void kernels_init(struct kernels *k, const struct side *old,
		  const struct side *new)
{
	*k = (struct kernels){ .old = old, .new = new };
	if (old && new)
		k->renumbered = compare_ids(old, new);
}

void kernels_free(struct kernels *k)
{
	if (k->base.path)
		base_close(&k->base);
}

/* With a .BTF.base: whether the kernel's relocation succeeds */
static int on_distilled(struct kernels *k, const struct side *old,
			enum fits *fits, char **why, struct err *err)
{
	struct check_options opts = { .base = &k->base };
	struct report report;
	struct checked m;

	if (!k->base.path && base_load(&k->base, k->new->path, NULL, err)) {
		k->base.path = NULL;
		return -1;
	}
	release_parse(&opts.release, k->new->release);
	check_open(&m, old->path, &opts, &report);
	*fits = report.nr_errors ? FITS_NOT : FITS;
	if (report.nr_errors && report.nr_kept)
		*why = strdup(report.problems[0].message);
	check_close(&m);
	report_free(&report);
	return 0;
}

/* Compare the ids and names of the kernel that the module uses. */
static bool same_ids(const struct kernels *k, const struct side *old)
{
	size_t i;
	uint32_t id;

	if (k->old->own.nr_types != k->new->own.nr_types ||
	    k->old->own.strs_len != k->new->own.strs_len)
		return false;
	for (id = side_first(old); id < side_end(old); id++) {
		struct btf_iter it = btf_iter_begin(side_type(old, id));

		for (; btf_iter_valid(&it); btf_iter_next(&it)) {
			if (it.role == BTF_NAME &&
			    *it.word < k->old->own.strs_len &&
			    strcmp(side_str(k->old, *it.word),
				   side_str(k->new, *it.word)))
				return false;
			if (it.role == BTF_REF && *it.word < side_first(old) &&
			    !same_ref(k->old, *it.word, k->new, *it.word))
				return false;
		}
	}
	for (i = 0; i < old->nr_kfuncs; i++) {
		id = old->kfuncs[i].id;
		if (id < side_first(old) && !same_ref(k->old, id, k->new, id))
			return false;
	}
	return true;
}

int fits_find(struct kernels *k, const struct side *old, enum fits *fits,
	      char **why, struct err *err)
{
	*fits = FITS_UNKNOWN;
	*why = NULL;
	if (!k->new)
		return 0;
	if (old->has_distilled)
		return on_distilled(k, old, fits, why, err);
	if (!k->old)
		return 0;
	*fits = FITS;
	if (k->renumbered != RENUMBERED_IDS || same_ids(k, old))
		return 0;
	*fits = FITS_NOT;
	*why = strdup("the kernel's types have other ids, and there is no .BTF.base");
	return *why ? 0 : err_no_memory(err, old->path);
}

const char *fits_name(enum fits fits)
{
	static const char * const names[] = {
		[FITS_UNKNOWN] = "unknown",
		[FITS_NO_BTF] = "no-btf",
		[FITS] = "yes",
		[FITS_NOT] = "no",
	};

	return names[fits];
}
