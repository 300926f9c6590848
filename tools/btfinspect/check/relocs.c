// SPDX-License-Identifier: GPL-2.0-only
#include <string.h>

#include "relocs.h"

/* REL has its addend in the relocated bytes. */
static int read_addend(const struct elf_file *ef,
		       const struct elf_section *target, GElf_Rela *rela,
		       struct err *err)
{
	int32_t word;

	if (rela->r_offset > target->size ||
	    target->size - rela->r_offset < sizeof(word))
		return err_set(err, ef->in->path,
			       "relocation outside its section (offset 0x%jx)",
			       (uintmax_t)rela->r_offset);
	elf_file_decode(ef, ELF_T_WORD, target->data + rela->r_offset, &word);
	rela->r_addend = word;
	return 0;
}

/* @target, if any, is the section that REL relocates. */
static int get_reloc(const struct elf_file *ef, Elf_Data *data, int i,
		     const struct elf_section *target, GElf_Rela *rela,
		     struct err *err)
{
	GElf_Rel rel;

	if (!target) {
		if (gelf_getrela(data, i, rela))
			return 0;
	} else if (gelf_getrel(data, i, &rel)) {
		rela->r_offset = rel.r_offset;
		rela->r_info = rel.r_info;
		return read_addend(ef, target, rela, err);
	}
	return err_set(err, ef->in->path, "relocation %d is malformed: %s", i,
		       elf_errmsg(-1));
}

static int section_relocs(const struct elf_symbols *symbols, size_t index,
			  const GElf_Shdr *shdr, reloc_fn fn, void *arg,
			  struct err *err)
{
	const struct elf_file *ef = symbols->ef;
	bool is_rela = shdr->sh_type == SHT_RELA;
	size_t entsize = gelf_fsize(ef->elf, is_rela ? ELF_T_RELA : ELF_T_REL,
				    1, EV_CURRENT);
	struct elf_section target;
	Elf_Data *data;
	size_t i;

	data = elf_file_data(ef, index, "relocations", err);
	if (!data || (!is_rela && elf_file_section_at(ef, shdr->sh_info,
						      "relocated section",
						      &target, err)))
		return -1;
	for (i = 0; i < shdr->sh_size / entsize; i++) {
		struct reloc reloc = { .section = shdr->sh_info };
		GElf_Rela rela;
		GElf_Sym sym;
		size_t nr;

		if (get_reloc(ef, data, i, is_rela ? NULL : &target, &rela,
			      err))
			return -1;
		nr = GELF_R_SYM(rela.r_info);
		if (nr >= symbols->nr)
			return err_set(err, ef->in->path,
				       "relocation against symbol %zu, there are %zu",
				       nr, symbols->nr);
		if (elf_symbols_get(symbols, nr, &sym, &reloc.shndx, err))
			return -1;
		reloc.offset = rela.r_offset;
		reloc.name = elf_strptr(ef->elf, symbols->names, sym.st_name);
		reloc.value = sym.st_value + rela.r_addend;
		fn(arg, &reloc);
	}
	return 0;
}

int relocs_of_data(const struct elf_file *ef, reloc_fn fn, void *arg,
		   struct err *err)
{
	struct elf_symbols symbols;
	size_t i;
	int rc;

	rc = elf_symbols_open(&symbols, ef, err);
	if (rc <= 0)
		return rc;
	for (i = 1; i < ef->shnum; i++) {
		GElf_Shdr shdr, target;

		if (elf_file_shdr(ef, i, &shdr, err))
			return -1;
		if (shdr.sh_type != SHT_RELA && shdr.sh_type != SHT_REL)
			continue;
		if (elf_file_shdr(ef, shdr.sh_info, &target, err))
			return -1;
		if (!(target.sh_flags & SHF_ALLOC) ||
		    (target.sh_flags & SHF_EXECINSTR))
			continue;
		if (section_relocs(&symbols, i, &shdr, fn, arg, err))
			return -1;
	}
	return 0;
}
