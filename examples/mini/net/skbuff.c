// SPDX-License-Identifier: GPL-2.0-only
#include <mini/net.h>

struct sk_buff *alloc_skb(unsigned int size, gfp_t gfp)
{
	struct sk_buff *skb = kmalloc(sizeof(*skb), gfp);

	if (!skb)
		return NULL;
	memset(skb, 0, sizeof(*skb));
	skb->head = kmalloc(size + sizeof(struct skb_shared_info), gfp);
	skb->data = skb->head;
	skb->users.refs.counter = 1;
	return skb;
}

struct skb_shared_info *skb_shinfo(const struct sk_buff *skb)
{
	return (struct skb_shared_info *)(skb->head + skb->len);
}

void kfree_skb(struct sk_buff *skb)
{
	if (!--skb->users.refs.counter && !skb->cloned)
		kfree(skb->head);
}

int netif_rx(struct sk_buff *skb)
{
	struct net_device *dev = skb->dev;

	spin_lock(&dev->queue.lock);
	skb->next = dev->queue.next;
	dev->queue.next = skb;
	dev->queue.qlen++;
	dev->stats.rx_packets++;
	dev->stats.rx_bytes += skb->len;
	spin_unlock(&dev->queue.lock);
	return 0;
}

__be16 eth_type(const struct sk_buff *skb)
{
	const struct ethhdr *eth = (const struct ethhdr *)skb->data;

	return eth->proto;
}

struct net_device *alloc_netdev(size_t priv, const char *name)
{
	struct net_device *dev = kmalloc(sizeof(*dev) + priv, 0);

	if (!dev)
		return NULL;
	memcpy(dev->name, name, sizeof(dev->name));
	dev->priv = dev + 1;
	return dev;
}

int register_netdev(struct net_device *dev)
{
	return device_register(&dev->dev) ?: dev->ops->open(dev);
}

void unregister_netdev(struct net_device *dev)
{
	dev->ops->stop(dev);
	device_unregister(&dev->dev);
}
