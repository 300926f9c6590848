/* SPDX-License-Identifier: GPL-2.0-only */
/* A kernel's configuration, as it is installed beside it. */
#ifndef BTFINSPECT_CONFIG_H
#define BTFINSPECT_CONFIG_H

#include <stdbool.h>

/*
 * True when the file @path says that @option is on (y), or that it is not. Without that
 * file nothing is known of it.
 */
bool config_has(const char *path, const char *option, bool on);

#endif
