// SPDX-License-Identifier: GPL-2.0-only
#include <mini/list.h>
#include <mini/mm.h>

struct zone {
	const char *name;
	unsigned long present_pages;
	struct free_area {
		struct list_head free_list[3];
		unsigned long nr_free;
	} free_area[11];
	spinlock_t lock;
};

static struct page pages[64];
static unsigned char heap[1 << 16];
static size_t heap_used;
struct zone zones[2];
struct mm init_mm;

struct page *alloc_page(gfp_t gfp)
{
	unsigned int i;

	for (i = 0; i < sizeof(pages) / sizeof(*pages); i++) {
		if (!pages[i].refcount.counter) {
			pages[i].refcount.counter = 1;
			return &pages[i];
		}
	}
	return NULL;
}

void free_page(struct page *page)
{
	page->refcount.counter--;
	page->flags &= ~(1ul << PG_DIRTY);
}

void *kmalloc(size_t size, gfp_t gfp)
{
	void *p = heap + heap_used;

	if (size > sizeof(heap) - heap_used)
		return NULL;
	heap_used += (size + 15) & ~15ul;
	return p;
}

void kfree(const void *object)
{
}

void *kmem_cache_alloc(struct kmem_cache *cache, gfp_t gfp)
{
	void *object = kmalloc(cache->size, gfp);

	if (object && cache->ctor)
		cache->ctor(object);
	return object;
}

void kmem_cache_free(struct kmem_cache *cache, void *object)
{
	cache->node[0]->nr_partial++;
}

vm_fault_t handle_fault(struct vm_fault *fault)
{
	const struct vm_operations *ops = fault->vma->ops;

	return ops && ops->fault ? ops->fault(fault) : 1;
}
