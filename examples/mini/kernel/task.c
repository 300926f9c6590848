// SPDX-License-Identifier: GPL-2.0-only
#include <mini/list.h>
#include <mini/percpu.h>
#include <mini/task.h>

DECLARE_PER_CPU(struct rq, runqueues);
DECLARE_PER_CPU(struct task *, current_task);

static struct list_head all_tasks = { &all_tasks, &all_tasks };

static void fair_enqueue(struct rq *rq, struct task *task, int flags)
{
	rq->cfs.nr_running++;
	task->se.on_rq = 1;
}

static void fair_dequeue(struct rq *rq, struct task *task, int flags)
{
	rq->cfs.nr_running--;
	task->se.on_rq = 0;
}

static struct task *fair_pick_next(struct rq *rq, struct task *prev)
{
	struct sched_entity *se = rq->cfs.curr;

	return se ? container_of(se, struct task, se) : prev;
}

const struct sched_class fair_sched_class = {
	.enqueue = fair_enqueue,
	.dequeue = fair_dequeue,
	.pick_next = fair_pick_next,
};

struct task *task_create(const char *name, int (*fn)(void *data), void *data)
{
	struct task *task = kmalloc(sizeof(*task), 0);

	if (!task)
		return NULL;
	memset(task, 0, sizeof(*task));
	memcpy(task->comm, name, sizeof(task->comm));
	task->sched_class = &fair_sched_class;
	task->stack = data;
	list_add(&task->tasks, &all_tasks);
	return task;
}

struct task *task_get(struct task *task)
{
	task->usage.refs.counter++;
	return task;
}

void task_put(struct task *task)
{
	if (--task->usage.refs.counter)
		return;
	list_del(&task->tasks);
	kfree(task);
}

bool task_capable(const struct task *task, enum capability cap)
{
	return task->cred && (task->cred->caps & cap) == cap;
}

int task_nice(const struct task *task)
{
	return task->nice;
}

enum signed_values task_value(const struct task *task)
{
	return task->policy ? VALUE_NONE : VALUE_LOWEST;
}

void schedule(void)
{
	struct rq *rq = this_cpu_ptr(&runqueues);
	struct task *next;

	next = fair_sched_class.pick_next(rq, current_task);
	rq->curr = next;
	current_task = next;
}

void complete(struct completion *x)
{
	spin_lock(&x->wait.lock);
	x->done++;
	spin_unlock(&x->wait.lock);
}

void spin_lock(spinlock_t *lock)
{
	while (__atomic_exchange_n(&lock->rlock.raw_lock.locked, 1,
				   __ATOMIC_ACQUIRE))
		;
}

void spin_unlock(spinlock_t *lock)
{
	__atomic_store_n(&lock->rlock.raw_lock.locked, 0, __ATOMIC_RELEASE);
}

void mutex_lock(struct mutex *lock)
{
	lock->owner.counter = 1;
}

void mutex_unlock(struct mutex *lock)
{
	lock->owner.counter = 0;
}
