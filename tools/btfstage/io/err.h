/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Error messages.
 *
 * Functions below the sub-commands neither print nor exit: they return -1 and
 * leave one message in the caller's struct err. The sub-command prints it.
 */
#ifndef BTFSTAGE_ERR_H
#define BTFSTAGE_ERR_H

#include <stdbool.h>

#define __must_check __attribute__((warn_unused_result))
#define __printf(fmt, args) __attribute__((__format__(printf, fmt, args)))

struct err {
	char msg[1024];
	bool no_memory;		/* says nothing about the file */
};

/*
 * Set the message to "FILE: <format>". strerror(errno) is appended if the format
 * ends in a colon. Control characters become '?': one message is one line.
 */
void err_format(struct err *err, const char *file, const char *fmt, ...)
	__printf(3, 4);

/*
 * The same for "return err_set(...)": always -1. A macro, so that static analysers
 * see the constant in the caller.
 */
#define err_set(err, file, ...)						\
	({								\
		err_format(err, file, __VA_ARGS__);			\
		-1;							\
	})

/* "FILE: out of memory", with @err->no_memory set. Always -1. */
static inline int err_no_memory(struct err *err, const char *file)
{
	err_format(err, file, "out of memory");
	err->no_memory = true;
	return -1;
}

/* The message without the @file that it starts with. */
const char *err_without_file(const struct err *err, const char *file);

#endif
