// SPDX-License-Identifier: GPL-2.0-only
/* Each flag of a kfunc, and each name of a parameter, that changes the types */
#include <linux/bpf.h>
#include <linux/btf.h>
#include <linux/btf_ids.h>
#include <linux/module.h>

__bpf_kfunc_start_defs();

__bpf_kfunc int flags_none(int n)
{
	return n + 1;
}

__bpf_kfunc int flags_fastcall(int n)
{
	return n + 2;
}

/* A program calls it without the second argument, and the kernel adds that. */
__bpf_kfunc int flags_implicit(int n, struct bpf_prog_aux *aux)
{
	return aux ? n + 3 : -EINVAL;
}

/* As kfuncs were that had such an argument before the flag: both can be called. */
__bpf_kfunc int flags_legacy(int n, struct bpf_prog_aux *aux)
{
	return aux ? n + 4 : -EINVAL;
}

__bpf_kfunc int flags_legacy_impl(int n, struct bpf_prog_aux *aux)
{
	return flags_legacy(n, aux);
}

__bpf_kfunc int flags_arena1(void *first, int n)
{
	return first ? n : 0;
}

__bpf_kfunc int flags_arena2(int n, void *second)
{
	return second ? n : 0;
}

__bpf_kfunc void *flags_arena_all(void *first, void *second)
{
	return first ?: second;
}

__bpf_kfunc int flags_arena_names(void *p__arena, u64 *q__arena__nullable)
{
	return p__arena == q__arena__nullable;
}

__bpf_kfunc_end_defs();

BTF_KFUNCS_START(flags_ids)
BTF_ID_FLAGS(func, flags_none)
BTF_ID_FLAGS(func, flags_fastcall, KF_FASTCALL)
BTF_ID_FLAGS(func, flags_implicit, KF_IMPLICIT_ARGS)
BTF_ID_FLAGS(func, flags_legacy, KF_IMPLICIT_ARGS)
BTF_ID_FLAGS(func, flags_legacy_impl)
BTF_ID_FLAGS(func, flags_arena1, KF_ARENA_ARG1)
BTF_ID_FLAGS(func, flags_arena2, KF_ARENA_ARG2)
BTF_ID_FLAGS(func, flags_arena_all, KF_ARENA_RET | KF_ARENA_ARG1 | KF_ARENA_ARG2)
BTF_ID_FLAGS(func, flags_arena_names)
BTF_KFUNCS_END(flags_ids)

static const struct btf_kfunc_id_set flags_set = {
	.owner = THIS_MODULE,
	.set = &flags_ids,
};

static int __init flags_init(void)
{
	return register_btf_kfunc_id_set(BPF_PROG_TYPE_SYSCALL, &flags_set);
}

static void __exit flags_exit(void)
{
}

module_init(flags_init);
module_exit(flags_exit);
MODULE_DESCRIPTION("kfuncs with each flag");
MODULE_LICENSE("GPL");
