#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# Run a benchmark by name: "make bench BENCH=NAME"

dir=${0%/*}
case $1 in
ko | growth | noop | vmlinux | debian | docs)
	exec "$dir/$1.sh"
	;;
esac
echo "bench.sh: BENCH=$1: has to be ko, growth, noop, vmlinux, debian or docs" >&2
exit 2
