# SPDX-License-Identifier: GPL-2.0-only
#
# btfstage: BTF for kernel modules, as a build step of its own

# All output goes to one folder.
BUILD ?= $(CURDIR)/build

# Kernel releases that check-kernel builds and boots, in a system of Debian sid those
# that this one does not have.
KERNEL_VERSIONS ?= 6.1 6.12 7.oldest 7.newest
# Which of tests/kernel; all if none is named. The others need kernel.t once.
KERNEL_TESTS    ?=

# Names in the end what tests skip
TESTS := tests/skips.sh
PROVE := $(TESTS) prove --exec sh --timer --failures

# As many processes as there are processors: to compile tests, unless make was called
# with -j itself, and to run those that share nothing. What takes longest is first.
JOBS      = --jobs $(shell nproc)
MAKE_JOBS = $(if $(findstring -j,$(MAKEFLAGS)),,-j$(shell nproc))

all: btfstage btfinspect

help:
	@echo 'Using it:'
	@echo '  all           - build tools/btfstage/btfstage, for builds, and'
	@echo '                  tools/btfinspect/btfinspect, for people (default)'
	@echo '  demo          - build the mini kernel and show what happens'
	@echo '  apply         - put btfstage into the kernel tree KERNEL=dir'
	@echo '  revert        - take it out of the kernel tree KERNEL=dir again'
	@echo '  diff          - show what apply changes in KERNEL=dir'
	@echo '  shadow        - make OUT=dir, a tree of links to the headers KERNEL=dir,'
	@echo '                  with btfstage, for external modules'
	@echo '  patches       - write a series for git am that does the same to KERNEL=dir'
	@echo '                  (OUT=build/patches, AUTHOR="Name <address>")'
	@echo '  install       - install both, btfstage-apply, man pages and completions'
	@echo '                  (PREFIX=, DESTDIR=, bindir=, mandir=)'
	@echo '  uninstall     - remove what install installs with the same variables'
	@echo '  dist          - the committed sources as build/btfstage-VERSION.tar.xz'
	@echo '  deb           - a Debian package of them as build/btfstage_VERSION_ARCH.deb'
	@echo '                  (DEBFULLNAME=, DEBEMAIL=: whose it is, or who git says)'
	@echo '  clean         - remove what was built here'
	@echo ''
	@echo 'Testing it:'
	@echo '  check         - unit tests, mini kernel, apply; some minutes'
	@echo '                  (SAN=1: btfstage with ASan and UBSan everywhere)'
	@echo '  check-unit    - the part of check in C, with ASan and UBSan'
	@echo '  check-shell   - the part of check in shell: mini kernel, apply, texts'
	@echo '  check-hostile - the part of check with hostile input, faults, fuzzing'
	@echo '  check-cross   - the mini kernel for other targets; a minute'
	@echo '  check-valgrind - unit tests in valgrind; some minutes'
	@echo '  check-browser - the page of btfinspect report, in a browser without a screen'
	@echo '  fuzz          - look for more with libFuzzer (TIME=600, seconds)'
	@echo '  check-kernel  - build and boot real kernels (KERNEL_VERSIONS="6.1 7.newest",'
	@echo '                  KERNEL_TESTS="kernel.t rows.t ...")'
	@echo '  check-external - build modules with headers of Debian, with DKMS, and with'
	@echo '                  packages of headers made here; boot with them'
	@echo '  check-deb     - make the Debian package, look at it and work with it'
	@echo '  check-suites  - demo, check and deb on fresh systems (SUITES="bookworm trixie'
	@echo '                  sid", SUITE_GOALS="demo check deb"); an hour and more'
	@echo '  soak          - end builds of the mini kernel at random (KILLS=200, SEED=)'
	@echo '  bench         - measure it, tables and a picture (see docs/speed.md)'
	@echo '  lint          - shellcheck, clang-tidy, gcc -fanalyzer, and with'
	@echo '                  KERNEL=dir its checkpatch'
	@echo ''
	@echo 'demo, bench and the tests install missing Debian packages.'

# With SAN=1, they are built with ASan and UBSan, in another place.
san-dir := $(abspath $(BUILD))/san
btfstage btfinspect:
	@$(MAKE) -s $(MAKE_JOBS) -C tools $(if $(SAN),OUTPUT='$(san-dir)/') $@

tests-env = SAN='$(SAN)' $(if $(SAN),BTFSTAGE='$(san-dir)/btfstage/btfstage' \
	    BTFINSPECT='$(san-dir)/btfinspect/btfinspect')

# From here, as DESTDIR may be a relative name.
install uninstall:
	@$(MAKE) -f tools/Makefile $@
	@$(MAKE) -f tools/apply/Makefile $@

dist:
	@tools/dist/dist.sh '$(BUILD)'

deb:
	@tests/install-packages.sh build deb
	@tools/deb/deb.sh '$(BUILD)'

demo:
	@tests/install-packages.sh build
	@examples/mini/demo.sh $(BUILD)

# The picture in README
docs/demo.svg: FORCE
	@examples/mini/demo_svg.sh $(BUILD) >$@.new && mv $@.new $@

FORCE:

# Not every shell expands the ~ in KERNEL=~/linux.
shell-word  = '$(subst ','\'',$1)'
shell-path  = $(call shell-word,$(if $(filter ~/%,$1),$(patsubst ~/%,$(HOME)/%,$1),$1))
kernel-dir  = $(if $(KERNEL),$(call shell-path,$(KERNEL)),$(error $@ needs KERNEL=dir, the kernel tree))
out-dir     = $(if $(OUT),$(call shell-path,$(OUT)),$(error $@ needs OUT=dir, the tree to make))

apply revert diff:
	@tools/apply/apply.sh $@ $(kernel-dir)

shadow:
	@tools/apply/apply.sh $@ $(kernel-dir) $(out-dir)

patches:
	@tools/patches/patches.sh $(if $(AUTHOR),--author $(call shell-word,$(AUTHOR))) \
		$(kernel-dir) $(call shell-path,$(or $(OUT),$(BUILD)/patches))

check:
	@$(TESTS) $(MAKE) --no-print-directory check-unit check-shell check-hostile

check-unit:
	@tests/install-packages.sh build unit
	@$(TESTS) $(MAKE) -s $(MAKE_JOBS) -C tests/unit check SAN=1

check-shell:
	@tests/install-packages.sh build test
	@$(MAKE) -s $(MAKE_JOBS) btfstage btfinspect
	@$(tests-env) $(PROVE) $(JOBS) tests/patches tests/apply tests/install \
		tests/differential tests/docs tests/mini tests/man tests/suites

check-valgrind:
	@tests/install-packages.sh build unit lint
	@$(MAKE) -s -C tests/unit check-valgrind

check-cross:
	@tests/install-packages.sh build test cross
	@$(tests-env) CROSS_BUILD='$(BUILD)/cross' $(PROVE) tests/cross

# Memory is limited and calls are replaced here: not with SAN=1, which the programs
# of these tests have by themselves where they can. Without a clang that has
# libFuzzer the inputs that are kept are run all the same.
check-hostile:
	@tests/install-packages.sh build test
	@$(MAKE) -s $(MAKE_JOBS) -C tools SAN=
	@$(MAKE) -s $(MAKE_JOBS) -C tests/hostile
	@$(MAKE) -s $(MAKE_JOBS) -C tests/fuzz tests
	@SAN= $(PROVE) $(JOBS) tests/fuzz tests/hostile tests/faults

check-browser:
	@tests/install-packages.sh build test browser
	@$(MAKE) -s btfinspect
	@$(tests-env) $(PROVE) tests/browser

TIME ?= 600

fuzz:
	@tests/install-packages.sh build test
	@$(MAKE) -s -C tests/fuzz run TIME=$(TIME)

KILLS ?= 200
SEED  ?= $(shell date +%s)

soak:
	@tests/install-packages.sh build test
	@SAN='$(SAN)' sh tests/mini/kills.sh $(KILLS) $(SEED)

check-suites:
	@tests/install-packages.sh suites
	@SUITES='$(SUITES)' SUITE_GOALS='$(SUITE_GOALS)' \
		$(TESTS) tests/suites/suites.sh '$(BUILD)/suites'

# What is built there is large.
check-kernel check-external: export TMPDIR := $(or $(TMPDIR),/tmp)

check-kernel:
	@tests/install-packages.sh build test kernel
	@$(MAKE) -s btfstage btfinspect
	@BUILD='$(BUILD)' KERNEL_TESTS='$(KERNEL_TESTS)' PROVE='$(PROVE)' \
		$(TESTS) tests/kernel/check.sh $(KERNEL_VERSIONS)

check-external:
	@tests/install-packages.sh build test kernel external
	@$(MAKE) -s btfstage btfinspect
	@EXTERNAL_BUILD=$(BUILD)/external KERNEL_BUILD=$(BUILD)/kernel	\
		$(PROVE) --verbose tests/external

check-deb:
	@tests/install-packages.sh build test deb lintian
	@$(MAKE) -s btfstage btfinspect
	@$(tests-env) $(PROVE) tests/deb

# What is measured: ko, growth, noop, vmlinux, debian, or docs for all that
# docs/speed.md shows. Each takes what it needs from the command line.
BENCH ?= ko

bench:
	@tests/install-packages.sh build bench
	@$(MAKE) -s btfstage btfinspect
	@BUILD='$(BUILD)' tests/bench/bench.sh $(BENCH)

lint:
	@tests/install-packages.sh build test lint
	@tests/lint.sh $(if $(KERNEL),$(kernel-dir))

# The goals share what they build.
.NOTPARALLEL:

clean:
	@$(MAKE) -s -C tools clean
	rm -rf $(BUILD) tests/build tests/unit/build tests/hostile/build tests/fuzz/build

.PHONY: all help btfstage btfinspect install uninstall dist deb demo apply revert diff shadow patches clean lint
.PHONY: check check-unit check-shell check-cross check-kernel check-external check-deb soak
.PHONY: FORCE check-suites check-browser check-valgrind check-hostile fuzz bench
