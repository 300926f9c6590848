# SPDX-License-Identifier: GPL-2.0-only
#
# The sources of btfstage and btfinspect, for Makefiles of test programs. Tests include
# headers by name, without a directory. The default goal is "all".

all:

TOOLS := ../../tools
rooms := $(sort $(dir $(wildcard $(TOOLS)/btfstage/*/*.c $(TOOLS)/btfinspect/*/*.c)))

# without main() and sub-commands, and the sub-commands
tool-srcs := $(notdir $(wildcard $(rooms:%=%*.c)))
tool-cmds := $(notdir $(wildcard $(TOOLS)/*/cmd_*.c))

# Libraries of btfinspect. libelf and libbpf also need zlib.
tool-libs := -lz -llzma -lzstd -llz4 -lbpf

# overview_json.o contains this file.
page := $(TOOLS)/btfinspect/report/report.html

VPATH := $(rooms) $(TOOLS)/btfstage $(TOOLS)/btfinspect

# Without _FILE_OFFSET_BITS, which would rename the calls that tests/unit/fault.c wraps
# (open64, mmap64).
tool-flags := -std=gnu11 -Wall -Wextra -D_GNU_SOURCE $(rooms:%/=-I%) -I$(TOOLS)

san := -fsanitize=address,undefined -fno-sanitize-recover=all

# With ASan and UBSan, compiled once for all test programs
san-dir  := ../build/san
san-objs := $(tool-srcs:%.c=$(san-dir)/%.o)

$(san-objs): $(san-dir)/%.o: %.c ../tools.mk
	@mkdir -p $(@D)
	$(CC) $(tool-flags) $(san) -O1 -g -MMD -MP -c -o $@ $<

$(san-dir)/overview_json.o: $(page)

-include $(san-objs:.o=.d)
