# SPDX-License-Identifier: GPL-2.0-only
#
# What is known about the text that is replaced, release by release
#
#   scripts/Makefile.modfinal
#
#	release		6.1		6.2 - 6.12	6.13 -		7.x
#	rule head	$(modules):	%.ko:		%.ko:		%.ko:
#			%.ko:
#	vmlinux		vmlinux		vmlinux		$(objtree)/	$(objtree)/
#	module.lds	$(ARCH_MODULE_LDS), both	$(objtree)/	$(objtree)/
#	link recipe	if_changed_except, all; if_changed once it is gone
#	after the link	arch postlink	-		-		-
#	cmd_btf_ko	pahole, resolve_btfids, all	same		gen-btf.sh
#	after BTF	-		-		-		check_tracepoint
#
#   check_tracepoint looks at $<, the first object, which is the same one in the
#   rule that only links. So its line stays where it is.
#
#   scripts/link-vmlinux.sh
#
#	release		6.1		6.9 - 6.18	7.x
#	gen_btf()	${1} ${2}	${1} ${btf_data}	none, gen-btf.sh
#
#   The first releases of 6.1 and 6.6 write one byte of e_type with printf '\1';
#   later ones look at CONFIG_CPU_BIG_ENDIAN.
#
#   scripts/package/
#
#	release		6.1		6.12
#	script		builddeb	install-extmod-build
#
#   Both list objtool, in the same three lines, among what headers for external
#   modules have of a build tree. Since there is the second one, builddeb calls it.
#
# Text is compared with white space squeezed, without continuation backslashes
# and with vmlinux for $(objtree)/vmlinux.

BEGIN {
	vmlinux_prereq = "$(and $(CONFIG_DEBUG_INFO_BTF_MODULES)," \
			 "$(KBUILD_BUILTIN),vmlinux)"

	# Names that are gone afterwards.
	gone["newer_prereqs_except"]
	gone["if_changed_except"]

	# cmd_btf_ko, line by line; the letters must make one of these words.
	btf_ko["if [ ! -f vmlinux ]; then"] = "i"
	btf_ko["else"] = "e"
	pahole = "LLVM_OBJCOPY=\"$(OBJCOPY)\" $(PAHOLE) -J $(PAHOLE_FLAGS) "
	btf_ko[pahole "--btf_base vmlinux $@;"] = "p"
	btf_ko[pahole "$(MODULE_PAHOLE_FLAGS) --btf_base vmlinux $@;"] = "p"
	btf_ko["$(RESOLVE_BTFIDS) -b vmlinux $@;"] = "r"
	btf_ko["$(RESOLVE_BTFIDS) $(RESOLVE_BTFIDS_FLAGS) -b vmlinux $@;"] = "r"
	btf_ko["$(CONFIG_SHELL) $(srctree)/scripts/gen-btf.sh " \
	       "--btf_base vmlinux $@;"] = "g"
	btf_ko["fi;"] = "f"
	btf_ko_words = " iseprf isegf "

	# The recipe of %.ko, likewise.
	recipe["+$(call if_changed_except,ld_ko_o,vmlinux)"] = "l"
	recipe["+$(call if_changed,ld_ko_o)"] = "l"
	recipe["ifdef CONFIG_DEBUG_INFO_BTF_MODULES"] = "i"
	recipe["+$(if $(newer-prereqs),$(call cmd,btf_ko))"] = "b"
	recipe["endif"] = "e"
	recipe["+$(call cmd,check_tracepoint)"] = "t"
	recipe_words = " libe libet "

	# What may follow the linker inside cmd_ld_ko_o.
	postlink = "$(if $(ARCH_POSTLINK), $(MAKE) -f $(ARCH_POSTLINK) $@, true)"

	# gen_btf(), from pahole to dd; 1 and 2 stand for its two files.
	gen_btf["LLVM_OBJCOPY=\"${OBJCOPY}\" ${PAHOLE} -J ${PAHOLE_FLAGS} 1"] = "p"
	gen_btf["${OBJCOPY} --only-section=.BTF " \
		"--set-section-flags .BTF=alloc,readonly"] = "o"
	gen_btf["--strip-all 1 2 2>/dev/null"] = "s"
	gen_btf["if is_enabled CONFIG_CPU_BIG_ENDIAN; then"] = "i"
	gen_btf["et_rel='\\0\\1'"] = "n"
	gen_btf["else"] = "e"
	gen_btf["et_rel='\\1\\0'"] = "n"
	gen_btf["fi"] = "f"
	dd = " | dd of=2 conv=notrunc bs=1 seek=16 status=none"
	gen_btf["printf \"${et_rel}\"" dd] = "d"
	gen_btf["printf '\\1'" dd] = "d"
	gen_btf_words = " posinenfd posd "

	# What is around "echo tools/objtool/objtool".
	objtool_if = "if is_enabled CONFIG_OBJTOOL; then"
}

# White space squeezed, backslash at the end and $(objtree)/ removed.
function squeeze(s)
{
	sub(/[ \t]*\\$/, "", s)
	gsub(/[ \t]+/, " ", s)
	sub(/^ /, "", s)
	sub(/ $/, "", s)
	gsub(/\$\(objtree\)\/vmlinux/, "vmlinux", s)
	return s
}

# The letter for a line of cmd_btf_ko, or nothing.
function btf_ko_letter(s)
{
	if (s ~ /^printf "Skipping BTF generation [^"]*" \$@ 1>&2;$/)
		return "s"
	return (s in btf_ko) ? btf_ko[s] : ""
}
