// SPDX-License-Identifier: GPL-2.0-only
#include <mini/types.h>

/* Only declared here: "struct net_device" is vmlinux's by name. */
struct net_device;
struct remote_secret;

struct remote {
	struct net_device *dev;
	struct remote_secret *secret;
	int (*call)(struct net_device *dev, struct remote *remote);
};

int remote_call(struct remote *remote)
{
	return remote->call(remote->dev, remote);
}
