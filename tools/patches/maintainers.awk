# SPDX-License-Identifier: GPL-2.0-only
#
# Edit MAINTAINERS: add a line F: for "file" to our entry, or the entry, with "who"
#
# Entries are more or less in alphabetical order, so only those with our first letter
# matter. The lines F: of an entry are in alphabetical order, too.

BEGIN { name = "BTFSTAGE (BTF OF MODULES)" }

# Entries follow the explanation of their letters.
/^Maintainers List/ { list = 1 }

# A line after a blank one is the name of an entry, if it has letters.
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
