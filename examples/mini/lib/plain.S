/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * With -g, the assembler writes down where the lines are but not one type: a
 * module for which pahole writes nothing. A symbol of type STT_FUNC would be a
 * function to it. The struct module is assembled, too.
 */
	.text
	.globl	plain_init
plain_init:
	nop

	.section .gnu.linkonce.this_module, "aw"
	.globl	__this_module
	.type	__this_module, STT_OBJECT
__this_module:
	.asciz	"plain"
	.zero	50
	.size	__this_module, . - __this_module
	.section .note.GNU-stack, ""
