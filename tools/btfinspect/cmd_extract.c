// SPDX-License-Identifier: GPL-2.0-only
/*
 * --update is for a Makefile that needs a kernel's types in each build: write
 * the file only if an image has a newer ctime. The mtime of an image is mostly
 * that of its package.
 */
#include <getopt.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "../btfstage/btf/btf.h"
#include "../btfstage/io/file_out.h"
#include "cmd.h"
#include "image/image.h"

static const char usage[] =
	"Usage: btfinspect extract [OPTION]... -o FILE IMAGE...\n"
	"\n"
	"Write the types of the first IMAGE that has them to FILE, as BTF. An IMAGE is\n"
	"a boot image, such as /boot/vmlinuz-RELEASE: a bzImage, an Image, compressed\n"
	"or not, or an EFI zboot image; or a vmlinux.\n"
	"\n"
	"  -o, --output FILE      the file to write, for \"btfstage base\" or --base\n"
	"  -r, --release RELEASE  refuse images of other releases\n"
	"  -u, --update           keep FILE if it is newer than all images\n"
	"  -v, --verbose          print a line on standard error when FILE is written\n"
	"  -h, --help             show this text\n"
	"\n"
	"Exit status: 0 done, 2 wrong usage, 3 no image has types, or FILE was not\n"
	"written.\n";

static const struct option options[] = {
	{ "output", required_argument, NULL, 'o' },
	{ "release", required_argument, NULL, 'r' },
	{ "update", no_argument, NULL, 'u' },
	{ "verbose", no_argument, NULL, 'v' },
	{ "help", no_argument, NULL, 'h' },
	{ 0 }
};

struct command {
	const char *output;
	const char *release;
	bool update;
	bool verbose;
	char **images;
	int nr;
};

static bool is_before(const struct timespec *a, const struct timespec *b)
{
	return a->tv_sec != b->tv_sec ? a->tv_sec < b->tv_sec :
					a->tv_nsec < b->tv_nsec;
}

static bool is_current(const struct command *cmd)
{
	struct stat output, image;
	int i;

	if (stat(cmd->output, &output))
		return false;
	for (i = 0; i < cmd->nr; i++) {
		if (stat(cmd->images[i], &image) ||
		    !is_before(&image.st_ctim, &output.st_mtim) ||
		    !is_before(&image.st_mtim, &output.st_mtim))
			return false;
	}
	return true;
}

static int check(const char *path, const uint8_t *data, size_t size,
		 struct err *err)
{
	struct btf btf = { 0 };
	int ret = -1;

	if (!btf_open(&btf, path, data, size, err) && !btf_check(&btf, err))
		ret = btf.nr_types ? 0 : err_set(err, path, "has no types");
	btf_free(&btf);
	return ret;
}

/* 1: the image cannot be used, 0: its types are in @cmd->output */
static int extract_one(const struct command *cmd, const char *path,
		       struct err *err)
{
	const uint8_t *data;
	struct file_in in;
	size_t size;
	int ret = 1;

	if (file_in_open(&in, path, err))
		return 1;
	if (!image_unpack(&in, cmd->release, err) &&
	    !image_btf(&in, &data, &size, err) &&
	    !check(path, data, size, err))
		ret = file_out_write_file(cmd->output, 0666, data, size, err);
	file_in_close(&in);
	return ret;
}

static int extract(const struct command *cmd)
{
	int i, ret = 1;

	if (cmd->update && is_current(cmd))
		return EXIT_DONE;
	for (i = 0; i < cmd->nr && ret > 0; i++) {
		struct err err;

		ret = extract_one(cmd, cmd->images[i], &err);
		if (ret)
			fprintf(stderr, "btfinspect: %s\n", err.msg);
		else if (cmd->verbose)
			fprintf(stderr, "  UNPACK  %s from %s\n", cmd->output,
				cmd->images[i]);
	}
	return ret ? EXIT_UNREADABLE : EXIT_DONE;
}

int cmd_extract(int argc, char **argv)
{
	struct command cmd = { 0 };
	int opt;

	while ((opt = getopt_long(argc, argv, "o:r:uvh", options, NULL)) != -1) {
		switch (opt) {
		case 'o':
			cmd.output = optarg;
			break;
		case 'r':
			cmd.release = optarg;
			break;
		case 'u':
			cmd.update = true;
			break;
		case 'v':
			cmd.verbose = true;
			break;
		case 'h':
			fputs(usage, stdout);
			return EXIT_DONE;
		default:
			fputs(usage, stderr);
			return EXIT_USAGE;
		}
	}
	if (!cmd.output || optind == argc) {
		fputs(usage, stderr);
		return EXIT_USAGE;
	}
	cmd.images = argv + optind;
	cmd.nr = argc - optind;
	return extract(&cmd);
}
