// SPDX-License-Identifier: GPL-2.0-only
/*
 * btfstage: BTF for kernel modules, as a build step of its own.
 *
 * Data flows one way, and so do the calls:
 *
 *	cmd_*.c			one sub-command each: options, messages, status
 *	check_run.c, check_list.c  many modules to check,
 *	  check_module.c	  one of them,
 *	  check_*.c, types.c	  the kernel's rules,
 *	  releases.c		  where they differ,
 *	  report.c, json.c	  and what was found
 *	membuf.c		what is printed, while it is in memory
 *	kernel_release.c	which kernel a vmlinux is of
 *	show*.c, ids_walk.c,	one module in one view
 *	  module_types.c	  with what its ids stand for
 *	overview*.c, html.c	all modules of a build: text, JSON, a page
 *	  module_info.c		  and what there is to know of each
 *	module_file.c		a module, open to be looked at
 *	base.c, base_*.c	the base file and its index
 *	split.c			a module's types as split BTF, made from
 *	  match*.c		  which of them the base has,
 *	  equal.c		  which of the others are equal,
 *	  fingerprint.c, names.c  and what both look things up by
 *	distill.c		what a module refers to, in a base of its own
 *	btf_ids*.c		type ids by name in .BTF_ids
 *	elf_*.c			reading ELF, adding sections to it
 *	linked.c, ranges.c	the linked module, or what is left of it
 *	btf*.c, table.c		the BTF format; hash tables
 *	file_in.c, file_out.c	whole files in, whole files out
 */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cmd.h"
#include "file_in.h"
#include "file_out.h"
#include "version.h"

static const char usage[] =
	"Usage: btfstage base [-o OUT] VMLINUX|RAW_BTF\n"
	"       btfstage find-base [--release RELEASE] [--sysroot DIR] TREE\n"
	"       btfstage ko [--distill-base[=RELEASE]] [--shrink] --base BASE\n"
	"                   --types TYPES -o OUT MODULE\n"
	"       btfstage restore --from KO [-o OUT] MODULE\n"
	"       btfstage check --base BASE [OPTION]... MODULE|DIR|-...\n"
	"       btfstage show [--base BASE] [--json] MODULE\n"
	"       btfstage report [--base BASE] [OPTION]... DIR...\n"
	"       btfstage --help | --version\n"
	"\n"
	"Add BTF type information to Linux kernel modules.\n"
	"\n"
	"  base       prepare the kernel's types to deduplicate modules against\n"
	"  find-base  say where on this machine a kernel's types are\n"
	"  ko         copy a linked module and add its BTF to the copy\n"
	"  restore    make a linked module whole that \"ko --shrink\" left little of\n"
	"  check      say what the kernel would say about modules' BTF\n"
	"  show       show what there is of BTF in a module\n"
	"  report     list a build's modules: which have BTF, and which not and why\n"
	"\n"
	"\"btfstage COMMAND --help\" tells more. Exit status: 0 done, 1 the work\n"
	"failed, 2 wrong usage; of check, show and report also 3, something could\n"
	"not be read.\n";

/* Where modules can be bad, that is the meaning of the usual one. */
static int failed = EXIT_FAILED;

/* What was printed has to have arrived. */
static void check_stdout(void)
{
	if (!fflush(stdout) && !ferror(stdout))
		return;
	fprintf(stderr, "btfstage: standard output: cannot write: %s\n",
		strerror(errno));
	_exit(failed);
}

/*
 * Inputs are mapped: in a file that somebody cuts short meanwhile, there is nothing
 * to be read any more. The output has no name yet.
 */
static void on_sigbus(int sig, siginfo_t *info, void *context)
{
	static const char what[] =
		": was cut short while it was read, or cannot be read\n";
	const char *path = file_in_mapped_at(info->si_addr);
	char line[1024] = "btfstage: ";
	size_t len = strlen(line), i;
	ssize_t n;

	(void)context;
	if (!path) {
		/* It comes again, by the same instruction or from here. */
		signal(sig, SIG_DFL);
		raise(sig);
		return;
	}
	file_out_on_signal();
	for (i = 0; path[i] && len < sizeof(line) - sizeof(what); i++) {
		unsigned char c = path[i];

		line[len++] = c < ' ' || c == 0x7f ? '?' : c;
	}
	memcpy(line + len, what, sizeof(what));
	n = write(STDERR_FILENO, line, strlen(line));
	(void)n;
	_exit(failed);
}

static void watch_inputs(void)
{
	struct sigaction sa = {
		.sa_sigaction = on_sigbus,
		.sa_flags = SA_SIGINFO,
	};

	sigaction(SIGBUS, &sa, NULL);
}

/* No file of ours may become the standard output or standard error. */
static void open_standard_files(void)
{
	int fd;

	do {
		fd = open("/dev/null", O_RDWR);
	} while (fd >= 0 && fd <= STDERR_FILENO);
	if (fd >= 0)
		close(fd);
}

int main(int argc, char **argv)
{
	const char *name = argc > 1 ? argv[1] : NULL;

	open_standard_files();
	atexit(check_stdout);
	watch_inputs();

	if (!name) {
		fputs(usage, stderr);
		return EXIT_USAGE;
	}
	if (!strcmp(name, "base"))
		return cmd_base(argc - 1, argv + 1);
	if (!strcmp(name, "check") || !strcmp(name, "report") ||
	    !strcmp(name, "show"))
		failed = EXIT_UNREADABLE;
	if (!strcmp(name, "check"))
		return cmd_check(argc - 1, argv + 1);
	if (!strcmp(name, "find-base"))
		return cmd_find_base(argc - 1, argv + 1);
	if (!strcmp(name, "ko"))
		return cmd_ko(argc - 1, argv + 1);
	if (!strcmp(name, "restore"))
		return cmd_restore(argc - 1, argv + 1);
	if (!strcmp(name, "report"))
		return cmd_report(argc - 1, argv + 1);
	if (!strcmp(name, "show"))
		return cmd_show(argc - 1, argv + 1);
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
