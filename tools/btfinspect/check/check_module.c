// SPDX-License-Identifier: GPL-2.0-only
/* One module: its sections, and the checks in the order of the kernel's. */
#include <stdio.h>

#include "check.h"
#include "module_file.h"

struct module {
	struct module_file file;
	struct report *report;
	const struct check_options *opts;
	const struct release *release;
};

static void unreadable(struct report *r, const char *what)
{
	r->status = REPORT_UNREADABLE;
	report_error(r, NULL, 0, NULL, "%s", what);
}

/* The kernel refuses a file like this before it looks for BTF. */
static void malformed(struct module *m, const struct err *err)
{
	m->report->out_of_memory |= err->no_memory;
	report_error(m->report, NULL, KERNEL_ENOEXEC, NULL, "%s",
		     err_without_file(err, m->report->path));
}

static void find_release(struct module *m)
{
	m->release = m->opts->release;
	if (!m->release)
		m->release = release_find(m->report->release);
	if (!m->release)
		m->release = release_newest();
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
		.swapped = m->file.ef.swapped,
		.ptr_size = gelf_fsize(m->file.ef.elf, ELF_T_ADDR, 1,
				       EV_CURRENT),
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
		ret = check_ids(&m->file.ef, m->report, m->release, &c.types, err);

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
	if (m->opts->base->swapped != m->file.ef.swapped)
		report_error(m->report, NULL, KERNEL_ENOEXEC, NULL,
			     "has another byte order than %s",
			     m->opts->base->path);
	ret = elf_file_section(&m->file.ef, ".BTF.base", &base_sec, err);
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

	ret = elf_file_section(&m->file.ef, ".BTF", &sec, err);
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
	switch (module_file_open(&m.file, path, &err)) {
	case MODULE_OPEN:
		snprintf(report->module, sizeof(report->module), "%s",
			 m.file.name);
		snprintf(report->release, sizeof(report->release), "%s",
			 m.file.release);
		find_release(&m);
		if (check_elf(&m, &err))
			report->out_of_memory = true;
		module_file_close(&m.file);
		break;
	case MODULE_MALFORMED:
		malformed(&m, &err);
		break;
	case MODULE_UNREADABLE:
		unreadable(report, err_without_file(&err, path));
		break;
	}
	/* What was found so far is not all. */
	if (report->out_of_memory) {
		report_free(report);
		report_init(report, path);
		unreadable(report, "out of memory");
	}
	if (report->status != REPORT_UNREADABLE &&
	    (report->nr_errors || (opts->strict && report->nr_warnings)))
		report->status = REPORT_BAD;
}
