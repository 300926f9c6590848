// SPDX-License-Identifier: GPL-2.0-only
/*
 * Adding sections without moving any other.
 *
 * Linkers write the section header table last, and GNU ld writes the table of
 * section names just before it. The names then grow over the old headers, of
 * which a new table is written anyway:
 *
 *	+------+-----------------+-------+---------+
 *	| ehdr | sections ...    | names | headers |
 *	+------+-----------------+-------+---------+
 *
 *	+------+-----------------+---------+------------+----------+
 *	| ehdr | sections ...    | names + | new data.. | headers+ |
 *	+------+-----------------+---------+------------+----------+
 *
 * When something else lies between (lld puts the names before the symbols'
 * names), the names are copied to where the old headers were, and the old
 * names remain as bytes that no header refers to. When the headers are not
 * last, or when segments might cover them, all that is new goes to the end of
 * the file.
 *
 * Each section's data and the new headers are aligned to 8; gaps are zeros, so that
 * the same input gives the same file. For the new sections no more than 1 is asked
 * for, as objcopy --add-section has it. A name table that also serves the symbols
 * needs no special care: offsets into it do not change. All that is new, but for
 * the ELF header, is one run of bytes at the end of the file.
 *
 * elf_update() does not write that, though it can keep a layout (ELF_F_LAYOUT).
 * It reads every section, hundreds of megabytes of debugging information, before
 * it writes a few bytes. And the header of a section that is added to a file
 * (ELF_C_RDWR) comes out as garbage in elfutils 0.188.
 */
#include <stdlib.h>
#include <string.h>

#include "elf_file.h"

#define FILE_ALIGN	8

/* The layout; all offsets are offsets in the file. */
struct layout {
	GElf_Shdr old_names;
	uint64_t names;		/* as before when they grow in place */
	size_t names_size;
	uint64_t start;		/* from here on, all is new */
	uint64_t data;		/* of the first new section */
	uint64_t shdrs;
	size_t shentsize, shnum;
};

static uint64_t align_up(uint64_t value)
{
	return (value + FILE_ALIGN - 1) & ~(uint64_t)(FILE_ALIGN - 1);
}

/* The end of the ELF header and of all sections. */
static int find_end(const struct elf_file *ef, uint64_t *end, struct err *err)
{
	uint64_t ehdr_size = gelf_fsize(ef->elf, ELF_T_EHDR, 1, EV_CURRENT);
	GElf_Shdr shdr;
	size_t i;

	*end = ehdr_size;
	for (i = 1; i < ef->shnum; i++) {
		if (elf_file_shdr(ef, i, &shdr, err))
			return -1;
		if (shdr.sh_type == SHT_NULL || shdr.sh_type == SHT_NOBITS ||
		    !shdr.sh_size)
			continue;
		/* It would otherwise be inside the longer file. */
		if (!file_in_bytes(ef->in, shdr.sh_offset, shdr.sh_size))
			return err_set(err, ef->in->path,
				       "section %zu lies outside the file (offset 0x%jx, size 0x%jx)",
				       i, (uintmax_t)shdr.sh_offset,
				       (uintmax_t)shdr.sh_size);
		/* The header is going to be changed. */
		if (shdr.sh_offset < ehdr_size)
			return err_set(err, ef->in->path,
				       "section %zu overlaps the ELF header",
				       i);
		if (shdr.sh_offset + shdr.sh_size > *end)
			*end = shdr.sh_offset + shdr.sh_size;
	}
	return 0;
}

static int plan(const struct elf_file *ef, const struct elf_addition *added,
		size_t nr, struct layout *l, struct err *err)
{
	const char *path = ef->in->path;
	uint64_t end, old_names_end, shoff = ef->ehdr.e_shoff;
	size_t i;

	if (ef->shstrndx == SHN_UNDEF)
		return err_set(err, path, "has no section names");
	if (elf_file_shdr(ef, ef->shstrndx, &l->old_names, err) ||
	    find_end(ef, &end, err))
		return -1;
	old_names_end = l->old_names.sh_offset + l->old_names.sh_size;

	l->shnum = ef->shnum + nr;
	l->shentsize = ef->ehdr.e_shentsize;
	l->names_size = l->old_names.sh_size;
	for (i = 0; i < nr; i++)
		l->names_size += strlen(added[i].name) + 1;
	if (l->names_size > UINT32_MAX || l->shnum > UINT32_MAX)
		return err_set(err, path, "has no room for more sections");

	/* Between the names and the headers there may only be padding. */
	if (ef->ehdr.e_phnum || end > shoff ||
	    shoff + ef->shnum * l->shentsize < ef->in->size)
		l->names = ef->in->size;
	else if (end == old_names_end && shoff - end < FILE_ALIGN)
		l->names = l->old_names.sh_offset;
	else
		l->names = shoff;
	l->start = l->names == l->old_names.sh_offset ? old_names_end :
							l->names;

	l->data = align_up(l->names + l->names_size);
	l->shdrs = l->data;
	for (i = 0; i < nr; i++)
		l->shdrs = align_up(l->shdrs + added[i].size);
	end = l->shdrs + l->shnum * l->shentsize;
	if (elf_file_is_32(ef) && end > UINT32_MAX)
		return err_set(err, path,
			       "would exceed 4 GiB, too large for a 32-bit ELF file");
	return 0;
}

static void put_shdr(const struct elf_file *ef, const GElf_Shdr *shdr,
		     uint8_t *to)
{
	const Elf32_Shdr shdr32 = {
		.sh_name = shdr->sh_name,
		.sh_type = shdr->sh_type,
		.sh_flags = shdr->sh_flags,
		.sh_addr = shdr->sh_addr,
		.sh_offset = shdr->sh_offset,
		.sh_size = shdr->sh_size,
		.sh_link = shdr->sh_link,
		.sh_info = shdr->sh_info,
		.sh_addralign = shdr->sh_addralign,
		.sh_entsize = shdr->sh_entsize,
	};
	const void *from = elf_file_is_32(ef) ? (const void *)&shdr32 : shdr;

	elf_file_encode(ef, ELF_T_SHDR, from, to);
}

/* All that is new into @tail, which holds zeros and goes to l->start. */
static int put_tail(const struct elf_file *ef, const struct layout *l,
		    const struct elf_addition *added, size_t nr, uint8_t *tail,
		    struct err *err)
{
	uint8_t *name = tail, *shdrs = tail + (l->shdrs - l->start);
	GElf_Shdr first, names = l->old_names, shdr = {
		.sh_name = names.sh_size,
		.sh_type = SHT_PROGBITS,
		.sh_offset = l->data,
		.sh_addralign = 1,
	};
	size_t i;

	if (elf_file_shdr(ef, 0, &first, err))
		return -1;
	memcpy(shdrs, ef->in->data + ef->ehdr.e_shoff,
	       ef->shnum * l->shentsize);
	/* Extended numbering: e_shnum is 0, and the count is here. */
	first.sh_size = l->shnum >= SHN_LORESERVE ? l->shnum : 0;
	put_shdr(ef, &first, shdrs);

	if (l->start == l->names)
		name = mempcpy(tail, ef->in->data + names.sh_offset,
			       names.sh_size);
	names.sh_offset = l->names;
	names.sh_size = l->names_size;
	put_shdr(ef, &names, shdrs + ef->shstrndx * l->shentsize);

	for (i = 0; i < nr; i++) {
		size_t len = strlen(added[i].name) + 1;

		name = mempcpy(name, added[i].name, len);
		shdr.sh_size = added[i].size;
		if (shdr.sh_size)
			memcpy(tail + (shdr.sh_offset - l->start),
			       added[i].data, shdr.sh_size);
		put_shdr(ef, &shdr, shdrs + (ef->shnum + i) * l->shentsize);
		shdr.sh_name += len;
		shdr.sh_offset = align_up(shdr.sh_offset + shdr.sh_size);
	}
	return 0;
}

/* e_shstrndx stays: the new sections are the last. */
static void put_ehdr(const struct elf_file *ef, const struct layout *l,
		     uint8_t *to)
{
	uint16_t shnum = l->shnum >= SHN_LORESERVE ? 0 : l->shnum;

	if (elf_file_is_32(ef)) {
		Elf32_Ehdr ehdr = *elf32_getehdr(ef->elf);

		ehdr.e_shoff = l->shdrs;
		ehdr.e_shnum = shnum;
		elf_file_encode(ef, ELF_T_EHDR, &ehdr, to);
	} else {
		GElf_Ehdr ehdr = ef->ehdr;

		ehdr.e_shoff = l->shdrs;
		ehdr.e_shnum = shnum;
		elf_file_encode(ef, ELF_T_EHDR, &ehdr, to);
	}
}

int elf_file_add_sections(const struct elf_file *ef, struct file_out *out,
			  const struct elf_addition *added, size_t nr,
			  struct err *err)
{
	uint8_t ehdr[sizeof(GElf_Ehdr)];
	struct layout l;
	size_t size;
	uint8_t *tail;
	int ret = -1;

	if (plan(ef, added, nr, &l, err))
		return -1;
	size = l.shdrs + l.shnum * l.shentsize - l.start;
	tail = calloc(1, size);
	if (!tail)
		return err_no_memory(err, out->path);
	if (put_tail(ef, &l, added, nr, tail, err) ||
	    file_out_write_at(out, tail, size, l.start, err))
		goto out_free;
	put_ehdr(ef, &l, ehdr);
	ret = file_out_write_at(out, ehdr,
				gelf_fsize(ef->elf, ELF_T_EHDR, 1, EV_CURRENT),
				0, err);

out_free:
	free(tail);
	return ret;
}
