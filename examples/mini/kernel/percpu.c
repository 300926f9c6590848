// SPDX-License-Identifier: GPL-2.0-only
#include <mini/percpu.h>
#include <mini/task.h>

struct cpu_info {
	unsigned int family, model;
	char vendor[16];
	unsigned long features[4];
};

DEFINE_PER_CPU(struct rq, runqueues);
DEFINE_PER_CPU(struct task *, current_task);
DEFINE_PER_CPU(int, cpu_number);
DEFINE_PER_CPU(struct cpu_info, cpu_info);

bool cpu_has(unsigned int feature)
{
	const struct cpu_info *info = this_cpu_ptr(&cpu_info);

	return info->features[feature / 64 % 4] >> feature % 64 & 1;
}
