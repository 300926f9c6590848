/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef _MINI_BTF_IDS_H
#define _MINI_BTF_IDS_H

#include <mini/types.h>

/*
 * Type ids, filled in when the types are known:
 *
 *	BTF_ID_LIST(ids)		extern const u32 ids[];
 *	BTF_ID(struct, task)
 *	BTF_ID(func, task_get)
 *
 *	BTF_SET_START(set)		extern struct btf_id_set set;
 *	BTF_ID(func, schedule)
 *	BTF_SET_END(set)
 *
 *	BTF_SET8_START(kfuncs)		extern struct btf_id_set8 kfuncs;
 *	BTF_ID_FLAGS(func, task_get, KF_ACQUIRE)
 *	BTF_SET8_END(kfuncs)
 *
 * Each word in .BTF_ids has a symbol, such as __BTF_ID__func__task_get__7. The
 * number at its end makes it unique in the file. The symbol of a set
 * starts at its count, and its size gives the number of ids.
 */
struct btf_id_set {
	u32 cnt;
	u32 ids[];
};

struct btf_id_set8 {
	u32 cnt;
	u32 flags;
	struct {
		u32 id;
		u32 flags;
	} pairs[];
};

#define KF_ACQUIRE	(1 << 0)
#define KF_RELEASE	(1 << 1)
#define KF_RET_NULL	(1 << 2)
#define KF_TRUSTED_ARGS	(1 << 4)
#define KF_SLEEPABLE	(1 << 5)

#define __BTF_STR(x...)		#x
#define _BTF_STR(x...)		__BTF_STR(x)

#define __BTF_IDS(text)							\
	asm(".pushsection .BTF_ids,\"a\"\n" text ".popsection\n");

#define __BTF_WORD(symbol, words)					\
	__BTF_IDS("	.local	" symbol "\n"				\
		  "	.type	" symbol ", STT_OBJECT\n"		\
		  "	.size	" symbol ", 4\n"			\
		  symbol ":\n"						\
		  "	.long	" words "\n")

#define __BTF_NAME(kind, name, n)					\
	"__BTF_ID__" #kind "__" #name "__" _BTF_STR(n)

#define BTF_ID(kind, name)						\
	__BTF_WORD(__BTF_NAME(kind, name, __COUNTER__), "0")

#define BTF_ID_FLAGS(kind, name, flags)					\
	__BTF_WORD(__BTF_NAME(kind, name, __COUNTER__),			\
		   "0, " _BTF_STR(flags))

#define BTF_ID_UNUSED		__BTF_IDS("	.long	0\n")

#define BTF_ID_LIST(name)						\
	__BTF_IDS("	.balign	4\n"					\
		  "	.globl	" #name "\n"				\
		  #name ":\n")						\
	extern const u32 name[];

#define __BTF_SET(kind, name, head)					\
	__BTF_IDS("	.balign	4\n"					\
		  "	.local	__BTF_ID__" #kind "__" #name "\n"	\
		  "	.globl	" #name "\n"				\
		  #name ":\n"						\
		  "__BTF_ID__" #kind "__" #name ":\n"			\
		  "	.long	" head "\n")

#define __BTF_SET_END(kind, name)					\
	__BTF_IDS("	.size	__BTF_ID__" #kind "__" #name		\
		  ", . - __BTF_ID__" #kind "__" #name "\n")

#define BTF_SET_START(name)	__BTF_SET(set, name, "0")
#define BTF_SET_END(name)						\
	__BTF_SET_END(set, name)					\
	extern struct btf_id_set name;

#define BTF_SET8_START(name)	__BTF_SET(set8, name, "0, 0")
#define BTF_SET8_END(name)						\
	__BTF_SET_END(set8, name)					\
	extern struct btf_id_set8 name;

#endif
