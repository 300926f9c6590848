// SPDX-License-Identifier: GPL-2.0-only
#include <stdlib.h>
#include <string.h>

#include "overview.h"

static void add_sums(struct overview *ov, const struct module_info *info)
{
	ov->nr_status[info->status]++;
	if (info->status == REPORT_NO_BTF)
		ov->nr_why[info->why]++;
	ov->nr_nameless[info->nameless]++;
	ov->nr_with_warnings += info->nr_warnings > 0;
	ov->btf_size += info->btf.size;
	ov->nr_types += info->nr_types;
	ov->nr_found += info->nr_found;
	ov->nr_found_known += info->found_known;
	ov->nr_ids += info->nr_ids;
	ov->nr_ids_unresolved += info->nr_ids_unresolved;
	ov->nr_with_unresolved += info->nr_ids_unresolved > 0;
}

int overview_read(struct overview *ov, const struct check_list *list,
		  const struct base *base, struct err *err)
{
	/* calloc(0) may return NULL. */
	ov->modules = calloc(list->nr + 1, sizeof(*ov->modules));
	if (!ov->modules)
		return err_no_memory(err, "report");
	while (ov->nr < list->nr) {
		struct module_info *info = &ov->modules[ov->nr];

		if (module_info_read(info, list->paths[ov->nr++], base, err))
			return -1;
		add_sums(ov, info);
	}
	return 0;
}

void overview_free(struct overview *ov)
{
	while (ov->nr)
		module_info_free(&ov->modules[--ov->nr]);
	free(ov->modules);
	ov->modules = NULL;
}

static int cmp_name(const void *pa, const void *pb)
{
	const struct module_info *a = pa, *b = pb;

	return strcmp(a->path, b->path);
}

static int cmp_size(const void *pa, const void *pb)
{
	const struct module_info *a = pa, *b = pb;

	if (a->btf.size != b->btf.size)
		return a->btf.size > b->btf.size ? -1 : 1;
	return cmp_name(a, b);
}

void overview_sort(struct overview *ov, enum overview_sort by)
{
	qsort(ov->modules, ov->nr, sizeof(*ov->modules),
	      by == SORT_BY_SIZE ? cmp_size : cmp_name);
}

const char *overview_name(const struct overview *ov,
			  const struct module_info *info)
{
	size_t len = ov->dir ? strlen(ov->dir) : 0;
	const char *name = info->path + len;

	if (!len || strncmp(info->path, ov->dir, len) ||
	    (*name != '/' && name[-1] != '/'))
		return info->path;
	while (*name == '/')
		name++;
	return *name ? name : info->path;
}

const char *overview_why(const struct module_info *info)
{
	if (info->status == REPORT_NO_BTF)
		return no_btf_text(info->why);
	if (info->problem || !info->nameless)
		return info->problem;
	return nameless_text(info->nameless);
}
