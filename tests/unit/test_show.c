// SPDX-License-Identifier: GPL-2.0-only
/* btfinspect show: one module, whatever its bytes. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "check_build.h"
#include "module_info.h"
#include "scratch.h"
#include "show.h"

#define T(kind, vlen)	INFO(BTF_KIND_ ## kind, vlen)

static const struct symbol {
	const char *name;
	uint64_t offset, size;
} symbols[] = {
	{ "__BTF_ID__func__base_func__1", 0, 4 },
	{ "__BTF_ID__set8__kfuncs", 4, 24 },
	{ "__BTF_ID__func__mod_func__2", 12, 4 },
	{ "__BTF_ID__func__lost__3", 20, 4 },
	{ "__BTF_ID__struct__a__4", 28, 4 },
	{ NULL, 0, 0 }
};

static void add_ids(struct mod *mod)
{
	uint32_t words[8] = {
		BASE_FUNC, 2, 1, 0, 0x10, mod->first_id, 0x20, 99999
	};
	uint8_t data[sizeof(words)];
	const struct symbol *s;
	size_t i, index;

	if (mod->distilled)
		words[0] = 2;
	for (i = 0; i < 8; i++)
		elf_build_put(&mod->b, data + 4 * i, 4, words[i]);
	index = elf_build_section(&mod->b, ".BTF_ids", SHT_PROGBITS, data,
				  sizeof(data));
	for (s = symbols; s->name; s++)
		elf_build_symbol(&mod->b, s->name, index, s->offset, s->size);
}

/* The file mod.ko */
static void make(const struct mod_format *format, bool distilled, bool no_btf)
{
	static const char strings[] = "\0int\0base_func";
	struct report report;
	struct mod mod;

	mod_init(&mod, format);
	mod.no_btf = no_btf;
	if (distilled) {
		mod_type(&mod, 1, T(INT, 0), 4, 32);
		mod_type(&mod, 5, T(STRUCT, 0), 16);
		mod_distil(&mod, strings, sizeof(strings));
	}
	mod_type(&mod, S_FUNC, T(FUNC, 0), distilled ? 1 : BASE_PROTO);
	mod_type(&mod, S_A, T(STRUCT, 0), 4);
	elf_build_section(&mod.b, ".debug_info", SHT_PROGBITS, "x", 1);
	elf_build_section(&mod.b, ".debug_line", SHT_PROGBITS, "yz", 2);
	add_ids(&mod);
	mod_check(&mod, &report);
	report_free(&report);
	mod_free(&mod);
}

static const char *base_for(const struct mod_format *format)
{
	struct mod mod;
	const char *path;

	mod_init(&mod, format);
	path = mod.swapped ? "base.other" : "base.host";
	mod_free(&mod);
	return path;
}

/* Like the command, into memory. The caller frees *@info. */
static char *view(const char *base_path, bool json, struct module_info *info)
{
	struct check_options opts = { 0 };
	struct report report;
	struct checked m;
	struct show show = {
		.info = info, .module = &m, .base_path = base_path
	};
	struct base base;
	char *text = NULL;
	struct err err;
	size_t size;
	FILE *f;

	if (base_path) {
		assert_int_equal(base_open(&base, base_path, &err), 0);
		opts.base = &base;
	}
	check_open(&m, "mod.ko", &opts, &report);
	assert_int_equal(module_info_fill(info, &m, &err), 0);
	f = open_memstream(&text, &size);
	assert_non_null(f);
	assert_int_equal((json ? show_json : show_text)(&show, f, &err), 0);
	fclose(f);
	check_close(&m);
	report_free(&report);
	if (base_path)
		base_close(&base);
	return text;
}

static void has(const char *text, const char *part)
{
	if (!strstr(text, part))
		fail_msg("not in there: %s\n%s", part, text);
}

static const char ids_on_base[] =
	"ids        4, 1 unresolved\n"
	"  func base_func: 5 FUNC base_func, the base's\n"
	"  set8 kfuncs: 2 ids, flags 0x1\n"
	"      0, unresolved, flags 0x10\n"
	"      12 FUNC mod_func, its own, flags 0x20\n"
	"  struct a: 99999, no type has this id\n";

static void on_base(void **state)
{
	const struct mod_format *format;
	struct module_info info;
	char *text;

	(void)state;
	for (format = mod_formats; format->class; format++) {
		make(format, false, false);
		text = view(base_for(format), false, &info);
		has(text, ids_on_base);
		has(text, "module     mod, for 6.12.0-test\n");
		has(text, ".debug_*   3 bytes in 2 sections\n");
		has(text, "BTF        bad: kfunc set kfuncs: type 0 is not a function, register_btf_kfunc_id_set() fails (errors: 1, warnings: 2)\n");
		has(text, "types      2 of its own, 24 bytes; strings, 42 bytes\n"
			  "         1 STRUCT\n         1 FUNC\n");
		assert_int_equal(info.nr_types, 2);
		assert_int_equal(info.kinds[BTF_KIND_FUNC], 1);
		assert_int_equal(info.nr_ids, 4);
		assert_int_equal(info.nr_ids_unresolved, 1);
		module_info_free(&info);
		free(text);
	}
}

/* Ids are numbers then, and which name of a set has which is not known. */
static void without_base(void **state)
{
	const struct mod_format *format;
	struct module_info info;
	char *text;

	(void)state;
	for (format = mod_formats; format->class; format++) {
		make(format, false, false);
		text = view(NULL, false, &info);
		has(text, "BTF        good\nbase       not given: ");
		has(text, "  func base_func: 5\n"
			  "  set8 kfuncs: 2 ids, flags 0x1\n"
			  "      0, unresolved, flags 0x10\n"
			  "      12, flags 0x20\n"
			  "      of func mod_func\n"
			  "      of func lost\n"
			  "  struct a: 99999\n");
		module_info_free(&info);
		free(text);
	}
}

/* .BTF.base has the types of ids, with a base and without. */
static void on_distilled(void **state)
{
	struct module_info info;
	char *text;
	int i;

	(void)state;
	make(&mod_formats[0], true, false);
	for (i = 0; i < 2; i++) {
		text = view(i ? "base.host" : NULL, false, &info);
		has(text, "  func base_func: 2 STRUCT base_func, the base's\n");
		has(text, "      3 FUNC mod_func, its own, flags 0x20\n");
		module_info_free(&info);
		free(text);
	}
}

static void json(void **state)
{
	struct module_info info;
	char *text;

	(void)state;
	make(&mod_formats[0], false, false);
	text = view("base.host", true, &info);
	has(text, "{\"base\":\"base.host\",\"file\":\"mod.ko\",\"module\":\"mod\",\"release\":\"6.12.0-test\",\"status\":\"bad\",\"errors\":1,\"warnings\":2,");
	has(text, "\"types\":2,\"types_bytes\":24,\"strings_bytes\":42,\"kinds\":{\"STRUCT\":1,\"FUNC\":1},\"ids\":4,\"ids_unresolved\":1,");
	has(text, "\"btf_ids_entries\":[\n"
		  "{\"offset\":0,\"kind\":\"func\",\"name\":\"base_func\",\"id\":5,\"type\":{\"kind\":\"FUNC\",\"name\":\"base_func\",\"in\":\"base\"}},\n"
		  "{\"offset\":4,\"kind\":\"set8\",\"name\":\"kfuncs\",\"count\":2,\"flags\":1,\"ids\":[\n"
		  "{\"offset\":12,\"id\":0,\"flags\":16},\n"
		  "{\"offset\":20,\"id\":12,\"type\":{\"kind\":\"FUNC\",\"name\":\"mod_func\",\"in\":\"module\"},\"flags\":32}],\"names\":[\n"
		  "{\"offset\":12,\"kind\":\"func\",\"name\":\"mod_func\"},\n"
		  "{\"offset\":20,\"kind\":\"func\",\"name\":\"lost\"}]},\n"
		  "{\"offset\":28,\"kind\":\"struct\",\"name\":\"a\",\"id\":99999}]}\n");
	module_info_free(&info);
	free(text);
}

/* Sets that start inside others are reported, but not their ids again. */
static void overlapping_sets(void **state)
{
	const struct mod_format *format = &mod_formats[0];
	struct module_info info;
	struct report report;
	uint8_t data[400] = { 0 };
	struct mod mod;
	size_t index, i, nr = 0;
	char *text, *s;

	(void)state;
	mod_init(&mod, format);
	index = elf_build_section(&mod.b, ".BTF_ids", SHT_PROGBITS, data,
				  sizeof(data));
	for (i = 0; i < 90; i++)
		elf_build_symbol(&mod.b, "__BTF_ID__set__s", index, 4 * i,
				 sizeof(data) - 4 * i);
	elf_build_symbol(&mod.b, "__BTF_ID__func__f__1", index, 0, 4);
	mod_check(&mod, &report);
	report_free(&report);
	mod_free(&mod);
	text = view(NULL, false, &info);
	for (s = text; (s = strstr(s, "      0, unresolved")); s++)
		nr++;
	assert_int_equal(nr, sizeof(data) / 4 - 1);
	module_info_free(&info);
	free(text);
}

/* ------------------------------------------------------------------------
 * Why there is no BTF
 */

static void is_why(const char *beside, size_t size, enum no_btf_why why)
{
	static const char *const names[] = {
		"mod.no-btf.ko.btf", "mod.ko.no-btf.btf"
	};
	struct module_info info;
	struct err err;
	int i;

	for (i = 0; i < 2; i++) {
		if (beside)
			scratch_write(names[i], beside, size);
		assert_int_equal(module_info_read(&info, "mod.ko", NULL, &err),
				 0);
		assert_int_equal(info.status, REPORT_NO_BTF);
		assert_int_equal(info.why, why);
		assert_false(info.found_known);
		module_info_free(&info);
		unlink(names[i]);
	}
}

static void why(void **state)
{
	static const char mark[] = "# no BTF: built without debug information\n";
	const struct btf_header h = {
		.magic = BTF_MAGIC, .version = BTF_VERSION,
		.hdr_len = sizeof(h),
	};
	struct report report;
	struct mod mod;

	(void)state;
	make(&mod_formats[0], false, true);
	is_why(NULL, 0, NO_BTF_NOT_ENCODED);
	is_why(mark, strlen(mark), NO_BTF_BUILT_WITHOUT);
	is_why("", 0, NO_BTF_NOT_ADDED);
	is_why((const char *)&h, sizeof(h), NO_BTF_NOT_ADDED);
	/* Not BTF: nothing is shown. */
	is_why("# no", 4, NO_BTF_NOT_ENCODED);

	mod_init(&mod, &mod_formats[0]);
	mod.no_btf = true;
	mod_check(&mod, &report);
	report_free(&report);
	mod_free(&mod);
	is_why(NULL, 0, NO_BTF_NO_DEBUG);
	is_why(mark, strlen(mark), NO_BTF_BUILT_WITHOUT);
}

/* Types found in the base: all that it had but the module's own */
static void found(void **state)
{
	/* Its encoded types: three or one, all "const void" */
	struct {
		struct btf_header h;
		uint32_t words[9];
		char strs[1];
	} btf = {
		.h = {
			.magic = BTF_MAGIC, .version = BTF_VERSION,
			.hdr_len = sizeof(struct btf_header),
			.type_len = 36, .str_off = 36, .str_len = 1,
		},
		.words = { 0, T(CONST, 0), 0, 0, T(CONST, 0), 0,
			   0, T(CONST, 0), 0 },
	};
	struct module_info info;
	struct err err;

	(void)state;
	make(&mod_formats[0], false, false);
	scratch_write("mod.no-btf.ko.btf", &btf, sizeof(btf.h) + 37);
	assert_int_equal(module_info_read(&info, "mod.ko", NULL, &err), 0);
	assert_true(info.found_known);
	assert_int_equal(info.nr_found, 1);
	module_info_free(&info);

	/* Fewer than its own: that is of another build. */
	btf.h.type_len = 12;
	scratch_write("mod.no-btf.ko.btf", &btf, sizeof(btf.h) + 37);
	assert_int_equal(module_info_read(&info, "mod.ko", NULL, &err), 0);
	assert_false(info.found_known);
	assert_int_equal(info.nr_found, 0);
	module_info_free(&info);
	unlink("mod.no-btf.ko.btf");
}

/* Names are truncated, in text and JSON. */
static void long_names(void **state)
{
	static const char prefix[] = "__BTF_ID__struct__";
	char name[sizeof(prefix) + SHOW_NAME_MAX + 20];
	char want[sizeof(name) + 40];
	struct module_info info;
	struct report report;
	uint32_t id = 0;
	struct mod mod;
	size_t index;
	char *text;

	(void)state;
	memset(name, 'x', sizeof(name));
	memcpy(name, prefix, strlen(prefix));
	memcpy(name + sizeof(name) - 4, "__1", 4);
	mod_init(&mod, &mod_formats[0]);
	index = elf_build_section(&mod.b, ".BTF_ids", SHT_PROGBITS, &id, 4);
	elf_build_symbol(&mod.b, name, index, 0, 4);
	mod_check(&mod, &report);
	report_free(&report);
	mod_free(&mod);

	memset(name, 'x', SHOW_NAME_MAX);
	name[SHOW_NAME_MAX] = '\0';
	snprintf(want, sizeof(want), "  struct %s: 0, unresolved\n", name);
	text = view(NULL, false, &info);
	has(text, want);
	module_info_free(&info);
	free(text);
	snprintf(want, sizeof(want), "\"name\":\"%s\",", name);
	text = view(NULL, true, &info);
	has(text, want);
	module_info_free(&info);
	free(text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(on_base),
		cmocka_unit_test(without_base),
		cmocka_unit_test(on_distilled),
		cmocka_unit_test(json),
		cmocka_unit_test(overlapping_sets),
		cmocka_unit_test(why),
		cmocka_unit_test(found),
		cmocka_unit_test(long_names),
	};

	return cmocka_run_group_tests(tests, check_setup, check_teardown);
}
