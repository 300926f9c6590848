// SPDX-License-Identifier: GPL-2.0-only
/* Write the seed corpus: make_corpus DIR. "make corpus" does. */
#include <endian.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base.h"
#include "image_build.h"
#include "message.h"
#include "seeds.h"

static const char *dir;

/* Output of "ko": see the Makefile. */
int fuzz_fprintf(FILE *file, const char *fmt, ...)
{
	va_list ap;
	int n;

	va_start(ap, fmt);
	n = vfprintf(file, fmt, ap);
	va_end(ap);
	return n;
}

static struct bytes join(struct bytes a, struct bytes b)
{
	a.data = realloc(a.data, a.size + b.size + 1);
	memcpy(a.data + a.size, b.data, b.size);
	a.size += b.size;
	free(b.data);
	return a;
}

static struct bytes copy(const void *data, size_t size)
{
	struct bytes b = { malloc(size + 1), size };

	memcpy(b.data, data, size);
	return b;
}

static void write_seed(struct bytes b, const char *target, const char *name,
		       unsigned int nr)
{
	char path[4096];
	FILE *f;

	snprintf(path, sizeof(path), "%s/%s", dir, target);
	mkdir(path, 0777);
	snprintf(path, sizeof(path), "%s/%s/%s.%u", dir, target, name, nr);
	f = fopen(path, "w");
	if (!f || fwrite(b.data, 1, b.size, f) != b.size || fclose(f)) {
		perror(path);
		exit(1);
	}
	free(b.data);
}

/* The three files of "ko" in one, see fuzz_ko.c. */
static struct bytes ko(struct bytes types, struct bytes base,
		       struct bytes module)
{
	uint32_t lens[2] = { htole32(types.size), htole32(base.size) };

	return join(join(copy(lens, sizeof(lens)), types), join(base, module));
}

/* A name with a bell in it, which no type has: see findings/README. */
static struct bytes module_with_bell(void)
{
	struct bytes b = seed_module(SEED_64LE);
	char *name = memmem(b.data, b.size, "union__none", 11);

	if (!name)
		abort();
	name[8] = '\a';
	return b;
}

/* Types without a name get one outside of the strings: see findings/README. */
static struct bytes base_with_name_outside(void)
{
	struct bytes b = seed_base(SEED_64LE);
	const struct base_header *h = (void *)b.data;
	const uint32_t *offs = (void *)(b.data + h->parts[BASE_TYPE_OFFS].off);
	uint8_t *types = b.data + h->parts[BASE_TYPES].off;
	uint32_t id;

	for (id = 1; id <= h->nr_types; id++) {
		struct btf_type *t;

		t = (void *)(types + (offs[id] & ~3u));
		if (!t->name_off)
			t->name_off = UINT32_MAX;
	}
	return b;
}

/* As fuzz_ids.c reads it. */
static struct bytes ids(unsigned int form)
{
	static const char symbols[] =
		"func__task_get__1\0\0\4"
		"set__ids\0\4\14"
		"struct__b__2\0\10\4"
		"typedef__c__3\0\14\4"
		"set8__kfuncs\0\20\30"
		"union__d__4\0\30\4"
		"func__e__5\0\40\4";
	uint8_t head[2 + 40] = { form, 40 };

	return join(copy(head, sizeof(head)),
		    copy(symbols, sizeof(symbols) - 1));
}

/* lz4 that copies, in one block: the same bytes by whichever version of a library */
static struct bytes lz4(struct bytes b)
{
	size_t at = 9, left = b.size - 15, len;
	struct bytes to = { malloc(at + b.size / 255 + 1 + b.size), 0 };
	uint32_t word = htole32(0x184c2102);

	memcpy(to.data, &word, sizeof(word));
	to.data[8] = 0xf0;
	for (; left >= 255; left -= 255)
		to.data[at++] = 255;
	to.data[at++] = left;
	memcpy(to.data + at, b.data, b.size);
	to.size = at + b.size;
	len = to.size - 8;
	word = htole32(len);
	memcpy(to.data + 4, &word, sizeof(word));
	free(b.data);
	return to;
}

static void write_images(enum seed_form form)
{
	struct bytes types = seed_kernel_types(form);
	struct bytes elf = lz4(seed_vmlinux(form));
	struct bytes raw, image;

	raw.data = image_raw(types.data, types.size, "6.1", &raw.size);
	free(types.data);
	image.data = image_bzimage(elf.data, elf.size, "6.1", &image.size);
	write_seed(image, "image", "bzimage", form);
	write_seed(copy(raw.data, raw.size), "image", "raw", form);
	raw = lz4(raw);
	image.data = image_zboot(raw.data, raw.size, &image.size);
	write_seed(image, "image", "zboot", form);
}

int main(int argc, char **argv)
{
	enum seed_form form;

	if (argc != 2) {
		fputs("Usage: make_corpus DIR\n", stderr);
		return 2;
	}
	dir = argv[1];
	mkdir(dir, 0777);
	for (form = 0; form < NR_SEED_FORMS; form++) {
		write_seed(seed_vmlinux(form), "elf", "vmlinux", form);
		write_seed(seed_module(form), "elf", "module", form);
		write_seed(ko(seed_types(form), seed_base(form),
			      seed_module(form)), "ko", "module", form);
		if (form > SEED_32BE)
			continue;
		write_seed(seed_staged(form), "check", "module", form);
		write_seed(seed_distilled(form), "check", "distilled", form);
		write_seed(ids(form), "ids", "sets", form);
		if (form > SEED_64BE)
			continue;
		write_seed(seed_kernel_types(form), "btf", "kernel", form);
		write_seed(seed_kernel_layouts(form), "btf", "layouts", form);
		write_seed(seed_types(form), "btf", "module", form);
		write_seed(seed_base(form), "base", "kernel", form);
		write_images(form);
		write_seed(seed_sorted_base(form), "base", "sorted", form);
	}
	write_seed(ko(copy("# no BTF: none", 14), seed_base(SEED_64LE),
		      seed_module(SEED_64LE)), "ko", "remark", 0);
	write_seed(ko(copy("", 0), seed_base(SEED_64LE),
		      seed_module(SEED_64LE)), "ko", "empty", 0);
	write_seed(ko(seed_types(SEED_64LE), seed_base(SEED_64LE),
		      module_with_bell()), "ko", "bell", 0);
	write_seed(base_with_name_outside(), "base", "name-outside", 0);
	return 0;
}
