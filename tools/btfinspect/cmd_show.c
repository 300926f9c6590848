// SPDX-License-Identifier: GPL-2.0-only
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>

#include "check/base_load.h"
#include "check/check.h"
#include "cmd.h"
#include "show/module_info.h"
#include "show/show.h"
#include "types/types.h"

static const char usage[] =
	"Usage: btfinspect show [--base BASE] [--json | --types] MODULE\n"
	"\n"
	"Show the BTF of a module: sections and their sizes, the number of its own\n"
	"types of each kind, and the ids in .BTF_ids.\n"
	"\n"
	"      --base BASE    check the module against the kernel's types, and name the\n"
	"                     types of ids: a file from \"btfstage base\", a vmlinux, or\n"
	"                     raw BTF\n"
	"      --json         print a JSON document\n"
	"      --types        print only its own types and functions, as C\n"
	"  -h, --help         show this text\n"
	"\n"
	"Exit status: 0 the module is good, or has no BTF; 1 its BTF is bad, or --types\n"
	"finds none; 2 wrong usage; 3 the module could not be read.\n";

enum {
	OPT_BASE = 256,
	OPT_JSON,
	OPT_TYPES,
};

static const struct option options[] = {
	{ "base", required_argument, NULL, OPT_BASE },
	{ "json", no_argument, NULL, OPT_JSON },
	{ "types", no_argument, NULL, OPT_TYPES },
	{ "help", no_argument, NULL, 'h' },
	{ 0 }
};

struct command {
	const char *base_path;
	const char *path;
	bool json;
	bool types;
};

static int print(const struct command *cmd, const struct checked *m,
		 const struct module_info *info, struct err *err)
{
	struct show show = {
		.info = info,
		.module = m,
		.base_path = cmd->base_path,
	};

	if (cmd->types)
		return info->status == REPORT_GOOD ?
			types_print(m, stdout, err) : 0;
	if (cmd->json)
		return show_json(&show, stdout, err);
	/* For a file that cannot be read, there is only the message. */
	return info->status == REPORT_UNREADABLE ? 0 :
						   show_text(&show, stdout, err);
}

static int exit_status(const struct command *cmd,
		       const struct module_info *info)
{
	bool none = cmd->types && info->status == REPORT_NO_BTF;
	struct err err;

	if (info->status != REPORT_BAD && info->status != REPORT_UNREADABLE &&
	    !none)
		return EXIT_DONE;
	if (!cmd->json) {
		if (none)
			err_set(&err, cmd->path, "has no BTF");
		else
			err_set(&err, cmd->path, "%s", info->problem);
		fflush(stdout);
		fprintf(stderr, "btfinspect: %s\n", err.msg);
	}
	return info->status == REPORT_UNREADABLE ? EXIT_UNREADABLE : EXIT_BAD;
}

static int show_on_base(const struct command *cmd, const struct base *base,
			struct err *err)
{
	struct check_options opts = { .base = base };
	struct module_info info;
	struct report report;
	struct checked m;
	int ret;

	check_open(&m, cmd->path, &opts, &report);
	ret = module_info_fill(&info, &m, err);
	if (!ret)
		ret = print(cmd, &m, &info, err);
	if (!ret)
		ret = exit_status(cmd, &info);
	module_info_free(&info);
	check_close(&m);
	report_free(&report);
	return ret;
}

static int show(const struct command *cmd, struct err *err)
{
	struct base base;
	int ret;

	if (!cmd->base_path)
		return show_on_base(cmd, NULL, err);
	if (base_load(&base, cmd->base_path, NULL, err))
		return -1;
	ret = show_on_base(cmd, &base, err);
	base_close(&base);
	return ret;
}

static int parse_options(struct command *cmd, int argc, char **argv)
{
	int opt;

	while ((opt = getopt_long(argc, argv, "h", options, NULL)) != -1) {
		switch (opt) {
		case OPT_BASE:
			cmd->base_path = optarg;
			break;
		case OPT_JSON:
			cmd->json = true;
			break;
		case OPT_TYPES:
			cmd->types = true;
			break;
		case 'h':
			fputs(usage, stdout);
			exit(EXIT_DONE);
		default:
			return -1;
		}
	}
	if (optind + 1 != argc || (cmd->json && cmd->types))
		return -1;
	cmd->path = argv[optind];
	return 0;
}

int cmd_show(int argc, char **argv)
{
	struct command cmd = { 0 };
	struct err err;
	int ret;

	if (parse_options(&cmd, argc, argv)) {
		fputs(usage, stderr);
		return EXIT_USAGE;
	}
	ret = show(&cmd, &err);
	if (ret < 0) {
		fprintf(stderr, "btfinspect: %s\n", err.msg);
		return EXIT_UNREADABLE;
	}
	return ret;
}
