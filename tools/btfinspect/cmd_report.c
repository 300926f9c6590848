// SPDX-License-Identifier: GPL-2.0-only
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../btfstage/io/file_out.h"
#include "check/base_load.h"
#include "check/check_list.h"
#include "cmd.h"
#include "report/overview.h"
#include "text/membuf.h"

static const char usage[] =
	"Usage: btfinspect report [--base BASE] [OPTION]... DIR...\n"
	"\n"
	"List the modules below DIR: which of them have BTF, why others have none, the\n"
	"size of BTF, and the number of resolved ids in .BTF_ids. The sums come first.\n"
	"DIR can also be a module, and \"-\" means the names on standard input, one on\n"
	"a line.\n"
	"\n"
	"      --base BASE    check the modules against the kernel's types: a file from\n"
	"                     \"btfstage base\", a vmlinux, or raw BTF\n"
	"      --sort KEY     sort by size (the default) or name\n"
	"      --json         print a JSON document\n"
	"      --html FILE    write a page for a browser, and print only the sums\n"
	"  -h, --help         show this text\n"
	"\n"
	"Exit status: 0 all modules are good, or have no BTF; 1 some are bad; 2 wrong\n"
	"usage; 3 some could not be read.\n";

enum {
	OPT_BASE = 256,
	OPT_HTML,
	OPT_JSON,
	OPT_SORT,
};

static const struct option options[] = {
	{ "base", required_argument, NULL, OPT_BASE },
	{ "html", required_argument, NULL, OPT_HTML },
	{ "json", no_argument, NULL, OPT_JSON },
	{ "sort", required_argument, NULL, OPT_SORT },
	{ "help", no_argument, NULL, 'h' },
	{ 0 }
};

struct command {
	const char *base_path;
	const char *html_path;
	enum overview_sort sort;
	bool json;
	char **args;
	int nr_args;
};

static int write_html(const struct command *cmd, const struct overview *ov,
		      struct err *err)
{
	struct membuf page;
	FILE *f;
	int ret;

	f = membuf_open(&page);
	if (!f)
		return err_no_memory(err, cmd->html_path);
	overview_html(ov, cmd->sort, f);
	if (membuf_close(&page, f))
		ret = err_no_memory(err, cmd->html_path);
	else
		ret = file_out_write_file(cmd->html_path, 0666, page.data,
					  page.size, err);
	free(page.data);
	return ret;
}

static void print(const struct command *cmd, const struct overview *ov)
{
	if (cmd->json)
		overview_json(ov, stdout);
	else if (cmd->html_path)
		overview_text_summary(ov, stdout);
	else
		overview_text(ov, stdout);
}

static int report_listed(const struct command *cmd,
			 const struct check_list *list,
			 const struct base *base, struct err *err)
{
	struct overview ov = { .base_path = cmd->base_path };
	int ret = -1;

	if (cmd->nr_args == 1 && strcmp(cmd->args[0], "-"))
		ov.dir = cmd->args[0];
	if (overview_read(&ov, list, base, err))
		goto out_free;
	overview_sort(&ov, cmd->sort);
	if (cmd->html_path && write_html(cmd, &ov, err))
		goto out_free;
	print(cmd, &ov);
	if (ov.nr_status[REPORT_UNREADABLE])
		ret = EXIT_UNREADABLE;
	else
		ret = ov.nr_status[REPORT_BAD] ? EXIT_BAD : EXIT_DONE;

out_free:
	overview_free(&ov);
	return ret;
}

static int report(const struct command *cmd, struct err *err)
{
	struct check_list list = { 0 };
	struct base base;
	int ret;

	if (check_list_args(&list, cmd->args, cmd->nr_args, err))
		return -1;
	if (!cmd->base_path) {
		ret = report_listed(cmd, &list, NULL, err);
	} else {
		ret = base_load(&base, cmd->base_path, NULL, err);
		if (!ret) {
			ret = report_listed(cmd, &list, &base, err);
			base_close(&base);
		}
	}
	check_list_free(&list);
	return ret;
}

static int parse_sort(const char *key, enum overview_sort *sort)
{
	if (!strcmp(key, "size"))
		*sort = SORT_BY_SIZE;
	else if (!strcmp(key, "name"))
		*sort = SORT_BY_NAME;
	else
		return -1;
	return 0;
}

static int parse_options(struct command *cmd, int argc, char **argv)
{
	int opt;

	while ((opt = getopt_long(argc, argv, "h", options, NULL)) != -1) {
		switch (opt) {
		case OPT_BASE:
			cmd->base_path = optarg;
			break;
		case OPT_HTML:
			cmd->html_path = optarg;
			break;
		case OPT_JSON:
			cmd->json = true;
			break;
		case OPT_SORT:
			if (parse_sort(optarg, &cmd->sort))
				return -1;
			break;
		case 'h':
			fputs(usage, stdout);
			exit(EXIT_DONE);
		default:
			return -1;
		}
	}
	if (optind == argc)
		return -1;
	cmd->args = argv + optind;
	cmd->nr_args = argc - optind;
	return 0;
}

int cmd_report(int argc, char **argv)
{
	struct command cmd = { .sort = SORT_BY_SIZE };
	struct err err;
	int ret;

	if (parse_options(&cmd, argc, argv)) {
		fputs(usage, stderr);
		return EXIT_USAGE;
	}
	ret = report(&cmd, &err);
	if (ret < 0) {
		fprintf(stderr, "btfinspect: %s\n", err.msg);
		return EXIT_UNREADABLE;
	}
	return ret;
}
