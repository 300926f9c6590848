// SPDX-License-Identifier: GPL-2.0-only
#include <mini/btf_ids.h>

/*
 * In a kernel build, resolve_btfids fills in the ids of vmlinux. Here they stay zero.
 */
BTF_ID_LIST(task_ids)
BTF_ID(struct, task)
BTF_ID(struct, file)
BTF_ID_UNUSED
BTF_ID(func, task_get)

BTF_SET_START(sleepable)
BTF_ID(func, schedule)
BTF_ID(func, mutex_lock)
BTF_SET_END(sleepable)

bool may_sleep(u32 id)
{
	u32 i;

	for (i = 0; i < sleepable.cnt; i++) {
		if (sleepable.ids[i] == id)
			return true;
	}
	return id == task_ids[3];
}
