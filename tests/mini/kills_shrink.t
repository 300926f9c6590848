#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# A few random kills while linked modules are shrunk, and restored.

exec sh "${0%/*}/kills.sh" 12 2 KBUILD_BTF_SHRINK=1
