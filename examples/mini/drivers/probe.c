// SPDX-License-Identifier: GPL-2.0-only
#include <mini/btf_ids.h>
#include <mini/device.h>
#include <mini/module.h>
#include <mini/task.h>

struct probe_point {
	unsigned long addr;
	int (*handler)(struct probe_point *point, struct task *task);
	struct list_head entry;
};

/* kfuncs: functions that BPF programs can call */
noinline struct probe_point *probe_acquire(unsigned long addr)
{
	struct probe_point *point = kmalloc(sizeof(*point), 0);

	if (point)
		point->addr = addr;
	return point;
}

noinline void probe_release(struct probe_point *point)
{
	kfree(point);
}

noinline int probe_hit(struct probe_point *point, struct task *task)
{
	return point->handler ? point->handler(point, task) : 0;
}

noinline bool probe_allowed(const struct task *task)
{
	return task_capable(task, CAP_BPF);
}

/* Sorting by id must keep each flag with its function. */
BTF_SET8_START(probe_kfuncs)
BTF_ID_FLAGS(func, probe_release, KF_RELEASE)
BTF_ID_FLAGS(func, probe_hit, KF_TRUSTED_ARGS | KF_SLEEPABLE)
BTF_ID_FLAGS(func, task_get, KF_ACQUIRE)
BTF_ID_FLAGS(func, probe_acquire, KF_ACQUIRE | KF_RET_NULL)
BTF_ID_FLAGS(func, probe_allowed, 0)
BTF_SET8_END(probe_kfuncs)

int init_module(void)
{
	return probe_kfuncs.cnt ? 0 : -1;
}
