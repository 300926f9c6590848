// SPDX-License-Identifier: GPL-2.0-only
/*
 * Names are last in a line, since they can have any length. The columns before
 * them are as wide as their numbers.
 */
#include <inttypes.h>

#include "../text/text.h"
#include "overview.h"

void overview_text_summary(const struct overview *ov, FILE *f)
{
	unsigned int why;

	fprintf(f, "%zu modules: %zu with BTF, %zu without, %zu bad, %zu unreadable\n",
		ov->nr, ov->nr_status[REPORT_GOOD],
		ov->nr_status[REPORT_NO_BTF], ov->nr_status[REPORT_BAD],
		ov->nr_status[REPORT_UNREADABLE]);
	for (why = 0; why < NR_NO_BTF_WHY; why++) {
		if (ov->nr_why[why])
			fprintf(f, "  %zu without: %s\n", ov->nr_why[why],
				no_btf_text(why));
	}
	for (why = NAMELESS_NOT + 1; why < NR_NAMELESS; why++) {
		if (ov->nr_nameless[why])
			fprintf(f, "  %zu with no type of its own that has a name: %s\n",
				ov->nr_nameless[why], nameless_text(why));
	}
	fprintf(f, "BTF: %" PRIu64 " bytes, %" PRIu64 " types\n", ov->btf_size,
		ov->nr_types);
	if (ov->nr_found_known)
		fprintf(f, "  found in the base: %" PRIu64 " types, of %zu modules\n",
			ov->nr_found, ov->nr_found_known);
	fprintf(f, ".BTF_ids: %" PRIu64 " ids, %" PRIu64 " unresolved in %zu modules\n",
		ov->nr_ids, ov->nr_ids_unresolved, ov->nr_with_unresolved);
	if (ov->base_path) {
		fputs("checked against ", f);
		line_put(f, ov->base_path);
		fprintf(f, ": %zu modules with warnings\n",
			ov->nr_with_warnings);
	}
}

static void put_name(const struct overview *ov, const struct module_info *info,
		     FILE *f)
{
	const char *why = overview_why(info);

	line_put(f, overview_name(ov, info));
	if (!why)
		return;
	fputs(info->status == REPORT_GOOD && info->problem ? ": warning: " :
							     ": ", f);
	line_put(f, why);
}

static void put_without(const struct overview *ov, FILE *f)
{
	size_t i;

	if (ov->nr_status[REPORT_GOOD] == ov->nr)
		return;
	fprintf(f, "\n%-10s  %s\n", "BTF", "MODULE");
	for (i = 0; i < ov->nr; i++) {
		const struct module_info *info = &ov->modules[i];

		if (info->status == REPORT_GOOD)
			continue;
		fprintf(f, "%-10s  ", report_status_name(info->status));
		put_name(ov, info, f);
		putc('\n', f);
	}
}

static int digits(uint64_t n, int at_least)
{
	int len = 1;

	while (n > 9) {
		n /= 10;
		len++;
	}
	return len > at_least ? len : at_least;
}

static void put_with(const struct overview *ov, FILE *f)
{
	/* The sum has the most digits. */
	int w_size = digits(ov->btf_size, 5);
	int w_types = digits(ov->nr_types, 5);
	int w_found = digits(ov->nr_found, 5);
	int w_ids = digits(ov->nr_ids, 3);
	size_t i;

	if (!ov->nr_status[REPORT_GOOD])
		return;
	fprintf(f, "\n%*s  %*s  %*s  %*s  %10s  %s\n", w_size, "BYTES", w_types,
		"TYPES", w_found, "FOUND", w_ids, "IDS", "UNRESOLVED",
		"MODULE");
	for (i = 0; i < ov->nr; i++) {
		const struct module_info *info = &ov->modules[i];

		if (info->status != REPORT_GOOD)
			continue;
		fprintf(f, "%*" PRIu64 "  %*u  ", w_size, info->btf.size,
			w_types, info->nr_types);
		if (info->found_known)
			fprintf(f, "%*u", w_found, info->nr_found);
		else
			fprintf(f, "%*s", w_found, "-");
		fprintf(f, "  %*u  %10u  ", w_ids, info->nr_ids,
			info->nr_ids_unresolved);
		put_name(ov, info, f);
		putc('\n', f);
	}
}

void overview_text(const struct overview *ov, FILE *f)
{
	overview_text_summary(ov, f);
	put_without(ov, f);
	put_with(ov, f);
}
