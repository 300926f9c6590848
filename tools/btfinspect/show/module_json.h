/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef BTFSTAGE_MODULE_JSON_H
#define BTFSTAGE_MODULE_JSON_H

#include <stdio.h>

#include "module_info.h"

/* What is known of a module, as the members of a JSON object without braces. */
void module_json_fields(const struct module_info *info, FILE *f);

#endif
