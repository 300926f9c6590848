// SPDX-License-Identifier: GPL-2.0-only
/*
 * Who builds a module against a distribution's headers has no vmlinux there, but
 * mostly somewhere else. The answer is one line on standard output, for a
 * Makefile to read:
 *
 *	prepared FILE	a prepared base
 *	types FILE	what "btfstage base" can make one from
 *	none: WHY
 *
 * A file that is there but can not be used gets a line on standard error.
 */
#include <errno.h>
#include <getopt.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "base/base.h"
#include "base/base_load.h"
#include "base/kernel_release.h"
#include "cmd.h"

static const char usage[] =
	"Usage: btfstage find-base [--release RELEASE] [--sysroot DIR] TREE\n"
	"       btfstage find-base --base FILE\n"
	"\n"
	"Find the types of the kernel that modules are built for in TREE, a kernel's\n"
	"build tree or its headers, and print \"prepared FILE\" for what \"btfstage base\"\n"
	"has made, \"types FILE\" for what it can be made from, or \"none: WHY\".\n"
	"\n"
	"  -b, --base FILE        look at this file and at no other, of whichever release\n"
	"  -r, --release RELEASE  the kernel's; a vmlinux of another one is refused, and\n"
	"                         places that are named after it are looked at\n"
	"  -s, --sysroot DIR      where /sys, /usr/lib/debug, /boot and /lib/modules\n"
	"                         are (default: /)\n"
	"  -h, --help             show this text\n";

static const struct option options[] = {
	{ "base", required_argument, NULL, 'b' },
	{ "release", required_argument, NULL, 'r' },
	{ "sysroot", required_argument, NULL, 's' },
	{ "help", no_argument, NULL, 'h' },
	{ 0 }
};

/* One more than a release may have, __NEW_UTS_LEN */
#define RELEASE_SIZE	65

struct query {
	const char *tree;
	const char *release;	/* NULL: any */
	const char *sysroot;
	char running[RELEASE_SIZE];
};

#define NR_DEBUG_PLACES	4

/* Where a debug package or an installation puts vmlinux, by its release. */
static const struct {
	const char *before;
	const char *after;
} debug_places[NR_DEBUG_PLACES] = {
	{ "/usr/lib/debug/boot/vmlinux-", "" },
	{ "/usr/lib/debug/lib/modules/", "/vmlinux" },
	{ "/boot/vmlinux-", "" },
	{ "/lib/modules/", "/build/vmlinux" },
};

enum {
	PLACE_TREE_BASE,
	PLACE_TREE_VMLINUX,
	PLACE_RUNNING,
	PLACE_DEBUG,
	NR_PLACES = PLACE_DEBUG + NR_DEBUG_PLACES
};

static char *path_of(const struct query *q, unsigned int place)
{
	char *path = NULL;
	int n;

	if (place == PLACE_TREE_BASE) {
		n = asprintf(&path, "%s/.btf.vmlinux.base", q->tree);
	} else if (place == PLACE_TREE_VMLINUX) {
		n = asprintf(&path, "%s/vmlinux", q->tree);
	} else if (place == PLACE_RUNNING) {
		n = asprintf(&path, "%s/sys/kernel/btf/vmlinux", q->sysroot);
	} else {
		place -= PLACE_DEBUG;
		n = asprintf(&path, "%s%s%s%s", q->sysroot,
			     debug_places[place].before, q->release,
			     debug_places[place].after);
	}
	if (n < 0) {
		fprintf(stderr, "btfstage: %s: out of memory\n", q->tree);
		exit(EXIT_FAILED);
	}
	return path;
}

/* Release of the kernel whose types /sys has; empty when there is none. */
static void read_running(struct query *q)
{
	struct utsname uts;
	char *path;
	FILE *f;

	if (!*q->sysroot) {
		if (!uname(&uts))
			snprintf(q->running, sizeof(q->running), "%s",
				 uts.release);
		return;
	}
	if (asprintf(&path, "%s/proc/sys/kernel/osrelease", q->sysroot) < 0)
		return;
	f = fopen(path, "re");
	if (f) {
		if (!fgets(q->running, sizeof(q->running), f))
			q->running[0] = '\0';
		q->running[strcspn(q->running, "\n")] = '\0';
		fclose(f);
	}
	free(path);
}

static bool is_prepared(const struct file_in *in)
{
	return in->size >= strlen(BASE_MAGIC) &&
	       !memcmp(in->data, BASE_MAGIC, strlen(BASE_MAGIC));
}

static int check_release(const struct file_in *in, const char *want,
			 struct err *err)
{
	char release[RELEASE_SIZE];
	int ret;

	if (!want)
		return 0;
	ret = kernel_release(in, release, sizeof(release), err);
	if (ret <= 0)
		return ret;
	if (strcmp(release, want))
		return err_set(err, in->path, "is of kernel %s, not of %s",
			       release, want);
	return 0;
}

static const char *kind_of_types(const struct file_in *in,
				 const char *release, struct err *err)
{
	struct btf btf = { 0 };
	const char *kind = NULL;

	if (!kernel_btf_open(&btf, in, err) &&
	    !check_release(in, release, err) && !btf_check(&btf, err)) {
		if (btf.nr_types)
			kind = "types";
		else
			err_set(err, in->path, "has no types");
	}
	btf_free(&btf);
	return kind;
}

/* A file that can be used: "prepared" or "types". NULL with @err set: not. */
static const char *kind_of(const char *path, const char *release,
			   struct err *err)
{
	const char *kind = NULL;
	struct base base;
	struct file_in in;

	if (file_in_open(&in, path, err))
		return NULL;
	if (!is_prepared(&in)) {
		kind = kind_of_types(&in, release, err);
	} else if (!base_open(&base, path, err)) {
		kind = "prepared";
		base_close(&base);
	}
	file_in_close(&in);
	return kind;
}

/*
 * Where the tree has a vmlinux, is its prepared base made from that? The time
 * does not tell: "btfstage base" leaves it alone while the types stay the same.
 */
static bool is_current(const struct query *q, const char *base_path)
{
	char *path = path_of(q, PLACE_TREE_VMLINUX);
	bool current = access(path, F_OK) && errno == ENOENT;
	struct btf btf = { 0 };
	struct file_in in;
	struct err err;

	if (!current && !file_in_open(&in, path, &err)) {
		current = !kernel_btf_open(&btf, &in, &err) &&
			  !check_release(&in, q->release, &err) &&
			  base_file_holds(base_path, &btf);
		btf_free(&btf);
		file_in_close(&in);
	}
	free(path);
	return current;
}

/* Look at one place; true when the answer was printed. */
static bool look(const struct query *q, unsigned int place)
{
	const char *kind = NULL;
	struct err err;
	char *path;

	if (place >= PLACE_RUNNING && !q->release)
		return false;
	if (place == PLACE_RUNNING && strcmp(q->running, q->release))
		return false;

	path = path_of(q, place);
	if (access(path, F_OK) && (errno == ENOENT || errno == ENOTDIR))
		goto out_free;
	if (place == PLACE_TREE_BASE && !is_current(q, path))
		goto out_free;

	kind = kind_of(path, q->release, &err);
	if (kind)
		printf("%s %s\n", kind, path);
	else
		fprintf(stderr, "btfstage: %s\n", err.msg);

out_free:
	free(path);
	return kind;
}

/* One line, whatever the names hold: err_format() takes care of that. */
static void print_places(const struct query *q)
{
	unsigned int place;
	struct err answer;

	err_format(&answer, "none", "no BTF of kernel %s in %s",
		   q->release ? q->release : "(unknown release)", q->tree);
	fputs(answer.msg, stdout);
	for (place = PLACE_RUNNING; q->release && place < NR_PLACES; place++) {
		char *path = path_of(q, place);

		err_format(&answer, ",", "%s", path);
		printf(", %s", err_without_file(&answer, ","));
		if (place == PLACE_RUNNING && *q->running &&
		    strcmp(q->running, q->release))
			printf(" (is %s)", q->running);
		free(path);
	}
	printf("; install the kernel's debug package, or say make BTF_BASE=vmlinux\n");
}

static int find(struct query *q)
{
	unsigned int place;

	read_running(q);
	for (place = 0; place < NR_PLACES; place++) {
		if (look(q, place))
			return EXIT_DONE;
	}
	print_places(q);
	return EXIT_FAILED;
}

static int find_given(const char *path)
{
	struct err err;
	const char *kind = kind_of(path, NULL, &err);

	if (!kind) {
		printf("none: %s\n", err.msg);
		return EXIT_FAILED;
	}
	printf("%s %s\n", kind, path);
	return EXIT_DONE;
}

int cmd_find_base(int argc, char **argv)
{
	struct query q = { .sysroot = "" };
	const char *base = NULL;
	int opt;

	while ((opt = getopt_long(argc, argv, "b:r:s:h", options, NULL)) != -1) {
		switch (opt) {
		case 'b':
			base = optarg;
			break;
		case 'r':
			q.release = *optarg ? optarg : NULL;
			break;
		case 's':
			q.sysroot = strcmp(optarg, "/") ? optarg : "";
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
	q.tree = argv[optind];

	return base ? find_given(base) : find(&q);
}
