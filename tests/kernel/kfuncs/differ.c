// SPDX-License-Identifier: GPL-2.0-only
#define OTHER_FLAGS 0
#include "same.c"
