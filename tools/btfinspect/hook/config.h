/* SPDX-License-Identifier: GPL-2.0-only */
/* The installed configuration of a kernel. */
#ifndef BTFINSPECT_CONFIG_H
#define BTFINSPECT_CONFIG_H

#include <stdbool.h>

/*
 * True if the file @path says that @option is on (y), or that it is off.
 * Without the file, neither is known.
 */
bool config_has(const char *path, const char *option, bool on);

#endif
