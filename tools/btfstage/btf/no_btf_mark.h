/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef BTFSTAGE_NO_BTF_MARK_H
#define BTFSTAGE_NO_BTF_MARK_H

#include <stdbool.h>
#include <string.h>

#include "../io/file_in.h"

/*
 * The build writes this line in the place of a module's types if the module has
 * no debug information. ": " and a reason follow.
 */
#define NO_BTF_MARK	"# no BTF"

static inline bool no_btf_mark(const struct file_in *in)
{
	return in->size >= strlen(NO_BTF_MARK) &&
	       !memcmp(in->data, NO_BTF_MARK, strlen(NO_BTF_MARK));
}

#endif
