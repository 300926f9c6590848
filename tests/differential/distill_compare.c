// SPDX-License-Identifier: GPL-2.0-only
/*
 * Compare distilled BTF with that of libbpf for the same module.
 *
 *	distill_compare BASE SPLIT DISTILLED [SPLIT DISTILLED]...
 *	distill_compare --relocate BASE DISTILLED OUT
 *
 * SPLIT is a module whose .BTF is split against BASE, DISTILLED the same one with
 * a .BTF.base. Built with the libbpf of a kernel tree from 6.11 on: the program
 * takes its iterator over a type's words from there.
 *
 *  1. btf__distill_base() of SPLIT has the same types as DISTILLED, one by one,
 *     in both sections.
 *  2. btf__relocate() brings DISTILLED back to BASE, and then every type of the
 *     module is what it is in SPLIT: the same words, and references to the same
 *     types of BASE, or to copies of them that again are the same.
 *
 * If two types of BASE have one name, libbpf cannot relocate its own result. DISTILLED
 * must be relocatable nevertheless. The first comparison is skipped, and the line says
 * "ambiguous".
 *
 * With --relocate, write the module's types after btf__relocate() to OUT: the kernel
 * BASE shows them in /sys/kernel/btf when it has loaded the module.
 *
 * Exit status: 0 all are the same, 1 some differ (see standard output), 2 a file
 * cannot be read.
 */
#include <errno.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "btf.h"
#include "libbpf.h"
#include "libbpf_internal.h"

#define NR_KINDS	20

static void die(const char *path, const char *what)
{
	fprintf(stderr, "distill_compare: %s: %s: %s\n", path, what,
		strerror(errno));
	exit(2);
}

static bool differ(const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	printf("  ");
	vprintf(fmt, ap);
	putchar('\n');
	va_end(ap);
	return false;
}

static size_t type_size(const struct btf_type *t)
{
	static const size_t per_vlen[NR_KINDS] = {
		[BTF_KIND_STRUCT] = sizeof(struct btf_member),
		[BTF_KIND_UNION] = sizeof(struct btf_member),
		[BTF_KIND_ENUM] = sizeof(struct btf_enum),
		[BTF_KIND_ENUM64] = sizeof(struct btf_enum64),
		[BTF_KIND_FUNC_PROTO] = sizeof(struct btf_param),
		[BTF_KIND_DATASEC] = sizeof(struct btf_var_secinfo),
	};
	static const size_t fixed[NR_KINDS] = {
		[BTF_KIND_INT] = sizeof(uint32_t),
		[BTF_KIND_ARRAY] = sizeof(struct btf_array),
		[BTF_KIND_VAR] = sizeof(struct btf_var),
		[BTF_KIND_DECL_TAG] = sizeof(struct btf_decl_tag),
	};
	unsigned int kind = btf_kind(t);

	return sizeof(*t) + fixed[kind] + per_vlen[kind] * btf_vlen(t);
}

/* One side of a comparison of types. */
struct side {
	const struct btf *btf;
	struct btf_type *copy;		/* without names and references */
	uint32_t *refs;
	size_t nr_refs;
	const char **names;
	size_t nr_names;
};

static void *alloc(size_t nr, size_t size)
{
	void *p = calloc(nr + 1, size);

	if (!p)
		die("memory", "calloc");
	return p;
}

/* Take a type apart: its names, its references and all else. */
static struct side take_apart(const struct btf *btf, uint32_t id)
{
	const struct btf_type *t = btf__type_by_id(btf, id);
	struct side s = { .btf = btf };
	struct btf_field_iter it;
	size_t size;
	__u32 *word;

	if (!t)
		die("type", "has no such id");
	size = type_size(t);
	s.copy = alloc(1, size);
	memcpy(s.copy, t, size);
	s.refs = alloc(size, 1);
	s.names = alloc(size, sizeof(*s.names) / sizeof(uint32_t));
	if (btf_field_iter_init(&it, s.copy, BTF_FIELD_ITER_IDS))
		die("type", "has no references");
	while ((word = btf_field_iter_next(&it))) {
		s.refs[s.nr_refs++] = *word;
		*word = 0;
	}
	if (btf_field_iter_init(&it, s.copy, BTF_FIELD_ITER_STRS))
		die("type", "has no names");
	while ((word = btf_field_iter_next(&it))) {
		const char *name = btf__name_by_offset(btf, *word);

		if (!name)
			die("type", "name lies outside the strings");
		s.names[s.nr_names++] = name;
		*word = 0;
	}
	return s;
}

static void side_free(struct side *s)
{
	free(s->copy);
	free(s->refs);
	free(s->names);
}

/* The same but for what they refer to. */
static bool same_words(const struct side *a, const struct side *b)
{
	size_t i;

	if (type_size(a->copy) != type_size(b->copy) ||
	    memcmp(a->copy, b->copy, type_size(a->copy)))
		return false;
	for (i = 0; i < a->nr_names; i++)
		if (strcmp(a->names[i], b->names[i]))
			return false;
	return a->nr_refs == b->nr_refs && a->nr_names == b->nr_names;
}

static bool same_type(const struct btf *btf_a, const struct btf *btf_b,
		      uint32_t id)
{
	struct side a = take_apart(btf_a, id), b = take_apart(btf_b, id);
	bool same = same_words(&a, &b) &&
		    !memcmp(a.refs, b.refs, a.nr_refs * sizeof(*a.refs));

	side_free(&a);
	side_free(&b);
	return same;
}

/* Type by type; @what is for messages. */
static bool same_types(const char *what, const struct btf *a,
		       const struct btf *b, uint32_t first)
{
	uint32_t id, nr = btf__type_cnt(a);

	if (nr != btf__type_cnt(b))
		return differ("%s: %u types, libbpf has %u", what, nr - 1,
			      btf__type_cnt(b) - 1);
	for (id = first; id < nr; id++)
		if (!same_type(a, b, id))
			return differ("%s: type %u '%s' is not libbpf's", what,
				      id, btf__name_by_offset(a,
					btf__type_by_id(a, id)->name_off));
	return true;
}

struct round_trip {
	const struct btf *split;	/* never distilled */
	const struct btf *back;		/* distilled and relocated */
	uint32_t nr_base, nr_own;
	uint32_t *copied;		/* [copy]: what it is a copy of */
};

static bool same_ref(struct round_trip *rt, uint32_t ref, uint32_t back);

static bool same_deep(struct round_trip *rt, uint32_t id, uint32_t back)
{
	struct side a = take_apart(rt->split, id);
	struct side b = take_apart(rt->back, back);
	bool same = same_words(&a, &b);
	size_t i;

	if (!same)
		differ("type %u has become type %u, which is another one", id,
		       back);
	for (i = 0; same && i < a.nr_refs; i++)
		same = same_ref(rt, a.refs[i], b.refs[i]);
	side_free(&a);
	side_free(&b);
	return same;
}

static bool same_ref(struct round_trip *rt, uint32_t ref, uint32_t back)
{
	uint32_t *copied;

	/* The base's types keep their ids, and the module's first ones too. */
	if (ref == back)
		return true;
	if (back < rt->nr_base + rt->nr_own || ref >= rt->nr_base)
		return differ("type %u is referred to as %u", ref, back);
	copied = &rt->copied[back - rt->nr_base - rt->nr_own];
	if (*copied)
		return *copied == ref ||
		       differ("type %u is a copy of both %u and %u", back,
			      *copied, ref);
	*copied = ref;
	return same_deep(rt, ref, back);
}

static bool comes_back(const struct btf *base, const struct btf *split,
		       const struct btf *back)
{
	struct round_trip rt = { .split = split, .back = back };
	uint32_t id, nr_copies, i;
	bool same = true;

	rt.nr_base = btf__type_cnt(base);
	rt.nr_own = btf__type_cnt(split) - rt.nr_base;
	if (btf__type_cnt(back) < btf__type_cnt(split))
		return differ("relocated: %u types are less than %u",
			      btf__type_cnt(back), btf__type_cnt(split));
	nr_copies = btf__type_cnt(back) - btf__type_cnt(split);
	rt.copied = alloc(nr_copies, sizeof(*rt.copied));
	for (id = rt.nr_base; same && id < btf__type_cnt(split); id++)
		same = same_deep(&rt, id, id);
	for (i = 0; same && i < nr_copies; i++)
		if (!rt.copied[i])
			same = differ("relocated: nothing refers to type %u",
				      btf__type_cnt(split) + i);
	free(rt.copied);
	return same;
}

static bool compare(struct btf *base, const char *split_path,
		    const char *distilled_path)
{
	struct btf *split, *distilled, *back, *ref_base, *ref;
	const char *verdict = "same";
	uint32_t nr_named, nr;
	bool same;

	split = btf__parse_split(split_path, base);
	if (!split)
		die(split_path, "split BTF");
	distilled = btf__parse_split(distilled_path, NULL);
	if (!distilled)
		die(distilled_path, "BTF");
	if (!btf__base_btf(distilled))
		die(distilled_path, "no .BTF.base");
	nr_named = btf__type_cnt(btf__base_btf(distilled)) - 1;
	nr = btf__type_cnt(distilled) - 1;
	if (btf__distill_base(split, &ref_base, &ref))
		die(split_path, "btf__distill_base");

	same = same_types(".BTF.base", btf__base_btf(distilled), ref_base, 1) &&
	       same_types(".BTF", distilled, ref, nr_named + 1);
	if (btf__relocate(ref, base)) {
		verdict = "ambiguous";
		same = true;
	}
	back = btf__parse_split(distilled_path, base);
	if (!back)
		same = differ("cannot be relocated: %s", strerror(errno));
	else if (!comes_back(base, split, back))
		same = false;
	printf("%s %s: %u named, %u types\n", same ? verdict : "DIFFERENT",
	       distilled_path, nr_named, nr);
	btf__free(back);
	btf__free(ref);
	btf__free(ref_base);
	btf__free(distilled);
	btf__free(split);
	return same;
}

static void write_relocated(const char *base_path, const char *path,
			    const char *out_path)
{
	struct btf *base, *btf;
	const void *data;
	uint32_t size;
	FILE *out;

	base = btf__parse(base_path, NULL);
	if (!base)
		die(base_path, "BTF");
	btf = btf__parse_split(path, base);
	if (!btf)
		die(path, "split BTF");
	data = btf__raw_data(btf, &size);
	out = fopen(out_path, "w");
	if (!data || !out || fwrite(data, 1, size, out) != size || fclose(out))
		die(out_path, "cannot write");
	btf__free(btf);
	btf__free(base);
}

static int be_quiet(enum libbpf_print_level level, const char *fmt, va_list ap)
{
	return 0;
}

int main(int argc, char **argv)
{
	struct btf *base;
	int i, status = 0;

	libbpf_set_print(be_quiet);
	if (argc == 5 && !strcmp(argv[1], "--relocate")) {
		write_relocated(argv[2], argv[3], argv[4]);
		return 0;
	}
	if (argc < 4 || argc % 2) {
		fprintf(stderr,
			"Usage: distill_compare BASE SPLIT DISTILLED...\n"
			"       distill_compare --relocate BASE DISTILLED OUT\n");
		return 2;
	}
	base = btf__parse(argv[1], NULL);
	if (!base)
		die(argv[1], "BTF");
	for (i = 2; i < argc; i += 2)
		if (!compare(base, argv[i], argv[i + 1]))
			status = 1;
	btf__free(base);
	return status;
}
