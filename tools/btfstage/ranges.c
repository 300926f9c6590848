// SPDX-License-Identifier: GPL-2.0-only
#include <stdlib.h>
#include <string.h>

#include "ranges.h"

int ranges_add(struct ranges *r, uint64_t start, uint64_t size)
{
	uint64_t end = start + size;
	size_t first, next;

	if (!size)
		return 0;

	/* Those from @first to before @next become one with the new one. */
	for (first = 0; first < r->nr && r->v[first].end < start; first++)
		;
	for (next = first; next < r->nr && r->v[next].start <= end; next++)
		;

	if (first == next) {
		if (r->nr == r->max) {
			size_t max = r->max ? 2 * r->max : 8;
			struct range *v;

			v = reallocarray(r->v, max, sizeof(*v));
			if (!v)
				return -1;
			r->v = v;
			r->max = max;
		}
		next++;
		memmove(r->v + next, r->v + first,
			(r->nr - first) * sizeof(*r->v));
		r->nr++;
	} else {
		if (r->v[first].start < start)
			start = r->v[first].start;
		if (r->v[next - 1].end > end)
			end = r->v[next - 1].end;
		memmove(r->v + first + 1, r->v + next,
			(r->nr - next) * sizeof(*r->v));
		r->nr -= next - first - 1;
	}
	r->v[first].start = start;
	r->v[first].end = end;
	return 0;
}

bool ranges_cover(const struct ranges *r, uint64_t start, uint64_t end)
{
	size_t i;

	for (i = 0; i < r->nr; i++) {
		if (r->v[i].start <= start && end <= r->v[i].end)
			return true;
	}
	return start >= end;
}

void ranges_clip(struct ranges *r, uint64_t end)
{
	while (r->nr && r->v[r->nr - 1].start >= end)
		r->nr--;
	if (r->nr && r->v[r->nr - 1].end > end)
		r->v[r->nr - 1].end = end;
}

void ranges_free(struct ranges *r)
{
	free(r->v);
	*r = (struct ranges){ 0 };
}
