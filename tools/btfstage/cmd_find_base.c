// SPDX-License-Identifier: GPL-2.0-only
/*
 * The answer is one line on standard output, for a Makefile to read:
 *
 *	prepared FILE	a prepared base
 *	types FILE	what "btfstage base" can make one from
 *	none: WHY
 *
 * A file that exists but cannot be used gets a line on standard error.
 */
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/find.h"
#include "cmd.h"

static const char usage[] =
	"Usage: btfstage find-base [--release RELEASE] [--sysroot DIR] TREE\n"
	"       btfstage find-base --base FILE\n"
	"\n"
	"Find the types of the kernel of TREE, a build tree or headers. Print \"prepared\n"
	"FILE\" for a file from \"btfstage base\", \"types FILE\" for an input of it, or\n"
	"\"none: WHY\".\n"
	"\n"
	"  -b, --base FILE        use this file, whatever its release\n"
	"  -r, --release RELEASE  the kernel release (default: that of TREE): refuse a\n"
	"                         vmlinux of another one, and also look in places of\n"
	"                         this one\n"
	"  -s, --sysroot DIR      prefix of /sys, /usr/lib/debug, /boot and /lib/modules\n"
	"  -h, --help             show this text\n";

static const struct option options[] = {
	{ "base", required_argument, NULL, 'b' },
	{ "release", required_argument, NULL, 'r' },
	{ "sysroot", required_argument, NULL, 's' },
	{ "help", no_argument, NULL, 'h' },
	{ 0 }
};

/* err_format() makes one line of it, whatever the names contain. */
static void print_places(const struct find *f)
{
	unsigned int place;
	struct err answer;

	err_format(&answer, "none", "no BTF of kernel %s in %s",
		   *f->release ? f->release : "(unknown release)", f->tree);
	fputs(answer.msg, stdout);
	for (place = FIND_RUNNING; place < find_nr_places(f); place++) {
		char *path = find_path(f, place);

		err_format(&answer, ",", "%s", path ? path : "");
		printf(", %s", err_without_file(&answer, ","));
		if (place == FIND_RUNNING && *f->running &&
		    strcmp(f->running, f->release))
			printf(" (is %s)", f->running);
		free(path);
	}
	printf("; install the kernel, or its debug package, or say make BTF_BASE=vmlinux\n");
}

static int find_places(const struct find *f)
{
	unsigned int place;

	for (place = 0; place < find_nr_places(f); place++) {
		char *path = find_path(f, place);
		const char *kind;
		struct err err;
		int ret;

		ret = path ? find_look(f, place, path, &kind, &err) :
			     err_no_memory(&err, f->tree);
		if (ret > 0)
			printf("%s %s\n", kind, path);
		else if (ret < 0)
			fprintf(stderr, "btfstage: %s\n", err.msg);
		free(path);
		if (ret > 0)
			return EXIT_DONE;
	}
	print_places(f);
	return EXIT_FAILED;
}

static int find_given(const char *path)
{
	struct err err;
	const char *kind = find_kind(NULL, path, &err);

	if (!kind) {
		printf("none: %s\n", err.msg);
		return EXIT_FAILED;
	}
	printf("%s %s\n", kind, path);
	return EXIT_DONE;
}

int cmd_find_base(int argc, char **argv)
{
	const char *base = NULL, *release = NULL, *sysroot = "";
	struct find f;
	int opt;

	while ((opt = getopt_long(argc, argv, "b:r:s:h", options, NULL)) != -1) {
		switch (opt) {
		case 'b':
			base = optarg;
			break;
		case 'r':
			release = optarg;
			break;
		case 's':
			sysroot = strcmp(optarg, "/") ? optarg : "";
			break;
		case 'h':
			fputs(usage, stdout);
			return EXIT_DONE;
		default:
			fputs(usage, stderr);
			return EXIT_USAGE;
		}
	}
	if (argc - optind != !base) {
		fputs(usage, stderr);
		return EXIT_USAGE;
	}
	if (base)
		return find_given(base);
	find_init(&f, argv[optind], release, sysroot);
	return find_places(&f);
}
