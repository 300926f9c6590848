/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Error messages.
 *
 * Functions below the sub-commands neither print nor exit: they return -1 and
 * leave one message in the caller's struct err. The sub-command prints it.
 */
#ifndef BTFSTAGE_ERR_H
#define BTFSTAGE_ERR_H

#define __must_check __attribute__((warn_unused_result))
#define __printf(fmt, args) __attribute__((__format__(printf, fmt, args)))

struct err {
	char msg[1024];
};

/*
 * Set the message to "FILE: <format>". When the format ends in a colon,
 * strerror(errno) follows. Bytes that would break a line of the build log are
 * shown as '?'. Always returns -1, for "return err_set(...)".
 */
int err_set(struct err *err, const char *file, const char *fmt, ...)
	__printf(3, 4);

#endif
