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
 * the same input gives the same file. Nothing else is written but the ELF
 * header and the name table's own header. A name table that also serves the
 * symbols needs no special care: offsets into it do not change.
 */
#include <stdlib.h>
#include <string.h>

#include "elf_file.h"

#define SECTION_ALIGN	8

/* Where things go; all offsets are offsets in the file. */
struct layout {
	uint64_t old_names, names;	/* the same when they grow in place */
	size_t old_names_size, names_size;
	uint64_t data;			/* of the first new section */
	uint64_t shdrs;
	size_t shentsize;
	size_t old_shnum, shnum;
};

static uint64_t align_up(uint64_t value)
{
	return (value + SECTION_ALIGN - 1) & ~(uint64_t)(SECTION_ALIGN - 1);
}

/* The end of the ELF header and of all sections. */
static int find_end(const struct elf_file *ef, const struct layout *l,
		    uint64_t *end, struct err *err)
{
	uint64_t ehdr_size = gelf_fsize(ef->elf, ELF_T_EHDR, 1, EV_CURRENT);
	size_t i;

	*end = ehdr_size;
	for (i = 1; i < l->old_shnum; i++) {
		GElf_Shdr shdr;

		if (elf_file_shdr(ef, i, &shdr, err))
			return -1;
		if (shdr.sh_type == SHT_NULL || shdr.sh_type == SHT_NOBITS ||
		    !shdr.sh_size)
			continue;
		/* It would otherwise come to lie inside the longer file. */
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
	struct elf_section names;
	uint64_t end, shoff = ef->ehdr.e_shoff;
	size_t i;

	*l = (struct layout){ 0 };
	if (elf_file_section_at(ef, ef->shstrndx, "section name table", &names,
				err))
		return -1;

	l->old_names = names.shdr.sh_offset;
	l->old_names_size = names.size;
	l->names_size = names.size;
	for (i = 0; i < nr; i++)
		l->names_size += strlen(added[i].name) + 1;
	l->old_shnum = ef->shnum;
	l->shnum = ef->shnum + nr;
	l->shentsize = gelf_fsize(ef->elf, ELF_T_SHDR, 1, EV_CURRENT);
	if (l->names_size > UINT32_MAX || l->shnum > UINT32_MAX)
		return err_set(err, path, "has no room for more sections");

	if (find_end(ef, l, &end, err))
		return -1;

	/* Between the names and the headers there may only be padding. */
	if (ef->ehdr.e_phnum || end > shoff ||
	    shoff + l->old_shnum * l->shentsize < ef->in->size)
		l->names = ef->in->size;
	else if (end == l->old_names + l->old_names_size &&
		 shoff - end < SECTION_ALIGN)
		l->names = l->old_names;
	else
		l->names = shoff;

	l->data = align_up(l->names + l->names_size);
	l->shdrs = l->data;
	for (i = 0; i < nr; i++)
		l->shdrs = align_up(l->shdrs + added[i].size);
	end = l->shdrs + l->shnum * l->shentsize;
	if (ef->ehdr.e_ident[EI_CLASS] == ELFCLASS32 && end > UINT32_MAX)
		return err_set(err, path,
			       "would exceed 4 GiB, too large for a 32-bit ELF file");
	return 0;
}

/* The new names, after the old ones if these move, and zeros up to the data. */
static int write_names(const struct elf_file *ef, struct file_out *out,
		       const struct layout *l,
		       const struct elf_addition *added, size_t nr,
		       struct err *err)
{
	size_t skip = l->names == l->old_names ? l->old_names_size : 0;
	size_t size = l->data - (l->names + skip);
	size_t pos = l->old_names_size - skip, i;
	uint8_t *buf;
	int rc;

	buf = calloc(1, size);
	if (!buf)
		return err_no_memory(err, out->path);
	memcpy(buf, ef->in->data + l->old_names + skip, pos);
	for (i = 0; i < nr; i++) {
		size_t len = strlen(added[i].name) + 1;

		memcpy(buf + pos, added[i].name, len);
		pos += len;
	}
	rc = file_out_write_at(out, buf, size, l->names + skip, err);
	free(buf);
	return rc;
}

/* @shdr in the file's class and byte order. */
static void shdr_encode(const struct elf_file *ef, const GElf_Shdr *shdr,
			uint8_t *dst)
{
	if (ef->ehdr.e_ident[EI_CLASS] == ELFCLASS32) {
		Elf32_Shdr s = {
			.sh_name = elf_file_u32(ef, shdr->sh_name),
			.sh_type = elf_file_u32(ef, shdr->sh_type),
			.sh_flags = elf_file_u32(ef, shdr->sh_flags),
			.sh_addr = elf_file_u32(ef, shdr->sh_addr),
			.sh_offset = elf_file_u32(ef, shdr->sh_offset),
			.sh_size = elf_file_u32(ef, shdr->sh_size),
			.sh_link = elf_file_u32(ef, shdr->sh_link),
			.sh_info = elf_file_u32(ef, shdr->sh_info),
			.sh_addralign = elf_file_u32(ef, shdr->sh_addralign),
			.sh_entsize = elf_file_u32(ef, shdr->sh_entsize),
		};

		memcpy(dst, &s, sizeof(s));
	} else {
		Elf64_Shdr s = {
			.sh_name = elf_file_u32(ef, shdr->sh_name),
			.sh_type = elf_file_u32(ef, shdr->sh_type),
			.sh_flags = elf_file_u64(ef, shdr->sh_flags),
			.sh_addr = elf_file_u64(ef, shdr->sh_addr),
			.sh_offset = elf_file_u64(ef, shdr->sh_offset),
			.sh_size = elf_file_u64(ef, shdr->sh_size),
			.sh_link = elf_file_u32(ef, shdr->sh_link),
			.sh_info = elf_file_u32(ef, shdr->sh_info),
			.sh_addralign = elf_file_u64(ef, shdr->sh_addralign),
			.sh_entsize = elf_file_u64(ef, shdr->sh_entsize),
		};

		memcpy(dst, &s, sizeof(s));
	}
}

/* Each section's data, and zeros up to the next or the headers. */
static int write_data(struct file_out *out, const struct layout *l,
		      const struct elf_addition *added, size_t nr,
		      struct err *err)
{
	static const uint8_t zeros[SECTION_ALIGN];
	uint64_t offset = l->data;
	size_t i;

	for (i = 0; i < nr; i++) {
		uint64_t end = offset + added[i].size;
		uint64_t next = align_up(end);

		if (file_out_write_at(out, added[i].data, added[i].size,
				      offset, err) ||
		    file_out_write_at(out, zeros, next - end, end, err))
			return -1;
		offset = next;
	}
	return 0;
}

/* The old headers, and those of the new sections. */
static int write_headers(const struct elf_file *ef, struct file_out *out,
			 const struct layout *l,
			 const struct elf_addition *added, size_t nr,
			 struct err *err)
{
	size_t old_size = l->old_shnum * l->shentsize;
	size_t size = l->shnum * l->shentsize, i;
	GElf_Shdr null, names, shdr = {
		.sh_name = l->old_names_size,
		.sh_type = SHT_PROGBITS,
		.sh_offset = l->data,
		.sh_addralign = SECTION_ALIGN,
	};
	uint8_t *shdrs;
	int rc;

	if (elf_file_shdr(ef, 0, &null, err) ||
	    elf_file_shdr(ef, ef->shstrndx, &names, err))
		return -1;
	/* Extended numbering: e_shnum is 0, and the count stands here. */
	null.sh_size = l->shnum >= SHN_LORESERVE ? l->shnum : 0;
	names.sh_offset = l->names;
	names.sh_size = l->names_size;

	shdrs = malloc(size);
	if (!shdrs)
		return err_no_memory(err, out->path);
	memcpy(shdrs, ef->in->data + ef->ehdr.e_shoff, old_size);
	shdr_encode(ef, &null, shdrs);
	shdr_encode(ef, &names, shdrs + ef->shstrndx * l->shentsize);
	for (i = 0; i < nr; i++) {
		shdr.sh_size = added[i].size;
		shdr_encode(ef, &shdr, shdrs + old_size + i * l->shentsize);
		shdr.sh_name += strlen(added[i].name) + 1;
		shdr.sh_offset = align_up(shdr.sh_offset + shdr.sh_size);
	}
	rc = file_out_write_at(out, shdrs, size, l->shdrs, err);
	free(shdrs);
	return rc;
}

/* e_shstrndx stays: the new sections are the last. */
static int write_ehdr(const struct elf_file *ef, struct file_out *out,
		      const struct layout *l, struct err *err)
{
	uint16_t shnum = l->shnum >= SHN_LORESERVE ? 0 : l->shnum;
	uint8_t buf[sizeof(Elf64_Ehdr)];
	size_t size;

	if (ef->ehdr.e_ident[EI_CLASS] == ELFCLASS32) {
		Elf32_Ehdr eh;

		memcpy(&eh, ef->in->data, sizeof(eh));
		eh.e_shoff = elf_file_u32(ef, l->shdrs);
		eh.e_shnum = elf_file_u16(ef, shnum);
		size = sizeof(eh);
		memcpy(buf, &eh, size);
	} else {
		Elf64_Ehdr eh;

		memcpy(&eh, ef->in->data, sizeof(eh));
		eh.e_shoff = elf_file_u64(ef, l->shdrs);
		eh.e_shnum = elf_file_u16(ef, shnum);
		size = sizeof(eh);
		memcpy(buf, &eh, size);
	}
	return file_out_write_at(out, buf, size, 0, err);
}

int elf_file_add_sections(const struct elf_file *ef, struct file_out *out,
			  const struct elf_addition *added, size_t nr,
			  struct err *err)
{
	struct layout l;
	size_t i;

	if (ef->shstrndx == SHN_UNDEF)
		return err_set(err, ef->in->path, "has no section names");
	for (i = 0; i < nr; i++) {
		struct elf_section sec;
		int rc = elf_file_section(ef, added[i].name, &sec, err);

		if (rc < 0)
			return -1;
		if (rc)
			return err_set(err, ef->in->path,
				       "has a %s section already",
				       added[i].name);
	}

	if (plan(ef, added, nr, &l, err) ||
	    write_names(ef, out, &l, added, nr, err) ||
	    write_data(out, &l, added, nr, err) ||
	    write_headers(ef, out, &l, added, nr, err) ||
	    write_ehdr(ef, out, &l, err))
		return -1;
	return 0;
}
