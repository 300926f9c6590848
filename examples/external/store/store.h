/* SPDX-License-Identifier: GPL-2.0 */
/* A named counter, as an example of types that the kernel does not have. */
#ifndef DEMO_STORE_H
#define DEMO_STORE_H

#include <linux/list.h>
#include <linux/spinlock.h>
#include <linux/types.h>

enum demo_store_state {
	DEMO_STORE_NEW,
	DEMO_STORE_LIVE,
	DEMO_STORE_DEAD,
};

struct demo_store_item {
	struct list_head node;
	char name[16];
	u64 count;
	enum demo_store_state state : 2;
	unsigned int hits : 30;
};

struct demo_store {
	spinlock_t lock;
	struct list_head items;
	u64 (*hash)(const struct demo_store_item *item);
};

struct demo_store_item *demo_store_find(const char *name);
u64 demo_store_hit(struct demo_store_item *item, u64 by);

int demo_store_register_kfuncs(void);

#endif
