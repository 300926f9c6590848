/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What is wrong with a module.
 *
 *	report_init()
 *	report_error(), report_warning()	any number of times
 *	report_text() or report_json()
 *	report_free()
 *
 * All problems are counted. The first MAX_PROBLEMS are kept, errors before
 * warnings.
 */
#ifndef BTFINSPECT_REPORT_H
#define BTFINSPECT_REPORT_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "../../btfstage/io/err.h"

#define MAX_PROBLEMS	20

enum report_status {
	REPORT_GOOD,
	REPORT_BAD,
	REPORT_NO_BTF,
	REPORT_UNREADABLE,
	NR_REPORT_STATUS
};

/* As in JSON: "good", "bad", "no-btf", "unreadable" */
const char *report_status_name(enum report_status status);

/* Location of a problem; all fields are optional. */
struct place {
	const char *section;	/* NULL: the whole file */
	uint64_t offset;	/* in the section, in bytes */
	uint32_t type;		/* id, 0: none */
};

enum severity {
	SEVERITY_ERROR,		/* the kernel refuses it */
	SEVERITY_WARNING,	/* wrong, but the kernel accepts it */
	SEVERITY_NOTE,		/* nothing is wrong */
};

struct problem {
	enum severity severity;
	struct place at;
	int errnum;		/* errno the kernel returns; 0 if it accepts */
	char *message;
	char *log;		/* what it logs, or NULL */
};

struct report {
	const char *path;	/* the caller's */
	char module[64];	/* name in the kernel */
	char release[64];	/* of its kernel */
	enum report_status status;
	uint32_t nr_types;
	uint32_t nr_errors;
	uint32_t nr_warnings;
	uint32_t nr_kept;
	bool newer;		/* than all known ones */
	bool other_base;	/* made for another base */
	bool out_of_memory;	/* a message is lost */
	struct problem problems[MAX_PROBLEMS];
};

void report_init(struct report *r, const char *path);
void report_free(struct report *r);

/* @errnum and @log as in struct problem */
void report_error(struct report *r, const struct place *at, int errnum,
		  const char *log, const char *fmt, ...) __printf(5, 6);

/* The kernel accepts it. */
void report_warning(struct report *r, const struct place *at,
		    const char *fmt, ...) __printf(3, 4);

/* A warning that explains the other problems, and is printed first. */
void report_warning_first(struct report *r, const struct place *at,
			  const char *fmt, ...) __printf(3, 4);

/* A note, which is not counted. */
void report_note(struct report *r, const char *fmt, ...) __printf(2, 3);

/* Print lines that start with the file's name, or nothing. */
void report_text(const struct report *r, FILE *f);

/* Print a JSON object, without a newline. */
void report_json(const struct report *r, FILE *f);

#endif
