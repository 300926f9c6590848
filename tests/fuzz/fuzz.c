// SPDX-License-Identifier: GPL-2.0-only
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "fuzz.h"

static int fds[NR_FUZZ_SLOTS];
static char paths[NR_FUZZ_SLOTS][32];

static void must(bool good, const char *what)
{
	if (!good) {
		perror(what);
		abort();
	}
}

int fuzz_fd(enum fuzz_slot slot)
{
	if (!fds[slot]) {
		fds[slot] = memfd_create("fuzz", MFD_CLOEXEC);
		must(fds[slot] > 0, "memfd_create");
		snprintf(paths[slot], sizeof(paths[slot]), "/proc/self/fd/%d",
			 fds[slot]);
	}
	return fds[slot];
}

const char *fuzz_file(enum fuzz_slot slot, const void *data, size_t size)
{
	int fd = fuzz_fd(slot);

	must(!ftruncate(fd, size), "ftruncate");
	must(pwrite(fd, data, size, 0) == (ssize_t)size, "pwrite");
	return paths[slot];
}

struct bytes fuzz_read(enum fuzz_slot slot)
{
	int fd = fuzz_fd(slot);
	struct bytes b;
	struct stat st;

	must(!fstat(fd, &st), "fstat");
	b.size = st.st_size;
	/* The exact size, for ASan. */
	b.data = malloc(b.size);
	must(!b.size || b.data, "malloc");
	must(pread(fd, b.data, b.size, 0) == (ssize_t)b.size, "pread");
	return b;
}

void fuzz_check(const char *wrong)
{
	if (wrong) {
		fprintf(stderr, "fuzz: %s\n", wrong);
		abort();
	}
}

void fuzz_check_message(const char *msg)
{
	const char *p;

	for (p = msg; *p; p++)
		if ((unsigned char)*p < ' ' || *p == 0x7f)
			fuzz_check("a message with control characters");
	if (!strstr(msg, ": "))
		fuzz_check("a message without the name of a file");
}
