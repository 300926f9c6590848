// SPDX-License-Identifier: GPL-2.0-only
/* One kfunc in two sets, with the same flags in both; differ.c has others */
#include <linux/bpf.h>
#include <linux/btf.h>
#include <linux/btf_ids.h>
#include <linux/module.h>

#ifndef OTHER_FLAGS
#define OTHER_FLAGS KF_SLEEPABLE
#endif

__bpf_kfunc_start_defs();

__bpf_kfunc int same_call(int n)
{
	return n + 5;
}

__bpf_kfunc_end_defs();

BTF_KFUNCS_START(same_ids)
BTF_ID_FLAGS(func, same_call, KF_SLEEPABLE)
BTF_KFUNCS_END(same_ids)

BTF_KFUNCS_START(same_other_ids)
BTF_ID_FLAGS(func, same_call, OTHER_FLAGS)
BTF_KFUNCS_END(same_other_ids)

static const struct btf_kfunc_id_set same_set = {
	.owner = THIS_MODULE,
	.set = &same_ids,
};

static const struct btf_kfunc_id_set same_other_set = {
	.owner = THIS_MODULE,
	.set = &same_other_ids,
};

static int __init same_init(void)
{
	return register_btf_kfunc_id_set(BPF_PROG_TYPE_SYSCALL, &same_set) ?:
	       register_btf_kfunc_id_set(BPF_PROG_TYPE_TRACING, &same_other_set);
}

static void __exit same_exit(void)
{
}

module_init(same_init);
module_exit(same_exit);
MODULE_DESCRIPTION("A kfunc in two sets");
MODULE_LICENSE("GPL");
