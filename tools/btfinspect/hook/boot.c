// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "../../btfstage/base/find.h"
#include "../check/base_load.h"
#include "../check/check_list.h"
#include "../check/check_run.h"
#include "boot.h"
#include "config.h"

/* Path below the modules' directory, such as "updates/dkms/foo.ko" */
static const char *below(const char *path, const char *dir)
{
	size_t len = strlen(dir);

	return strncmp(path, dir, len) || path[len] != '/' ? path :
							     path + len + 1;
}

static int kind_add(struct boot_kind *kind, const char *path)
{
	const char *slash = strrchr(path, '/');
	const char *name = slash ? slash + 1 : path, *end = strstr(name, ".ko");

	if (kind->nr++ >= BOOT_NAMES)
		return 0;
	kind->names[kind->nr - 1] = strndup(name, end ? (size_t)(end - name) :
						   strlen(name));
	return kind->names[kind->nr - 1] ? 0 : -1;
}

static void kind_free(struct boot_kind *kind)
{
	size_t i;

	for (i = 0; i < BOOT_NAMES; i++)
		free(kind->names[i]);
}

/* ------------------------------------------------------------------------
 * The kernel's types
 */

static int load(struct base *base, struct boot_result *result, char *path,
		const char *release, struct err *err)
{
	if (!path)
		return err_no_memory(err, "hook");
	if (!base_load(base, path, release, err)) {
		result->types = path;
		return 0;
	}
	free(path);
	return -1;
}

static char *boot_path(const struct boot *boot, const char *before,
		       const char *after)
{
	char *path;

	return asprintf(&path, "%s%s%s%s", boot->root, before, boot->release,
			after) < 0 ? NULL : path;
}

/* Path of the image that boots; NULL: out of memory */
static char *image_path(const struct boot *boot)
{
	char *path;

	if (boot->image)
		return strdup(boot->image);
	path = boot_path(boot, "/boot/vmlinuz-", "");
	if (!path || !access(path, F_OK))
		return path;
	free(path);
	return boot_path(boot, "/lib/modules/", "/vmlinuz");
}

/* 1: there is no such file */
static int load_found(struct base *base, const struct boot *boot,
		      struct boot_result *result, struct err *err)
{
	unsigned int place;
	struct find find;

	find_init(&find, "", boot->release, boot->root);
	for (place = FIND_RUNNING; place < find_nr_places(&find); place++) {
		char *path = find_path(&find, place);
		const char *kind;

		if (path && find_look(&find, place, path, &kind, err) > 0)
			return load(base, result, path, NULL, err);
		free(path);
	}
	return 1;
}

/*
 * An image that is there decides: what only has the same name, as a vmlinux of a debug
 * package, is not what boots.
 */
static int load_kernel(struct base *base, const struct boot *boot,
		       struct boot_result *result, struct err *err)
{
	char *image;
	int ret;

	if (boot->base_path)
		return load(base, result, strdup(boot->base_path), NULL, err);
	image = image_path(boot);
	if (image && !boot->image && access(image, F_OK)) {
		ret = load_found(base, boot, result, err);
		if (ret <= 0) {
			free(image);
			return ret;
		}
	}
	return load(base, result, image, boot->release, err);
}

/* ------------------------------------------------------------------------
 * The modules
 */

static int add_line(struct check_list *list, const char *dir, char *line,
		    struct err *err)
{
	char *path;
	int ret;

	line[strcspn(line, ":\n")] = '\0';
	if (!*line)
		return 0;
	if (asprintf(&path, "%s%s%s", *line == '/' ? "" : dir,
		     *line == '/' ? "" : "/", line) < 0)
		return err_no_memory(err, dir);
	ret = access(path, F_OK) ? 0 : check_list_add(list, path, NULL, err);
	free(path);
	return ret;
}

/*
 * modules.dep lists the modules that are loaded: if two have one name, as in
 * kernel/ and updates/, depmod has chosen. 1: there is no modules.dep.
 */
static int list_depmod(struct check_list *list, const char *dir,
		       struct err *err)
{
	char *path, *line = NULL;
	size_t size = 0;
	int ret = 0;
	FILE *f;

	if (asprintf(&path, "%s/modules.dep", dir) < 0)
		return err_no_memory(err, dir);
	f = fopen(path, "re");
	free(path);
	if (!f)
		return 1;
	while (!ret && getline(&line, &size, f) >= 0)
		ret = add_line(list, dir, line, err);
	free(line);
	fclose(f);
	return ret ? ret : !list->nr;
}

struct collect {
	struct boot_result *result;
	const char *dir;
	bool failed;		/* out of memory */
};

static void add_result(void *arg, const char *path,
		       const struct check_result *checked)
{
	struct collect *c = arg;
	struct boot_result *result = c->result;
	const char *name = below(path, c->dir);
	int ret = 0;

	if (checked->status == REPORT_NO_BTF) {
		ret = kind_add(&result->no_btf, path);
	} else if (checked->status == REPORT_UNREADABLE) {
		ret = kind_add(&result->unreadable, path);
	} else if (checked->status == REPORT_BAD || checked->other_base) {
		ret = kind_add(&result->misfits, path);
		result->nr_refused += checked->status == REPORT_BAD;
		result->nr_added += strncmp(name, "kernel/", 7) != 0;
	}
	c->failed |= ret;
}

static int check_list_all(const struct base *base, const char *dir,
			  struct check_list *list, struct boot_result *result,
			  struct err *err)
{
	struct check_options opts = { .base = base };
	struct collect collect = { .result = result, .dir = dir };
	long jobs = sysconf(_SC_NPROCESSORS_ONLN);
	struct check_run run = {
		.opts = &opts,
		.paths = list->paths,
		.nr = list->nr,
		.fn = add_result,
		.arg = &collect,
	};

	release_parse(&opts.release, strrchr(dir, '/') + 1);
	run.jobs = jobs < 1 ? 1 : jobs;
	if (run.jobs > list->nr)
		run.jobs = list->nr;
	result->nr = list->nr;
	if (check_run(&run, err))
		return -1;
	return collect.failed ? err_no_memory(err, dir) : 0;
}

static int check_modules(const struct base *base, const char *dir,
			 struct boot_result *result, struct err *err)
{
	struct check_list list = { 0 };
	int ret;

	ret = list_depmod(&list, dir, err);
	if (ret > 0)
		ret = check_list_add(&list, dir, NULL, err);
	if (!ret)
		ret = check_list_all(base, dir, &list, result, err);
	check_list_free(&list);
	return ret;
}

int boot_check(const struct boot *boot, struct boot_result *result,
	       struct err *err)
{
	struct base base;
	char *dir, *config;
	int ret = -1;

	*result = (struct boot_result){ 0 };
	dir = boot_path(boot, "/lib/modules/", "");
	config = boot_path(boot, "/boot/config-", "");
	if (!dir || !config) {
		err_no_memory(err, "hook");
		goto out_free;
	}
	if (access(dir, F_OK)) {
		err_set(err, dir, "cannot read:");
		goto out_free;
	}
	/* A module without BTF, for a kernel that wants no BTF in modules */
	if (config_has(config, "CONFIG_DEBUG_INFO_BTF_MODULES", false)) {
		ret = 0;
		goto out_free;
	}
	result->mismatch_allowed =
		config_has(config, "CONFIG_MODULE_ALLOW_BTF_MISMATCH", true);
	if (load_kernel(&base, boot, result, err))
		goto out_free;
	ret = check_modules(&base, dir, result, err);
	base_close(&base);

out_free:
	free(dir);
	free(config);
	return ret;
}

void boot_free(struct boot_result *result)
{
	kind_free(&result->misfits);
	kind_free(&result->no_btf);
	kind_free(&result->unreadable);
	free(result->types);
}
