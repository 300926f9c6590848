// SPDX-License-Identifier: GPL-2.0-only
#include <ctype.h>
#include <string.h>

#include "../elf/elf_file.h"
#include "kernel.h"

int kernel_btf_bytes(const struct file_in *in, const uint8_t **data,
		     size_t *size, struct err *err)
{
	struct elf_section sec;
	struct elf_file ef;
	int ret;

	*data = in->data;
	*size = in->size;
	if (!elf_file_probe(in))
		return 0;

	if (elf_file_open(&ef, in, err))
		return -1;
	ret = elf_file_section(&ef, ".BTF", &sec, err);
	if (!ret)
		ret = err_set(err, in->path,
			      "has no .BTF section (built without CONFIG_DEBUG_INFO_BTF?)");
	elf_file_close(&ef);
	if (ret < 0)
		return -1;
	*data = sec.data;
	*size = sec.size;
	return 0;
}

int kernel_btf_open(struct btf *btf, const struct file_in *in, struct err *err)
{
	const uint8_t *data;
	size_t size;

	if (kernel_btf_bytes(in, &data, &size, err))
		return -1;
	return btf_open(btf, in->path, data, size, err);
}

/* "Linux version RELEASE (builder) (compiler) ..."; see init/version.c */
bool kernel_banner(const uint8_t *data, size_t size,
		   char release[KERNEL_RELEASE_SIZE])
{
	static const char banner[] = "Linux version ";
	const size_t banner_len = sizeof(banner) - 1;
	const char *at = (const char *)data;
	const char *end = at + size;

	/* The data of an empty file is NULL, which memmem() does not accept. */
	while (at && (at = memmem(at, end - at, banner, banner_len))) {
		size_t len = 0;

		at += banner_len;
		while (at + len < end && isgraph((unsigned char)at[len]))
			len++;
		if (len && len < KERNEL_RELEASE_SIZE && isdigit((unsigned char)*at) &&
		    end - at > (ptrdiff_t)len && at[len] == ' ') {
			memcpy(release, at, len);
			release[len] = '\0';
			return true;
		}
	}
	return false;
}

int kernel_release(const struct file_in *in, char release[KERNEL_RELEASE_SIZE],
		   struct err *err)
{
	struct elf_section rodata;
	struct elf_file ef;
	int ret;

	if (!elf_file_probe(in))
		return 0;
	if (elf_file_open(&ef, in, err))
		return -1;
	ret = elf_file_section(&ef, ".rodata", &rodata, err);
	if (ret > 0)
		ret = kernel_banner(rodata.data, rodata.size, release);
	elf_file_close(&ef);
	return ret;
}
