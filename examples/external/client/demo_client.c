// SPDX-License-Identifier: GPL-2.0
/* Uses demo_store: its symbols, and its types through a header. */
#include <linux/module.h>

#include "store.h"

struct demo_client {
	struct demo_store_item *item;
	struct work_struct *work;
	u64 seen;
};

static struct demo_client client;

static int __init demo_client_init(void)
{
	client.item = demo_store_find("first");
	if (!client.item)
		return -ENOENT;
	client.seen = demo_store_hit(client.item, 1);
	return 0;
}

static void __exit demo_client_exit(void)
{
}

module_init(demo_client_init);
module_exit(demo_client_exit);
MODULE_DESCRIPTION("A user of demo_store");
MODULE_LICENSE("GPL");
