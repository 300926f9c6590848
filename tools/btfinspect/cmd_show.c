// SPDX-License-Identifier: GPL-2.0-only
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>

#include "../btfstage/base/base_load.h"
#include "check/module_file.h"
#include "cmd.h"
#include "show/module_info.h"
#include "show/module_types.h"
#include "show/show.h"

static const char usage[] =
	"Usage: btfinspect show [--base BASE] [--json] MODULE\n"
	"\n"
	"Show what there is of BTF in a module: its sections and their sizes, its own\n"
	"types by kind, and the ids in .BTF_ids.\n"
	"\n"
	"      --base BASE    the kernel's types, to check the module against and to\n"
	"                     name what its ids stand for: what \"btfstage base\" made,\n"
	"                     a vmlinux, or raw BTF\n"
	"      --json         a JSON document\n"
	"  -h, --help         show this text\n"
	"\n"
	"Exit status: 0 the module is good, or has no BTF; 1 its BTF is bad; 2 wrong\n"
	"usage; 3 it could not be read.\n";

enum {
	OPT_BASE = 256,
	OPT_JSON,
};

static const struct option options[] = {
	{ "base", required_argument, NULL, OPT_BASE },
	{ "json", no_argument, NULL, OPT_JSON },
	{ "help", no_argument, NULL, 'h' },
	{ 0 }
};

struct command {
	const char *base_path;
	const char *path;
	bool json;
};

static int print(const struct command *cmd, const struct show *show,
		 struct err *err)
{
	return cmd->json ? show_json(show, stdout, err) :
			   show_text(show, stdout, err);
}

/* The module is opened anew: what @info has of it is numbers. */
static int show_module(const struct command *cmd, const struct base *base,
		       const struct module_info *info, struct err *err)
{
	struct module_types types = { 0 };
	struct show show = {
		.info = info,
		.base_path = cmd->base_path,
		.types = &types,
	};
	struct module_file m;
	int ret;

	if (info->status == REPORT_UNREADABLE) {
		/* In text, the message is all there is. */
		return cmd->json ? print(cmd, &show, err) : 0;
	}
	switch (module_file_open(&m, cmd->path, err)) {
	case MODULE_OPEN:
		break;
	case MODULE_MALFORMED:
		return print(cmd, &show, err);
	case MODULE_UNREADABLE:
	default:
		return -1;
	}
	show.ef = &m.ef;
	/* Why types cannot be read is in @info already. */
	ret = module_types_open(&types, &m.ef, base, err);
	if (ret)
		types.known = false;
	if (!ret || !err->no_memory)
		ret = print(cmd, &show, err);
	module_types_close(&types);
	module_file_close(&m);
	return ret;
}

static int show_on_base(const struct command *cmd, const struct base *base,
			struct err *err)
{
	struct module_info info;
	int ret = -1;

	if (!module_info_read(&info, cmd->path, base, err))
		ret = show_module(cmd, base, &info, err);
	if (!ret && (info.status == REPORT_BAD ||
		     info.status == REPORT_UNREADABLE)) {
		err_set(err, cmd->path, "%s", info.problem);
		fflush(stdout);
		if (!cmd->json)
			fprintf(stderr, "btfinspect: %s\n", err->msg);
		ret = info.status == REPORT_BAD ? EXIT_BAD :
						  EXIT_UNREADABLE;
	}
	module_info_free(&info);
	return ret;
}

static int show(const struct command *cmd, struct err *err)
{
	struct base base;
	int ret;

	if (!cmd->base_path)
		return show_on_base(cmd, NULL, err);
	if (base_load(&base, cmd->base_path, err))
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
		case 'h':
			fputs(usage, stdout);
			exit(EXIT_DONE);
		default:
			return -1;
		}
	}
	if (optind + 1 != argc)
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
