/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Check many modules in several processes, with the results in the order of the
 * modules.
 */
#ifndef BTFINSPECT_CHECK_RUN_H
#define BTFINSPECT_CHECK_RUN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "../../btfstage/io/err.h"
#include "check.h"

/* The result for one module. */
struct check_result {
	uint32_t status;	/* enum report_status */
	uint32_t nr_warnings;
	uint32_t newer;		/* of struct report */
	uint32_t other_base;	/* made for another base */
	uint32_t text_len;
	char *text;		/* from report_text() or report_json() */
};

/* Called for each module, in order. */
typedef void (*check_result_fn)(void *arg, const char *path,
				const struct check_result *result);

struct check_run {
	const struct check_options *opts;
	char **paths;
	size_t nr;
	unsigned int jobs;	/* processes */
	bool json;
	check_result_fn fn;
	void *arg;
};

int __must_check check_run(const struct check_run *run, struct err *err);

#endif
