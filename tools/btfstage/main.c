// SPDX-License-Identifier: GPL-2.0-only
/*
 * btfstage: add BTF to kernel modules.
 *
 * Each folder uses only those below it in this list:
 *
 *	cmd_*.c		one sub-command each: options, messages, exit status
 *	match/		which of a module's types the base has; split BTF from the
 *			others; a distilled base
 *	base/		the prepared base: its format, its index, making it
 *	ids/		.BTF_ids
 *	btf/		the BTF format
 *	elf/		sections, symbols, adding a section
 *	io/		reading and writing files, error messages
 */
#include <stdio.h>
#include <string.h>

#include "cmd.h"
#include "io/program.h"
#include "version.h"

static const char usage[] =
	"Usage: btfstage base [-o OUT] VMLINUX|RAW_BTF\n"
	"       btfstage find-base [--release RELEASE] [--sysroot DIR] TREE\n"
	"       btfstage ko [--distill-base] --base BASE --types TYPES -o OUT MODULE\n"
	"       btfstage --help | --version\n"
	"\n"
	"Add BTF type information to Linux kernel modules.\n"
	"\n"
	"  base       prepare the kernel's types for ko\n"
	"  find-base  find a kernel's types on this machine\n"
	"  ko         copy a linked module and add its BTF to the copy\n"
	"\n"
	"See \"btfstage COMMAND --help\". Exit status: 0 done, 1 the work failed, 2 wrong\n"
	"usage.\n";

int main(int argc, char **argv)
{
	const char *name = argc > 1 ? argv[1] : NULL;

	program_start("btfstage", EXIT_FAILED);

	if (!name) {
		fputs(usage, stderr);
		return EXIT_USAGE;
	}
	if (!strcmp(name, "base"))
		return cmd_base(argc - 1, argv + 1);
	if (!strcmp(name, "find-base"))
		return cmd_find_base(argc - 1, argv + 1);
	if (!strcmp(name, "ko"))
		return cmd_ko(argc - 1, argv + 1);
	if (!strcmp(name, "check") || !strcmp(name, "show") ||
	    !strcmp(name, "report")) {
		fprintf(stderr, "btfstage: %s is a command of btfinspect now: btfinspect %s\n",
			name, name);
		return EXIT_USAGE;
	}
	if (!strcmp(name, "--help") || !strcmp(name, "-h")) {
		fputs(usage, stdout);
		return EXIT_DONE;
	}
	if (!strcmp(name, "--version")) {
		printf("btfstage %s\n", BTFSTAGE_VERSION);
		return EXIT_DONE;
	}
	fprintf(stderr, "btfstage: unknown command '%s', see btfstage --help\n",
		name);
	return EXIT_USAGE;
}
