// SPDX-License-Identifier: GPL-2.0-only
/*
 * Undo what resolve_btfids has done to a module
 *
 *	unfill_ids MODULE
 *
 * Each word of .BTF_ids at a symbol __BTF_ID__... gets 0, as after the link: ids,
 * and the counts of sets. The pairs of id and flags in a set8 were also sorted. The
 * flags stay where they are, since matching them with ids needs the types; their
 * order does not influence the time that filling in takes.
 */
#include <errno.h>
#include <fcntl.h>
#include <gelf.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define PREFIX	"__BTF_ID__"

static const char *path;

static int fail(const char *what)
{
	fprintf(stderr, "unfill_ids: %s: %s\n", path, what);
	return EXIT_FAILURE;
}

/* The word at @offset of the section is zeroed in the file. */
static int unfill(int fd, const GElf_Shdr *ids, GElf_Addr offset)
{
	static const char zero[4];

	if (ids->sh_size < sizeof(zero) ||
	    offset > ids->sh_size - sizeof(zero))
		return fail("a symbol lies outside of .BTF_ids");
	if (pwrite(fd, zero, sizeof(zero), ids->sh_offset + offset) !=
	    sizeof(zero))
		return fail(strerror(errno));
	return 0;
}

static int unfill_all(int fd, Elf *elf, size_t ids_ndx, const GElf_Shdr *ids,
		      Elf_Scn *symtab)
{
	const char *name;
	GElf_Shdr shdr;
	Elf_Data *data;
	GElf_Sym sym;
	size_t i, nr;

	data = elf_getdata(symtab, NULL);
	if (!data || !gelf_getshdr(symtab, &shdr) || !shdr.sh_entsize)
		return fail(elf_errmsg(-1));
	nr = data->d_size / shdr.sh_entsize;
	for (i = 0; i < nr && gelf_getsym(data, i, &sym); i++) {
		if (sym.st_shndx != ids_ndx)
			continue;
		name = elf_strptr(elf, shdr.sh_link, sym.st_name);
		if (!name || strncmp(name, PREFIX, strlen(PREFIX)))
			continue;
		if (unfill(fd, ids, sym.st_value))
			return EXIT_FAILURE;
	}
	return EXIT_SUCCESS;
}

int main(int argc, char **argv)
{
	Elf_Scn *scn = NULL, *symtab = NULL;
	GElf_Shdr shdr, ids = { 0 };
	size_t strings, ids_ndx = 0;
	const char *name;
	Elf *elf;
	int fd;

	if (argc != 2) {
		fputs("Usage: unfill_ids MODULE\n", stderr);
		return 2;
	}
	path = argv[1];
	elf_version(EV_CURRENT);
	fd = open(path, O_RDWR | O_CLOEXEC);
	if (fd < 0)
		return fail(strerror(errno));
	elf = elf_begin(fd, ELF_C_READ, NULL);
	if (!elf || elf_getshdrstrndx(elf, &strings))
		return fail(elf_errmsg(-1));
	while ((scn = elf_nextscn(elf, scn))) {
		if (!gelf_getshdr(scn, &shdr))
			return fail(elf_errmsg(-1));
		if (shdr.sh_type == SHT_SYMTAB)
			symtab = scn;
		name = elf_strptr(elf, strings, shdr.sh_name);
		if (name && !strcmp(name, ".BTF_ids")) {
			ids_ndx = elf_ndxscn(scn);
			ids = shdr;
		}
	}
	if (!ids_ndx)
		return EXIT_SUCCESS;
	if (!symtab)
		return fail("has .BTF_ids, but no symbols");
	if (ids_ndx >= SHN_LORESERVE)
		return fail("has too many sections");
	return unfill_all(fd, elf, ids_ndx, &ids, symtab);
}
