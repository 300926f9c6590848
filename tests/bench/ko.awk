# SPDX-License-Identifier: GPL-2.0-only
#
# Results from what ko.sh has measured, as lines of a name and a value:
#
#	awk -f ko.awk MODULES MEMORY TIMES
#
# NAME_ms[_min|_max] is CPU time: median, least and greatest of the rounds.
# ratio_* is the same of each round's ratio, as what disturbs a round disturbs
# both of its sides. NAME_own_kib and NAME_rss_kib are the greatest of all modules.

BEGIN {
	FS = "\t"
}

# MODULES: number, name, size, size of its types
FILENAME == ARGV[1] {
	name[$1] = $2
	bytes += $3
	types[$1] = $4
	nr_modules++
}

# MEMORY: command, number, RSS, own memory
FILENAME == ARGV[2] {
	if ($3 > rss[$1])
		rss[$1] = $3
	if ($4 > own[$1])
		own[$1] = $4
	if ($1 == "ko") {
		limit = 3 * types[$2] / 1024
		if (limit < 16 * 1024)
			limit = 16 * 1024
		if ($4 / limit > worst) {
			worst = $4 / limit
			worst_own = $4
			worst_limit = limit
			worst_name = name[$2]
		}
		if ($3 / limit > worst_rss) {
			worst_rss = $3 / limit
			worst_rss_kib = $3
			worst_rss_limit = limit
		}
	}
}

# TIMES: round, command, number, CPU time
FILENAME == ARGV[3] {
	sum[$2, $1] += $4 / 1000
	runs[$2, $1]++
	if ($1 > rounds)
		rounds = $1
}

# spread(VALUES, NAME): VALUES[1..rounds]
function spread(values, what,	i, j, tmp)
{
	for (i = 2; i <= rounds; i++) {
		tmp = values[i]
		for (j = i - 1; j && values[j] > tmp; j--)
			values[j + 1] = values[j]
		values[j + 1] = tmp
	}
	i = int((rounds + 1) / 2)
	j = int((rounds + 2) / 2)
	printf "%s\t%.3f\n", what, (values[i] + values[j]) / 2
	printf "%s_min\t%.3f\n", what, values[1]
	printf "%s_max\t%.3f\n", what, values[rounds]
}

function cost(command,	i, values)
{
	for (i = 1; i <= rounds; i++)
		values[i] = mean[command, i]
	spread(values, command "_ms")
	print command "_rss_kib\t" rss[command]
	print command "_own_kib\t" own[command]
}

function ratio(what, over, under, added,	i, values)
{
	for (i = 1; i <= rounds; i++)
		values[i] = mean[over, i] / (mean[under, i] + \
			    (added ? mean[added, i] : 0))
	spread(values, what)
}

END {
	n = split("stock encode ko cp base again", commands, " ")
	for (i = 1; i <= n; i++) {
		for (j = 1; j <= rounds; j++) {
			# Two runs for a module of stock are one sample.
			count = i > 4 ? runs[commands[i], j] : nr_modules
			mean[commands[i], j] = sum[commands[i], j] / count
		}
	}
	printf "module_mean_kib\t%.0f\n", bytes / nr_modules / 1024
	for (i = 1; i <= n; i++)
		cost(commands[i])
	ratio("ratio_stock_ko", "stock", "ko")
	ratio("ratio_ko_cp", "ko", "cp")
	ratio("ratio_stock_ours", "stock", "encode", "ko")
	# Of the module that comes nearest to its limit.
	print "limit_own_module\t" worst_name
	printf "limit_own_kib\t%d\n", worst_own
	printf "limit_own_limit_kib\t%d\n", worst_limit
	printf "limit_rss_kib\t%d\n", worst_rss_kib
	printf "limit_rss_limit_kib\t%d\n", worst_rss_limit
}
