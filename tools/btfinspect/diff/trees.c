// SPDX-License-Identifier: GPL-2.0-only
#include <stdlib.h>
#include <string.h>

#include "diff.h"
#include "trees.h"

/* ------------------------------------------------------------------------
 * Pairs
 */

struct keyed {
	char *name;
	const char *path;
};

/* The kernel's name: foo_bar for kernel/foo-bar.ko.xz */
static char *module_name(const char *path)
{
	const char *slash = strrchr(path, '/'), *start = slash ? slash + 1 : path;
	const char *end = strstr(start, ".ko");
	char *name, *s;

	name = strndup(start, end ? (size_t)(end - start) : strlen(start));
	for (s = name; s && *s; s++) {
		if (*s == '-')
			*s = '_';
	}
	return name;
}

/* Modules of one name, as in kernel/ and updates/: by path. */
static int cmp_keyed(const void *pa, const void *pb)
{
	const struct keyed *a = pa, *b = pb;
	int cmp = strcmp(a->name, b->name);

	return cmp ? cmp : strcmp(a->path, b->path);
}

static void keyed_free(struct keyed *list, size_t nr)
{
	size_t i;

	for (i = 0; list && i < nr; i++)
		free(list[i].name);
	free(list);
}

static struct keyed *keyed_make(const struct check_list *from)
{
	struct keyed *list = calloc(from->nr + 1, sizeof(*list));
	size_t i;

	for (i = 0; list && i < from->nr; i++) {
		list[i].path = from->paths[i];
		list[i].name = module_name(from->paths[i]);
		if (!list[i].name) {
			keyed_free(list, i);
			return NULL;
		}
	}
	if (list)
		qsort(list, from->nr, sizeof(*list), cmp_keyed);
	return list;
}

static int pair(struct trees *t, struct keyed *old, struct keyed *new)
{
	size_t i = 0, j = 0;

	t->pairs = calloc(t->old.nr + t->new.nr + 1, sizeof(*t->pairs));
	if (!t->pairs)
		return -1;
	while (i < t->old.nr || j < t->new.nr) {
		struct module_pair *p = &t->pairs[t->nr++];
		int cmp;

		if (i == t->old.nr)
			cmp = 1;
		else if (j == t->new.nr)
			cmp = -1;
		else
			cmp = strcmp(old[i].name, new[j].name);
		/* The pair owns the name now. */
		p->name = cmp <= 0 ? old[i].name : new[j].name;
		if (cmp <= 0) {
			p->old = old[i].path;
			old[i++].name = NULL;
		}
		if (cmp >= 0) {
			p->new = new[j].path;
			if (cmp > 0)
				new[j].name = NULL;
			j++;
		}
	}
	return 0;
}

static int make_pairs(struct trees *t, struct err *err)
{
	struct keyed *old, *new;
	int ret = -1;

	if (check_list_add(&t->old, t->old_dir, stdin, err) ||
	    check_list_add(&t->new, t->new_dir, stdin, err))
		return -1;
	old = keyed_make(&t->old);
	new = keyed_make(&t->new);
	if (old && new)
		ret = pair(t, old, new);
	keyed_free(old, t->old.nr);
	keyed_free(new, t->new.nr);
	return ret ? err_no_memory(err, t->new_dir) : 0;
}

/* ------------------------------------------------------------------------
 * One of them
 */

static int write_diff(const struct trees *t, const struct compare *c, FILE *f,
		      struct err *err)
{
	if (t->json)
		return diff_json(c, f, err);
	return t->brief ? 0 : diff_text(c, "    ", false, f, err);
}

static int compare_types(struct trees *t, struct module_pair *p,
			 const struct side *old, const struct side *new,
			 struct err *err)
{
	struct compare c;
	FILE *f;
	int ret;

	ret = compare_sides(&c, old, new, t->names, t->nr_names, err);
	if (!ret && c.nr) {
		p->differs = true;
		f = membuf_open(&p->text);
		ret = f ? write_diff(t, &c, f, err) : -1;
		if (f && membuf_close(&p->text, f))
			ret = -1;
		if (ret)
			err_no_memory(err, p->new);
	}
	compare_free(&c);
	return ret;
}

/* Report a module that cannot be read, and go on with the others. */
static int unreadable(struct module_pair *p, const struct err *err)
{
	p->unreadable = strdup(err->msg);
	return p->unreadable ? 0 : -1;
}

static int compare_pair(struct trees *t, struct module_pair *p,
			struct err *err)
{
	struct side old, new;
	int a, b, ret = 0;

	a = side_open(&old, p->old, t->kernels->old, err);
	if (a < 0) {
		side_close(&old);
		return unreadable(p, err);
	}
	b = side_open(&new, p->new, t->kernels->new, err);
	if (b < 0) {
		ret = unreadable(p, err);
	} else {
		p->old_btf = a;
		p->new_btf = b;
		p->differs = a != b;
		p->fits = FITS_NO_BTF;
		if (a)
			ret = fits_find(t->kernels, &old, &p->fits, &p->why,
					err);
		if (a && b && !ret)
			ret = compare_types(t, p, &old, &new, err);
	}
	side_close(&new);
	side_close(&old);
	return ret;
}

int trees_compare(struct trees *t, struct err *err)
{
	size_t i;

	if (make_pairs(t, err))
		return -1;
	for (i = 0; i < t->nr; i++) {
		struct module_pair *p = &t->pairs[i];

		t->nr_new += !p->old;
		t->nr_gone += !p->new;
		if (!p->old || !p->new)
			continue;
		if (compare_pair(t, p, err))
			return -1;
		if (p->unreadable)
			t->nr_unreadable++;
		else
			t->nr_fits[p->fits]++;
		t->nr_differ += p->differs;
	}
	return 0;
}

void trees_free(struct trees *t)
{
	while (t->nr) {
		struct module_pair *p = &t->pairs[--t->nr];

		free((char *)p->name);
		free(p->unreadable);
		free(p->text.data);
		free(p->why);
	}
	free(t->pairs);
	check_list_free(&t->old);
	check_list_free(&t->new);
}
