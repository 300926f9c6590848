/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef _MINI_TASK_H
#define _MINI_TASK_H

#include <mini/fs.h>

struct rq;
struct task;

/* Wider than an int: an ENUM64 */
enum capability {
	CAP_NONE = 0,
	CAP_KILL = 1ULL << 5,
	CAP_ADMIN = 1ULL << 21,
	CAP_BPF = 1ULL << 39,
};

enum task_state {
	TASK_RUNNING,
	TASK_INTERRUPTIBLE,
	TASK_UNINTERRUPTIBLE,
	TASK_DEAD = 0x80,
};

enum signed_values {
	VALUE_LOWEST = -2147483647 - 1,
	VALUE_NONE = -1,
};

struct cred {
	atomic_t usage;
	kuid_t uid, euid;
	kgid_t gid, egid;
	enum capability caps;
	struct callback_head rcu;
};

struct load_weight {
	unsigned long weight;
	u32 inv_weight;
};

struct sched_entity {
	struct load_weight load;
	struct rb_node run_node;
	unsigned int on_rq;
	u64 exec_start;
	u64 vruntime;
	struct sched_entity *parent;
};

struct sched_class {
	void (*enqueue)(struct rq *rq, struct task *task, int flags);
	void (*dequeue)(struct rq *rq, struct task *task, int flags);
	struct task *(*pick_next)(struct rq *rq, struct task *prev);
	unsigned int (*interval)(struct rq *rq, const struct task *task);
};

struct pid {
	refcount_t count;
	unsigned int level;
	struct hlist_head tasks[4];
	struct upid {
		int nr;
		struct pid_namespace *ns;
	} numbers[];
};

typedef struct {
	unsigned long sig[64 / (8 * sizeof(long))];
} sigset_t;

typedef void (*sighandler_t)(int sig);

struct sigaction {
	sighandler_t handler;
	unsigned long flags;
	sigset_t mask;
};

typedef union sigval {
	int sival_int;
	void *sival_ptr;
} sigval_t;

struct files {
	atomic_t count;
	spinlock_t lock;
	unsigned int next_fd;
	struct file *fd_array[64];
};

struct task {
	volatile unsigned int state;
	void *stack;
	refcount_t usage;
	unsigned int flags;
	int prio;
	const struct sched_class *sched_class;
	struct sched_entity se;
	struct list_head tasks;
	struct mm *mm;
	unsigned in_execve : 1;
	unsigned in_iowait : 1;
	unsigned no_throttle : 1;
	unsigned : 0;
	unsigned policy : 3;
	signed nice : 6;
	pid_t pid;
	struct task *parent;
	struct list_head children;
	struct pid *thread_pid;
	u64 utime, stime;
	const struct cred *cred;
	char comm[16];
	struct files *files;
	struct sigaction action[32];
	sigset_t blocked;
	sigval_t sigval;
	enum task_state exit_state;
	struct wait_queue_entry wait;
	unsigned long thread[] __aligned(16);
};

struct cfs_rq {
	struct load_weight load;
	unsigned int nr_running;
	struct rb_root timeline;
	struct sched_entity *curr;
};

struct rq {
	raw_spinlock_t lock;
	unsigned int nr_running;
	struct cfs_rq cfs;
	struct task *curr, *idle;
	u64 clock;
	int cpu;
};

struct task *task_create(const char *name, int (*fn)(void *data), void *data);
struct task *task_get(struct task *task);
void task_put(struct task *task);
bool task_capable(const struct task *task, enum capability cap);
void schedule(void);

#endif
