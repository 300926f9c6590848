// SPDX-License-Identifier: GPL-2.0-only
#include <bpf/btf.h>
#include <bpf/libbpf.h>
#include <errno.h>
#include <stdbool.h>
#include <sys/mman.h>
#include <unistd.h>

#include "c_dump.h"

struct dump {
	const char *path;
	struct btf *base;
	struct btf *own;
	struct btf_dump *dump;
	FILE *f;
	bool quiet;
	struct err *err;
};

static void __printf(2, 0) put(void *arg, const char *fmt, va_list args)
{
	struct dump *d = arg;

	if (!d->quiet)
		vfprintf(d->f, fmt, args);
}

/* libbpf sets errno when it returns NULL or less than 0. */
static int refused(const struct dump *d, const char *what)
{
	return err_set(d->err, d->path, "libbpf cannot read %s:", what);
}

static int put_function(struct dump *d, __u32 id)
{
	const struct btf_type *func = btf__type_by_id(d->own, id);
	LIBBPF_OPTS(btf_dump_emit_type_decl_opts, opts,
		    .field_name = btf__name_by_offset(d->own, func->name_off));

	if (btf_vlen(func) == BTF_FUNC_STATIC)
		fputs("static ", d->f);
	if (btf_dump__emit_type_decl(d->dump, func->type, &opts))
		return refused(d, "the prototype of a function");
	fputs(";\n", d->f);
	return 0;
}

/* Types are written once: discard those of the base first. */
static int put_types(struct dump *d, __u32 from, __u32 to)
{
	__u32 id;

	for (id = from; id < to; id++)
		if (btf_dump__dump_type(d->dump, id))
			return refused(d, "a type");
	return 0;
}

static int put_all(struct dump *d)
{
	__u32 first = d->base ? btf__type_cnt(d->base) : 1;
	__u32 end = btf__type_cnt(d->own), id;

	d->quiet = true;
	if (put_types(d, 1, first))
		return -1;
	d->quiet = false;
	if (put_types(d, first, end))
		return -1;
	for (id = first; id < end; id++)
		if (btf_is_func(btf__type_by_id(d->own, id)) &&
		    put_function(d, id))
			return -1;
	return 0;
}

/*
 * libbpf before 1.6 declares btf__new_split(), and does not export it. It reads
 * files.
 */
static struct btf *new_split(const struct c_btf *own, struct btf *base)
{
	struct btf *btf = NULL;
	char path[40];
	int fd;

	fd = memfd_create("BTF", MFD_CLOEXEC);
	if (fd < 0)
		return NULL;
	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	if (write(fd, own->data, own->size) == (ssize_t)own->size)
		btf = btf__parse_split(path, base);
	close(fd);
	return btf;
}

static int dump_open(struct dump *d, const struct c_btf *base,
		     const struct c_btf *own)
{
	if (base->size) {
		d->base = btf__new(base->data, base->size);
		if (!d->base)
			return refused(d, "the types of the base");
	}
	d->own = new_split(own, d->base);
	if (!d->own)
		return refused(d, "the types");
	d->dump = btf_dump__new(d->own, put, d, NULL);
	return d->dump ? 0 : refused(d, "the names of the types");
}

int c_dump(const char *path, const struct c_btf *base, const struct c_btf *own,
	   FILE *f, struct err *err)
{
	struct dump d = { .path = path, .f = f, .err = err };
	int ret = -1;

	libbpf_set_strict_mode(LIBBPF_STRICT_ALL);
	libbpf_set_print(NULL);
	if (!dump_open(&d, base, own))
		ret = put_all(&d);
	btf_dump__free(d.dump);
	btf__free(d.own);
	btf__free(d.base);
	return ret;
}
