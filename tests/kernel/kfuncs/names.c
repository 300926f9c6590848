// SPDX-License-Identifier: GPL-2.0-only
/* A set of kfuncs that also names functions of vmlinux, and a missing one */
#include <linux/bpf.h>
#include <linux/btf.h>
#include <linux/btf_ids.h>
#include <linux/module.h>

__bpf_kfunc_start_defs();

__bpf_kfunc int names_call(int n)
{
	return n + 6;
}

__bpf_kfunc_end_defs();

BTF_KFUNCS_START(names_ids)
BTF_ID_FLAGS(func, bpf_dynptr_size)
BTF_ID_FLAGS(func, names_call)
BTF_ID_FLAGS(func, names_of_nobody)
BTF_KFUNCS_END(names_ids)

BTF_ID_LIST(names_list)
BTF_ID(struct, task_struct)
BTF_ID(func, names_call)
BTF_ID(func, names_of_nobody)

static int __init names_init(void)
{
	return names_ids.cnt == 3 && names_list[1] ? 0 : -EINVAL;
}

static void __exit names_exit(void)
{
}

module_init(names_init);
module_exit(names_exit);
MODULE_DESCRIPTION("Functions of others in a set");
MODULE_LICENSE("GPL");
