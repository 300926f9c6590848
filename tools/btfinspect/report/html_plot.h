/* SPDX-License-Identifier: GPL-2.0-only */
/* The plots of the page, as SVG in it. */
#ifndef BTFSTAGE_HTML_PLOT_H
#define BTFSTAGE_HTML_PLOT_H

#include <stdio.h>

#include "overview.h"

/* How many modules have BTF and how many not, as one bar. */
void html_plot_status(const struct overview *ov, FILE *f);

/* How many modules have how many bytes of BTF. */
void html_plot_sizes(const struct overview *ov, FILE *f);

#endif
