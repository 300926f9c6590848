// SPDX-License-Identifier: GPL-2.0-only
/*
 * Is the base the one that the module was made for? Nothing in a module says
 * which one that was. But what it refers to by offset and number is something
 * else in another base: a name that starts in the middle of a string was never
 * asked for, as no program that writes BTF shares the tails of strings; and
 * numbers lead to types that make no sense there, which check_refs.c tells.
 */
#include "check.h"

/* Where the string starts that has @off inside, NULL: @off is its start. */
static const char *cut_from(const struct types *types, uint32_t off)
{
	const char *s;
	uint32_t n;

	while (off < types->first_str)
		types = types->below;
	off -= types->first_str;
	if (!off || off >= types->strs_len || !types->strs[off - 1])
		return NULL;
	s = types->strs + off;
	/* For the message only: no need to go far. */
	for (n = 0; n < 100 && n < off && s[-1]; n++)
		s--;
	return s;
}

void check_base(const struct check *c, const char *base_path)
{
	uint32_t nr = 0, nr_cut = 0, first_off = 0, first_id = 0, id;

	for (id = c->types.first_id; id < types_end(&c->types); id++) {
		const struct btf_type *t = types_get(&c->types, id);
		struct btf_iter it;

		it = btf_iter_begin(t);
		for (; btf_iter_valid(&it); btf_iter_next(&it)) {
			if (it.role != BTF_NAME || !*it.word)
				continue;
			nr++;
			if (!cut_from(&c->types, *it.word))
				continue;
			if (!nr_cut++) {
				first_off = *it.word;
				first_id = id;
			}
		}
	}
	if (nr_cut) {
		struct place at = check_place(c, first_id);

		report_warning_first(c->report, &at,
				     "%u of %u names start inside others (\"%.60s\" of \"%.160s\"): made for another base than %s?",
				     nr_cut, nr, types_str(&c->types, first_off),
				     cut_from(&c->types, first_off), base_path);
	}
}
