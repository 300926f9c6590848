// SPDX-License-Identifier: GPL-2.0-only
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "check/base_load.h"
#include "check/check.h"
#include "check/check_list.h"
#include "check/check_run.h"
#include "check/releases.h"
#include "cmd.h"
#include "text/text.h"

#define MAX_JOBS	1024

static const char usage[] =
	"Usage: btfinspect check --base BASE [OPTION]... MODULE|DIR|-...\n"
	"\n"
	"Check the BTF of modules by the rules of the kernel that loads them. The\n"
	"kernel refuses an error; it accepts a warning, although it is wrong. DIR\n"
	"means all modules below it, and \"-\" the names on standard input, one on a\n"
	"line.\n"
	"\n"
	"      --base BASE      the kernel's types: a file from \"btfstage base\", a\n"
	"                       vmlinux, or raw BTF\n"
	"  -j, --jobs N         check in N processes (default: 1)\n"
	"      --json           print a JSON document\n"
	"      --release VERSION  the kernel release to check for (default: that of the\n"
	"                       module's vermagic, else the newest known)\n"
	"      --require-btf    call a module without BTF bad\n"
	"      --strict         call a module with warnings bad\n"
	"  -h, --help           show this text\n"
	"\n"
	"Exit status: 0 all modules are good, 1 some are bad, 2 wrong usage, 3 some\n"
	"could not be read.\n";

enum {
	OPT_BASE = 256,
	OPT_JSON,
	OPT_RELEASE,
	OPT_REQUIRE_BTF,
	OPT_STRICT,
};

static const struct option options[] = {
	{ "base", required_argument, NULL, OPT_BASE },
	{ "jobs", required_argument, NULL, 'j' },
	{ "json", no_argument, NULL, OPT_JSON },
	{ "release", required_argument, NULL, OPT_RELEASE },
	{ "require-btf", no_argument, NULL, OPT_REQUIRE_BTF },
	{ "strict", no_argument, NULL, OPT_STRICT },
	{ "help", no_argument, NULL, 'h' },
	{ 0 }
};

/* Progress and sums */
struct show {
	size_t nr;			/* number of modules */
	size_t nr_done;
	size_t nr_status[NR_REPORT_STATUS];
	size_t nr_warnings;
	bool newer;			/* a newer release was reported */
	bool json;
	bool progress;			/* stderr is a terminal */
	bool progress_shown;
	struct timespec next_progress;
};

struct command {
	const char *base_path;
	struct check_options opts;
	struct check_run run;
	char **args;
	int nr_args;
};

/* ------------------------------------------------------------------------
 * Progress: a line on a terminal, overwritten and finally erased
 */

static void progress_init(struct show *show)
{
	show->progress = isatty(STDERR_FILENO);
	clock_gettime(CLOCK_MONOTONIC, &show->next_progress);
	show->next_progress.tv_sec++;
}

static void progress_erase(struct show *show)
{
	if (show->progress_shown)
		fputs("\r\033[K", stderr);
	show->progress_shown = false;
}

static void progress_update(struct show *show)
{
	struct timespec now;

	if (!show->progress || show->nr < 2)
		return;
	clock_gettime(CLOCK_MONOTONIC, &now);
	if (now.tv_sec < show->next_progress.tv_sec ||
	    (now.tv_sec == show->next_progress.tv_sec &&
	     now.tv_nsec < show->next_progress.tv_nsec))
		return;
	fprintf(stderr, "\r%zu of %zu modules", show->nr_done, show->nr);
	show->progress_shown = true;
	show->next_progress = now;
	show->next_progress.tv_nsec += 100000000;
	if (show->next_progress.tv_nsec >= 1000000000) {
		show->next_progress.tv_nsec -= 1000000000;
		show->next_progress.tv_sec++;
	}
}

/* ------------------------------------------------------------------------
 * Results
 */

/* Only once: there can be thousands. */
static void show_newer(struct show *show, const char *path)
{
	if (show->newer)
		return;
	show->newer = true;
	progress_erase(show);
	fflush(stdout);
	fputs("btfinspect: ", stderr);
	line_put(stderr, path);
	fprintf(stderr,
		": warning: is for a release newer than %u.%u, whose rules are used\n",
		release_newest.major, release_newest.minor);
}

static void show_result(void *arg, const char *path,
			const struct check_result *result)
{
	struct show *show = arg;
	FILE *out = stdout;

	if (result->newer)
		show_newer(show, path);
	if (result->status < NR_REPORT_STATUS)
		show->nr_status[result->status]++;
	show->nr_warnings += result->nr_warnings;

	if (result->text_len) {
		progress_erase(show);
		if (show->json)
			fputs(show->nr_done ? ",\n" : "\n", stdout);
		else if (result->status == REPORT_UNREADABLE)
			out = stderr;
		if (out == stderr)
			fflush(stdout);
		fwrite(result->text, 1, result->text_len, out);
	}
	show->nr_done++;
	progress_update(show);
}

static void json_begin(const struct command *cmd)
{
	fputs("{\"base\":", stdout);
	json_string(stdout, cmd->base_path);
	fputs(",\"modules\":[", stdout);
}

static void json_end(const struct show *show)
{
	printf("%s],\n\"summary\":{\"modules\":%zu,\"good\":%zu",
	       show->nr_done ? "\n" : "", show->nr,
	       show->nr_status[REPORT_GOOD]);
	printf(",\"bad\":%zu,\"no_btf\":%zu,\"unreadable\":%zu",
	       show->nr_status[REPORT_BAD], show->nr_status[REPORT_NO_BTF],
	       show->nr_status[REPORT_UNREADABLE]);
	printf(",\"warnings\":%zu}}\n", show->nr_warnings);
}

static void summary(const struct show *show)
{
	fflush(stdout);
	fprintf(stderr,
		"%zu modules: %zu good, %zu bad, %zu without BTF, %zu unreadable; %zu warnings\n",
		show->nr, show->nr_status[REPORT_GOOD],
		show->nr_status[REPORT_BAD], show->nr_status[REPORT_NO_BTF],
		show->nr_status[REPORT_UNREADABLE], show->nr_warnings);
}

static int check_listed(struct command *cmd, const struct check_list *list,
			struct err *err)
{
	struct show show = { .nr = list->nr, .json = cmd->run.json };
	struct check_run *run = &cmd->run;

	run->opts = &cmd->opts;
	run->paths = list->paths;
	run->nr = list->nr;
	run->fn = show_result;
	run->arg = &show;
	if (run->jobs > list->nr)
		run->jobs = list->nr;

	progress_init(&show);
	if (show.json)
		json_begin(cmd);
	/* Otherwise each process would write the buffered output. */
	fflush(stdout);
	if (check_run(run, err)) {
		progress_erase(&show);
		return -1;
	}
	progress_erase(&show);
	if (show.json)
		json_end(&show);
	else if (list->nr > 1)
		summary(&show);

	if (show.nr_status[REPORT_UNREADABLE])
		return EXIT_UNREADABLE;
	return show.nr_status[REPORT_BAD] ? EXIT_BAD : EXIT_DONE;
}

static int check_args(struct command *cmd, struct err *err)
{
	struct check_list list = { 0 };
	struct base base;
	int ret;

	if (base_load(&base, cmd->base_path, NULL, err))
		return -1;
	cmd->opts.base = &base;
	ret = check_list_args(&list, cmd->args, cmd->nr_args, err);
	if (!ret)
		ret = check_listed(cmd, &list, err);
	check_list_free(&list);
	cmd->opts.base = NULL;
	base_close(&base);
	return ret;
}

static int parse_jobs(const char *s, unsigned int *jobs)
{
	char *end;
	long n;

	n = strtol(s, &end, 10);
	if (end == s || *end || n < 1 || n > MAX_JOBS)
		return -1;
	*jobs = n;
	return 0;
}

static int parse_options(struct command *cmd, int argc, char **argv)
{
	int opt;

	while ((opt = getopt_long(argc, argv, "j:h", options, NULL)) != -1) {
		switch (opt) {
		case OPT_BASE:
			cmd->base_path = optarg;
			break;
		case 'j':
			if (parse_jobs(optarg, &cmd->run.jobs))
				return -1;
			break;
		case OPT_JSON:
			cmd->run.json = true;
			break;
		case OPT_RELEASE:
			if (!release_parse(&cmd->opts.release, optarg))
				return -1;
			break;
		case OPT_REQUIRE_BTF:
			cmd->opts.require_btf = true;
			break;
		case OPT_STRICT:
			cmd->opts.strict = true;
			break;
		case 'h':
			fputs(usage, stdout);
			exit(EXIT_DONE);
		default:
			return -1;
		}
	}
	if (optind == argc || !cmd->base_path)
		return -1;
	cmd->args = argv + optind;
	cmd->nr_args = argc - optind;
	return 0;
}

int cmd_check(int argc, char **argv)
{
	struct command cmd = { .run = { .jobs = 1 } };
	struct err err;
	int ret;

	if (parse_options(&cmd, argc, argv)) {
		fputs(usage, stderr);
		return EXIT_USAGE;
	}
	ret = check_args(&cmd, &err);
	if (ret < 0) {
		fprintf(stderr, "btfinspect: %s\n", err.msg);
		return EXIT_UNREADABLE;
	}
	return ret;
}
