// SPDX-License-Identifier: GPL-2.0-only
/* An ELF file: its sections and symbols, and adding one more section. */
#include <stdlib.h>
#include <string.h>

#include "elf_file.h"
#include "fuzz.h"
#include "oracle.h"

/* Uses all bytes, so that the compiler does not drop reads. */
static volatile size_t sum;

static void look(const struct elf_file *ef)
{
	struct elf_symbols table;
	size_t shndx, i;
	struct err err;
	GElf_Sym sym;

	if (elf_symbols_open(&table, ef, &err) < 0)
		fuzz_check_message(err.msg);
	for (i = 0; i < table.nr; i++) {
		const char *name;

		if (elf_symbols_get(&table, i, &sym, &shndx, &err)) {
			fuzz_check_message(err.msg);
			break;
		}
		name = elf_strptr(ef->elf, table.names, sym.st_name);
		sum += sym.st_size + (name ? strlen(name) : 0);
	}
}

static void add(const struct elf_file *ef)
{
	const struct elf_addition added = { ".BTF", "types", 5 };
	struct file_out out = { .path = "out", .fd = fuzz_fd(FUZZ_OUT) };
	struct bytes in = { (uint8_t *)ef->in->data, ef->in->size };
	struct bytes result, btf;
	struct err err;

	fuzz_file(FUZZ_OUT, "", 0);
	if (file_out_copy(&out, ef->in, &err))
		fuzz_check(err.msg);
	if (elf_file_add_sections(ef, &out, &added, 1, &err)) {
		fuzz_check_message(err.msg);
		return;
	}
	result = fuzz_read(FUZZ_OUT);
	fuzz_check(oracle_added_btf(in, result, &btf));
	if (btf.size != 5 || memcmp(btf.data, "types", 5))
		fuzz_check("the new section has other bytes");
	free(result.data);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct file_in in = { .path = "in", .fd = -1, .size = size };
	uint8_t *copy = malloc(size);
	struct elf_section sec;
	struct elf_file ef;
	struct err err;
	size_t i;
	int rc;

	/* The exact size, for ASan. */
	if (size)
		memcpy(copy, data, size);
	in.data = size ? copy : NULL;
	if (elf_file_open(&ef, &in, &err)) {
		fuzz_check_message(err.msg);
		free(copy);
		return 0;
	}
	look(&ef);
	if (elf_file_section(&ef, ".BTF_ids", &sec, &err) > 0)
		for (i = 0; i < sec.size; i++)
			sum += sec.data[i];
	rc = elf_file_section(&ef, ".BTF", &sec, &err);
	if (rc < 0)
		fuzz_check_message(err.msg);
	if (!rc)
		add(&ef);
	elf_file_close(&ef);
	free(copy);
	return 0;
}
