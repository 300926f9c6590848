/* SPDX-License-Identifier: GPL-2.0-only */
/* Arguments of kfuncs that the kernel passes, not the BPF program. */
#ifndef BTFSTAGE_IMPLICIT_H
#define BTFSTAGE_IMPLICIT_H

#include "../btf/btf.h"
#include "names.h"

/*
 * Call @found for each kfunc that still has such an argument although its
 * prototype was rewritten, with the name of the struct that it points to.
 */
void implicit_args_left(const struct btf *btf, const struct own_names *own,
			void (*found)(void *arg, const char *kfunc,
				      const char *type),
			void *arg);

#endif
