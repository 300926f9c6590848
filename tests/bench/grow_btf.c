// SPDX-License-Identifier: GPL-2.0-only
/*
 * BTF of any size
 *
 *	grow_btf COUNT OUT [BTF]
 *
 * OUT gets COUNT types: those of the file BTF, and then synthetic ones, in about
 * the mix of a kernel: structs of five members with different names, pointers to
 * them, and functions with prototypes. Prints the number of types.
 */
#include <bpf/btf.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define FAIL(what) do {							\
	fprintf(stderr, "grow_btf: %s: %s\n", what, strerror(errno));	\
	exit(EXIT_FAILURE);						\
} while (0)

/* An id, or the end. */
static int id(int ret)
{
	if (ret < 0) {
		errno = -ret;
		FAIL("cannot add a type");
	}
	return ret;
}

/* Struct number @nr, which points to the one before and has it pointed to. */
static int add_struct(struct btf *btf, unsigned int nr, int number, int before)
{
	char name[32];
	int ret;

	snprintf(name, sizeof(name), "grown_%u", nr);
	ret = id(btf__add_struct(btf, name, 40));
	snprintf(name, sizeof(name), "count_%u", nr % 1000);
	id(btf__add_field(btf, name, number, 0, 0));
	id(btf__add_field(btf, "flags", number, 64, 0));
	id(btf__add_field(btf, "next", before, 128, 0));
	id(btf__add_field(btf, "prev", before, 192, 0));
	id(btf__add_field(btf, "size", number, 256, 0));
	return ret;
}

static void grow(struct btf *btf, unsigned int count)
{
	int number, before, own, proto;
	unsigned int nr = 0;
	char name[32];

	if (btf__type_cnt(btf) > count)
		return;
	number = id(btf__add_int(btf, "grown_number", 8, 0));
	before = number;
	while (btf__type_cnt(btf) <= count) {
		own = add_struct(btf, nr, number, before);
		if (btf__type_cnt(btf) > count)
			break;
		before = id(btf__add_ptr(btf, own));
		if (btf__type_cnt(btf) > count)
			break;
		proto = id(btf__add_func_proto(btf, number));
		id(btf__add_func_param(btf, "grown", before));
		id(btf__add_func_param(btf, "size", number));
		if (btf__type_cnt(btf) > count)
			break;
		snprintf(name, sizeof(name), "grown_do_%u", nr++);
		id(btf__add_func(btf, name, BTF_FUNC_STATIC, proto));
	}
}

int main(int argc, char **argv)
{
	unsigned int count;
	struct btf *btf;
	const void *raw;
	__u32 size;
	FILE *f;

	if (argc < 3 || argc > 4) {
		fputs("Usage: grow_btf COUNT OUT [BTF]\n", stderr);
		return 2;
	}
	count = strtoul(argv[1], NULL, 10);
	btf = argc == 4 ? btf__parse(argv[3], NULL) : btf__new_empty();
	if (!btf)
		FAIL(argc == 4 ? argv[3] : "no BTF");
	grow(btf, count);
	raw = btf__raw_data(btf, &size);
	if (!raw)
		FAIL("no data");
	f = fopen(argv[2], "we");
	if (!f || fwrite(raw, size, 1, f) != 1 || fclose(f))
		FAIL(argv[2]);
	printf("%u\n", btf__type_cnt(btf) - 1);
	btf__free(btf);
	return EXIT_SUCCESS;
}
