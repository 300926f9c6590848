// SPDX-License-Identifier: GPL-2.0-only
/*
 * A C declarator is read from the name outwards, and is written in the same
 * way: pointers go before the text so far, arrays and parameters after it.
 */
#include <stdio.h>
#include <string.h>

#include "cdecl.h"

#define MAX_DEPTH	8	/* of parameters and anonymous members */
#define MAX_CHAIN	64	/* of pointers, arrays, qualifiers */

struct text {
	char *s;
	size_t len;
};

static void append(struct text *t, const char *s)
{
	size_t len = strlen(s), room = CDECL_SIZE - 1 - t->len;

	if (len > room)
		len = room;
	memcpy(t->s + t->len, s, len);
	t->len += len;
	t->s[t->len] = '\0';
}

static bool is_full(const struct text *t)
{
	return t->len == CDECL_SIZE - 1;
}

static void prepend(struct text *t, const char *s)
{
	size_t len = strlen(s);

	if (len > CDECL_SIZE - 1 - t->len) {
		/* Mark it as too long. */
		while (!is_full(t))
			append(t, " ");
		return;
	}
	memmove(t->s + len, t->s, t->len + 1);
	memcpy(t->s, s, len);
	t->len += len;
}

/* MAX_DEPTH ends it. NOLINTBEGIN(misc-no-recursion) */

static void declare(const struct side *s, uint32_t id, struct text *t,
		    unsigned int depth);

/* Append a declaration to @to. */
static void add_declaration(const struct side *s, uint32_t id, const char *name,
			    struct text *to, unsigned int depth)
{
	char buf[CDECL_SIZE];
	struct text t = { .s = buf };

	if (is_full(to))
		return;
	buf[0] = '\0';
	append(&t, name);
	declare(s, id, &t, depth + 1);
	append(to, buf);
}

static void add_parameters(const struct side *s, const struct btf_type *proto,
			   struct text *t, unsigned int depth)
{
	const uint32_t *tail = btf_words(proto) + BTF_TYPE_WORDS;
	unsigned int i;

	append(t, "(");
	for (i = 0; i < btf_vlen(proto) && !is_full(t); i++, tail += 2) {
		append(t, i ? ", " : "");
		if (i + 1 == btf_vlen(proto) && !tail[1])
			append(t, "...");
		else
			add_declaration(s, tail[1],
					side_str(s, tail[0]), t, depth);
	}
	append(t, i ? ")" : "void)");
}

static void add_member(const struct side *s, const struct btf_type *t,
		       const uint32_t *m, struct text *to, unsigned int depth)
{
	char bits[16];

	add_declaration(s, m[1], side_str(s, m[0]), to, depth);
	if (btf_kflag(t) && m[2] >> 24) {
		snprintf(bits, sizeof(bits), ":%u", m[2] >> 24);
		append(to, bits);
	}
	append(to, "; ");
}

/* Write the members of an anonymous type. */
static void specify_inside(const struct side *s, const struct btf_type *t,
			   struct text *to, unsigned int depth)
{
	bool is_enum = btf_kind(t) == BTF_KIND_ENUM ||
		       btf_kind(t) == BTF_KIND_ENUM64;
	size_t words = btf_kinds[btf_kind(t)].tail_words;
	const uint32_t *item = btf_words(t) + BTF_TYPE_WORDS;
	unsigned int i;

	append(to, " { ");
	for (i = 0; i < btf_vlen(t) && !is_full(to); i++, item += words) {
		if (is_enum) {
			append(to, i ? ", " : "");
			append(to, side_str(s, *item));
		} else {
			add_member(s, t, item, to, depth);
		}
	}
	append(to, is_enum ? " }" : "}");
}

static void specify(const struct side *s, uint32_t id, struct text *to,
		    unsigned int depth)
{
	const struct btf_type *t = side_type(s, id);
	const char *name = side_name(s, t);

	switch (id ? btf_kind(t) : BTF_KIND_UNKN) {
	case BTF_KIND_UNKN:
		append(to, "void");
		return;
	case BTF_KIND_STRUCT:
		append(to, "struct");
		break;
	case BTF_KIND_UNION:
		append(to, "union");
		break;
	case BTF_KIND_FWD:
		append(to, btf_kflag(t) ? "union" : "struct");
		break;
	case BTF_KIND_ENUM:
	case BTF_KIND_ENUM64:
		append(to, "enum");
		break;
	default:
		append(to, *name ? name : btf_kinds[btf_kind(t)].name);
		return;
	}
	if (*name) {
		append(to, " ");
		append(to, name);
	} else if (depth < MAX_DEPTH) {
		specify_inside(s, t, to, depth);
	} else {
		append(to, " { ... }");
	}
}

static const char *qualifier(const struct btf_type *t)
{
	switch (btf_kind(t)) {
	case BTF_KIND_CONST:
		return "const ";
	case BTF_KIND_VOLATILE:
		return "volatile ";
	case BTF_KIND_RESTRICT:
		return "restrict ";
	default:
		return NULL;
	}
}

/* @t is the declarator so far, @at_pointer: it starts with a "*". */
static void add_behind(const struct side *s, const struct btf_type *type,
		       struct text *t, bool at_pointer, unsigned int depth)
{
	char size[16];

	if (at_pointer) {
		prepend(t, "(");
		append(t, ")");
	}
	if (btf_kind(type) == BTF_KIND_ARRAY) {
		snprintf(size, sizeof(size), "[%u]",
			 btf_words(type)[BTF_TYPE_WORDS + 2]);
		append(t, size);
	} else if (depth < MAX_DEPTH) {
		add_parameters(s, type, t, depth);
	} else {
		append(t, "(...)");
	}
}

/* Write type @id around the declarator @t. */
static void declare(const struct side *s, uint32_t id, struct text *t,
		    unsigned int depth)
{
	char specifier[CDECL_SIZE] = "";
	struct text spec = { .s = specifier };
	char words[CDECL_SIZE] = "";
	struct text quals = { .s = words };
	bool at_pointer = false;
	unsigned int chain;

	for (chain = 0; id && chain < MAX_CHAIN && !is_full(t); chain++) {
		const struct btf_type *type = side_type(s, id);
		const char *q = qualifier(type);

		if (q) {
			append(&quals, q);
			id = type->size_type;
			continue;
		}
		switch (btf_kind(type)) {
		case BTF_KIND_PTR:
			prepend(t, words);
			prepend(t, "*");
			at_pointer = true;
			quals.len = 0;
			words[0] = '\0';
			id = type->size_type;
			continue;
		case BTF_KIND_ARRAY:
			add_behind(s, type, t, at_pointer, depth);
			at_pointer = false;
			id = btf_words(type)[BTF_TYPE_WORDS];
			continue;
		case BTF_KIND_FUNC:
			id = type->size_type;
			continue;
		case BTF_KIND_FUNC_PROTO:
			add_behind(s, type, t, at_pointer, depth);
			at_pointer = false;
			id = type->size_type;
			continue;
		case BTF_KIND_TYPE_TAG:
			append(&quals, "__attribute__((btf_type_tag(\"");
			append(&quals, side_name(s, type));
			append(&quals, "\"))) ");
			id = type->size_type;
			continue;
		}
		break;
	}
	append(&spec, words);
	if (chain < MAX_CHAIN)
		specify(s, id, &spec, depth);
	else
		append(&spec, "...");
	if (*t->s && *t->s != '[')
		append(&spec, " ");
	prepend(t, specifier);
}

/* NOLINTEND(misc-no-recursion) */

void cdecl_text(const struct side *s, uint32_t id, const char *name,
		char text[CDECL_SIZE])
{
	struct text t = { .s = text };

	text[0] = '\0';
	append(&t, name ? name : "");
	declare(s, id, &t, 0);
	/* "char *const " */
	if (t.len && text[t.len - 1] == ' ' && !is_full(&t))
		text[t.len - 1] = '\0';
	if (is_full(&t))
		memcpy(text + CDECL_SIZE - 4, "...", 4);
}
