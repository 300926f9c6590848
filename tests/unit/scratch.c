// SPDX-License-Identifier: GPL-2.0-only
#include <dirent.h>
#include <fcntl.h>
#include <ftw.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "scratch.h"

static char scratch[PATH_MAX];

static void check(bool good, const char *what)
{
	if (!good) {
		perror(what);
		exit(1);
	}
}

int scratch_setup(void **state)
{
	(void)state;
	snprintf(scratch, sizeof(scratch), "%s/btfstage-unit.XXXXXX",
		 getenv("TMPDIR") ?: "/tmp");
	check(mkdtemp(scratch), "mkdtemp");
	check(!chdir(scratch), "chdir");
	return 0;
}

static int remove_one(const char *path, const struct stat *st, int type,
		      struct FTW *ftw)
{
	(void)st;
	(void)type;
	(void)ftw;
	return remove(path);
}

int scratch_teardown(void **state)
{
	(void)state;
	check(!chdir("/"), "chdir");
	return nftw(scratch, remove_one, 8, FTW_DEPTH | FTW_PHYS);
}

void scratch_write(const char *path, const void *data, size_t size)
{
	FILE *f = fopen(path, "w");

	check(f, path);
	check(!size || fwrite(data, size, 1, f) == 1, path);
	check(!fclose(f), path);
}

uint8_t *scratch_read(const char *path, size_t *size)
{
	FILE *f = fopen(path, "r");
	uint8_t *data;
	struct stat st;

	check(f && !fstat(fileno(f), &st), path);
	data = malloc(st.st_size + 1);
	check(data, path);
	*size = fread(data, 1, st.st_size + 1, f);
	check(*size == (size_t)st.st_size, path);
	fclose(f);
	return data;
}

unsigned int scratch_count(const char *dir)
{
	DIR *d = opendir(dir);
	unsigned int count = 0;

	check(d, dir);
	while (readdir(d))
		count++;
	closedir(d);
	return count - 2;
}

int scratch_run(const char * const argv[])
{
	int status, null;
	pid_t pid = fork();

	check(pid >= 0, "fork");
	if (!pid) {
		null = open("/dev/null", O_WRONLY);
		dup2(null, 1);
		dup2(null, 2);
		execvp(argv[0], (char * const *)argv);
		_exit(127);
	}
	check(waitpid(pid, &status, 0) == pid, "waitpid");
	return WIFEXITED(status) ? WEXITSTATUS(status) : 128;
}
