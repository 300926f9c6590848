/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The files by which others call "btfinspect hook check": when a kernel is installed
 * (Debian's /etc/kernel, kernel-install) and when DKMS has installed a module.
 */
#ifndef BTFINSPECT_HOOK_FILES_H
#define BTFINSPECT_HOOK_FILES_H

#include <stdio.h>

#include "../../btfstage/io/err.h"

/* Of the system below @root, "" for this one; @program is what they will call. */
int __must_check hook_on(const char *root, const char *program, FILE *f,
			 struct err *err);

/* What was changed by others stays. */
int __must_check hook_off(const char *root, FILE *f, struct err *err);

/* Returns how many of them there are. */
int __must_check hook_status(const char *root, FILE *f, struct err *err);

#endif
