// SPDX-License-Identifier: GPL-2.0-only
/* Run a fuzz target on files, without libFuzzer. */
#include <stdio.h>
#include <stdlib.h>

#include "fuzz.h"

int main(int argc, char **argv)
{
	int i;

	for (i = 1; i < argc; i++) {
		FILE *f = fopen(argv[i], "r");
		uint8_t *data = NULL;
		long size;

		if (!f || fseek(f, 0, SEEK_END) || (size = ftell(f)) < 0 ||
		    fseek(f, 0, SEEK_SET)) {
			perror(argv[i]);
			return 1;
		}
		/* The exact size, for ASan. */
		data = malloc(size);
		if ((size && !data) ||
		    fread(data, 1, size, f) != (size_t)size) {
			perror(argv[i]);
			return 1;
		}
		fclose(f);
		fprintf(stderr, "%s\n", argv[i]);
		LLVMFuzzerTestOneInput(data, size);
		free(data);
	}
	return 0;
}
