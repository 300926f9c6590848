// SPDX-License-Identifier: GPL-2.0-only
#include <stdlib.h>
#include <string.h>

#include "names.h"

/* Values of the memo: not asked yet, not in the base, or offset + MEMO_BIAS. */
#define MEMO_UNKNOWN	0
#define MEMO_NONE	1
#define MEMO_BIAS	2

int names_init(struct names *names, const struct btf *btf,
	       const struct base *base, struct err *err)
{
	*names = (struct names){ .btf = btf, .base = base };
	names->memo = calloc(btf->strs_len, sizeof(*names->memo));
	if (!names->memo)
		return err_set(err, btf->path, "out of memory");
	return 0;
}

void names_free(struct names *names)
{
	free(names->memo);
	*names = (struct names){ 0 };
}

int names_in_base(struct names *names, uint32_t off, uint32_t *base_off,
		  struct err *err)
{
	uint32_t *memo = &names->memo[off];

	if (*memo == MEMO_UNKNOWN) {
		const char *s = btf_str(names->btf, off);
		uint32_t found = 0;
		int ret;

		ret = base_find_str(names->base, s, strlen(s), &found, err);
		if (ret < 0)
			return -1;
		*memo = ret ? found + MEMO_BIAS : MEMO_NONE;
	}
	if (*memo == MEMO_NONE)
		return 0;
	*base_off = *memo - MEMO_BIAS;
	return 1;
}
