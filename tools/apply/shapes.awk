# SPDX-License-Identifier: GPL-2.0-only
#
# The known text of each release that is replaced
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
#   check_tracepoint uses $<, the first object, which is the same in the rule that only
#   links. So its line stays there.
#
#   scripts/link-vmlinux.sh
#
#	release		6.1		6.9 - 6.18	7.x
#	gen_btf()	${1} ${2}	${1} ${btf_data}	none, gen-btf.sh
#
#   7.x makes vmlinux.unstripped there. scripts/Makefile.vmlinux strips that, and is
#   edited where it has cmd_strip_relocs.
#
#   The first releases of 6.1 and 6.6 write one byte of e_type with printf '\1'; later
#   ones use CONFIG_CPU_BIG_ENDIAN.
#
#   scripts/package/
#
#	release		6.1		6.12
#	script		builddeb	install-extmod-build
#
#   Both list objtool, in the same three lines, among the built files of headers. builddeb
#   calls install-extmod-build in releases that have it.
#
# Text is compared after squeeze(). Each known line has a letter, and the letters must have
# a known order. % is the head of the rule.

BEGIN {
	vmlinux_prereq = "$(and $(CONFIG_DEBUG_INFO_BTF_MODULES)," \
			 "$(KBUILD_BUILTIN),vmlinux)"

	# From quiet_cmd_btf_ko to the end of the recipe for %.ko
	modfinal["quiet_cmd_btf_ko = BTF [M] $@"] = "q"
	modfinal["cmd_btf_ko ="] = "c"
	modfinal["if [ ! -f vmlinux ]; then"] = "i"
	modfinal["printf \"Skipping BTF generation for %s due to " \
		 "unavailability of vmlinux\\n\" $@ 1>&2;"] = "s"
	modfinal["else"] = "e"
	pahole = "LLVM_OBJCOPY=\"$(OBJCOPY)\" $(PAHOLE) -J $(PAHOLE_FLAGS) "
	modfinal[pahole "--btf_base vmlinux $@;"] = "p"
	modfinal[pahole "$(MODULE_PAHOLE_FLAGS) --btf_base vmlinux $@;"] = "p"
	modfinal["$(RESOLVE_BTFIDS) -b vmlinux $@;"] = "r"
	modfinal["$(RESOLVE_BTFIDS) $(RESOLVE_BTFIDS_FLAGS) -b vmlinux $@;"] = "r"
	modfinal["$(CONFIG_SHELL) $(srctree)/scripts/gen-btf.sh " \
		 "--btf_base vmlinux $@;"] = "g"
	modfinal["fi;"] = "f"
	modfinal["newer_prereqs_except = $(filter-out $(PHONY) $(1),$?)"] = "n"
	modfinal["if_changed_except = " \
		 "$(if $(call newer_prereqs_except,$(2))$(cmd-check),"] = "a"
	modfinal["$(cmd);"] = "b"
	saved = "md_$@ := $(make-cmd)' > $(dot-target).cmd, @:)"
	modfinal["printf '%s\\n' 'c" saved] = "d"
	modfinal["printf '%s\\n' 'savedc" saved] = "d"
	modfinal["+$(call if_changed_except,ld_ko_o,vmlinux)"] = "L"
	modfinal["+$(call if_changed,ld_ko_o)"] = "L"
	modfinal["ifdef CONFIG_DEBUG_INFO_BTF_MODULES"] = "I"
	modfinal["+$(if $(newer-prereqs),$(call cmd,btf_ko))"] = "B"
	modfinal["endif"] = "E"
	modfinal["+$(call cmd,check_tracepoint)"] = "t"
	modfinal_order = "^qcise(pr|g)f(nabd)?%LIBEt?$"

	# What can follow the linker in cmd_ld_ko_o
	postlink = "$(if $(ARCH_POSTLINK), $(MAKE) -f $(ARCH_POSTLINK) $@, true)"

	# gen_btf(), from pahole to dd, with words for its two files
	gen_btf["LLVM_OBJCOPY=\"${OBJCOPY}\" ${PAHOLE} -J ${PAHOLE_FLAGS} IMAGE"] = "p"
	gen_btf["${OBJCOPY} --only-section=.BTF " \
		"--set-section-flags .BTF=alloc,readonly"] = "o"
	gen_btf["--strip-all IMAGE OBJECT 2>/dev/null"] = "s"
	gen_btf["if is_enabled CONFIG_CPU_BIG_ENDIAN; then"] = "i"
	gen_btf["et_rel='\\0\\1'"] = "b"
	gen_btf["else"] = "e"
	gen_btf["et_rel='\\1\\0'"] = "l"
	gen_btf["fi"] = "f"
	dd = " | dd of=OBJECT conv=notrunc bs=1 seek=16 status=none"
	gen_btf["printf \"${et_rel}\"" dd] = "d"
	gen_btf["printf '\\1'" dd] = "d"
	gen_btf_order = "^pos(ibelf)?d$"

	# The lines around "echo tools/objtool/objtool"
	objtool_if = "if is_enabled CONFIG_OBJTOOL; then"
}

# White space squeezed, backslash at the end and $(objtree)/ removed
function squeeze(s)
{
	sub(/[ \t]*\\$/, "", s)
	gsub(/[ \t]+/, " ", s)
	sub(/^ /, "", s)
	sub(/ $/, "", s)
	gsub(/\$\(objtree\)\/vmlinux/, "vmlinux", s)
	return s
}
