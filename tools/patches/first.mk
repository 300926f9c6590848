# SPDX-License-Identifier: GPL-2.0-only
#
# The rules that the first patch of a series adds to scripts/Makefile.modfinal, for the
# tree's own tools. @STEPS@ are the commands of its own cmd_btf_ko, on a copy, and
# @VMLINUX@ is its name of vmlinux.

# btfstage: begin btf
# ld writes %.no-btf.ko. BTF is added in place, so do that to a copy, and rename it to
# %.ko when it is complete. External modules are linked to a name that "*.ko" does not
# match.
linked-ko := %.ko

ifdef CONFIG_DEBUG_INFO_BTF_MODULES

linked-ko   := $(if $(KBUILD_EXTMOD),%.ko.no-btf,%.no-btf.ko)
final-ko    := $(patsubst %.o,%.ko,$(modules))
btf-vmlinux := $(wildcard @VMLINUX@)

quiet_cmd_btf_ko = BTF [M] $@
      cmd_btf_ko =							\
	cp $< $(tmp-target);						\
@STEPS@
	mv -f $(tmp-target) $@

quiet_cmd_no_btf_ko = NO BTF  $@: there is no vmlinux
      cmd_no_btf_ko = cp $< $(tmp-target); mv -f $(tmp-target) $@

$(final-ko): %.ko: $(linked-ko) $(btf-vmlinux) FORCE
	$(call if_changed,$(if $(btf-vmlinux),btf_ko,no_btf_ko))

targets += $(final-ko:%.ko=$(linked-ko))

endif
# btfstage: end btf
