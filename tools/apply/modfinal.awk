# SPDX-License-Identifier: GPL-2.0-only
#
# Edit scripts/Makefile.modfinal: link, stage, publish in rules of their own
#
# Used with shapes.awk and lines.awk. Parts: link, the comment above cmd_ld_ko_o;
# commands; rules; report, a rule more, or nothing.

function edit(    v)
{
	name = "scripts/Makefile.modfinal"
	edit_link()
	edit_commands()
	edit_rule()
	for (v in gone)
		unused(v)
}

# cmd_ld_ko_o: link to a temporary name, then rename. Its short line gets room
# for a remark.
function edit_link(    i, first, last, s, at)
{
	at = only("^quiet_cmd_ld_ko_o[ \t]*=", "quiet_cmd_ld_ko_o")
	first = only("^[ \t]*cmd_ld_ko_o[ \t]*[+:]?=", "cmd_ld_ko_o")
	if (refused)
		return
	before[at] = text["link"]
	if (line[at] !~ /^quiet_cmd_ld_ko_o = LD \[M\]  \$@$/)
		refuse(at, "unknown form of quiet_cmd_ld_ko_o")
	line[at] = line[at] "$(ld-ko-remark)"
	last = last_of(first)

	at = 0
	for (i = first; i <= last; i++) {
		s = squeeze(line[i])
		if (s ~ /(^| )-o \$@ \$\(filter %\.o, \$\^\);?$/) {
			if (at)
				refuse(i, "cmd_ld_ko_o links twice")
			at = i
		} else if (at ? s != postlink : index(s, "$@")) {
			refuse(i, "unknown line in cmd_ld_ko_o: " s)
		}
	}
	if (!at)
		refuse(first, "cmd_ld_ko_o has no -o $@ $(filter %.o, $^)")
	if (refused)
		return

	s = line[at]
	sub(/;?[ \t]*\\?$/, "", s)
	i = index(s, "-o $@ ")
	s = substr(s, 1, i - 1) "-o $(tmp-target) " substr(s, i + 6) ";"
	line[at] = continued(s)
	s = "\tmv -f $(tmp-target) $@"
	line[at] = line[at] "\n" (at < last ? continued(s ";") : s)
}

# quiet_cmd_btf_ko to if_changed_except: our commands instead.
function edit_commands(    i, first, last, at, word, letter, v)
{
	at = only("^quiet_cmd_btf_ko[ \t]*=", "quiet_cmd_btf_ko")
	first = only("^[ \t]*cmd_btf_ko[ \t]*=", "cmd_btf_ko")
	if (refused)
		return
	if (first != at + 1)
		return refuse(first, "cmd_btf_ko does not follow quiet_cmd_btf_ko")

	last = last_of(first)
	for (i = first + 1; i <= last; i++) {
		letter = btf_ko_letter(squeeze(line[i]))
		if (letter == "")
			refuse(i, "unknown line in cmd_btf_ko: " squeeze(line[i]))
		word = word letter
	}
	if (!index(btf_ko_words, " " word " "))
		refuse(first, "unknown order of lines in cmd_btf_ko")

	at = comment_above(at)
	before[at] = text["commands"] "\n"
	drop_lines(at, last)

	for (v in gone) {
		for (i = 1; i <= n; i++) {
			if (line[i] ~ ("^" v "[ \t]*="))
				drop_lines(comment_above(i), last_of(i))
		}
	}
}

# The rule for %.ko: it only links, and our rules follow it.
function edit_rule(    at, i, j, s, word, kept)
{
	at = only("^([^#\t][^:]*:[ \t]*)?%\\.ko[ \t]*:([^=]|$)", "rule for %.ko")
	if (refused)
		return

	line[at] = rule_head(at)
	if (line[comment_above(at)] ~ /^# Re-generate module BTFs /)
		for (i = comment_above(at); i < at; i++)
			drop[i]

	kept = at
	for (i = at + 1; i <= n && line[i] ~ /^(\t|ifn?def|ifn?eq|else|endif)/; i++) {
		s = squeeze(line[i])
		if (!(s in recipe))
			refuse(i, "unknown line in the recipe of %.ko: " s)
		word = word recipe[s]
		if (recipe[s] ~ /[ibe]/)
			drop[i]
		else
			kept = i
		if (recipe[s] == "l")
			line[i] = "\t+$(call if_changed,ld_ko_o)"
	}
	for (j = i; j <= n && line[j] ~ /^[ \t]*(#.*)?$/; j++)
		;
	if (line[j] ~ /^\t/)
		refuse(j, "unknown line in the recipe of %.ko: " squeeze(line[j]))
	if (!index(recipe_words, " " word " "))
		refuse(at, "unknown order of lines in the recipe of %.ko")

	line[kept] = line[kept] "\n\n" text["rules"]
	if ("report" in text)
		line[kept] = line[kept] "\n\n" text["report"]
}

# $(linked-ko) for %.ko, and vmlinux is no prerequisite.
function rule_head(at,    s, i, prereq)
{
	s = line[at]
	prereq = vmlinux_prereq
	if (!index(s, prereq))
		sub(/vmlinux/, "$(objtree)/vmlinux", prereq)
	i = index(s, prereq " ")
	if (!i) {
		refuse(at, "the rule for %.ko does not have vmlinux as a known prerequisite")
		return s
	}
	s = substr(s, 1, i - 1) substr(s, i + length(prereq) + 1)

	if (s ~ /^\$\(modules\): %\.ko: /) {
		sub(/^\$\(modules\): %\.ko:/,
		    "$(modules:%.ko=$(linked-ko)): $(linked-ko):", s)
	} else if (s ~ /^%\.ko: /) {
		sub(/^%\.ko:/, "$(linked-ko):", s)
	} else {
		refuse(at, "unknown form of the rule for %.ko: " squeeze(s))
	}
	if (s !~ /: %\.o %\.mod\.o .*FORCE$/ || s ~ /vmlinux|\|/)
		refuse(at, "unknown prerequisites of %.ko: " squeeze(s))
	return s
}

function unused(v,    i)
{
	for (i = 1; i <= n; i++)
		if (!(i in drop) && line[i] !~ /^#/ && index(line[i], v))
			refuse(i, v " is used here too")
}
