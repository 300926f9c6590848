// SPDX-License-Identifier: GPL-2.0-only
/*
 * References between types. When it loads a module, the kernel only checks
 * chains of modifiers. Users of the types depend on all references, so these
 * are the rules for BTF from user space (btf_check_all_types()), except for
 * alignment and for the position of bit fields. They also detect ids of another
 * base.
 *
 * There is no recursion: a crafted file can nest millions of types.
 */
#include <stdarg.h>
#include <stdlib.h>

#include "check.h"

/* The kernel's limit (MAX_RESOLVE_DEPTH) */
#define MAX_DEPTH	LAYER_MAX_DEPTH

#define NAME		"%.100s"

/* ------------------------------------------------------------------------
 * Chains of modifiers, as in "const volatile foo_t", as btf_check_type_tags()
 * of the kernel checks them, since 7.2 btf_check_modifier_chain_length(). A
 * chain ends, is not too long, and before 7.2 starts with its tags.
 */

static void check_chain(const struct check *c, uint32_t id, uint32_t good_id)
{
	const struct btf_type *t = layer_type(&c->layer, id);
	struct place at = check_place(c, id);
	bool in_tags = btf_kind(t) == BTF_KIND_TYPE_TAG;
	bool in_order = !release_has(c->release, RULE_TAGS_ANYWHERE);
	unsigned int len = 0;
	uint32_t cur = id;

	while (btf_is_modifier(t)) {
		if (len++ == MAX_DEPTH) {
			report_error(c->report, &at, KERNEL_ELOOP,
				     "Max chain length or cycle detected",
				     "a chain of more than %u modifiers, or a cycle",
				     MAX_DEPTH);
			return;
		}
		if (btf_kind(t) != BTF_KIND_TYPE_TAG) {
			in_tags = false;
		} else if (!in_tags && in_order) {
			report_error(c->report, &at, KERNEL_EINVAL,
				     "Type tags don't precede modifiers",
				     "the tag of type %u comes after modifiers",
				     cur);
			return;
		}
		if (cur <= good_id)
			return;
		cur = t->size_type;
		t = layer_type(&c->layer, cur);
		if (!t) {
			report_error(c->report, &at, KERNEL_EINVAL, NULL,
				     "leads to type %u, which does not exist",
				     cur);
			return;
		}
	}
}

void check_chains(const struct check *c)
{
	uint32_t good_id = c->layer.first_id - 1, id;

	if (!layer_complete(&c->layer))
		return;
	for (id = c->layer.first_id; id < layer_end(&c->layer); id++) {
		if (!btf_is_modifier(layer_type(&c->layer, id)))
			continue;
		check_chain(c, id, good_id);
		good_id = id;
	}
}

/* ------------------------------------------------------------------------
 * All else
 */

static void __printf(3, 4) warn(const struct check *c, uint32_t id,
				const char *fmt, ...)
{
	const struct btf_type *t = layer_type(&c->layer, id);
	struct place at = check_place(c, id);
	char message[300];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(message, sizeof(message), fmt, ap);
	va_end(ap);
	report_warning(c->report, &at, "%s " NAME ": %s",
		       btf_kind_info(t)->name,
		       layer_name(&c->layer, t->name_off), message);
}

/* Check that ids and names exist. */
static bool check_words(const struct check *c, uint32_t id,
			const struct btf_type *t)
{
	struct btf_iter it;

	for (it = btf_iter_begin(t); btf_iter_valid(&it); btf_iter_next(&it)) {
		if (it.role == BTF_REF && !layer_type(&c->layer, *it.word)) {
			warn(c, id, "refers to type %u, there are %u",
			     *it.word, layer_end(&c->layer) - 1);
			return false;
		}
		if (it.role == BTF_NAME && !layer_str(&c->layer, *it.word)) {
			warn(c, id, "name offset %u is outside the strings",
			     *it.word);
			return false;
		}
	}
	return true;
}

/*
 * Size in bytes of type @id, through modifiers and arrays. -1: it has none, -2:
 * they do not end, or nest too deeply.
 */
static int64_t size_of(const struct check *c, uint32_t id)
{
	uint64_t elements = 1;
	unsigned int depth;

	for (depth = 0; depth <= MAX_DEPTH; depth++) {
		const struct btf_type *t = layer_type(&c->layer, id);

		if (!t)
			return -1;
		if (btf_is_modifier(t)) {
			id = t->size_type;
			continue;
		}
		switch (btf_kind(t)) {
		case BTF_KIND_ARRAY:
			elements *= btf_tail(t)[2];
			if (elements > UINT32_MAX)
				return -1;
			id = btf_tail(t)[0];
			break;
		case BTF_KIND_PTR:
			return elements * c->ptr_size;
		case BTF_KIND_INT:
		case BTF_KIND_STRUCT:
		case BTF_KIND_UNION:
		case BTF_KIND_ENUM:
		case BTF_KIND_ENUM64:
		case BTF_KIND_FLOAT:
			return elements * t->size_type;
		default:
			/* Unknown kinds can have any size. */
			return btf_kind(t) < NR_BTF_KINDS ? -1 : 0;
		}
	}
	return -2;
}

static bool is_source(unsigned int kind)
{
	return kind == BTF_KIND_VAR || kind == BTF_KIND_DATASEC ||
	       kind == BTF_KIND_DECL_TAG;
}

/* Type @ref can be the type of something, including a declaration and void. */
static void check_target(const struct check *c, uint32_t id, uint32_t ref)
{
	const struct btf_type *t = layer_type(&c->layer, ref);
	unsigned int kind = btf_kind(t);

	if (is_source(kind) || kind == BTF_KIND_FUNC)
		warn(c, id, "refers to type %u, %s " NAME, ref,
		     btf_kinds[kind].name, layer_name(&c->layer, t->name_off));
}

/* Type @ref can be the type of a variable called @what. */
static bool check_sized(const struct check *c, uint32_t id, uint32_t ref,
			const char *what, int64_t *size)
{
	*size = size_of(c, ref);
	if (*size >= 0)
		return true;
	if (*size == -2)
		warn(c, id, "%s is of type %u, nested more than %u deep",
		     what, ref, MAX_DEPTH);
	else
		warn(c, id, "%s is of type %u, which has no size, or too large a one",
		     what, ref);
	return false;
}

/* btf_type_int_is_regular() */
static bool is_regular_int(const struct btf_type *t)
{
	uint32_t word = *btf_tail(t), bits = word & 0xff;

	return !((word >> 16) & 0xff) && (bits == 8 || bits == 16 ||
		bits == 32 || bits == 64 || bits == 128);
}

static void check_array(const struct check *c, uint32_t id,
			const struct btf_type *t)
{
	const uint32_t *array = btf_tail(t);
	const struct btf_type *elem =
		layer_skip_modifiers(&c->layer, array[0]);
	const struct btf_type *index =
		layer_skip_modifiers(&c->layer, array[1]);
	int64_t size;

	if (!index || btf_kind(index) != BTF_KIND_INT)
		warn(c, id, "its index is of type %u, which is not an integer",
		     array[1]);
	else if (!is_regular_int(index))
		warn(c, id, "its index is of type %u, an irregular integer",
		     array[1]);
	if (elem && btf_kind(elem) == BTF_KIND_INT && !is_regular_int(elem))
		warn(c, id, "it is of type %u, an irregular integer",
		     array[0]);
	check_sized(c, id, id, "it", &size);
}

static void check_members(const struct check *c, uint32_t id,
			  const struct btf_type *t)
{
	const uint32_t *member = btf_tail(t);
	unsigned int i;

	for (i = 0; i < btf_vlen(t); i++, member += 3) {
		const char *name = layer_name(&c->layer, member[0]);
		uint32_t offset = member[2], bits = 0;
		uint64_t end;
		int64_t size;

		if (!check_sized(c, id, member[1], "a member", &size))
			return;
		if (btf_kflag(t)) {
			bits = offset >> 24;
			offset &= 0xffffff;
		}
		end = offset + (bits ? bits : (uint64_t)size * 8);
		/* Without kind_flag, the size of a bit field is in its type. */
		if (end > (uint64_t)t->size_type * 8 &&
		    (btf_kflag(t) || !(offset % 8))) {
			warn(c, id, "member " NAME " (type %u) ends after %ju of %u bytes",
			     name, member[1], (uintmax_t)(end / 8),
			     t->size_type);
			return;
		}
	}
}

static void check_params(const struct check *c, uint32_t id,
			 const struct btf_type *t)
{
	const uint32_t *param = btf_tail(t);
	unsigned int nr = btf_vlen(t), i;
	int64_t size;

	if (t->size_type &&
	    !check_sized(c, id, t->size_type, "its result", &size))
		return;
	for (i = 0; i < nr; i++, param += 2) {
		if (i == nr - 1 && !param[0] && !param[1])
			return;
		if (param[0] &&
		    !is_identifier(layer_str(&c->layer, param[0]))) {
			warn(c, id, "the name of parameter %u is not an identifier",
			     i + 1);
			return;
		}
		if (!check_sized(c, id, param[1], "a parameter", &size))
			return;
	}
}

/*
 * The parameters of a function have names; those of a function type need not.
 */
static void check_func(const struct check *c, uint32_t id,
		       const struct btf_type *t)
{
	const struct btf_type *proto = layer_type(&c->layer, t->size_type);
	const uint32_t *param = btf_tail(proto);
	unsigned int i;

	if (btf_kind(proto) != BTF_KIND_FUNC_PROTO) {
		warn(c, id, "type %u is not a prototype", t->size_type);
		return;
	}
	for (i = 0; i < btf_vlen(proto); i++, param += 2) {
		if (!param[0] && param[1]) {
			warn(c, id, "parameter %u has no name", i + 1);
			return;
		}
	}
}

static void check_datasec(const struct check *c, uint32_t id,
			  const struct btf_type *t)
{
	const uint32_t *var = btf_tail(t);
	unsigned int i;

	for (i = 0; i < btf_vlen(t); i++, var += 3) {
		const struct btf_type *v = layer_type(&c->layer, var[0]);
		int64_t size;

		if (btf_kind(v) != BTF_KIND_VAR) {
			warn(c, id, "type %u is not a variable", var[0]);
			return;
		}
		size = size_of(c, v->size_type);
		if (size > var[2]) {
			warn(c, id, "variable " NAME " has %jd bytes, but %u here",
			     layer_name(&c->layer, v->name_off),
			     (intmax_t)size, var[2]);
			return;
		}
	}
}

static void check_decl_tag(const struct check *c, uint32_t id,
			   const struct btf_type *t)
{
	const struct btf_type *target = layer_type(&c->layer, t->size_type);
	int32_t component = *btf_tail(t);
	unsigned int nr = 0;

	switch (btf_kind(target)) {
	case BTF_KIND_STRUCT:
	case BTF_KIND_UNION:
		nr = btf_vlen(target);
		break;
	case BTF_KIND_FUNC:
		target = layer_type(&c->layer, target->size_type);
		if (target && btf_kind(target) == BTF_KIND_FUNC_PROTO)
			nr = btf_vlen(target);
		break;
	case BTF_KIND_VAR:
	case BTF_KIND_TYPEDEF:
		break;
	default:
		warn(c, id, "type %u cannot have a tag", t->size_type);
		return;
	}
	if (component >= 0 && (uint32_t)component >= nr)
		warn(c, id, "is for component %d of %u", component, nr);
}

static void check_type(const struct check *c, uint32_t id)
{
	const struct btf_type *t = layer_type(&c->layer, id);
	int64_t size;

	if (!check_words(c, id, t))
		return;
	switch (btf_kind(t)) {
	case BTF_KIND_PTR:
	case BTF_KIND_TYPEDEF:
	case BTF_KIND_VOLATILE:
	case BTF_KIND_CONST:
	case BTF_KIND_RESTRICT:
	case BTF_KIND_TYPE_TAG:
		check_target(c, id, t->size_type);
		break;
	case BTF_KIND_ARRAY:
		check_array(c, id, t);
		break;
	case BTF_KIND_STRUCT:
	case BTF_KIND_UNION:
		check_members(c, id, t);
		break;
	case BTF_KIND_FUNC:
		check_func(c, id, t);
		break;
	case BTF_KIND_FUNC_PROTO:
		check_params(c, id, t);
		break;
	case BTF_KIND_VAR:
		check_sized(c, id, t->size_type, "it", &size);
		break;
	case BTF_KIND_DATASEC:
		check_datasec(c, id, t);
		break;
	case BTF_KIND_DECL_TAG:
		check_decl_tag(c, id, t);
		break;
	}
}

/* ------------------------------------------------------------------------
 * Structs that contain themselves: a depth-first search for a reference to a
 * struct on the stack. Types of the base do not refer to types of a module.
 */

enum visit { VISIT_NOT, VISIT_OPEN, VISIT_DONE };

struct step {
	uint32_t id;
	uint32_t next;		/* member to look at next */
};

/* The module's struct that a member of type @id contains, 0: none. */
static uint32_t held_struct(const struct check *c, uint32_t id)
{
	unsigned int depth;

	for (depth = 0; depth <= MAX_DEPTH && id >= c->layer.first_id;
	     depth++) {
		const struct btf_type *t = layer_type(&c->layer, id);

		if (!t)
			return 0;
		if (btf_is_composite(t))
			return id;
		if (btf_is_modifier(t))
			id = t->size_type;
		else if (btf_kind(t) == BTF_KIND_ARRAY)
			id = btf_tail(t)[0];
		else
			return 0;
	}
	return 0;
}

static void visit(const struct check *c, uint32_t id, struct step *stack,
		  uint8_t *visits)
{
	uint32_t first = c->layer.first_id, depth = 1;

	stack[0] = (struct step){ .id = id };
	visits[id - first] = VISIT_OPEN;
	while (depth) {
		struct step *step = &stack[depth - 1];
		const struct btf_type *t = layer_type(&c->layer, step->id);
		uint32_t held;

		if (step->next == btf_vlen(t)) {
			visits[step->id - first] = VISIT_DONE;
			depth--;
			continue;
		}
		held = held_struct(c, btf_tail(t)[3 * step->next++ + 1]);
		if (!held || visits[held - first] == VISIT_DONE)
			continue;
		if (visits[held - first] == VISIT_OPEN) {
			warn(c, held, "contains itself");
			continue;
		}
		/* Each struct is on the stack once at most. */
		visits[held - first] = VISIT_OPEN;
		stack[depth++] = (struct step){ .id = held };
	}
}

/*
 * A pointer or a modifier refers to one type, so a path that reaches a type
 * twice is a loop. @seen: [type] start of the path that reached it
 */
static void check_pointers(const struct check *c, uint32_t *seen)
{
	uint32_t first = c->layer.first_id, from;

	for (from = first; from < layer_end(&c->layer); from++) {
		uint32_t id = from;

		while (id >= first && !seen[id - first]) {
			const struct btf_type *t = layer_type(&c->layer, id);

			if (!t || (!btf_is_modifier(t) &&
				   btf_kind(t) != BTF_KIND_PTR))
				break;
			seen[id - first] = from;
			id = t->size_type;
			if (id >= layer_end(&c->layer))
				break;
		}
		if (id >= first && id < layer_end(&c->layer) &&
		    seen[id - first] == from)
			warn(c, id, "leads back to itself");
	}
}

static int check_loops(const struct check *c, struct err *err)
{
	size_t nr = c->layer.nr;
	struct step *stack = calloc(nr + 1, sizeof(*stack));
	uint32_t *seen = calloc(nr + 1, sizeof(*seen));
	uint8_t *visits = calloc(nr + 1, 1);
	uint32_t id;
	int ret = 0;

	if (!stack || !seen || !visits) {
		ret = err_no_memory(err, c->report->path);
		goto out_free;
	}
	for (id = c->layer.first_id; id < layer_end(&c->layer); id++) {
		if (btf_is_composite(layer_type(&c->layer, id)) &&
		    visits[id - c->layer.first_id] == VISIT_NOT)
			visit(c, id, stack, visits);
	}
	check_pointers(c, seen);

out_free:
	free(stack);
	free(seen);
	free(visits);
	return ret;
}

int check_refs(const struct check *c, struct err *err)
{
	uint32_t id;

	if (!layer_complete(&c->layer))
		return 0;
	for (id = c->layer.first_id; id < layer_end(&c->layer); id++)
		check_type(c, id);
	return check_loops(c, err);
}
