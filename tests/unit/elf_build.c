// SPDX-License-Identifier: GPL-2.0-only
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "elf_build.h"

const struct elf_format elf_formats[] = {
	{ ELFCLASS32, ELFDATA2LSB },
	{ ELFCLASS32, ELFDATA2MSB },
	{ ELFCLASS64, ELFDATA2LSB },
	{ ELFCLASS64, ELFDATA2MSB },
	{ 0, 0 }
};

static void *must(void *ptr)
{
	if (!ptr) {
		perror("elf_build");
		exit(1);
	}
	return ptr;
}

static void *grow(void *array, size_t nr, size_t *max, size_t size)
{
	if (nr < *max)
		return array;
	*max = 2 * *max + 16;
	return must(realloc(array, *max * size));
}

/* Append @size bytes, zeros when there is no @data; returns their offset. */
static size_t buf_add(struct elf_build_buf *buf, const void *data, size_t size)
{
	size_t offset = buf->size;

	if (buf->size + size > buf->max) {
		buf->max = 2 * buf->max + size;
		buf->data = must(realloc(buf->data, buf->max));
	}
	if (data)
		memcpy(buf->data + offset, data, size);
	else if (size)
		memset(buf->data + offset, 0, size);
	buf->size += size;
	return offset;
}

static size_t buf_add_string(struct elf_build_buf *buf, const char *string)
{
	return buf_add(buf, string, strlen(string) + 1);
}

void elf_build_put(const struct elf_build *b, void *dst, size_t width,
		   uint64_t value)
{
	uint8_t *bytes = dst;
	size_t i;

	for (i = 0; i < width; i++) {
		size_t at = b->order == ELFDATA2LSB ? i : width - 1 - i;

		bytes[at] = value >> (8 * i);
	}
}

uint64_t elf_build_get(const struct elf_build *b, const void *src, size_t width)
{
	const uint8_t *bytes = src;
	uint64_t value = 0;
	size_t i;

	for (i = 0; i < width; i++) {
		size_t at = b->order == ELFDATA2LSB ? i : width - 1 - i;

		value |= (uint64_t)bytes[at] << (8 * i);
	}
	return value;
}

static void buf_add_number(const struct elf_build *b,
			   struct elf_build_buf *buf, size_t width,
			   uint64_t value)
{
	size_t offset = buf_add(buf, NULL, width);

	elf_build_put(b, buf->data + offset, width, value);
}

void elf_build_init(struct elf_build *b, unsigned char class,
		    unsigned char order)
{
	*b = (struct elf_build){
		.class = class,
		.order = order,
		.type = ET_REL,
	};
	buf_add_string(&b->names, "");
	buf_add_string(&b->sym_names, "");
	elf_build_section(b, "", SHT_NULL, NULL, 0);
}

void elf_build_free(struct elf_build *b)
{
	size_t i;

	for (i = 0; i < b->nr_secs; i++)
		free(b->secs[i].data);
	free(b->secs);
	free(b->syms);
	free(b->names.data);
	free(b->sym_names.data);
}

size_t elf_build_section(struct elf_build *b, const char *name, uint32_t type,
			 const void *data, size_t size)
{
	struct elf_build_buf *names = b->one_strtab ? &b->sym_names : &b->names;
	struct elf_build_sec *sec;

	b->secs = grow(b->secs, b->nr_secs, &b->max_secs, sizeof(*b->secs));
	sec = &b->secs[b->nr_secs];
	*sec = (struct elf_build_sec){
		.name = name[0] ? buf_add_string(names, name) : 0,
		.shdr.sh_type = type,
		.shdr.sh_size = size,
		.shdr.sh_addralign = type == SHT_NULL ? 0 : 1,
	};
	if (size && type != SHT_NOBITS) {
		sec->data = must(malloc(size));
		memcpy(sec->data, data, size);
	}
	return b->nr_secs++;
}

void elf_build_symbol(struct elf_build *b, const char *name, uint32_t shndx,
		      uint64_t value, uint64_t size)
{
	b->syms = grow(b->syms, b->nr_syms, &b->max_syms, sizeof(*b->syms));
	b->syms[b->nr_syms++] = (struct elf_build_sym){
		.name = buf_add_string(&b->sym_names, name),
		.shndx = shndx,
		.value = value,
		.size = size,
	};
}

static size_t word_size(const struct elf_build *b)
{
	return b->class == ELFCLASS32 ? 4 : 8;
}

static void add_symtab(struct elf_build *b)
{
	struct elf_build_buf symtab = { 0 }, shndx = { 0 };
	bool extended = b->shndx_table;
	size_t entsize = b->class == ELFCLASS32 ? sizeof(Elf32_Sym) :
						  sizeof(Elf64_Sym);
	struct elf_build_sec *sec;
	size_t i, index;

	buf_add(&symtab, NULL, entsize);
	buf_add_number(b, &shndx, 4, 0);
	for (i = 0; i < b->nr_syms; i++) {
		const struct elf_build_sym *sym = &b->syms[i];
		unsigned int info = ELF64_ST_INFO(STB_LOCAL, STT_NOTYPE);
		bool large = sym->shndx >= SHN_LORESERVE &&
			     sym->shndx != SHN_ABS;

		extended |= large;
		buf_add_number(b, &shndx, 4, large ? sym->shndx : 0);
		buf_add_number(b, &symtab, 4, sym->name);
		if (b->class == ELFCLASS32) {
			buf_add_number(b, &symtab, 4, sym->value);
			buf_add_number(b, &symtab, 4, sym->size);
		}
		buf_add_number(b, &symtab, 1, info);
		buf_add_number(b, &symtab, 1, STV_DEFAULT);
		buf_add_number(b, &symtab, 2, large ? SHN_XINDEX : sym->shndx);
		if (b->class == ELFCLASS64) {
			buf_add_number(b, &symtab, 8, sym->value);
			buf_add_number(b, &symtab, 8, sym->size);
		}
	}

	b->symtab = elf_build_section(b, ".symtab", SHT_SYMTAB, symtab.data,
				      symtab.size);
	sec = &b->secs[b->symtab];
	sec->shdr.sh_entsize = entsize;
	sec->shdr.sh_info = b->nr_syms + 1;
	sec->shdr.sh_addralign = word_size(b);

	if (extended) {
		index = elf_build_section(b, ".symtab_shndx", SHT_SYMTAB_SHNDX,
					  shndx.data, shndx.size);
		sec = &b->secs[index];
		sec->shdr.sh_link = b->symtab;
		sec->shdr.sh_entsize = 4;
		sec->shdr.sh_addralign = 4;
	}
	free(symtab.data);
	free(shndx.data);
}

static void add_shstrtab(struct elf_build *b)
{
	/* Its own name is among the names. */
	b->shstrndx = elf_build_section(b, ".shstrtab", SHT_STRTAB, NULL, 0);
}

static void set_data(struct elf_build_sec *sec, const struct elf_build_buf *buf)
{
	sec->shdr.sh_size = buf->size;
	sec->data = must(malloc(buf->size));
	memcpy(sec->data, buf->data, buf->size);
}

/* The symbol table and the string tables. */
static void add_tables(struct elf_build *b)
{
	size_t strtab;

	b->shstrndx = 0;
	if (b->nr_syms)
		add_symtab(b);
	if (b->names_inside)
		add_shstrtab(b);
	if (b->nr_syms || b->one_strtab) {
		strtab = elf_build_section(b, ".strtab", SHT_STRTAB, NULL, 0);
		if (b->nr_syms)
			b->secs[b->symtab].shdr.sh_link = strtab;
		if (b->one_strtab)
			b->shstrndx = strtab;
		set_data(&b->secs[strtab], &b->sym_names);
	}
	if (b->one_strtab)
		return;
	if (!b->shstrndx)
		add_shstrtab(b);
	set_data(&b->secs[b->shstrndx], &b->names);
}

static void add_ehdr(const struct elf_build *b, struct elf_build_buf *image)
{
	static const uint8_t padding[7];
	size_t width = word_size(b);
	size_t phentsize = b->class == ELFCLASS32 ? sizeof(Elf32_Phdr) :
						    sizeof(Elf64_Phdr);
	size_t ehsize = b->class == ELFCLASS32 ? sizeof(Elf32_Ehdr) :
						 sizeof(Elf64_Ehdr);
	size_t shentsize = b->class == ELFCLASS32 ? sizeof(Elf32_Shdr) :
						    sizeof(Elf64_Shdr);
	unsigned int machine = b->class == ELFCLASS32 ? EM_PPC : EM_PPC64;

	image->size = 0;
	buf_add(image, ELFMAG, SELFMAG);
	buf_add_number(b, image, 1, b->class);
	buf_add_number(b, image, 1, b->order);
	buf_add_number(b, image, 1, EV_CURRENT);
	buf_add_number(b, image, 1, ELFOSABI_NONE);
	buf_add_number(b, image, 1, 0);
	buf_add(image, padding, sizeof(padding));
	buf_add_number(b, image, 2, b->type);
	buf_add_number(b, image, 2, machine);
	buf_add_number(b, image, 4, EV_CURRENT);
	buf_add_number(b, image, width, 0);
	buf_add_number(b, image, width, b->segment ? ehsize : 0);
	buf_add_number(b, image, width, b->shoff);
	buf_add_number(b, image, 4, 0);
	buf_add_number(b, image, 2, ehsize);
	buf_add_number(b, image, 2, b->segment ? phentsize : 0);
	buf_add_number(b, image, 2, b->segment ? 1 : 0);
	buf_add_number(b, image, 2, shentsize);
	buf_add_number(b, image, 2,
		       b->shnum < SHN_LORESERVE ? b->shnum : 0);
	buf_add_number(b, image, 2,
		       b->shstrndx < SHN_LORESERVE ? b->shstrndx : SHN_XINDEX);
}

static void add_phdr(const struct elf_build *b, struct elf_build_buf *image,
		     uint64_t size)
{
	size_t width = word_size(b);

	buf_add_number(b, image, 4, PT_LOAD);
	if (b->class == ELFCLASS64)
		buf_add_number(b, image, 4, PF_R);
	buf_add_number(b, image, width, 0);
	buf_add_number(b, image, width, 0);
	buf_add_number(b, image, width, 0);
	buf_add_number(b, image, width, size);
	buf_add_number(b, image, width, size);
	if (b->class == ELFCLASS32)
		buf_add_number(b, image, 4, PF_R);
	buf_add_number(b, image, width, 1);
}

static void add_shdrs(struct elf_build *b, struct elf_build_buf *image)
{
	size_t width = word_size(b);
	size_t i;

	b->shnum = b->nr_secs;
	b->shoff = image->size;
	for (i = 0; i < b->nr_secs; i++) {
		Elf64_Shdr s = b->secs[i].shdr;

		if (!i && b->shnum >= SHN_LORESERVE)
			s.sh_size = b->shnum;
		if (!i && b->shstrndx >= SHN_LORESERVE)
			s.sh_link = b->shstrndx;
		buf_add_number(b, image, 4, b->secs[i].name);
		buf_add_number(b, image, 4, s.sh_type);
		buf_add_number(b, image, width, s.sh_flags);
		buf_add_number(b, image, width, s.sh_addr);
		buf_add_number(b, image, width, s.sh_offset);
		buf_add_number(b, image, width, s.sh_size);
		buf_add_number(b, image, 4, s.sh_link);
		buf_add_number(b, image, 4, s.sh_info);
		buf_add_number(b, image, width, s.sh_addralign);
		buf_add_number(b, image, width, s.sh_entsize);
	}
}

static void align(struct elf_build_buf *image, size_t to)
{
	if (to && image->size % to)
		buf_add(image, NULL, to - image->size % to);
}

void elf_build_image(struct elf_build *b, struct file_in *in)
{
	struct elf_build_buf image = { 0 };
	struct elf_build_buf headers = { 0 };
	size_t i;

	add_tables(b);
	add_ehdr(b, &image);
	if (b->segment)
		add_phdr(b, &image, 0);
	if (b->headers_first) {
		align(&image, word_size(b));
		add_shdrs(b, &image);
	}
	for (i = 1; i < b->nr_secs; i++) {
		struct elf_build_sec *sec = &b->secs[i];

		align(&image, sec->shdr.sh_addralign);
		sec->shdr.sh_offset += image.size;
		if (sec->data)
			buf_add(&image, sec->data, sec->shdr.sh_size);
	}
	if (!b->headers_first) {
		align(&image, word_size(b));
		buf_add(&image, NULL, b->padding);
		add_shdrs(b, &image);
	}

	/* Again what only now is known. */
	add_ehdr(b, &headers);
	if (b->segment)
		add_phdr(b, &headers, image.size);
	if (b->headers_first) {
		align(&headers, word_size(b));
		add_shdrs(b, &headers);
	}
	memcpy(image.data, headers.data, headers.size);
	free(headers.data);

	*in = (struct file_in){ .path = "image", .fd = -1, .mode = 0644 };
	in->size = image.size;
	in->data = must(malloc(image.size));
	memcpy((uint8_t *)in->data, image.data, image.size);
	free(image.data);
}

/* Offset of a field in the 64-bit and the 32-bit struct, and its size. */
struct field {
	uint8_t offset64, size64;
	uint8_t offset32, size32;
};

static const struct field ehdr_fields[] = {
	{ 40, 8, 32, 4 },	/* e_shoff */
	{ 58, 2, 46, 2 },	/* e_shentsize */
	{ 60, 2, 48, 2 },	/* e_shnum */
	{ 62, 2, 50, 2 },	/* e_shstrndx */
	{ 0, 0, 0, 0 }
};

static const struct field shdr_fields[] = {
	{ 0, 4, 0, 4 },		/* sh_name */
	{ 4, 4, 4, 4 },		/* sh_type */
	{ 8, 8, 8, 4 },		/* sh_flags */
	{ 16, 8, 12, 4 },	/* sh_addr */
	{ 24, 8, 16, 4 },	/* sh_offset */
	{ 32, 8, 20, 4 },	/* sh_size */
	{ 40, 4, 24, 4 },	/* sh_link */
	{ 44, 4, 28, 4 },	/* sh_info */
	{ 48, 8, 32, 4 },	/* sh_addralign */
	{ 56, 8, 36, 4 },	/* sh_entsize */
	{ 0, 0, 0, 0 }
};

static void set(const struct elf_build *b, struct file_in *in, uint64_t base,
		const struct field *field, size_t offset, uint64_t value)
{
	uint8_t *data = (uint8_t *)in->data + base;

	while (field->size64 && field->offset64 != offset)
		field++;
	must(field->size64 ? data : NULL);
	if (b->class == ELFCLASS32)
		elf_build_put(b, data + field->offset32, field->size32, value);
	else
		elf_build_put(b, data + field->offset64, field->size64, value);
}

void elf_build_ehdr_set(const struct elf_build *b, struct file_in *in,
			size_t offset, uint64_t value)
{
	set(b, in, 0, ehdr_fields, offset, value);
}

void elf_build_shdr_set(const struct elf_build *b, struct file_in *in,
			size_t index, size_t offset, uint64_t value)
{
	size_t entsize = b->class == ELFCLASS32 ? sizeof(Elf32_Shdr) :
						  sizeof(Elf64_Shdr);

	set(b, in, b->shoff + index * entsize, shdr_fields, offset, value);
}
