// SPDX-License-Identifier: GPL-2.0-only
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/base.h"
#include "base/kernel.h"
#include "cmd.h"
#include "io/file_in.h"
#include "io/file_out.h"

#define DEFAULT_OUTPUT	".btf.vmlinux.base"

static const char usage[] =
	"Usage: btfstage base [-v] [-o OUT] VMLINUX|RAW_BTF\n"
	"\n"
	"Prepare the types of a kernel for \"btfstage ko\". The input is a vmlinux\n"
	"with a .BTF section, or BTF alone such as /sys/kernel/btf/vmlinux. If OUT\n"
	"already has these types, it is left untouched.\n"
	"\n"
	"  -o, --output OUT  the file to write (default: " DEFAULT_OUTPUT ")\n"
	"  -v, --verbose     print a line when OUT is written\n"
	"  -h, --help        show this text\n";

static const struct option options[] = {
	{ "output", required_argument, NULL, 'o' },
	{ "verbose", no_argument, NULL, 'v' },
	{ "help", no_argument, NULL, 'h' },
	{ 0 }
};

static int write_base(const struct btf *btf, const char *path, mode_t mode,
		      struct err *err)
{
	uint8_t *data;
	size_t size;
	int ret;

	if (base_build(btf, &data, &size, err))
		return -1;
	ret = file_out_write_file(path, mode, data, size, err);
	free(data);
	return ret;
}

/* @verbose: a line in the format of a kernel build */
static int make_base(const char *in_path, const char *out_path, bool verbose,
		     struct err *err)
{
	struct btf btf = { 0 };
	struct file_in in;
	int ret = -1;

	if (file_in_open(&in, in_path, err))
		return -1;
	if (kernel_btf_open(&btf, &in, err))
		goto out_close_in;
	if (base_file_holds(out_path, &btf)) {
		ret = 0;
		goto out_free_btf;
	}
	if (btf_check_base(&btf, err))
		goto out_free_btf;
	if (!btf.nr_types) {
		err_set(err, in_path, "has no types");
		goto out_free_btf;
	}
	/* At most the permissions of the input, and never executable. */
	ret = write_base(&btf, out_path, in.mode & 0666, err);
	if (!ret && verbose)
		printf("  BTFBASE %s from %s\n", out_path, in_path);

out_free_btf:
	btf_free(&btf);
out_close_in:
	file_in_close(&in);
	return ret;
}

int cmd_base(int argc, char **argv)
{
	const char *output = DEFAULT_OUTPUT;
	bool verbose = false;
	struct err err;
	int opt;

	while ((opt = getopt_long(argc, argv, "o:vh", options, NULL)) != -1) {
		switch (opt) {
		case 'o':
			output = optarg;
			break;
		case 'v':
			verbose = true;
			break;
		case 'h':
			fputs(usage, stdout);
			return EXIT_DONE;
		default:
			fputs(usage, stderr);
			return EXIT_USAGE;
		}
	}
	if (argc - optind != 1) {
		fputs(usage, stderr);
		return EXIT_USAGE;
	}
	if (make_base(argv[optind], output, verbose, &err)) {
		fprintf(stderr, "btfstage: %s\n", err.msg);
		return EXIT_FAILED;
	}
	return EXIT_DONE;
}
