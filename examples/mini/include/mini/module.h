/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef _MINI_MODULE_H
#define _MINI_MODULE_H

#include <mini/modinfo.h>
#include <mini/types.h>

struct module {
	char name[56];
	struct list_head list;
	int (*init)(void);
	void (*exit)(void);
};

#define THIS_MODULE(modname)						\
	struct module __this_module					\
	__section(".gnu.linkonce.this_module") = { .name = modname }

extern struct module __this_module;

#endif
