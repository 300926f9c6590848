// SPDX-License-Identifier: GPL-2.0-only
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/base.h"
#include "btf/no_btf_mark.h"
#include "cmd.h"
#include "elf/elf_file.h"
#include "ids/ids_fill.h"
#include "io/file_in.h"
#include "io/file_out.h"
#include "match/distill.h"
#include "match/implicit.h"
#include "match/names.h"
#include "match/split.h"

static const char usage[] =
	"Usage: btfstage ko [--distill-base] --base BASE --types TYPES -o OUT MODULE\n"
	"\n"
	"Copy the linked MODULE to OUT, and add a .BTF section to the copy: the types\n"
	"in TYPES that BASE does not have, and references to those that it has. Fill\n"
	"in the type ids in .BTF_ids. OUT is replaced after all was written.\n"
	"\n"
	"      --base BASE     the kernel's types, from \"btfstage base\"\n"
	"      --types TYPES   the module's own BTF (pahole -J --btf_encode_detached).\n"
	"                      An empty file: the module has no types. A file that\n"
	"                      starts with \"# no BTF\": OUT is a plain copy\n"
	"      --distill-base  add a .BTF.base section with name and size of the types\n"
	"                      of BASE that the module refers to, so that kernels from\n"
	"                      6.11 on load the module even if their type ids change.\n"
	"                      Older kernels misread it. For external modules\n"
	"  -o, --output OUT    the module to write\n"
	"  -v, --verbose       print how many types are in OUT and in BASE\n"
	"  -h, --help          show this text\n"
	"\n"
	"Exit status: 0 done, 1 failed, 2 wrong usage, 3 TYPES is malformed\n";

enum {
	OPT_BASE = 256,
	OPT_TYPES,
	OPT_DISTILL_BASE,
};

static const struct option options[] = {
	{ "base", required_argument, NULL, OPT_BASE },
	{ "types", required_argument, NULL, OPT_TYPES },
	{ "distill-base", no_argument, NULL, OPT_DISTILL_BASE },
	{ "output", required_argument, NULL, 'o' },
	{ "verbose", no_argument, NULL, 'v' },
	{ "help", no_argument, NULL, 'h' },
	{ 0 }
};

/* Longer names are cut in messages. */
#define MAX_SHOWN_NAME	500

struct ko {
	const char *base_path;
	const char *types_path;
	const char *out_path;
	const char *module_path;
	bool distill_base;
	bool verbose;
	bool bad_types;		/* types_path is malformed */
};

/* The results for a module's types. */
struct staged {
	struct split split;
	struct distilled *distilled;	/* of split; NULL: not asked for */
};

/* For the callbacks of ids_fill(). */
struct ids_lookup {
	const struct base *base;
	const struct own_names *own;
	const struct distilled *distilled;	/* or NULL */
	const char *module_path;
	struct err *err;
	bool failed;
};

/*
 * Look in the base first, then in the module: a function that the kernel has,
 * too, is the kernel's, as in resolve_btfids. With a distilled base, only the
 * kernel's types in that have an id; the kernel maps these ids to its own.
 */
static uint32_t lookup_id(void *arg, enum btf_kind kind, const char *name,
			  size_t len)
{
	static const enum btf_space spaces[NR_BTF_KINDS] = {
		[BTF_KIND_FUNC] = BTF_SPACE_FUNC,
		[BTF_KIND_STRUCT] = BTF_SPACE_STRUCT,
		[BTF_KIND_UNION] = BTF_SPACE_UNION,
		[BTF_KIND_TYPEDEF] = BTF_SPACE_TYPEDEF,
	};
	struct ids_lookup *l = arg;
	uint32_t id, own;
	int ret;

	own = own_names_find(l->own, kind, name, len);
	if (l->distilled) {
		own = distilled_id(l->distilled, own);
		ret = distilled_find_name(l->distilled, l->base, kind,
					  spaces[kind], name, len, &id, l->err);
	} else {
		ret = base_find_name(l->base, kind, spaces[kind], name, len,
				     &id, l->err);
	}
	if (ret < 0)
		l->failed = true;
	return ret > 0 && (!own || id < own) ? id : own;
}

static void warn_unresolved(void *arg, const char *name, size_t len)
{
	struct ids_lookup *l = arg;
	struct err warning;

	/*
	 * err_set() makes one line of it, whatever the symbol's name contains.
	 */
	err_set(&warning, l->module_path,
		"warning: no type called %.*s (.BTF_ids)",
		len < MAX_SHOWN_NAME ? (int)len : MAX_SHOWN_NAME, name);
	fprintf(stderr, "btfstage: %s\n", warning.msg);
}

static void warn_implicit(void *arg, const char *kfunc, const char *type)
{
	struct ids_lookup *l = arg;
	struct err warning;

	err_set(&warning, l->module_path,
		"warning: kfunc %.*s keeps its implicit argument: struct %s is only declared",
		MAX_SHOWN_NAME, kfunc, type);
	fprintf(stderr, "btfstage: %s\n", warning.msg);
}

static int resolve_ids(const struct ko *ko, const struct elf_file *ef,
		       const struct base *base, const struct btf *btf,
		       const struct staged *staged, struct ids_filled *ids,
		       struct err *err)
{
	struct own_names own;
	struct ids_lookup lookup = {
		.base = base,
		.own = &own,
		.distilled = staged->distilled,
		.module_path = ko->module_path,
		.err = err,
	};
	struct ids_ops ops = {
		.lookup = lookup_id,
		.unresolved = warn_unresolved,
		.arg = &lookup,
	};
	int ret;

	if (own_names_init(&own, btf, staged->split.ids, base->nr_types + 1,
			   err))
		return -1;
	ret = ids_fill(ef, &ops, ids, err);
	if (!ret && ids->data)
		implicit_args_left(btf, &own, warn_implicit, &lookup);
	own_names_free(&own);
	if (!ret && lookup.failed) {
		free(ids->data);
		ret = -1;
	}
	return ret;
}

static int add_sections(const struct elf_file *ef, struct file_out *out,
			const struct staged *staged, struct err *err)
{
	const struct distilled *d = staged->distilled;
	struct elf_addition plain[] = {
		{ ".BTF", staged->split.data, staged->split.size },
	};

	if (d) {
		struct elf_addition both[] = {
			{ ".BTF", d->split, d->split_size },
			{ ".BTF.base", d->base, d->base_size },
		};

		return elf_file_add_sections(ef, out, both, 2, err);
	}
	return elf_file_add_sections(ef, out, plain, 1, err);
}

/* @staged NULL: only copy the module. */
static int write_module(const struct ko *ko, const struct file_in *module,
			const struct elf_file *ef, const struct staged *staged,
			const struct ids_filled *ids, struct err *err)
{
	struct file_out out;
	int ret = -1;

	if (file_out_create(&out, ko->out_path, module->mode, err))
		return -1;
	if (file_out_copy(&out, module, err))
		goto out_discard;
	if (staged) {
		if (ids->data &&
		    file_out_write_at(&out, ids->data, ids->size,
				      ids->offset, err))
			goto out_discard;
		if (add_sections(ef, &out, staged, err))
			goto out_discard;
	}
	ret = file_out_publish(&out, err);

out_discard:
	file_out_discard(&out);
	return ret;
}

static void say_numbers(const struct ko *ko, const struct staged *staged)
{
	printf("%s: %u types kept, %u found in %s", ko->out_path,
	       staged->split.nr_kept, staged->split.nr_found, ko->base_path);
	if (staged->distilled)
		printf(", %u of these in .BTF.base, %u copied",
		       staged->distilled->nr_types,
		       staged->distilled->nr_moved);
	putchar('\n');
}

static void warn_odd(const struct ko *ko, const struct split *split)
{
	struct err warning;

	err_set(&warning, ko->types_path,
		"warning: %u structs have name and size of those in %s, but other members, and %u refer to them (encoded by different pahole versions?)",
		split->nr_unlike, ko->base_path, split->nr_affected);
	fprintf(stderr, "btfstage: %s\n", warning.msg);
}

/* Deduplicate the types, resolve the ids, write the module. */
static int stage(const struct ko *ko, const struct file_in *module,
		 const struct elf_file *ef, const struct btf *btf,
		 struct err *err)
{
	struct ids_filled ids = { 0 };
	struct distilled distilled = { 0 };
	struct staged staged = { 0 };
	struct base base;
	int ret = -1;

	if (base_open(&base, ko->base_path, err))
		return -1;
	/* distill() sorts, too. */
	if (split_make(&staged.split, btf, &base,
		       base.sorted && !ko->distill_base, err))
		goto out_close_base;
	if (ko->distill_base) {
		if (distill(&distilled, &staged.split, &base, btf->path, err))
			goto out_free_split;
		staged.distilled = &distilled;
	}
	if (resolve_ids(ko, ef, &base, btf, &staged, &ids, err))
		goto out_free_distilled;
	ret = write_module(ko, module, ef, &staged, &ids, err);
	if (!ret && split_is_odd(&staged.split))
		warn_odd(ko, &staged.split);
	if (!ret && ko->verbose)
		say_numbers(ko, &staged);
	free(ids.data);

out_free_distilled:
	distilled_free(&distilled);
out_free_split:
	split_free(&staged.split);
out_close_base:
	base_close(&base);
	return ret;
}

static int open_types(const struct file_in *types, const struct elf_file *ef,
		      struct btf *btf, struct err *err)
{
	/* pahole writes no file for a module without types. */
	if (!types->size)
		btf_empty(btf, types->path, ef->swapped);
	else if (btf_open(btf, types->path, types->data, types->size, err) ||
		 btf_check(btf, err))
		return -1;
	if (btf->swapped != ef->swapped)
		return err_set(err, types->path,
			       "has another byte order than %s",
			       ef->in->path);
	return 0;
}

/* The kernel would read this section, too. */
static int refuse_section(const struct elf_file *ef, const char *name,
			  struct err *err)
{
	struct elf_section sec;
	int ret = elf_file_section(ef, name, &sec, err);

	return ret > 0 ? err_set(err, ef->in->path, "has a %s section already",
				 name) : ret;
}

/*
 * In the format of a kernel build, which prints other reasons for "NO BTF"
 * itself. The reason follows the mark in the file of types.
 */
static void say_no_btf(const struct ko *ko, const struct file_in *types)
{
	const char *why = (const char *)types->data + strlen(NO_BTF_MARK);
	size_t len = types->size - strlen(NO_BTF_MARK);
	const char *end = memchr(why, '\n', len);
	struct err line;

	if (end)
		len = end - why;
	if (len > 2 && !memcmp(why, ": ", 2)) {
		why += 2;
		len -= 2;
	}
	err_format(&line, ko->out_path, "%.*s",
		   len < MAX_SHOWN_NAME ? (int)len : MAX_SHOWN_NAME, why);
	fprintf(stderr, "  NO BTF  %s\n", line.msg);
}

static int stage_module(struct ko *ko, const struct file_in *module,
			struct err *err)
{
	struct btf btf = { 0 };
	struct file_in types;
	struct elf_file ef;
	int ret;

	if (elf_file_open(&ef, module, err))
		return -1;
	ret = refuse_section(&ef, ".BTF", err);
	if (!ret)
		ret = refuse_section(&ef, ".BTF.base", err);
	if (ret)
		goto out_close_elf;
	ret = file_in_open(&types, ko->types_path, err);
	if (ret)
		goto out_close_elf;
	if (no_btf_mark(&types)) {
		ret = write_module(ko, module, &ef, NULL, NULL, err);
		if (!ret)
			say_no_btf(ko, &types);
	} else {
		ret = open_types(&types, &ef, &btf, err);
		if (!ret)
			ret = stage(ko, module, &ef, &btf, err);
		else
			ko->bad_types = !err->no_memory;
		btf_free(&btf);
	}
	file_in_close(&types);

out_close_elf:
	elf_file_close(&ef);
	return ret;
}

static int parse_options(struct ko *ko, int argc, char **argv)
{
	int opt;

	while ((opt = getopt_long(argc, argv, "o:vh", options, NULL)) != -1) {
		switch (opt) {
		case OPT_BASE:
			ko->base_path = optarg;
			break;
		case OPT_TYPES:
			ko->types_path = optarg;
			break;
		case OPT_DISTILL_BASE:
			ko->distill_base = true;
			break;
		case 'o':
			ko->out_path = optarg;
			break;
		case 'v':
			ko->verbose = true;
			break;
		case 'h':
			fputs(usage, stdout);
			exit(EXIT_DONE);
		default:
			return -1;
		}
	}
	if (argc - optind != 1 || !ko->base_path || !ko->types_path ||
	    !ko->out_path)
		return -1;
	ko->module_path = argv[optind];
	return 0;
}

int cmd_ko(int argc, char **argv)
{
	struct ko ko = { 0 };
	struct file_in module;
	struct err err;
	int ret;

	if (parse_options(&ko, argc, argv)) {
		fputs(usage, stderr);
		return EXIT_USAGE;
	}
	ret = file_in_open(&module, ko.module_path, &err);
	if (!ret) {
		ret = stage_module(&ko, &module, &err);
		file_in_close(&module);
	}
	if (ret) {
		fprintf(stderr, "btfstage: %s\n", err.msg);
		return ko.bad_types ? EXIT_BAD_TYPES : EXIT_FAILED;
	}
	return EXIT_DONE;
}
