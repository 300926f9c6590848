// SPDX-License-Identifier: GPL-2.0-only
#include <byteswap.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "btf_build.h"
#include "check_build.h"
#include "scratch.h"

const struct mod_format mod_formats[] = {
	{ ELFCLASS64, ELFDATA2LSB },
	{ ELFCLASS64, ELFDATA2MSB },
	{ ELFCLASS32, ELFDATA2LSB },
	{ ELFCLASS32, ELFDATA2MSB },
	{ 0, 0 }
};

static const char base_text[] =
	"int INT int 4\n"
	"list STRUCT list_head 16 next:plist@0 prev:plist@64\n"
	"plist PTR list\n"
	"proto PROTO void x:int\n"
	"func FUNC base_func proto 1\n"
	"var VAR base_var int 1\n"
	"twice8 STRUCT twice 8\n"
	"twice16 STRUCT twice 16\n"
	"same1 STRUCT same 4\n"
	"same2 STRUCT same 4 x:int@0\n"
	"big ENUM64 big 8 ONE=1\n";

static const char mod_strings[] = MOD_STRINGS;

#if __BYTE_ORDER == __LITTLE_ENDIAN
#define ORDER_HOST	ELFDATA2LSB
#else
#define ORDER_HOST	ELFDATA2MSB
#endif

void check_base(const char *text)
{
	const struct model *m = model_parse(text ? text : base_text);

	if (!text)
		assert_int_equal(m->nr + 1, NR_BASE);
	raw_write_base(model_raw(m, false), "base.host");
	raw_write_base(model_raw(m, true), "base.other");
	build_free_all();
}

int check_setup(void **state)
{
	if (scratch_setup(state))
		return -1;
	check_base(NULL);
	return 0;
}

int check_teardown(void **state)
{
	return scratch_teardown(state);
}

static void base_open_for(const struct mod *mod, struct base *base)
{
	struct err err;

	assert_int_equal(base_open(base, mod->swapped ? "base.other" :
							"base.host", &err), 0);
}

void mod_init(struct mod *mod, const struct mod_format *format)
{
	struct base base;

	*mod = (struct mod){
		.swapped = format->order != ORDER_HOST,
		.vermagic = "6.12.0-test SMP",
		.h = {
			.magic = BTF_MAGIC,
			.version = BTF_VERSION,
			.hdr_len = sizeof(struct btf_header),
		},
		.strs = mod_strings,
		.strs_len = sizeof(mod_strings),
	};
	base_open_for(mod, &base);
	mod->first_id = base.nr_types + 1;
	mod->first_str = base.strs_len;
	base_close(&base);
	elf_build_init(&mod->b, format->class, format->order);
}

void mod_free(struct mod *mod)
{
	elf_build_free(&mod->b);
	free((void *)mod->distilled);
	free(mod->words);
}

void mod_words(struct mod *mod, const uint32_t *words, size_t nr)
{
	size_t i;

	for (i = 0; i < nr; i++) {
		uint32_t w = words[i];

		if (w >> 16 == 0xf5a5)
			w = mod->first_str + (w & 0xffff);
		else if (w >> 16 == 0xf5a6)
			w = mod->first_id + (w & 0xffff);
		if (mod->nr_words == mod->max_words) {
			mod->max_words += 1000 + mod->max_words;
			mod->words = reallocarray(mod->words, mod->max_words,
						  sizeof(*mod->words));
			assert_non_null(mod->words);
		}
		mod->words[mod->nr_words++] = w;
	}
}

static uint32_t put32(const struct mod *mod, uint32_t word)
{
	return mod->swapped ? bswap_32(word) : word;
}

/* The section's bytes */
static uint8_t *make_btf(struct mod *mod, size_t *size)
{
	size_t types_len = 4 * mod->nr_words + mod->nr_bytes, i;
	struct btf_header h = mod->h;
	uint8_t *data;

	if (!mod->keep_header) {
		h.type_len = types_len;
		h.str_off = types_len;
		h.str_len = mod->strs_len;
	}
	*size = sizeof(h) + types_len + mod->strs_len;
	data = calloc(1, *size + 1);
	assert_non_null(data);
	if (mod->swapped) {
		h.magic = bswap_16(h.magic);
		h.hdr_len = bswap_32(h.hdr_len);
		h.type_off = bswap_32(h.type_off);
		h.type_len = bswap_32(h.type_len);
		h.str_off = bswap_32(h.str_off);
		h.str_len = bswap_32(h.str_len);
	}
	memcpy(data, &h, sizeof(h));
	for (i = 0; i < mod->nr_words; i++) {
		uint32_t w = put32(mod, mod->words[i]);

		memcpy(data + sizeof(h) + 4 * i, &w, 4);
	}
	memcpy(data + sizeof(h) + types_len, mod->strs, mod->strs_len);
	return data;
}

void mod_distil(struct mod *mod, const char *strs, size_t strs_len)
{
	uint32_t nr = 0, i = 0;

	mod->strs = strs;
	mod->strs_len = strs_len;
	mod->distilled = make_btf(mod, &mod->distilled_len);
	/* All of .BTF.base's kinds but INT have no tail here. */
	for (; i < mod->nr_words; nr++)
		i += (mod->words[i + 1] >> 24 & 0x1f) == BTF_KIND_INT ? 4 : 3;
	mod->first_id = nr + 1;
	mod->first_str = strs_len;
	mod->nr_words = 0;
	mod->strs = mod_strings;
	mod->strs_len = sizeof(mod_strings);
}

void mod_check(struct mod *mod, struct report *report)
{
	struct check_options opts = { .strict = mod->strict };
	struct base base;
	struct file_in in;
	char modinfo[100];
	uint8_t *data;
	size_t size;

	if (mod->vermagic) {
		size = snprintf(modinfo, sizeof(modinfo),
				"license=GPL%cname=mod%cvermagic=%s", 0, 0,
				mod->vermagic);
		elf_build_section(&mod->b, ".modinfo", SHT_PROGBITS, modinfo,
				  size + 1);
	}
	if (!mod->no_btf) {
		data = make_btf(mod, &size);
		/* An odd offset, as objcopy and pahole leave it. */
		elf_build_section(&mod->b, ".odd", SHT_PROGBITS, "x", 1);
		elf_build_section(&mod->b, ".BTF", SHT_PROGBITS, data, size);
		free(data);
	}
	if (mod->distilled)
		elf_build_section(&mod->b, ".BTF.base", SHT_PROGBITS,
				  mod->distilled, mod->distilled_len);
	elf_build_image(&mod->b, &in);
	scratch_write("mod.ko", in.data, in.size);
	free((void *)in.data);

	base_open_for(mod, &base);
	opts.base = &base;
	check_module("mod.ko", &opts, report);
	base_close(&base);
}

const struct problem *mod_problem(const struct report *report, unsigned int nr)
{
	if (nr >= report->nr_kept)
		fail_msg("there are %u problems, not %u", report->nr_kept,
			 nr + 1);
	return &report->problems[nr];
}

void mod_is_good(struct mod *mod)
{
	struct report report;

	mod_check(mod, &report);
	/* That no type has a name is worth a note. */
	if (report.nr_errors + report.nr_warnings)
		fail_msg("%s [%s]", report.problems[0].message,
			 report.problems[0].log);
	assert_int_equal(report.status, REPORT_GOOD);
	report_free(&report);
	mod_free(mod);
}

void mod_is(struct mod *mod, int errnum, const char *message, const char *log)
{
	const struct problem *p;
	struct report report;

	mod_check(mod, &report);
	p = mod_problem(&report, 0);
	if (message && !strstr(p->message, message))
		fail_msg("\"%s\" is not in \"%s\"", message, p->message);
	if (log && (!p->log || strcmp(p->log, log)))
		fail_msg("logged \"%s\", not \"%s\"", p->log, log);
	assert_int_equal(p->errnum, errnum);
	assert_int_equal(p->severity,
			 errnum ? SEVERITY_ERROR : SEVERITY_WARNING);
	assert_int_equal(report.status, errnum ? REPORT_BAD : REPORT_GOOD);
	report_free(&report);
	mod_free(mod);
}
