#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# Take a picture of the page of "btfinspect report" for README, as PNG on standard output
#
#	picture.sh BASE DIR	the modules below DIR, checked against BASE

set -e

[ $# -eq 2 ] || { echo >&2 "usage: $0 BASE DIR"; exit 2; }
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
trap 'exit 1' HUP INT PIPE TERM

"${BTFINSPECT:-${0%/*}/../../tools/btfinspect/btfinspect}" report --base "$1" \
	--html "$work/page.html" "$2" >&2
chromium-headless-shell --no-sandbox --hide-scrollbars --window-size=880,480 \
	--screenshot="$work/page.png" "file://$work/page.html" >&2
cat "$work/page.png"
