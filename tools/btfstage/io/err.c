// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "err.h"

void err_format(struct err *err, const char *file, const char *fmt, ...)
{
	int saved_errno = errno;
	size_t len, i;
	va_list ap;

	err->no_memory = false;
	/* A very long path must not push the reason out of the message. */
	snprintf(err->msg, sizeof(err->msg) / 2, "%s", file);
	len = strlen(err->msg);
	len += snprintf(err->msg + len, sizeof(err->msg) - len, ": ");

	va_start(ap, fmt);
	vsnprintf(err->msg + len, sizeof(err->msg) - len, fmt, ap);
	va_end(ap);

	if (fmt[0] && fmt[strlen(fmt) - 1] == ':') {
		len = strlen(err->msg);
		snprintf(err->msg + len, sizeof(err->msg) - len, " %s",
			 strerror(saved_errno));
	}

	/* One line, whatever the names of files and symbols hold. */
	for (i = 0; err->msg[i]; i++) {
		unsigned char c = err->msg[i];

		if (c < ' ' || c == 0x7f)
			err->msg[i] = '?';
	}
}

const char *err_without_file(const struct err *err, const char *file)
{
	size_t len = strlen(file);

	/* A long one was cut. */
	if (len > sizeof(err->msg) / 2 - 1)
		len = sizeof(err->msg) / 2 - 1;
	if (strlen(err->msg) > len + 2 && !strncmp(err->msg + len, ": ", 2))
		return err->msg + len + 2;
	return err->msg;
}
