// SPDX-License-Identifier: GPL-2.0
#include <linux/module.h>
#include <linux/slab.h>
#include <linux/string.h>

#include "store.h"

static u64 item_hash(const struct demo_store_item *item)
{
	return item->name[0];
}

static struct demo_store store = {
	.lock = __SPIN_LOCK_UNLOCKED(store.lock),
	.items = LIST_HEAD_INIT(store.items),
	.hash = item_hash,
};

static struct demo_store_item first = {
	.name = "first",
};

struct demo_store_item *demo_store_find(const char *name)
{
	struct demo_store_item *item, *found = NULL;

	spin_lock(&store.lock);
	list_for_each_entry(item, &store.items, node) {
		if (!strcmp(item->name, name))
			found = item;
	}
	spin_unlock(&store.lock);
	return found;
}
EXPORT_SYMBOL_GPL(demo_store_find);

u64 demo_store_hit(struct demo_store_item *item, u64 by)
{
	u64 count;

	spin_lock(&store.lock);
	item->state = DEMO_STORE_LIVE;
	item->hits++;
	item->count += by;
	count = item->count;
	spin_unlock(&store.lock);
	return count;
}
EXPORT_SYMBOL_GPL(demo_store_hit);

static int __init demo_store_init(void)
{
	list_add(&first.node, &store.items);
	return demo_store_register_kfuncs();
}

static void __exit demo_store_exit(void)
{
}

module_init(demo_store_init);
module_exit(demo_store_exit);
MODULE_DESCRIPTION("A store of counters, to be built outside of the kernel");
MODULE_LICENSE("GPL");
