// SPDX-License-Identifier: GPL-2.0-only
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>

#include "cmd.h"
#include "elf_file.h"
#include "linked.h"

static const char usage[] =
	"Usage: btfstage restore --from KO [-o OUT] MODULE\n"
	"\n"
	"Make the linked MODULE whole that \"btfstage ko --shrink\" left little of. A\n"
	"module that is whole stays as it is.\n"
	"\n"
	"      --from KO     the module that was made of it (-o of \"btfstage ko\")\n"
	"  -o, --output OUT  leave MODULE alone, and write the linked module to OUT\n"
	"  -h, --help        show this text\n";

enum {
	OPT_FROM = 256,
};

static const struct option options[] = {
	{ "from", required_argument, NULL, OPT_FROM },
	{ "output", required_argument, NULL, 'o' },
	{ "help", no_argument, NULL, 'h' },
	{ 0 }
};

static int restore(const char *path, const char *ko_path, const char *out_path,
		   struct err *err)
{
	struct linked linked;
	int ret;

	if (linked_open(&linked, path, ko_path, err))
		return -1;
	if (!elf_file_probe(&linked.whole))
		ret = err_set(err, path, "is not an ELF file");
	else if (out_path)
		ret = linked_write(&linked, out_path, err);
	else
		ret = linked_put_back(&linked, err);
	linked_close(&linked);
	return ret;
}

int cmd_restore(int argc, char **argv)
{
	const char *ko_path = NULL, *out_path = NULL;
	struct err err;
	int opt;

	while ((opt = getopt_long(argc, argv, "o:h", options, NULL)) != -1) {
		switch (opt) {
		case OPT_FROM:
			ko_path = optarg;
			break;
		case 'o':
			out_path = optarg;
			break;
		case 'h':
			fputs(usage, stdout);
			return EXIT_DONE;
		default:
			fputs(usage, stderr);
			return EXIT_USAGE;
		}
	}
	if (argc - optind != 1 || !ko_path) {
		fputs(usage, stderr);
		return EXIT_USAGE;
	}
	if (restore(argv[optind], ko_path, out_path, &err)) {
		fprintf(stderr, "btfstage: %s\n", err.msg);
		return EXIT_FAILED;
	}
	return EXIT_DONE;
}
