// SPDX-License-Identifier: GPL-2.0-only
#include <string.h>

#include "elf_file.h"

struct symbol_tables {
	struct elf_section symbols;
	struct elf_section names;
	struct elf_section shndx;	/* size 0: there is none */
	size_t entsize;
	size_t nr;
};

/*
 * The symbols that carry an extended section number in their table's
 * SHT_SYMTAB_SHNDX companion, which points back to the table.
 */
static int find_shndx(const struct elf_file *ef, struct symbol_tables *t,
		      struct err *err)
{
	size_t i;

	for (i = 1; i < ef->shnum; i++) {
		GElf_Shdr shdr;

		if (elf_file_shdr(ef, i, &shdr, err))
			return -1;
		if (shdr.sh_type != SHT_SYMTAB_SHNDX ||
		    shdr.sh_link != t->symbols.index)
			continue;
		if (elf_file_section_at(ef, i, "extended section number table",
					&t->shndx, err))
			return -1;
		if (t->shndx.size / sizeof(Elf32_Word) < t->nr)
			return err_set(err, ef->in->path,
				       "extended section number table is too short (%zu bytes for %zu symbols)",
				       t->shndx.size, t->nr);
		return 0;
	}
	return 0;
}

/* 1: found, 0: the file has no symbol table, -1: malformed. */
static int find_tables(const struct elf_file *ef, struct symbol_tables *t,
		       struct err *err)
{
	const char *path = ef->in->path;
	size_t found = 0, i;

	*t = (struct symbol_tables){ 0 };
	for (i = 1; i < ef->shnum; i++) {
		GElf_Shdr shdr;

		if (elf_file_shdr(ef, i, &shdr, err))
			return -1;
		if (shdr.sh_type != SHT_SYMTAB)
			continue;
		if (found)
			return err_set(err, path, "has two symbol tables");
		found = i;
	}
	if (!found)
		return 0;

	if (elf_file_section_at(ef, found, "symbol table", &t->symbols, err))
		return -1;
	t->entsize = gelf_fsize(ef->elf, ELF_T_SYM, 1, EV_CURRENT);
	if (t->symbols.shdr.sh_entsize != t->entsize ||
	    t->symbols.size % t->entsize)
		return err_set(err, path,
			       "symbol table has an invalid size (0x%zx, entries 0x%jx)",
			       t->symbols.size,
			       (uintmax_t)t->symbols.shdr.sh_entsize);
	t->nr = t->symbols.size / t->entsize;

	if (elf_file_strings(ef, t->symbols.shdr.sh_link,
			     "symbol name table", &t->names, err) ||
	    find_shndx(ef, t, err))
		return -1;
	return 1;
}

/*
 * gelf_getsym() needs an Elf_Data, for which libelf would translate the whole
 * table first.
 */
static void symbol_decode(const struct elf_file *ef, const uint8_t *entry,
			  GElf_Sym *sym)
{
	if (ef->ehdr.e_ident[EI_CLASS] == ELFCLASS32) {
		Elf32_Sym s;

		memcpy(&s, entry, sizeof(s));
		sym->st_name = elf_file_u32(ef, s.st_name);
		sym->st_info = s.st_info;
		sym->st_other = s.st_other;
		sym->st_shndx = elf_file_u16(ef, s.st_shndx);
		sym->st_value = elf_file_u32(ef, s.st_value);
		sym->st_size = elf_file_u32(ef, s.st_size);
	} else {
		Elf64_Sym s;

		memcpy(&s, entry, sizeof(s));
		sym->st_name = elf_file_u32(ef, s.st_name);
		sym->st_info = s.st_info;
		sym->st_other = s.st_other;
		sym->st_shndx = elf_file_u16(ef, s.st_shndx);
		sym->st_value = elf_file_u64(ef, s.st_value);
		sym->st_size = elf_file_u64(ef, s.st_size);
	}
}

/* The section of symbol @i; 0 for undefined, absolute and the like. */
static int symbol_section(const struct elf_file *ef,
			  const struct symbol_tables *t, size_t i,
			  const GElf_Sym *sym, size_t *shndx, struct err *err)
{
	uint32_t word;

	*shndx = 0;
	if (sym->st_shndx != SHN_XINDEX) {
		if (sym->st_shndx < SHN_LORESERVE)
			*shndx = sym->st_shndx;
		return 0;
	}
	if (!t->shndx.size)
		return err_set(err, ef->in->path,
			       "symbol %zu has no extended section number", i);
	memcpy(&word, t->shndx.data + i * sizeof(word), sizeof(word));
	*shndx = elf_file_u32(ef, word);
	return 0;
}

int elf_file_symbols(const struct elf_file *ef, size_t shndx,
		     elf_symbol_fn fn, void *arg, struct err *err)
{
	struct symbol_tables t;
	size_t i;
	int rc;

	rc = find_tables(ef, &t, err);
	if (rc <= 0)
		return rc;

	for (i = 1; i < t.nr; i++) {
		const char *name;
		GElf_Sym sym;
		size_t sec;

		symbol_decode(ef, t.symbols.data + i * t.entsize, &sym);
		if (symbol_section(ef, &t, i, &sym, &sec, err))
			return -1;
		if (!sec || sec != shndx)
			continue;
		name = elf_section_string(&t.names, sym.st_name);
		if (!name)
			return err_set(err, ef->in->path,
				       "name of symbol %zu lies outside the symbol name table (offset 0x%x)",
				       i, sym.st_name);
		rc = fn(arg, name, &sym, err);
		if (rc)
			return rc;
	}
	return 0;
}

/* One relocation; the section's own bytes hold the addend of the short form. */
static int reloc_decode(const struct elf_file *ef, const struct elf_section *sec,
			const uint8_t *entry, GElf_Rela *rela, struct err *err)
{
	bool is_64 = ef->ehdr.e_ident[EI_CLASS] == ELFCLASS64;
	bool is_rela = sec->shdr.sh_type == SHT_RELA;
	struct elf_section target;
	uint32_t word = 0;
	uint64_t info;

	if (is_64) {
		Elf64_Rela r = { 0 };

		memcpy(&r, entry, is_rela ? sizeof(r) : sizeof(Elf64_Rel));
		rela->r_offset = elf_file_u64(ef, r.r_offset);
		info = elf_file_u64(ef, r.r_info);
		rela->r_info = GELF_R_SYM(info);
		rela->r_addend = elf_file_u64(ef, r.r_addend);
	} else {
		Elf32_Rela r = { 0 };

		memcpy(&r, entry, is_rela ? sizeof(r) : sizeof(Elf32_Rel));
		rela->r_offset = elf_file_u32(ef, r.r_offset);
		info = elf_file_u32(ef, r.r_info);
		rela->r_info = ELF32_R_SYM(info);
		rela->r_addend = (int32_t)elf_file_u32(ef, r.r_addend);
	}
	if (is_rela)
		return 0;
	if (elf_file_section_at(ef, sec->shdr.sh_info, "relocated section",
				&target, err))
		return -1;
	if (rela->r_offset > target.size ||
	    target.size - rela->r_offset < sizeof(word))
		return err_set(err, ef->in->path,
			       "relocation outside its section (offset 0x%jx)",
			       (uintmax_t)rela->r_offset);
	memcpy(&word, target.data + rela->r_offset, sizeof(word));
	rela->r_addend = (int32_t)elf_file_u32(ef, word);
	return 0;
}

static int section_relocs(const struct elf_file *ef,
			  const struct symbol_tables *t, size_t index,
			  elf_reloc_fn fn, void *arg, struct err *err)
{
	struct elf_section sec;
	size_t entsize, i;

	if (elf_file_section_at(ef, index, "relocations", &sec, err))
		return -1;
	entsize = gelf_fsize(ef->elf, sec.shdr.sh_type == SHT_RELA ?
				      ELF_T_RELA : ELF_T_REL, 1, EV_CURRENT);
	for (i = 0; i < sec.size / entsize; i++) {
		struct elf_reloc reloc = { .section = sec.shdr.sh_info };
		GElf_Rela rela;
		GElf_Sym sym;

		if (reloc_decode(ef, &sec, sec.data + i * entsize, &rela, err))
			return -1;
		if (rela.r_info >= t->nr)
			return err_set(err, ef->in->path,
				       "relocation against symbol %ju, there are %zu",
				       (uintmax_t)rela.r_info, t->nr);
		symbol_decode(ef, t->symbols.data + rela.r_info * t->entsize,
			      &sym);
		if (symbol_section(ef, t, rela.r_info, &sym, &reloc.shndx, err))
			return -1;
		reloc.offset = rela.r_offset;
		reloc.name = elf_section_string(&t->names, sym.st_name);
		reloc.value = sym.st_value + rela.r_addend;
		fn(arg, &reloc);
	}
	return 0;
}

int elf_file_data_relocs(const struct elf_file *ef, elf_reloc_fn fn, void *arg,
			 struct err *err)
{
	struct symbol_tables t;
	size_t i;
	int rc;

	rc = find_tables(ef, &t, err);
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
		if (section_relocs(ef, &t, i, fn, arg, err))
			return -1;
	}
	return 0;
}
