# SPDX-License-Identifier: GPL-2.0-only
#
# Edit a file of a kernel tree
#
#	awk -v file=NAME -f shapes.awk -f edit.awk ours=1 OURS ours= FILE
#
# NAME is the name of FILE in messages. Insert the lines of OURS between "btfstage: begin
# PART" and "btfstage: end PART".
#
# Exit status 1: refused. 3: there is nothing to edit. A line on standard error says where
# and why.
#
#	line[1..n]	FILE
#	drop[i]		line i is not written
#	before[i]	text to write before line i
#	text[PART]	a part of OURS

ours {
	if (/^# btfstage: (begin|end) /)
		part = $3 == "begin" ? $4 : ""
	else if (text[part] != "")
		text[part] = text[part] "\n" $0
	else
		text[part] = $0
	next
}

{ line[++n] = $0 }

END {
	for (part in text)
		sub(/\n+$/, "", text[part])
	if (file ~ /modfinal$/)
		edit_modfinal()
	else if (file ~ /link-vmlinux/)
		edit_link_vmlinux()
	else if (file ~ /Makefile\.vmlinux$/)
		edit_vmlinux()
	else if (file ~ /package/)
		edit_package()
	else if (file == "Makefile")
		edit_checkstack()
	else
		add_line()
	if (refused)
		exit 1
	for (i = 1; i <= n; i++) {
		if (i in before)
			print before[i]
		if (!(i in drop))
			print line[i]
	}
	if (i in before)
		print before[i]
}

# One message, and nothing is written.
function refuse(i, what)
{
	if (!refused)
		print file (i ? ":" i : "") ": " what > "/dev/stderr"
	refused = 1
}

function keep(why)
{
	print file ": " why > "/dev/stderr"
	exit 3
}

# The only line that matches, or 0.
function only(regex, what,    i, at)
{
	for (i = 1; i <= n; i++) {
		if (line[i] !~ regex)
			continue
		if (at)
			refuse(i, what " again, first in line " at)
		at = i
	}
	if (!at)
		refuse(0, "no " what)
	return at
}

# The last line of the text at i that continues with backslashes.
function last_of(i)
{
	while (i < n && line[i] ~ /\\$/)
		i++
	return i
}

# Text with a backslash, in the column that kbuild uses.
function continued(s,    i, column)
{
	for (i = 1; i <= length(s); i++)
		column += substr(s, i, 1) == "\t" ? 8 - column % 8 : 1
	if (column >= 72)
		return s " \\"
	for (; column < 72; column += 8 - column % 8)
		s = s "\t"
	return s "\\"
}

# s with the only "from" in it replaced
function replaced(s, from, to,    i)
{
	i = index(s, from)
	return i ? substr(s, 1, i - 1) to substr(s, i + length(from)) : s
}

# scripts/Makefile.modfinal: replace the commands for BTF by our commands and rules, and
# make the rule for %.ko only link
function edit_modfinal(    first, head, i, s, word, rule, steps)
{
	edit_ld_ko_o()
	first = only("^quiet_cmd_btf_ko[ \t]*=", "quiet_cmd_btf_ko")
	head = only("^([^#\t][^:]*:[ \t]*)?%\\.ko[ \t]*:([^=]|$)", "rule for %.ko")
	if (!refused && head < first)
		refuse(head, "the rule for %.ko is above quiet_cmd_btf_ko")
	if (refused)
		return

	rule = rule_head(head) "\n\t" link_prefix "$(call if_changed,ld_ko_o)"
	for (i = first; i <= n && (i <= head || line[i] !~ /^[ \t]*$/); i++) {
		s = squeeze(line[i])
		if (i == head)
			word = word "%"
		else if (s in modfinal)
			word = word modfinal[s]
		else if (s !~ /^(#.*)?$/)
			refuse(i, "unknown line: " s)
		if (modfinal[s] ~ /^[prg]$/)
			steps = steps step_on_copy(line[i])
		if (modfinal[s] == "t")
			rule = rule "\n" line[i]
		drop[i]
	}
	if (word !~ modfinal_order)
		refuse(first, "unknown order of commands and rules, from here on")
	before[i] = rule
	for (; i <= n && line[i] ~ /^[ \t]*(#.*)?$/; i++)
		;
	if (line[i] ~ /^\t/)
		refuse(i, "unknown line: " squeeze(line[i]))
	for (i = 1; i <= n; i++)
		if (!(i in drop) && match(line[i], /^[^#]*(newer_prereqs|if_changed)_except/))
			refuse(i, substr(line[i], RSTART, RLENGTH) " is used here too")

	# Only the first patch of a series has these.
	s = replaced(text["btf"], "@STEPS@\n", steps)
	before[first] = replaced(s, "@VMLINUX@", vmlinux) "\n"
}

# The head of the rule for %.ko: for $(linked-ko), and without vmlinux
function rule_head(at,    s, i)
{
	s = line[at]
	vmlinux = index(s, "$(objtree)/vmlinux") ? "$(objtree)/vmlinux" : "vmlinux"
	i = replaced(s, replaced(vmlinux_prereq, "vmlinux", vmlinux) " ", "")
	if (i == s)
		refuse(at, "the rule for %.ko does not have vmlinux as a known prerequisite")
	s = i
	if (!sub(/^%\.ko:/, "$(linked-ko):", s) &&
	    !sub(/^\$\(modules\): %\.ko:/, "$(modules:%.ko=$(linked-ko)): $(linked-ko):", s))
		refuse(at, "unknown form of the rule for %.ko: " squeeze(s))
	if (s !~ /: %\.o %\.mod\.o .*FORCE$/ || s ~ /vmlinux|\|/)
		refuse(at, "unknown prerequisites of %.ko: " squeeze(s))
	return s
}

# A step of stock's cmd_btf_ko, on a copy
function step_on_copy(s)
{
	sub(/[ \t]*\\$/, "", s)
	sub(/^[ \t]+/, "\t", s)
	return continued(replaced(s, " $@;", " $(tmp-target);")) "\n"
}

# cmd_ld_ko_o: link to a temporary name, then rename
function edit_ld_ko_o(    i, first, last, s, at)
{
	first = only("^[ \t]*cmd_ld_ko_o[ \t]*[+:]?=", "cmd_ld_ko_o")
	if (refused)
		return
	last = last_of(first)
	for (i = first; i <= last; i++) {
		s = squeeze(line[i])
		if (s ~ /(^| )-o \$@ \$\(filter %\.o, \$\^\);?$/) {
			if (at)
				refuse(i, "cmd_ld_ko_o links twice")
			at = i
		} else if (at && s == postlink) {
			# It runs make, which needs "+".
			link_prefix = "$(if $(ARCH_POSTLINK),+)"
		} else if (at || index(s, "$@")) {
			refuse(i, "unknown line in cmd_ld_ko_o: " s)
		}
	}
	if (!at)
		refuse(first, "cmd_ld_ko_o has no -o $@ $(filter %.o, $^)")
	s = line[at]
	sub(/;?[ \t]*\\?$/, ";", s)
	line[at] = continued(replaced(s, "-o $@ ", "-o $(tmp-target) "))
	s = "\tmv -f $(tmp-target) $@"
	line[at] = line[at] "\n" (at < last ? continued(s ";") : s)
}

# scripts/link-vmlinux.sh: write BTF to a file of its own, unless gen-btf.sh does
function edit_link_vmlinux(    i, s, at, elsewhere)
{
	for (i = 1; i <= n; i++)
		if (line[i] ~ /^[^#]*\/gen-btf\.sh/)
			elsewhere = 1
	if (!elsewhere)
		edit_gen_btf()
	if (refused)
		return

	# The last link of vmlinux, under any name of its output
	at = only("^vmlinux_link (vmlinux|\"\\$\\{VMLINUX\\}\")( |$)",
		  "vmlinux_link vmlinux")
	s = text["last_link"]
	if (line[at] ~ /VMLINUX/)
		s = replaced(s, ".vmlinux.cmd", "\".${VMLINUX}.cmd\"")
	before[at] = s "\n"
}

function edit_gen_btf(    at, i, from, to, s, image, object, word)
{
	at = only("^gen_btf\\(\\)", "function gen_btf")
	if (refused)
		return

	for (i = at; i < n && line[i] !~ /^}/; i++) {
		if (index(line[i], "${PAHOLE} -J ")) {
			if (from)
				refuse(i, "gen_btf runs pahole twice")
			from = i
		}
		if (index(line[i], "| dd of="))
			to = i
	}
	if (!from || to < from)
		refuse(at, "gen_btf does not go from pahole -J to dd")

	# The file names that this release uses
	image = line[from]
	sub(/.*[ \t]/, "", image)
	object = line[to]
	sub(/.*\| dd of=/, "", object)
	sub(/[ \t].*/, "", object)
	for (i = from; i <= to; i++) {
		drop[i]
		s = replaced(squeeze(line[i]) " ", image " ", "IMAGE ")
		s = replaced(s, object " ", "OBJECT ")
		sub(/ $/, "", s)
		if (s in gen_btf)
			word = word gen_btf[s]
		else if (s !~ /^(#.*)?$/)
			refuse(i, "unknown line in gen_btf: " squeeze(line[i]))
	}
	if (word !~ gen_btf_order)
		refuse(from, "unknown order of lines in gen_btf")
	before[from] = "\tbtf_object " image " " object " || return 1"
	while (line[at - 1] ~ /^#/)
		at--
	before[at] = text["btf_object"] "\n"
}

# scripts/Makefile.vmlinux: strip vmlinux.unstripped to a temporary name
function edit_vmlinux(    i, at, s)
{
	for (i = 1; i < n; i++)
		if (line[i] ~ /^[ \t]*cmd_strip_relocs = \$\(OBJCOPY\) .* \$< \$@; \\$/ &&
		    line[i + 1] ~ /^[ \t]*\$\(OBJCOPY\) [^<]* \$@$/)
			at = i
	if (!at)
		keep("strips vmlinux in an unknown way")
	line[at] = replaced(line[at], " $< $@;", " $< $(tmp-target);")
	i = at + 1
	s = substr(line[i], 1, match(line[i], /\$\(OBJCOPY\)/) - 1)
	sub(/\$@$/, "$(tmp-target); \\\n" s "mv -f $(tmp-target) $@", line[i])
}

# The script that packs headers for external modules. They contain scripts/ as it is, and so
# the helper.
function edit_package(    at, indent)
{
	at = only("^[ \t]*echo tools/objtool/objtool$", "echo tools/objtool/objtool")
	if (refused)
		return
	if (squeeze(line[at - 1]) != objtool_if || squeeze(line[at + 1]) != "fi")
		refuse(at, "tools/objtool/objtool is listed in an unknown way")
	indent = line[at - 1]
	sub(/[^ \t].*/, "", indent)
	before[at + 2] = "\n" indent "if [ -f .btf.vmlinux.base ]; then\n" \
		indent "\techo .btf.vmlinux.base\n" indent "fi"
}

# The top Makefile: "make checkstack" disassembles each module once.
function edit_checkstack(    i, find, at)
{
	find = "find . -name '*.ko'"
	for (i = 1; i <= n; i++) {
		if (!index(line[i], find ")"))
			continue
		line[i] = replaced(line[i], find, find " ! -name '*.no-btf.ko'")
		at = i
	}
	if (!at)
		keep("has no " find)
}

# .gitignore and scripts/Makefile: add a line below the last one of its kind
function add_line(    regex, new, what, i, at)
{
	if (file == ".gitignore") {
		regex = "^\\*\\.ko$"
		new = "*.ko.*"
	} else {
		regex = "^subdir-\\$\\(CONFIG_[A-Z0-9_]*\\)[ \t]*\\+= "
		new = "subdir-$(CONFIG_DEBUG_INFO_BTF_MODULES) += btfstage"
	}
	for (i = 1; i <= n; i++) {
		if (line[i] == new)
			keep("has " new)
		if (line[i] ~ regex)
			at = i
	}
	if (!at && file == ".gitignore")
		keep("has no line *.ko")
	if (!at)
		refuse(0, "no subdir-$(CONFIG_...) +=")
	line[at] = line[at] "\n" new
}
