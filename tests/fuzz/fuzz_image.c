// SPDX-License-Identifier: GPL-2.0-only
/* A kernel image and its contents */
#include <stdlib.h>
#include <string.h>

#include "btf.h"
#include "fuzz.h"
#include "image.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const uint8_t *bytes;
	struct btf btf = { 0 };
	size_t btf_size;
	struct file_in in;
	struct err err;

	if (file_in_open(&in, fuzz_file(FUZZ_MODULE, data, size), &err))
		fuzz_check(err.msg);
	if (image_unpack(&in, size % 2 ? "6.1" : NULL, &err) ||
	    image_btf(&in, &bytes, &btf_size, &err)) {
		fuzz_check_message(err.msg);
	} else {
		uint8_t *copy = malloc(btf_size);

		/* The exact size, for ASan. */
		if (btf_size)
			memcpy(copy, bytes, btf_size);
		if (btf_open(&btf, "in", copy, btf_size, &err) ||
		    btf_check(&btf, &err))
			fuzz_check_message(err.msg);
		btf_free(&btf);
		free(copy);
	}
	file_in_close(&in);
	return 0;
}
