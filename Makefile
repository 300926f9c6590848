# SPDX-License-Identifier: GPL-2.0-only
#
# btfstage: add BTF to kernel modules

# All output goes to this directory.
BUILD ?= $(CURDIR)/build

# Kernel releases for check-kernel. Those without sources on this system are built and
# booted in a system of Debian sid.
KERNEL_VERSIONS ?= 6.1 6.12 7.oldest 7.newest
# Tests of tests/kernel, default all. Run kernel.t first.
KERNEL_TESTS    ?=

# Lists at the end what tests have skipped
TESTS := tests/skips.sh
PROVE := $(TESTS) prove --exec sh --timer --failures

# One process for each processor: to compile tests, unless make was called with -j, and to
# run tests that share nothing, the longest first.
JOBS      = --jobs $(shell nproc)
MAKE_JOBS = $(if $(findstring -j,$(MAKEFLAGS)),,-j$(shell nproc))

all: btfstage btfinspect

help:
	@echo 'Use:'
	@echo '  all           - build tools/btfstage/btfstage and'
	@echo '                  tools/btfinspect/btfinspect (default)'
	@echo '  demo          - build the mini kernel and show which steps run'
	@echo '  apply         - add btfstage to the kernel tree or headers KERNEL=dir'
	@echo '  revert        - remove it from KERNEL=dir again'
	@echo '  diff          - show what apply would change in KERNEL=dir'
	@echo '  shadow        - make OUT=dir, a tree of links to the headers KERNEL=dir,'
	@echo '                  with btfstage, for external modules'
	@echo '  patches       - write a series for git am that does the same to KERNEL=dir'
	@echo '                  (OUT=build/patches, AUTHOR="Name <address>")'
	@echo '  install       - install both, btfstage-apply, man pages and completions'
	@echo '                  (PREFIX=, DESTDIR=, bindir=, mandir=)'
	@echo '  uninstall     - remove what install installs with the same variables'
	@echo '  dist          - pack what is committed as build/btfstage-VERSION.tar.xz'
	@echo '  deb           - make the Debian package build/btfstage_VERSION_ARCH.deb'
	@echo '                  (DEBFULLNAME=, DEBEMAIL=: maintainer, default that of git)'
	@echo '  clean         - remove what was built here'
	@echo ''
	@echo 'Test:'
	@echo '  check         - check-unit, check-shell, check-hostile; some minutes'
	@echo '                  (SAN=1: btfstage with ASan and UBSan everywhere)'
	@echo '  check-unit    - unit tests, with ASan and UBSan'
	@echo '  check-shell   - the mini kernel, apply, man pages, documents'
	@echo '  check-hostile - crafted input, failing calls, fuzzing'
	@echo '  check-cross   - the mini kernel for other targets; a minute'
	@echo '  check-valgrind - unit tests in valgrind; some minutes'
	@echo '  check-browser - the page of btfinspect report, in a headless browser'
	@echo '  fuzz          - run libFuzzer longer (TIME=600, seconds)'
	@echo '  check-kernel  - build and boot real kernels (KERNEL_VERSIONS="6.1 7.newest",'
	@echo '                  KERNEL_TESTS="kernel.t rows.t ...")'
	@echo '  check-external - build modules with headers of Debian, and with'
	@echo '                  own packages of headers; boot with them'
	@echo '  check-toolchains - compilers, targets, paholes and suites of Debian, a table'
	@echo '                  (ROWS="llvm arm64 ...", those of tests/toolchains/check.sh);'
	@echo '                  hours'
	@echo '  check-remote  - run the steps for modules on a remote executor of this machine'
	@echo '  check-dkms    - DKMS modules of Debian for a kernel that is installed, in fresh'
	@echo '                  systems (SUITES="bookworm trixie sid"); half an hour each'
	@echo '  check-deb     - make the Debian package and use it'
	@echo '  check-suites  - demo, check and deb on fresh systems (SUITES="bookworm trixie'
	@echo '                  sid", SUITE_GOALS="demo check deb"); an hour and more'
	@echo '  soak          - kill builds of the mini kernel at random (KILLS=200, SEED=)'
	@echo '  bench         - measure the tables and the picture of docs/speed.md'
	@echo '  lint          - shellcheck, clang-tidy, gcc -fanalyzer, and with'
	@echo '                  KERNEL=dir its checkpatch'
	@echo ''
	@echo 'demo, bench and the tests install missing Debian packages.'

# With SAN=1, build them with ASan and UBSan in another directory.
san-dir := $(abspath $(BUILD))/san
btfstage btfinspect:
	@$(MAKE) -s $(MAKE_JOBS) -C tools $(if $(SAN),OUTPUT='$(san-dir)/') $@

tests-env = SAN='$(SAN)' $(if $(SAN),BTFSTAGE='$(san-dir)/btfstage/btfstage' \
	    BTFINSPECT='$(san-dir)/btfinspect/btfinspect')

# DESTDIR can be relative to this directory.
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

# The pictures in README. The second one is of the modules that run here.
docs/demo.svg: FORCE
	@examples/mini/demo_svg.sh $(BUILD) >$@.new && mv $@.new $@

docs/report.png: btfinspect FORCE
	@tests/install-packages.sh browser
	@tests/browser/picture.sh /boot/vmlinuz-$(shell uname -r) \
		/lib/modules/$(shell uname -r) >$@.new && mv $@.new $@

FORCE:

# Some shells do not expand the ~ in KERNEL=~/linux.
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

# These tests limit memory and replace calls, so they do not work with SAN=1; their own
# programs have sanitizers where possible. Without a clang with libFuzzer, the stored inputs
# are run.
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

check-dkms:
	@tests/install-packages.sh suites
	@SUITES='$(SUITES)' SUITE_GOALS=dkms-system \
		$(TESTS) tests/suites/suites.sh '$(BUILD)/suites'

# In a system that is thrown away: it gets and loses packages, kernels among them.
dkms-system: deb
	@tests/install-packages.sh dkms
	@$(PROVE) --verbose tests/dkms

# These builds are large.
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

# Rows for other suites of Debian run there.
check-toolchains:
	@tests/install-packages.sh build
	@$(MAKE) -s btfstage btfinspect
	@BUILD='$(BUILD)' PROVE='$(PROVE)' $(TESTS) tests/toolchains/check.sh $(ROWS)

check-remote:
	@tests/install-packages.sh build test remote
	@$(MAKE) -s btfstage btfinspect
	@KERNEL_BUILD=$(BUILD)/kernel $(PROVE) --verbose tests/remote

check-deb:
	@tests/install-packages.sh build test deb lintian
	@$(MAKE) -s btfstage btfinspect
	@$(tests-env) $(PROVE) tests/deb

# The measurement: ko, growth, noop, vmlinux, debian, or docs for docs/speed.md. Each has
# its own variables.
BENCH ?= ko

bench:
	@tests/install-packages.sh build bench
	@$(MAKE) -s btfstage btfinspect
	@BUILD='$(BUILD)' tests/bench/bench.sh $(BENCH)

lint:
	@tests/install-packages.sh build test lint
	@tests/lint.sh $(if $(KERNEL),$(kernel-dir))

# The goals share their output.
.NOTPARALLEL:

clean:
	@$(MAKE) -s -C tools clean
	rm -rf $(BUILD) tests/build tests/unit/build tests/hostile/build tests/fuzz/build

.PHONY: all help btfstage btfinspect install uninstall dist deb demo apply revert diff shadow patches clean lint
.PHONY: check check-unit check-shell check-cross check-kernel check-external check-dkms dkms-system check-deb soak
.PHONY: check-toolchains check-remote
.PHONY: FORCE check-suites check-browser check-valgrind check-hostile fuzz bench
