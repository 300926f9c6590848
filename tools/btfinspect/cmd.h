/* SPDX-License-Identifier: GPL-2.0-only */
/* The sub-commands of btfinspect. Each returns the exit status. */
#ifndef BTFINSPECT_CMD_H
#define BTFINSPECT_CMD_H

#define EXIT_DONE	0
#define EXIT_BAD	1	/* a module that the kernel refuses */
#define EXIT_USAGE	2
#define EXIT_UNREADABLE	3

int cmd_check(int argc, char **argv);
int cmd_diff(int argc, char **argv);
int cmd_hook(int argc, char **argv);
int cmd_extract(int argc, char **argv);
int cmd_report(int argc, char **argv);
int cmd_show(int argc, char **argv);

#endif
