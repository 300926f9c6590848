# SPDX-License-Identifier: GPL-2.0-only
#
# Edit Documentation/kbuild/index.rst: add our page after that on modules

{ print }

/^ +modules$/ {
	sub(/modules/, "btfstage")
	print
	done++
}

END {
	if (done != 1)
		exit 1
}
