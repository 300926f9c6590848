// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "../../btfstage/io/file_in.h"
#include "../../btfstage/io/file_out.h"
#include "../text/membuf.h"
#include "../text/text.h"
#include "hook_files.h"

#define MARK	"# Written by \"btfinspect hook on\", removed by \"btfinspect hook off\""

/*
 * PROGRAM is replaced. The hooks never fail, so the installation goes on. They
 * print to standard error, since debconf can use standard output.
 */
static const struct hook_file {
	const char *dir;	/* if this is missing, nobody calls the hook */
	const char *name;
	mode_t mode;
	const char *text;
	const char *setting;	/* no hook if this is set ... */
	const char *settings;	/* ... in this file */
} files[] = {
	/* After the hooks of dkms, which install its modules */
	{ "/etc/kernel/postinst.d", "zz-btfinspect", 0755,
	  "#!/bin/sh\n"
	  MARK "\n"
	  "[ ! -x PROGRAM ] || [ -z \"$1\" ] ||\n"
	  "	PROGRAM hook check \"$1\" ${2:+\"$2\"} >&2\n"
	  "exit 0\n", NULL, NULL },
	/* kernel-install COMMAND RELEASE ENTRY-DIR IMAGE */
	{ "/etc/kernel/install.d", "95-btfinspect.install", 0755,
	  "#!/bin/sh\n"
	  MARK "\n"
	  "[ \"$1\" = add ] || exit 0\n"
	  "# Debian's packages of kernels have called that.\n"
	  "[ ! -x /etc/kernel/postinst.d/zz-btfinspect ] || exit 0\n"
	  "[ ! -x PROGRAM ] || PROGRAM hook check \"$2\" ${4:+\"$4\"} >&2\n"
	  "exit 0\n", NULL, NULL },
	/*
	 * Since DKMS 3.1. It puts the value into double quotes and evaluates that, with
	 * kernelver set, before it evaluates the result: no quotes in it, and no variable
	 * of its own. Output goes to a log.
	 */
	{ "/etc/dkms/framework.conf.d", "btfinspect.conf", 0644,
	  MARK "\n"
	  "post_transaction='[ ! -x PROGRAM ] || echo ${kernelver[@]} | "
	  "xargs -rn1 PROGRAM hook check 2>&1 | tee -a /dev/tty 2>/dev/null; :'\n",
	  "post_transaction=", "/etc/dkms/framework.conf" },
	{ NULL, NULL, 0, NULL, NULL, NULL }
};

/* The caller frees it. NULL: out of memory */
static char *file_path(const char *root, const struct hook_file *file)
{
	char *path;

	return asprintf(&path, "%s%s/%s", root, file->dir, file->name) < 0 ?
		NULL : path;
}

/* -1: the directory and its parent are missing. */
static int make_dir(const char *root, const struct hook_file *file)
{
	char *dir;
	int ret;

	if (asprintf(&dir, "%s%s", root, file->dir) < 0)
		return -1;
	ret = mkdir(dir, 0755) && errno != EEXIST ? -1 : 0;
	free(dir);
	return ret;
}

static char *file_text(const struct hook_file *file, const char *program)
{
	const char *at = file->text, *next;
	struct membuf text;
	FILE *f;

	f = membuf_open(&text);
	if (!f)
		return NULL;
	for (; (next = strstr(at, "PROGRAM")); at = next + strlen("PROGRAM")) {
		fwrite(at, 1, next - at, f);
		fputs(program, f);
	}
	fputs(at, f);
	putc('\0', f);
	if (!membuf_close(&text, f))
		return text.data;
	free(text.data);
	return NULL;
}

enum state {
	STATE_OFF,
	STATE_ON,
	STATE_OTHER,	/* exists, and is not ours */
};

static enum state file_state(const char *path)
{
	enum state state = STATE_OTHER;
	struct file_in in;
	struct err err;

	if (access(path, F_OK))
		return STATE_OFF;
	if (file_in_open(&in, path, &err))
		return state;
	if (in.size && memmem(in.data, in.size, MARK, strlen(MARK)))
		state = STATE_ON;
	file_in_close(&in);
	return state;
}

static void say(FILE *f, const char *path, const char *what)
{
	line_put(f, path);
	fprintf(f, ": %s\n", what);
}

static int write_file(const struct hook_file *file, const char *path,
		      const char *text, struct err *err)
{
	struct file_out out;
	int ret = -1;

	if (file_out_create(&out, path, file->mode, err))
		return -1;
	if (!file_out_write_at(&out, text, strlen(text), 0, err))
		ret = file_out_publish(&out, err);
	file_out_discard(&out);
	return ret;
}

/* It has one value, which belongs to the administrator. */
static bool is_taken(const char *root, const struct hook_file *file)
{
	char *path = NULL, *line = NULL;
	bool taken = false;
	size_t size = 0;
	FILE *f;

	if (!file->setting ||
	    asprintf(&path, "%s%s", root, file->settings) < 0)
		return false;
	f = fopen(path, "re");
	free(path);
	if (!f)
		return false;
	while (!taken && getline(&line, &size, f) >= 0) {
		const char *s = line + strspn(line, " \t");
		size_t len = strlen(file->setting);

		taken = !strncmp(s, file->setting, len) &&
			strspn(s + len, "\"' \t\n") != strlen(s + len);
	}
	free(line);
	fclose(f);
	return taken;
}

static int file_on(const struct hook_file *file, const char *path,
		   const char *program, struct err *err)
{
	char *text;
	int ret;

	if (file_state(path) == STATE_OTHER)
		return err_set(err, path, "exists, and is not from btfinspect");
	text = file_text(file, program);
	if (!text)
		return err_no_memory(err, path);
	ret = write_file(file, path, text, err);
	free(text);
	return ret;
}

int hook_on(const char *root, const char *program, FILE *f, struct err *err)
{
	unsigned int nr = 0;
	const struct hook_file *file;
	int ret = 0;

	for (file = files; file->dir && !ret; file++) {
		char *path;

		if (make_dir(root, file))
			continue;
		path = file_path(root, file);
		if (!path)
			return err_no_memory(err, "hook");
		if (is_taken(root, file)) {
			say(f, path, "left out, another file sets the same");
		} else {
			ret = file_on(file, path, program, err);
			if (!ret)
				say(f, path, "written");
		}
		nr++;
		free(path);
	}
	if (!ret && !nr)
		ret = err_set(err, *root ? root : "/",
			      "has neither /etc/kernel nor /etc/dkms");
	return ret;
}

int hook_off(const char *root, FILE *f, struct err *err)
{
	const struct hook_file *file;
	int ret = 0;

	for (file = files; file->dir && !ret; file++) {
		char *path = file_path(root, file);

		if (!path)
			return err_no_memory(err, "hook");
		if (file_state(path) == STATE_ON) {
			if (unlink(path))
				ret = err_set(err, path, "cannot remove:");
			else
				say(f, path, "removed");
		}
		free(path);
	}
	return ret;
}

int hook_status(const char *root, FILE *f, struct err *err)
{
	static const char * const states[] = {
		[STATE_OFF] = "off",
		[STATE_ON] = "on",
		[STATE_OTHER] = "exists, and is not from btfinspect",
	};
	const struct hook_file *file;
	int nr = 0;

	for (file = files; file->dir; file++) {
		char *path = file_path(root, file);
		enum state state;

		if (!path)
			return err_no_memory(err, "hook");
		state = file_state(path);
		say(f, path, states[state]);
		nr += state == STATE_ON;
		free(path);
	}
	return nr;
}
