// SPDX-License-Identifier: GPL-2.0-only
/*
 * Modules without named types.
 *
 * pahole encodes no code that is not in C: assembler has no types, and Rust is left out
 * (--lang_exclude=rust). Such a module still has a .mod.c, and so a .BTF with at most
 * arrays for the strings of modinfo. The kernel accepts it, but there is no function to
 * trace and no struct to read.
 */
#include <string.h>

#include "check.h"

static const struct {
	const char *name, *text;
} nameless[NR_NAMELESS] = {
	[NAMELESS_NOT] = { "", "" },
	[NAMELESS_RUST] = { "rust",
		"its functions are in Rust, of which pahole encodes nothing" },
	[NAMELESS_NO_C] = { "no-c", "no function of it is in C" },
};

const char *nameless_text(enum nameless why)
{
	return nameless[why].text;
}

const char *nameless_name(enum nameless why)
{
	return nameless[why].name;
}

static bool has_names(const struct btf_layer *layer)
{
	uint32_t id;

	for (id = layer->first_id; id < layer_end(layer); id++) {
		if (layer_type(layer, id)->name_off)
			return true;
	}
	return false;
}

/*
 * Functions of Rust are mangled: _R, and a path of the crate and the function. What
 * of the symbols cannot be read, others complain of.
 */
static bool has_rust(const struct elf_file *ef)
{
	struct elf_symbols table;
	struct err err;
	size_t i, shndx;
	GElf_Sym sym;

	if (elf_symbols_open(&table, ef, &err) <= 0)
		return false;
	for (i = 1; i < table.nr; i++) {
		const char *name;

		if (elf_symbols_get(&table, i, &sym, &shndx, &err))
			return false;
		name = elf_strptr(ef->elf, table.names, sym.st_name);
		if (name && GELF_ST_TYPE(sym.st_info) == STT_FUNC && shndx &&
		    !strncmp(name, "_RNv", strlen("_RNv")))
			return true;
	}
	return false;
}

enum nameless check_names(const struct checked *m)
{
	if (!layer_complete(&m->btf.layer) || has_names(&m->btf.layer))
		return NAMELESS_NOT;
	return has_rust(&m->file.ef) ? NAMELESS_RUST : NAMELESS_NO_C;
}
