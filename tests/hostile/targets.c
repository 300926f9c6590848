// SPDX-License-Identifier: GPL-2.0-only
#include <stdlib.h>
#include <string.h>

#include "btfinspect/cmd.h"
#include "btfstage/cmd.h"
#include "json_valid.h"
#include "oracle.h"
#include "scratch.h"
#include "targets.h"

static struct bytes read_file(const char *path)
{
	struct bytes b;

	b.data = scratch_read(path, &b.size);
	return b;
}

static bool starts(const char *s, const char *start)
{
	return !strncmp(s, start, strlen(start));
}

/* ------------------------------------------------------------------------
 * Commands that write a file, or say why not, and print nothing
 */

static const char *verify_writer(const struct outcome *o)
{
	if (*o->out)
		return "something on standard output";
	if (!o->status)
		return o->errors ? "an error with status 0" : NULL;
	if (o->status != EXIT_FAILED && o->status != EXIT_BAD_TYPES)
		return "a status that is none";
	if (o->errors != 1)
		return "not one line for an error";
	return o->old ? NULL : "the old output was touched";
}

static const char *verify_base(const struct target *target,
			       const struct outcome *o)
{
	const char *wrong = verify_writer(o);
	struct bytes out;

	if (wrong || o->status)
		return wrong;
	out = read_file(target->output);
	wrong = oracle_base(out);
	free(out.data);
	return wrong;
}

static const char *verify_ko(const struct target *target,
			     const struct outcome *o)
{
	const char *wrong = verify_writer(o);
	struct bytes in, out, base;

	if (wrong || o->status)
		return wrong;
	in = read_file("module");
	out = read_file(target->output);
	base = read_file("base");
	wrong = oracle_module(in, out, base);
	free(in.data);
	free(out.data);
	free(base.data);
	return wrong;
}

/* Two sections more: together, they are good by the oracle's means. */
static const char *verify_distilled(const struct target *target,
				    const struct outcome *o)
{
	const char *wrong = verify_writer(o);
	struct bytes out, base;

	if (wrong || o->status)
		return wrong;
	out = read_file(target->output);
	base = read_file("base");
	wrong = oracle_good_module(out, base);
	free(out.data);
	free(base.data);
	return wrong;
}

/* ------------------------------------------------------------------------
 * Commands that print what they find
 */

/* Nothing is known: one line says why, and nothing else is printed. */
static bool has_failed(const struct outcome *o)
{
	return o->status == EXIT_UNREADABLE && o->errors == 1 && !*o->out &&
	       o->old;
}

static const char *verify_status(const struct outcome *o)
{
	if (o->status && o->status != EXIT_BAD &&
	    o->status != EXIT_UNREADABLE)
		return "a status that is none";
	return o->errors && !o->status ? "an error with status 0" : NULL;
}

/* Whole lines without control characters. */
static const char *verify_lines(const char *out)
{
	const char *p;

	for (p = out; *p; p++)
		if (((unsigned char)*p < ' ' && *p != '\n') || *p == 0x7f)
			return "control characters are printed";
	return p > out && p[-1] != '\n' ? "part of a line is printed" : NULL;
}

static bool has_line(const char *out, const char *start)
{
	const char *p;

	for (p = out; p; p = strchr(p, '\n')) {
		p += p > out;
		if (starts(p, start))
			return true;
		if (!*p)
			break;
	}
	return false;
}

static const char *verify_check(const struct target *target,
				const struct outcome *o)
{
	const char *wrong = verify_status(o), *p;
	struct bytes module, base;
	bool bad;

	(void)target;
	if (!wrong)
		wrong = verify_lines(o->out);
	if (wrong || has_failed(o))
		return wrong;
	for (p = o->out; *p; p = strchr(p, '\n') + 1)
		if (!starts(p, "module: error: ") &&
		    !starts(p, "module: warning: ") &&
		    !starts(p, "module: note: ") &&
		    !starts(p, "module: and "))
			return "a line that is none of a report";
	if (o->errors)
		return "an error on standard error";
	bad = has_line(o->out, "module: error: ");
	if (bad != (o->status == EXIT_BAD) || o->status == EXIT_UNREADABLE)
		return "status and lines do not agree";
	if (*o->out)
		return NULL;
	/* Nothing is wrong with it: is that true? */
	module = read_file("module");
	base = read_file("base");
	wrong = oracle_good_module(module, base);
	free(module.data);
	free(base.data);
	return wrong;
}

/* Bad modules are reported on standard error, too. */
static const char *verify_show(const struct target *target,
			       const struct outcome *o)
{
	const char *wrong = verify_status(o);

	(void)target;
	if (!wrong)
		wrong = verify_lines(o->out);
	if (wrong || has_failed(o))
		return wrong;
	if (!starts(o->out, "module\n"))
		return "not the module is shown";
	if (o->status == EXIT_UNREADABLE || o->errors != (o->status != 0) ||
	    has_line(o->out, "BTF        bad") != (o->status == EXIT_BAD))
		return "status and lines do not agree";
	return NULL;
}

static const char *verify_json(const struct target *target,
			       const struct outcome *o)
{
	static const char * const names[] = {
		[EXIT_DONE] = "\"status\":\"good\"",
		[EXIT_BAD] = "\"status\":\"bad\"",
		[EXIT_UNREADABLE] = "\"status\":\"unreadable\"",
	};
	const char *wrong = verify_status(o);

	(void)target;
	if (wrong || has_failed(o))
		return wrong;
	if (o->errors)
		return "an error on standard error";
	if (!json_is_valid(o->out))
		return "no valid JSON";
	if (!strstr(o->out, names[o->status]) &&
	    !(o->status == EXIT_DONE &&
	      strstr(o->out, "\"status\":\"no-btf\"")))
		return "status and JSON do not agree";
	return NULL;
}

/* A page, and the sums. Markup from the files would be more of it than usual. */
static const char *verify_report(const struct target *target,
				 const struct outcome *o)
{
	const char *wrong = verify_status(o), *page, *p;
	unsigned int scripts = 0;
	struct bytes b;

	if (!wrong)
		wrong = verify_lines(o->out);
	if (wrong || has_failed(o))
		return wrong;
	if (o->errors || !starts(o->out, "1 modules: "))
		return "no sums";
	if (o->old)
		return "no page";
	b = read_file(target->output);
	b.data = realloc(b.data, b.size + 1);
	b.data[b.size] = '\0';
	page = (char *)b.data;
	for (p = page; (p = strstr(p, "<script")); p++)
		scripts++;
	if (strlen(page) != b.size || scripts != 2 ||
	    !starts(page, "<!DOCTYPE html>") ||
	    b.size < 8 || strcmp(page + b.size - 8, "</html>\n"))
		wrong = "the page is not whole";
	free(b.data);
	return wrong;
}

/* One line, and which file it is about is among the inputs. */
static const char *verify_found(const struct target *target,
				const struct outcome *o)
{
	const char *wrong = verify_lines(o->out), *file;
	unsigned int i;

	if (wrong)
		return wrong;
	if (!*o->out || strchr(o->out, '\n')[1])
		return "not one line";
	if (o->status == EXIT_FAILED)
		return starts(o->out, "none: ") ? NULL : "another answer";
	if (o->status != EXIT_DONE)
		return "a status that is none";
	if (!starts(o->out, "prepared ") && !starts(o->out, "types "))
		return "another answer";
	file = strchr(o->out, ' ') + 1;
	for (i = 0; i < MAX_INPUTS && target->inputs[i].file; i++) {
		const char *name = target->inputs[i].file;

		if (starts(file, name) && !strcmp(file + strlen(name), "\n"))
			return NULL;
	}
	return "another file";
}

/* ------------------------------------------------------------------------ */

#define BASE(suffix, input_make, input_form) {				\
	.name = "base-" suffix,						\
	.run = cmd_base,						\
	.argv = { "base", "-o", "out", "vmlinux" },			\
	.inputs = { { "vmlinux", input_make, false } },			\
	.form = input_form,						\
	.output = "out",						\
	.verify = verify_base,						\
}

#define KO(suffix, input_form) KO_ON(suffix, seed_base, input_form)

#define KO_ON(suffix, base_make, input_form) {				\
	.name = "ko-" suffix,						\
	.run = cmd_ko,							\
	.argv = { "ko", "--base", "base", "--types", "types", "-o",	\
		  "out", "module" },					\
	.inputs = { { "module", seed_module, false },			\
		    { "types", seed_types, false },			\
		    { "base", base_make, false } },			\
	.form = input_form,						\
	.output = "out",						\
	.verify = verify_ko,						\
}

#define CHECK(suffix, input_make, input_form, keep_base) {		\
	.name = "check-" suffix,					\
	.run = cmd_check,						\
	.argv = { "check", "--base", "base", "module" },		\
	.inputs = { { "module", input_make, false },			\
		    { "base", seed_base, keep_base } },			\
	.form = input_form,						\
	.verify = verify_check,						\
}

/* The commands that print JSON take the same arguments. */
#define JSON(command, function, suffix, input_make, input_form) {	\
	.name = command suffix,						\
	.run = function,						\
	.argv = { command, "--json", "--base", "base", "module" },	\
	.inputs = { { "module", input_make, false },			\
		    { "base", seed_base, true } },			\
	.form = input_form,						\
	.verify = verify_json,						\
}

/* One entry for each command and form of its input: see targets.h. */
const struct target targets[] = {
	BASE("raw", seed_kernel_types, SEED_64LE),
	BASE("raw-be", seed_kernel_types, SEED_64BE),
	BASE("layouts", seed_kernel_layouts, SEED_64LE),
	BASE("layouts-be", seed_kernel_layouts, SEED_64BE),
	BASE("elf64", seed_vmlinux, SEED_64LE),
	BASE("elf32-be", seed_vmlinux, SEED_32BE),
	KO("64", SEED_64LE),
	KO("64-be", SEED_64BE),
	KO("32", SEED_32LE),
	KO("32-be", SEED_32BE),
	KO("headers-first", SEED_HEADERS_FIRST),
	KO("names-inside", SEED_NAMES_INSIDE),
	KO("one-strtab", SEED_ONE_STRTAB),
	KO("segment", SEED_SEGMENT),
	KO("xindex", SEED_XINDEX),
	KO_ON("sorted", seed_sorted_base, SEED_64LE),
	{
		.name = "ko-distilled",
		.run = cmd_ko,
		.argv = { "ko", "--distill-base", "--base", "base", "--types",
			  "types", "-o", "out", "module" },
		.inputs = { { "types", seed_types, false },
			    { "base", seed_base, false },
			    { "module", seed_module, true } },
		.form = SEED_64LE,
		.output = "out",
		.verify = verify_distilled,
	},
	CHECK("64", seed_staged, SEED_64LE, false),
	CHECK("64-be", seed_staged, SEED_64BE, true),
	CHECK("32", seed_staged, SEED_32LE, true),
	CHECK("32-be", seed_staged, SEED_32BE, true),
	CHECK("xindex", seed_staged, SEED_XINDEX, true),
	CHECK("distilled", seed_distilled, SEED_64LE, true),
	CHECK("distilled-be", seed_distilled, SEED_32BE, true),
	JSON("check", cmd_check, "-json", seed_staged, SEED_64LE),
	{
		.name = "show",
		.run = cmd_show,
		.argv = { "show", "--base", "base", "module" },
		.inputs = { { "module", seed_staged, false },
			    { "base", seed_base, false } },
		.form = SEED_64LE,
		.verify = verify_show,
	}, {
		.name = "show-alone",
		.run = cmd_show,
		.argv = { "show", "module" },
		.inputs = { { "module", seed_staged, false } },
		.form = SEED_32BE,
		.verify = verify_show,
	},
	JSON("show", cmd_show, "-json", seed_distilled, SEED_64LE),
	{
		.name = "report",
		.run = cmd_report,
		.argv = { "report", "--base", "base", "--html", "out",
			  "module" },
		.inputs = { { "module", seed_staged, false },
			    { "base", seed_base, false },
			    { "module.btf", seed_types, false } },
		.form = SEED_64LE,
		.output = "out",
		.verify = verify_report,
	},
	JSON("report", cmd_report, "-json", seed_distilled, SEED_64LE),
	{
		.name = "find-base",
		.run = cmd_find_base,
		.argv = { "find-base", "--base", "vmlinux" },
		.inputs = { { "vmlinux", seed_vmlinux, false } },
		.form = SEED_32BE,
		.verify = verify_found,
	}, {
		.name = "find-base-tree",
		.run = cmd_find_base,
		.argv = { "find-base", "--release", SEED_RELEASE,
			  "--sysroot", "none", "." },
		.inputs = { { "./vmlinux", seed_released_vmlinux, false },
			    { "./.btf.vmlinux.base", seed_base, false } },
		.form = SEED_64LE,
		.verify = verify_found,
	},
	{ .name = NULL }
};
