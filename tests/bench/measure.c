// SPDX-License-Identifier: GPL-2.0-only
/*
 * Measure the cost of a command
 *
 *	measure [-n COUNT] [-l LABEL] [-o FILE] COMMAND [ARG...]
 *	measure -m [-s SHARED]... [-l LABEL] [-o FILE] COMMAND [ARG...]
 *
 * The command is run COUNT times (1). Each run appends a line to FILE, or to
 * standard output, fields separated by tabs:
 *
 *	LABEL  CPU time in us  elapsed time in us
 *
 * CPU time is user and system time from fork to exit, as wait4() tells: of the
 * whole process and of those children that it has waited for. With -m there is
 * one run, and memory instead of time:
 *
 *	LABEL  max RSS in KiB  own memory in KiB
 *
 * Own memory is the peak of what one more process of the kind takes: anonymous
 * pages, and those of mapped files but for the files of which one copy in memory
 * serves all, which are programs, libraries, and what is given with -s. It only
 * becomes less in some system calls, and at exit: the greatest of what
 * /proc/PID/smaps says just before each of these is the peak. The command is
 * traced for that; children of its own are not looked at.
 *
 * Exit status: the command's; 126 when it was killed, or could not be measured.
 * A run that failed adds no line, and is the last.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define EXIT_UNMEASURED	126
#define MAX_SHARED	64

struct run {
	int status;		/* for exit() */
	uint64_t cpu_us;
	uint64_t wall_us;
	uint64_t rss_kib;
	uint64_t own_kib;
};

static char *shared[MAX_SHARED];
static unsigned int nr_shared;

static void __attribute__((noreturn, format(printf, 1, 2)))
die(const char *fmt, ...)
{
	va_list ap;

	fputs("measure: ", stderr);
	va_start(ap, fmt);
	vfprintf(stderr, fmt, ap);
	va_end(ap);
	fputc('\n', stderr);
	exit(EXIT_UNMEASURED);
}

static uint64_t now_us(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return ts.tv_sec * 1000000ull + ts.tv_nsec / 1000;
}

static uint64_t timeval_us(const struct timeval *tv)
{
	return tv->tv_sec * 1000000ull + tv->tv_usec;
}

static bool is_shared(const char *path)
{
	unsigned int i;

	for (i = 0; i < nr_shared; i++) {
		if (!strcmp(path, shared[i]))
			return true;
	}
	return false;
}

static void add_shared(const char *path)
{
	if (is_shared(path))
		return;
	if (nr_shared == MAX_SHARED)
		die("more than %d shared files", MAX_SHARED);
	shared[nr_shared] = strdup(path);
	if (!shared[nr_shared++])
		die("out of memory");
}

/*
 * /proc/PID/smaps has for each mapping the line of /proc/PID/maps, which ends
 * with the path, and then lines of a name and a number. @sum NULL: note what is
 * mapped to be executed. Otherwise add up.
 */
static void read_smaps(pid_t pid, uint64_t *sum)
{
	unsigned long long kib, rss = 0;
	char name[32], perms[8], *line = NULL, *path;
	bool one_copy = false;
	size_t max = 0;
	int start;
	FILE *f;

	snprintf(name, sizeof(name), "/proc/%d/smaps", (int)pid);
	f = fopen(name, "r");
	if (!f)
		die("%s: %s", name, strerror(errno));
	while (getline(&line, &max, f) > 0) {
		start = 0;
		if (sscanf(line, "%*x-%*x %7s %*x %*x:%*x %*u %n", perms,
			   &start) == 1 && start) {
			path = line + start;
			path[strcspn(path, "\n")] = '\0';
			if (!sum && *path == '/' && strchr(perms, 'x'))
				add_shared(path);
			one_copy = is_shared(path);
		} else if (sscanf(line, "Rss: %llu", &kib) == 1) {
			rss = kib;
		} else if (sum && sscanf(line, "Anonymous: %llu", &kib) == 1) {
			*sum += one_copy ? kib : rss;
		}
	}
	free(line);
	fclose(f);
}

static void note_memory(pid_t pid, struct run *run)
{
	uint64_t own = 0;

	read_smaps(pid, NULL);
	read_smaps(pid, &own);
	if (own > run->own_kib)
		run->own_kib = own;
}

/* Is this process about to give memory back? */
static bool may_shrink(pid_t pid)
{
	struct __ptrace_syscall_info info = { 0 };

	if (ptrace(PTRACE_GET_SYSCALL_INFO, pid, sizeof(info), &info) < 0)
		die("ptrace: %s", strerror(errno));
	if (info.op != PTRACE_SYSCALL_INFO_ENTRY)
		return false;
	switch (info.entry.nr) {
	case SYS_brk:
	case SYS_exit:
	case SYS_exit_group:
	case SYS_madvise:
#ifdef SYS_mmap
	case SYS_mmap:
#endif
#ifdef SYS_mmap2
	case SYS_mmap2:
#endif
	case SYS_mremap:
	case SYS_munmap:
		return true;
	}
	return false;
}

/* Wait for the child, which stops itself first. Returns as wait4() does. */
static int trace(pid_t pid, struct run *run, struct rusage *usage)
{
	int status, sig;

	if (waitpid(pid, &status, 0) < 0 || !WIFSTOPPED(status) ||
	    ptrace(PTRACE_SETOPTIONS, pid, 0,
		   PTRACE_O_TRACESYSGOOD | PTRACE_O_TRACEEXEC) < 0)
		die("ptrace: %s", strerror(errno));
	for (sig = 0;; ) {
		if (ptrace(PTRACE_SYSCALL, pid, 0, sig) < 0 && errno != ESRCH)
			die("ptrace: %s", strerror(errno));
		if (wait4(pid, &status, 0, usage) < 0)
			die("wait4: %s", strerror(errno));
		if (!WIFSTOPPED(status))
			return status;
		sig = WSTOPSIG(status);
		if (sig == (SIGTRAP | 0x80)) {
			if (may_shrink(pid))
				note_memory(pid, run);
			sig = 0;
		} else if (sig == SIGTRAP && status >> 16) {
			/* exec: what was measured till now is not the command's */
			run->own_kib = 0;
			sig = 0;
		}
	}
}

static void run_command(char **argv, bool memory, struct run *run)
{
	uint64_t start = now_us();
	struct rusage usage;
	int status;
	pid_t pid;

	*run = (struct run){ 0 };
	/* A copy of this process's few pages would be counted as the command's. */
	pid = memory ? fork() : vfork();
	if (pid < 0)
		die("fork: %s", strerror(errno));
	if (!pid) {
		if (memory) {
			ptrace(PTRACE_TRACEME, 0, 0, 0);
			raise(SIGSTOP);
		}
		execvp(argv[0], argv);
		dprintf(STDERR_FILENO, "measure: %s: %s\n", argv[0],
			strerror(errno));
		_exit(EXIT_UNMEASURED);
	}

	if (memory)
		status = trace(pid, run, &usage);
	else if (wait4(pid, &status, 0, &usage) < 0)
		die("wait4: %s", strerror(errno));
	run->wall_us = now_us() - start;
	run->cpu_us = timeval_us(&usage.ru_utime) +
		      timeval_us(&usage.ru_stime);
	run->rss_kib = usage.ru_maxrss;
	if (WIFEXITED(status)) {
		run->status = WEXITSTATUS(status);
	} else {
		fprintf(stderr, "measure: %s: killed by signal %d\n", argv[0],
			WTERMSIG(status));
		run->status = EXIT_UNMEASURED;
	}
}

int main(int argc, char **argv)
{
	const char *label = "", *out_path = NULL;
	unsigned long count = 1;
	bool memory = false;
	FILE *out = stdout;
	char path[4096];
	struct run run;
	int opt;

	while ((opt = getopt(argc, argv, "+l:mn:o:s:")) != -1) {
		switch (opt) {
		case 'l':
			label = optarg;
			break;
		case 'm':
			memory = true;
			break;
		case 'n':
			count = strtoul(optarg, NULL, 10);
			break;
		case 'o':
			out_path = optarg;
			break;
		case 's':
			if (!realpath(optarg, path))
				die("%s: %s", optarg, strerror(errno));
			add_shared(path);
			break;
		default:
			return EXIT_UNMEASURED;
		}
	}
	if (optind == argc || !count || (memory && count > 1))
		die("wrong usage, see the top of measure.c");
	if (out_path) {
		out = fopen(out_path, "ae");
		if (!out)
			die("%s: %s", out_path, strerror(errno));
	}
	while (count--) {
		run_command(argv + optind, memory, &run);
		if (run.status)
			return run.status;
		fprintf(out, "%s\t%llu\t%llu\n", label,
			(unsigned long long)(memory ? run.rss_kib : run.cpu_us),
			(unsigned long long)(memory ? run.own_kib : run.wall_us));
	}
	if (ferror(out) || fclose(out))
		die("%s: cannot write", out_path ? out_path : "standard output");
	return 0;
}
