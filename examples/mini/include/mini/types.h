/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef _MINI_TYPES_H
#define _MINI_TYPES_H

#define __section(s)	__attribute__((__section__(s)))
#define __used		__attribute__((__used__))
#define __packed	__attribute__((__packed__))
#define __aligned(n)	__attribute__((__aligned__(n)))
#define noinline	__attribute__((__noinline__))

#define NULL		((void *)0)
#define offsetof(t, m)	__builtin_offsetof(t, m)
#define container_of(p, t, m)	((t *)((char *)(p) - offsetof(t, m)))

typedef unsigned char u8;
typedef unsigned short u16;
typedef unsigned int u32;
typedef unsigned long long u64;
typedef signed char s8;
typedef short s16;
typedef int s32;
typedef long long s64;
typedef u16 __be16;
typedef u32 __be32;
typedef unsigned long size_t;
typedef long ssize_t;
typedef long long loff_t;
typedef unsigned int gfp_t;
typedef unsigned short umode_t;
typedef unsigned int dev_t;
typedef int pid_t;
typedef u64 sector_t;
typedef s64 ktime_t;
typedef _Bool bool;

#define true	1
#define false	0

typedef struct {
	unsigned int val;
} kuid_t;

typedef struct {
	unsigned int val;
} kgid_t;

typedef struct {
	int counter;
} atomic_t;

typedef struct {
	s64 counter;
} atomic64_t;

typedef struct refcount_struct {
	atomic_t refs;
} refcount_t;

struct kref {
	refcount_t refcount;
};

struct callback_head {
	struct callback_head *next;
	void (*func)(struct callback_head *head);
};

struct list_head {
	struct list_head *next, *prev;
};

struct hlist_node {
	struct hlist_node *next, **pprev;
};

struct hlist_head {
	struct hlist_node *first;
};

struct rb_node {
	unsigned long parent_colour;
	struct rb_node *right;
	struct rb_node *left;
} __aligned(sizeof(long));

struct rb_root {
	struct rb_node *node;
};

#endif
