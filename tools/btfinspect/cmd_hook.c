// SPDX-License-Identifier: GPL-2.0-only
#include <getopt.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cmd.h"
#include "hook/boot.h"
#include "hook/hook_files.h"

static const char usage[] =
	"Usage: btfinspect hook [--root DIR] on|off|status\n"
	"       btfinspect hook [--root DIR] [--base BASE] check RELEASE [IMAGE]\n"
	"\n"
	"Check all modules of a kernel when it is installed, and when DKMS installs one,\n"
	"against the types of the kernel that will boot. At most three lines name the\n"
	"modules that it would refuse, or load without BTF; the installation goes on.\n"
	"\"on\" installs the hooks, \"off\" removes them, \"status\" lists them. The\n"
	"hooks call \"check\".\n"
	"\n"
	"      --base BASE    the kernel's types (default: those of IMAGE, or of a debug\n"
	"                     package; IMAGE is /boot/vmlinuz-RELEASE by default)\n"
	"      --root DIR     use the system below DIR\n"
	"  -h, --help         show this text\n"
	"\n"
	"Exit status: 0 done, or all modules are good; 1 some are not, or no hook is\n"
	"on; 2 wrong usage; 3 something could not be read or written.\n";

enum {
	OPT_BASE = 256,
	OPT_ROOT,
};

static const struct option options[] = {
	{ "base", required_argument, NULL, OPT_BASE },
	{ "root", required_argument, NULL, OPT_ROOT },
	{ "help", no_argument, NULL, 'h' },
	{ 0 }
};

struct command {
	struct boot boot;
	const char *what;
};

static int on(const struct command *cmd, struct err *err)
{
	char program[PATH_MAX];
	ssize_t len;

	len = readlink("/proc/self/exe", program, sizeof(program) - 1);
	if (len < 0)
		return err_set(err, "/proc/self/exe", "cannot read:");
	program[len] = '\0';
	/* It is written into shell scripts without quotes. */
	if (strspn(program, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789/._-") !=
	    (size_t)len)
		return err_set(err, program, "has a path that a shell script cannot contain");
	return hook_on(cmd->boot.root, program, stdout, err);
}

static int check(const struct command *cmd, struct err *err)
{
	struct boot_result result;
	int ret;

	ret = boot_check(&cmd->boot, &result, err);
	if (!ret)
		ret = boot_print(&cmd->boot, &result, stdout) ? EXIT_BAD :
								EXIT_DONE;
	boot_free(&result);
	return ret;
}

static int hook(const struct command *cmd, struct err *err)
{
	int nr;

	if (cmd->boot.release)
		return check(cmd, err);
	if (!strcmp(cmd->what, "on"))
		return on(cmd, err);
	if (!strcmp(cmd->what, "off"))
		return hook_off(cmd->boot.root, stdout, err);
	nr = hook_status(cmd->boot.root, stdout, err);
	if (nr < 0)
		return -1;
	return nr ? EXIT_DONE : EXIT_BAD;
}

static int parse_arguments(struct command *cmd, int nr, char **args)
{
	if (!nr)
		return -1;
	cmd->what = args[0];
	if (!strcmp(cmd->what, "check")) {
		if (nr < 2 || nr > 3 || !*args[1] || strchr(args[1], '/'))
			return -1;
		cmd->boot.release = args[1];
		cmd->boot.image = nr > 2 ? args[2] : NULL;
		return 0;
	}
	return nr > 1 || cmd->boot.base_path ||
	       (strcmp(cmd->what, "on") && strcmp(cmd->what, "off") &&
		strcmp(cmd->what, "status")) ? -1 : 0;
}

static int parse_options(struct command *cmd, int argc, char **argv)
{
	int opt;

	while ((opt = getopt_long(argc, argv, "h", options, NULL)) != -1) {
		switch (opt) {
		case OPT_BASE:
			cmd->boot.base_path = optarg;
			break;
		case OPT_ROOT:
			cmd->boot.root = optarg;
			break;
		case 'h':
			fputs(usage, stdout);
			exit(EXIT_DONE);
		default:
			return -1;
		}
	}
	return parse_arguments(cmd, argc - optind, argv + optind);
}

int cmd_hook(int argc, char **argv)
{
	struct command cmd = { .boot.root = "" };
	struct err err;
	int ret;

	if (parse_options(&cmd, argc, argv)) {
		fputs(usage, stderr);
		return EXIT_USAGE;
	}
	ret = hook(&cmd, &err);
	if (ret < 0) {
		fflush(stdout);
		fprintf(stderr, "btfinspect: %s\n", err.msg);
		return EXIT_UNREADABLE;
	}
	return ret;
}
