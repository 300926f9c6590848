/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the kernel logs about a type that it refuses (btf_verifier_log_type()
 * and related functions in kernel/bpf/btf.c), on one line. Longer text is
 * truncated.
 */
#ifndef BTFINSPECT_KERNEL_LOG_H
#define BTFINSPECT_KERNEL_LOG_H

#include <stddef.h>
#include <stdint.h>

#include "btf_layer.h"

struct kernel_log {
	char text[512];
	size_t len;
};

void kernel_log_add(struct kernel_log *log, const char *fmt, ...)
	__printf(2, 3);

/* "[ID] KIND NAME", and with @details "[ID] KIND NAME DETAILS". */
void kernel_log_type(struct kernel_log *log, const struct btf_layer *types,
		     uint32_t id, const struct btf_type *t, bool details);

/* For a member of a struct or union. */
void kernel_log_member(struct kernel_log *log, const struct btf_layer *types,
		       const struct btf_type *t, const uint32_t *member);

#endif
