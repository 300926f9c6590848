// SPDX-License-Identifier: GPL-2.0-only
/*
 * From 7.0 on, resolve_btfids makes two functions of a kfunc with
 * KF_IMPLICIT_ARGS: foo_impl() has the prototype of the source, foo() only the
 * arguments that a BPF program passes. It recognizes implicit arguments by the
 * struct that they point to, if the module defines that struct. If the module
 * only declares it, foo() keeps all arguments.
 */
#include <stdio.h>
#include <string.h>

#include "implicit.h"

#define IMPL_SUFFIX	"_impl"
#define MAX_NAME	512	/* as KSYM_NAME_LEN */

static const struct btf_type *skip_modifiers(const struct btf *btf,
					     uint32_t id)
{
	const struct btf_type *t;
	uint32_t left = btf->nr_types;

	/* Modifiers can refer to each other in a cycle. */
	while (id && left--) {
		t = btf_type(btf, id);
		switch (btf_kind(t)) {
		case BTF_KIND_TYPEDEF:
		case BTF_KIND_VOLATILE:
		case BTF_KIND_CONST:
		case BTF_KIND_RESTRICT:
		case BTF_KIND_TYPE_TAG:
			id = t->size_type;
			break;
		default:
			return t;
		}
	}
	return NULL;
}

/*
 * Name of the struct that type @id points to, if it is one of these, declared.
 */
static const char *implicit_type(const struct btf *btf, uint32_t id)
{
	const struct btf_type *t = skip_modifiers(btf, id);
	const char *name;

	if (!t || btf_kind(t) != BTF_KIND_PTR)
		return NULL;
	t = skip_modifiers(btf, t->size_type);
	if (!t || btf_kind(t) != BTF_KIND_FWD)
		return NULL;
	name = btf_str(btf, t->name_off);
	return !strcmp(name, "bpf_prog_aux") ||
	       !strcmp(name, "btf_struct_meta") ? name : NULL;
}

static const char *implicit_arg(const struct btf *btf,
				const struct btf_type *func)
{
	const struct btf_type *proto = skip_modifiers(btf, func->size_type);
	const uint32_t *param;
	const char *name;
	size_t i;

	if (!proto || btf_kind(proto) != BTF_KIND_FUNC_PROTO)
		return NULL;
	param = btf_words(proto) + BTF_TYPE_WORDS;
	for (i = 0; i < btf_vlen(proto); i++, param += 2) {
		name = implicit_type(btf, param[1]);
		if (name)
			return name;
	}
	return NULL;
}

static bool has_impl(const struct own_names *own, const char *name)
{
	char impl[MAX_NAME];
	int len = snprintf(impl, sizeof(impl), "%s" IMPL_SUFFIX, name);

	return len < MAX_NAME &&
	       own_names_find(own, BTF_KIND_FUNC, impl, len);
}

void implicit_args_left(const struct btf *btf, const struct own_names *own,
			void (*found)(void *arg, const char *kfunc,
				      const char *type),
			void *arg)
{
	const struct btf_type *t;
	const char *type;
	uint32_t id;

	for (id = 1; id <= btf->nr_types; id++) {
		t = btf_type(btf, id);
		if (btf_kind(t) != BTF_KIND_FUNC)
			continue;
		type = implicit_arg(btf, t);
		if (type && has_impl(own, btf_str(btf, t->name_off)))
			found(arg, btf_str(btf, t->name_off), type);
	}
}
