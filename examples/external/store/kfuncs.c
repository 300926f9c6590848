// SPDX-License-Identifier: GPL-2.0
/*
 * Functions for BPF programs. The kernel finds them by their type ids, which
 * the build writes into .BTF_ids: without BTF this module does not load.
 */
#include <linux/bpf.h>
#include <linux/btf.h>
#include <linux/btf_ids.h>
#include <linux/module.h>

#include "store.h"

/* The names are those of 6.9 and later. */
#ifndef __bpf_kfunc
#define __bpf_kfunc	__used noinline
#endif
#ifndef __bpf_kfunc_start_defs
#define __bpf_kfunc_start_defs()					\
	__diag_push();							\
	__diag_ignore_all("-Wmissing-prototypes", "called by BPF only")
#define __bpf_kfunc_end_defs()	__diag_pop()
#endif
#ifndef BTF_KFUNCS_START
#define BTF_KFUNCS_START(name)	BTF_SET8_START(name)
#define BTF_KFUNCS_END(name)	BTF_SET8_END(name)
#endif

/* From 7.0 on, all arguments are trusted. */
#ifndef KF_TRUSTED_ARGS
#define KF_TRUSTED_ARGS		0
#endif

__bpf_kfunc_start_defs();

__bpf_kfunc struct demo_store_item *demo_store_first(void)
{
	return demo_store_find("first");
}

__bpf_kfunc u64 demo_store_count(struct demo_store_item *item)
{
	return item->count;
}

__bpf_kfunc int demo_store_add(u64 by)
{
	return demo_store_hit(demo_store_find("first"), by) > 0;
}

__bpf_kfunc_end_defs();

BTF_KFUNCS_START(demo_store_kfunc_ids)
BTF_ID_FLAGS(func, demo_store_first, KF_RET_NULL)
BTF_ID_FLAGS(func, demo_store_count, KF_TRUSTED_ARGS)
BTF_ID_FLAGS(func, demo_store_add)
BTF_KFUNCS_END(demo_store_kfunc_ids)

static const struct btf_kfunc_id_set demo_store_kfuncs = {
	.owner = THIS_MODULE,
	.set = &demo_store_kfunc_ids,
};

int demo_store_register_kfuncs(void)
{
	return register_btf_kfunc_id_set(BPF_PROG_TYPE_SYSCALL,
					 &demo_store_kfuncs);
}
