// SPDX-License-Identifier: GPL-2.0-only
#include <byteswap.h>
#include <stdlib.h>
#include <string.h>

#include "btf.h"

/*
 * Far more than the kernel accepts (KSYM_NAME_LEN). Names in a file can
 * overlap: without a limit, hashing them all can take very long.
 */
#define MAX_NAME	4095

const struct btf_kind_info btf_kinds[NR_BTF_KINDS] = {
	[BTF_KIND_UNKN]		= { "UNKN", false, 0, "nvv" },
	[BTF_KIND_INT]		= { "INT", false, 1, "nvvv" },
	[BTF_KIND_PTR]		= { "PTR", false, 0, "nvr" },
	[BTF_KIND_ARRAY]	= { "ARRAY", false, 3, "nvvrrv" },
	[BTF_KIND_STRUCT]	= { "STRUCT", true, 3, "nvvnrv" },
	[BTF_KIND_UNION]	= { "UNION", true, 3, "nvvnrv" },
	[BTF_KIND_ENUM]		= { "ENUM", true, 2, "nvvnv" },
	[BTF_KIND_FWD]		= { "FWD", false, 0, "nvv" },
	[BTF_KIND_TYPEDEF]	= { "TYPEDEF", false, 0, "nvr" },
	[BTF_KIND_VOLATILE]	= { "VOLATILE", false, 0, "nvr" },
	[BTF_KIND_CONST]	= { "CONST", false, 0, "nvr" },
	[BTF_KIND_RESTRICT]	= { "RESTRICT", false, 0, "nvr" },
	/* The vlen of a FUNC is its linkage; it has no tail. */
	[BTF_KIND_FUNC]		= { "FUNC", false, 0, "nvr" },
	[BTF_KIND_FUNC_PROTO]	= { "FUNC_PROTO", true, 2, "nvrnr" },
	[BTF_KIND_VAR]		= { "VAR", false, 1, "nvrv" },
	[BTF_KIND_DATASEC]	= { "DATASEC", true, 3, "nvvrvv" },
	[BTF_KIND_FLOAT]	= { "FLOAT", false, 0, "nvv" },
	[BTF_KIND_DECL_TAG]	= { "DECL_TAG", false, 1, "nvrv" },
	[BTF_KIND_TYPE_TAG]	= { "TYPE_TAG", false, 0, "nvr" },
	[BTF_KIND_ENUM64]	= { "ENUM64", true, 3, "nvvnvv" },
};

void btf_swap_header(struct btf_header *h)
{
	h->magic = bswap_16(h->magic);
	h->hdr_len = bswap_32(h->hdr_len);
	h->type_off = bswap_32(h->type_off);
	h->type_len = bswap_32(h->type_len);
	h->str_off = bswap_32(h->str_off);
	h->str_len = bswap_32(h->str_len);
}

static int parse_layouts(struct btf *btf, const uint8_t *data, size_t size,
			 const struct btf_header *h, struct err *err)
{
	struct btf_header_layouts l;
	uint64_t off;

	if (h->hdr_len < sizeof(*h) + sizeof(l))
		return 0;
	memcpy(&l, data + sizeof(*h), sizeof(l));
	if (btf->swapped) {
		l.layout_off = bswap_32(l.layout_off);
		l.layout_len = bswap_32(l.layout_len);
	}
	off = (uint64_t)h->hdr_len + l.layout_off;
	if (off + l.layout_len > size)
		return err_set(err, btf->path,
			       "BTF layouts lie outside the data (offset %u, %u bytes)",
			       l.layout_off, l.layout_len);
	btf->layouts = (struct btf_layouts){
		.kinds = (const void *)(data + off),
		.nr = l.layout_len / sizeof(struct btf_layout),
	};
	return 0;
}

/* Read and check the header. On success, the sections are inside @size. */
static int parse_header(struct btf *btf, const uint8_t *data, size_t size,
			struct btf_header *h, struct err *err)
{
	uint64_t body;

	if (size < sizeof(*h))
		return err_set(err, btf->path,
			       "BTF is truncated: %zu bytes, its header has %zu",
			       size, sizeof(*h));
	memcpy(h, data, sizeof(*h));
	if (h->magic == bswap_16(BTF_MAGIC)) {
		btf->swapped = true;
		btf_swap_header(h);
	} else if (h->magic != BTF_MAGIC) {
		return err_set(err, btf->path,
			       "is not BTF (magic 0x%04x)", h->magic);
	}
	if (h->version != BTF_VERSION)
		return err_set(err, btf->path,
			       "BTF version %u is not known", h->version);
	if (h->hdr_len < sizeof(*h) || h->hdr_len > size)
		return err_set(err, btf->path,
			       "BTF header length %u is wrong", h->hdr_len);

	body = size - h->hdr_len;
	if ((uint64_t)h->type_off + h->type_len > body)
		return err_set(err, btf->path,
			       "BTF types lie outside the data (offset %u, %u bytes)",
			       h->type_off, h->type_len);
	if ((uint64_t)h->str_off + h->str_len > body)
		return err_set(err, btf->path,
			       "BTF strings lie outside the data (offset %u, %u bytes)",
			       h->str_off, h->str_len);
	if ((h->hdr_len + h->type_off) % 4)
		return err_set(err, btf->path,
			       "BTF types are not aligned (offset %u)",
			       h->type_off);
	return parse_layouts(btf, data, size, h, err);
}

void btf_read_words(uint32_t *words, const uint8_t *data, uint32_t size,
		    bool swapped)
{
	uint32_t i;

	memcpy(words, data, size);
	/* All are 32-bit words. */
	for (i = 0; swapped && i < size / 4; i++)
		words[i] = bswap_32(words[i]);
}

/* Size of a type in bytes, 0 if unknown. */
static size_t type_size(const struct btf_type *t,
			const struct btf_layouts *layouts)
{
	const struct btf_layout *l;
	size_t tail;

	if (btf_kind_known(t))
		return btf_nr_words(t) * 4;
	if (!layouts || !btf_kind(t) || btf_kind(t) >= layouts->nr)
		return 0;
	l = &layouts->kinds[btf_kind(t)];
	tail = l->once + (size_t)l->per_vlen * btf_vlen(t);
	return tail % 4 ? 0 : sizeof(*t) + tail;
}

uint32_t btf_index(const void *types, uint32_t size,
		   const struct btf_layouts *layouts, uint32_t *offs,
		   uint32_t *nr)
{
	uint32_t off = 0;

	*nr = 0;
	while (size - off >= sizeof(struct btf_type)) {
		const struct btf_type *t =
			(const void *)((const uint8_t *)types + off);
		size_t len = type_size(t, layouts);

		if (!len || size - off < len)
			break;
		offs[(*nr)++] = off;
		off += len;
	}
	return off;
}

/*
 * Copy the types so that they can be read as words of the host: for the other
 * byte order, and if .BTF is at an unaligned offset of an ELF file.
 */
static int copy_types(struct btf *btf, struct err *err)
{
	/* malloc(0) may return NULL. */
	uint32_t *words = malloc(btf->types_len + 1);

	if (!words)
		return err_no_memory(err, btf->path);
	btf_read_words(words, btf->types, btf->types_len, btf->swapped);
	btf->owned_types = words;
	btf->types = (const uint8_t *)words;
	return 0;
}

static int unknown_kind(const struct btf *btf, uint32_t id,
			const struct btf_type *t, struct err *err)
{
	return err_set(err, btf->path, "BTF type %u has unknown kind %u", id,
		       btf_kind(t));
}

/* Find where each type starts. Afterwards all types are inside the section. */
static int index_types(struct btf *btf, struct err *err)
{
	const struct btf_type *t;
	uint32_t *offs, off;

	/* A type has at least BTF_TYPE_WORDS words: an upper bound. */
	offs = malloc(sizeof(*offs) * (btf->types_len / sizeof(*t) + 2));
	if (!offs)
		return err_no_memory(err, btf->path);
	btf->owned_offs = offs;
	btf->type_offs = offs;
	offs[0] = 0;
	off = btf_index(btf->types, btf->types_len, &btf->layouts, offs + 1,
			&btf->nr_types);
	if (off == btf->types_len)
		return 0;

	t = (const void *)(btf->types + off);
	if (btf->types_len - off >= sizeof(*t) && !type_size(t, &btf->layouts))
		return unknown_kind(btf, btf->nr_types + 1, t, err);
	return err_set(err, btf->path, "BTF type %u is truncated (offset %u)",
		       btf->nr_types + 1, off);
}

static int check_strings(const struct btf *btf, struct err *err)
{
	uint32_t off = 0;

	while (off < btf->strs_len) {
		size_t len = strnlen(btf->strs + off, MAX_NAME + 1);

		if (len > MAX_NAME)
			return err_set(err, btf->path,
				       "BTF string at offset %u is longer than %u bytes",
				       off, MAX_NAME);
		off += len + 1;
	}
	return 0;
}

static int check_words(struct btf *btf, struct err *err)
{
	uint64_t nr_strs = (uint64_t)btf->base_strs_len + btf->strs_len;
	uint64_t nr_types = (uint64_t)btf->nr_base_types + btf->nr_types;
	uint32_t id;

	for (id = 1; id <= btf->nr_types; id++) {
		const struct btf_type *t = btf_type(btf, id);
		uint32_t number = btf->nr_base_types + id;
		struct btf_iter it;

		if (!btf_kind_known(t) && !btf->unknown)
			btf->unknown = id;
		it = btf_iter_begin(t);
		for (; btf_iter_valid(&it); btf_iter_next(&it)) {
			if (it.role == BTF_NAME && *it.word >= nr_strs)
				return err_set(err, btf->path,
					       "BTF type %u: name offset %u is outside the strings (%ju bytes)",
					       number, *it.word,
					       (uintmax_t)nr_strs);
			if (it.role == BTF_REF && *it.word > nr_types)
				return err_set(err, btf->path,
					       "BTF type %u refers to type %u, there are %ju",
					       number, *it.word,
					       (uintmax_t)nr_types);
		}
	}
	return 0;
}

int btf_open_split(struct btf *btf, const char *path, const uint8_t *data,
		   size_t size, uint32_t nr_base_types, uint32_t base_strs_len,
		   struct err *err)
{
	struct btf_header h;

	*btf = (struct btf){
		.path = path,
		.nr_base_types = nr_base_types,
		.base_strs_len = base_strs_len,
	};
	if (parse_header(btf, data, size, &h, err))
		return -1;
	btf->types = data + h.hdr_len + h.type_off;
	btf->types_len = h.type_len;
	btf->strs = (const char *)data + h.hdr_len + h.str_off;
	btf->strs_len = h.str_len;

	/* The strings of a base start with the empty string. */
	if (base_strs_len) {
		if (h.str_len && btf->strs[h.str_len - 1])
			return err_set(err, path,
				       "BTF strings do not end with a NUL byte");
	} else if (!h.str_len && !h.type_len) {
		btf_empty(btf, path, btf->swapped);
		return 0;
	} else if (!h.str_len || btf->strs[0] || btf->strs[h.str_len - 1]) {
		return err_set(err, path,
			       "BTF strings do not start and end with a NUL byte");
	}

	if (btf->swapped || (uintptr_t)btf->types % 4)
		return copy_types(btf, err);
	return 0;
}

int btf_open(struct btf *btf, const char *path, const uint8_t *data,
	     size_t size, struct err *err)
{
	return btf_open_split(btf, path, data, size, 0, 0, err);
}

void btf_empty(struct btf *btf, const char *path, bool swapped)
{
	static const uint32_t no_offs[1];

	*btf = (struct btf){
		.path = path,
		.strs = "",
		.strs_len = 1,
		.type_offs = no_offs,
		.swapped = swapped,
	};
}

int btf_check_base(struct btf *btf, struct err *err)
{
	if (index_types(btf, err) || check_strings(btf, err))
		return -1;
	return check_words(btf, err);
}

int btf_check(struct btf *btf, struct err *err)
{
	uint32_t id;

	if (btf_check_base(btf, err))
		return -1;
	id = btf->unknown;
	return id ? unknown_kind(btf, id, btf_type(btf, id), err) : 0;
}

void btf_free(struct btf *btf)
{
	free(btf->owned_types);
	free(btf->owned_offs);
	*btf = (struct btf){ 0 };
}
