// SPDX-License-Identifier: GPL-2.0-only
/* One module: its sections, and the checks in the kernel's order. */
#include <stdio.h>
#include <string.h>

#include "check.h"

static void unreadable(struct report *r, const char *what)
{
	r->status = REPORT_UNREADABLE;
	report_error(r, NULL, 0, NULL, "%s", what);
}

/* The kernel refuses such a file before it looks for BTF. */
static void malformed(struct checked *m, const struct err *err)
{
	m->report->out_of_memory |= err->no_memory;
	report_error(m->report, NULL, KERNEL_ENOEXEC, NULL, "%s",
		     err_without_file(err, m->report->path));
}

static void find_release(struct checked *m)
{
	m->release = m->opts->release;
	if (!m->release.major &&
	    !release_parse(&m->release, m->report->release))
		m->release = release_newest;
	m->report->newer = release_is_newer(m->release, release_newest);
}

/* ------------------------------------------------------------------------
 * Is the base the one that the module was made for? A module does not name its
 * base. But in another base, its offsets and ids refer to something else: names
 * start in the middle of strings, although no program that writes BTF shares
 * the tails of strings; and ids refer to types that make no sense, which
 * check_refs.c reports.
 */

/* Start of the string that has @off inside, NULL: @off is its start. */
static const char *cut_from(const struct btf_layer *layer, uint32_t off)
{
	const char *s;
	uint32_t n;

	while (off < layer->first_str)
		layer = layer->below;
	off -= layer->first_str;
	if (!off || off >= layer->strs_len || !layer->strs[off - 1])
		return NULL;
	s = layer->strs + off;
	/* Only for the message. */
	for (n = 0; n < 100 && n < off && s[-1]; n++)
		s--;
	return s;
}

static void check_base(const struct check *c, const char *base_path)
{
	uint32_t nr = 0, nr_cut = 0, first_off = 0, first_id = 0, id;
	struct place at;

	for (id = c->layer.first_id; id < layer_end(&c->layer); id++) {
		const struct btf_type *t = layer_type(&c->layer, id);
		struct btf_iter it;

		it = btf_iter_begin(t);
		for (; btf_iter_valid(&it); btf_iter_next(&it)) {
			if (it.role != BTF_NAME || !*it.word)
				continue;
			nr++;
			if (!cut_from(&c->layer, *it.word))
				continue;
			if (!nr_cut++) {
				first_off = *it.word;
				first_id = id;
			}
		}
	}
	if (!nr_cut)
		return;
	c->report->other_base = true;
	at = check_place(c, first_id);
	report_warning_first(c->report, &at,
			     "%u of %u names start inside others (\"%.60s\" of \"%.160s\"): made for another base than %s?",
			     nr_cut, nr, layer_str(&c->layer, first_off),
			     cut_from(&c->layer, first_off), base_path);
}

/* ------------------------------------------------------------------------
 * Since 7.0 the kernel finds types by bisection if they are sorted by name. It
 * assumes that vmlinux's are, and checks a module's. If those are not, it
 * compares one name after the other.
 */

/* The first type whose name is less than the previous one, 0: sorted. */
static uint32_t first_unsorted(const struct btf_layer *layer)
{
	const char *last = "";
	uint32_t id;

	for (id = layer->first_id; id < layer_end(layer); id++) {
		const struct btf_type *t = layer_type(layer, id);
		const char *name = layer_str(layer, t->name_off);

		/* Longer names, in a crafted file, take too long. */
		if (!name || strncmp(last, name, 4096) > 0)
			return id;
		last = name;
	}
	return 0;
}

static void check_order(const struct checked *m)
{
	const struct check *c = &m->btf;
	struct place at;
	uint32_t id;

	/* In these releases, vmlinux is sorted. */
	if (!m->opts->base || !m->opts->base->sorted ||
	    !release_has(c->release, RULE_SORTED))
		return;
	id = first_unsorted(&c->layer);
	if (!id)
		return;
	at = check_place(c, id);
	report_warning(c->report, &at,
		       "types are not sorted by name from here on: the kernel searches them linearly");
}

/* ------------------------------------------------------------------------
 * Sections
 */

static void check_init(struct check *c, const struct checked *m,
		       const char *name, const struct elf_section *sec,
		       const struct btf_layer *below)
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
		.layer = { .below = below },
	};
}

/* Check header and types. 1: types cannot be found. */
static int check_section(struct check *c, struct err *err)
{
	int ret = check_header(c, err);

	if (ret)
		return ret;
	check_types(c);
	check_chains(c);
	return 0;
}

/* Most names, and the types that types refer to, are those of the base. */
static int check_without_base(struct check *c, struct err *err)
{
	struct place at = { .section = c->section };
	int ret = check_header(c, err);

	if (ret || layer_complete(&c->layer))
		return ret;
	at.offset = (uint64_t)c->types_off + c->layer.end_off;
	report_error(c->report, &at, KERNEL_EINVAL, NULL,
		     "no type can be read here");
	return 1;
}

/* Check .BTF on top of @below, which is .BTF.base if @distilled. */
static int check_btf(struct checked *m, const struct btf_layer *below,
		     bool distilled, struct err *err)
{
	struct check *c = &m->btf;
	int ret;

	check_init(c, m, ".BTF", &m->sec, below);
	c->split = true;
	if (!below)
		return check_without_base(c, err);
	ret = check_section(c, err);
	m->report->nr_types = c->layer.nr;
	if (ret)
		return ret;
	m->based = true;
	if (distilled && m->opts->base && !m->report->nr_errors &&
	    check_distilled(c, &m->distilled, &m->base, err))
		return -1;
	check_base(c, distilled ? ".BTF.base" : m->opts->base->path);
	/* Do not report again what was refused. */
	if (m->report->nr_errors)
		return 0;
	check_order(m);
	return check_refs(c, err);
}

static int check_on_distilled(struct checked *m, const struct elf_section *sec,
			      struct err *err)
{
	struct check *c = &m->distilled;
	int ret;

	check_init(c, m, ".BTF.base", sec, NULL);
	ret = check_section(c, err);
	if (!ret && layer_complete(&c->layer))
		ret = check_btf(m, &c->layer, true, err);
	return ret;
}

static int check_sections(struct checked *m, struct err *err)
{
	const struct base *base = m->opts->base;
	struct place at = { .section = ".BTF.base" };
	struct elf_section sec;
	int ret;

	if (base) {
		layer_of_base(&m->base, base);
		if (base->swapped != m->file.ef.swapped)
			report_error(m->report, NULL, KERNEL_ENOEXEC, NULL,
				     "has another byte order than %s",
				     base->path);
	}
	ret = elf_file_section(&m->file.ef, ".BTF.base", &sec, err);
	if (ret < 0) {
		malformed(m, err);
		return 0;
	}
	if (ret && release_has(m->release, RULE_DISTILLED_BASE))
		return check_on_distilled(m, &sec, err);
	if (ret)
		report_warning(m->report, &at,
			       "kernels before 6.11 ignore it, and misread .BTF");
	return check_btf(m, base ? &m->base : NULL, false, err);
}

/* The kernel does not read these symbols. */
static int read_ids(struct checked *m, struct err *err)
{
	struct place at = { .section = ".BTF_ids" };

	if (ids_symbols_read(&m->ids, &m->file.ef, err) >= 0)
		return 0;
	m->ids = (struct ids_symbols){ 0 };
	if (err->no_memory)
		return -1;
	report_warning(m->report, &at, "%s",
		       err_without_file(err, m->report->path));
	return 0;
}

static int check_elf(struct checked *m, struct err *err)
{
	int ret;

	ret = elf_file_section(&m->file.ef, ".BTF", &m->sec, err);
	if (ret < 0) {
		malformed(m, err);
		return 0;
	}
	if (ret && m->sec.size) {
		if (check_sections(m, err) < 0)
			return -1;
	} else {
		m->report->status = REPORT_NO_BTF;
		if (m->opts->require_btf)
			report_error(m->report, NULL, 0, NULL,
				     "has no BTF");
		else
			report_note(m->report, "has no BTF");
	}
	if (read_ids(m, err))
		return -1;
	if (m->ids.nr && m->based && layer_complete(&m->btf.layer) &&
	    (check_kfuncs(m, err) || check_ids(m, err)))
		return -1;
	if (m->report->status != REPORT_GOOD || m->report->nr_errors)
		return 0;
	m->nameless = check_names(m);
	if (m->nameless != NAMELESS_NOT)
		report_note(m->report,
			    "has no type of its own with a name: %s",
			    nameless_text(m->nameless));
	return 0;
}

void check_open(struct checked *m, const char *path,
		const struct check_options *opts, struct report *report)
{
	struct err err;

	*m = (struct checked){ .report = report, .opts = opts };
	report_init(report, path);
	switch (module_file_open(&m->file, path, &err)) {
	case MODULE_OPEN:
		m->open = true;
		snprintf(report->module, sizeof(report->module), "%s",
			 m->file.name);
		snprintf(report->release, sizeof(report->release), "%s",
			 m->file.release);
		find_release(m);
		if (check_elf(m, &err))
			report->out_of_memory = true;
		break;
	case MODULE_MALFORMED:
		malformed(m, &err);
		break;
	case MODULE_UNREADABLE:
		unreadable(report, err_without_file(&err, path));
		break;
	}
	/* The report is incomplete. */
	if (report->out_of_memory) {
		report_free(report);
		report_init(report, path);
		unreadable(report, "out of memory");
	}
	if (report->status != REPORT_UNREADABLE &&
	    (report->nr_errors || (opts->strict && report->nr_warnings)))
		report->status = REPORT_BAD;
}

void check_close(struct checked *m)
{
	layer_free(&m->btf.layer);
	layer_free(&m->distilled.layer);
	ids_symbols_free(&m->ids);
	if (m->open)
		module_file_close(&m->file);
	m->open = false;
}

void check_module(const char *path, const struct check_options *opts,
		  struct report *report)
{
	struct checked m;

	check_open(&m, path, opts, report);
	check_close(&m);
}
