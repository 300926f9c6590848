// SPDX-License-Identifier: GPL-2.0-only
#include <stdlib.h>
#include <string.h>

#include "membuf.h"

static ssize_t append(void *cookie, const char *bytes, size_t size)
{
	struct membuf *m = cookie;

	if (size > m->max - m->size) {
		size_t max = 2 * m->max + size;
		char *data = realloc(m->data, max);

		if (!data) {
			m->failed = true;
			return 0;
		}
		m->data = data;
		m->max = max;
	}
	memcpy(m->data + m->size, bytes, size);
	m->size += size;
	return size;
}

FILE *membuf_open(struct membuf *m)
{
	cookie_io_functions_t functions = { .write = append };

	*m = (struct membuf){ 0 };
	return fopencookie(m, "w", functions);
}

int membuf_close(struct membuf *m, FILE *f)
{
	return fclose(f) || m->failed ? -1 : 0;
}
