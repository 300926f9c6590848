// SPDX-License-Identifier: GPL-2.0-only
#include <mini/btf_ids.h>
#include <mini/module.h>
#include <mini/task.h>

struct idset_entry {
	u32 id;
	struct idset_entry *next;
};

union idset_value {
	u64 number;
	struct idset_entry *entry;
};

typedef union idset_value idset_value_t;

/* Some types are vmlinux's, some our own. */
BTF_ID_LIST(idset_ids)
BTF_ID(struct, task)
BTF_ID(struct, idset_entry)
BTF_ID(union, sigval)
BTF_ID(union, idset_value)
BTF_ID(typedef, pid_t)
BTF_ID(typedef, idset_value_t)
BTF_ID(func, task_put)
BTF_ID(func, idset_find)

/* Not sorted by id, as the set will be */
BTF_SET_START(idset_allowed)
BTF_ID(func, idset_find)
BTF_ID(func, schedule)
BTF_ID(func, idset_add)
BTF_ID(func, alloc_page)
BTF_SET_END(idset_allowed)

static struct idset_entry *entries;

idset_value_t idset_find(u32 id)
{
	idset_value_t value = { 0 };
	struct idset_entry *e;

	for (e = entries; e; e = e->next) {
		if (e->id == id)
			value.entry = e;
	}
	return value;
}

int idset_add(struct idset_entry *entry, struct task *task)
{
	u32 i;

	for (i = 0; i < idset_allowed.cnt; i++) {
		if (idset_allowed.ids[i] == entry->id) {
			entry->next = entries;
			entries = entry;
			return 0;
		}
	}
	return idset_ids[0];
}
