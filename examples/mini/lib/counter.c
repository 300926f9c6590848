// SPDX-License-Identifier: GPL-2.0-only
#include <mini/module.h>
#include <mini/percpu.h>
#include <mini/task.h>

struct counter {
	u64 count;
	struct task *last;
};

typedef unsigned long counter_flags_t;

DEFINE_PER_CPU(struct counter, counters);
DEFINE_PER_CPU(counter_flags_t, counter_flags);
DEFINE_PER_CPU(u32, counter_batch) = 32;

void counter_add(struct task *task, u32 n)
{
	struct counter *counter = this_cpu_ptr(&counters);

	counter->last = task;
	counter->count += n < counter_batch ? counter_batch : n;
	counter_flags |= 1;
}
