// SPDX-License-Identifier: GPL-2.0-only
/*
 * With N processes, process number k checks the modules k, k + N, k + 2N, ...
 * and writes the results into its own pipe, in this order. Reading the pipes in
 * turns gives the results in the order of the modules. A process that is far
 * ahead waits for room in its pipe. If a process dies, its remaining modules
 * are reported unreadable.
 */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "../text/membuf.h"
#include "check_run.h"

struct worker {
	pid_t pid;
	FILE *in;	/* its results */
};

/* The part of struct check_result that is written to a pipe as it is. */
struct result_header {
	uint32_t status;
	uint32_t nr_warnings;
	uint32_t newer;
	uint32_t other_base;
	uint32_t text_len;
};

/* The result for @report. The caller frees its text. */
static int make_result(const struct check_run *run,
		       const struct report *report,
		       struct check_result *result)
{
	struct membuf text;
	int ret;
	FILE *f;

	*result = (struct check_result){
		.status = report->status,
		.nr_warnings = report->nr_warnings,
		.newer = report->newer,
		.other_base = report->other_base,
	};
	f = membuf_open(&text);
	if (!f)
		return -1;
	if (run->json)
		report_json(report, f);
	else
		report_text(report, f);
	ret = membuf_close(&text, f);
	result->text = text.data;
	result->text_len = text.size;
	return ret;
}

static int check_one(const struct check_run *run, size_t i,
		     struct check_result *result)
{
	struct report report;
	int ret;

	check_module(run->paths[i], run->opts, &report);
	ret = make_result(run, &report, result);
	report_free(&report);
	return ret;
}

static int check_all(const struct check_run *run, struct err *err)
{
	size_t i;

	for (i = 0; i < run->nr; i++) {
		struct check_result result;

		if (check_one(run, i, &result)) {
			free(result.text);
			return err_no_memory(err, run->paths[i]);
		}
		run->fn(run->arg, run->paths[i], &result);
		free(result.text);
	}
	return 0;
}

/* In its own process: check modules @i, @i + @run->jobs and so on. */
static void worker_run(const struct check_run *run, size_t i, FILE *out)
{
	for (; i < run->nr; i += run->jobs) {
		struct check_result result;
		struct result_header h;

		if (check_one(run, i, &result))
			_exit(1);
		h = (struct result_header){
			.status = result.status,
			.nr_warnings = result.nr_warnings,
			.newer = result.newer,
			.other_base = result.other_base,
			.text_len = result.text_len,
		};
		if (fwrite(&h, sizeof(h), 1, out) != 1 ||
		    (h.text_len &&
		     fwrite(result.text, 1, h.text_len, out) != h.text_len))
			_exit(1);
		free(result.text);
	}
	_exit(fflush(out) ? 1 : 0);
}

static int worker_start(const struct check_run *run, struct worker *workers,
			unsigned int nr, struct err *err)
{
	struct worker *w = &workers[nr];
	unsigned int i;
	int fds[2];
	FILE *out;

	if (pipe(fds))
		return err_set(err, "check", "cannot make a pipe:");
	w->in = fdopen(fds[0], "r");
	out = fdopen(fds[1], "w");
	if (!w->in || !out)
		return err_no_memory(err, "check");
	w->pid = fork();
	if (!w->pid) {
		/* Otherwise the pipes of the others would stay open. */
		for (i = 0; i <= nr; i++)
			close(fileno(workers[i].in));
		worker_run(run, nr, out);
	}
	fclose(out);
	if (w->pid < 0)
		return err_set(err, "check", "cannot start a process:");
	return 0;
}

static int worker_read(struct worker *w, struct check_result *result)
{
	struct result_header h;

	*result = (struct check_result){ 0 };
	if (fread(&h, sizeof(h), 1, w->in) != 1)
		return -1;
	result->status = h.status;
	result->nr_warnings = h.nr_warnings;
	result->newer = h.newer;
	result->other_base = h.other_base;
	result->text_len = h.text_len;
	result->text = malloc((size_t)h.text_len + 1);
	if (!result->text)
		return -1;
	result->text[h.text_len] = '\0';
	return fread(result->text, 1, h.text_len, w->in) == h.text_len ? 0 : -1;
}

static int worker_lost(const struct check_run *run, size_t i,
		       struct check_result *result)
{
	struct report report;
	int ret;

	report_init(&report, run->paths[i]);
	report.status = REPORT_UNREADABLE;
	report_error(&report, NULL, 0, NULL,
		     "was not checked: its process died");
	ret = make_result(run, &report, result);
	report_free(&report);
	return ret;
}

static int read_all(const struct check_run *run, struct worker *workers,
		    struct err *err)
{
	size_t i;

	for (i = 0; i < run->nr; i++) {
		struct check_result result;

		if (worker_read(&workers[i % run->jobs], &result)) {
			free(result.text);
			if (worker_lost(run, i, &result))
				return err_no_memory(err, run->paths[i]);
		}
		run->fn(run->arg, run->paths[i], &result);
		free(result.text);
	}
	return 0;
}

int check_run(const struct check_run *run, struct err *err)
{
	struct worker *workers;
	unsigned int i, nr = 0;
	int ret = 0;

	if (run->jobs < 2)
		return check_all(run, err);

	workers = calloc(run->jobs, sizeof(*workers));
	if (!workers)
		return err_no_memory(err, "check");
	while (!ret && nr < run->jobs)
		ret = worker_start(run, workers, nr++, err);
	if (!ret)
		ret = read_all(run, workers, err);
	for (i = 0; i < nr; i++) {
		if (workers[i].in)
			fclose(workers[i].in);
		/* A process that still writes ends when its pipe is closed. */
		while (workers[i].pid > 0 &&
		       waitpid(workers[i].pid, NULL, 0) < 0 && errno == EINTR)
			;
	}
	free(workers);
	return ret;
}
