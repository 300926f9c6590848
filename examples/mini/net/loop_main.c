// SPDX-License-Identifier: GPL-2.0-only
#include <mini/module.h>

#include "loop.h"

static struct loop_dev loop;

int init_module(void)
{
	loop.netdev = alloc_netdev(sizeof(struct loop_dev), "lo");
	if (!loop.netdev)
		return -1;
	return loop_dev_init(&loop);
}

void cleanup_module(void)
{
	unregister_netdev(loop.netdev);
}
