// SPDX-License-Identifier: GPL-2.0-only
#include <stdlib.h>
#include <string.h>

#include "../../btfstage/ids/ids_symbols.h"
#include "../check/releases.h"
#include "kfuncs.h"

#define SET_KFUNCS	1u	/* BTF_SET8_KFUNCS, since Linux 6.9 */
#define SET8_ELEMENT	(2 * IDS_WORD)

static int add(struct side *s, uint32_t id, uint32_t flags, size_t *max,
	       struct err *err)
{
	if (s->nr_kfuncs == *max) {
		size_t nr = *max ? 2 * *max : 64;
		struct kfunc *more = reallocarray(s->kfuncs, nr, sizeof(*more));

		if (!more)
			return err_no_memory(err, s->path);
		s->kfuncs = more;
		*max = nr;
	}
	s->kfuncs[s->nr_kfuncs++] = (struct kfunc){ id, flags };
	return 0;
}

static int cmp_id(const void *pa, const void *pb)
{
	const struct kfunc *a = pa, *b = pb;

	return (a->id > b->id) - (a->id < b->id);
}

/* A kfunc can be in sets for several types of programs. */
static void sort(struct side *s)
{
	size_t from, to = 0;

	if (!s->nr_kfuncs)
		return;
	qsort(s->kfuncs, s->nr_kfuncs, sizeof(*s->kfuncs), cmp_id);
	for (from = 0; from < s->nr_kfuncs; from++) {
		if (to && s->kfuncs[to - 1].id == s->kfuncs[from].id)
			s->kfuncs[to - 1].flags |= s->kfuncs[from].flags;
		else
			s->kfuncs[to++] = s->kfuncs[from];
	}
	s->nr_kfuncs = to;
}

int kfuncs_read(struct side *s, const struct elf_file *ef, struct err *err)
{
	struct release release = { 0 };
	struct ids_symbols ids;
	size_t max = 0, i;
	int ret;

	/*
	 * A module without sets has no kfuncs. A kernel can have lost its
	 * symbols.
	 */
	s->kfuncs_known = s->is_module;
	s->kfunc_flags_known = s->is_module;
	release_parse(&release, s->release);
	ret = ids_symbols_read(&ids, ef, err);
	if (ret <= 0)
		/* "check" reports what is wrong with them. */
		return ret && err->no_memory ? -1 : 0;
	ret = 0;
	for (i = ids.nr_ids; i < ids.nr && !ret; i++) {
		const struct ids_symbol *set = &ids.symbols[i];
		uint64_t at = set->offset, end = at + set->size;

		if (set->kind->set != SET8_ELEMENT)
			continue;
		s->kfuncs_known = true;
		s->kfunc_flags_known = true;
		if (release_has(release, RULE_KFUNC_SETS) &&
		    !(ids_word(&ids, at + IDS_WORD) & SET_KFUNCS))
			continue;
		for (at += SET8_ELEMENT; at < end && !ret; at += SET8_ELEMENT)
			ret = add(s, ids_word(&ids, at),
				  ids_word(&ids, at + IDS_WORD), &max, err);
	}
	ids_symbols_free(&ids);
	return ret;
}

int kfuncs_add_tags(struct side *s, struct err *err)
{
	size_t max = s->nr_kfuncs;
	uint32_t id;

	for (id = side_first(s); id < side_end(s); id++) {
		const struct btf_type *t = side_type(s, id);

		if (btf_kind(t) != BTF_KIND_DECL_TAG ||
		    strcmp(side_name(s, t), "bpf_kfunc"))
			continue;
		s->kfuncs_known = true;
		if (add(s, t->size_type, 0, &max, err))
			return -1;
	}
	sort(s);
	return 0;
}
