# SPDX-License-Identifier: GPL-2.0-only
#
# Print the part of our script that stands between "btfstage: begin PART" and
# "btfstage: end PART", or, for the part "link", the comment above cmd_ld_ko_o.

BEGIN { part = ENVIRON["PART"] }

/^# btfstage: (begin|end) / {
	inside = ($3 == "begin" && $4 == part)
	found += inside
	comment = ""
	next
}

inside

part == "link" && /^#/ { comment = comment $0 "\n" }
part == "link" && /^quiet_cmd_ld_ko_o/ { printf "%s", comment; found++ }
!/^#/ { comment = "" }

END {
	if (found != 1) {
		print FILENAME ": no part " part > "/dev/stderr"
		exit 1
	}
}
