// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "file_in.h"
#include "program.h"

static const char *program_name;
static int program_failed;

/* A full disk or a closed pipe must not go unnoticed. */
static void check_stdout(void)
{
	if (!fflush(stdout) && !ferror(stdout))
		return;
	fprintf(stderr, "%s: standard output: cannot write: %s\n",
		program_name, strerror(errno));
	_exit(program_failed);
}

/*
 * Inputs are mapped. If one is truncated meanwhile, a read beyond its new end raises
 * SIGBUS.
 */
static void on_sigbus(int sig, siginfo_t *info, void *context)
{
	static const char what[] =
		": was truncated while it was read, or cannot be read\n";
	const char *path = file_in_mapped_at(info->si_addr);
	char line[1024] = "";
	size_t len = strnlen(program_name, 64), i;
	ssize_t n;

	(void)context;
	if (!path) {
		/* Not ours: die of it. */
		signal(sig, SIG_DFL);
		raise(sig);
		return;
	}
	memcpy(line, program_name, len);
	line[len++] = ':';
	line[len++] = ' ';
	for (i = 0; path[i] && len < sizeof(line) - sizeof(what); i++) {
		unsigned char c = path[i];

		line[len++] = c < ' ' || c == 0x7f ? '?' : c;
	}
	memcpy(line + len, what, sizeof(what));
	n = write(STDERR_FILENO, line, strlen(line));
	(void)n;
	_exit(program_failed);
}

void program_start(const char *name, int failed)
{
	struct sigaction sa = {
		.sa_sigaction = on_sigbus,
		.sa_flags = SA_SIGINFO,
	};
	int fd;

	program_name = name;
	program_failed = failed;

	/* No file of ours may become the standard output or standard error. */
	do {
		fd = open("/dev/null", O_RDWR);
	} while (fd >= 0 && fd <= STDERR_FILENO);
	if (fd >= 0)
		close(fd);

	atexit(check_stdout);
	sigaction(SIGBUS, &sa, NULL);
}
