# SPDX-License-Identifier: GPL-2.0-only
#
# What the first patch of a series puts into scripts/Makefile.modfinal: rules for
# the tree's own tools. @STEPS@ are the commands of its own cmd_btf_ko, done to a
# copy, and @VMLINUX@ is what it calls vmlinux.

# btfstage: begin btf
# ld writes %.no-btf.ko. What adds BTF works in place, so it gets a copy, which is
# renamed to %.ko when it is complete. A module outside of the tree is linked to a
# name that "*.ko" does not match.
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
