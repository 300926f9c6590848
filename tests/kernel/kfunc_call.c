// SPDX-License-Identifier: GPL-2.0-only
/*
 * A BPF program that calls a kfunc of a module with the argument 40, and returns its
 * result
 *
 *	kfunc_call MODULE KFUNC
 *
 * Prints the result, or why the kernel refuses the program. It runs alone in a guest,
 * so it is static, and does not use libbpf.
 */
#include <errno.h>
#include <linux/bpf.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

struct btf_header {
	uint16_t magic;
	uint8_t version, flags;
	uint32_t hdr_len, type_off, type_len, str_off, str_len;
};

struct btf_type {
	uint32_t name_off, info, type;
};

#define BTF_KIND(info)	((info) >> 24 & 0x7f)
#define BTF_VLEN(info)	((info) & 0xffffff)
#define BTF_KIND_FUNC	12

static char log[1 << 16];

static void die(const char *what)
{
	printf("%s: %s\n", what, strerror(errno));
	exit(1);
}

static int bpf(int cmd, union bpf_attr *attr)
{
	return syscall(SYS_bpf, cmd, attr, sizeof(*attr));
}

static struct btf_header *read_btf(const char *name)
{
	char path[256];
	size_t size = 1 << 24;
	void *btf = malloc(size);
	FILE *f;

	snprintf(path, sizeof(path), "/sys/kernel/btf/%s", name);
	f = fopen(path, "r");
	if (!btf || !f || fread(btf, 1, size, f) < sizeof(struct btf_header))
		die(path);
	fclose(f);
	return btf;
}

/* Size of the tail of each kind: fixed, and for each member */
static size_t type_size(const struct btf_type *t)
{
	static const uint8_t sizes[][2] = {
		[1] = { 4 }, [3] = { 12 }, [4] = { 0, 12 }, [5] = { 0, 12 },
		[6] = { 0, 8 }, [13] = { 0, 8 }, [14] = { 4 }, [15] = { 0, 12 },
		[17] = { 4 }, [19] = { 0, 12 }
	};
	uint32_t kind = BTF_KIND(t->info);

	if (kind >= sizeof(sizes) / sizeof(sizes[0]))
		return sizeof(*t);
	return sizeof(*t) + sizes[kind][0] + sizes[kind][1] * BTF_VLEN(t->info);
}

/*
 * The number of types in @btf, up to the first function that is named @name. Numbers
 * and offsets of strings count on from those of @base.
 */
static uint32_t count_types(const struct btf_header *btf,
			    const struct btf_header *base, const char *name)
{
	const char *types = (const char *)btf + btf->hdr_len + btf->type_off;
	const char *names = (const char *)btf + btf->hdr_len + btf->str_off;
	uint32_t first_name = base ? base->str_len : 0, off, nr = 0;

	for (off = 0; off < btf->type_len; nr++) {
		const struct btf_type *t = (const void *)(types + off);

		if (name && BTF_KIND(t->info) == BTF_KIND_FUNC &&
		    t->name_off >= first_name &&
		    !strcmp(names + t->name_off - first_name, name))
			return nr;
		off += type_size(t);
	}
	if (name) {
		printf("%s: not in BTF\n", name);
		exit(1);
	}
	return nr;
}

/* A descriptor of the BTF with that name */
static int open_btf(const char *name)
{
	union bpf_attr attr = { 0 };

	while (!bpf(BPF_BTF_GET_NEXT_ID, &attr)) {
		char btf_name[64] = "";
		struct bpf_btf_info info = {
			.name = (uintptr_t)btf_name, .name_len = sizeof(btf_name),
		};
		union bpf_attr by_id = { .btf_id = attr.next_id }, get = { 0 };
		int fd = bpf(BPF_BTF_GET_FD_BY_ID, &by_id);

		get.info.bpf_fd = fd;
		get.info.info_len = sizeof(info);
		get.info.info = (uintptr_t)&info;
		if (fd >= 0 && !bpf(BPF_OBJ_GET_INFO_BY_FD, &get) &&
		    !strcmp(btf_name, name))
			return fd;
		close(fd);
		attr.start_id = attr.next_id;
	}
	die(name);
	return -1;
}

int main(int argc, char **argv)
{
	struct btf_header *base, *btf;
	struct bpf_insn prog[] = {
		{ .code = BPF_ALU64 | BPF_MOV | BPF_K, .dst_reg = 1, .imm = 40 },
		{ .code = BPF_JMP | BPF_CALL, .src_reg = BPF_PSEUDO_KFUNC_CALL,
		  .off = 1 },
		{ .code = BPF_JMP | BPF_EXIT },
	};
	union bpf_attr load = { 0 }, run = { 0 };
	int fds[2] = { 0 }, fd;

	if (argc != 3)
		return 2;
	base = read_btf("vmlinux");
	btf = read_btf(argv[1]);
	prog[1].imm = 1 + count_types(base, NULL, NULL) +
		      count_types(btf, base, argv[2]);
	fds[1] = open_btf(argv[1]);

	load.prog_type = BPF_PROG_TYPE_SYSCALL;
	load.prog_flags = BPF_F_SLEEPABLE;
	load.insns = (uintptr_t)prog;
	load.insn_cnt = sizeof(prog) / sizeof(prog[0]);
	load.license = (uintptr_t)"GPL";
	load.fd_array = (uintptr_t)fds;
	load.log_buf = (uintptr_t)log;
	load.log_size = sizeof(log);
	load.log_level = 1;
	fd = bpf(BPF_PROG_LOAD, &load);
	if (fd < 0) {
		puts(log);
		die(argv[2]);
	}
	run.test.prog_fd = fd;
	if (bpf(BPF_PROG_TEST_RUN, &run))
		die(argv[2]);
	printf("%d\n", (int)run.test.retval);
	return 0;
}
