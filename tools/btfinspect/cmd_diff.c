// SPDX-License-Identifier: GPL-2.0-only
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cmd.h"
#include "diff/diff.h"
#include "diff/fits.h"
#include "diff/trees.h"
#include "text/text.h"

static const char usage[] =
	"Usage: btfinspect diff [OPTION]... OLD NEW [NAME]...\n"
	"\n"
	"Print the types, functions, kfuncs and variables that are new (+), gone (-)\n"
	"or changed (!), compared by name, not by id. OLD and NEW are two kernels (a\n"
	"vmlinux, a boot image, or BTF), two modules, or two directories with modules\n"
	"below them. For modules, also print whether the old one fits the new kernel.\n"
	"With NAMEs, compare only what has one of these names.\n"
	"\n"
	"      --old-base BASE  the kernel of OLD, if that is a module or a directory:\n"
	"                       a file from \"btfstage base\", a vmlinux, or BTF\n"
	"                       (default for a directory: vmlinux in it)\n"
	"      --new-base BASE  the same for NEW\n"
	"      --brief          print only the names\n"
	"      --json           print a JSON document\n"
	"  -h, --help           show this text\n"
	"\n"
	"Exit status: 0 they are the same, 1 they differ, 2 wrong usage, 3 something\n"
	"could not be read.\n";

#define EXIT_SAME	0
#define EXIT_DIFFERENT	1

enum {
	OPT_BRIEF = 256,
	OPT_JSON,
	OPT_NEW_BASE,
	OPT_OLD_BASE,
};

static const struct option options[] = {
	{ "brief", no_argument, NULL, OPT_BRIEF },
	{ "json", no_argument, NULL, OPT_JSON },
	{ "new-base", required_argument, NULL, OPT_NEW_BASE },
	{ "old-base", required_argument, NULL, OPT_OLD_BASE },
	{ "help", no_argument, NULL, 'h' },
	{ 0 }
};

struct command {
	const char *paths[2];	/* OLD, NEW */
	const char *bases[2];
	char **names;
	int nr_names;
	bool brief;
	bool json;
};

static void json_begin(const struct command *cmd)
{
	fputs("{\"old\":", stdout);
	json_string(stdout, cmd->paths[0]);
	fputs(",\"new\":", stdout);
	json_string(stdout, cmd->paths[1]);
}

/* ------------------------------------------------------------------------
 * Kernels
 */

static void say_renumbered(enum renumbered renumbered, size_t nr)
{
	if (renumbered == RENUMBERED_VARS)
		puts("variables are in other places of their sections");
	else if (renumbered == RENUMBERED_IDS && !nr)
		puts("types have other ids, though they are the same by their names");
}

static const char *ids_name(enum renumbered renumbered)
{
	static const char * const names[] = {
		[RENUMBERED_NOT] = "same",
		[RENUMBERED_VARS] = "variables-moved",
		[RENUMBERED_IDS] = "changed",
	};

	return names[renumbered];
}

/* Compare two kernels, and the modules of @trees unless NULL. 1: they differ */
static int print_kernels(const struct command *cmd, const struct side *old,
			 const struct side *new, const struct trees *trees,
			 struct err *err)
{
	enum renumbered renumbered = compare_ids(old, new);
	struct compare c;
	int ret;

	ret = compare_sides(&c, old, new, cmd->names, cmd->nr_names, err);
	if (!ret && cmd->json) {
		printf("\"ids\":\"%s\",", ids_name(renumbered));
		ret = diff_json(&c, stdout, err);
	} else if (!ret) {
		diff_text_sums(&c, "", stdout);
		say_renumbered(renumbered, c.nr + cmd->nr_names);
		if (trees)
			trees_text_sums(trees, stdout);
		ret = diff_text(&c, "", cmd->brief, stdout, err);
	}
	if (!ret)
		ret = c.nr > 0;
	compare_free(&c);
	return ret;
}

/* ------------------------------------------------------------------------
 * Two files
 */

static int print_modules(const struct command *cmd, const struct side *old,
			 const struct side *new, struct kernels *kernels,
			 struct err *err)
{
	struct compare c = { 0 };
	enum fits fits;
	char *why;
	int ret;

	ret = fits_find(kernels, old, &fits, &why, err);
	if (!ret)
		ret = compare_sides(&c, old, new, cmd->names, cmd->nr_names,
				    err);
	if (!ret && cmd->json) {
		printf("\"fits\":\"%s\",\"why\":", fits_name(fits));
		json_string(stdout, why);
		putchar(',');
		ret = diff_json(&c, stdout, err);
	} else if (!ret) {
		diff_text_sums(&c, "", stdout);
		if (c.nr_moved)
			printf("           %zu more are in the kernel as well\n",
			       c.nr_moved);
		if (fits == FITS)
			puts("the old one fits the new kernel as it is");
		if (fits == FITS_NOT) {
			fputs("the old one does not fit the new kernel: ",
			      stdout);
			line_put(stdout, why ? why : "its BTF is bad");
			putchar('\n');
		}
		ret = diff_text(&c, "", cmd->brief, stdout, err);
	}
	if (!ret)
		ret = c.nr > 0;
	free(why);
	compare_free(&c);
	return ret;
}

static int diff_open_files(const struct command *cmd, const struct side *old,
			   const struct side *new, struct kernels *kernels,
			   struct err *err)
{
	int ret;

	if (cmd->json) {
		json_begin(cmd);
		putchar(',');
	}
	if (old->is_module || old->own.nr_base_types)
		ret = print_modules(cmd, old, new, kernels, err);
	else
		ret = print_kernels(cmd, old, new, NULL, err);
	if (cmd->json)
		puts("}");
	return ret;
}

static int diff_files(const struct command *cmd, struct kernels *kernels,
		      struct err *err)
{
	struct side old, new = { 0 };
	int ret, opened;

	ret = side_open(&old, cmd->paths[0], kernels->old, err);
	opened = ret;
	if (ret >= 0) {
		ret = side_open(&new, cmd->paths[1], kernels->new, err);
		if (ret >= 0 && (!opened || !ret))
			ret = err_set(err, cmd->paths[opened], "has no BTF");
		else if (ret > 0 && old.is_module != new.is_module)
			ret = err_set(err, cmd->paths[0],
				      "and %s are neither two kernels nor two modules",
				      cmd->paths[1]);
	}
	if (ret >= 0)
		ret = diff_open_files(cmd, &old, &new, kernels, err);
	side_close(&new);
	side_close(&old);
	return ret;
}

/* ------------------------------------------------------------------------
 * Two directories
 */

static void say_unreadable(const struct trees *t)
{
	size_t i;

	fflush(stdout);
	for (i = 0; i < t->nr; i++)
		if (t->pairs[i].unreadable)
			fprintf(stderr, "btfinspect: %s\n",
				t->pairs[i].unreadable);
}

static int print_trees(const struct command *cmd, const struct trees *t,
		       struct err *err)
{
	const struct kernels *k = t->kernels;
	bool differ = t->nr_new || t->nr_gone || t->nr_differ;
	int ret = 0;

	if (cmd->json) {
		json_begin(cmd);
		fputs(",\"kernel\":", stdout);
		fputs(k->old && k->new ? "{" : "null", stdout);
	}
	if (k->old && k->new)
		ret = print_kernels(cmd, k->old, k->new, t, err);
	else if (!cmd->json)
		trees_text_sums(t, stdout);
	if (ret < 0)
		return ret;
	if (cmd->json) {
		fputs(k->old && k->new ? "},\n" : ",\n", stdout);
		trees_json(t, stdout);
		puts("}");
	} else {
		trees_text(t, stdout);
		say_unreadable(t);
	}
	if (t->nr_unreadable)
		return EXIT_UNREADABLE;
	return ret || differ ? EXIT_DIFFERENT : EXIT_SAME;
}

static int diff_trees(const struct command *cmd, struct kernels *kernels,
		      struct err *err)
{
	struct trees trees = {
		.kernels = kernels,
		.old_dir = cmd->paths[0],
		.new_dir = cmd->paths[1],
		.names = cmd->names,
		.nr_names = cmd->nr_names,
		.brief = cmd->brief,
		.json = cmd->json,
	};
	int ret;

	ret = trees_compare(&trees, err);
	if (!ret)
		ret = print_trees(cmd, &trees, err);
	trees_free(&trees);
	return ret;
}

/* ------------------------------------------------------------------------
 * The command
 */

static bool is_dir(const char *path)
{
	struct stat st;

	return !stat(path, &st) && S_ISDIR(st.st_mode);
}

/* vmlinux in @dir, or NULL. The caller frees it. */
static char *find_base(const char *dir)
{
	char *path;

	if (asprintf(&path, "%s/vmlinux", dir) < 0)
		return NULL;
	if (!access(path, F_OK))
		return path;
	free(path);
	return NULL;
}

/* @s->path is NULL if there is none. */
static int open_base(struct side *s, const char *path, struct err *err)
{
	int ret;

	if (!path)
		return 0;
	ret = side_open(s, path, NULL, err);
	if (ret > 0 && s->is_module)
		ret = err_set(err, path, "is a module, not a kernel");
	return ret < 0 ? -1 : 0;
}

static int diff(const struct command *cmd, struct err *err)
{
	struct side old = { 0 }, new = { 0 };
	bool dirs = is_dir(cmd->paths[0]);
	char *found[2] = { NULL, NULL };
	struct kernels kernels = { 0 };
	int ret = -1, i;

	if (dirs != is_dir(cmd->paths[1]))
		return err_set(err, cmd->paths[dirs],
			       "is not a directory, but %s is",
			       cmd->paths[!dirs]);
	for (i = 0; i < 2; i++)
		if (dirs && !cmd->bases[i])
			found[i] = find_base(cmd->paths[i]);
	if (open_base(&old, found[0] ? found[0] : cmd->bases[0], err) ||
	    open_base(&new, found[1] ? found[1] : cmd->bases[1], err))
		goto out_close;
	kernels_init(&kernels, old.path ? &old : NULL, new.path ? &new : NULL);
	ret = dirs ? diff_trees(cmd, &kernels, err) :
		     diff_files(cmd, &kernels, err);

out_close:
	kernels_free(&kernels);
	side_close(&new);
	side_close(&old);
	free(found[0]);
	free(found[1]);
	return ret;
}

static int parse_options(struct command *cmd, int argc, char **argv)
{
	int opt;

	while ((opt = getopt_long(argc, argv, "h", options, NULL)) != -1) {
		switch (opt) {
		case OPT_BRIEF:
			cmd->brief = true;
			break;
		case OPT_JSON:
			cmd->json = true;
			break;
		case OPT_NEW_BASE:
			cmd->bases[1] = optarg;
			break;
		case OPT_OLD_BASE:
			cmd->bases[0] = optarg;
			break;
		case 'h':
			fputs(usage, stdout);
			exit(EXIT_DONE);
		default:
			return -1;
		}
	}
	if (argc - optind < 2)
		return -1;
	cmd->paths[0] = argv[optind];
	cmd->paths[1] = argv[optind + 1];
	cmd->names = argv + optind + 2;
	cmd->nr_names = argc - optind - 2;
	return 0;
}

int cmd_diff(int argc, char **argv)
{
	struct command cmd = { 0 };
	struct err err;
	int ret;

	if (parse_options(&cmd, argc, argv)) {
		fputs(usage, stderr);
		return EXIT_USAGE;
	}
	ret = diff(&cmd, &err);
	if (ret < 0) {
		fflush(stdout);
		fprintf(stderr, "btfinspect: %s\n", err.msg);
		return EXIT_UNREADABLE;
	}
	return ret;
}
