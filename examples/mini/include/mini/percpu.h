/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef _MINI_PERCPU_H
#define _MINI_PERCPU_H

#include <mini/types.h>

#define DECLARE_PER_CPU(type, name) \
	extern __section(".data..percpu") __typeof__(type) name
#define DEFINE_PER_CPU(type, name) \
	__section(".data..percpu") __typeof__(type) name

/*
 * This kernel does not boot, so there are no copies for each CPU. Hide the address
 * from the compiler: pahole mistakes a local variable that DWARF describes as the
 * address of a per-CPU variable for such a variable.
 */
#define this_cpu_ptr(p)							\
({									\
	unsigned long __p;						\
	asm("" : "=r" (__p) : "0" (p));					\
	(__typeof__(p))__p;						\
})

#endif
