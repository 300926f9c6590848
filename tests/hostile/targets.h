/* SPDX-License-Identifier: GPL-2.0-only */
/* The commands that are given spoiled files. */
#ifndef TESTS_HOSTILE_TARGETS_H
#define TESTS_HOSTILE_TARGETS_H

#include <stdbool.h>

#include "seeds.h"

#define MAX_INPUTS	4
#define MAX_ARGS	12

struct input {
	const char *file;
	struct bytes (*make)(enum seed_form form);
};

struct target {
	const char *name;
	int (*run)(int argc, char **argv);
	const char *argv[MAX_ARGS];	/* [0]: the sub-command */
	struct input inputs[MAX_INPUTS];
	enum seed_form form;
	const char *output;		/* NULL: writes no file */
	unsigned int refusals;		/* 1 << status, for all that say no */
	/* After status 0, in the directory of the files: what is wrong? */
	const char *(*verify)(const struct target *target);
};

extern const struct target targets[];	/* ends with a NULL name */

#endif
