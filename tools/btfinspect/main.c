// SPDX-License-Identifier: GPL-2.0-only
/*
 * btfinspect: inspect the BTF of kernel modules.
 *
 * Each folder uses only those below it, and those of btfstage:
 *
 *	cmd_*.c		one sub-command each: options, messages, exit status
 *	report/		all modules of a build: text, JSON, a page
 *	hook/		checks when a kernel is installed
 *	diff/		two kernels, modules or builds
 *	types/		a module's own types as C, by libbpf
 *	show/		one module
 *	check/		what the kernel would refuse
 *	image/		the types of an installed kernel
 *	unpack/		decompression
 *	text/		quoting of names from files
 */
#include <stdio.h>
#include <string.h>

#include "../btfstage/io/program.h"
#include "../btfstage/version.h"
#include "cmd.h"

static const char usage[] =
	"Usage: btfinspect check --base BASE [OPTION]... MODULE|DIR|-...\n"
	"       btfinspect show [--base BASE] [--json | --types] MODULE\n"
	"       btfinspect report [--base BASE] [OPTION]... DIR...\n"
	"       btfinspect diff [OPTION]... OLD NEW [NAME]...\n"
	"       btfinspect hook [--root DIR] on|off|status\n"
	"       btfinspect extract [--release RELEASE] -o FILE IMAGE...\n"
	"       btfinspect --help | --version\n"
	"\n"
	"Inspect the BTF type information of Linux kernel modules.\n"
	"\n"
	"  check      find what the kernel would refuse in modules' BTF\n"
	"  show       show the BTF of a module\n"
	"  report     list the modules of a build, and why some have no BTF\n"
	"  diff       compare two kernels, modules or builds\n"
	"  hook       check modules when a kernel or a DKMS module is installed\n"
	"  extract    write the types in a boot image to a file\n"
	"\n"
	"See \"btfinspect COMMAND --help\". Exit status: 0 done, 1 a module is bad, or\n"
	"something differs; 2 wrong usage; 3 something could not be read.\n";

int main(int argc, char **argv)
{
	const char *name = argc > 1 ? argv[1] : NULL;

	program_start("btfinspect", EXIT_UNREADABLE);

	if (!name) {
		fputs(usage, stderr);
		return EXIT_USAGE;
	}
	if (!strcmp(name, "check"))
		return cmd_check(argc - 1, argv + 1);
	if (!strcmp(name, "show"))
		return cmd_show(argc - 1, argv + 1);
	if (!strcmp(name, "report"))
		return cmd_report(argc - 1, argv + 1);
	if (!strcmp(name, "diff"))
		return cmd_diff(argc - 1, argv + 1);
	if (!strcmp(name, "hook"))
		return cmd_hook(argc - 1, argv + 1);
	if (!strcmp(name, "extract"))
		return cmd_extract(argc - 1, argv + 1);
	if (!strcmp(name, "--help") || !strcmp(name, "-h")) {
		fputs(usage, stdout);
		return EXIT_DONE;
	}
	if (!strcmp(name, "--version")) {
		printf("btfinspect %s\n", BTFSTAGE_VERSION);
		return EXIT_DONE;
	}
	fprintf(stderr, "btfinspect: unknown command '%s', see btfinspect --help\n",
		name);
	return EXIT_USAGE;
}
