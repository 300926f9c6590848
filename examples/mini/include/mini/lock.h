/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef _MINI_LOCK_H
#define _MINI_LOCK_H

#include <mini/types.h>

struct task;

/* Bytes of one word; the union hides their order. */
struct qspinlock {
	union {
		atomic_t val;
		struct {
			u8 locked;
			u8 pending;
		};
		struct {
			u16 locked_pending;
			u16 tail;
		};
	};
};

typedef struct raw_spinlock {
	struct qspinlock raw_lock;
} raw_spinlock_t;

typedef struct spinlock {
	union {
		struct raw_spinlock rlock;
	};
} spinlock_t;

struct mutex {
	atomic64_t owner;
	raw_spinlock_t wait_lock;
	struct list_head wait_list;
};

struct rw_semaphore {
	atomic64_t count;
	atomic64_t owner;
	raw_spinlock_t wait_lock;
	struct list_head wait_list;
};

struct wait_queue_entry;

typedef int (*wait_queue_func_t)(struct wait_queue_entry *entry,
				 unsigned int mode, int flags, void *key);

struct wait_queue_entry {
	unsigned int flags;
	void *private;
	wait_queue_func_t func;
	struct list_head entry;
};

typedef struct wait_queue_head {
	spinlock_t lock;
	struct list_head head;
} wait_queue_head_t;

struct completion {
	unsigned int done;
	wait_queue_head_t wait;
};

void spin_lock(spinlock_t *lock);
void spin_unlock(spinlock_t *lock);
void mutex_lock(struct mutex *lock);
void mutex_unlock(struct mutex *lock);
void complete(struct completion *x);

#endif
