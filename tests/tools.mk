# SPDX-License-Identifier: GPL-2.0-only
#
# The sources of btfstage and btfinspect, for the Makefiles of test programs. A test
# includes a header by its name, whichever folder it is in.

TOOLS := ../../tools
rooms := $(sort $(dir $(wildcard $(TOOLS)/btfstage/*/*.c $(TOOLS)/btfinspect/*/*.c)))

# without main() and sub-commands, and the sub-commands
tool-srcs := $(notdir $(wildcard $(rooms:%=%*.c)))
tool-cmds := $(notdir $(wildcard $(TOOLS)/*/cmd_*.c))

VPATH := $(rooms) $(TOOLS)/btfstage $(TOOLS)/btfinspect

tool-flags := -std=gnu11 -Wall -Wextra -D_GNU_SOURCE -D_FILE_OFFSET_BITS=64 \
	      $(rooms:%/=-I%) -I$(TOOLS)
