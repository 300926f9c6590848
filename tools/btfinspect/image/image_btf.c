// SPDX-License-Identifier: GPL-2.0-only
/*
 * Find the types in an Image, which has no section headers
 *
 * Search for the header of BTF, at any alignment. There can be other BTF, as
 * that of BPF programs in a kernel, but only the kernel's own has a complete
 * struct module. A truncated Image can have a header without the rest.
 */
#include <stdbool.h>
#include <string.h>

#include "../../btfstage/base/kernel.h"
#include "../../btfstage/btf/btf.h"
#include "../../btfstage/elf/elf_file.h"
#include "image.h"

/* Magic number and version, in either byte order */
static const char magics[2][4] = { "\237\353\001", "\353\237\001" };

/* End of the sections, 0: not a header. pahole writes types first. */
static uint64_t btf_end(const uint8_t *data, size_t left)
{
	struct btf_header_layouts layouts = { 0 };
	struct btf_header h;
	uint64_t end;
	bool swapped;

	if (left < sizeof(h) + sizeof(layouts))
		return 0;
	memcpy(&h, data, sizeof(h));
	swapped = h.magic != BTF_MAGIC;
	if (swapped)
		btf_swap_header(&h);
	if (h.hdr_len == sizeof(h) + sizeof(layouts))
		btf_read_words((uint32_t *)&layouts, data + sizeof(h),
			       sizeof(layouts), swapped);
	else if (h.hdr_len != sizeof(h))
		return 0;
	if (h.flags || h.type_off || h.type_len % 4 ||
	    h.type_len < sizeof(struct btf_type) || h.str_off < h.type_len ||
	    !h.str_len)
		return 0;
	end = (uint64_t)h.str_off + h.str_len;
	if (end < (uint64_t)layouts.layout_off + layouts.layout_len)
		end = (uint64_t)layouts.layout_off + layouts.layout_len;
	return h.hdr_len + end;
}

static bool has_struct_module(const struct btf *btf)
{
	uint32_t id;

	for (id = 1; id <= btf->nr_types; id++) {
		const struct btf_type *t = btf_type(btf, id);

		if (btf_kind(t) == BTF_KIND_STRUCT && btf_vlen(t) > 1 &&
		    !strcmp(btf_str(btf, t->name_off), "module"))
			return true;
	}
	return false;
}

/* 1: BTF of the kernel, 0: other BTF, or none */
static int is_kernels(const char *path, const uint8_t *data, size_t size,
		      struct err *err)
{
	struct btf btf = { 0 };
	int ret = 0;

	err->no_memory = false;
	if (!btf_open(&btf, path, data, size, err) && !btf_check(&btf, err))
		ret = has_struct_module(&btf);
	else if (err->no_memory)
		ret = -1;
	btf_free(&btf);
	return ret;
}

/* The result so far */
struct search {
	const uint8_t *data;	/* NULL: nothing */
	size_t size;
	size_t cut;		/* offset of truncated BTF, 0: none */
};

/*
 * Look at @magic, one of magics[]. Returns where to go on, NULL when out of
 * memory.
 */
static const uint8_t *look(const struct file_in *in, const uint8_t *magic,
			   struct search *s, struct err *err)
{
	size_t left = in->size - (magic - in->data);
	uint64_t size = btf_end(magic, left);
	int ret;

	if (size > left)
		s->cut = magic - in->data;
	if (!size || size > left)
		return magic + 1;
	ret = is_kernels(in->path, magic, size, err);
	if (ret < 0)
		return NULL;
	if (!ret)
		return magic + 1;
	if (s->data) {
		err_format(err, in->path,
			   "has BTF of two kernels (offsets 0x%zx and 0x%zx)",
			   (size_t)(s->data - in->data),
			   (size_t)(magic - in->data));
		return NULL;
	}
	s->data = magic;
	s->size = size;
	return magic + size;
}

static int search(const struct file_in *in, struct search *s, struct err *err)
{
	const uint8_t *end = in->data + in->size, *at;
	size_t i;

	for (i = 0; i < 2; i++) {
		at = in->data;
		while ((at = memmem(at, end - at, magics[i], 4))) {
			at = look(in, at, s, err);
			if (!at)
				return -1;
		}
	}
	if (s->data)
		return 0;
	if (s->cut)
		return err_set(err, in->path,
			       "BTF lies outside the image (offset 0x%zx)",
			       s->cut);
	return err_set(err, in->path,
		       "contains no BTF of a kernel (built without CONFIG_DEBUG_INFO_BTF, or truncated?)");
}

int image_btf(const struct file_in *in, const uint8_t **data, size_t *size,
	      struct err *err)
{
	struct search s = { 0 };

	if (!in->size)
		return err_set(err, in->path, "is empty");
	/* The whole file, or a section */
	if (elf_file_probe(in) ||
	    (in->size >= 2 && (!memcmp(in->data, magics[0], 2) ||
			       !memcmp(in->data, magics[1], 2))))
		return kernel_btf_bytes(in, data, size, err);
	if (search(in, &s, err))
		return -1;
	*data = s.data;
	*size = s.size;
	return 0;
}
