// SPDX-License-Identifier: GPL-2.0-only
#include <dirent.h>
#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "check_list.h"

/* Takes ownership of @path, which may be NULL after a failed allocation. */
static int add_path(struct check_list *list, char *path, struct err *err)
{
	if (path && list->nr == list->max) {
		size_t max = list->max ? 2 * list->max : 64;
		char **paths = reallocarray(list->paths, max, sizeof(*paths));

		if (!paths) {
			free(path);
			path = NULL;
		} else {
			list->paths = paths;
			list->max = max;
		}
	}
	if (!path)
		return err_no_memory(err, "list of modules");
	list->paths[list->nr++] = path;
	return 0;
}

static bool ends_in(const char *name, const char *end)
{
	size_t len = strlen(name), end_len = strlen(end);

	return len > end_len && !strcmp(name + len - end_len, end);
}

static bool is_module(const char *name)
{
	return (ends_in(name, ".ko") && !ends_in(name, ".no-btf.ko")) ||
	       ends_in(name, ".ko.xz") || ends_in(name, ".ko.zst") ||
	       ends_in(name, ".ko.gz");
}

static char *join(const char *dir, const char *name)
{
	const char *slash = ends_in(dir, "/") || !strcmp(dir, "/") ? "" : "/";
	char *path;

	return asprintf(&path, "%s%s%s", dir, slash, name) < 0 ? NULL : path;
}

static int add_entry(const char *dir, const char *name,
		     struct check_list *list, struct check_list *dirs,
		     struct err *err)
{
	char *path = join(dir, name);
	struct stat st;
	int ret = 0;

	if (!path)
		return add_path(list, NULL, err);
	if (lstat(path, &st)) {
		/* It may have been removed. */
		if (errno != ENOENT)
			ret = err_set(err, path, "cannot stat:");
	} else if (S_ISDIR(st.st_mode)) {
		return add_path(dirs, path, err);
	} else if (is_module(name)) {
		return add_path(list, path, err);
	}
	free(path);
	return ret;
}

/* Modules go to @list, directories to @dirs. */
static int read_dir(const char *path, struct check_list *list,
		    struct check_list *dirs, struct err *err)
{
	struct dirent *entry;
	int ret = 0;
	DIR *dir;

	dir = opendir(path);
	if (!dir)
		return err_set(err, path, "cannot read:");
	while (!ret) {
		const char *name;

		errno = 0;
		entry = readdir(dir);
		if (!entry) {
			if (errno)
				ret = err_set(err, path, "cannot read:");
			break;
		}
		name = entry->d_name;
		if (!strcmp(name, ".") || !strcmp(name, ".."))
			continue;
		if (entry->d_type == DT_DIR || entry->d_type == DT_UNKNOWN ||
		    is_module(name))
			ret = add_entry(path, name, list, dirs, err);
	}
	closedir(dir);
	return ret;
}

static int cmp_path(const void *pa, const void *pb)
{
	return strcmp(*(char * const *)pa, *(char * const *)pb);
}

static int add_dir(struct check_list *list, const char *path, struct err *err)
{
	struct check_list dirs = { 0 };
	size_t first = list->nr;
	int ret;

	ret = read_dir(path, list, &dirs, err);
	while (!ret && dirs.nr) {
		char *dir = dirs.paths[--dirs.nr];

		ret = read_dir(dir, list, &dirs, err);
		free(dir);
	}
	check_list_free(&dirs);
	if (!ret && list->nr == first)
		ret = err_set(err, path, "contains no modules");
	if (list->nr != first)
		qsort(list->paths + first, list->nr - first,
		      sizeof(*list->paths), cmp_path);
	return ret;
}

static int add_lines(struct check_list *list, FILE *in, struct err *err)
{
	char *line = NULL;
	size_t size = 0;
	ssize_t len;
	int ret = 0;

	while (!ret && (len = getline(&line, &size, in)) >= 0) {
		char *path;

		if (len && line[len - 1] == '\n')
			line[--len] = '\0';
		if (!len)
			continue;
		if (!ends_in(line, ".o")) {
			path = strdup(line);
		} else {
			/* As in modules.order since 6.2 */
			line[len - 2] = '\0';
			if (asprintf(&path, "%s.ko", line) < 0)
				path = NULL;
		}
		ret = add_path(list, path, err);
	}
	if (!ret && !feof(in))
		ret = err_set(err, "standard input", "cannot read:");
	free(line);
	return ret;
}

int check_list_add(struct check_list *list, const char *arg, FILE *in,
		   struct err *err)
{
	struct stat st;

	if (!strcmp(arg, "-"))
		return add_lines(list, in, err);
	if (!stat(arg, &st) && S_ISDIR(st.st_mode))
		return add_dir(list, arg, err);
	return add_path(list, strdup(arg), err);
}

int check_list_args(struct check_list *list, char **args, int nr,
		    struct err *err)
{
	int i;

	for (i = 0; i < nr; i++) {
		if (check_list_add(list, args[i], stdin, err)) {
			check_list_free(list);
			return -1;
		}
	}
	return list->nr ? 0 : err_set(err, "standard input",
				      "names no modules");
}

void check_list_free(struct check_list *list)
{
	while (list->nr)
		free(list->paths[--list->nr]);
	free(list->paths);
	*list = (struct check_list){ 0 };
}
