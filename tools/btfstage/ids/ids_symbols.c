// SPDX-License-Identifier: GPL-2.0-only
/*
 * The names of the symbols that point into .BTF_ids describe its contents (see
 * include/linux/btf_ids.h of a kernel tree):
 *
 *	__BTF_ID__<kind>__<name>__<unique>	kind: func, struct, union,
 *						typedef
 *		one word, the id of the type of that kind and name
 *
 *	__BTF_ID__set__<name>			count, id, id, ...
 *	__BTF_ID__set8__<name>			count, flags, id, flags, ...
 *		The symbol's size is that of the set and gives the count. The ids
 *		are sorted by number. Each keeps its own flags, which the compiler
 *		wrote.
 *
 * All words are in the file's byte order. A linked module has the section at
 * any offset, odd ones included.
 */
#include <stdlib.h>
#include <string.h>

#include "ids_symbols.h"

#define IDS_SECTION	".BTF_ids"
#define IDS_PREFIX	"__BTF_ID__"

/*
 * Far more than the kernel accepts (KSYM_NAME_LEN). Names in a file can
 * overlap: without a limit, comparing them all can take very long.
 */
#define MAX_SYMBOL	4096

static const struct ids_kind ids_kinds[] = {
	{ "func__", .kind = BTF_KIND_FUNC },
	{ "struct__", .kind = BTF_KIND_STRUCT },
	{ "union__", .kind = BTF_KIND_UNION },
	{ "typedef__", .kind = BTF_KIND_TYPEDEF },
	{ "set__", .set = IDS_WORD },
	{ "set8__", .set = 2 * IDS_WORD },
	{ .prefix = NULL }
};

static const struct ids_kind *kind_by_prefix(const char *name)
{
	const struct ids_kind *kind;

	for (kind = ids_kinds; kind->prefix; kind++) {
		if (!strncmp(name, kind->prefix, strlen(kind->prefix)))
			return kind;
	}
	return NULL;
}

/*
 * Length of "a__b" in "a__b__123", 0 if the name does not have this form. The
 * suffix that makes a symbol unique has no underscore: __COUNTER__, and later
 * also __LINE__.
 */
static size_t unique_strip(const char *name)
{
	const char *end = strrchr(name, '_');

	if (!end || end == name || end[-1] != '_')
		return 0;
	return end - 1 - name;
}

static int symbol_parse(const struct ids_symbols *ids, const char *symbol,
			const GElf_Sym *sym, struct ids_symbol *s,
			struct err *err)
{
	const char *path = ids->ef->in->path;
	uint64_t base = 0;

	s->symbol = symbol;
	if (strnlen(symbol, MAX_SYMBOL) == MAX_SYMBOL)
		return err_set(err, path, "symbol %.500s... is too long",
			       symbol);
	symbol += strlen(IDS_PREFIX);
	s->kind = kind_by_prefix(symbol);
	if (!s->kind)
		return err_set(err, path, "symbol %.500s has an unknown kind",
			       s->symbol);

	s->name = symbol + strlen(s->kind->prefix);
	s->len = s->kind->set ? strlen(s->name) : unique_strip(s->name);
	if (!s->len)
		return err_set(err, path, "symbol %.500s has a malformed name",
			       s->symbol);

	s->size = IDS_WORD;
	if (s->kind->set) {
		/* The first element holds the count. */
		s->size = sym->st_size - sym->st_size % s->kind->set;
		if (!s->size)
			return err_set(err, path,
				       "symbol %.500s has an invalid size (%ju)",
				       s->symbol, (uintmax_t)sym->st_size);
	}

	if (ids->ef->ehdr.e_type != ET_REL)
		base = ids->sec.shdr.sh_addr;
	s->offset = sym->st_value - base;
	if (sym->st_value < base || s->offset > ids->sec.size ||
	    s->size > ids->sec.size - s->offset)
		return err_set(err, path,
			       "symbol %.500s lies outside .BTF_ids (value 0x%jx, size 0x%jx)",
			       s->symbol, (uintmax_t)sym->st_value,
			       (uintmax_t)s->size);
	return 0;
}

static int ids_add(struct ids_symbols *ids, const char *symbol,
		   const GElf_Sym *sym, struct err *err)
{
	if (strncmp(symbol, IDS_PREFIX, strlen(IDS_PREFIX)))
		return 0;

	if (ids->nr == ids->max) {
		size_t max = ids->max ? 2 * ids->max : 64;
		struct ids_symbol *symbols;

		symbols = reallocarray(ids->symbols, max, sizeof(*symbols));
		if (!symbols)
			return err_no_memory(err, ids->ef->in->path);
		ids->symbols = symbols;
		ids->max = max;
	}
	if (symbol_parse(ids, symbol, sym, &ids->symbols[ids->nr], err))
		return -1;
	ids->nr++;
	return 0;
}

static int ids_collect(struct ids_symbols *ids, struct err *err)
{
	const struct elf_file *ef = ids->ef;
	struct elf_symbols table;
	size_t shndx, i;
	GElf_Sym sym;

	if (elf_symbols_open(&table, ef, err) < 0)
		return -1;
	for (i = 1; i < table.nr; i++) {
		const char *name;

		if (elf_symbols_get(&table, i, &sym, &shndx, err))
			return -1;
		if (shndx != ids->sec.index)
			continue;
		name = elf_strptr(ef->elf, table.names, sym.st_name);
		if (!name)
			return err_set(err, ef->in->path,
				       "name of symbol %zu lies outside the symbol name table (offset 0x%x)",
				       i, sym.st_name);
		if (ids_add(ids, name, &sym, err))
			return -1;
	}
	return 0;
}

static int cmp_number(uint64_t a, uint64_t b)
{
	return (a > b) - (a < b);
}

int ids_symbol_cmp_name(const struct ids_symbol *a, const struct ids_symbol *b)
{
	int cmp = memcmp(a->name, b->name, a->len < b->len ? a->len : b->len);

	return cmp ? cmp : cmp_number(a->len, b->len);
}

int ids_symbol_cmp(const void *pa, const void *pb)
{
	const struct ids_symbol *a = pa, *b = pb;
	int cmp = 0;

	if (!a->kind->set && !b->kind->set) {
		cmp = cmp_number(a->kind->kind, b->kind->kind);
		if (!cmp)
			cmp = ids_symbol_cmp_name(a, b);
	} else if (!a->kind->set || !b->kind->set) {
		return a->kind->set ? 1 : -1;
	}
	return cmp ? cmp : cmp_number(a->offset, b->offset);
}

int ids_symbols_read(struct ids_symbols *ids, const struct elf_file *ef,
		     struct err *err)
{
	int rc;

	*ids = (struct ids_symbols){ .ef = ef };
	rc = elf_file_section(ef, IDS_SECTION, &ids->sec, err);
	if (rc <= 0)
		return rc;
	if (ids_collect(ids, err)) {
		ids_symbols_free(ids);
		return -1;
	}
	if (!ids->nr)
		return 0;
	qsort(ids->symbols, ids->nr, sizeof(*ids->symbols), ids_symbol_cmp);
	while (ids->nr_ids < ids->nr && !ids->symbols[ids->nr_ids].kind->set)
		ids->nr_ids++;
	return 1;
}

uint32_t ids_word(const struct ids_symbols *ids, uint64_t offset)
{
	uint32_t word;

	elf_file_decode(ids->ef, ELF_T_WORD, ids->sec.data + offset, &word);
	return word;
}

void ids_symbols_free(struct ids_symbols *ids)
{
	free(ids->symbols);
	ids->symbols = NULL;
}
