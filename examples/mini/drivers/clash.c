// SPDX-License-Identifier: GPL-2.0-only
#include <mini/types.h>

/* In vmlinux's <mini/device.h>, these names have other types. */
struct device_stats {
	u32 opened;
	u32 closed;
	u64 bytes[4];
};

enum task_state {
	CLASH_IDLE,
	CLASH_BUSY = 7,
};

typedef struct device_stats kuid_pair_t[2];

struct clash {
	struct device_stats stats;
	enum task_state state;
	kuid_pair_t pair;
	kuid_t uid;
};

u64 clash_total(const struct clash *clash)
{
	u64 total = 0;
	int i;

	for (i = 0; i < 4; i++)
		total += clash->stats.bytes[i];
	return clash->state == CLASH_BUSY ? total : clash->uid.val;
}
