/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef BTFSTAGE_VERSION_H
#define BTFSTAGE_VERSION_H

#define BTFSTAGE_VERSION "0.2"

#endif
