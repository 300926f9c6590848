// SPDX-License-Identifier: GPL-2.0-only
#include "html_plot.h"

/* All lengths are in units of the drawing, which is as wide as the page. */
#define WIDTH		1000
#define STATUS_HEIGHT	24
#define SIZES_HEIGHT	200
#define LABEL_HEIGHT	20

/* Sizes in powers of two: below 512 bytes, below 1 KiB, .. 4 MiB and more */
#define FIRST_SHIFT	9
#define NR_CLASSES	15

static void put_svg(const char *class, int height, const char *what, FILE *f)
{
	fprintf(f, "<svg class=\"%s\" viewBox=\"0 0 %d %d\" role=\"img\"",
		class, WIDTH, height);
	fprintf(f, " aria-label=\"%s\">\n", what);
}

/* Left open, for what is inside */
static void put_rect(const char *class, double x, double y, double width,
		     double height, FILE *f)
{
	fprintf(f, "<rect class=\"%s\" x=\"%.1f\" y=\"%.1f\"", class, x, y);
	fprintf(f, " width=\"%.1f\" height=\"%.1f\">", width, height);
}

void html_plot_status(const struct overview *ov, FILE *f)
{
	double x = 0;
	unsigned int i;

	put_svg("status", STATUS_HEIGHT, "Modules by status", f);
	for (i = 0; i < NR_REPORT_STATUS; i++) {
		double width = (double)ov->nr_status[i] * WIDTH / ov->nr;
		const char *name = report_status_name(i);

		if (!ov->nr_status[i])
			continue;
		/* One module of thousands is to be seen too. */
		if (width < 3)
			width = 3;
		if (x + width > WIDTH)
			x = WIDTH - width;
		put_rect(name, x, 0, width, STATUS_HEIGHT, f);
		fprintf(f, "<title>%zu %s</title></rect>\n",
			ov->nr_status[i], name);
		x += width;
	}
	fputs("</svg>\n", f);
}

static unsigned int size_class(uint64_t size)
{
	unsigned int class = 0;

	while (class < NR_CLASSES - 1 && size >> (FIRST_SHIFT + class))
		class++;
	return class;
}

/* The upper end of a class; the last one has none, and gets its lower one. */
static void class_label(unsigned int class, char *label, size_t size)
{
	bool last = class == NR_CLASSES - 1;
	uint64_t end = 1ull << (FIRST_SHIFT + class - last);
	const char *unit = "";

	if (end >> 20) {
		end >>= 20;
		unit = " MiB";
	} else if (end >> 10) {
		end >>= 10;
		unit = " KiB";
	}
	snprintf(label, size, "%s%u%s", last ? "\342\211\245 " : "< ",
		 (unsigned int)end, unit);
}

static void put_class(unsigned int class, size_t nr, size_t nr_max, FILE *f)
{
	double width = (double)WIDTH / NR_CLASSES;
	double height = nr_max ? (double)nr * SIZES_HEIGHT / nr_max : 0;
	double x = class * width;
	char label[32];

	class_label(class, label, sizeof(label));
	/* The only one of its markup in there is the sign. */
	fprintf(f, "<g><title>%zu modules, %s%s</title>", nr,
		label[0] == '<' ? "&lt;" : "", label + (label[0] == '<'));
	put_rect("size", x + 4, LABEL_HEIGHT + SIZES_HEIGHT - height, width - 8,
		 height, f);
	fputs("</rect>", f);
	if (nr)
		fprintf(f, "<text x=\"%.1f\" y=\"%.1f\">%zu</text>",
			x + width / 2, LABEL_HEIGHT + SIZES_HEIGHT - height - 5,
			nr);
	fprintf(f, "<text class=\"axis\" x=\"%.1f\" y=\"%d\">%s%s</text></g>\n",
		x + width / 2, SIZES_HEIGHT + 2 * LABEL_HEIGHT - 4,
		label[0] == '<' ? "&lt;" : "", label + (label[0] == '<'));
}

void html_plot_sizes(const struct overview *ov, FILE *f)
{
	size_t nr[NR_CLASSES] = { 0 }, nr_max = 0, i;

	for (i = 0; i < ov->nr; i++) {
		const struct module_info *info = &ov->modules[i];
		size_t *n = &nr[size_class(info->btf.size)];

		if (info->status == REPORT_GOOD && ++*n > nr_max)
			nr_max = *n;
	}
	put_svg("sizes", SIZES_HEIGHT + 2 * LABEL_HEIGHT,
		"Modules by bytes of BTF", f);
	for (i = 0; i < NR_CLASSES; i++)
		put_class(i, nr[i], nr_max, f);
	fputs("</svg>\n", f);
}
