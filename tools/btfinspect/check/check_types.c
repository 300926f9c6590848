// SPDX-License-Identifier: GPL-2.0-only
/*
 * Each type by itself, as btf_check_all_metas() of the kernel checks it.
 * Reports the first error of a type, as the kernel does.
 */
#include <stdarg.h>
#include <string.h>

#include "check.h"
#include "kernel_log.h"

#define INFO_MASK	0x9f00ffffu	/* without RULE_WIDE_INFO */
#define INT_MASK	0x0fffffffu
#define MAX_TYPE	0x000fffffu
#define MAX_NAME_OFFSET	0x00ffffffu
#define MAX_NAME	512		/* KSYM_NAME_LEN, without the NUL byte */

/* Names in messages are cut after this many bytes. */
#define NAME		"%.100s"

/*
 * Names that the kernel accepts. Its isalpha() and isprint() (lib/ctype.c) are
 * those of Latin-1, whatever the locale: a byte of 0xe9 is a letter.
 */

static bool is_letter(unsigned char c)
{
	return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') ||
	       (c >= 0xc0 && c != 0xd7 && c != 0xf7);
}

static bool is_printable(unsigned char c)
{
	return (c >= ' ' && c < 0x7f) || c >= 0xa0;
}

bool is_identifier(const char *name)
{
	const char *s;

	for (s = name; *s; s++) {
		if (s - name >= MAX_NAME)
			return false;
		if (is_letter(*s) || *s == '_' || *s == '.')
			continue;
		if (s == name || *s < '0' || *s > '9')
			return false;
	}
	return s != name;
}

/* At least one character, all printable, as in names of sections. */
static bool is_section_name(const char *name)
{
	const char *s;

	for (s = name; *s; s++) {
		if (s - name >= MAX_NAME || !is_printable(*s))
			return false;
	}
	return s != name;
}

struct meta {
	const struct check *c;
	uint32_t id;
	const struct btf_type *t;
	bool last;	/* its size is unknown */
};

/*
 * The kernel refuses the type. @log is the last part of its message, after the
 * "details" if @details. Always false.
 */
static bool __printf(5, 6) refuse_as(const struct meta *m, int errnum,
				     bool details, const char *log,
				     const char *fmt, ...)
{
	struct place at = check_place(m->c, m->id);
	struct kernel_log text = { 0 };
	char message[512];
	va_list ap;

	kernel_log_type(&text, &m->c->layer, m->id, m->t, details);
	kernel_log_add(&text, " %s", log);
	va_start(ap, fmt);
	vsnprintf(message, sizeof(message), fmt, ap);
	va_end(ap);
	report_error(m->c->report, &at, errnum, text.text, "%s " NAME ": %s",
		     btf_kind_info(m->t)->name,
		     layer_name(&m->c->layer, m->t->name_off), message);
	return false;
}

#define refuse(m, log, ...) \
	refuse_as(m, KERNEL_EINVAL, true, log, __VA_ARGS__)

/* The same for an element of the type, with its own @text in the log. */
static bool __printf(4, 5) refuse_item(const struct meta *m,
				       const struct kernel_log *text,
				       unsigned int nr, const char *fmt, ...)
{
	struct place at = check_place(m->c, m->id);
	char message[512];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(message, sizeof(message), fmt, ap);
	va_end(ap);
	report_error(m->c->report, &at, KERNEL_EINVAL, text->text,
		     "%s " NAME ", number %u: %s",
		     btf_kind_info(m->t)->name,
		     layer_name(&m->c->layer, m->t->name_off), nr, message);
	return false;
}

static bool name_off_valid(const struct meta *m, uint32_t off)
{
	return off <= MAX_NAME_OFFSET && layer_str(&m->c->layer, off);
}

static bool identifier_at(const struct meta *m, uint32_t off)
{
	return is_identifier(layer_str(&m->c->layer, off));
}

static bool check_no_vlen(const struct meta *m)
{
	if (!btf_vlen(m->t))
		return true;
	return refuse(m, "vlen != 0", "has the count %u", btf_vlen(m->t));
}

static bool check_no_flag(const struct meta *m)
{
	if (!btf_kflag(m->t))
		return true;
	return refuse(m, "Invalid btf_info kind_flag", "has the kind flag");
}

static bool check_no_name(const struct meta *m)
{
	if (!m->t->name_off)
		return true;
	return refuse(m, "Invalid name", "has a name");
}

static bool check_optional_name(const struct meta *m)
{
	if (!m->t->name_off || identifier_at(m, m->t->name_off))
		return true;
	return refuse(m, "Invalid name", "its name is not an identifier");
}

static bool check_name(const struct meta *m)
{
	if (m->t->name_off)
		return check_optional_name(m);
	return refuse(m, "Invalid name", "has no name");
}

static bool check_int(const struct meta *m)
{
	uint32_t word = *btf_tail(m->t), bits;

	if (!check_no_vlen(m) || !check_no_flag(m))
		return false;
	if (word & ~INT_MASK) {
		char log[40];

		snprintf(log, sizeof(log), "Invalid int_data:%x", word);
		return refuse_as(m, KERNEL_EINVAL, false, log,
				 "has unknown bits (0x%x)", word);
	}
	bits = (word & 0xff) + ((word >> 16) & 0xff);
	if (bits > 128)
		return refuse(m, "nr_bits exceeds 128", "has %u bits", bits);
	if ((bits + 7) / 8 > m->t->size_type)
		return refuse(m, "nr_bits exceeds type_size",
			      "has %u bits in %u bytes", bits,
			      m->t->size_type);
	switch (word >> 24) {
	case 0:
	case 1:
	case 2:
	case 4:
		return true;
	}
	return refuse_as(m, KERNEL_ENOTSUPP, true, "Unsupported encoding",
			 "has the unknown encoding %u", word >> 24);
}

/* Pointers, modifiers and typedefs */
static bool check_ref(const struct meta *m)
{
	unsigned int kind = btf_kind(m->t);
	bool tag = kind == BTF_KIND_TYPE_TAG;

	if (!check_no_vlen(m))
		return false;
	if (!(tag && release_has(m->c->release, RULE_TAG_FLAG)) &&
	    !check_no_flag(m))
		return false;
	if (m->t->size_type > MAX_TYPE)
		return refuse(m, "Invalid type_id", "refers to type %u",
			      m->t->size_type);
	if (tag) {
		if (!*layer_str(&m->c->layer, m->t->name_off))
			return refuse(m, "Invalid name", "has no name");
		return true;
	}
	return kind == BTF_KIND_TYPEDEF ? check_name(m) : check_no_name(m);
}

static bool check_fwd(const struct meta *m)
{
	if (!check_no_vlen(m))
		return false;
	if (m->t->size_type)
		return refuse(m, "type != 0", "refers to type %u",
			      m->t->size_type);
	return check_name(m);
}

static bool check_array(const struct meta *m)
{
	const uint32_t *array = btf_tail(m->t);

	if (!check_no_name(m) || !check_no_vlen(m) || !check_no_flag(m))
		return false;
	if (m->t->size_type)
		return refuse(m, "size != 0", "has the size %u",
			      m->t->size_type);
	if (!array[0] || array[0] > MAX_TYPE)
		return refuse(m, "Invalid elem", "is of type %u", array[0]);
	if (!array[1] || array[1] > MAX_TYPE)
		return refuse(m, "Invalid index", "has an index of type %u",
			      array[1]);
	return true;
}

static bool __printf(5, 6) refuse_member(const struct meta *m,
					 const uint32_t *member,
					 unsigned int nr, const char *log,
					 const char *fmt, ...)
{
	struct kernel_log text = { 0 };
	char message[512];
	va_list ap;

	kernel_log_member(&text, &m->c->layer, m->t, member);
	kernel_log_add(&text, " %s", log);
	va_start(ap, fmt);
	vsnprintf(message, sizeof(message), fmt, ap);
	va_end(ap);
	return refuse_item(m, &text, nr, "%s", message);
}

static bool check_member(const struct meta *m, const uint32_t *member,
			 unsigned int nr, uint32_t *last_offset)
{
	uint32_t offset = member[2];

	if (btf_kflag(m->t))
		offset &= 0xffffff;

	if (!name_off_valid(m, member[0])) {
		char log[50];

		snprintf(log, sizeof(log), "Invalid member name_offset:%u",
			 member[0]);
		return refuse_member(m, member, nr, log,
				     "name offset %u is outside the strings",
				     member[0]);
	}
	if (member[0] && !identifier_at(m, member[0]))
		return refuse_member(m, member, nr, "Invalid name",
				     "the name of member " NAME " is not an identifier",
				     layer_name(&m->c->layer, member[0]));
	if (!member[1] || member[1] > MAX_TYPE)
		return refuse_member(m, member, nr, "Invalid type_id",
				     "member is of type %u", member[1]);
	if (btf_kind(m->t) == BTF_KIND_UNION && offset)
		return refuse_member(m, member, nr,
				     "Invalid member bits_offset",
				     "member of a union at bit %u", offset);
	if (offset < *last_offset)
		return refuse_member(m, member, nr,
				     "Invalid member bits_offset",
				     "member at bit %u, the one before at bit %u",
				     offset, *last_offset);
	if (offset / 8 + !!(offset % 8) > m->t->size_type)
		return refuse_member(m, member, nr,
				     "Member bits_offset exceeds its struct size",
				     "member at bit %u of %u bytes", offset,
				     m->t->size_type);
	*last_offset = offset;
	return true;
}

static bool check_composite(const struct meta *m)
{
	const uint32_t *member = btf_tail(m->t);
	uint32_t last_offset = 0;
	unsigned int i;

	if (!check_optional_name(m))
		return false;
	for (i = 0; i < btf_vlen(m->t); i++, member += 3) {
		if (!check_member(m, member, i + 1, &last_offset))
			return false;
	}
	return true;
}

/* ENUM and ENUM64: only the names of their values are checked. */
static bool check_enum(const struct meta *m)
{
	size_t words = btf_kind_info(m->t)->tail_words;
	const uint32_t *value = btf_tail(m->t);
	uint32_t size = m->t->size_type;
	unsigned int i;

	if (size != 1 && size != 2 && size != 4 && size != 8)
		return refuse(m, "Unexpected size", "has the size %u", size);
	if (!check_optional_name(m))
		return false;
	for (i = 0; i < btf_vlen(m->t); i++, value += words) {
		if (!name_off_valid(m, *value)) {
			struct kernel_log text = { 0 };

			kernel_log_add(&text, "\tInvalid name_offset:%u",
				       *value);
			return refuse_item(m, &text, i + 1,
					   "name offset %u is outside the strings",
					   *value);
		}
		if (!*value || !identifier_at(m, *value))
			return refuse(m, "Invalid name",
				      "number %u: its name " NAME " is not an identifier",
				      i + 1,
				      layer_name(&m->c->layer, *value));
	}
	return true;
}

static bool check_func_proto(const struct meta *m)
{
	return check_no_name(m) && check_no_flag(m);
}

static bool check_func(const struct meta *m)
{
	if (!check_name(m))
		return false;
	if (btf_vlen(m->t) > 1)
		return refuse(m, "Invalid func linkage",
			      "has the unknown linkage %u", btf_vlen(m->t));
	return check_no_flag(m);
}

static bool check_var(const struct meta *m)
{
	uint32_t linkage = *btf_tail(m->t);

	if (!check_no_vlen(m) || !check_no_flag(m) || !check_name(m))
		return false;
	if (!m->t->size_type || m->t->size_type > MAX_TYPE)
		return refuse(m, "Invalid type_id", "is of type %u",
			      m->t->size_type);
	if (linkage > 1)
		return refuse(m, "Linkage not supported",
			      "has the unknown linkage %u", linkage);
	return true;
}

/* @end: the end of the previous variable, as the kernel computes it. */
static bool check_variable(const struct meta *m, const uint32_t *var,
			   unsigned int nr, uint32_t *end)
{
	struct kernel_log text = { 0 };
	const char *what = NULL, *log = NULL;
	uint32_t size = m->t->size_type;

	if (!var[0] || var[0] > MAX_TYPE) {
		log = "Invalid type_id";
		what = "not a variable";
	} else if (var[1] < *end || var[1] >= size) {
		log = "Invalid offset";
		what = "starts before the end of the one before, or outside";
	} else if (!var[2] || var[2] > size) {
		log = "Invalid size";
		what = "has no size, or is too large";
	} else if (var[1] + var[2] > size) {
		log = "Invalid offset+size";
		what = "ends outside";
	}
	if (!log) {
		*end = var[1] + var[2];
		return true;
	}
	kernel_log_add(&text, "\t type_id=%u offset=%u size=%u %s", var[0],
		       var[1], var[2], log);
	return refuse_item(m, &text, nr,
			   "%s (type %u, offset %u, size %u of %u)", what,
			   var[0], var[1], var[2], size);
}

static bool check_datasec(const struct meta *m)
{
	const uint32_t *var = btf_tail(m->t);
	const char *name;
	uint32_t end = 0;
	uint64_t sum = 0;
	unsigned int i;

	if (!m->t->size_type)
		return refuse(m, "size == 0", "is empty");
	if (!check_no_flag(m))
		return false;
	name = layer_str(&m->c->layer, m->t->name_off);
	if (!release_has(m->c->release, RULE_ANY_SECTION_NAME)) {
		if (!check_name(m))
			return false;
	} else if (!m->t->name_off || !is_section_name(name)) {
		return refuse(m, "Invalid name", "its name is not printable");
	}
	for (i = 0; i < btf_vlen(m->t); i++, var += 3) {
		if (!check_variable(m, var, i + 1, &end))
			return false;
		sum += var[2];
	}
	if (m->t->size_type < sum)
		return refuse(m, "Invalid btf_info size",
			      "its variables are larger, %ju bytes",
			      (uintmax_t)sum);
	return true;
}

static bool check_float(const struct meta *m)
{
	if (!check_no_vlen(m) || !check_no_flag(m))
		return false;
	switch (m->t->size_type) {
	case 2:
	case 4:
	case 8:
	case 12:
	case 16:
		return true;
	}
	return refuse(m, "Invalid type_size", "has the size %u",
		      m->t->size_type);
}

static bool check_decl_tag(const struct meta *m)
{
	int32_t component = *btf_tail(m->t);

	if (!*layer_str(&m->c->layer, m->t->name_off))
		return refuse(m, "Invalid value", "has no name");
	if (!check_no_vlen(m))
		return false;
	if (!release_has(m->c->release, RULE_TAG_FLAG) && !check_no_flag(m))
		return false;
	if (component < -1)
		return refuse(m, "Invalid component_idx", "is for component %d",
			      component);
	return true;
}

static bool check_kind(const struct meta *m)
{
	switch (btf_kind(m->t)) {
	case BTF_KIND_INT:
		return check_int(m);
	case BTF_KIND_ARRAY:
		return check_array(m);
	case BTF_KIND_STRUCT:
	case BTF_KIND_UNION:
		return check_composite(m);
	case BTF_KIND_ENUM:
	case BTF_KIND_ENUM64:
		return check_enum(m);
	case BTF_KIND_FWD:
		return check_fwd(m);
	case BTF_KIND_FUNC:
		return check_func(m);
	case BTF_KIND_FUNC_PROTO:
		return check_func_proto(m);
	case BTF_KIND_VAR:
		return check_var(m);
	case BTF_KIND_DATASEC:
		return check_datasec(m);
	case BTF_KIND_FLOAT:
		return check_float(m);
	case BTF_KIND_DECL_TAG:
		return check_decl_tag(m);
	default:
		return check_ref(m);
	}
}

/* An error in the first three words */
static void __printf(3, 4) refuse_start(const struct meta *m,
					const struct kernel_log *text,
					const char *fmt, ...)
{
	struct place at = check_place(m->c, m->id);
	char message[200];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(message, sizeof(message), fmt, ap);
	va_end(ap);
	report_error(m->c->report, &at, KERNEL_EINVAL, text->text, "%s%s",
		     message,
		     m->last ? ", nothing after it can be checked" : "");
}

/* Check one type, with @left bytes from its start to the end of all. */
static void check_type(const struct meta *m, uint32_t left)
{
	bool wide = release_has(m->c->release, RULE_WIDE_INFO);
	struct kernel_log text = { 0 };
	unsigned int kind;

	if (left < sizeof(*m->t)) {
		kernel_log_add(&text, "[%u] meta_left:%u meta_needed:%zu",
			       m->id, left, sizeof(*m->t));
		refuse_start(m, &text, "is truncated");
		return;
	}
	kind = btf_kind(m->t);
	left -= sizeof(*m->t);

	if (!wide && m->t->info & ~INFO_MASK) {
		kernel_log_add(&text, "[%u] Invalid btf_info:%x", m->id,
			       m->t->info);
		refuse_start(m, &text, "has unknown bits (0x%x)", m->t->info);
	} else if (!kind || kind >= NR_BTF_KINDS) {
		kernel_log_add(&text, "[%u] Invalid kind:%u", m->id, kind);
		refuse_start(m, &text, "has the unknown kind %u", kind);
	} else if (!name_off_valid(m, m->t->name_off)) {
		kernel_log_add(&text, "[%u] Invalid name_offset:%u", m->id,
			       m->t->name_off);
		refuse_start(m, &text, "name offset %u is outside the strings",
			     m->t->name_off);
	} else if (left < btf_tail_words(m->t) * 4) {
		char log[60];

		snprintf(log, sizeof(log), "meta_left:%u meta_needed:%zu",
			 left, btf_tail_words(m->t) * 4);
		refuse_as(m, KERNEL_EINVAL, false, log,
			  "is truncated, nothing after it can be checked");
	} else {
		check_kind(m);
	}
}

void check_types(const struct check *c)
{
	const struct btf_layer *layer = &c->layer;
	bool complete = layer_complete(layer);
	struct meta m = { .c = c };
	uint32_t i;

	/* The search stopped at the first type that was not found. */
	for (i = 0; i < layer->nr + !complete; i++) {
		uint32_t off = i < layer->nr ? layer->offs[i] : layer->end_off;

		m.id = layer->first_id + i;
		m.t = (const void *)((const uint8_t *)layer->words + off);
		m.last = i == layer->nr;
		check_type(&m, layer->words_len - off);
	}
	if (complete && layer_end(layer) > MAX_TYPE + 1) {
		struct place at = { .section = c->section };

		report_warning(c->report, &at,
			       "%u types in all, the kernel ignores those after %u",
			       layer_end(layer) - 1, MAX_TYPE);
	}
}
