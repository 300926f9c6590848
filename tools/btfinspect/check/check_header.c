// SPDX-License-Identifier: GPL-2.0-only
/*
 * The header of a BTF section, and the ranges of types and strings, as
 * btf_parse_hdr(), btf_check_sec_info() and btf_parse_str_sec() of the kernel
 * check them.
 */
#include <byteswap.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "check.h"

#define MAX_NAME_OFFSET	0x00ffffff

#define FIELD(name)	offsetof(struct btf_header, name)

/*
 * Since 7.1 the header can be longer, with the place of the sizes of kinds, so
 * that types of unknown kinds can be skipped. Strings need not be last then.
 */
struct long_header {
	struct btf_header h;
	struct btf_header_layouts l;
};

static bool has_layout(const struct check *c, const struct long_header *lh)
{
	return release_has(c->release, RULE_LAYOUT) && lh->h.hdr_len >= sizeof(*lh);
}

struct place check_place(const struct check *c, uint32_t id)
{
	return (struct place){
		.section = c->section,
		.offset = c->types_off +
			  (uint64_t)c->layer.offs[id - c->layer.first_id],
		.type = id,
	};
}

/* The header's field at @offset is wrong. Always 1. */
static int refuse(const struct check *c, size_t offset, int errnum,
		  const char *log, const char *what)
{
	struct place at = { .section = c->section, .offset = offset };

	report_error(c->report, &at, errnum, log, "%s", what);
	return 1;
}

/* The kernel also accepts a header that is too short. */
static int read_header(const struct check *c, struct long_header *lh)
{
	size_t known = release_has(c->release, RULE_LAYOUT) ? sizeof(*lh) :
							      sizeof(lh->h);
	struct btf_header *h = &lh->h;
	uint32_t hdr_len;
	size_t i;

	*lh = (struct long_header){ 0 };
	if (c->size < FIELD(type_off))
		return refuse(c, 0, KERNEL_EINVAL, "hdr_len not found",
			      "the header is truncated");
	memcpy(&hdr_len, c->data + FIELD(hdr_len), sizeof(hdr_len));
	if (c->swapped)
		hdr_len = bswap_32(hdr_len);
	if (c->size < hdr_len)
		return refuse(c, FIELD(hdr_len), KERNEL_EINVAL,
			      "btf_header not found",
			      "the header is longer than the section");
	for (i = known; i < hdr_len; i++) {
		if (c->data[i])
			return refuse(c, i, KERNEL_E2BIG,
				      "Unsupported btf_header",
				      "the header has unknown fields");
	}
	memcpy(lh, c->data, hdr_len < known ? hdr_len : known);
	if (c->swapped) {
		btf_swap_header(h);
		lh->l.layout_off = bswap_32(lh->l.layout_off);
		lh->l.layout_len = bswap_32(lh->l.layout_len);
	}

	if (h->magic == bswap_16(BTF_MAGIC))
		return refuse(c, 0, KERNEL_EINVAL, "Invalid magic",
			      "has another byte order than the module");
	if (h->magic != BTF_MAGIC)
		return refuse(c, 0, KERNEL_EINVAL, "Invalid magic",
			      "is not BTF");
	if (h->version != BTF_VERSION)
		return refuse(c, FIELD(version), KERNEL_ENOTSUPP,
			      "Unsupported version", "has an unknown version");
	if (h->flags)
		return refuse(c, FIELD(flags), KERNEL_ENOTSUPP,
			      "Unsupported flags", "has unknown flags");
	if (!c->split && c->size == h->hdr_len)
		return refuse(c, 0, KERNEL_EINVAL, "No data",
			      "contains only a header");
	return 0;
}

struct part {
	uint32_t off, len;
	size_t field;
};

/* The kernel sorts them by signed difference. */
static int cmp_part(const void *pa, const void *pb)
{
	const struct part *a = pa, *b = pb;
	int32_t order = a->off - b->off;

	return order ? order : (int32_t)(a->len - b->len);
}

/* Types, strings and layout, in any order, fill the rest of the section. */
static int check_parts(const struct check *c, const struct long_header *lh)
{
	const struct btf_header *h = &lh->h;
	struct part parts[3] = {
		{ h->type_off, h->type_len, FIELD(type_off) },
		{ h->str_off, h->str_len, FIELD(str_off) },
		{ lh->l.layout_off, lh->l.layout_len,
		  offsetof(struct long_header, l.layout_off) },
	};
	uint32_t total = c->size - h->hdr_len, end = 0;
	/* Without a length, the layout can have any offset. */
	int nr = has_layout(c, lh) && lh->l.layout_len ? 3 : 2, i;

	qsort(parts, nr, sizeof(parts[0]), cmp_part);
	for (i = 0; i < nr; i++) {
		if (parts[i].off > total)
			return refuse(c, parts[i].field, KERNEL_EINVAL,
				      "Invalid section offset",
				      "types or strings start outside the section");
		if (parts[i].off > end)
			return refuse(c, parts[i].field, KERNEL_EINVAL,
				      "Unsupported section found",
				      "gap before types or strings");
		if (parts[i].off < end)
			return refuse(c, parts[i].field, KERNEL_EINVAL,
				      "Section overlap found",
				      "types and strings overlap");
		if (parts[i].len > total - end)
			return refuse(c, parts[i].field + sizeof(uint32_t),
				      KERNEL_EINVAL,
				      "Total section length too long",
				      "types or strings end outside the section");
		end += parts[i].len;
	}
	if (end != total)
		return refuse(c, h->hdr_len + (uint64_t)end, KERNEL_EINVAL,
			      "Unsupported section found",
			      "data after types and strings");
	return 0;
}

static int check_strings(struct check *c, const struct long_header *lh)
{
	const struct btf_header *h = &lh->h;
	uint64_t off = (uint64_t)h->hdr_len + h->str_off;
	const char *strs = (const char *)c->data + off;

	if (off + h->str_len != c->size && !has_layout(c, lh))
		return refuse(c, FIELD(str_off), KERNEL_EINVAL,
			      "String section is not at the end",
			      "the strings are not last");
	if (c->split && !h->str_len)
		return 0;
	if (!h->str_len)
		return refuse(c, FIELD(str_len), KERNEL_EINVAL,
			      "Invalid string section", "has no strings");
	if (h->str_len - 1 > MAX_NAME_OFFSET)
		return refuse(c, FIELD(str_len), KERNEL_EINVAL,
			      "Invalid string section", "has too many strings");
	if (strs[h->str_len - 1])
		return refuse(c, off + h->str_len - 1, KERNEL_EINVAL,
			      "Invalid string section",
			      "the last string has no NUL byte");
	if (!c->split && strs[0])
		return refuse(c, off, KERNEL_EINVAL, "Invalid string section",
			      "the first string is not empty");
	c->layer.strs = strs;
	c->layer.strs_len = h->str_len;
	return 0;
}

/* The kernel checks these in BTF from user space, not in modules. */
static void check_alignment(const struct check *c, const struct long_header *lh)
{
	struct place at = { .section = c->section, .offset = FIELD(type_off) };

	if (c->types_off % 4)
		report_warning(c->report, &at, "the types are not aligned");
	at.offset = offsetof(struct long_header, l.layout_off);
	if (has_layout(c, lh) && (lh->l.layout_off % 4 || lh->l.layout_len % 4))
		report_warning(c->report, &at,
			       "the layout is not aligned, or no table of words");
}

int check_header(struct check *c, struct err *err)
{
	struct long_header lh;

	layer_init(&c->layer, c->layer.below);
	if (c->size > INT_MAX)
		return refuse(c, 0, KERNEL_ENOMEM, NULL,
			      "is larger than the kernel accepts");
	if (read_header(c, &lh) || check_parts(c, &lh) ||
	    check_strings(c, &lh))
		return 1;
	c->types_off = lh.h.hdr_len + lh.h.type_off;
	check_alignment(c, &lh);
	if (layer_load(&c->layer, c->data + c->types_off, lh.h.type_len,
		       c->swapped))
		return err_no_memory(err, c->report->path);
	return 0;
}
