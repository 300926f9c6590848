// SPDX-License-Identifier: GPL-2.0-only
#include <elf.h>
#include <stdio.h>
#include <string.h>

#include "mutate.h"

#define WHAT_SIZE	80
#define NR_BYTE_VALUES	6
#define NR_WORD_VALUES	10

/* One of @nr choices at each of @places: pick by number, or skip all. */
static bool pick(uint64_t *left, uint64_t places, uint64_t nr, uint64_t *place,
		 uint64_t *choice)
{
	if (*left >= places * nr) {
		*left -= places * nr;
		return false;
	}
	*place = *left / nr;
	*choice = *left % nr;
	return true;
}

static uint8_t byte_value(uint8_t old, uint64_t choice)
{
	switch (choice) {
	case 0:
		return old ^ 0x01;
	case 1:
		return old ^ 0x80;
	case 2:
		return old + 1;
	case 3:
		return 0;
	case 4:
		return 0xff;
	default:
		return 0x7f;
	}
}

static uint64_t word_value(uint64_t choice, size_t size)
{
	const uint64_t values[NR_WORD_VALUES] = {
		0, 1, 0x7fffffffffffffff, 0x8000000000000000,
		0xffffffffffffffff, 0xfffffffffffffff0, size, size - 1,
		size + 1, 0x7fffffff80000000,
	};

	return values[choice];
}

/* The values' upper half is what a word of 32 or 16 bits gets, if there is. */
static void put(uint8_t *p, size_t width, uint64_t value, bool big_endian)
{
	size_t i;

	if (value > UINT32_MAX)
		value = value >> (64 - 8 * width);
	for (i = 0; i < width; i++)
		p[big_endian ? width - 1 - i : i] = value >> (8 * i);
}

static bool mutate_word(struct bytes *out, uint64_t *nr, size_t width,
			size_t step, char *what)
{
	uint64_t place, choice;

	if (out->size < width ||
	    !pick(nr, (out->size - width) / step + 1, 2 * NR_WORD_VALUES,
		  &place, &choice))
		return false;
	place *= step;
	put(out->data + place, width, word_value(choice / 2, out->size),
	    choice % 2);
	snprintf(what, WHAT_SIZE, "%zu bytes at %#jx: value %ju", width,
		 (uintmax_t)place, (uintmax_t)choice);
	return true;
}

/* Of the host's class and byte order only. */
static bool mutate_sections(struct bytes *out, uint64_t *nr, char *what)
{
	/* Part that is copied to another header: offset and size. */
	static const struct {
		size_t offset, size;
	} parts[] = {
		{ offsetof(Elf64_Shdr, sh_offset), 16 },
		{ offsetof(Elf64_Shdr, sh_offset), 8 },
		{ offsetof(Elf64_Shdr, sh_size), 8 },
		{ offsetof(Elf64_Shdr, sh_name), 4 },
		{ offsetof(Elf64_Shdr, sh_type), 4 },
		{ offsetof(Elf64_Shdr, sh_link), 8 },
		{ 0, sizeof(Elf64_Shdr) },
	};
	const size_t nr_parts = sizeof(parts) / sizeof(parts[0]);
	uint64_t place, choice;
	size_t nr_shdrs, from, to;
	uint8_t *shdrs;
	Elf64_Ehdr eh;

	if (out->size < sizeof(eh) || memcmp(out->data, ELFMAG, SELFMAG) ||
	    out->data[EI_CLASS] != ELFCLASS64 ||
	    out->data[EI_DATA] != ELFDATA2LSB)
		return false;
	memcpy(&eh, out->data, sizeof(eh));
	nr_shdrs = eh.e_shnum;
	if (!pick(nr, nr_shdrs * nr_shdrs, nr_parts, &place, &choice))
		return false;
	shdrs = out->data + eh.e_shoff;
	from = place / nr_shdrs;
	to = place % nr_shdrs;
	memmove(shdrs + to * sizeof(Elf64_Shdr) + parts[choice].offset,
		shdrs + from * sizeof(Elf64_Shdr) + parts[choice].offset,
		parts[choice].size);
	snprintf(what, WHAT_SIZE, "section %zu's part %ju to %zu's", from,
		 (uintmax_t)choice, to);
	return true;
}

bool mutate(struct bytes orig, uint64_t nr, enum mutations mutations,
	    struct bytes *out, char *what)
{
	const bool full = mutations == MUTATE_ALL;
	uint64_t place, choice;
	size_t width;

	memcpy(out->data, orig.data, orig.size);
	out->size = orig.size;

	if (nr < orig.size) {
		out->size = nr;
		snprintf(what, WHAT_SIZE, "cut to %ju bytes", (uintmax_t)nr);
		return true;
	}
	nr -= orig.size;
	if (pick(&nr, orig.size, full ? 255 : NR_BYTE_VALUES, &place,
		 &choice)) {
		uint8_t *p = &out->data[place];

		*p = full ? *p + 1 + choice : byte_value(*p, choice);
		snprintf(what, WHAT_SIZE, "byte at %#jx: %#x",
			 (uintmax_t)place, *p);
		return true;
	}
	if (mutations == MUTATE_BYTES)
		return false;
	for (width = 2; width <= 8; width *= 2)
		if (mutate_word(out, &nr, width, full ? 1 : width, what))
			return true;
	return mutate_sections(out, &nr, what);
}
