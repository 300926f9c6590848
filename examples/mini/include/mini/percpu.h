/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef _MINI_PERCPU_H
#define _MINI_PERCPU_H

#include <mini/types.h>

#define DECLARE_PER_CPU(type, name) \
	extern __section(".data..percpu") __typeof__(type) name
#define DEFINE_PER_CPU(type, name) \
	__section(".data..percpu") __typeof__(type) name

/*
 * Where a CPU's copies are is not for a kernel that does not boot. The compiler
 * must not see through this: pahole takes a local variable that is described as
 * a per-CPU variable's address for one itself.
 */
#define this_cpu_ptr(p)							\
({									\
	unsigned long __p;						\
	asm("" : "=r" (__p) : "0" (p));					\
	(__typeof__(p))__p;						\
})

#endif
