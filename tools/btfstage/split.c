// SPDX-License-Identifier: GPL-2.0-only
#include <byteswap.h>
#include <stdlib.h>
#include <string.h>

#include "equal.h"
#include "fingerprint.h"
#include "match.h"
#include "names.h"
#include "split.h"

/* The kernel's limit for a string section (BTF_MAX_NAME_OFFSET). */
#define MAX_STRINGS	0xffffff

/* The two sections as they grow. The words have room for all there can be. */
struct writer {
	const struct btf *btf;
	const struct base *base;
	struct names *names;
	uint32_t *words;
	uint32_t nr_words;
	char *strs;
	size_t strs_len;
	size_t strs_size;
	uint32_t *str_offs;	/* [module's offset]: new offset + 1, 0 none */
};

static int writer_init(struct writer *w, const struct btf *btf,
		       const struct base *base, struct names *names)
{
	*w = (struct writer){ .btf = btf, .base = base, .names = names };
	w->words = malloc(btf->types_len + 1);
	w->strs_size = btf->strs_len;
	w->strs = malloc(w->strs_size);
	w->str_offs = calloc(btf->strs_len, sizeof(*w->str_offs));
	return w->words && w->strs && w->str_offs ? 0 : -1;
}

static void writer_free(struct writer *w)
{
	free(w->words);
	free(w->strs);
	free(w->str_offs);
}

static int add_string(struct writer *w, const char *s, size_t len)
{
	/* Names may share their ends in the module; here each stands alone. */
	if (w->strs_size - w->strs_len < len) {
		size_t size = w->strs_size * 2 + len;
		char *strs = realloc(w->strs, size);

		if (!strs)
			return -1;
		w->strs = strs;
		w->strs_size = size;
	}
	memcpy(w->strs + w->strs_len, s, len);
	w->strs_len += len;
	return 0;
}

/* Offset of a name: the base's where it has the string, else our own. */
static int write_name(struct writer *w, uint32_t off, uint32_t *new_off,
		      struct err *err)
{
	const char *s = btf_str(w->btf, off);
	int ret;

	/* Nearly all of str_offs is never touched, and so costs nothing. */
	if (names_remembered(w->names, off, new_off))
		return 0;
	if (!w->str_offs[off]) {
		ret = names_in_base(w->names, off, new_off, err);
		if (ret)
			return ret < 0 ? -1 : 0;
		w->str_offs[off] = w->strs_len + 1;
		if (add_string(w, s, strlen(s) + 1))
			return err_set(err, w->btf->path, "out of memory");
		if (w->strs_len > MAX_STRINGS ||
		    w->base->strs_len + w->strs_len > UINT32_MAX)
			return err_set(err, w->btf->path,
				       "has too many names");
	}
	*new_off = w->base->strs_len + w->str_offs[off] - 1;
	return 0;
}

static int write_type(struct writer *w, const struct btf_type *t,
		      const uint32_t *ids, struct err *err)
{
	struct btf_iter it;

	for (it = btf_iter_begin(t); btf_iter_valid(&it); btf_iter_next(&it)) {
		uint32_t word = *it.word;

		if (it.role == BTF_REF)
			word = ids[word];
		else if (it.role == BTF_NAME &&
			 write_name(w, word, &word, err))
			return -1;
		w->words[w->nr_words++] = word;
	}
	return 0;
}

static void swap_header(struct btf_header *h)
{
	h->magic = bswap_16(h->magic);
	h->hdr_len = bswap_32(h->hdr_len);
	h->type_off = bswap_32(h->type_off);
	h->type_len = bswap_32(h->type_len);
	h->str_off = bswap_32(h->str_off);
	h->str_len = bswap_32(h->str_len);
}

static int writer_finish(struct writer *w, struct split *split)
{
	uint32_t types_len = w->nr_words * 4, i;
	struct btf_header h = {
		.magic = BTF_MAGIC,
		.version = BTF_VERSION,
		.hdr_len = sizeof(h),
		.type_len = types_len,
		.str_off = types_len,
		.str_len = w->strs_len,
	};

	if (w->btf->swapped) {
		swap_header(&h);
		for (i = 0; i < w->nr_words; i++)
			w->words[i] = bswap_32(w->words[i]);
	}
	split->size = sizeof(h) + types_len + w->strs_len;
	split->data = malloc(split->size);
	if (!split->data)
		return -1;
	memcpy(split->data, &h, sizeof(h));
	memcpy(split->data + sizeof(h), w->words, types_len);
	memcpy(split->data + sizeof(h) + types_len, w->strs, w->strs_len);
	return 0;
}

/* Give every type its id: the base's, or the next one of our own. */
static void number_types(struct split *split, uint32_t nr_types,
			 const uint32_t *base_ids, const uint32_t *equal,
			 uint32_t next_id)
{
	uint32_t id;

	for (id = 1; id <= nr_types; id++) {
		if (base_ids[id]) {
			split->ids[id] = base_ids[id];
			split->nr_found++;
		} else if (equal[id] == id) {
			split->ids[id] = next_id++;
			split->nr_kept++;
		} else {
			/* The lowest id of equal types has its number by now. */
			split->ids[id] = split->ids[equal[id]];
		}
	}
}

static int encode(struct split *split, const struct btf *btf,
		  const struct base *base, struct names *names,
		  struct err *err)
{
	uint32_t next = base->nr_types + 1, id;
	struct writer w;
	int ret = -1;

	if (writer_init(&w, btf, base, names))
		goto out_nomem;
	for (id = 1; id <= btf->nr_types; id++) {
		if (split->ids[id] != next)
			continue;
		if (write_type(&w, btf_type(btf, id), split->ids, err))
			goto out_free_writer;
		next++;
	}
	if (writer_finish(&w, split))
		goto out_nomem;
	ret = 0;
	goto out_free_writer;

out_nomem:
	err_set(err, btf->path, "out of memory");
out_free_writer:
	writer_free(&w);
	return ret;
}

int split_make(struct split *split, const struct btf *btf,
	       const struct base *base, struct err *err)
{
	uint32_t *base_ids = NULL, *equal = NULL;
	struct names names;
	uint64_t *fps;
	int ret = -1;

	*split = (struct split){ 0 };
	if (btf->swapped != base->swapped)
		return err_set(err, btf->path,
			       "has another byte order than %s", base->path);
	if ((uint64_t)base->nr_types + btf->nr_types > UINT32_MAX)
		return err_set(err, btf->path, "has too many types");
	if (names_init(&names, btf, base, err))
		return -1;
	fps = btf_fingerprints(btf, err);
	if (!fps)
		goto out_free_names;
	base_ids = match_types(btf, fps, base, &names, err);
	if (!base_ids)
		goto out_free;
	/* What is left may have become equal by what it refers to. */
	equal = btf_equal_types(btf, fps, base_ids, err);
	if (!equal)
		goto out_free;
	split->ids = calloc((size_t)btf->nr_types + 1, sizeof(*split->ids));
	if (!split->ids) {
		err_set(err, btf->path, "out of memory");
		goto out_free;
	}
	number_types(split, btf->nr_types, base_ids, equal,
		     base->nr_types + 1);
	ret = encode(split, btf, base, &names, err);
	if (ret)
		split_free(split);

out_free:
	free(equal);
	free(base_ids);
	free(fps);
out_free_names:
	names_free(&names);
	return ret;
}

void split_free(struct split *split)
{
	free(split->data);
	free(split->ids);
	*split = (struct split){ 0 };
}
