// SPDX-License-Identifier: GPL-2.0-only
#include <byteswap.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../../btfstage/base/fingerprint.h"
#include "../image/image.h"
#include "kfuncs.h"
#include "side.h"

static const struct btf_type type_void;

const struct btf_type *side_type(const struct side *s, uint32_t id)
{
	if (!id)
		return &type_void;
	if (id <= s->own.nr_base_types)
		return btf_type(s->below, id);
	return btf_type(&s->own, id - s->own.nr_base_types);
}

const char *side_str(const struct side *s, uint32_t off)
{
	if (off < s->own.base_strs_len)
		return btf_str(s->below, off);
	return btf_str(&s->own, off - s->own.base_strs_len);
}

/* ------------------------------------------------------------------------
 * Names
 */

enum thing thing_of(const struct btf_type *t)
{
	/* A declaration is not a definition. */
	if (btf_is_declaration(t) || !t->name_off)
		return THING_NONE;
	switch (btf_kind(t)) {
	case BTF_KIND_FUNC:
		return THING_FUNC;
	case BTF_KIND_STRUCT:
		return THING_STRUCT;
	case BTF_KIND_UNION:
		return THING_UNION;
	case BTF_KIND_ENUM:
	case BTF_KIND_ENUM64:
		return THING_ENUM;
	case BTF_KIND_TYPEDEF:
		return THING_TYPEDEF;
	case BTF_KIND_INT:
	case BTF_KIND_FLOAT:
		return THING_BASIC;
	case BTF_KIND_VAR:
		return THING_VAR;
	default:
		return THING_NONE;
	}
}

const char *thing_name(enum thing thing)
{
	static const char * const names[NR_THINGS] = {
		[THING_FUNC] = "func",
		[THING_STRUCT] = "struct",
		[THING_UNION] = "union",
		[THING_ENUM] = "enum",
		[THING_TYPEDEF] = "typedef",
		[THING_BASIC] = "type",
		[THING_VAR] = "var",
	};

	return names[thing];
}

int named_cmp(const struct named *a, const struct named *b)
{
	if (a->thing != b->thing)
		return a->thing > b->thing ? 1 : -1;
	return strcmp(a->name, b->name);
}

static int cmp_named(const void *pa, const void *pb)
{
	const struct named *a = pa, *b = pb;
	int cmp = named_cmp(a, b);

	return cmp ? cmp : (a->id > b->id) - (a->id < b->id);
}

static int index_names(struct side *s, struct err *err)
{
	uint32_t id;

	/* calloc(0) may return NULL. */
	s->named = calloc((size_t)s->own.nr_types + 1, sizeof(*s->named));
	if (!s->named)
		return err_no_memory(err, s->path);
	for (id = side_first(s); id < side_end(s); id++) {
		const struct btf_type *t = side_type(s, id);
		enum thing thing = thing_of(t);

		if (thing == THING_NONE)
			continue;
		s->named[s->nr_named++] = (struct named){
			thing, side_name(s, t), id
		};
	}
	qsort(s->named, s->nr_named, sizeof(*s->named), cmp_named);
	return 0;
}

const struct named *side_find(const struct side *s, enum thing thing,
			      const char *name)
{
	const struct named key = { thing, name, 0 };
	size_t low = 0, high = s->nr_named;

	while (low < high) {
		size_t mid = low + (high - low) / 2;

		if (named_cmp(&s->named[mid], &key) < 0)
			low = mid + 1;
		else
			high = mid;
	}
	if (low == s->nr_named || named_cmp(&s->named[low], &key))
		return NULL;
	return &s->named[low];
}

const struct kfunc *side_kfunc(const struct side *s, uint32_t id)
{
	size_t low = 0, high = s->nr_kfuncs;

	while (low < high) {
		size_t mid = low + (high - low) / 2;

		if (s->kfuncs[mid].id < id)
			low = mid + 1;
		else
			high = mid;
	}
	return low < s->nr_kfuncs && s->kfuncs[low].id == id ?
		&s->kfuncs[low] : NULL;
}

/* ------------------------------------------------------------------------
 * Files
 */

/* The types of a prepared base */
static int open_prepared(struct side *s, struct err *err)
{
	struct base *base = &s->prepared;

	if (base_open(base, s->path, err)) {
		*base = (struct base){ 0 };
		return -1;
	}
	s->own = (struct btf){
		.path = s->path,
		.types = base->types,
		.types_len = base->types_len,
		.strs = base->strs,
		.strs_len = base->strs_len,
		.swapped = base->swapped,
	};
	return 0;
}

static int open_on(struct side *s, const struct btf *below,
		   const uint8_t *data, size_t size, struct err *err)
{
	s->below = below;
	if (!below)
		return btf_open(&s->own, s->path, data, size, err);
	return btf_open_split(&s->own, s->path, data, size, below->nr_types,
			      below->strs_len, err);
}

static int open_module(struct side *s, const struct btf *below, struct err *err)
{
	const struct elf_file *ef = &s->module.ef;
	struct elf_section btf, distilled;
	int ret;

	snprintf(s->release, sizeof(s->release), "%s", s->module.release);
	ret = elf_file_section(ef, ".BTF", &btf, err);
	if (ret < 0)
		return -1;
	if (!ret || !btf.size)
		return 0;
	ret = elf_file_section(ef, ".BTF.base", &distilled, err);
	if (ret < 0)
		return -1;
	if (ret) {
		if (btf_open(&s->distilled, s->path, distilled.data,
			     distilled.size, err) ||
		    btf_check(&s->distilled, err))
			return -1;
		s->has_distilled = true;
		below = &s->distilled;
	} else if (!below) {
		return err_set(err, s->path,
			       "its types need those of a kernel, and none was given");
	}
	if (open_on(s, below, btf.data, btf.size, err) ||
	    kfuncs_read(s, ef, err))
		return -1;
	return 1;
}

static int open_kernel(struct side *s, struct err *err)
{
	struct elf_file ef;
	const uint8_t *data;
	size_t size;
	int ret;

	if (image_btf(&s->in, &data, &size, err) ||
	    btf_open(&s->own, s->path, data, size, err) ||
	    image_release(&s->in, s->release, err) < 0)
		return -1;
	/* An Image has no symbols. */
	if (!elf_file_probe(&s->in))
		return 0;
	if (elf_file_open(&ef, &s->in, err))
		return -1;
	ret = kfuncs_read(s, &ef, err);
	elf_file_close(&ef);
	return ret;
}

static bool is_btf(const struct file_in *in)
{
	uint16_t magic;

	if (in->size < sizeof(magic))
		return false;
	memcpy(&magic, in->data, sizeof(magic));
	return magic == BTF_MAGIC || magic == bswap_16(BTF_MAGIC);
}

static bool is_module_name(const char *path)
{
	const char *slash = strrchr(path, '/');

	return strstr(slash ? slash : path, ".ko");
}

/* An ELF file that is not a module is a kernel, and so is a possible Image. */
static bool is_kernel(const struct file_in *in, const char *path)
{
	struct elf_file ef;
	struct err err;
	bool ret;

	if (!elf_file_probe(in))
		return !is_module_name(path);
	if (elf_file_open(&ef, in, &err))
		return false;
	ret = ef.ehdr.e_type != ET_REL;
	elf_file_close(&ef);
	return ret;
}

static int open_file(struct side *s, const struct btf *below, struct err *err)
{
	size_t len = strlen(BASE_MAGIC);

	if (s->in.size >= len && !memcmp(s->in.data, BASE_MAGIC, len))
		return open_prepared(s, err) ? -1 : 1;
	if (is_btf(&s->in))
		return open_on(s, below, s->in.data, s->in.size, err) ? -1 : 1;
	/* A compressed module is unpacked by who opens modules. */
	if (!is_module_name(s->path) && image_unpack(&s->in, NULL, err))
		return -1;
	if (is_kernel(&s->in, s->path))
		return open_kernel(s, err) ? -1 : 1;
	s->is_module = true;
	file_in_close(&s->in);
	s->in.path = NULL;
	if (module_file_open(&s->module, s->path, err) != MODULE_OPEN) {
		s->is_module = false;
		return -1;
	}
	return open_module(s, below, err);
}

int side_open(struct side *s, const char *path, const struct side *kernel,
	      struct err *err)
{
	int ret;

	*s = (struct side){ .path = path, .kernel = kernel };
	if (file_in_open(&s->in, path, err)) {
		s->in.path = NULL;
		return -1;
	}
	ret = open_file(s, kernel ? &kernel->own : NULL, err);
	if (ret <= 0)
		return ret;
	if (btf_check(&s->own, err) || index_names(s, err) ||
	    kfuncs_add_tags(s, err))
		return -1;
	return 1;
}

void side_close(struct side *s)
{
	btf_free(&s->own);
	btf_free(&s->distilled);
	free(s->named);
	free(s->kfuncs);
	if (s->prepared.path)
		base_close(&s->prepared);
	if (s->is_module)
		module_file_close(&s->module);
	if (s->in.path)
		file_in_close(&s->in);
	*s = (struct side){ 0 };
}
