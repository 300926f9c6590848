// SPDX-License-Identifier: GPL-2.0-only
#include <inttypes.h>

#include "../text/json.h"
#include "module_json.h"

static void put_section(FILE *f, const char *name,
			const struct section_size *size)
{
	fprintf(f, "\"%s\":", name);
	if (size->nr)
		fprintf(f, "%" PRIu64, size->size);
	else
		fputs("null", f);
}

static void put_types(const struct module_info *info, FILE *f)
{
	const char *comma = "";
	unsigned int kind;

	fprintf(f, ",\"types\":%u,\"types_bytes\":%u,\"strings_bytes\":%u,\"kinds\":{",
		info->nr_types, info->types_len, info->strs_len);
	for (kind = 0; kind < NR_BTF_KINDS; kind++) {
		if (!info->kinds[kind])
			continue;
		fprintf(f, "%s\"%s\":%u", comma, btf_kinds[kind].name,
			info->kinds[kind]);
		comma = ",";
	}
	putc('}', f);
	if (info->found_known)
		fprintf(f, ",\"types_found\":%u", info->nr_found);
}

void module_json_fields(const struct module_info *info, FILE *f)
{
	fputs("\"file\":", f);
	json_string(f, info->path);
	if (info->name[0]) {
		fputs(",\"module\":", f);
		json_string(f, info->name);
	}
	if (info->release[0]) {
		fputs(",\"release\":", f);
		json_string(f, info->release);
	}
	fprintf(f, ",\"status\":\"%s\"", report_status_name(info->status));
	if (info->status == REPORT_NO_BTF)
		fprintf(f, ",\"why\":\"%s\"", no_btf_name(info->why));
	fprintf(f, ",\"errors\":%u,\"warnings\":%u", info->nr_errors,
		info->nr_warnings);
	if (info->problem) {
		fputs(",\"problem\":", f);
		json_string(f, info->problem);
	}
	fputs(",\"sections\":{", f);
	put_section(f, ".BTF", &info->btf);
	putc(',', f);
	put_section(f, ".BTF.base", &info->btf_base);
	putc(',', f);
	put_section(f, ".BTF_ids", &info->btf_ids);
	putc(',', f);
	put_section(f, ".debug_*", &info->debug);
	putc('}', f);
	put_types(info, f);
	fprintf(f, ",\"ids\":%u,\"ids_unresolved\":%u", info->nr_ids,
		info->nr_ids_unresolved);
}
