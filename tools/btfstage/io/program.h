/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What a program does before its work, and after: standard files that are open,
 * one line for an input that is cut short, and for output that did not arrive.
 */
#ifndef BTFSTAGE_PROGRAM_H
#define BTFSTAGE_PROGRAM_H

/*
 * To be called first. @name begins each message; @failed is the exit status of a
 * program that could not read its input or write its output.
 */
void program_start(const char *name, int failed);

#endif
