# SPDX-License-Identifier: GPL-2.0-only
#
# Edit scripts/link-vmlinux.sh: BTF by way of a file of its own
#
# Used with shapes.awk and lines.awk. Parts: btf_object; last_link. Where
# scripts/gen-btf.sh makes vmlinux's BTF, the script is left alone.

function edit(    at, end, i, from, to, s, image, object, word)
{
	name = "scripts/link-vmlinux.sh"
	for (i = 1; i <= n; i++) {
		if (line[i] ~ /^gen_btf\(\)/)
			from = i
		else if (line[i] ~ /^[^#]*\/gen-btf\.sh/)
			to = i
	}
	if (!from && to)
		keep("scripts/gen-btf.sh makes the BTF of vmlinux")

	at = only("^gen_btf\\(\\)", "function gen_btf")
	if (refused)
		return
	for (end = at; end <= n && line[end] !~ /^}/; end++)
		;

	from = to = 0
	for (i = at; i < end; i++) {
		if (index(line[i], "${PAHOLE} -J ")) {
			if (from)
				refuse(i, "gen_btf runs pahole twice")
			from = i
		}
		if (index(line[i], "| dd of="))
			to = i
	}
	if (!from || to < from)
		return refuse(at, "gen_btf does not go from pahole -J to dd")

	# The file names that this release uses.
	image = line[from]
	sub(/.*[ \t]/, "", image)
	object = line[to]
	sub(/.*\| dd of=/, "", object)
	sub(/[ \t].*/, "", object)

	for (i = from; i <= to; i++) {
		drop[i]
		s = squeeze(line[i])
		if (s ~ /^(#.*)?$/)
			continue
		s = general(general(s, image, "1"), object, "2")
		if (!(s in gen_btf))
			refuse(i, "unknown line in gen_btf: " squeeze(line[i]))
		word = word gen_btf[s]
	}
	if (!index(gen_btf_words, " " word " "))
		refuse(from, "unknown order of lines in gen_btf")

	before[from] = "\tbtf_object " image " " object " || return 1"
	before[comment_above(at)] = text["btf_object"] "\n"
	edit_last_link()
}

# The link that makes vmlinux, or what a script of make's own calls it.
function edit_last_link(    at, s)
{
	at = only("^vmlinux_link (vmlinux|\"\\$\\{VMLINUX\\}\")( |$)",
		  "vmlinux_link vmlinux")
	if (refused)
		return
	s = text["last_link"]
	if (line[at] ~ /VMLINUX/)
		sub(/\.vmlinux\.cmd/, "\".${VMLINUX}.cmd\"", s)
	before[at] = s "\n"
}

# The word that is a file's name, or ends in one, replaced.
function general(s, file, by,    i)
{
	i = index(s " ", file " ")
	return i ? substr(s, 1, i - 1) by substr(s, i + length(file)) : s
}
