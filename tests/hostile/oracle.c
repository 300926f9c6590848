// SPDX-License-Identifier: GPL-2.0-only
#include <byteswap.h>
#include <endian.h>
#include <gelf.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "oracle.h"

/* Of the prepared base, as base.h describes it. */
#define BASE_WORD_SWAPPED	4
#define BASE_WORD_NR_TYPES	5
#define BASE_WORD_PARTS		6
#define BASE_NR_PARTS		10

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
 * By kind: 'v' a value, 's' a string, 't' a type; what stands behind a '*' is
 * there as often as vlen says.
 */
static const char *const layouts[] = {
	NULL, "vv", "t", "vttv", "v*stv", "v*stv", "v*sv", "v", "t", "t", "t",
	"t", "t", "t*st", "tv", "v*tvv", "v", "tv", "t", "v*svv",
};

const char *oracle_split_btf(struct bytes btf, bool swapped, uint32_t nr_base,
			     uint32_t base_strs)
{
	uint32_t hdr_len, type_off, type_len, str_off, str_len;
	const uint8_t *types, *end;
	uint64_t nr_types = 0, pass;

	if (btf.size < 24)
		return "BTF: no header";
	hdr_len = get32(btf.data + 4, swapped);
	type_off = get32(btf.data + 8, swapped);
	type_len = get32(btf.data + 12, swapped);
	str_off = get32(btf.data + 16, swapped);
	str_len = get32(btf.data + 20, swapped);
	if (get32(btf.data, swapped) != (swapped ? 0xeb9f0100 : 0x0001eb9f))
		return "BTF: magic";
	if (hdr_len != 24 || type_off || str_off != type_len ||
	    24 + (uint64_t)type_len + str_len != btf.size)
		return "BTF: sections";
	types = btf.data + 24;
	end = types + type_len;
	if (str_len && end[str_len - 1])
		return "BTF: last string does not end";

	/* Once to count the types, once to look at them. */
	for (pass = 0; pass < 2; pass++) {
		const uint8_t *p = types;

		while (p < end) {
			const char *l, *repeat = NULL;
			uint32_t info, times;

			if (end - p < 12)
				return "BTF: part of a type";
			info = get32(p + 4, swapped);
			if (!(info >> 24 & 31) || (info >> 24 & 31) > 19)
				return "BTF: kind";
			if (get32(p, swapped) >= (uint64_t)base_strs + str_len)
				return "BTF: name";
			times = info & 0xffff;
			p += 8;
			for (l = layouts[info >> 24 & 31]; ; l++) {
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
				if (*l == 's' && get32(p, swapped) >=
				    (uint64_t)base_strs + str_len)
					return "BTF: name in tail";
				if (pass && *l == 't' &&
				    get32(p, swapped) > nr_base + nr_types)
					return "BTF: reference";
				p += 4;
			}
			nr_types += !pass;
		}
	}
	return NULL;
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
	const char *wrong;
	struct bytes btf;

	wrong = oracle_added_btf(in, out, &btf);
	if (wrong)
		return wrong;
	return oracle_split_btf(btf, word_at(base, BASE_WORD_SWAPPED),
				word_at(base, BASE_WORD_NR_TYPES),
				word_at(base, BASE_WORD_PARTS + 3));
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
