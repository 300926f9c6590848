/* SPDX-License-Identifier: GPL-2.0-only */
/* The sub-commands of btfstage. Each returns the exit status. */
#ifndef BTFSTAGE_CMD_H
#define BTFSTAGE_CMD_H

#define EXIT_DONE	0
#define EXIT_FAILED	1
#define EXIT_USAGE	2
#define EXIT_BAD_TYPES	3	/* ko: encode the module's types again */

int cmd_base(int argc, char **argv);
int cmd_find_base(int argc, char **argv);
int cmd_ko(int argc, char **argv);

#endif
