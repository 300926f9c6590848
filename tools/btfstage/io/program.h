/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Start and end of a program: open standard files, one line when an input is
 * truncated meanwhile (SIGBUS), and when standard output cannot be written.
 */
#ifndef BTFSTAGE_PROGRAM_H
#define BTFSTAGE_PROGRAM_H

/*
 * Call this first. @name starts each message. @failed is the exit status when
 * input cannot be read or output cannot be written.
 */
void program_start(const char *name, int failed);

#endif
