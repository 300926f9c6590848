// SPDX-License-Identifier: GPL-2.0-only
/* At most three lines: the installation of a kernel prints much else. */
#include "../text/text.h"
#include "boot.h"

static void put_names(const struct boot_kind *kind, FILE *f)
{
	size_t i;

	for (i = 0; i < kind->nr && i < BOOT_NAMES; i++) {
		fputs(i ? ", " : ": ", f);
		line_put(f, kind->names[i]);
	}
	if (kind->nr > BOOT_NAMES)
		fprintf(f, " and %zu more", kind->nr - BOOT_NAMES);
}

static void put_misfits(const struct boot_result *result, FILE *f)
{
	fprintf(f, "%zu of %zu modules do not fit ", result->misfits.nr,
		result->nr);
	line_put(f, result->types);
	put_names(&result->misfits, f);
	if (!result->nr_refused)
		fputs("; it takes them with wrong types", f);
	else if (result->mismatch_allowed)
		fprintf(f, "; it loads %zu without BTF", result->nr_refused);
	else
		fprintf(f, "; it refuses %zu", result->nr_refused);
}

static void put_others(const struct boot_result *result, FILE *f)
{
	if (result->no_btf.nr) {
		fprintf(f, "%zu of %zu modules have no BTF", result->no_btf.nr,
			result->nr);
		put_names(&result->no_btf, f);
	}
	if (result->no_btf.nr && result->unreadable.nr)
		fputs("; ", f);
	if (result->unreadable.nr) {
		fprintf(f, "%zu cannot be read", result->unreadable.nr);
		put_names(&result->unreadable, f);
	}
}

static void put_advice(const struct boot *boot,
		       const struct boot_result *result, FILE *f)
{
	if (!result->misfits.nr && !result->no_btf.nr) {
		fputs("the files are damaged: install them again", f);
	} else if (!result->misfits.nr) {
		fputs("they are loaded, but nobody can trace them by type: ", f);
		fputs("build them with BTF, and keep .BTF when they are stripped", f);
	} else if (result->misfits.nr == result->nr_added) {
		fputs("build them again for this kernel before it boots: dkms install --force -k ",
		      f);
		line_put(f, boot->release);
		fputs(" MODULE/VERSION", f);
	} else {
		fputs("the kernel and its modules are of two builds: ", f);
		fputs("install both again before it boots", f);
	}
}

static void begin(const struct boot *boot, FILE *f)
{
	fputs("btfinspect: kernel ", f);
	line_put(f, boot->release);
	fputs(": ", f);
}

int boot_print(const struct boot *boot, const struct boot_result *result,
	       FILE *f)
{
	bool others = result->no_btf.nr || result->unreadable.nr;

	if (result->misfits.nr) {
		begin(boot, f);
		put_misfits(result, f);
		putc('\n', f);
	}
	if (others) {
		begin(boot, f);
		put_others(result, f);
		putc('\n', f);
	}
	if (!result->misfits.nr && !others)
		return 0;
	begin(boot, f);
	put_advice(boot, result, f);
	putc('\n', f);
	return 1;
}
