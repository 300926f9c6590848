#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# Draw a terminal with the output of demo.sh, as SVG on standard output
#
#	demo_svg.sh [DIR]	DIR is for demo.sh, which is run for this
#
# The lines before "Types of each module" are left out: the picture is about the cost of
# a change.

set -e

text=$("${0%/*}/demo.sh" "$@")

printf '%s\n' "$text" | sed -n '/^Types of each module:/,$p' | awk '
	function escape(s)
	{
		gsub(/&/, "\\&amp;", s)
		gsub(/</, "\\&lt;", s)
		gsub(/>/, "\\&gt;", s)
		return s
	}
	function put(s)
	{
		line[++nr] = s
	}
	BEGIN {
		color["LD"] = "#79c0ff"
		color["PAHOLE"] = "#e3b341"
		color["BTF"] = color["BTFBASE"] = "#7ee787"
		put("<tspan fill=\"#8b949e\">$ </tspan>make demo")
		put("<tspan fill=\"#8b949e\">...</tspan>")
	}
	# a step of the build: its name in color
	/^  / && $1 in color {
		step = substr($0, 3, 8)
		put("  <tspan fill=\"" color[$1] "\">" step "</tspan>" \
		    escape(substr($0, 11)))
		next
	}
	# a sentence
	/^[^ ]/ {
		put("<tspan fill=\"#ffffff\" font-weight=\"bold\">" escape($0) \
		    "</tspan>")
		next
	}
	{ put(escape($0)) }
	END {
		height = nr * 17 + 32
		print "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"700\"" \
		      " height=\"" height "\" font-size=\"13\"" \
		      " font-family=\"ui-monospace, Menlo, Consolas, monospace\">"
		print "<title>What make demo prints</title>"
		print "<rect width=\"700\" height=\"" height \
		      "\" rx=\"8\" fill=\"#0d1117\"/>"
		for (i = 1; i <= nr; i++)
			print "<text x=\"18\" y=\"" i * 17 + 14 \
			      "\" fill=\"#c9d1d9\" xml:space=\"preserve\">" \
			      line[i] "</text>"
		print "</svg>"
	}'
