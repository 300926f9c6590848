// SPDX-License-Identifier: GPL-2.0-only
#include "loop.h"

enum loop_state {
	LOOP_DOWN,
	LOOP_UP,
};

static int loop_open(struct net_device *dev)
{
	dev->state = LOOP_UP;
	return 0;
}

static int loop_stop(struct net_device *dev)
{
	dev->state = LOOP_DOWN;
	return 0;
}

static netdev_tx_t loop_xmit(struct sk_buff *skb, struct net_device *dev)
{
	struct loop_dev *loop = dev->priv;

	loop_stats_add(loop->stats, skb);
	return netif_rx(skb) ? NETDEV_TX_BUSY : NETDEV_TX_OK;
}

static const struct net_device_ops loop_ops = {
	.open = loop_open,
	.stop = loop_stop,
	.start_xmit = loop_xmit,
};

int loop_dev_init(struct loop_dev *loop)
{
	loop->netdev->ops = &loop_ops;
	loop->netdev->priv = loop;
	loop->stats = loop_stats_new();
	return register_netdev(loop->netdev);
}
