// SPDX-License-Identifier: GPL-2.0-only
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "../text/text.h"
#include "report.h"

static const char * const status_names[NR_REPORT_STATUS] = {
	[REPORT_GOOD] = "good",
	[REPORT_BAD] = "bad",
	[REPORT_NO_BTF] = "no-btf",
	[REPORT_UNREADABLE] = "unreadable",
};

static const char * const severity_names[] = {
	[SEVERITY_ERROR] = "error",
	[SEVERITY_WARNING] = "warning",
	[SEVERITY_NOTE] = "note",
};

const char *report_status_name(enum report_status status)
{
	return status_names[status];
}

void report_init(struct report *r, const char *path)
{
	*r = (struct report){ .path = path };
}

static void problem_free(struct problem *p)
{
	free(p->message);
	free(p->log);
}

void report_free(struct report *r)
{
	uint32_t i;

	for (i = 0; i < r->nr_kept; i++)
		problem_free(&r->problems[i]);
	r->nr_kept = 0;
}

/* An entry before all others; drops the last one if necessary. */
static struct problem *prepend(struct report *r)
{
	if (r->nr_kept == MAX_PROBLEMS)
		problem_free(&r->problems[--r->nr_kept]);
	memmove(&r->problems[1], &r->problems[0],
		r->nr_kept++ * sizeof(r->problems[0]));
	return &r->problems[0];
}

/* A new entry. An error replaces another problem if necessary. */
static struct problem *append(struct report *r, enum severity severity)
{
	uint32_t i;

	if (r->nr_kept < MAX_PROBLEMS)
		return &r->problems[r->nr_kept++];
	if (severity != SEVERITY_ERROR)
		return NULL;
	for (i = MAX_PROBLEMS; i--;) {
		if (r->problems[i].severity == SEVERITY_ERROR)
			continue;
		problem_free(&r->problems[i]);
		memmove(&r->problems[i], &r->problems[i + 1],
			(MAX_PROBLEMS - 1 - i) * sizeof(r->problems[0]));
		return &r->problems[MAX_PROBLEMS - 1];
	}
	return NULL;
}

/* @p: the entry; NULL: only count it. */
static void fill(struct report *r, struct problem *p, enum severity severity,
		 const struct place *at, const char *fmt, va_list ap)
{
	if (severity == SEVERITY_ERROR)
		r->nr_errors++;
	else if (severity == SEVERITY_WARNING)
		r->nr_warnings++;
	if (!p)
		return;
	*p = (struct problem){ .severity = severity };
	if (at)
		p->at = *at;
	if (vasprintf(&p->message, fmt, ap) < 0) {
		p->message = NULL;
		r->out_of_memory = true;
	}
}

void report_error(struct report *r, const struct place *at, int errnum,
		  const char *log, const char *fmt, ...)
{
	struct problem *p = append(r, SEVERITY_ERROR);
	va_list ap;

	va_start(ap, fmt);
	fill(r, p, SEVERITY_ERROR, at, fmt, ap);
	va_end(ap);
	if (!p)
		return;
	p->errnum = errnum;
	if (log && *log) {
		p->log = strdup(log);
		r->out_of_memory |= !p->log;
	}
}

void report_warning(struct report *r, const struct place *at,
		    const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	fill(r, append(r, SEVERITY_WARNING), SEVERITY_WARNING, at, fmt, ap);
	va_end(ap);
}

void report_warning_first(struct report *r, const struct place *at,
			  const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	fill(r, prepend(r), SEVERITY_WARNING, at, fmt, ap);
	va_end(ap);
}

void report_note(struct report *r, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	fill(r, append(r, SEVERITY_NOTE), SEVERITY_NOTE, NULL, fmt, ap);
	va_end(ap);
}

/* The kernel reads .BTF_ids only when the module registers something. */
static bool is_validated(const char *section)
{
	return section && strcmp(section, ".BTF_ids");
}

/*
 * What the kernel logs. It stops at the first error, so that one also has the
 * line that it refuses the module.
 */
static void put_kernel(const struct report *r, const struct problem *p,
		       bool first, FILE *f)
{
	bool refused = first && p->errnum;

	if (!p->log && !refused)
		return;
	fputs(" [kernel: ", f);
	if (p->log)
		line_put(f, p->log);
	if (p->log && refused)
		fputs("; ", f);
	if (refused && is_validated(p->at.section)) {
		fputs("failed to validate module [", f);
		line_put(f, r->module);
		fprintf(f, "] BTF: -%d", p->errnum);
	} else if (refused) {
		fprintf(f, "error %d", p->errnum);
	}
	putc(']', f);
}

static void problem_text(const struct report *r, const struct problem *p,
			 bool first, FILE *f)
{
	if (r->status == REPORT_UNREADABLE)
		fputs("btfinspect: ", f);
	line_put(f, r->path);
	fputs(": ", f);
	if (r->status != REPORT_UNREADABLE)
		fprintf(f, "%s: ", severity_names[p->severity]);
	if (p->at.section)
		fprintf(f, "%s+0x%jx: ", p->at.section,
			(uintmax_t)p->at.offset);
	if (p->at.type)
		fprintf(f, "type %u: ", p->at.type);
	line_put(f, p->message ? p->message : "out of memory");
	put_kernel(r, p, first, f);
	putc('\n', f);
}

static uint32_t nr_more(const struct report *r)
{
	uint32_t nr = r->nr_errors + r->nr_warnings, i;

	for (i = 0; i < r->nr_kept; i++)
		nr -= r->problems[i].severity != SEVERITY_NOTE;
	return nr;
}

void report_text(const struct report *r, FILE *f)
{
	bool first = true;
	uint32_t i;

	for (i = 0; i < r->nr_kept; i++) {
		problem_text(r, &r->problems[i], first, f);
		if (r->problems[i].severity == SEVERITY_ERROR)
			first = false;
	}
	if (nr_more(r)) {
		line_put(f, r->path);
		fprintf(f, ": and %u more\n", nr_more(r));
	}
}

static void problem_json(const struct problem *p, FILE *f)
{
	fprintf(f, "{\"severity\":\"%s\"", severity_names[p->severity]);
	if (p->at.section) {
		fputs(",\"section\":", f);
		json_string(f, p->at.section);
		fprintf(f, ",\"offset\":%ju", (uintmax_t)p->at.offset);
	}
	if (p->at.type)
		fprintf(f, ",\"type\":%u", p->at.type);
	fputs(",\"message\":", f);
	json_string(f, p->message ? p->message : "out of memory");
	if (p->errnum)
		fprintf(f, ",\"errno\":-%d", p->errnum);
	if (p->log) {
		fputs(",\"kernel_log\":", f);
		json_string(f, p->log);
	}
	putc('}', f);
}

void report_json(const struct report *r, FILE *f)
{
	uint32_t i;

	fputs("{\"file\":", f);
	json_string(f, r->path);
	fprintf(f, ",\"status\":\"%s\"", status_names[r->status]);
	if (r->module[0]) {
		fputs(",\"module\":", f);
		json_string(f, r->module);
	}
	if (r->release[0]) {
		fputs(",\"release\":", f);
		json_string(f, r->release);
	}
	fprintf(f, ",\"types\":%u,\"errors\":%u,\"warnings\":%u,\"problems\":[",
		r->nr_types, r->nr_errors, r->nr_warnings);
	for (i = 0; i < r->nr_kept; i++) {
		if (i)
			putc(',', f);
		problem_json(&r->problems[i], f);
	}
	fprintf(f, "],\"more\":%u}", nr_more(r));
}
