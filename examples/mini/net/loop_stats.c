// SPDX-License-Identifier: GPL-2.0-only
#include "loop.h"

/* Only declared in the other objects of this module */
struct loop_stats {
	u64 packets;
	u64 bytes;
	struct {
		u32 largest;
		u32 smallest : 20;
		u32 valid : 1;
	};
};

struct loop_stats *loop_stats_new(void)
{
	return kmalloc(sizeof(struct loop_stats), 0);
}

void loop_stats_add(struct loop_stats *stats, const struct sk_buff *skb)
{
	stats->packets++;
	stats->bytes += skb->len;
	if (skb->len > stats->largest)
		stats->largest = skb->len;
	if (!stats->valid || skb->len < stats->smallest)
		stats->smallest = skb->len;
	stats->valid = 1;
}
