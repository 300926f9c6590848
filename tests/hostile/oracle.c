// SPDX-License-Identifier: GPL-2.0-only
#include <byteswap.h>
#include <endian.h>
#include <gelf.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "oracle.h"

/* Of the prepared base, as base.h describes it. */
#define BASE_WORD_FLAGS		6
#define BASE_WORD_NR_TYPES	7
#define BASE_WORD_PARTS		8
#define BASE_NR_PARTS		11

static uint32_t word_at(struct bytes b, size_t nr)
{
	uint32_t word;

	memcpy(&word, b.data + 4 * nr, sizeof(word));
	return word;
}

static uint32_t get32(const uint8_t *p, bool swapped)
{
	uint32_t word;

	memcpy(&word, p, sizeof(word));
	return swapped ? bswap_32(word) : word;
}

/*
 * By kind: 'v' a value, 's' a string, 't' a type; words after a '*' are repeated vlen
 * times.
 */
static const char *const layouts[] = {
	NULL, "vv", "t", "vttv", "v*stv", "v*stv", "v*sv", "v", "t", "t", "t",
	"t", "t", "t*st", "tv", "v*tvv", "v", "tv", "t", "v*svv",
};

/* The parts of BTF, wherever its header says they are. */
struct parts {
	bool swapped;
	const uint8_t *types;
	const char *strs;
	uint32_t types_len, strs_len;
	uint32_t nr_types;	/* set by check_parts() */
};

static const char *find_parts(struct bytes btf, bool swapped, struct parts *parts)
{
	uint32_t hdr_len, type_off, str_off;

	if (btf.size < 24)
		return "BTF: no header";
	hdr_len = get32(btf.data + 4, swapped);
	type_off = get32(btf.data + 8, swapped);
	str_off = get32(btf.data + 16, swapped);
	*parts = (struct parts){
		.swapped = swapped,
		.types_len = get32(btf.data + 12, swapped),
		.strs_len = get32(btf.data + 20, swapped),
	};
	if (get32(btf.data, swapped) != (swapped ? 0xeb9f0100 : 0x0001eb9f))
		return "BTF: magic";
	if (hdr_len < 24 ||
	    (uint64_t)hdr_len + type_off + parts->types_len > btf.size ||
	    (uint64_t)hdr_len + str_off + parts->strs_len > btf.size)
		return "BTF: sections";
	parts->types = btf.data + hdr_len + type_off;
	parts->strs = (const char *)btf.data + hdr_len + str_off;
	if (parts->strs_len &&
	    btf.data[hdr_len + str_off + parts->strs_len - 1])
		return "BTF: last string does not end";
	return NULL;
}

static const char *name_at(const struct parts *parts, uint32_t off,
			   uint32_t base_strs, const char *strs)
{
	return off < base_strs ? strs + off : parts->strs + (off - base_strs);
}

/* On @nr_base types and @base_strs bytes of strings. @sorted: these, or NULL */
static const char *check_parts(struct parts *parts, uint32_t nr_base,
			       uint32_t base_strs, const char *sorted)
{
	const uint64_t strs_end = (uint64_t)base_strs + parts->strs_len;
	const uint8_t *types = parts->types, *end = types + parts->types_len;
	const bool swapped = parts->swapped;
	uint64_t nr_types = 0, pass;

	/* First count the types, then check them. */
	for (pass = 0; pass < 2; pass++) {
		const uint8_t *p = types;
		const char *name = "", *prev;

		while (p < end) {
			const char *l, *repeat = NULL;
			uint32_t info, kind, times;

			if (end - p < 12)
				return "BTF: part of a type";
			info = get32(p + 4, swapped);
			kind = info >> 24 & 127;
			if (!kind || kind > 19)
				return "BTF: kind";
			if (get32(p, swapped) >= strs_end)
				return "BTF: name";
			if (sorted) {
				prev = name;
				name = name_at(parts, get32(p, swapped),
					       base_strs, sorted);
				if (strcmp(prev, name) > 0)
					return "BTF: order";
			}
			times = info & 0xffffff;
			p += 8;
			for (l = layouts[kind]; ; l++) {
				if (*l == '*') {
					if (!times)
						break;
					repeat = ++l;
				}
				if (!*l) {
					if (!repeat || !--times)
						break;
					l = repeat;
				}
				if (end - p < 4)
					return "BTF: tail";
				if (*l == 's' && get32(p, swapped) >= strs_end)
					return "BTF: name in tail";
				if (pass && *l == 't' &&
				    get32(p, swapped) > nr_base + nr_types)
					return "BTF: reference";
				p += 4;
			}
			nr_types += !pass;
		}
	}
	parts->nr_types = nr_types;
	return NULL;
}

const char *oracle_split_btf(struct bytes btf, bool swapped, uint32_t nr_base,
			     uint32_t base_strs, const char *sorted)
{
	struct parts parts;
	const char *wrong = find_parts(btf, swapped, &parts);

	if (wrong)
		return wrong;
	/* As btfstage writes it. */
	if (get32(btf.data + 4, swapped) != 24 ||
	    get32(btf.data + 8, swapped) ||
	    get32(btf.data + 16, swapped) != parts.types_len ||
	    24 + (uint64_t)parts.types_len + parts.strs_len != btf.size)
		return "BTF: sections";
	return check_parts(&parts, nr_base, base_strs, sorted);
}

const char *oracle_distilled(struct bytes base, struct bytes split,
			     bool swapped)
{
	struct parts below, parts;

	return find_parts(base, swapped, &below) ?:
	       check_parts(&below, 0, 0, NULL) ?:
	       find_parts(split, swapped, &parts) ?:
	       check_parts(&parts, below.nr_types, below.strs_len, NULL);
}

static bool overlap(const GElf_Shdr *a, const GElf_Shdr *b)
{
	return a->sh_size && b->sh_size &&
	       a->sh_offset < b->sh_offset + b->sh_size &&
	       b->sh_offset < a->sh_offset + a->sh_size;
}

static const char *name_of(struct bytes file, Elf *elf, size_t strndx,
			   const GElf_Shdr *sh)
{
	GElf_Shdr strs;
	Elf_Scn *scn = elf_getscn(elf, strndx);

	if (!scn || !gelf_getshdr(scn, &strs) ||
	    sh->sh_name >= strs.sh_size)
		return "";
	return (const char *)file.data + strs.sh_offset + sh->sh_name;
}

static size_t strndx_of(Elf *elf)
{
	GElf_Ehdr eh;
	GElf_Shdr null;

	if (!gelf_getehdr(elf, &eh))
		return 0;
	if (eh.e_shstrndx != SHN_XINDEX)
		return eh.e_shstrndx;
	if (!gelf_getshdr(elf_getscn(elf, 0), &null))
		return 0;
	return null.sh_link;
}

static const char *compare(struct bytes in, Elf *elf_in, struct bytes out,
			   Elf *elf_out, GElf_Shdr *btf)
{
	size_t nr_in, nr_out, names, ids = 0, i;
	GElf_Shdr a, b;

	if (elf_getshdrnum(elf_in, &nr_in) || elf_getshdrnum(elf_out, &nr_out))
		return "ELF: no sections";
	if (nr_out != nr_in + 1)
		return "ELF: not one section more";
	names = strndx_of(elf_in);
	if (names != strndx_of(elf_out))
		return "ELF: other section names";
	if (!gelf_getshdr(elf_getscn(elf_out, nr_in), btf) ||
	    strcmp(name_of(out, elf_out, names, btf), ".BTF"))
		return "ELF: the last section is not .BTF";
	if (btf->sh_offset > out.size ||
	    btf->sh_size > out.size - btf->sh_offset)
		return "ELF: .BTF outside";

	for (i = 1; i < nr_in; i++) {
		gelf_getshdr(elf_getscn(elf_in, i), &a);
		if (!strcmp(name_of(in, elf_in, names, &a), ".BTF_ids") &&
		    a.sh_type != SHT_NOBITS)
			ids = i;
	}
	for (i = 1; i < nr_in; i++) {
		if (!gelf_getshdr(elf_getscn(elf_in, i), &a) ||
		    !gelf_getshdr(elf_getscn(elf_out, i), &b))
			return "ELF: section header";
		if (a.sh_type == SHT_NULL || a.sh_type == SHT_NOBITS ||
		    (!a.sh_size && i != names)) {
			if (memcmp(&a, &b, sizeof(a)))
				return "ELF: header of an empty section";
			continue;
		}
		if (overlap(&b, btf))
			return "ELF: .BTF overlaps a section";
		if (strcmp(name_of(in, elf_in, names, &a),
			   name_of(out, elf_out, names, &b)))
			return "ELF: name of a section";
		if (i == ids)
			continue;
		if (memcmp(in.data + a.sh_offset, out.data + b.sh_offset,
			   a.sh_size))
			return "ELF: bytes of a section";
		if (i != names && memcmp(&a, &b, sizeof(a)))
			return "ELF: header of a section";
	}
	return NULL;
}

const char *oracle_added_btf(struct bytes in, struct bytes out,
			     struct bytes *btf)
{
	const char *wrong = "ELF: cannot be read";
	Elf *elf_in, *elf_out;
	GElf_Shdr sh;

	elf_version(EV_CURRENT);
	elf_in = elf_memory((char *)in.data, in.size);
	elf_out = elf_memory((char *)out.data, out.size);
	if (elf_in && elf_out)
		wrong = compare(in, elf_in, out, elf_out, &sh);
	elf_end(elf_in);
	elf_end(elf_out);
	if (!wrong)
		*btf = (struct bytes){ out.data + sh.sh_offset, sh.sh_size };
	return wrong;
}

const char *oracle_module(struct bytes in, struct bytes out,
			  struct bytes base)
{
	const char *wrong, *strs;
	struct bytes btf;

	wrong = oracle_added_btf(in, out, &btf);
	if (wrong)
		return wrong;
	strs = (const char *)base.data + word_at(base, BASE_WORD_PARTS + 2);
	return oracle_split_btf(btf, word_at(base, BASE_WORD_FLAGS) & 1,
				word_at(base, BASE_WORD_NR_TYPES),
				word_at(base, BASE_WORD_PARTS + 3),
				word_at(base, BASE_WORD_FLAGS) & 2 ? strs :
								     NULL);
}

/* The only section @name. 0: there is none, -1: the file is not that simple. */
static int only_section(struct bytes file, Elf *elf, const char *name,
			struct bytes *section)
{
	size_t nr, names = strndx_of(elf), i;
	int found = 0;

	if (elf_getshdrnum(elf, &nr))
		return -1;
	for (i = 1; i < nr; i++) {
		GElf_Shdr sh;

		if (!gelf_getshdr(elf_getscn(elf, i), &sh))
			return -1;
		if (strcmp(name_of(file, elf, names, &sh), name))
			continue;
		if (found++ || sh.sh_type == SHT_NOBITS || !sh.sh_size ||
		    sh.sh_offset > file.size ||
		    sh.sh_size > file.size - sh.sh_offset)
			return -1;
		*section = (struct bytes){ file.data + sh.sh_offset,
					   sh.sh_size };
	}
	return found;
}

const char *oracle_good_module(struct bytes module, struct bytes base)
{
	bool swapped = word_at(base, BASE_WORD_FLAGS) & 1;
	struct bytes btf, distilled;
	const char *wrong = NULL;
	struct parts parts;
	int has_distilled;
	Elf *elf;

	elf_version(EV_CURRENT);
	elf = elf_memory((char *)module.data, module.size);
	if (!elf)
		return "ELF: cannot be read";
	has_distilled = only_section(module, elf, ".BTF.base", &distilled);
	if (has_distilled < 0 ||
	    only_section(module, elf, ".BTF", &btf) != 1)
		goto out_end;
	if (has_distilled)
		wrong = oracle_distilled(distilled, btf, swapped);
	else
		wrong = find_parts(btf, swapped, &parts) ?:
			check_parts(&parts, word_at(base, BASE_WORD_NR_TYPES),
				    word_at(base, BASE_WORD_PARTS + 3), NULL);

out_end:
	elf_end(elf);
	return wrong;
}

const char *oracle_base(struct bytes base)
{
	size_t i;

	if (base.size < 4 * (BASE_WORD_PARTS + 2 * BASE_NR_PARTS) ||
	    memcmp(base.data, "BTFBASE\n", 8))
		return "base: header";
	for (i = 0; i < BASE_NR_PARTS; i++) {
		uint64_t off = word_at(base, BASE_WORD_PARTS + 2 * i);
		uint64_t len = word_at(base, BASE_WORD_PARTS + 2 * i + 1);

		if (off + len > base.size || off % 8)
			return "base: part";
	}
	return NULL;
}
