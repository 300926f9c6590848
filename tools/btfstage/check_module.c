// SPDX-License-Identifier: GPL-2.0-only
/* One module: its sections, and the checks in the order of the kernel's. */
#include <stdlib.h>
#include <string.h>

#include "check.h"
#include "file_in.h"

struct module {
	struct file_in in;
	struct elf_file ef;
	struct report *report;
	const struct check_options *opts;
	const struct release *release;
};

static const struct {
	const char *name;
	const char *magic;
	size_t len;
} compressions[] = {
	{ "xz", "\3757zXZ", 6 },
	{ "zstd", "\050\265\057\375", 4 },
	{ "gzip", "\037\213", 2 },
	{ NULL, NULL, 0 }
};

static void unreadable(struct report *r, const char *what)
{
	r->status = REPORT_UNREADABLE;
	report_error(r, NULL, 0, NULL, "%s", what);
}

/* The kernel refuses a file like this before it looks for BTF. */
static void malformed(struct module *m, const struct err *err)
{
	report_error(m->report, NULL, KERNEL_ENOEXEC, NULL, "%s",
		     err_without_file(err, m->report->path));
}

static bool is_compressed(const struct file_in *in, struct report *r)
{
	char what[100];
	size_t i;

	for (i = 0; compressions[i].name; i++) {
		if (in->size < compressions[i].len ||
		    memcmp(in->data, compressions[i].magic,
			   compressions[i].len))
			continue;
		snprintf(what, sizeof(what),
			 "is compressed with %s, unpack it first",
			 compressions[i].name);
		unreadable(r, what);
		return true;
	}
	return false;
}

/* "key=value" of .modinfo; "" when there is none. */
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

/* foo-bar.ko is called foo_bar, when nothing says otherwise. */
static void name_by_path(struct report *r)
{
	const char *slash = strrchr(r->path, '/');
	char *s;

	snprintf(r->module, sizeof(r->module), "%s",
		 slash ? slash + 1 : r->path);
	s = strrchr(r->module, '.');
	if (s)
		*s = '\0';
	for (s = r->module; *s; s++) {
		if (*s == '-')
			*s = '_';
	}
}

static int read_modinfo(struct module *m, struct err *err)
{
	struct report *r = m->report;
	struct elf_section sec;
	int ret;

	ret = elf_file_section(&m->ef, ".modinfo", &sec, err);
	if (ret < 0)
		return -1;
	if (ret) {
		find_modinfo(&sec, "name", r->module, sizeof(r->module));
		find_modinfo(&sec, "vermagic", r->release,
			     sizeof(r->release));
		r->release[strcspn(r->release, " ")] = '\0';
	}
	if (!r->module[0])
		name_by_path(r);
	m->release = m->opts->release;
	if (!m->release)
		m->release = release_find(r->release);
	if (!m->release)
		m->release = release_newest();
	return 0;
}

static void check_init(struct check *c, const struct module *m,
		       const char *name, const struct elf_section *sec,
		       const struct types *below)
{
	*c = (struct check){
		.report = m->report,
		.release = m->release,
		.section = name,
		.data = sec->data,
		.size = sec->size,
		.swapped = m->ef.swapped,
		.ptr_size = m->ef.ehdr.e_ident[EI_CLASS] == ELFCLASS32 ? 4 : 8,
		.types = { .below = below },
	};
}

/* Header and types; 1: the header is such that there are none. */
static int check_section(struct check *c, struct err *err)
{
	int ret = check_header(c, err);

	if (ret)
		return ret;
	check_types(c);
	check_chains(c);
	return 0;
}

/* .BTF, and @distilled when there is .BTF.base */
static int check_btf(struct module *m, const struct elf_section *sec,
		     const struct types *base, struct check *distilled,
		     struct err *err)
{
	struct check c;
	int ret;

	check_init(&c, m, ".BTF", sec, distilled ? &distilled->types : base);
	ret = check_section(&c, err);
	m->report->nr_types = c.types.nr;
	if (ret)
		goto out_free;
	if (distilled && !m->report->nr_errors &&
	    check_distilled(&c, distilled, base, err))
		ret = -1;
	check_base(&c, distilled ? ".BTF.base" : m->opts->base->path);
	/* What is refused would only be told again. */
	if (!ret && !m->report->nr_errors)
		ret = check_refs(&c, err);
	if (!ret && c.complete)
		ret = check_ids(&m->ef, m->report, m->release, &c.types, err);

out_free:
	types_free(&c.types);
	return ret < 0 ? -1 : 0;
}

static int check_on_distilled(struct module *m, const struct elf_section *sec,
			      const struct elf_section *base_sec,
			      const struct types *base, struct err *err)
{
	struct check distilled;
	int ret;

	check_init(&distilled, m, ".BTF.base", base_sec, NULL);
	ret = check_section(&distilled, err);
	if (!ret && distilled.complete)
		ret = check_btf(m, sec, base, &distilled, err);
	types_free(&distilled.types);
	return ret < 0 ? -1 : 0;
}

static int check_sections(struct module *m, const struct elf_section *sec,
			  struct err *err)
{
	struct place at = { .section = ".BTF.base" };
	struct elf_section base_sec;
	struct types base;
	int ret;

	types_of_base(&base, m->opts->base);
	if (m->opts->base->swapped != m->ef.swapped)
		report_error(m->report, NULL, KERNEL_ENOEXEC, NULL,
			     "has another byte order than %s",
			     m->opts->base->path);
	ret = elf_file_section(&m->ef, ".BTF.base", &base_sec, err);
	if (ret < 0) {
		malformed(m, err);
		return 0;
	}
	if (ret && m->release->distilled_base)
		return check_on_distilled(m, sec, &base_sec, &base, err);
	if (ret)
		report_warning(m->report, &at,
			       "kernels before 6.11 do not look at it, and take .BTF for what it is not");
	return check_btf(m, sec, &base, NULL, err);
}

static int check_elf(struct module *m, struct err *err)
{
	struct elf_section sec;
	int ret;

	if (m->ef.ehdr.e_type != ET_REL) {
		unreadable(m->report, "is no kernel module");
		return 0;
	}
	if (read_modinfo(m, err)) {
		malformed(m, err);
		return 0;
	}
	ret = elf_file_section(&m->ef, ".BTF", &sec, err);
	if (ret < 0) {
		malformed(m, err);
		return 0;
	}
	if (!ret || !sec.size) {
		m->report->status = REPORT_NO_BTF;
		if (m->opts->require_btf)
			report_error(m->report, NULL, 0, NULL,
				     "has no BTF");
		else
			report_note(m->report, "has no BTF");
		return 0;
	}
	return check_sections(m, &sec, err);
}

void check_module(const char *path, const struct check_options *opts,
		  struct report *report)
{
	struct module m = { .report = report, .opts = opts };
	struct err err;

	report_init(report, path);
	if (file_in_open(&m.in, path, &err)) {
		unreadable(report, err_without_file(&err, path));
		return;
	}
	if (is_compressed(&m.in, report))
		goto out_close;
	if (!elf_file_probe(&m.in)) {
		unreadable(report, "is not an ELF file");
		goto out_close;
	}
	if (elf_file_open(&m.ef, &m.in, &err)) {
		malformed(&m, &err);
	} else {
		if (check_elf(&m, &err))
			unreadable(report, err_without_file(&err, path));
		elf_file_close(&m.ef);
	}
	if (report->status != REPORT_UNREADABLE &&
	    (report->nr_errors || (opts->strict && report->nr_warnings)))
		report->status = REPORT_BAD;

out_close:
	file_in_close(&m.in);
}
