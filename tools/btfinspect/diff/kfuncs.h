/* SPDX-License-Identifier: GPL-2.0-only */
/* Find kfuncs, from sets in .BTF_ids and from tags. */
#ifndef BTFINSPECT_DIFF_KFUNCS_H
#define BTFINSPECT_DIFF_KFUNCS_H

#include "../../btfstage/elf/elf_file.h"
#include "side.h"

/* From the sets, which are found by their symbols. */
int __must_check kfuncs_read(struct side *s, const struct elf_file *ef,
			     struct err *err);

/* After that: from tags, which have no flags. */
int __must_check kfuncs_add_tags(struct side *s, struct err *err);

#endif
