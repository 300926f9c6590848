// SPDX-License-Identifier: GPL-2.0-only
/*
 * A module that measures how long the kernel searches vmlinux's BTF and that of all
 * modules for a name that does not exist. The parameter "cycles" is the fastest of
 * many searches.
 */
#include <linux/bpf.h>
#include <linux/btf.h>
#include <linux/module.h>
#include <linux/sysfs.h>
#include <linux/timex.h>

static int cycles_get(char *buffer, const struct kernel_param *kp)
{
	u64 start, least = U64_MAX;
	struct btf *btf;
	int i;

	for (i = 0; i < 100; i++) {
		start = get_cycles();
		bpf_find_btf_id("no_such_name", BTF_KIND_FUNC, &btf);
		least = min(least, get_cycles() - start);
	}
	return sysfs_emit(buffer, "%llu\n", least);
}

static const struct kernel_param_ops cycles_ops = {
	.get = cycles_get,
};
module_param_cb(cycles, &cycles_ops, NULL, 0400);

MODULE_DESCRIPTION("Time a search in BTF");
MODULE_LICENSE("GPL");
