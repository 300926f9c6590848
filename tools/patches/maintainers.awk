# SPDX-License-Identifier: GPL-2.0-only
#
# Edit MAINTAINERS: a line F: for "file" in our entry, or the entry, with "who"
#
# Entries are in the order of the alphabet, more or less: only those that begin with
# our letter are looked at. The lines F: of an entry are in that order too.

BEGIN { name = "BTFSTAGE (BTF OF MODULES)" }

# The entries begin behind the explanation of their letters.
/^Maintainers List/ { list = 1 }

# What follows a blank line is the name of an entry, if it has letters.
list && was == "" && /^[0-9A-Z]/ {
	was = held = $0
	next
}

held != "" {
	if (held == name) {
		ours = 1
	} else if (/^[A-Z]:\t/) {
		begun += substr(held, 1, 1) == substr(name, 1, 1)
		if (!done && begun && held > name) {
			print_entry()
			done = 1
		}
	}
	print held
	held = ""
}

ours && (/^$/ || (/^F:/ && $0 > "F:\t" file)) {
	print "F:\t" file
	ours = 0
	done = 1
}

{
	was = $0
	print
}

END {
	if (!done || held != "")
		exit 1
}

function print_entry()
{
	print name
	print "M:\t" who
	print "L:\tlinux-kbuild@vger.kernel.org"
	print "L:\tbpf@vger.kernel.org"
	print "S:\tMaintained"
	print "F:\t" file
	print ""
}
