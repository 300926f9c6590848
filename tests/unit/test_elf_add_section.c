// SPDX-License-Identifier: GPL-2.0-only
/* Adding a section leaves everything else as it was. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "elf_build.h"
#include "elf_file.h"
#include "fault.h"
#include "scratch.h"

static const char btf[] = "\x9f\xeb these would be types";

static void init(struct elf_build *b, const struct elf_format *format)
{
	elf_build_init(b, format->class, format->order);
}

static void add_sections(struct elf_build *b)
{
	size_t text = elf_build_section(b, ".text", SHT_PROGBITS, "code", 4);

	b->secs[text].shdr.sh_flags = SHF_ALLOC | SHF_EXECINSTR;
	elf_build_section(b, ".odd", SHT_PROGBITS, "some odd data", 13);
	elf_build_section(b, ".nothing", SHT_NOBITS, NULL, 100000);
	elf_build_symbol(b, "in_text", text, 1, 2);
}

/*
 * As "btfstage ko" does: not when there is such a section. Returns the first
 * failure's message, NULL when "out" has been written.
 */
static const char *add_all(const struct file_in *in,
			   const struct elf_addition *added, size_t nr,
			   struct err *err)
{
	struct elf_section sec;
	struct file_out out;
	struct elf_file ef;
	int rc = -1;

	remove("out");
	if (elf_file_open(&ef, in, err))
		return err->msg;
	if (elf_file_section(&ef, added->name, &sec, err) ||
	    file_out_create(&out, "out", 0644, err))
		goto out_close;
	if (!file_out_write_at(&out, in->data, in->size, 0, err) &&
	    !elf_file_add_sections(&ef, &out, added, nr, err))
		rc = file_out_publish(&out, err);
	file_out_discard(&out);
out_close:
	elf_file_close(&ef);
	return rc ? err->msg : NULL;
}

static const char *add(const struct file_in *in, const char *name,
		       const void *data, size_t size, struct err *err)
{
	struct elf_addition added = { name, data, size };

	return add_all(in, &added, 1, err);
}

static void assert_zeros(const struct file_in *f, uint64_t from, uint64_t to)
{
	assert_true(from <= to && to <= f->size);
	for (; from < to; from++)
		assert_int_equal(f->data[from], 0);
}

/* The ELF headers differ in e_shoff and e_shnum only. */
static void assert_same_ehdr(const struct elf_build *b,
			     const struct file_in *in,
			     const struct file_in *out)
{
	union {
		Elf32_Ehdr e32;
		Elf64_Ehdr e64;
	} before, after;

	memcpy(&before, in->data, sizeof(before));
	memcpy(&after, out->data, sizeof(after));
	if (b->class == ELFCLASS32) {
		after.e32.e_shoff = before.e32.e_shoff;
		after.e32.e_shnum = before.e32.e_shnum;
		assert_memory_equal(&before, &after, sizeof(Elf32_Ehdr));
	} else {
		after.e64.e_shoff = before.e64.e_shoff;
		after.e64.e_shnum = before.e64.e_shnum;
		assert_memory_equal(&before, &after, sizeof(Elf64_Ehdr));
	}
}

/* libelf reads the result, from a file. */
static void assert_added(const struct elf_build *b, const struct file_in *in,
			 const struct file_in *out, uint64_t names_offset)
{
	size_t shentsize = b->class == ELFCLASS32 ? sizeof(Elf32_Shdr) :
						    sizeof(Elf64_Shdr);
	GElf_Shdr shdr, names = { 0 };
	size_t shnum, shstrndx, i;
	Elf_Scn *scn;
	GElf_Ehdr eh;
	Elf *elf;

	assert_same_ehdr(b, in, out);
	elf_version(EV_CURRENT);
	elf = elf_begin(out->fd, ELF_C_READ, NULL);
	assert_non_null(elf);
	assert_non_null(gelf_getehdr(elf, &eh));
	assert_int_equal(elf_getshdrnum(elf, &shnum), 0);
	assert_int_equal(elf_getshdrstrndx(elf, &shstrndx), 0);
	assert_int_equal(shnum, b->shnum + 1);
	assert_int_equal(shstrndx, b->shstrndx);
	assert_int_equal(eh.e_shnum, shnum < SHN_LORESERVE ? shnum : 0);
	assert_int_equal(eh.e_shoff % 8, 0);
	assert_int_equal(eh.e_shoff + shnum * shentsize, out->size);

	/* The old sections: the same headers, the same bytes. */
	for (i = 0; i < b->shnum; i++) {
		const Elf64_Shdr *old = &b->secs[i].shdr;

		scn = elf_getscn(elf, i);
		assert_non_null(gelf_getshdr(scn, &shdr));
		assert_int_equal(shdr.sh_name, b->secs[i].name);
		assert_int_equal(shdr.sh_type, old->sh_type);
		assert_int_equal(shdr.sh_flags, old->sh_flags);
		assert_int_equal(shdr.sh_addr, old->sh_addr);
		assert_int_equal(shdr.sh_info, old->sh_info);
		assert_int_equal(shdr.sh_addralign, old->sh_addralign);
		assert_int_equal(shdr.sh_entsize, old->sh_entsize);
		if (!i) {
			assert_int_equal(shdr.sh_size,
					 shnum < SHN_LORESERVE ? 0 : shnum);
			assert_int_equal(shdr.sh_link,
					 shstrndx < SHN_LORESERVE ? 0 :
								    shstrndx);
			continue;
		}
		assert_int_equal(shdr.sh_link, old->sh_link);
		if (i == shstrndx) {
			names = shdr;
			assert_int_equal(shdr.sh_offset, names_offset);
			assert_int_equal(shdr.sh_size,
					 old->sh_size + sizeof(".BTF"));
			assert_memory_equal(out->data + names_offset,
					    b->secs[i].data, old->sh_size);
			continue;
		}
		assert_int_equal(shdr.sh_size, old->sh_size);
		assert_int_equal(shdr.sh_offset, old->sh_offset);
		if (b->secs[i].data)
			assert_memory_equal(out->data + shdr.sh_offset,
					    b->secs[i].data, shdr.sh_size);
	}

	/* The new one */
	scn = elf_getscn(elf, b->shnum);
	assert_non_null(gelf_getshdr(scn, &shdr));
	assert_string_equal(elf_strptr(elf, shstrndx, shdr.sh_name), ".BTF");
	assert_int_equal(shdr.sh_type, SHT_PROGBITS);
	assert_int_equal(shdr.sh_flags, 0);
	assert_int_equal(shdr.sh_addr, 0);
	assert_int_equal(shdr.sh_link, 0);
	assert_int_equal(shdr.sh_info, 0);
	assert_int_equal(shdr.sh_entsize, 0);
	assert_int_equal(shdr.sh_addralign, 1);
	assert_int_equal(shdr.sh_offset % 8, 0);
	assert_int_equal(shdr.sh_size, sizeof(btf));
	assert_memory_equal(out->data + shdr.sh_offset, btf, sizeof(btf));

	assert_zeros(out, names.sh_offset + names.sh_size, shdr.sh_offset);
	assert_zeros(out, shdr.sh_offset + shdr.sh_size, eh.e_shoff);
	assert_true(shdr.sh_offset - (names.sh_offset + names.sh_size) < 8);
	assert_true(eh.e_shoff - (shdr.sh_offset + shdr.sh_size) < 8);
	elf_end(elf);
}

static void assert_lint_quiet(void)
{
	static const char * const elflint[] = {
		"eu-elflint", "--gnu-ld", "-q", "out", NULL
	};
	assert_int_equal(scratch_run(elflint), 0);
}

enum names_go {
	IN_PLACE,
	OVER_HEADERS,
	TO_END,
};

/* Build the image of @b, add .BTF, and look at the result. */
static void add_and_check(struct elf_build *b, enum names_go where, bool lint)
{
	uint64_t names_offset;
	struct file_in in, out, again;
	struct err err;

	elf_build_image(b, &in);
	assert_null(add(&in, ".BTF", btf, sizeof(btf), &err));
	assert_int_equal(file_in_open(&out, "out", &err), 0);

	names_offset = b->secs[b->shstrndx].shdr.sh_offset;
	if (where == OVER_HEADERS)
		names_offset = b->shoff;
	if (where == TO_END)
		names_offset = in.size;
	assert_added(b, &in, &out, names_offset);
	if (lint)
		assert_lint_quiet();

	/* Once more: the same bytes. */
	assert_null(add(&in, ".BTF", btf, sizeof(btf), &err));
	assert_int_equal(file_in_open(&again, "out", &err), 0);
	assert_int_equal(again.size, out.size);
	assert_memory_equal(again.data, out.data, out.size);
	file_in_close(&again);
	file_in_close(&out);
	free((void *)in.data);
}

static void names_last(void **state)
{
	const struct elf_format *format;
	unsigned int padding;
	struct elf_build b;

	(void)state;
	for (format = elf_formats; format->class; format++) {
		init(&b, format);
		add_sections(&b);
		add_and_check(&b, IN_PLACE, true);
		elf_build_free(&b);

		init(&b, format);
		add_and_check(&b, IN_PLACE, true);
		elf_build_free(&b);

		/* More than alignment: something unknown. */
		for (padding = 8; padding < 80; padding++) {
			init(&b, format);
			add_sections(&b);
			b.padding = padding;
			add_and_check(&b, OVER_HEADERS, false);
			elf_build_free(&b);
		}
	}
}

static void names_not_last(void **state)
{
	const struct elf_format *format;
	struct elf_build b;

	(void)state;
	for (format = elf_formats; format->class; format++) {
		init(&b, format);
		add_sections(&b);
		b.names_inside = true;
		add_and_check(&b, OVER_HEADERS, true);
		elf_build_free(&b);
	}
}

static void names_shared_with_symbols(void **state)
{
	const struct elf_format *format;
	struct elf_build b;

	(void)state;
	for (format = elf_formats; format->class; format++) {
		init(&b, format);
		b.one_strtab = true;
		add_sections(&b);
		add_and_check(&b, IN_PLACE, true);
		elf_build_free(&b);
	}
}

static void headers_not_last(void **state)
{
	const struct elf_format *format;
	struct elf_build b;

	(void)state;
	for (format = elf_formats; format->class; format++) {
		init(&b, format);
		add_sections(&b);
		b.headers_first = true;
		add_and_check(&b, TO_END, true);
		elf_build_free(&b);

		init(&b, format);
		add_sections(&b);
		b.segment = true;
		add_and_check(&b, TO_END, false);
		elf_build_free(&b);
	}
}

/* A signature, say. It stays where it is. */
static void bytes_after_headers(void **state)
{
	static const char tail[] = "~appended~";
	struct file_in in, longer, out;
	struct elf_build b;
	uint8_t *data;
	struct err err;

	(void)state;
	init(&b, elf_formats);
	add_sections(&b);
	elf_build_image(&b, &in);
	longer = in;
	longer.size = in.size + sizeof(tail);
	data = malloc(longer.size);
	memcpy(data, in.data, in.size);
	memcpy(data + in.size, tail, sizeof(tail));
	longer.data = data;
	assert_null(add(&longer, ".BTF", btf, sizeof(btf), &err));
	assert_int_equal(file_in_open(&out, "out", &err), 0);
	assert_added(&b, &longer, &out, longer.size);
	assert_memory_equal(out.data + in.size, tail, sizeof(tail));
	file_in_close(&out);
	free(data);
	free((void *)in.data);
	elf_build_free(&b);
}

static void extended_numbering(void **state)
{
	static const size_t counts[] = {
		SHN_LORESERVE - 2, SHN_LORESERVE - 1, SHN_LORESERVE,
		SHN_LORESERVE + 1, 70000, 0
	};
	const struct elf_format *format;
	struct elf_build b;
	size_t i, nr;

	(void)state;
	for (format = elf_formats; format->class; format++) {
		for (i = 0; counts[i]; i++) {
			init(&b, format);
			add_sections(&b);
			b.names_inside = i % 2;
			/* Up to three tables follow. */
			for (nr = b.nr_secs + 3; nr < counts[i]; nr++)
				elf_build_section(&b, "", SHT_PROGBITS, NULL,
						  0);
			elf_build_symbol(&b, "last", nr - 4, 0, 0);
			add_and_check(&b, i % 2 ? OVER_HEADERS : IN_PLACE,
				      false);
			elf_build_free(&b);
		}
	}
}

/* Names with a small number in a file with many sections. */
static void extended_numbering_names_first(void **state)
{
	const struct elf_format *format;
	struct file_in in, out;
	struct elf_build b;
	struct err err;
	size_t i;

	(void)state;
	for (format = elf_formats; format->class; format++) {
		size_t first;

		init(&b, format);
		first = elf_build_section(&b, ".names", SHT_STRTAB,
					  "\0.names", 8);
		for (i = 0; i < 66000; i++)
			elf_build_section(&b, "", SHT_PROGBITS, NULL, 0);
		elf_build_image(&b, &in);
		/* Every name but the first becomes the empty one. */
		elf_build_ehdr_put(&b, &in, e_shstrndx, first);
		elf_build_shdr_put(&b, &in, 0, sh_link, 0);
		elf_build_shdr_put(&b, &in, b.shstrndx, sh_name, 0);
		b.secs[b.shstrndx].name = 0;
		b.shstrndx = first;
		assert_null(add(&in, ".BTF", btf, sizeof(btf), &err));
		assert_int_equal(file_in_open(&out, "out", &err), 0);
		assert_added(&b, &in, &out, b.shoff);
		file_in_close(&out);
		free((void *)in.data);
		elf_build_free(&b);
	}
}

static void random_layouts(void **state)
{
	static const char bytes[64] = "anything";
	unsigned int i, j;

	(void)state;
	srandom(1);
	for (i = 0; i < 300; i++) {
		enum names_go where = IN_PLACE;
		struct elf_build b;

		init(&b, &elf_formats[i % 4]);
		b.one_strtab = random() % 4 == 0;
		for (j = random() % 8; j; j--) {
			size_t sec = elf_build_section(&b, ".any",
						       SHT_PROGBITS, bytes,
						       random() % 64);

			b.secs[sec].shdr.sh_addralign = 1 << random() % 6;
			if (random() % 2)
				elf_build_symbol(&b, "any", sec, 0, 0);
		}
		b.names_inside = !b.one_strtab && random() % 2;
		b.segment = random() % 4 == 0;
		b.headers_first = random() % 4 == 0;
		if (b.names_inside && b.nr_syms)
			where = OVER_HEADERS;
		if (b.segment || b.headers_first)
			where = TO_END;
		add_and_check(&b, where, false);
		elf_build_free(&b);
	}
}

static void empty_section(void **state)
{
	struct elf_section sec;
	struct file_in in, out;
	struct elf_build b;
	struct elf_file ef;
	struct err err;

	(void)state;
	init(&b, elf_formats);
	add_sections(&b);
	elf_build_image(&b, &in);
	assert_null(add(&in, ".BTF", NULL, 0, &err));
	assert_int_equal(file_in_open(&out, "out", &err), 0);
	assert_int_equal(elf_file_open(&ef, &out, &err), 0);
	assert_int_equal(elf_file_section(&ef, ".BTF", &sec, &err), 1);
	assert_int_equal(sec.size, 0);
	elf_file_close(&ef);
	file_in_close(&out);
	free((void *)in.data);
	elf_build_free(&b);
}

/* Adding twice, the second time to what the first wrote. */
static void two_sections(void **state)
{
	const struct elf_format *format;

	(void)state;
	for (format = elf_formats; format->class; format++) {
		struct elf_section sec;
		struct elf_build b;
		struct file_in in, once, twice;
		struct elf_file ef;
		struct err err;

		init(&b, format);
		add_sections(&b);
		elf_build_image(&b, &in);
		assert_null(add(&in, ".BTF", btf, sizeof(btf), &err));
		assert_int_equal(file_in_open(&once, "out", &err), 0);
		assert_null(add(&once, ".BTF.base", "base", 4, &err));
		assert_int_equal(file_in_open(&twice, "out", &err), 0);
		assert_int_equal(elf_file_open(&ef, &twice, &err), 0);
		assert_int_equal(elf_file_section(&ef, ".BTF", &sec, &err), 1);
		assert_memory_equal(sec.data, btf, sizeof(btf));
		assert_int_equal(elf_file_section(&ef, ".BTF.base", &sec, &err),
				 1);
		assert_memory_equal(sec.data, "base", 4);
		assert_lint_quiet();
		elf_file_close(&ef);
		file_in_close(&twice);
		file_in_close(&once);
		free((void *)in.data);
		elf_build_free(&b);
	}
}

/* Three at once: one after the other, each aligned, and nothing else. */
static void several_sections(void **state)
{
	static const struct elf_addition added[] = {
		{ ".BTF", btf, sizeof(btf) },
		{ ".BTF.base", "odd size", 7 },
		{ ".more", NULL, 0 },
	};
	const struct elf_format *format;
	unsigned int layout;

	(void)state;
	for (format = elf_formats; format->class; format++) {
		for (layout = 0; layout < 4; layout++) {
			struct elf_build b;
			struct file_in in, out;
			struct elf_section sec;
			struct elf_file ef;
			uint64_t end = 0;
			struct err err;
			size_t i;

			init(&b, format);
			add_sections(&b);
			b.names_inside = layout == 1;
			b.headers_first = layout == 2;
			b.one_strtab = layout == 3;
			elf_build_image(&b, &in);
			assert_null(add_all(&in, added, 3, &err));
			assert_int_equal(file_in_open(&out, "out", &err), 0);
			assert_same_ehdr(&b, &in, &out);
			assert_int_equal(elf_file_open(&ef, &out, &err), 0);
			assert_int_equal(ef.shnum, b.shnum + 3);
			assert_int_equal(ef.shstrndx, b.shstrndx);
			for (i = 0; i < 3; i++) {
				assert_int_equal(elf_file_section(&ef,
						 added[i].name, &sec, &err),
						 1);
				assert_int_equal(sec.index, b.shnum + i);
				assert_int_equal(sec.size, added[i].size);
				if (sec.size)
					assert_memory_equal(sec.data,
							    added[i].data,
							    sec.size);
				assert_int_equal(sec.shdr.sh_offset % 8, 0);
				assert_int_equal(sec.shdr.sh_addralign, 1);
				assert_int_equal(sec.shdr.sh_flags, 0);
				assert_int_equal(sec.shdr.sh_type,
						 SHT_PROGBITS);
				if (i) {
					assert_zeros(&out, end,
						     sec.shdr.sh_offset);
					assert_true(sec.shdr.sh_offset - end <
						    8);
				}
				end = sec.shdr.sh_offset + sec.size;
			}
			assert_zeros(&out, end, ef.ehdr.e_shoff);
			assert_true(ef.ehdr.e_shoff - end < 8);
			assert_lint_quiet();
			elf_file_close(&ef);
			file_in_close(&out);
			free((void *)in.data);
			elf_build_free(&b);
		}
	}
}

static void assert_refused(struct elf_build *b, struct file_in *in,
			   size_t size, const char *msg)
{
	const char *found;
	struct err err;

	found = add(in, ".BTF", btf, size, &err);
	assert_non_null(found);
	assert_string_equal(found, msg);
	free((void *)in->data);
	elf_build_free(b);
	init(b, elf_formats);
	add_sections(b);
	elf_build_image(b, in);
}

static void refuses(void **state)
{
	struct elf_build b;
	struct file_in in;

	(void)state;
	init(&b, elf_formats);
	add_sections(&b);
	elf_build_image(&b, &in);
	elf_build_ehdr_put(&b, &in, e_shstrndx, SHN_UNDEF);
	assert_refused(&b, &in, 1, "image: has no section names");

	elf_build_ehdr_put(&b, &in, e_shoff, 0);
	elf_build_ehdr_put(&b, &in, e_shnum, 0);
	assert_refused(&b, &in, 1, "image: has no section names");

	elf_build_shdr_put(&b, &in, b.shstrndx, sh_size,
			   b.secs[b.shstrndx].shdr.sh_size + 1);
	((uint8_t *)in.data)[b.secs[b.shstrndx].shdr.sh_offset +
			     b.secs[b.shstrndx].shdr.sh_size] = 'x';
	assert_refused(&b, &in, 1,
		       "image: section name table does not end with a NUL byte");

	elf_build_shdr_put(&b, &in, 2, sh_offset, 0xfffffffe);
	assert_refused(&b, &in, 1,
		       "image: section 2 lies outside the file (offset 0xfffffffe, size 0xd)");

	elf_build_shdr_put(&b, &in, 2, sh_offset, 51);
	assert_refused(&b, &in, 1, "image: section 2 overlaps the ELF header");

	assert_refused(&b, &in, 0xffffff80,
		       "image: would exceed 4 GiB, too large for a 32-bit ELF file");
	free((void *)in.data);
	elf_build_free(&b);
}

static void write_errors(void **state)
{
	struct elf_build b;
	struct file_in in;
	struct err err;
	unsigned int nr_files, i;

	(void)state;
	init(&b, elf_formats);
	add_sections(&b);
	elf_build_image(&b, &in);
	remove("out");
	nr_files = scratch_count(".");
	for (i = 0; ; i++) {
		fault_set(FAULT_PWRITE, i, FAULT_ALWAYS, ENOSPC);
		if (!add(&in, ".BTF", btf, sizeof(btf), &err))
			break;
		assert_string_equal(err.msg,
				    "out: cannot write: No space left on device");
		assert_int_equal(scratch_count("."), nr_files);
	}
	fault_clear();
	/* The copy, what is new, the ELF header */
	assert_int_equal(i, 3);

	remove("out");
	nr_files = scratch_count(".");
	for (i = 0; ; i++) {
		fault_set(FAULT_ALLOC, i, 1, ENOMEM);
		if (!add(&in, ".BTF", btf, sizeof(btf), &err))
			break;
		assert_string_equal(err.msg, "out: out of memory");
		assert_int_equal(scratch_count("."), nr_files);
	}
	fault_clear();
	free((void *)in.data);
	elf_build_free(&b);
}

/* Whatever the bytes: a message, or a file that has the section. */
static void add_any(const struct file_in *in)
{
	struct err err = { .msg = "" };
	struct elf_section sec;
	struct file_in out;
	struct elf_file ef;
	const char *msg = add(in, ".BTF", btf, sizeof(btf), &err);

	if (msg) {
		assert_memory_equal(msg, "image: ", 7);
		return;
	}
	assert_int_equal(file_in_open(&out, "out", &err), 0);
	assert_int_equal(elf_file_open(&ef, &out, &err), 0);
	assert_int_equal(elf_file_section(&ef, ".BTF", &sec, &err), 1);
	assert_int_equal(sec.size, sizeof(btf));
	assert_memory_equal(sec.data, btf, sizeof(btf));
	elf_file_close(&ef);
	file_in_close(&out);
}

static void truncated(void **state)
{
	const struct elf_format *format;

	(void)state;
	for (format = elf_formats; format->class; format++) {
		struct elf_build b;
		struct file_in in, cut;
		size_t size;

		init(&b, format);
		add_sections(&b);
		b.headers_first = true;
		elf_build_image(&b, &in);
		for (size = 0; size < in.size; size++) {
			/* No byte more: ASan sees what reads behind it. */
			uint8_t *copy = malloc(size + !size);

			if (!copy)
				abort();
			cut = in;
			cut.size = size;
			cut.data = memcpy(copy, in.data, size);
			add_any(&cut);
			free(copy);
		}
		free((void *)in.data);
		elf_build_free(&b);
	}
}

static void corrupted(void **state)
{
	static const uint8_t flips[] = { 0x01, 0x80, 0xff, 0 };
	const struct elf_format *format;

	(void)state;
	for (format = elf_formats; format->class; format++) {
		struct elf_build b;
		struct file_in in;
		size_t at, i;

		init(&b, format);
		add_sections(&b);
		elf_build_image(&b, &in);
		for (at = 0; at < in.size; at++) {
			for (i = 0; flips[i]; i++) {
				uint8_t *byte = (uint8_t *)in.data + at;

				*byte ^= flips[i];
				add_any(&in);
				*byte ^= flips[i];
			}
		}
		free((void *)in.data);
		elf_build_free(&b);
	}
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(names_last),
		cmocka_unit_test(names_not_last),
		cmocka_unit_test(names_shared_with_symbols),
		cmocka_unit_test(headers_not_last),
		cmocka_unit_test(bytes_after_headers),
		cmocka_unit_test(extended_numbering),
		cmocka_unit_test(extended_numbering_names_first),
		cmocka_unit_test(random_layouts),
		cmocka_unit_test(empty_section),
		cmocka_unit_test(two_sections),
		cmocka_unit_test(several_sections),
		cmocka_unit_test(refuses),
		cmocka_unit_test(write_errors),
		cmocka_unit_test(truncated),
		cmocka_unit_test(corrupted),
	};

	return cmocka_run_group_tests(tests, scratch_setup, scratch_teardown);
}
