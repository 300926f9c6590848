// SPDX-License-Identifier: GPL-2.0-only
/* Modules from "btfstage ko", for the commands that read them. */
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "btfstage/cmd.h"
#include "scratch.h"
#include "seeds.h"

struct staged {
	struct bytes module, out;
};

static char *path_in(const char *dir, const char *name)
{
	char *path;

	if (asprintf(&path, "%s/%s", dir, name) < 0)
		abort();
	return path;
}

static char *put(const char *dir, const char *name, struct bytes b)
{
	char *path = path_in(dir, name);

	scratch_write(path, b.data, b.size);
	free(b.data);
	return path;
}

static struct bytes take(char *path)
{
	struct bytes b;

	b.data = scratch_read(path, &b.size);
	unlink(path);
	free(path);
	return b;
}

/* With one @option of "ko" more. */
static struct staged stage(enum seed_form form, const char *option)
{
	char dir[] = "seeds.XXXXXX";
	char *base, *types, *module, *out;
	struct staged staged;

	if (!mkdtemp(dir))
		abort();
	base = put(dir, "base", seed_base(form));
	types = put(dir, "types", seed_types(form));
	module = put(dir, "module", seed_whole_module(form));
	out = path_in(dir, "out");

	char *argv[] = {
		"ko", "--base", base, "--types", types, "-o", out, module,
		(char *)option, NULL
	};

	optind = 0;
	if (cmd_ko(option ? 9 : 8, argv)) {
		fputs("seeds: not staged\n", stderr);
		abort();
	}
	free(take(base).data);
	free(take(types).data);
	staged.module = take(module);
	staged.out = take(out);
	rmdir(dir);
	return staged;
}

struct bytes seed_staged(enum seed_form form)
{
	struct staged s = stage(form, NULL);

	free(s.module.data);
	return s.out;
}

struct bytes seed_distilled(enum seed_form form)
{
	struct staged s = stage(form, "--distill-base");

	free(s.module.data);
	return s.out;
}
