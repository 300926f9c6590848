# SPDX-License-Identifier: GPL-2.0-only
#
# The table for people, and for docs/speed.md, from BUILD/bench/ko.tsv

{
	v[$1] = $2
}

function cost(command, text)
{
	printf "| %-34s | %8.2f | %7.2f .. %-7.2f | %6.1f | %6.1f |\n", text,
		v[command "_ms"], v[command "_ms_min"], v[command "_ms_max"],
		v[command "_rss_kib"] / 1024, v[command "_own_kib"] / 1024
}

function target(text, value, range, limit, met)
{
	printf "| %-34s | %10s | %-16s | %-9s | %-6s |\n", text, value, range,
		limit, met ? "met" : "missed"
}

function ratio(text, name, sign, limit)
{
	target(text, sprintf("%.2f", v[name]),
	       sprintf("%.2f .. %.2f", v[name "_min"], v[name "_max"]),
	       sign " " limit,
	       sign == ">=" ? v[name] >= limit : v[name] <= limit)
}

function base(text, name, limit)
{
	target(text, sprintf("%.1f ms", v[name "_ms"]),
	       sprintf("%.1f .. %.1f", v[name "_ms_min"], v[name "_ms_max"]),
	       "<= " limit " ms", v[name "_ms"] <= limit)
}

# The limit is 16 MiB, or 3 times the module's types.
function memory(text, name)
{
	target(text, sprintf("%.1f MiB", v[name "_kib"] / 1024), "",
	       sprintf("<= %.0f MiB", v[name "_limit_kib"] / 1024),
	       v[name "_kib"] <= v[name "_limit_kib"])
}

END {
	stock = "pahole --btf_base + resolve_btfids"
	if (v["gen_btf"])
		stock = "scripts/gen-btf.sh"
	printf "%d modules (mean size %d KiB), seed %d, %d rounds, %s, pahole %s\n\n",
		v["nr_modules"], v["module_mean_kib"], v["seed"], v["rounds"],
		v["cpu"], v["pahole"]
	print "| one process | CPU, ms | rounds | max RSS, MiB | own, MiB |"
	print "|---|---|---|---|---|"
	cost("stock", stock)
	cost("encode", "pahole --btf_encode_detached")
	cost("ko", "btfstage ko")
	cost("cp", "cp")
	cost("base", "btfstage base")
	cost("again", "btfstage base, nothing to do")
	print ""
	print "| | measured | rounds | target | |"
	print "|---|---|---|---|---|"
	ratio("stock / ko", "ratio_stock_ko", ">=", 25)
	ratio("ko / cp", "ratio_ko_cp", "<=", 1.5)
	ratio("stock / (encode + ko)", "ratio_stock_ours", ">=", 4.5)
	memory("ko, own memory", "limit_own")
	memory("ko, max RSS", "limit_rss")
	base("base", "base", 250)
	base("base, nothing to do", "again", 5)
}
