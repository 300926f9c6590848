/* SPDX-License-Identifier: GPL-2.0-only */
/* An open file that should be a kernel module, compressed or not. */
#ifndef BTFINSPECT_MODULE_FILE_H
#define BTFINSPECT_MODULE_FILE_H

#include "../../btfstage/elf/elf_file.h"
#include "../../btfstage/io/err.h"
#include "../../btfstage/io/file_in.h"

struct module_file {
	struct file_in in;
	struct elf_file ef;
	char name[64];		/* in the kernel */
	char release[64];	/* of its kernel, "": unknown */
};

enum module_open {
	MODULE_OPEN,
	MODULE_UNREADABLE,	/* missing, truncated, not a module */
	MODULE_MALFORMED,	/* the kernel refuses such a file */
};

/*
 * Open the file @path, which must outlive @m. Any result but MODULE_OPEN leaves
 * nothing to close, and sets @err.
 */
enum module_open __must_check module_file_open(struct module_file *m,
					       const char *path,
					       struct err *err);
void module_file_close(struct module_file *m);

#endif
