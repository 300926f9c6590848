/* SPDX-License-Identifier: GPL-2.0-only */
/* What is in every page: how it looks, and what it does. */
#ifndef BTFSTAGE_HTML_PAGE_H
#define BTFSTAGE_HTML_PAGE_H

extern const char html_page_style[];

/*
 * Sorts the table by the columns' heads and shows a part of it. What is sorted
 * by and shown stands behind the # of the page's address, so that it can be
 * passed on: #sort=size, #sort=-size (the other way round), #show=no-btf (a
 * status, or why there is no BTF), #find=ext4. Without scripts the table stays
 * as it was written.
 */
extern const char html_page_script[];

#endif
