/* SPDX-License-Identifier: GPL-2.0-only */
/* The commands that run on damaged files. */
#ifndef TESTS_HOSTILE_TARGETS_H
#define TESTS_HOSTILE_TARGETS_H

#include <stdbool.h>

#include "seeds.h"

#define MAX_INPUTS	4
#define MAX_ARGS	12

struct input {
	const char *file;
	struct bytes (*make)(enum seed_form form);
	bool keep;			/* it is not spoiled here */
};

/* The result of a command. */
struct outcome {
	int status;
	const char *out;		/* standard output, without NUL bytes */
	unsigned int errors;		/* lines on standard error, no warnings */
	bool old;			/* the old output is there as it was */
};

struct target {
	const char *name;
	int (*run)(int argc, char **argv);
	const char *argv[MAX_ARGS];	/* [0]: the sub-command */
	struct input inputs[MAX_INPUTS];
	enum seed_form form;
	const char *output;		/* NULL: writes no file */
	/* In the directory of the files: what is wrong with it? */
	const char *(*verify)(const struct target *target,
			      const struct outcome *outcome);
};

extern const struct target targets[];	/* ends with a NULL name */

#endif
