/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef _MINI_NET_H
#define _MINI_NET_H

#include <mini/device.h>

struct net_device;
struct sk_buff;

typedef enum netdev_tx {
	NETDEV_TX_OK = 0x00,
	NETDEV_TX_BUSY = 0x10,
} netdev_tx_t;

typedef u64 netdev_features_t;

struct net_device_stats {
	unsigned long rx_packets;
	unsigned long tx_packets;
	unsigned long rx_bytes;
	unsigned long tx_bytes;
};

struct sk_buff_head {
	struct sk_buff *next, *prev;
	u32 qlen;
	spinlock_t lock;
};

struct skb_shared_info {
	u8 nr_frags;
	union {
		u32 tskey;
		ktime_t hwtstamp;
	};
	struct {
		struct page *page;
		u32 offset, size;
	} frags[17];
};

struct sk_buff {
	union {
		struct {
			struct sk_buff *next, *prev;
			union {
				struct net_device *dev;
				unsigned long dev_scratch;
			};
		};
		struct rb_node rbnode;
		struct list_head list;
	};
	char cb[48] __aligned(8);
	unsigned int len, data_len;
	u16 mac_len, hdr_len;
	u8 cloned : 1,
	   nohdr : 1,
	   fclone : 2,
	   peeked : 1;
	__be16 protocol;
	unsigned char *head, *data;
	refcount_t users;
};

struct net_device_ops {
	int (*open)(struct net_device *dev);
	int (*stop)(struct net_device *dev);
	netdev_tx_t (*start_xmit)(struct sk_buff *skb, struct net_device *dev);
	void (*get_stats)(struct net_device *dev,
			  struct net_device_stats *stats);
};

struct net_device {
	char name[16];
	unsigned long state;
	netdev_features_t features;
	const struct net_device_ops *ops;
	unsigned int mtu;
	unsigned char addr[32];
	struct net_device_stats stats;
	struct device dev;
	struct sk_buff_head queue;
	struct hlist_node hash;
	void *priv;
};

struct ethhdr {
	unsigned char dest[6];
	unsigned char source[6];
	__be16 proto;
} __packed;

struct sk_buff *alloc_skb(unsigned int size, gfp_t gfp);
void kfree_skb(struct sk_buff *skb);
int netif_rx(struct sk_buff *skb);
struct net_device *alloc_netdev(size_t priv, const char *name);
int register_netdev(struct net_device *dev);
void unregister_netdev(struct net_device *dev);

#endif
