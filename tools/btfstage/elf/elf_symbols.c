// SPDX-License-Identifier: GPL-2.0-only
#include "elf_file.h"

int elf_symbols_open(struct elf_symbols *table, const struct elf_file *ef,
		     struct err *err)
{
	const char *path = ef->in->path;
	size_t entsize = gelf_fsize(ef->elf, ELF_T_SYM, 1, EV_CURRENT);
	GElf_Shdr shdr, symtab = { 0 };
	size_t found = 0, i;
	int shndx;

	*table = (struct elf_symbols){ .ef = ef };
	for (i = 1; i < ef->shnum; i++) {
		if (elf_file_shdr(ef, i, &shdr, err))
			return -1;
		if (shdr.sh_type != SHT_SYMTAB)
			continue;
		if (found)
			return err_set(err, path, "has two symbol tables");
		found = i;
		symtab = shdr;
	}
	if (!found)
		return 0;

	if (symtab.sh_entsize != entsize || symtab.sh_size % entsize)
		return err_set(err, path,
			       "symbol table has an invalid size (0x%jx, entries 0x%jx)",
			       (uintmax_t)symtab.sh_size,
			       (uintmax_t)symtab.sh_entsize);
	table->nr = symtab.sh_size / entsize;
	table->names = symtab.sh_link;
	table->symbols = elf_file_data(ef, found, "symbol table", err);
	if (!table->symbols ||
	    elf_file_check_strings(ef, table->names, "symbol name table", err))
		return -1;

	shndx = elf_scnshndx(elf_getscn(ef->elf, found));
	if (shndx > 0) {
		table->shndx = elf_file_data(ef, shndx,
					     "extended section number table",
					     err);
		if (!table->shndx)
			return -1;
	}
	return 1;
}

int elf_symbols_get(const struct elf_symbols *table, size_t index,
		    GElf_Sym *sym, size_t *shndx, struct err *err)
{
	Elf32_Word extended;

	if (!gelf_getsymshndx(table->symbols, table->shndx, index, sym,
			      &extended) ||
	    (sym->st_shndx == SHN_XINDEX && !table->shndx))
		return err_set(err, table->ef->in->path,
			       "symbol %zu has no extended section number",
			       index);
	if (sym->st_shndx == SHN_XINDEX)
		*shndx = extended;
	else
		*shndx = sym->st_shndx < SHN_LORESERVE ? sym->st_shndx : 0;
	return 0;
}
