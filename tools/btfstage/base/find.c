// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "base.h"
#include "find.h"

static const struct {
	bool in_tree;
	const char *before;
	const char *after;	/* after the release; NULL: no release */
} places[FIND_NR] = {
	[FIND_TREE_BASE] = { true, "/.btf.vmlinux.base", NULL },
	[FIND_TREE_VMLINUX] = { true, "/vmlinux", NULL },
	[FIND_RUNNING] = { false, "/sys/kernel/btf/vmlinux", NULL },
	/* Where debug packages and installations put vmlinux */
	[FIND_DEBUG] = { false, "/usr/lib/debug/boot/vmlinux-", "" },
	{ false, "/usr/lib/debug/lib/modules/", "/vmlinux" },
	{ false, "/boot/vmlinux-", "" },
	{ false, "/lib/modules/", "/build/vmlinux" },
};

/* The first line of @dir/@name, or an empty string. */
static void read_line(const char *dir, const char *name,
		      char line[KERNEL_RELEASE_SIZE])
{
	char *path;
	FILE *f;

	line[0] = '\0';
	if (asprintf(&path, "%s%s", dir, name) < 0)
		return;
	f = fopen(path, "re");
	if (f) {
		if (!fgets(line, KERNEL_RELEASE_SIZE, f))
			line[0] = '\0';
		line[strcspn(line, "\n")] = '\0';
		fclose(f);
	}
	free(path);
}

void find_init(struct find *f, const char *tree, const char *release,
	       const char *sysroot)
{
	struct utsname uts;

	*f = (struct find){ .tree = tree, .sysroot = sysroot };
	if (release && *release)
		snprintf(f->release, sizeof(f->release), "%s", release);
	else
		read_line(tree, "/include/config/kernel.release", f->release);
	if (*sysroot)
		read_line(sysroot, "/proc/sys/kernel/osrelease", f->running);
	else if (!uname(&uts))
		snprintf(f->running, sizeof(f->running), "%s", uts.release);
}

unsigned int find_nr_places(const struct find *f)
{
	return *f->release ? FIND_NR : FIND_RUNNING;
}

char *find_path(const struct find *f, unsigned int place)
{
	const char *after = places[place].after;
	char *path;

	if (asprintf(&path, "%s%s%s%s",
		     places[place].in_tree ? f->tree : f->sysroot,
		     places[place].before, after ? f->release : "",
		     after ? after : "") < 0)
		return NULL;
	return path;
}

/* True if @in is the file in /sys, by whatever path. */
static bool is_running(const struct find *f, const struct file_in *in)
{
	char *path = find_path(f, FIND_RUNNING);
	struct stat st, sys;
	bool same;

	same = path && !stat(path, &sys) && !fstat(in->fd, &st) &&
	       st.st_dev == sys.st_dev && st.st_ino == sys.st_ino;
	free(path);
	return same;
}

/* Raw BTF does not contain the release. */
static int check_release(const struct find *f, const struct file_in *in,
			 struct err *err)
{
	char found[KERNEL_RELEASE_SIZE];
	const char *release = found;
	int ret = 1;

	if (!f || !*f->release)
		return 0;
	if (is_running(f, in))
		release = f->running;
	else
		ret = kernel_release(in, found, err);
	if (ret > 0 && strcmp(release, f->release))
		return err_set(err, in->path, "is of kernel %s, not of %s",
			       *release ? release : "(unknown release)",
			       f->release);
	return ret < 0 ? -1 : 0;
}

static const char *kind_of_types(const struct find *f, const struct file_in *in,
				 struct err *err)
{
	struct btf btf = { 0 };
	const char *kind = NULL;

	if (!kernel_btf_open(&btf, in, err) && !check_release(f, in, err) &&
	    !btf_check_base(&btf, err)) {
		if (btf.nr_types)
			kind = "types";
		else
			err_set(err, in->path, "has no types");
	}
	btf_free(&btf);
	return kind;
}

const char *find_kind(const struct find *f, const char *path, struct err *err)
{
	const char *kind = NULL;
	struct base base;
	struct file_in in;

	if (file_in_open(&in, path, err))
		return NULL;
	if (in.size < strlen(BASE_MAGIC) ||
	    memcmp(in.data, BASE_MAGIC, strlen(BASE_MAGIC))) {
		kind = kind_of_types(f, &in, err);
	} else if (!base_open(&base, path, err)) {
		if (!base_verify(&base, err))
			kind = "prepared";
		base_close(&base);
	}
	file_in_close(&in);
	return kind;
}

static bool is_absent(const char *path)
{
	return access(path, F_OK) && (errno == ENOENT || errno == ENOTDIR);
}

/*
 * If the tree has a vmlinux, check that its prepared base has the same types.
 * Its mtime does not help: "btfstage base" leaves it alone while types stay the
 * same.
 */
static bool is_current(const struct find *f, const char *base_path)
{
	char *path = find_path(f, FIND_TREE_VMLINUX);
	bool current = path && is_absent(path);
	struct btf btf = { 0 };
	struct file_in in;
	struct err err;

	if (path && !current && !file_in_open(&in, path, &err)) {
		current = !kernel_btf_open(&btf, &in, &err) &&
			  !check_release(f, &in, &err) &&
			  base_file_holds(base_path, &btf);
		btf_free(&btf);
		file_in_close(&in);
	}
	free(path);
	return current;
}

int find_look(const struct find *f, unsigned int place, const char *path,
	      const char **kind, struct err *err)
{
	if (is_absent(path) ||
	    (place == FIND_TREE_BASE && !is_current(f, path)) ||
	    (place == FIND_RUNNING && strcmp(f->running, f->release)))
		return 0;
	*kind = find_kind(f, path, err);
	return *kind ? 1 : -1;
}
