// SPDX-License-Identifier: GPL-2.0-only
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define BTF_BUILD_IMPLEMENTATION
#include "base.h"
#include "btf_build.h"
#include "elf_build.h"
#include "seeds.h"

static const char kernel_text[] =
	"int INT int 4\n"
	"char INT char 1\n"
	"dbl FLOAT double 8\n"
	"task STRUCT task 24 pid:int@0 comm:arr@32 next:ptask@128\n"
	"ptask PTR task\n"
	"arr ARRAY char int 8\n"
	"inode STRUCT inode 16 flags:int@0/3 rest:int@3/29 u:anon@64\n"
	"anon UNION - 8 a:int@0 b:pfwd@0\n"
	"fwd FWD super struct\n"
	"pfwd PTR fwd\n"
	"ufwd FWD opaque union\n"
	"pufwd PTR ufwd\n"
	"state ENUM state 4 RUN=0 STOP=-1\n"
	"big ENUM64 big 8 HUGE=5000000000\n"
	"later ENUM later 4\n"
	"pid_t TYPEDEF pid_t int\n"
	"cint CONST int\n"
	"vint VOLATILE cint\n"
	"rtask RESTRICT ptask\n"
	"proto PROTO int t:ptask flags:pid_t\n"
	"get FUNC task_get proto 1\n"
	"put FUNC task_put proto 1\n"
	"var VAR jiffies vint 1\n"
	"sec DATASEC .data 8 :var@0/8\n"
	"tag DECL_TAG kfunc get 0\n"
	"ttag TYPE_TAG rcu task\n"
	"ptag PTR ttag\n"
	"dup1 STRUCT twice 8 a:ptask@0\n"
	"dup2 STRUCT twice 8 a:pfwd@0\n";

static const char module_text[] =
	"task STRUCT task 24 pid:int@0 comm:arr@32 next:ptask@128\n"
	"int INT int 4\n"
	"ptask PTR task\n"
	"char INT char 1\n"
	"arr ARRAY char int 8\n"
	"super STRUCT super 8 t:ptask@0\n"
	"psuper PTR super\n"
	"inode FWD inode struct\n"
	"pinode PTR inode\n"
	"own STRUCT own 40 t:ptask@0 s:psuper@64 i:pinode@128 a:anon@192 st:state@256\n"
	"anon UNION - 8 x:int@0 y:dbl@0\n"
	"dbl FLOAT double 8\n"
	"state ENUM state 4 RUN=0 STOP=-1\n"
	"big ENUM64 big 8 HUGE=5000000000\n"
	"twice FWD twice struct\n"
	"ptwice PTR twice\n"
	"own_t TYPEDEF own_t own\n"
	"pown PTR own_t\n"
	"proto PROTO int o:pown tw:ptwice\n"
	"hit FUNC own_hit proto 1\n"
	"cint CONST int\n"
	"vint VOLATILE cint\n"
	"var VAR counter vint 0\n"
	"sec DATASEC .bss 4 :var@0/4\n"
	"tag DECL_TAG mark own 1\n";

static bool is_swapped(enum seed_form form)
{
	return form == SEED_64BE || form == SEED_32BE;
}

static void *must(void *ptr)
{
	if (!ptr) {
		perror("seeds");
		abort();
	}
	return ptr;
}

static struct bytes bytes_of(struct raw raw)
{
	struct bytes b = { must(malloc(raw.size)), raw.size };

	memcpy(b.data, raw.data, raw.size);
	build_free_all();
	return b;
}

static struct bytes types_of(const char *text, enum seed_form form)
{
	return bytes_of(model_raw(model_parse(text), is_swapped(form)));
}

struct bytes seed_kernel_types(enum seed_form form)
{
	return types_of(kernel_text, form);
}

/* The first type is of a kind that only its layout tells something about. */
struct bytes seed_kernel_layouts(enum seed_form form)
{
	static const uint8_t layouts[21][2] = {
		[BTF_KIND_INT] = { 4, 0 }, [BTF_KIND_ARRAY] = { 12, 0 },
		[20] = { 0, 8 },
	};
	static const char text[] =
		"new ENUM new 4 A=1\n"
		"int INT int 4\n"
		"task STRUCT task 16 pid:int@0 new:pnew@64\n"
		"pnew PTR new\n"
		"again ENUM new 4 A=1\n"
		"pid_t TYPEDEF pid_t int\n";
	struct raw raw = model_raw(model_parse(text), is_swapped(form));

	raw = raw_with_layouts(raw, layouts, 21, false);
	raw.data[32 + (is_swapped(form) ? 4 : 7)] = 20;
	return bytes_of(raw);
}

struct bytes seed_types(enum seed_form form)
{
	return types_of(module_text, form);
}

static void init(struct elf_build *b, enum seed_form form)
{
	bool small = form == SEED_32LE || form == SEED_32BE;

	elf_build_init(b, small ? ELFCLASS32 : ELFCLASS64,
		       is_swapped(form) ? ELFDATA2MSB : ELFDATA2LSB);
	b->headers_first = form == SEED_HEADERS_FIRST;
	b->names_inside = form == SEED_NAMES_INSIDE;
	b->one_strtab = form == SEED_ONE_STRTAB;
	b->segment = form == SEED_SEGMENT;
	b->shndx_table = form == SEED_XINDEX;
}

static struct bytes finish(struct elf_build *b, enum seed_form form)
{
	struct file_in in;

	elf_build_image(b, &in);
	if (form == SEED_XINDEX) {
		elf_build_ehdr_put(b, &in, e_shnum, 0);
		elf_build_ehdr_put(b, &in, e_shstrndx, SHN_XINDEX);
		elf_build_shdr_put(b, &in, 0, sh_size, b->shnum);
		elf_build_shdr_put(b, &in, 0, sh_link, b->shstrndx);
	}
	elf_build_free(b);
	return (struct bytes){ (uint8_t *)in.data, in.size };
}

static struct bytes vmlinux_of(enum seed_form form, bool with_release)
{
	static const char banner[] = "Linux version " SEED_RELEASE " (seeds)";
	struct bytes types = seed_kernel_types(form);
	struct elf_build b;

	init(&b, form);
	b.type = ET_EXEC;
	elf_build_section(&b, ".text", SHT_PROGBITS, "xyz", 3);
	if (with_release)
		elf_build_section(&b, ".rodata", SHT_PROGBITS, banner,
				  sizeof(banner));
	elf_build_section(&b, ".BTF", SHT_PROGBITS, types.data, types.size);
	elf_build_section(&b, ".bss", SHT_NOBITS, NULL, 4096);
	free(types.data);
	return finish(&b, form);
}

struct bytes seed_vmlinux(enum seed_form form)
{
	return vmlinux_of(form, false);
}

struct bytes seed_released_vmlinux(enum seed_form form)
{
	return vmlinux_of(form, true);
}

static struct bytes base_of(struct bytes types)
{
	struct bytes base;
	struct btf btf;
	struct err err;

	if (btf_open(&btf, "seed", types.data, types.size, &err) ||
	    btf_check(&btf, &err) ||
	    base_build(&btf, &base.data, &base.size, &err)) {
		fprintf(stderr, "seeds: %s\n", err.msg);
		abort();
	}
	btf_free(&btf);
	free(types.data);
	return base;
}

struct bytes seed_base(enum seed_form form)
{
	return base_of(seed_kernel_types(form));
}

struct bytes seed_sorted_base(enum seed_form form)
{
	return base_of(bytes_of(model_raw(model_sort(model_parse(kernel_text)),
					  is_swapped(form))));
}

/* Relocations that register the set of kfuncs: see check_kfuncs.c. */
static void add_registration(struct elf_build *b, uint32_t owner, uint32_t set)
{
	Elf64_Rela relas[2];
	const uint8_t data[16] = { 0 };
	size_t target, i;

	target = elf_build_section(b, ".data", SHT_PROGBITS, data,
				   sizeof(data));
	b->secs[target].shdr.sh_flags = SHF_ALLOC | SHF_WRITE;
	for (i = 0; i < 2; i++) {
		elf_build_put(b, &relas[i].r_offset, 8, 8 * i);
		elf_build_put(b, &relas[i].r_info, 8,
			      ELF64_R_INFO((uint64_t)(i ? set : owner), 1));
		elf_build_put(b, &relas[i].r_addend, 8, 0);
	}
	i = elf_build_section(b, ".rela.data", SHT_RELA, relas, sizeof(relas));
	b->secs[i].shdr.sh_info = target;
	b->secs[i].shdr.sh_entsize = sizeof(relas[0]);
}

static void add_rest(struct elf_build *b)
{
	static const char modinfo[] = "name=seed\0license=GPL\0"
				      "vermagic=" SEED_RELEASE " SMP";

	elf_build_section(b, ".modinfo", SHT_PROGBITS, modinfo,
			  sizeof(modinfo));
	elf_build_section(b, ".debug_info", SHT_PROGBITS, "debug", 5);
	elf_build_symbol(b, "__this_module", SHN_UNDEF, 0, 0);
	/* Symbols are counted from 1; the set8 is the third from the end. */
	if (b->class == ELFCLASS64)
		add_registration(b, b->nr_syms, b->nr_syms - 3);
}

static struct bytes module_of(enum seed_form form, bool whole)
{
	const struct {
		const char *name;
		uint64_t value, size;
	} symbols[] = {
		{ "__BTF_ID__func__task_get__1", 0, 0 },
		{ "__BTF_ID__struct__own__2", 4, 4 },
		/* A whole one is in good order. */
		{ whole ? "__BTF_ID__struct__super__3" :
			  "__BTF_ID__union__none__3", 8, 4 },
		{ "__BTF_ID__typedef__own_t__4", 12, 4 },
		{ "__BTF_ID__set__ids", 16, 16 },
		{ "__BTF_ID__func__task_put__5", 20, 4 },
		{ "__BTF_ID__func__own_hit__6", 24, 4 },
		{ "__BTF_ID__func__task_get__7", 28, 4 },
		{ "__BTF_ID__set8__kfuncs", 32, 24 },
		{ "__BTF_ID__func__own_hit__8", 40, 4 },
		/* A module registers its own functions. */
		{ whole ? "__BTF_ID__func__own_hit__9" :
			  "__BTF_ID__func__task_put__9", 48, 4 },
		{ NULL, 0, 0 }
	};
	uint32_t words[14] = { [9] = 1, [11] = 2, [13] = 3 };
	struct elf_build b;
	size_t ids, i;

	init(&b, form);
	for (i = 0; i < 14; i++)
		elf_build_put(&b, &words[i], 4, words[i]);
	/* As in real modules, .BTF_ids is not aligned. */
	elf_build_section(&b, ".text", SHT_PROGBITS, "x", 1);
	ids = elf_build_section(&b, ".BTF_ids", SHT_PROGBITS, words,
				sizeof(words));
	elf_build_section(&b, ".bss", SHT_NOBITS, NULL, 100);
	elf_build_symbol(&b, "init_module", 1, 0, 1);
	elf_build_symbol(&b, "absolute", SHN_ABS, 42, 0);
	for (i = 0; symbols[i].name; i++)
		elf_build_symbol(&b, symbols[i].name, ids, symbols[i].value,
				 symbols[i].size);
	if (whole)
		add_rest(&b);
	return finish(&b, form);
}

struct bytes seed_module(enum seed_form form)
{
	return module_of(form, false);
}

struct bytes seed_whole_module(enum seed_form form)
{
	return module_of(form, true);
}
