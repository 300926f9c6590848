# SPDX-License-Identifier: GPL-2.0-only
#
# Figures for the cover letter and the commit messages, from the tables between
# "<!-- NAME -->" and "<!-- end -->" in docs/speed.md and docs/comparison.md: prints a
# sed script that replaces @NAME@

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

section == "gen" && $2 == "scripts/gen-btf.sh" { figure("gen", $3) }
section == "gen" && $2 == "pahole --btf_encode_detached" { figure("gen_encode", $3) }
section == "gen" && $2 == "btfstage ko" { figure("gen_ko", $3) }

section == "libbpf" && $2 == "libbpf" { figure("libbpf", $3) }

section == "types" && $2 ~ /^the same types/ { types("same", $3) }
section == "types" && $2 ~ /^the same but for forward/ { types("forward", $3) }
section == "types" && $2 == "different" { types("different", $3) }

section == "order" && $2 == "" && $3 != "" { figure("order_release", $3) }
section == "order" && $2 == "modules" { figure("order_modules", $3) }
section == "order" && $2 ~ /^the same types in the same order/ { figure("order", $3) }
section == "order" && $2 ~ /byte for byte$/ { figure("order_bytes", $3) }

section == "disk" && $2 ~ /^all [0-9,]+ modules of / {
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

# Aligned in columns for the message
function row(name)
{
	figure(name "_ld", sprintf("%-7s", $3))
	figure(name "_btf", sprintf("%-7s", $4))
	figure(name "_without", $5)
}
