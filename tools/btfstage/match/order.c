// SPDX-License-Identifier: GPL-2.0-only
#include <stdlib.h>
#include <string.h>

#include "order.h"

int order_init(struct order *order, uint32_t max)
{
	*order = (struct order){ 0 };
	order->types = calloc((size_t)max + 1, sizeof(*order->types));
	order->ranks = calloc((size_t)max + 1, sizeof(*order->ranks));
	order->words = calloc((size_t)max + 1, sizeof(*order->words));
	return order->types && order->ranks && order->words ? 0 : -1;
}

void order_add(struct order *order, const char *name, uint32_t nr_words)
{
	order->types[order->nr] = (struct order_type){
		name, nr_words, order->nr
	};
	order->nr++;
}

static int cmp_types(const void *pa, const void *pb)
{
	const struct order_type *a = pa, *b = pb;
	int cmp = strcmp(a->name, b->name);

	return cmp ? cmp : (a->nr > b->nr) - (a->nr < b->nr);
}

void order_finish(struct order *order, bool by_name)
{
	uint32_t i;

	if (by_name)
		qsort(order->types, order->nr, sizeof(*order->types),
		      cmp_types);
	for (i = 0; i < order->nr; i++) {
		const struct order_type *t = &order->types[i];

		order->ranks[t->nr] = i;
		order->words[t->nr] = order->nr_words;
		order->nr_words += t->nr_words;
	}
}

void order_free(struct order *order)
{
	free(order->types);
	free(order->ranks);
	free(order->words);
	*order = (struct order){ 0 };
}
