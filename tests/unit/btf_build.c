// SPDX-License-Identifier: GPL-2.0-only
#include <bpf/btf.h>
#include <bpf/libbpf.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#define BTF_BUILD_IMPLEMENTATION
#include "btf_build.h"

/* Beyond this, model_parse() has been given something else than a test. */
#define MAX_LINE	1000

/* A failure here is an error of the test or of the machine. */
#define check(what)							\
	do {								\
		if (!(what)) {						\
			fprintf(stderr, "%s:%d: %s\n", __FILE__,	\
				__LINE__, #what);			\
			abort();					\
		}							\
	} while (0)

struct chunk {
	struct chunk *next;
	_Alignas(16) char data[];
};

static struct chunk *chunks;

static const char *const kind_names[] = {
	[BTF_KIND_INT] = "INT", [BTF_KIND_PTR] = "PTR",
	[BTF_KIND_ARRAY] = "ARRAY", [BTF_KIND_STRUCT] = "STRUCT",
	[BTF_KIND_UNION] = "UNION", [BTF_KIND_ENUM] = "ENUM",
	[BTF_KIND_FWD] = "FWD", [BTF_KIND_TYPEDEF] = "TYPEDEF",
	[BTF_KIND_VOLATILE] = "VOLATILE", [BTF_KIND_CONST] = "CONST",
	[BTF_KIND_RESTRICT] = "RESTRICT", [BTF_KIND_FUNC] = "FUNC",
	[BTF_KIND_FUNC_PROTO] = "PROTO", [BTF_KIND_VAR] = "VAR",
	[BTF_KIND_DATASEC] = "DATASEC", [BTF_KIND_FLOAT] = "FLOAT",
	[BTF_KIND_DECL_TAG] = "DECL_TAG", [BTF_KIND_TYPE_TAG] = "TYPE_TAG",
	[BTF_KIND_ENUM64] = "ENUM64",
};

#define NR_KINDS	(sizeof(kind_names) / sizeof(kind_names[0]))

void *build_alloc(size_t size)
{
	struct chunk *chunk = calloc(1, sizeof(*chunk) + size);

	check(chunk);
	chunk->next = chunks;
	chunks = chunk;
	return chunk->data;
}

void build_free_all(void)
{
	while (chunks) {
		struct chunk *next = chunks->next;

		free(chunks);
		chunks = next;
	}
}

int build_teardown(void **state)
{
	(void)state;
	build_free_all();
	return 0;
}

const char *build_text(const char *fmt, ...)
{
	char *text = build_alloc(256);
	va_list ap;

	va_start(ap, fmt);
	check(vsnprintf(text, 256, fmt, ap) < 256);
	va_end(ap);
	return text;
}

uint32_t build_random(uint32_t *seed, uint32_t below)
{
	/* The constants of Numerical Recipes; the low bits are poor. */
	*seed = *seed * 1664525 + 1013904223;
	return (uint64_t)*seed * below >> 32;
}

struct model *model_new(void)
{
	struct model *m = build_alloc(sizeof(*m));

	m->max = 16;
	m->types = build_alloc((m->max + 1) * sizeof(*m->types));
	return m;
}

uint32_t model_add(struct model *m, unsigned int kind, const char *name,
		   uint32_t size, uint32_t type)
{
	if (m->nr == m->max) {
		struct model_type *old = m->types;

		m->max *= 2;
		m->types = build_alloc((m->max + 1) * sizeof(*old));
		memcpy(m->types, old, (m->nr + 1) * sizeof(*old));
	}
	m->types[++m->nr] = (struct model_type){
		.kind = kind, .name = name, .size = size, .type = type,
	};
	return m->nr;
}

void model_item(struct model *m, uint32_t id, const char *name, uint32_t type,
		int64_t value)
{
	struct model_type *t = &m->types[id];

	/* Room for a power of two. */
	if (!(t->nr & (t->nr - 1))) {
		struct model_item *old = t->items;

		t->items = build_alloc((t->nr ? t->nr * 2 : 1) * sizeof(*old));
		if (t->nr)
			memcpy(t->items, old, t->nr * sizeof(*old));
	}
	t->items[t->nr++] = (struct model_item){
		.name = name, .type = type, .value = value,
	};
}

uint32_t model_id(const struct model *m, const char *label)
{
	uint32_t id;

	if (!strcmp(label, "void"))
		return 0;
	for (id = 1; id <= m->nr; id++)
		if (m->types[id].label && !strcmp(m->types[id].label, label))
			return id;
	fprintf(stderr, "no type has the label %s\n", label);
	abort();
}

static const char *next_word(char **line)
{
	char *word;

	do {
		word = strsep(line, " ");
	} while (word && !*word);
	check(word);
	return word;
}

static const char *next_name(char **line)
{
	const char *name = next_word(line);

	return strcmp(name, "-") ? name : "";
}

/* Labels may be used before their line: refs are found in a second pass. */
static void parse_items(struct model *m, uint32_t id, char *line)
{
	struct model_type *t = &m->types[id];
	char *word, *end, *ref;

	while ((word = strsep(&line, " "))) {
		struct model_item *item;

		if (!*word)
			continue;
		model_item(m, id, word, 0, 0);
		item = &t->items[t->nr - 1];
		if (t->kind == BTF_KIND_ENUM || t->kind == BTF_KIND_ENUM64) {
			end = strchr(word, '=');
			check(end);
			*end++ = 0;
			item->value = strtoll(end, NULL, 0);
			t->flag |= item->value < 0;
			continue;
		}
		ref = strchr(word, ':');
		check(ref);
		*ref++ = 0;
		end = strchr(ref, '@');
		if (end) {
			*end++ = 0;
			item->value = strtoll(end, &end, 0);
		}
		if (end && *end == '/') {
			item->size = strtoul(end + 1, NULL, 0);
			t->flag = t->kind != BTF_KIND_DATASEC;
		}
		item->type = model_id(m, ref);
	}
}

static void parse_line(struct model *m, uint32_t id, char *line)
{
	struct model_type *t = &m->types[id];

	switch (t->kind) {
	case BTF_KIND_PTR:
	case BTF_KIND_CONST:
	case BTF_KIND_VOLATILE:
	case BTF_KIND_RESTRICT:
	case BTF_KIND_FUNC_PROTO:
		t->type = model_id(m, next_word(&line));
		break;
	case BTF_KIND_ARRAY:
		t->type = model_id(m, next_word(&line));
		t->index = model_id(m, next_word(&line));
		t->extra = atoi(next_word(&line));
		break;
	case BTF_KIND_TYPEDEF:
	case BTF_KIND_TYPE_TAG:
		t->name = next_name(&line);
		t->type = model_id(m, next_word(&line));
		break;
	case BTF_KIND_FUNC:
	case BTF_KIND_VAR:
	case BTF_KIND_DECL_TAG:
		t->name = next_name(&line);
		t->type = model_id(m, next_word(&line));
		t->extra = atoi(next_word(&line));
		break;
	case BTF_KIND_FWD:
		t->name = next_name(&line);
		t->flag = !strcmp(next_word(&line), "union");
		break;
	default:
		t->name = next_name(&line);
		t->size = atoi(next_word(&line));
	}
	parse_items(m, id, line);
}

struct model *model_parse(const char *text)
{
	struct model *m = model_new();
	char *lines[MAX_LINE] = { NULL }, *copy, *line;
	uint32_t id;

	copy = build_alloc(strlen(text) + 1);
	memcpy(copy, text, strlen(text));
	while ((line = strsep(&copy, "\n"))) {
		const char *label, *kind;
		unsigned int nr;

		if (!*line)
			continue;
		label = next_word(&line);
		kind = next_word(&line);
		for (nr = 1; nr < NR_KINDS; nr++)
			if (!strcmp(kind, kind_names[nr]))
				break;
		check(nr < NR_KINDS && m->nr + 1 < MAX_LINE);
		id = model_add(m, nr, "", 0, 0);
		m->types[id].label = label;
		lines[id] = line;
	}
	for (id = 1; id <= m->nr; id++)
		parse_line(m, id, lines[id]);
	return m;
}

static struct model *reorder(const struct model *m, const uint32_t *order,
			     uint32_t *new_ids)
{
	struct model *s = model_new();
	uint32_t *ids = build_alloc((m->nr + 1) * sizeof(*ids));
	uint32_t i, j;

	for (i = 1; i <= m->nr; i++)
		ids[order[i]] = i;
	for (i = 1; i <= m->nr; i++) {
		const struct model_type *t = &m->types[order[i]];
		struct model_type *n;
		uint32_t id;

		id = model_add(s, t->kind, t->name, t->size, ids[t->type]);
		n = &s->types[id];
		n->label = t->label;
		n->index = ids[t->index];
		n->extra = t->extra;
		n->flag = t->flag;
		for (j = 0; j < t->nr; j++) {
			const struct model_item *item = &t->items[j];

			model_item(s, id, item->name, ids[item->type],
				   item->value);
			s->types[id].items[j].size = item->size;
		}
	}
	if (new_ids)
		memcpy(new_ids, ids, (m->nr + 1) * sizeof(*ids));
	return s;
}

struct model *model_shuffle(const struct model *m, uint32_t *seed,
			    uint32_t *new_ids)
{
	uint32_t *order = build_alloc((m->nr + 1) * sizeof(*order));
	uint32_t i, j;

	for (i = 1; i <= m->nr; i++) {
		j = 1 + build_random(seed, i);
		order[i] = order[j];
		order[j] = i;
	}
	return reorder(m, order, new_ids);
}

struct model *model_sort(const struct model *m)
{
	uint32_t *order = build_alloc((m->nr + 1) * sizeof(*order));
	uint32_t i, j;

	for (i = 1; i <= m->nr; i++) {
		const char *name = m->types[i].name;

		for (j = i; j > 1 &&
		     strcmp(m->types[order[j - 1]].name, name) > 0; j--)
			order[j] = order[j - 1];
		order[j] = i;
	}
	return reorder(m, order, NULL);
}

static void add_items(struct btf *btf, const struct model_type *t)
{
	uint32_t i;

	for (i = 0; i < t->nr; i++) {
		const struct model_item *item = &t->items[i];
		int err = 0;

		switch (t->kind) {
		case BTF_KIND_STRUCT:
		case BTF_KIND_UNION:
			err = btf__add_field(btf, item->name, item->type,
					     item->value, item->size);
			break;
		case BTF_KIND_ENUM:
			err = btf__add_enum_value(btf, item->name, item->value);
			break;
		case BTF_KIND_ENUM64:
			err = btf__add_enum64_value(btf, item->name,
						    item->value);
			break;
		case BTF_KIND_FUNC_PROTO:
			err = btf__add_func_param(btf, item->name, item->type);
			break;
		case BTF_KIND_DATASEC:
			err = btf__add_datasec_var_info(btf, item->type,
							item->value,
							item->size);
			break;
		}
		check(!err);
	}
}

static int add_type(struct btf *btf, const struct model_type *t)
{
	switch (t->kind) {
	case BTF_KIND_INT:
		return btf__add_int(btf, t->name, t->size, t->extra);
	case BTF_KIND_PTR:
		return btf__add_ptr(btf, t->type);
	case BTF_KIND_ARRAY:
		return btf__add_array(btf, t->index, t->type, t->extra);
	case BTF_KIND_STRUCT:
		return btf__add_struct(btf, t->name, t->size);
	case BTF_KIND_UNION:
		return btf__add_union(btf, t->name, t->size);
	case BTF_KIND_ENUM:
		return btf__add_enum(btf, t->name, t->size);
	case BTF_KIND_FWD:
		return btf__add_fwd(btf, t->name,
				    t->flag ? BTF_FWD_UNION : BTF_FWD_STRUCT);
	case BTF_KIND_TYPEDEF:
		return btf__add_typedef(btf, t->name, t->type);
	case BTF_KIND_VOLATILE:
		return btf__add_volatile(btf, t->type);
	case BTF_KIND_CONST:
		return btf__add_const(btf, t->type);
	case BTF_KIND_RESTRICT:
		return btf__add_restrict(btf, t->type);
	case BTF_KIND_FUNC:
		return btf__add_func(btf, t->name, t->extra, t->type);
	case BTF_KIND_FUNC_PROTO:
		return btf__add_func_proto(btf, t->type);
	case BTF_KIND_VAR:
		return btf__add_var(btf, t->name, t->extra, t->type);
	case BTF_KIND_DATASEC:
		return btf__add_datasec(btf, t->name, t->size);
	case BTF_KIND_FLOAT:
		return btf__add_float(btf, t->name, t->size);
	case BTF_KIND_DECL_TAG:
		return btf__add_decl_tag(btf, t->name, t->type, t->extra);
	case BTF_KIND_TYPE_TAG:
		return btf__add_type_tag(btf, t->name, t->type);
	case BTF_KIND_ENUM64:
		return btf__add_enum64(btf, t->name, t->size, t->flag);
	default:
		return -1;
	}
}

static struct btf *to_libbpf(const struct model *m)
{
	struct btf *btf = btf__new_empty();
	uint32_t id;

	check(btf);
	for (id = 1; id <= m->nr; id++) {
		check(add_type(btf, &m->types[id]) == (int)id);
		add_items(btf, &m->types[id]);
	}
	return btf;
}

static struct raw copy_raw(const struct btf *btf)
{
	struct raw raw;
	const void *data;
	uint32_t size;

	data = btf__raw_data(btf, &size);
	check(data);
	raw.size = size;
	/* Exactly that many bytes: ASan sees what reads beyond. */
	raw.data = build_alloc(size);
	memcpy(raw.data, data, size);
	return raw;
}

struct raw model_raw(const struct model *m, bool swapped)
{
	struct btf *btf = to_libbpf(m);
	struct raw raw;

	if (swapped)
		btf__set_endianness(btf, btf__endianness(btf) ==
				    BTF_BIG_ENDIAN ? BTF_LITTLE_ENDIAN :
						     BTF_BIG_ENDIAN);
	raw = copy_raw(btf);
	btf__free(btf);
	return raw;
}

struct raw raw_with_layouts(struct raw raw, const uint8_t layouts[][2],
			    uint32_t nr, bool strings_first)
{
	struct raw longer = { build_alloc(raw.size + 8 + nr * 4),
			      raw.size + 8 + nr * 4 };
	uint32_t h[8], types, strs, body = 24, i;
	bool swapped;

	/* magic, version and flags; hdr_len; type_off, _len; str_off, _len */
	memcpy(h, raw.data, body);
	swapped = (h[0] & 0xffff) != 0xeb9f;
	for (i = 1; swapped && i < 6; i++)
		h[i] = __builtin_bswap32(h[i]);
	types = h[3];
	strs = h[5];
	check(h[1] == body && !h[2] && h[4] == types);
	h[1] = sizeof(h);
	h[2] = strings_first ? strs : 0;
	h[4] = strings_first ? 0 : types + nr * 4;
	h[6] = h[2] + types;
	h[7] = nr * 4;
	memcpy(longer.data + sizeof(h) + h[2], raw.data + body, types);
	memcpy(longer.data + sizeof(h) + h[4], raw.data + body + types, strs);
	for (i = 0; i < nr; i++)
		memcpy(longer.data + sizeof(h) + h[6] + i * 4, layouts[i], 2);
	for (i = 1; swapped && i < 8; i++)
		h[i] = __builtin_bswap32(h[i]);
	memcpy(longer.data, h, sizeof(h));
	return longer;
}

static const char *copy_name(const struct btf *btf, uint32_t off)
{
	const char *name = btf__name_by_offset(btf, off);
	char *copy;

	check(name);
	copy = build_alloc(strlen(name) + 1);
	memcpy(copy, name, strlen(name));
	return copy;
}

static void read_items(struct model *m, uint32_t id, const struct btf *btf,
		       const struct btf_type *t)
{
	uint32_t i;

	for (i = 0; i < btf_vlen(t); i++) {
		uint32_t name = 0, type = 0, size = 0;
		int64_t value = 0;

		switch (btf_kind(t)) {
		case BTF_KIND_STRUCT:
		case BTF_KIND_UNION:
			name = btf_members(t)[i].name_off;
			type = btf_members(t)[i].type;
			value = btf_member_bit_offset(t, i);
			size = btf_member_bitfield_size(t, i);
			break;
		case BTF_KIND_ENUM:
			name = btf_enum(t)[i].name_off;
			value = btf_enum(t)[i].val;
			break;
		case BTF_KIND_ENUM64:
			name = btf_enum64(t)[i].name_off;
			value = btf_enum64_value(&btf_enum64(t)[i]);
			break;
		case BTF_KIND_FUNC_PROTO:
			name = btf_params(t)[i].name_off;
			type = btf_params(t)[i].type;
			break;
		case BTF_KIND_DATASEC:
			type = btf_var_secinfos(t)[i].type;
			value = btf_var_secinfos(t)[i].offset;
			size = btf_var_secinfos(t)[i].size;
			break;
		default:
			return;
		}
		model_item(m, id, copy_name(btf, name), type, value);
		m->types[id].items[i].size = size;
	}
}

static void read_type(struct model *m, const struct btf *btf, uint32_t nr)
{
	const struct btf_type *t = btf__type_by_id(btf, nr);
	struct model_type *n;
	uint32_t id;

	check(t);
	id = model_add(m, btf_kind(t), copy_name(btf, t->name_off), 0, 0);
	n = &m->types[id];
	n->flag = btf_kflag(t);
	switch (n->kind) {
	case BTF_KIND_INT:
		n->size = t->size;
		n->extra = btf_int_encoding(t);
		break;
	case BTF_KIND_STRUCT:
	case BTF_KIND_UNION:
	case BTF_KIND_ENUM:
	case BTF_KIND_ENUM64:
	case BTF_KIND_DATASEC:
	case BTF_KIND_FLOAT:
		n->size = t->size;
		break;
	case BTF_KIND_FWD:
		break;
	case BTF_KIND_ARRAY:
		n->type = btf_array(t)->type;
		n->index = btf_array(t)->index_type;
		n->extra = btf_array(t)->nelems;
		break;
	case BTF_KIND_FUNC:
		n->type = t->type;
		n->extra = btf_vlen(t);
		break;
	case BTF_KIND_VAR:
		n->type = t->type;
		n->extra = btf_var(t)->linkage;
		break;
	case BTF_KIND_DECL_TAG:
		n->type = t->type;
		n->extra = btf_decl_tag(t)->component_idx;
		break;
	default:
		n->type = t->type;
	}
	read_items(m, id, btf, t);
}

static struct model *from_libbpf(const struct btf *btf)
{
	struct model *m = model_new();
	uint32_t nr;

	for (nr = 1; nr < btf__type_cnt(btf); nr++)
		read_type(m, btf, nr);
	return m;
}

/* Old libbpf does not export btf__new_split(), only this for files. */
static struct btf *parse_split(struct raw raw, struct btf *base)
{
	int fd = memfd_create("btf", 0);
	struct btf *btf;

	check(fd >= 0 && write(fd, raw.data, raw.size) == (ssize_t)raw.size);
	btf = btf__parse_raw_split(build_text("/proc/self/fd/%d", fd), base);
	check(btf);
	close(fd);
	return btf;
}

struct model *raw_read(struct raw raw, const struct raw *base)
{
	struct btf *base_btf = NULL, *btf;
	struct model *m;

	if (base) {
		base_btf = btf__new(base->data, base->size);
		check(base_btf);
	}
	btf = parse_split(raw, base_btf);
	m = from_libbpf(btf);
	btf__free(btf);
	btf__free(base_btf);
	return m;
}

struct model *model_dedup(const struct model *m)
{
	struct btf *btf = to_libbpf(m);
	struct model *dedup;

	check(!btf__dedup(btf, NULL));
	dedup = from_libbpf(btf);
	btf__free(btf);
	return dedup;
}

bool build_libbpf_declarations(void)
{
	return libbpf_major_version() != 1 || libbpf_minor_version() != 7;
}

/* A variable is never dropped and shows what became of its type. */
void model_dedup_split(const struct model *m, const struct model *base,
		       uint32_t *new_ids, uint32_t *nr_kept)
{
	struct btf *base_btf = to_libbpf(base), *mod = to_libbpf(m), *btf;
	uint32_t id, nr;

	for (id = 1; id <= m->nr; id++)
		check(btf__add_var(mod, build_text("<%u>", id), 0, id) > 0);
	btf = btf__new_empty_split(base_btf);
	check(btf && btf__add_btf(btf, mod) > 0 && !btf__dedup(btf, NULL));

	*nr_kept = btf__type_cnt(btf) - btf__type_cnt(base_btf) - m->nr;
	for (nr = btf__type_cnt(base_btf); nr < btf__type_cnt(btf); nr++) {
		const struct btf_type *t = btf__type_by_id(btf, nr);

		if (btf_is_var(t) &&
		    sscanf(btf__name_by_offset(btf, t->name_off), "<%u>",
			   &id) == 1)
			new_ids[id] = t->type;
	}
	btf__free(btf);
	btf__free(mod);
	btf__free(base_btf);
}

bool model_is_declaration(const struct model_type *t)
{
	return t->kind == BTF_KIND_FWD ||
	       ((t->kind == BTF_KIND_ENUM || t->kind == BTF_KIND_ENUM64) &&
		!t->nr);
}

bool model_same_words(const struct model_type *a, const struct model_type *b)
{
	uint32_t i;

	if (a->kind != b->kind || strcmp(a->name, b->name) ||
	    a->size != b->size || a->extra != b->extra || a->flag != b->flag ||
	    a->nr != b->nr)
		return false;
	for (i = 0; i < a->nr; i++)
		if (strcmp(a->items[i].name, b->items[i].name) ||
		    a->items[i].value != b->items[i].value ||
		    a->items[i].size != b->items[i].size)
			return false;
	return true;
}

/* All kinds alike: those that do not use one have 0 there. */
uint32_t model_nr_refs(const struct model_type *t)
{
	return 2 + t->nr;
}

uint32_t model_ref(const struct model_type *t, uint32_t nr)
{
	return nr == 0 ? t->type : nr == 1 ? t->index : t->items[nr - 2].type;
}

/* The tag of a struct, union or enum in C. */
static unsigned int tag_kind(const struct model_type *t)
{
	switch (t->kind) {
	case BTF_KIND_FWD:
		return t->flag ? BTF_KIND_UNION : BTF_KIND_STRUCT;
	case BTF_KIND_ENUM64:
		return BTF_KIND_ENUM;
	case BTF_KIND_STRUCT:
	case BTF_KIND_UNION:
	case BTF_KIND_ENUM:
		return t->kind;
	default:
		return 0;
	}
}

static bool by_tag(const struct model_type *a, const struct model_type *b)
{
	return (model_is_declaration(a) || model_is_declaration(b)) &&
	       tag_kind(a) == tag_kind(b) && *a->name &&
	       !strcmp(a->name, b->name);
}

bool *model_relate(const struct model *a, const struct model *b, bool declared)
{
	bool *rel = build_alloc((a->nr + 1) * (b->nr + 1));
	uint32_t ia, ib, i, row = b->nr + 1;
	bool dropped;

	rel[0] = true;
	for (ia = 1; ia <= a->nr; ia++) {
		const struct model_type *t = &a->types[ia];

		if (t->kind == BTF_KIND_VAR || t->kind == BTF_KIND_DATASEC) {
			if (a == b)
				rel[ia * row + ia] = true;
			continue;
		}
		for (ib = 1; ib <= b->nr; ib++)
			rel[ia * row + ib] =
				model_same_words(t, &b->types[ib]) ||
				(declared && by_tag(t, &b->types[ib]));
	}
	do {
		dropped = false;
		for (ia = 1; ia <= a->nr; ia++)
			for (ib = 1; ib <= b->nr; ib++) {
				const struct model_type *ta = &a->types[ia];
				const struct model_type *tb = &b->types[ib];

				if (!rel[ia * row + ib] ||
				    (declared && by_tag(ta, tb)))
					continue;
				for (i = 0; i < model_nr_refs(ta); i++)
					if (!rel[model_ref(ta, i) * row +
						 model_ref(tb, i)])
						break;
				if (i == model_nr_refs(ta))
					continue;
				rel[ia * row + ib] = false;
				dropped = true;
			}
	} while (dropped);
	return rel;
}

uint32_t *model_lowest_equal(const struct model *m)
{
	uint32_t *equal = build_alloc((m->nr + 1) * sizeof(*equal));
	bool *rel = model_relate(m, m, false);
	uint32_t id, low;

	for (id = 1; id <= m->nr; id++) {
		for (low = 1; low < id; low++)
			if (rel[id * (m->nr + 1) + low])
				break;
		equal[id] = low;
	}
	return equal;
}

void model_spread(const struct model *m, bool *marks)
{
	bool more = true;
	uint32_t id, i;

	while (more) {
		more = false;
		for (id = 1; id <= m->nr; id++) {
			const struct model_type *t = &m->types[id];
			bool was = marks[id];

			for (i = 0; !marks[id] && i < model_nr_refs(t); i++)
				if (marks[model_ref(t, i)])
					marks[id] = true;
			more |= marks[id] && !was;
		}
	}
}

/* Types that reach a declaration. */
static bool *find_declared(const struct model *m)
{
	bool *declared = build_alloc(m->nr + 1);
	uint32_t id;

	for (id = 1; id <= m->nr; id++)
		declared[id] = model_is_declaration(&m->types[id]);
	model_spread(m, declared);
	return declared;
}

const char *model_check_ids(const struct model *mod, const struct model *all,
			    uint32_t nr_base, const uint32_t *ids)
{
	bool *same = model_relate(mod, all, true);
	uint32_t *equal = model_lowest_equal(all);
	bool *mod_declared = find_declared(mod);
	bool *all_declared = find_declared(all);
	uint32_t id, i;

	for (id = 1; id <= mod->nr; id++) {
		const struct model_type *t = &mod->types[id];
		uint32_t new = ids[id];
		const struct model_type *n = &all->types[new];
		bool thing = t->kind == BTF_KIND_VAR ||
			     t->kind == BTF_KIND_DATASEC;

		if (!new || new > all->nr)
			return build_text("type %u became %u", id, new);
		if (new > nr_base && equal[new] != new)
			return build_text("type %u was kept, as %u, but is %u",
					  id, new, equal[new]);
		if (thing ? new <= nr_base || !model_same_words(t, n) :
			    new <= nr_base && !same[id * (all->nr + 1) + new])
			return build_text("type %u (%s) is not %u", id,
					  t->name, new);
		if (new <= nr_base && (mod_declared[id] || all_declared[new]))
			continue;
		if (!model_same_words(t, n))
			return build_text("type %u (%s) was kept as another",
					  id, t->name);
		for (i = 0; i < model_nr_refs(t); i++)
			if (equal[ids[model_ref(t, i)]] !=
			    equal[model_ref(n, i)])
				return build_text("type %u (%s) is not %u in what it refers to",
						  id, t->name, new);
	}
	return NULL;
}
