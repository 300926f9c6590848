#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# A few random kills. "make soak" makes more of them.

exec sh "${0%/*}/kills.sh" 12 1
