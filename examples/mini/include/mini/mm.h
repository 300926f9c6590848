/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef _MINI_MM_H
#define _MINI_MM_H

#include <mini/lock.h>

struct file;
struct inode;
struct mm;
struct vm_area;
struct kmem_cache;

enum pageflags {
	PG_LOCKED,
	PG_DIRTY,
	PG_LRU,
	PG_SLAB,
	PG_WRITEBACK,
	__NR_PAGEFLAGS,
};

struct address_space;

struct page {
	volatile unsigned long flags;
	union {
		struct {
			union {
				struct list_head lru;
				struct {
					void *filler;
					unsigned int mlock_count;
				};
			};
			struct address_space *mapping;
			unsigned long index;
			unsigned long private;
		};
		struct {
			struct kmem_cache *slab_cache;
			void *freelist;
			unsigned inuse : 16;
			unsigned objects : 15;
			unsigned frozen : 1;
		};
		struct callback_head rcu_head;
	};
	union {
		atomic_t mapcount;
		unsigned int page_type;
	};
	atomic_t refcount;
};

struct address_space_operations {
	int (*writepage)(struct page *page, void *control);
	int (*readpage)(struct file *file, struct page *page);
	bool (*dirty_page)(struct address_space *mapping, struct page *page);
};

struct address_space {
	struct inode *host;
	struct rb_root pages;
	gfp_t gfp_mask;
	unsigned long nr_pages;
	const struct address_space_operations *a_ops;
};

enum fault_flag {
	FAULT_WRITE = 1 << 0,
	FAULT_USER = 1 << 1,
};

typedef unsigned int vm_fault_t;

struct vm_fault {
	const struct {
		struct vm_area *vma;
		unsigned long address;
	};
	enum fault_flag flags;
	struct page *page;
};

struct vm_operations {
	void (*open)(struct vm_area *vma);
	void (*close)(struct vm_area *vma);
	vm_fault_t (*fault)(struct vm_fault *fault);
	const char *(*name)(struct vm_area *vma);
};

struct vm_area {
	unsigned long start;
	unsigned long end;
	struct mm *mm;
	struct rb_node node;
	union {
		const unsigned long flags;
		unsigned long __flags;
	};
	const struct vm_operations *ops;
	struct file *file;
};

struct mm {
	struct {
		struct rb_root areas;
		unsigned long (*get_area)(struct file *file, unsigned long addr,
					  unsigned long len);
		atomic_t users;
		struct rw_semaphore lock;
	};
	unsigned long cpu_bitmap[];
};

struct kmem_cache {
	const char *name;
	unsigned int size;
	unsigned int align;
	void (*ctor)(void *object);
	struct list_head list;
	struct kmem_cache_node {
		spinlock_t lock;
		unsigned long nr_partial;
		struct list_head partial;
	} *node[4];
};

struct page *alloc_page(gfp_t gfp);
void free_page(struct page *page);
void *kmem_cache_alloc(struct kmem_cache *cache, gfp_t gfp);
void kmem_cache_free(struct kmem_cache *cache, void *object);
void *kmalloc(size_t size, gfp_t gfp);
void kfree(const void *object);
void *memcpy(void *restrict to, const void *restrict from, size_t n);
void *memset(void *s, int c, size_t n);

#endif
