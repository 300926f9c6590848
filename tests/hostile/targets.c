// SPDX-License-Identifier: GPL-2.0-only
#include <stdlib.h>
#include <string.h>

#include "cmd.h"
#include "oracle.h"
#include "scratch.h"
#include "targets.h"

static struct bytes read_file(const char *path)
{
	struct bytes b;

	b.data = scratch_read(path, &b.size);
	return b;
}

static const char *verify_base(const struct target *target)
{
	struct bytes out = read_file(target->output);
	const char *wrong = oracle_base(out);

	free(out.data);
	return wrong;
}

static const char *verify_ko(const struct target *target)
{
	struct bytes in = read_file("module"), out = read_file(target->output);
	struct bytes base = read_file("base");
	const char *wrong = oracle_module(in, out, base);

	free(in.data);
	free(out.data);
	free(base.data);
	return wrong;
}

#define BASE(suffix, input_make, input_form) {				\
	.name = "base-" suffix,						\
	.run = cmd_base,						\
	.argv = { "base", "-o", "out", "vmlinux" },			\
	.inputs = { { "vmlinux", input_make } },			\
	.form = input_form,						\
	.output = "out",						\
	.refusals = 1 << EXIT_FAILED,					\
	.verify = verify_base,						\
}

#define KO(suffix, input_form) {					\
	.name = "ko-" suffix,						\
	.run = cmd_ko,							\
	.argv = { "ko", "--base", "base", "--types", "types", "-o",	\
		  "out", "module" },					\
	.inputs = { { "module", seed_module }, { "types", seed_types },	\
		    { "base", seed_base } },				\
	.form = input_form,						\
	.output = "out",						\
	.refusals = 1 << EXIT_FAILED,					\
	.verify = verify_ko,						\
}

/* One entry for each command and form of its input: see targets.h. */
const struct target targets[] = {
	BASE("raw", seed_kernel_types, SEED_64LE),
	BASE("raw-be", seed_kernel_types, SEED_64BE),
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
	{ .name = NULL }
};
