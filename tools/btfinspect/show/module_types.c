// SPDX-License-Identifier: GPL-2.0-only
#include "module_types.h"

/* A layer of what @btf keeps: types_free() is not for it. */
static void types_of_btf(struct types *types, const struct btf *btf,
			 const struct types *below)
{
	*types = (struct types){
		.below = below,
		.first_id = below ? types_end(below) : 1,
		.nr = btf->nr_types,
		.first_str = below ? below->first_str + below->strs_len : 0,
		.strs = btf->strs,
		.strs_len = btf->strs_len,
		.words = (uint32_t *)btf->types,
		.words_len = btf->types_len,
		.offs = (uint32_t *)btf->type_offs + 1,
	};
}

int module_types_open(struct module_types *mt, const struct elf_file *ef,
		      const struct base *base, struct err *err)
{
	const char *path = ef->in->path;
	struct elf_section sec;
	int ret;

	*mt = (struct module_types){ 0 };
	ret = elf_file_section(ef, ".BTF.base", &sec, err);
	if (ret < 0)
		return -1;
	if (ret) {
		if (btf_open(&mt->below_btf, path, sec.data, sec.size, err) ||
		    btf_check(&mt->below_btf, err))
			return -1;
		types_of_btf(&mt->below, &mt->below_btf, NULL);
	} else if (base) {
		types_of_base(&mt->below, base);
	} else {
		return 0;
	}

	ret = elf_file_section(ef, ".BTF", &sec, err);
	if (ret <= 0 || !sec.size)
		return ret < 0 ? -1 : 0;
	if (btf_open_baseless(&mt->own_btf, path, sec.data, sec.size, err))
		return -1;
	types_of_btf(&mt->own, &mt->own_btf, &mt->below);
	mt->known = true;
	return 0;
}

void module_types_close(struct module_types *mt)
{
	btf_free(&mt->below_btf);
	btf_free(&mt->own_btf);
	mt->known = false;
}
