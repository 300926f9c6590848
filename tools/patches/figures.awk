# SPDX-License-Identifier: GPL-2.0-only
#
# Figures for commit messages, out of the tables in docs/speed.md, comparison.md,
# disk.md and design.md: a sed script that puts them in the place of @NAME@

BEGIN { FS = " *\\| *" }

/^<!-- / { section = $0; gsub(/<!-- | -->/, "", section) }

section == "ko" && /^[0-9]+ modules \(/ { figure("modules", $1 + 0) }
section == "ko" && $2 == "pahole --btf_base + resolve_btfids" { figure("stock", $3) }
section == "ko" && $2 == "pahole --btf_encode_detached" { figure("encode", $3) }
section == "ko" && $2 == "btfstage ko" { figure("ko", $3) }
section == "ko" && $2 == "cp" { figure("cp", $3) }
section == "ko" && $2 == "btfstage base" { figure("base", $3) }

section == "noop" && /^Linux / {
	split($0, word, ", ")
	figure("noop_modules", word[2] + 0)
}
section == "noop" && $2 == "make modules" { figure("noop", $5) }
section == "noop" && $2 == "modfinal alone" { figure("noop_modfinal", $5) }

FILENAME ~ /comparison/ && $2 ~ /^the same types, once/ { types("same", $3) }
FILENAME ~ /comparison/ && $2 ~ /^the same but for forward/ { types("forward", $3) }
FILENAME ~ /comparison/ && $2 == "different" { types("different", $3) }

FILENAME ~ /disk/ && $2 ~ /^all [0-9,]+ modules of / {
	split($2, word, " ")
	figure("disk_modules", word[2])
	figure("disk_ko", $4)
	figure("disk_all", $6)
}
section == "vmlinux" && $2 ~ /make vmlinux$/ {
	figure("link_stock", $6)
	figure("link", $7)
}

section == "first" && /^Linux / {
	split($0, word, " ")
	figure("first_release", substr(word[2], 1, length(word[2]) - 1))
	figure("first_modules", word[3])
}
section == "first" && $2 == "again" { row("again") }
section == "first" && $2 == "vmlinux touched" { row("touched") }
section == "first" && $2 == "LDFLAGS_MODULE changed" { row("flags") }

END {
	figure("all", thousands(sum))
}

function figure(name, value)
{
	if (value != "" && !(name in known))
		print "s/@" name "@/" value "/g"
	known[name]
}

function thousands(number)
{
	while (match(number, /[0-9][0-9][0-9][0-9]($|,)/))
		number = substr(number, 1, RSTART) "," substr(number, RSTART + 1)
	return number
}

function types(name, value)
{
	figure(name, value)
	gsub(/,/, "", value)
	sum += value
}

# In columns, as the message has them
function row(name)
{
	figure(name "_ld", sprintf("%-7s", $3))
	figure(name "_btf", sprintf("%-7s", $4))
	figure(name "_without", $5)
}
