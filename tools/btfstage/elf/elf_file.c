// SPDX-License-Identifier: GPL-2.0-only
/*
 * Sections, through libelf.
 *
 * libelf silently treats a bad section header table as missing. A module would
 * then have neither .BTF nor .BTF_ids, so this file checks the table, and the offset
 * and size in each header. Sections are used where they are mapped: a module with
 * debug information can have hundreds of megabytes, of which few are needed.
 */
#include <endian.h>
#include <errno.h>
#include <string.h>

#include "elf_file.h"

#if __BYTE_ORDER == __LITTLE_ENDIAN
#define ELFDATA_HOST	ELFDATA2LSB
#else
#define ELFDATA_HOST	ELFDATA2MSB
#endif

bool elf_file_probe(const struct file_in *in)
{
	return in->size >= SELFMAG && !memcmp(in->data, ELFMAG, SELFMAG);
}

static int check_section_table(const struct elf_file *ef, struct err *err)
{
	const char *path = ef->in->path;
	const GElf_Ehdr *eh = &ef->ehdr;
	size_t entsize = gelf_fsize(ef->elf, ELF_T_SHDR, 1, EV_CURRENT);
	/* Extended numbering keeps the count in the first header. */
	uint64_t count = eh->e_shnum ?: ef->shnum ?: 1;

	if (!eh->e_shoff && !eh->e_shnum)
		return 0;
	if (eh->e_shentsize != entsize)
		return err_set(err, path,
			       "section headers have an invalid size (%u)",
			       eh->e_shentsize);
	if (!eh->e_shoff ||
	    !file_in_bytes(ef->in, eh->e_shoff, count * entsize))
		return err_set(err, path,
			       "section header table lies outside the file (offset 0x%jx)",
			       (uintmax_t)eh->e_shoff);
	if (!ef->shnum)
		return err_set(err, path,
			       "section header table has an invalid size (offset 0x%jx)",
			       (uintmax_t)eh->e_shoff);
	return 0;
}

/*
 * elf_getshdrstrndx() of elfutils 0.188 reads an extended number through a file
 * descriptor, which there is none of, unless the first header was read before.
 */
static int find_section_names(struct elf_file *ef, struct err *err)
{
	GElf_Shdr first;

	if (!ef->shnum)
		return 0;
	if (elf_file_shdr(ef, 0, &first, err))
		return -1;
	if (elf_getshdrstrndx(ef->elf, &ef->shstrndx) ||
	    ef->shstrndx >= ef->shnum)
		return err_set(err, ef->in->path,
			       "section name table has an invalid number (%zu)",
			       ef->shstrndx);
	if (ef->shstrndx == SHN_UNDEF)
		return 0;
	return elf_file_check_strings(ef, ef->shstrndx, "section name table",
				      err);
}

int elf_file_open(struct elf_file *ef, const struct file_in *in,
		  struct err *err)
{
	*ef = (struct elf_file){ .in = in };
	if (!elf_file_probe(in))
		return err_set(err, in->path, "is not an ELF file");

	elf_version(EV_CURRENT);
	errno = 0;
	ef->elf = elf_memory((char *)in->data, in->size);
	if (elf_kind(ef->elf) != ELF_K_ELF ||
	    !gelf_getehdr(ef->elf, &ef->ehdr) ||
	    elf_getshdrnum(ef->elf, &ef->shnum)) {
		if (errno == ENOMEM)
			err_no_memory(err, in->path);
		else
			err_set(err, in->path,
				"ELF header is truncated, or has an unknown class, byte order or version");
		goto out_end;
	}
	ef->swapped = ef->ehdr.e_ident[EI_DATA] != ELFDATA_HOST;
	if (check_section_table(ef, err) || find_section_names(ef, err))
		goto out_end;
	return 0;

out_end:
	elf_file_close(ef);
	return -1;
}

void elf_file_close(struct elf_file *ef)
{
	elf_end(ef->elf);
	ef->elf = NULL;
}

static Elf_Data xlate_data(const struct elf_file *ef, Elf_Type type,
			   const void *bytes)
{
	return (Elf_Data){
		.d_buf = (void *)bytes,
		.d_type = type,
		.d_version = EV_CURRENT,
		.d_size = gelf_fsize(ef->elf, type, 1, EV_CURRENT),
	};
}

void elf_file_decode(const struct elf_file *ef, Elf_Type type,
		     const void *bytes, void *to)
{
	Elf_Data src = xlate_data(ef, type, bytes);
	Elf_Data dst = xlate_data(ef, type, to);

	gelf_xlatetom(ef->elf, &dst, &src, ef->ehdr.e_ident[EI_DATA]);
}

void elf_file_encode(const struct elf_file *ef, Elf_Type type,
		     const void *from, void *bytes)
{
	Elf_Data src = xlate_data(ef, type, from);
	Elf_Data dst = xlate_data(ef, type, bytes);

	gelf_xlatetof(ef->elf, &dst, &src, ef->ehdr.e_ident[EI_DATA]);
}

int elf_file_shdr(const struct elf_file *ef, size_t index, GElf_Shdr *shdr,
		  struct err *err)
{
	Elf_Scn *scn = index < ef->shnum ? elf_getscn(ef->elf, index) : NULL;

	if (!scn || !gelf_getshdr(scn, shdr))
		return err_set(err, ef->in->path,
			       "has no section header number %zu", index);
	return 0;
}

int elf_file_section_at(const struct elf_file *ef, size_t index,
			const char *what, struct elf_section *sec,
			struct err *err)
{
	const char *path = ef->in->path;

	sec->index = index;
	if (elf_file_shdr(ef, index, &sec->shdr, err))
		return -1;

	if (sec->shdr.sh_type == SHT_NOBITS)
		return err_set(err, path, "%s has no bytes in the file (NOBITS)",
			       what);
	if (sec->shdr.sh_flags & SHF_COMPRESSED)
		return err_set(err, path, "%s is compressed", what);

	sec->data = file_in_bytes(ef->in, sec->shdr.sh_offset,
				  sec->shdr.sh_size);
	if (!sec->data)
		return err_set(err, path,
			       "%s lies outside the file (offset 0x%jx, size 0x%jx)",
			       what, (uintmax_t)sec->shdr.sh_offset,
			       (uintmax_t)sec->shdr.sh_size);
	sec->size = sec->shdr.sh_size;
	return 0;
}

Elf_Data *elf_file_data(const struct elf_file *ef, size_t index,
			const char *what, struct err *err)
{
	struct elf_section sec;
	Elf_Data *data;

	if (elf_file_section_at(ef, index, what, &sec, err))
		return NULL;
	errno = 0;
	data = elf_getdata(elf_getscn(ef->elf, index), NULL);
	if (data)
		return data;
	if (errno == ENOMEM)
		err_no_memory(err, ef->in->path);
	else
		err_set(err, ef->in->path, "%s is malformed: %s", what,
			elf_errmsg(-1));
	return NULL;
}

int elf_file_check_strings(const struct elf_file *ef, size_t index,
			   const char *what, struct err *err)
{
	struct elf_section sec;

	if (elf_file_section_at(ef, index, what, &sec, err))
		return -1;
	if (sec.shdr.sh_type != SHT_STRTAB)
		return err_set(err, ef->in->path, "%s is not a string table",
			       what);
	if (!sec.size || sec.data[sec.size - 1])
		return err_set(err, ef->in->path,
			       "%s does not end with a NUL byte", what);
	return 0;
}

static bool overlaps(const struct elf_section *sec, uint64_t offset,
		     uint64_t size)
{
	uint64_t start = sec->shdr.sh_offset;

	if (!size || !sec->size)
		return false;
	return offset < start ? start - offset < size :
				offset - start < sec->size;
}

int elf_file_section_alone(const struct elf_file *ef,
			   const struct elf_section *sec, const char *what,
			   struct err *err)
{
	const char *path = ef->in->path;
	size_t i;

	if (overlaps(sec, 0, gelf_fsize(ef->elf, ELF_T_EHDR, 1, EV_CURRENT)) ||
	    overlaps(sec, ef->ehdr.e_shoff, ef->shnum * ef->ehdr.e_shentsize))
		return err_set(err, path, "%s overlaps the ELF headers", what);

	for (i = 1; i < ef->shnum; i++) {
		GElf_Shdr shdr;

		if (elf_file_shdr(ef, i, &shdr, err))
			return -1;
		if (i != sec->index && shdr.sh_type != SHT_NULL &&
		    shdr.sh_type != SHT_NOBITS &&
		    overlaps(sec, shdr.sh_offset, shdr.sh_size))
			return err_set(err, path, "%s overlaps section %zu",
				       what, i);
	}
	return 0;
}

int elf_file_section(const struct elf_file *ef, const char *name,
		     struct elf_section *sec, struct err *err)
{
	size_t found = 0, i;

	if (ef->shstrndx == SHN_UNDEF)
		return 0;
	for (i = 1; i < ef->shnum; i++) {
		const char *sec_name;
		GElf_Shdr shdr;

		if (elf_file_shdr(ef, i, &shdr, err))
			return -1;
		sec_name = elf_strptr(ef->elf, ef->shstrndx, shdr.sh_name);
		if (!sec_name)
			return err_set(err, ef->in->path,
				       "name of section %zu lies outside the section name table (offset 0x%x)",
				       i, shdr.sh_name);
		if (strcmp(sec_name, name))
			continue;
		if (found)
			return err_set(err, ef->in->path,
				       "has two %s sections", name);
		found = i;
	}
	if (!found)
		return 0;
	if (elf_file_section_at(ef, found, name, sec, err))
		return -1;
	return 1;
}
