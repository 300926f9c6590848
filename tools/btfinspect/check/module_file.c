// SPDX-License-Identifier: GPL-2.0-only
#include <stdio.h>
#include <string.h>

#include "../unpack/unpack.h"
#include "module_file.h"

/* The value of @key in .modinfo, or "". */
static void find_modinfo(const struct elf_section *sec, const char *key,
			 char *value, size_t size)
{
	const char *s = (const char *)sec->data, *end = s + sec->size;
	size_t key_len = strlen(key);

	while (s < end) {
		size_t len = strnlen(s, end - s);

		if (len > key_len && !memcmp(s, key, key_len) &&
		    s[key_len] == '=') {
			len -= key_len + 1;
			if (len >= size)
				len = size - 1;
			memcpy(value, s + key_len + 1, len);
			value[len] = '\0';
			return;
		}
		s += len + 1;
	}
	value[0] = '\0';
}

/* Without a name in the module, foo-bar.ko.xz is foo_bar. */
static void name_by_path(struct module_file *m)
{
	const char *slash = strrchr(m->in.path, '/');
	char *s;

	snprintf(m->name, sizeof(m->name), "%s",
		 slash ? slash + 1 : m->in.path);
	s = strstr(m->name, ".ko");
	if (s)
		*s = '\0';
	for (s = m->name; *s; s++) {
		if (*s == '-')
			*s = '_';
	}
}

static int read_modinfo(struct module_file *m, struct err *err)
{
	struct elf_section sec;
	int ret;

	ret = elf_file_section(&m->ef, ".modinfo", &sec, err);
	if (ret < 0)
		return -1;
	if (ret) {
		find_modinfo(&sec, "name", m->name, sizeof(m->name));
		find_modinfo(&sec, "vermagic", m->release,
			     sizeof(m->release));
		m->release[strcspn(m->release, " ")] = '\0';
	}
	if (!m->name[0])
		name_by_path(m);
	return 0;
}

enum module_open module_file_open(struct module_file *m, const char *path,
				  struct err *err)
{
	enum module_open ret = MODULE_UNREADABLE;

	*m = (struct module_file){ 0 };
	if (file_in_open(&m->in, path, err))
		return ret;
	if (unpack_file(&m->in, err))
		goto out_close;
	if (!elf_file_probe(&m->in)) {
		err_set(err, path, "is not an ELF file");
		goto out_close;
	}
	if (elf_file_open(&m->ef, &m->in, err)) {
		if (!err->no_memory)
			ret = MODULE_MALFORMED;
		goto out_close;
	}
	if (m->ef.ehdr.e_type != ET_REL) {
		err_set(err, path, "is not a kernel module");
		goto out_close_elf;
	}
	if (!read_modinfo(m, err))
		return MODULE_OPEN;
	if (!err->no_memory)
		ret = MODULE_MALFORMED;

out_close_elf:
	elf_file_close(&m->ef);
out_close:
	file_in_close(&m->in);
	return ret;
}

void module_file_close(struct module_file *m)
{
	elf_file_close(&m->ef);
	file_in_close(&m->in);
}
