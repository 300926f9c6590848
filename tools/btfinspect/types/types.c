// SPDX-License-Identifier: GPL-2.0-only
/*
 * libbpf follows references without a limit on depth, and writes anonymous
 * types again wherever they are used. Output of C compilers ends soon. Refuse
 * other types before libbpf gets them.
 */
#include <stdlib.h>
#include <string.h>

#include "c_dump.h"
#include "types.h"

#define MAX_DEPTH	200
#define MAX_STEPS	1000000		/* for one type */
#define MAX_ALL_STEPS	100000000

struct walk {
	const struct btf_layer *layer;
	uint32_t steps;
	uint32_t all_steps;
};

static bool has_end(struct walk *w, uint32_t id, bool through_ptr,
		    unsigned int depth);

/* MAX_DEPTH ends it. NOLINTBEGIN(misc-no-recursion) */

static bool refs_have_end(struct walk *w, const struct btf_type *t,
			  bool through_ptr, unsigned int depth)
{
	struct btf_iter it = btf_iter_ref_begin(t);

	for (; btf_iter_valid(&it); btf_iter_ref_next(&it)) {
		if (!has_end(w, *it.word, through_ptr, depth + 1))
			return false;
	}
	return true;
}

/* Like libbpf: behind a pointer, only the name is needed. */
static bool has_end(struct walk *w, uint32_t id, bool through_ptr,
		    unsigned int depth)
{
	const struct btf_type *t = layer_type(w->layer, id);

	if (!t || depth == MAX_DEPTH || ++w->steps > MAX_STEPS)
		return false;
	switch (id ? btf_kind(t) : BTF_KIND_UNKN) {
	case BTF_KIND_PTR:
	case BTF_KIND_FUNC_PROTO:
		return refs_have_end(w, t, true, depth);
	case BTF_KIND_STRUCT:
	case BTF_KIND_UNION:
		if (through_ptr && t->name_off)
			return true;
		return refs_have_end(w, t, false, depth);
	case BTF_KIND_UNKN:
	case BTF_KIND_DATASEC:
		return true;
	default:
		return refs_have_end(w, t, through_ptr, depth);
	}
}

/* NOLINTEND(misc-no-recursion) */

static int check_ends(const struct btf_layer *layer, const char *path,
		      struct err *err)
{
	struct walk w = { .layer = layer };
	uint32_t id;

	for (id = 1; id < layer_end(layer); id++) {
		w.steps = 0;
		if (!has_end(&w, id, false, 0))
			return err_set(err, path,
				       "type %u has references without end",
				       id);
		w.all_steps += w.steps;
		if (w.all_steps > MAX_ALL_STEPS)
			return err_set(err, path,
				       "has types with too many references");
	}
	return 0;
}

static int c_btf_make(struct c_btf *to, const void *types, uint32_t types_len,
		      const char *strs, uint32_t strs_len, const char *path,
		      struct err *err)
{
	struct btf_header h = {
		.magic = BTF_MAGIC,
		.version = BTF_VERSION,
		.hdr_len = sizeof(h),
		.type_len = types_len,
		.str_off = types_len,
		.str_len = strs_len,
	};
	uint8_t *data;

	to->size = sizeof(h) + (size_t)types_len + strs_len;
	data = malloc(to->size);
	if (!data)
		return err_no_memory(err, path);
	memcpy(data, &h, sizeof(h));
	if (types_len)
		memcpy(data + sizeof(h), types, types_len);
	if (strs_len)
		memcpy(data + sizeof(h) + types_len, strs, strs_len);
	to->data = data;
	return 0;
}

static int c_btf_of(struct c_btf *to, const struct btf_layer *layer,
		    const char *path, struct err *err)
{
	const struct base *base = layer->base;

	if (base)
		return c_btf_make(to, base->types, base->types_len, base->strs,
				  base->strs_len, path, err);
	return c_btf_make(to, layer->words, layer->words_len, layer->strs,
			  layer->strs_len, path, err);
}

int types_print(const struct checked *m, FILE *f, struct err *err)
{
	const struct btf_layer *layer = &m->btf.layer;
	const char *path = m->report->path;
	struct c_btf base = { 0 }, own = { 0 };
	int ret = -1;

	if (!m->based)
		return err_set(err, path,
			       "has no .BTF.base: name its kernel with --base");
	if (!check_ends(layer, path, err) &&
	    !c_btf_of(&base, layer->below, path, err) &&
	    !c_btf_of(&own, layer, path, err))
		ret = c_dump(path, &base, &own, f, err);
	free(base.data);
	free(own.data);
	return ret;
}
