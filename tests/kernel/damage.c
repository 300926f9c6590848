// SPDX-License-Identifier: GPL-2.0-only
/*
 * Make split BTF that is wrong in a described way:
 *
 *	damage BASE.btf MODULE.btf OUT.btf OUT-BASE.btf COMMANDS
 *
 * OUT.btf is MODULE.btf, BTF that is split against BASE.btf, with what the
 * COMMANDS do, which are separated by ";":
 *
 *	type WORD...	append a type
 *	times N WORD...	append these words N times: the rest of a type
 *	bytes N		append N bytes of zeros to the types
 *	fresh		first drop all types and strings that were there
 *	distilled	what follows is for OUT-BASE.btf, a .BTF.base that OUT.btf
 *			is split against instead
 *	own		what follows is for OUT.btf again
 *	str TEXT	append a string
 *	unended		leave out the NUL byte of the last string
 *	strings-first	put the strings before the types
 *	long		a header of 32 bytes
 *	layout HEX	the same, and bytes between types and strings
 *	after HEX	append a byte after the strings
 *	set FIELD N	set a field of the header; N can be +N or -N
 *
 * A WORD is a number, or
 *
 *	KIND.N[f]	the word with kind, count N, and with "f" the flag
 *	'TEXT		offset of a new string, with \xHH for a byte
 *	~TEXT		offset of the string TEXT in the base (or in OUT-BASE.btf)
 *	@N		id of the Nth type that is appended here, from 0
 *	#N		id of the Nth missing type after all others, from 0
 *	=KIND.NAME	id of the base's type of that kind and name
 *
 *	damage BASE.btf KIND.NAME
 *
 * prints such an id.
 */
#include <ctype.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct header {
	uint16_t magic;
	uint8_t version, flags;
	uint32_t hdr_len, type_off, type_len, str_off, str_len;
	uint32_t layout_off, layout_len;
};

#define SHORT_HEADER	24

struct btf {
	uint8_t *types;
	uint32_t types_len;
	char *strs;
	uint32_t strs_len;
	uint32_t nr;		/* types */
	uint32_t first_id, first_str, first_new;
};

static const char * const kinds[] = {
	"UNKN", "INT", "PTR", "ARRAY", "STRUCT", "UNION", "ENUM", "FWD",
	"TYPEDEF", "VOLATILE", "CONST", "RESTRICT", "FUNC", "FUNC_PROTO",
	"VAR", "DATASEC", "FLOAT", "DECL_TAG", "TYPE_TAG", "ENUM64",
};

/* Words after the first three: so many each time, so many times when vlen. */
static const uint8_t tails[] = {
	0, 1, 0, 3, 3, 3, 2, 0, 0, 0, 0, 0, 0, 2, 1, 3, 0, 1, 0, 3,
};

#define PER_VLEN	0x8a070u	/* kinds, as bits: of these tails */

static void die(const char *what, const char *which)
{
	fprintf(stderr, "damage: %s: %s\n", what, which);
	exit(1);
}

static void *grow(void *p, size_t size)
{
	p = realloc(p, size);
	if (!p)
		die("out of memory", "");
	return p;
}

static void add_bytes(struct btf *b, const void *data, uint32_t len)
{
	b->types = grow(b->types, b->types_len + len + 1);
	memcpy(b->types + b->types_len, data, len);
	b->types_len += len;
}

static uint32_t add_string(struct btf *b, const char *text)
{
	uint32_t off = b->strs_len;

	b->strs = grow(b->strs, off + strlen(text) + 1);
	while (*text) {
		unsigned int c;

		if (text[0] == '\\' && text[1] == 'x' &&
		    sscanf(text + 2, "%2x", &c) == 1) {
			b->strs[b->strs_len++] = c;
			text += 4;
		} else {
			b->strs[b->strs_len++] = *text++;
		}
	}
	b->strs[b->strs_len++] = '\0';
	return off + b->first_str;
}

/* Size in bytes of the type at @off. */
static uint32_t type_size(const struct btf *b, uint32_t off)
{
	uint32_t info, kind;

	memcpy(&info, b->types + off + 4, 4);
	kind = info >> 24 & 0x7f;
	if (!kind || kind >= sizeof(tails))
		die("unknown kind in", "the input");
	return 12 + tails[kind] * 4 *
		    (PER_VLEN >> kind & 1 ? info & 0xffffff : 1);
}

static void load(struct btf *b, const char *path)
{
	FILE *f = fopen(path, "r");
	uint8_t *data = NULL;
	size_t size = 0, n;
	struct header h;
	uint32_t off;

	if (!f)
		die("cannot open", path);
	do {
		data = grow(data, size + 65536);
		n = fread(data + size, 1, 65536, f);
		size += n;
	} while (n);
	fclose(f);
	if (size < SHORT_HEADER)
		die("no BTF", path);
	memcpy(&h, data, SHORT_HEADER);
	add_bytes(b, data + h.hdr_len + h.type_off, h.type_len);
	b->strs = grow(NULL, h.str_len + 1);
	memcpy(b->strs, data + h.hdr_len + h.str_off, h.str_len);
	b->strs_len = h.str_len;
	free(data);
	for (off = 0; off < b->types_len; off += type_size(b, off))
		b->nr++;
}

static unsigned int find_kind(const char *name, size_t len)
{
	unsigned int i;

	for (i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
		if (strlen(kinds[i]) == len && !strncmp(kinds[i], name, len))
			return i;
	}
	die("unknown kind", name);
	return 0;
}

static uint32_t find_string(const struct btf *b, const char *text)
{
	uint32_t off;

	for (off = 0; off < b->strs_len; off += strlen(b->strs + off) + 1) {
		if (!strcmp(b->strs + off, text))
			return b->first_str + off;
	}
	die("no such string in the base", text);
	return 0;
}

static uint32_t find_type(const struct btf *b, const char *text)
{
	const char *name = strchr(text, '.');
	uint32_t off = 0, id = b->first_id, kind, name_off, info;

	if (!name)
		die("KIND.NAME is not", text);
	kind = find_kind(text, name++ - text);
	for (; off < b->types_len; off += type_size(b, off), id++) {
		memcpy(&name_off, b->types + off, 4);
		memcpy(&info, b->types + off + 4, 4);
		if ((info >> 24 & 0x7f) == kind &&
		    !strcmp(b->strs + name_off - b->first_str, name))
			return id;
	}
	die("no such type in the base", text);
	return 0;
}

static uint32_t word(struct btf *b, const struct btf *base, uint32_t total,
		     const char *w)
{
	const char *dot = strchr(w, '.');
	char *end;
	uint32_t n;

	switch (*w) {
	case '\'':
		return add_string(b, w + 1);
	case '~':
		return find_string(base, w + 1);
	case '=':
		return find_type(base, w + 1);
	case '@':
		return b->first_new + strtoul(w + 1, NULL, 0);
	case '#':
		return total + strtoul(w + 1, NULL, 0);
	}
	if (isupper((unsigned char)*w) && dot) {
		n = find_kind(w, dot - w) << 24 | strtoul(dot + 1, &end, 0);
		return *end == 'f' ? n | 1u << 31 : n;
	}
	n = strtoll(w, &end, 0);
	if (end == w || *end)
		die("not a word", w);
	return n;
}

static void set_field(struct header *h, const char *args)
{
	char field[16], value[24];
	long long n, old = 0;
	uint32_t *p = NULL;

	if (sscanf(args, "%15s %23s", field, value) != 2)
		die("set", args);
	n = strtoll(value, NULL, 0);
	if (!strcmp(field, "hdr_len"))
		p = &h->hdr_len;
	else if (!strcmp(field, "type_off"))
		p = &h->type_off;
	else if (!strcmp(field, "type_len"))
		p = &h->type_len;
	else if (!strcmp(field, "str_off"))
		p = &h->str_off;
	else if (!strcmp(field, "str_len"))
		p = &h->str_len;
	else if (!strcmp(field, "layout_off"))
		p = &h->layout_off;
	else if (!strcmp(field, "layout_len"))
		p = &h->layout_len;
	else if (!strcmp(field, "magic"))
		h->magic = n;
	else if (!strcmp(field, "version"))
		h->version = n;
	else if (!strcmp(field, "flags"))
		h->flags = n;
	else
		die("no such field", field);
	if (p) {
		if (*value == '+' || *value == '-')
			old = *p;
		*p = old + n;
	}
}

struct layout {
	int strings_first;
	int unended;
	int is_long;
	uint8_t kinds[256];	/* the layout section */
	size_t nr_kinds;
	uint8_t after[16];
	size_t nr_after;
	const char *sets[8];
	size_t nr_sets;
};

static void save(const struct btf *b, const struct layout *l, const char *path)
{
	uint32_t strs_len = b->strs_len - l->unended;
	struct header h = {
		.magic = 0xeb9f,
		.version = 1,
		.hdr_len = l->is_long ? sizeof(h) : SHORT_HEADER,
		.type_off = l->strings_first ? strs_len : 0,
		.type_len = b->types_len,
		.str_off = l->strings_first ? 0 : b->types_len + l->nr_kinds,
		.str_len = strs_len,
		.layout_off = l->nr_kinds ? b->types_len +
			      (l->strings_first ? strs_len : 0) : 0,
		.layout_len = l->nr_kinds,
	};
	FILE *f = fopen(path, "w");
	size_t i;

	if (!f)
		die("cannot write", path);
	for (i = 0; i < l->nr_sets; i++)
		set_field(&h, l->sets[i]);
	fwrite(&h, l->is_long ? sizeof(h) : SHORT_HEADER, 1, f);
	if (l->strings_first)
		fwrite(b->strs, 1, strs_len, f);
	fwrite(b->types, 1, b->types_len, f);
	fwrite(l->kinds, 1, l->nr_kinds, f);
	if (!l->strings_first)
		fwrite(b->strs, 1, strs_len, f);
	fwrite(l->after, 1, l->nr_after, f);
	if (fclose(f))
		die("cannot write", path);
}

static void place(struct btf *b, const struct btf *base)
{
	b->first_id = base->first_id + base->nr;
	b->first_str = base->first_str + base->strs_len;
	b->first_new = b->first_id + b->nr;
}

static void append(struct btf *b, const struct btf *below, uint32_t total,
		   char *args, uint32_t times)
{
	uint32_t words[64], nr = 0;
	char *w;

	for (w = strtok(args, " "); w; w = strtok(NULL, " "))
		words[nr++ % 64] = word(b, below, total, w);
	while (times--)
		add_bytes(b, words, 4 * nr);
}

static void add_layout(struct layout *l, const char *hex)
{
	unsigned int byte;

	l->is_long = 1;
	for (; sscanf(hex, "%2x", &byte) == 1; hex += 2)
		l->kinds[l->nr_kinds++ % 256] = byte;
}

static uint32_t nr_types(const char *commands)
{
	const char *s = commands, *end = strstr(commands, "; own");
	uint32_t nr = 0;

	if (strstr(commands, "distilled") && end)
		s = end;
	for (; s; s = strchr(s, ';')) {
		s += strspn(s, "; ");
		nr += !strncmp(s, "type ", 5);
	}
	return nr;
}

int main(int argc, char **argv)
{
	struct btf base = { .first_id = 1 }, own = { 0 };
	struct btf distilled = { .first_id = 1, .first_new = 1 };
	struct layout layouts[2] = { 0 };
	struct layout *l = &layouts[0];
	struct btf *b = &own, *below = &base;
	char *copy, *command, *save_ptr;
	uint32_t new_types;

	if (argc == 3) {
		load(&base, argv[1]);
		printf("%u\n", find_type(&base, argv[2]));
		return 0;
	}
	if (argc != 6)
		die("usage", "damage BASE MODULE OUT OUT-BASE COMMANDS");
	load(&base, argv[1]);
	load(&own, argv[2]);
	new_types = nr_types(argv[5]);
	copy = strdup(argv[5]);
	if (strstr(copy, "fresh")) {
		own.nr = 0;
		own.types_len = 0;
		own.strs_len = 0;
	}
	place(&own, &base);

	for (command = strtok_r(copy, ";", &save_ptr); command;
	     command = strtok_r(NULL, ";", &save_ptr)) {
		char *args;

		command += strspn(command, " ");
		args = strchr(command, ' ');
		if (args)
			*args++ = '\0';
		else
			args = command + strlen(command);
		if (!strcmp(command, "type")) {
			append(b, below, b->first_new + new_types, args, 1);
			b->nr++;
		} else if (!strcmp(command, "times")) {
			uint32_t times = strtoul(args, &args, 0);

			append(b, below, b->first_new + new_types, args, times);
		} else if (!strcmp(command, "bytes")) {
			static const uint8_t zeros[64];

			add_bytes(b, zeros, strtoul(args, NULL, 0) % 64);
		} else if (!strcmp(command, "str")) {
			add_string(b, args);
		} else if (!strcmp(command, "distilled")) {
			b = &distilled;
			l = &layouts[1];
			add_string(b, "");
		} else if (!strcmp(command, "own")) {
			b = &own;
			l = &layouts[0];
			below = &distilled;
			place(&own, &distilled);
		} else if (!strcmp(command, "unended")) {
			l->unended = 1;
		} else if (!strcmp(command, "strings-first")) {
			l->strings_first = 1;
		} else if (!strcmp(command, "long")) {
			l->is_long = 1;
		} else if (!strcmp(command, "layout")) {
			add_layout(l, args);
		} else if (!strcmp(command, "after")) {
			l->after[l->nr_after++ % 16] =
				strtoul(args, NULL, 16);
		} else if (!strcmp(command, "set")) {
			l->sets[l->nr_sets++ % 8] = args;
		} else if (*command && strcmp(command, "fresh")) {
			die("unknown command", command);
		}
	}
	save(&own, &layouts[0], argv[3]);
	if (distilled.first_str || distilled.strs_len)
		save(&distilled, &layouts[1], argv[4]);
	return 0;
}
