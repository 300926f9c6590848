// SPDX-License-Identifier: GPL-2.0-only
#include <stdarg.h>
#include <stdio.h>

#include "kernel_log.h"

/* A name can have megabytes: copy no more than fits. */
#define NAME	"%.512s"

void kernel_log_add(struct kernel_log *log, const char *fmt, ...)
{
	va_list ap;
	int n;

	va_start(ap, fmt);
	n = vsnprintf(log->text + log->len, sizeof(log->text) - log->len, fmt,
		      ap);
	va_end(ap);
	if (n > 0)
		log->len += n;
	if (log->len >= sizeof(log->text))
		log->len = sizeof(log->text) - 1;
}

static void add_int(struct kernel_log *log, const struct btf_type *t)
{
	uint32_t word = *btf_tail(t);
	const char *encoding = "UNKN";

	switch ((word >> 24) & 0xf) {
	case 0:
		encoding = "(none)";
		break;
	case 1:
		encoding = "SIGNED";
		break;
	case 2:
		encoding = "CHAR";
		break;
	case 4:
		encoding = "BOOL";
		break;
	}
	kernel_log_add(log, "size=%u bits_offset=%u nr_bits=%u encoding=%s",
		       t->size_type, (word >> 16) & 0xff, word & 0xff,
		       encoding);
}

static void add_params(struct kernel_log *log, const struct btf_layer *types,
		       const struct btf_type *t)
{
	const uint32_t *param = btf_tail(t);
	unsigned int nr = btf_vlen(t), i;

	kernel_log_add(log, "return=%u args=(", t->size_type);
	if (!nr)
		kernel_log_add(log, "void");
	for (i = 0; i < nr && log->len + 1 < sizeof(log->text);
	     i++, param += 2) {
		if (i)
			kernel_log_add(log, ", ");
		/* Without a type the last one is for all that may come. */
		if (i == nr - 1 && !param[1])
			kernel_log_add(log, "vararg");
		else
			kernel_log_add(log, "%u " NAME, param[1],
				       layer_name(types, param[0]));
	}
	kernel_log_add(log, ")");
}

static void add_details(struct kernel_log *log, const struct btf_layer *types,
			const struct btf_type *t)
{
	const uint32_t *tail = btf_tail(t);

	switch (btf_kind(t)) {
	case BTF_KIND_INT:
		add_int(log, t);
		break;
	case BTF_KIND_ARRAY:
		kernel_log_add(log, "type_id=%u index_type_id=%u nr_elems=%u",
			       tail[0], tail[1], tail[2]);
		break;
	case BTF_KIND_FWD:
		kernel_log_add(log, "%s", btf_kflag(t) ? "union" : "struct");
		break;
	case BTF_KIND_FUNC_PROTO:
		add_params(log, types, t);
		break;
	case BTF_KIND_VAR:
		kernel_log_add(log, "type_id=%u linkage=%u", t->size_type,
			       tail[0]);
		break;
	case BTF_KIND_FLOAT:
		kernel_log_add(log, "size=%u", t->size_type);
		break;
	case BTF_KIND_DECL_TAG:
		kernel_log_add(log, "type=%u component_idx=%d", t->size_type,
			       (int)tail[0]);
		break;
	case BTF_KIND_STRUCT:
	case BTF_KIND_UNION:
	case BTF_KIND_ENUM:
	case BTF_KIND_ENUM64:
	case BTF_KIND_DATASEC:
		kernel_log_add(log, "size=%u vlen=%u", t->size_type,
			       btf_vlen(t));
		break;
	default:
		kernel_log_add(log, "type_id=%u", t->size_type);
	}
}

void kernel_log_type(struct kernel_log *log, const struct btf_layer *types,
		     uint32_t id, const struct btf_type *t, bool details)
{
	kernel_log_add(log, "[%u] %s " NAME, id, btf_kind_info(t)->name,
		       layer_name(types, t->name_off));
	if (!details)
		return;
	kernel_log_add(log, " ");
	add_details(log, types, t);
}

void kernel_log_member(struct kernel_log *log, const struct btf_layer *types,
		       const struct btf_type *t, const uint32_t *member)
{
	kernel_log_add(log, "\t" NAME " type_id=%u", layer_name(types, member[0]),
		       member[1]);
	if (btf_kflag(t))
		kernel_log_add(log, " bitfield_size=%u bits_offset=%u",
			       member[2] >> 24, member[2] & 0xffffff);
	else
		kernel_log_add(log, " bits_offset=%u", member[2]);
}
