// SPDX-License-Identifier: GPL-2.0-only
/*
 * .BTF_ids: the section and its symbols, in a valid ELF file. The input is a byte for
 * the form of the file, one for the size of the section, the section, and then
 * symbols: a name up to a NUL byte, a byte for the value, one for the size. Names get
 * the prefix __BTF_ID__.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ids_fill.h"
#include "elf_build.h"
#include "fuzz.h"

static uint32_t lookup(void *arg, enum btf_kind kind, const char *name,
		       size_t len)
{
	uint32_t id = kind;

	(void)arg;
	while (len--)
		id = id * 31 + (uint8_t)*name++;
	return id % 7 ? id : 0;
}

static void unresolved(void *arg, const char *name, size_t len)
{
	size_t *sum = arg;

	if (strnlen(name, len) != len)
		fuzz_check("a name that is shorter than its length");
	*sum += len;
}

static void build(struct elf_build *b, struct file_in *in, const uint8_t *data,
		  size_t size)
{
	enum seed_form form = size ? data[0] % 4 : 0;
	size_t len = size > 1 ? data[1] : 0, ids;
	const uint8_t *end = data + size;
	char name[300];

	elf_build_init(b, form < SEED_32LE ? ELFCLASS64 : ELFCLASS32,
		       form % 2 ? ELFDATA2MSB : ELFDATA2LSB);
	data += size > 2 ? 2 : size;
	if (len > (size_t)(end - data))
		len = end - data;
	ids = elf_build_section(b, ".BTF_ids", SHT_PROGBITS, data, len);
	for (data += len; data < end; data += 2) {
		size_t n = strnlen((const char *)data, end - data);

		snprintf(name, sizeof(name), "__BTF_ID__%.*s", (int)n, data);
		data += n + 1;
		if (end - data < 2)
			break;
		elf_build_symbol(b, name, ids, data[0], data[1]);
	}
	elf_build_image(b, in);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	size_t sum = 0;
	struct ids_ops ops = { lookup, unresolved, &sum };
	struct ids_filled ids;
	struct elf_file ef;
	struct elf_build b;
	struct file_in in;
	struct err err;

	build(&b, &in, data, size);
	if (elf_file_open(&ef, &in, &err))
		fuzz_check(err.msg);
	if (ids_fill(&ef, &ops, &ids, &err))
		fuzz_check_message(err.msg);
	else if (ids.data && (ids.size > in.size ||
			      ids.offset > in.size - ids.size))
		fuzz_check("the section is not inside the file");
	free(ids.data);
	elf_file_close(&ef);
	elf_build_free(&b);
	free((void *)in.data);
	return 0;
}
