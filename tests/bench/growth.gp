# SPDX-License-Identifier: GPL-2.0-only
#
# The picture of growth.sh, for gnuplot: output, modules, bases, middle,
# types and cpu are set by it.

set terminal svg size 1100,480 font "sans-serif,13" background rgb "white"
set output output
set datafile separator tab
set style line 1 lc rgb "#0060ad" pt 7 ps 0.6 lw 1.5
set style line 2 lc rgb "#999999" pt 6 ps 0.6 lw 1.5
set style line 3 lc rgb "#0060ad" pt 4 ps 0.9 lw 1.5
set style line 4 lc rgb "#c03030" pt 9 ps 1.3 lw 1.5
set grid lc rgb "#dddddd"
set border 3
set tics nomirror out
set key top left reverse Left samplen 1.5
set ylabel "CPU time, user + system, ms a module"
set multiplot layout 1,2 title "btfstage ko: one process, " . cpu noenhanced

made(name, y) = name[1:9] eq "synthetic" ? y : NaN
taken(name, y) = name[1:9] eq "synthetic" ? NaN : y

set title "By the size of the module"
set xlabel "types in the module"
set logscale xy
set xrange [*:*]
set yrange [0.5:*]
set format x "%.0f"
plot modules using 1:(taken(stringcolumn(4), $2)) with points ls 1 \
		title "btfstage ko, modules", \
	modules using 1:(made(stringcolumn(4), $2)) with points ls 3 \
		title "btfstage ko, synthetic types, none in the base", \
	modules using 1:(taken(stringcolumn(4), $3)) with points ls 2 \
		title "cp of the same modules"

set title "By the size of the base"
set key bottom right
set xlabel "types in the base"
unset logscale
set format x "%.0f"
set xtics 50000
set xrange [0:210000]
set yrange [0:*]
vmlinux(name) = name eq "base-vmlinux"
plot bases using 1:(vmlinux(stringcolumn(4)) ? NaN : $2) with linespoints ls 1 \
		title sprintf("btfstage ko, %s (%d types)", middle, types) \
		noenhanced, \
	bases using 1:(vmlinux(stringcolumn(4)) ? $2 : NaN) with points ls 4 \
		title "the same with the kernel's own base", \
	bases using 1:(vmlinux(stringcolumn(4)) ? NaN : $3) with linespoints ls 2 \
		title "cp"
unset multiplot
