/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef _NET_LOOP_H
#define _NET_LOOP_H

#include <mini/net.h>

struct loop_stats;

struct loop_dev {
	struct net_device *netdev;
	struct loop_stats *stats;
	spinlock_t lock;
};

int loop_dev_init(struct loop_dev *loop);
void loop_stats_add(struct loop_stats *stats, const struct sk_buff *skb);
struct loop_stats *loop_stats_new(void);

#endif
