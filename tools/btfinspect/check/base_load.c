// SPDX-License-Identifier: GPL-2.0-only
#include <string.h>

#include "../image/image.h"
#include "base_load.h"

static int base_make(struct base *base, struct file_in *in, const char *release,
		     struct err *err)
{
	struct btf btf = { 0 };
	const uint8_t *bytes;
	uint8_t *data;
	size_t size;
	int ret = -1;

	if (image_unpack(in, release, err) ||
	    image_btf(in, &bytes, &size, err))
		return -1;
	if (btf_open(&btf, in->path, bytes, size, err) || btf_check_base(&btf, err))
		goto out_free;
	if (!btf.nr_types) {
		err_set(err, in->path, "has no types");
		goto out_free;
	}
	if (!base_build(&btf, &data, &size, err))
		ret = base_open_memory(base, in->path, data, size, err);

out_free:
	btf_free(&btf);
	return ret;
}

int base_load(struct base *base, const char *path, const char *release,
	      struct err *err)
{
	size_t len = strlen(BASE_MAGIC);
	struct file_in in;
	int ret;

	if (file_in_open(&in, path, err))
		return -1;
	if (in.size >= len && !memcmp(in.data, BASE_MAGIC, len))
		ret = base_open(base, path, err);
	else
		ret = base_make(base, &in, release, err);
	file_in_close(&in);
	return ret;
}
