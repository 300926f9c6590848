// SPDX-License-Identifier: GPL-2.0-only
/*
 * Find the kernel in a boot image
 *
 * A bzImage of x86 (Documentation/arch/x86/boot.rst) is a boot sector, setup
 * code of some more sectors, and code that unpacks the payload, which is a
 * vmlinux without symbols:
 *
 *	0x1f1	number of setup sectors, a byte; 0 means 4
 *	0x1fe	0xaa55
 *	0x202	"HdrS"
 *	0x206	version of this header; the payload needs 2.08
 *	0x20e	0x200 before the kernel's version, a string
 *	0x248	offset and
 *	0x24c	length of the payload, after the sectors of boot and setup
 *
 * An EFI zboot image (drivers/firmware/efi/libstub/zboot-header.S), of arm64
 * and others, is a program of EFI that unpacks a payload, which is an Image:
 *
 *	0x00	"MZ", two zero bytes, "zimg"
 *	0x08	offset and
 *	0x0c	length of the payload, without the length that may follow it
 *
 * An Image (Documentation/arch/arm64/booting.rst) is the kernel as it is in
 * memory, and has no section headers; Image.gz and the like are that,
 * compressed.
 *
 * All numbers are little-endian.
 */
#include <endian.h>
#include <string.h>

#include "../unpack/unpack.h"
#include "image.h"

/* The compressed part of an image */
struct payload {
	uint64_t offset;
	uint64_t size;
};

#define SECTOR	512

static uint32_t read32(const struct file_in *in, size_t offset)
{
	uint32_t word;

	memcpy(&word, in->data + offset, sizeof(word));
	return le32toh(word);
}

static uint16_t read16(const struct file_in *in, size_t offset)
{
	return in->data[offset] | in->data[offset + 1] << 8;
}

static bool has(const struct file_in *in, size_t offset, const char *magic,
		size_t len)
{
	const uint8_t *bytes = file_in_bytes(in, offset, len);

	return bytes && !memcmp(bytes, magic, len);
}

static int check_release(const char *path, const char *found,
			 const char *release, struct err *err)
{
	if (!release || !strcmp(found, release))
		return 0;
	return err_set(err, path, "is of kernel %s, not of %s", found, release);
}

/* ------------------------------------------------------------------------
 * bzImage
 */

static bool is_bzimage(const struct file_in *in)
{
	return in->size >= 0x250 && has(in, 0x1fe, "\x55\xaa", 2) &&
	       has(in, 0x202, "HdrS", 4);
}

/* "6.1.0-56-amd64 (builder) #1 SMP ..." */
static int bzimage_release(const struct file_in *in, size_t setup,
			   const char *release, struct err *err)
{
	char found[KERNEL_RELEASE_SIZE];
	size_t at = read16(in, 0x20e), len = 0;
	const uint8_t *bytes;

	if (!at || !release)
		return 0;
	at += SECTOR;
	while (at + len < setup && len < sizeof(found) &&
	       (bytes = file_in_bytes(in, at + len, 1)) && *bytes > ' ')
		len++;
	if (!len || len == sizeof(found))
		return err_set(err, in->path,
			       "has no kernel release (offset 0x%zx)",
			       at);
	memcpy(found, in->data + at, len);
	found[len] = '\0';
	return check_release(in->path, found, release, err);
}

static int bzimage_payload(const struct file_in *in, const char *release,
			   struct payload *payload, struct err *err)
{
	uint16_t version = read16(in, 0x206);
	unsigned int sectors = in->data[0x1f1];
	size_t setup = ((sectors ? sectors : 4) + 1) * SECTOR;

	if (version < 0x208)
		return err_set(err, in->path,
			       "boot protocol %u.%02u does not say where the kernel is",
			       version >> 8, version & 0xff);
	*payload = (struct payload){
		.offset = setup + (uint64_t)read32(in, 0x248),
		.size = read32(in, 0x24c),
	};
	return bzimage_release(in, setup, release, err);
}

/* ------------------------------------------------------------------------
 * EFI zboot
 */

static bool is_zboot(const struct file_in *in)
{
	return in->size >= 0x40 && has(in, 0, "MZ\0\0zimg", 8);
}

static void zboot_payload(const struct file_in *in, struct payload *payload)
{
	*payload = (struct payload){
		.offset = read32(in, 8),
		.size = read32(in, 12),
	};
}

static int unpack_payload(struct file_in *in, const struct payload *payload,
			  struct err *err)
{
	const uint8_t *data = file_in_bytes(in, payload->offset, payload->size);
	const struct coder *coder;

	if (!data)
		return err_set(err, in->path,
			       "kernel lies outside the image (offset 0x%jx, size 0x%jx)",
			       (uintmax_t)payload->offset,
			       (uintmax_t)payload->size);
	coder = unpack_find(data, payload->size);
	if (!coder)
		return err_set(err, in->path,
			       "kernel is compressed, but not with gzip, xz, zstd or lz4 (offset 0x%jx)",
			       (uintmax_t)payload->offset);
	return unpack_part(in, coder, data, payload->size, err);
}

int image_release(const struct file_in *in, char release[KERNEL_RELEASE_SIZE],
		  struct err *err)
{
	int ret = kernel_release(in, release, err);

	return ret ? ret : kernel_banner(in->data, in->size, release);
}

/* Check the release of the kernel inside. */
static int check_kernel(const struct file_in *in, const char *release,
			struct err *err)
{
	char found[KERNEL_RELEASE_SIZE];
	int ret;

	if (!release)
		return 0;
	ret = image_release(in, found, err);
	if (ret <= 0)
		return ret;
	return check_release(in->path, found, release, err);
}

int image_unpack(struct file_in *in, const char *release, struct err *err)
{
	struct payload payload;

	if (unpack_file(in, err))
		return -1;
	if (is_bzimage(in)) {
		if (bzimage_payload(in, release, &payload, err) ||
		    unpack_payload(in, &payload, err))
			return -1;
	} else if (is_zboot(in)) {
		zboot_payload(in, &payload);
		if (unpack_payload(in, &payload, err))
			return -1;
	}
	return check_kernel(in, release, err);
}
