// SPDX-License-Identifier: GPL-2.0-only
#include "../text/text.h"
#include "trees.h"

/* Do not repeat for each module that the kernel differs. */
static bool none_fits(const struct trees *t)
{
	return t->nr_fits[FITS_NOT] && !t->nr_fits[FITS] &&
	       !t->nr_fits[FITS_UNKNOWN];
}

void trees_text_sums(const struct trees *t, FILE *f)
{
	size_t nr = t->nr - t->nr_new - t->nr_gone;

	fprintf(f, "modules    %zu new, %zu gone, %zu changed; ", t->nr_new,
		t->nr_gone, t->nr_differ);
	fprintf(f, "there were %zu, there are %zu\n", t->old.nr, t->new.nr);
	if (t->nr_fits[FITS_UNKNOWN] == nr - t->nr_unreadable && nr)
		fputs("           whether they fit the new kernel is not known: name both kernels\n",
		      f);
	else
		fprintf(f, "           %zu of %zu old ones fit the new kernel as they are\n",
			t->nr_fits[FITS], nr);
}

static const char *btf_change(const struct module_pair *p)
{
	if (p->old_btf == p->new_btf)
		return NULL;
	return p->new_btf ? "has BTF now" : "has no BTF any more";
}

static void put_pair(const struct module_pair *p, FILE *f)
{
	const char *btf = btf_change(p);

	fprintf(f, "%s module ", !p->old ? "+" : !p->new ? "-" : "!");
	line_put(f, p->name);
	fputs(", ", f);
	line_put(f, p->new ? p->new : p->old);
	putc('\n', f);
	if (btf)
		fprintf(f, "    %s\n", btf);
	if (p->why) {
		fputs("    the old one does not fit: ", f);
		line_put(f, p->why);
		putc('\n', f);
	}
	if (p->text.size)
		fwrite(p->text.data, 1, p->text.size, f);
}

void trees_text(const struct trees *t, FILE *f)
{
	size_t i;

	for (i = 0; i < t->nr; i++) {
		const struct module_pair *p = &t->pairs[i];

		if (!p->old || !p->new || p->differs ||
		    (p->fits == FITS_NOT && !none_fits(t)))
			put_pair(p, f);
	}
}

static void put_string(const char *key, const char *value, FILE *f)
{
	fprintf(f, ",\"%s\":", key);
	json_string(f, value);
}

void trees_json(const struct trees *t, FILE *f)
{
	const char *comma = "";
	unsigned int i;
	size_t n;

	fprintf(f, "\"modules\":{\"summary\":{\"old\":%zu,\"new\":%zu,\"added\":%zu,\"gone\":%zu",
		t->old.nr, t->new.nr, t->nr_new, t->nr_gone);
	fprintf(f, ",\"changed\":%zu,\"unreadable\":%zu,\"fits\":{",
		t->nr_differ, t->nr_unreadable);
	for (i = 0; i <= FITS_NOT; i++)
		fprintf(f, "%s\"%s\":%zu", i ? "," : "", fits_name(i),
			t->nr_fits[i]);
	fputs("}},\"list\":[", f);
	for (n = 0; n < t->nr; n++) {
		const struct module_pair *p = &t->pairs[n];

		fprintf(f, "%s\n{\"name\":", comma);
		comma = ",";
		json_string(f, p->name);
		put_string("old", p->old, f);
		put_string("new", p->new, f);
		if (p->unreadable) {
			put_string("unreadable", p->unreadable, f);
		} else if (p->old && p->new) {
			fprintf(f, ",\"is\":\"%s\",\"old_btf\":%s,\"new_btf\":%s",
				p->differs ? "changed" : "same",
				p->old_btf ? "true" : "false",
				p->new_btf ? "true" : "false");
			fprintf(f, ",\"fits\":\"%s\"", fits_name(p->fits));
			put_string("why", p->why, f);
			if (p->text.size) {
				putc(',', f);
				fwrite(p->text.data, 1, p->text.size, f);
			}
		} else {
			fprintf(f, ",\"is\":\"%s\"", p->old ? "gone" : "new");
		}
		putc('}', f);
	}
	fputs("]}", f);
}
