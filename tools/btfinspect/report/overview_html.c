// SPDX-License-Identifier: GPL-2.0-only
#include <inttypes.h>

#include "../../btfstage/version.h"
#include "html.h"
#include "html_page.h"
#include "html_plot.h"
#include "overview.h"

static const char * const status_texts[NR_REPORT_STATUS] = {
	[REPORT_GOOD] = "with BTF",
	[REPORT_BAD] = "with bad BTF",
	[REPORT_NO_BTF] = "without BTF",
	[REPORT_UNREADABLE] = "unreadable",
};

/* The order in which the heads stand in the table, numbers marked */
static const struct {
	const char *key, *text;
	bool number;
} columns[] = {
	{ "name", "Module", false },
	{ "status", "Status", false },
	{ "size", "Bytes", true },
	{ "types", "Types", true },
	{ "found", "Found", true },
	{ "ids", "Ids", true },
	{ "unresolved", "Unresolved", true },
	{ "why", "Why", false },
	{ NULL, NULL, false }
};

static void put_head(const struct overview *ov, FILE *f)
{
	fputs("<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n"
	      "<meta charset=\"utf-8\">\n"
	      "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; img-src data:; "
	      "style-src 'unsafe-inline'; script-src 'unsafe-inline'; "
	      "base-uri 'none'; form-action 'none'\">\n"
	      "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
	      "<link rel=\"icon\" href=\"data:,\">\n<title>BTF of ", f);
	html_put(f, ov->dir ? ov->dir : "modules");
	fprintf(f, "</title>\n<style>\n%s</style>\n</head>\n<body>\n<h1>BTF of ",
		html_page_style);
	html_name(f, ov->dir ? ov->dir : "modules");
	fputs("</h1>\n", f);
}

static void put_key(unsigned int status, size_t nr, FILE *f)
{
	const char *name = report_status_name(status);

	fprintf(f, "<span class=\"key %s\"></span> <a href=\"#show=%s\">%zu %s</a>",
		name, name, nr, status_texts[status]);
}

static void put_summary(const struct overview *ov, FILE *f)
{
	const char *comma = ": ";
	unsigned int i;

	fprintf(f, "<p><strong>%zu modules</strong>", ov->nr);
	for (i = 0; i < NR_REPORT_STATUS; i++) {
		if (!ov->nr_status[i])
			continue;
		fputs(comma, f);
		put_key(i, ov->nr_status[i], f);
		comma = ", ";
	}
	fputs("</p>\n", f);
	html_plot_status(ov, f);
	fputs("<ul class=\"why\">\n", f);
	for (i = 0; i < NR_NO_BTF_WHY; i++) {
		if (ov->nr_why[i])
			fprintf(f, "<li><a href=\"#show=%s\">%zu without BTF</a>: %s</li>\n",
				no_btf_name(i), ov->nr_why[i], no_btf_text(i));
	}
	fprintf(f, "<li>%" PRIu64 " bytes of BTF, %" PRIu64 " types",
		ov->btf_size, ov->nr_types);
	if (ov->nr_found_known)
		fprintf(f, "; %" PRIu64 " more found in the base, of %zu modules",
			ov->nr_found, ov->nr_found_known);
	fprintf(f, "</li>\n<li>%" PRIu64 " ids in .BTF_ids, ", ov->nr_ids);
	fprintf(f, "%" PRIu64 " unresolved in %zu modules</li>\n",
		ov->nr_ids_unresolved, ov->nr_with_unresolved);
	if (ov->base_path) {
		fputs("<li>checked against ", f);
		html_name(f, ov->base_path);
		fprintf(f, ": %zu modules with warnings</li>\n",
			ov->nr_with_warnings);
	}
	fputs("</ul>\n", f);
}

/* Hidden until there is a script that makes them do something. */
static void put_controls(const struct overview *ov, FILE *f)
{
	unsigned int i;

	fputs("<form hidden><label>Show <select id=\"show\">\n"
	      "<option value=\"\">all modules</option>\n", f);
	for (i = 0; i < NR_REPORT_STATUS; i++) {
		if (ov->nr_status[i])
			fprintf(f, "<option value=\"%s\">%s</option>\n",
				report_status_name(i), status_texts[i]);
	}
	for (i = 0; i < NR_NO_BTF_WHY; i++) {
		if (ov->nr_why[i])
			fprintf(f, "<option value=\"%s\">%s</option>\n",
				no_btf_name(i), no_btf_text(i));
	}
	fputs("</select></label>\n"
	      "<label>Find <input id=\"find\" type=\"search\"></label>\n"
	      "<output id=\"shown\"></output></form>\n", f);
}

static void put_number(FILE *f, uint64_t n)
{
	fprintf(f, "<td class=\"n\" data-v=\"%" PRIu64 "\">%" PRIu64 "</td>",
		n, n);
}

/* What is not known comes after all that is. */
static void put_unknown(FILE *f)
{
	fputs("<td class=\"n\" data-v=\"-1\">\342\200\223</td>", f);
}

static void put_row(const struct overview *ov, const struct module_info *info,
		    uint64_t size_max, FILE *f)
{
	const char *why = overview_why(info);

	fprintf(f, "<tr data-status=\"%s\" data-why=\"%s\"><td class=\"name\">",
		report_status_name(info->status), no_btf_name(info->why));
	html_name(f, overview_name(ov, info));
	fprintf(f, "</td><td>%s</td>", report_status_name(info->status));
	if (info->btf.size) {
		fprintf(f, "<td class=\"n bar\" style=\"--w:%.1f%%\"",
			(double)info->btf.size * 100 / size_max);
		fprintf(f, " data-v=\"%" PRIu64 "\">%" PRIu64 "</td>",
			info->btf.size, info->btf.size);
		put_number(f, info->nr_types);
	} else {
		put_unknown(f);
		put_unknown(f);
	}
	if (info->found_known)
		put_number(f, info->nr_found);
	else
		put_unknown(f);
	put_number(f, info->nr_ids);
	put_number(f, info->nr_ids_unresolved);
	fputs("<td class=\"why\">", f);
	if (why)
		html_name(f, why);
	fputs("</td></tr>\n", f);
}

static void put_table(const struct overview *ov, enum overview_sort by,
		      FILE *f)
{
	uint64_t size_max = 1;
	size_t i;

	fprintf(f, "<table id=\"modules\" data-sort=\"%s\">\n<thead><tr>",
		by == SORT_BY_SIZE ? "size" : "name");
	for (i = 0; columns[i].key; i++)
		fprintf(f, "<th data-key=\"%s\"%s><button type=\"button\">%s</button></th>",
			columns[i].key, columns[i].number ? " class=\"n\"" : "",
			columns[i].text);
	fputs("</tr></thead>\n<tbody>\n", f);
	for (i = 0; i < ov->nr; i++) {
		if (ov->modules[i].btf.size > size_max)
			size_max = ov->modules[i].btf.size;
	}
	for (i = 0; i < ov->nr; i++)
		put_row(ov, &ov->modules[i], size_max, f);
	fputs("</tbody>\n</table>\n", f);
}

void overview_html(const struct overview *ov, enum overview_sort by, FILE *f)
{
	put_head(ov, f);
	put_summary(ov, f);
	fputs("<h2>Modules by bytes of BTF</h2>\n", f);
	html_plot_sizes(ov, f);
	fputs("<h2>Modules</h2>\n", f);
	put_controls(ov, f);
	put_table(ov, by, f);
	fprintf(f, "<p><small>btfinspect %s</small></p>\n<script>\n%s</script>\n</body>\n</html>\n",
		BTFSTAGE_VERSION, html_page_script);
}
