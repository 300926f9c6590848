/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef _MINI_MODINFO_H
#define _MINI_MODINFO_H

/* In assembler, so that a module without types stays without types */
#define MODULE_INFO(info)						\
	asm(".pushsection .modinfo,\"a\"\n"				\
	    "	.asciz	\"" info "\"\n"					\
	    ".popsection\n")

#endif
