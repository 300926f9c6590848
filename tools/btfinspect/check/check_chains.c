// SPDX-License-Identifier: GPL-2.0-only
/*
 * Chains of modifiers, as in "const volatile foo_t": what
 * btf_check_type_tags() of the kernel does. A chain has an end, not too far
 * away, and tags come first in it.
 */
#include "check.h"
#include "kernel_log.h"

#define MAX_CHAIN	32

static void check_chain(const struct check *c, uint32_t id, uint32_t good_id)
{
	const struct btf_type *t = types_get(&c->types, id);
	struct place at = check_place(c, id);
	bool in_tags = btf_kind(t) == BTF_KIND_TYPE_TAG;
	unsigned int len = 0;
	uint32_t cur = id;

	while (btf_is_modifier(t)) {
		if (len++ == MAX_CHAIN) {
			report_error(c->report, &at, KERNEL_ELOOP,
				     "Max chain length or cycle detected",
				     "a chain of more than %u modifiers, or a circle",
				     MAX_CHAIN);
			return;
		}
		if (btf_kind(t) != BTF_KIND_TYPE_TAG) {
			in_tags = false;
		} else if (!in_tags) {
			report_error(c->report, &at, KERNEL_EINVAL,
				     "Type tags don't precede modifiers",
				     "the tag of type %u comes after modifiers",
				     cur);
			return;
		}
		if (cur <= good_id)
			return;
		cur = t->size_type;
		t = types_get(&c->types, cur);
		if (!t) {
			report_error(c->report, &at, KERNEL_EINVAL, NULL,
				     "leads to type %u, which there is not",
				     cur);
			return;
		}
	}
}

void check_chains(const struct check *c)
{
	uint32_t good_id = c->types.first_id - 1, id;

	if (!c->complete)
		return;
	for (id = c->types.first_id; id < types_end(&c->types); id++) {
		if (!btf_is_modifier(types_get(&c->types, id)))
			continue;
		check_chain(c, id, good_id);
		good_id = id;
	}
}
