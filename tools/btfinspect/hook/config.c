// SPDX-License-Identifier: GPL-2.0-only
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "config.h"

bool config_has(const char *path, const char *option, bool on)
{
	FILE *f = fopen(path, "re");
	size_t len = strlen(option), size = 0;
	bool is_on = false;
	char *line = NULL;

	if (!f)
		return false;
	while (!is_on && getline(&line, &size, f) >= 0)
		is_on = !strncmp(line, option, len) &&
			!strncmp(line + len, "=y", 2);
	free(line);
	fclose(f);
	return is_on == on;
}
