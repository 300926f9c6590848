/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The hooks that call "btfinspect hook check" when a kernel is installed
 * (Debian's /etc/kernel, kernel-install) and when DKMS has installed a module.
 */
#ifndef BTFINSPECT_HOOK_FILES_H
#define BTFINSPECT_HOOK_FILES_H

#include <stdio.h>

#include "../../btfstage/io/err.h"

/* Below @root, "" for this system. @program: what the hooks call. */
int __must_check hook_on(const char *root, const char *program, FILE *f,
			 struct err *err);

/* Leaves files that others changed. */
int __must_check hook_off(const char *root, FILE *f, struct err *err);

/* Returns the number of hooks. */
int __must_check hook_status(const char *root, FILE *f, struct err *err);

#endif
