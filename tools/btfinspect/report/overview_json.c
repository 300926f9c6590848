// SPDX-License-Identifier: GPL-2.0-only
/* The JSON document, and the page that contains it */
#include <inttypes.h>
#include <string.h>

#include "../../btfstage/version.h"
#include "../show/module_info.h"
#include "../text/text.h"
#include "overview.h"

/* report.html, and a NUL byte. */
__asm__(".pushsection .rodata, \"a\"\n"
	".global report_page\n"
	"report_page:\n"
	".incbin \"report.html\"\n"
	".byte 0\n"
	".popsection\n");

/* Replaced by the JSON. */
#define PAGE_DATA	"@DATA@"

static void put_summary(const struct overview *ov, FILE *f)
{
	const char *comma = "";
	unsigned int why;

	fprintf(f, "{\"modules\":%zu,\"good\":%zu,\"bad\":%zu", ov->nr,
		ov->nr_status[REPORT_GOOD], ov->nr_status[REPORT_BAD]);
	fprintf(f, ",\"no_btf\":%zu,\"unreadable\":%zu,\"no_btf_why\":{",
		ov->nr_status[REPORT_NO_BTF],
		ov->nr_status[REPORT_UNREADABLE]);
	for (why = 0; why < NR_NO_BTF_WHY; why++) {
		if (!ov->nr_why[why])
			continue;
		fprintf(f, "%s\"%s\":%zu", comma, no_btf_name(why),
			ov->nr_why[why]);
		comma = ",";
	}
	fputs("},\"nameless\":{", f);
	comma = "";
	for (why = NAMELESS_NOT + 1; why < NR_NAMELESS; why++) {
		if (!ov->nr_nameless[why])
			continue;
		fprintf(f, "%s\"%s\":%zu", comma, nameless_name(why),
			ov->nr_nameless[why]);
		comma = ",";
	}
	fprintf(f, "},\"with_warnings\":%zu,\"btf_bytes\":%" PRIu64 ",\"types\":%" PRIu64,
		ov->nr_with_warnings, ov->btf_size, ov->nr_types);
	fprintf(f, ",\"types_found\":%" PRIu64 ",\"types_found_modules\":%zu",
		ov->nr_found, ov->nr_found_known);
	fprintf(f, ",\"ids\":%" PRIu64 ",\"ids_unresolved\":%" PRIu64 ",\"with_unresolved\":%zu}",
		ov->nr_ids, ov->nr_ids_unresolved, ov->nr_with_unresolved);
}

void overview_json(const struct overview *ov, FILE *f)
{
	size_t i;

	fputs("{\"base\":", f);
	json_string(f, ov->base_path);
	fputs(",\n\"summary\":", f);
	put_summary(ov, f);
	fputs(",\n\"modules\":[", f);
	for (i = 0; i < ov->nr; i++) {
		fputs(i ? ",\n{" : "\n{", f);
		module_info_json(&ov->modules[i], f);
		putc('}', f);
	}
	fputs("\n]}\n", f);
}

void overview_html(const struct overview *ov, enum overview_sort by, FILE *f)
{
	const char *data = strstr(report_page, PAGE_DATA);
	unsigned int why;

	fwrite(report_page, 1, data - report_page, f);
	fprintf(f, "{\"version\":\"%s\",\"sort\":\"%s\",\"dir\":",
		BTFSTAGE_VERSION, by == SORT_BY_SIZE ? "size" : "name");
	json_string(f, ov->dir);
	fputs(",\"why\":{", f);
	for (why = 0; why < NR_NO_BTF_WHY; why++) {
		fprintf(f, "%s\"%s\":", why ? "," : "", no_btf_name(why));
		json_string(f, no_btf_text(why));
	}
	for (why = NAMELESS_NOT + 1; why < NR_NAMELESS; why++) {
		fprintf(f, ",\"%s\":", nameless_name(why));
		json_string(f, nameless_text(why));
	}
	fputs("},\"report\":", f);
	overview_json(ov, f);
	fprintf(f, "}%s", data + strlen(PAGE_DATA));
}
